"""Which load balancer takes a Service where the SKU is Basic: each set of nodes can have one of its own.

A set is an availability set or a scale set; the load balancer of the primary one is named after the cluster. Which
nodes are members is path/pool.py's question.
Upstream: getServiceLoadBalancer, shouldChangeLoadBalancer, selectLoadBalancer, GetVMSetNames.
"""

from kubectl_akslb.derive.context import Reconciliation
from kubectl_akslb.derive.load_balancer import frontends, migration
from kubectl_akslb.derive.load_balancer.backend_pool import is_control_plane
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, is_internal, is_internal_name
from kubectl_akslb.derive.precedence import annotation, by_provider
from kubectl_akslb.derive.readers import equal_fold, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group.security_group import additional_addresses
from kubectl_akslb.model.cluster import AVAILABILITY_SETS, Cluster, Node
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

AUTO = "__auto__"
UPSTREAM = "selectLoadBalancer"
_INSTANCE = 6
"""The number of an instance ends the name of its node: aks-pool1-12345678-vmss00000a."""


def set_of(cluster: Cluster, node: Node) -> str:
    """The set of a node; "" where nobody says it. Of a scale set the name of the node tells it."""
    of_scale_set = cluster.vm_type != AVAILABILITY_SETS and node.name[-_INSTANCE:].isalnum()
    return node.vm_set or (node.name[:-_INSTANCE] if of_scale_set else "")


def asked_set(service: Service) -> str | None:
    """The set that a Service asks for, AUTO for any of them, None where it asks for none."""
    raw = annotation(service, keys.MODE).raw
    if raw is None:
        return None
    return AUTO if equal_fold(trim(raw), AUTO) else trim(raw)


def place(context: Reconciliation, single: Derived[str]) -> tuple[Derived[str], tuple[FrontendIPConfiguration, ...]]:
    """The name of the load balancer, and the frontends that the Service leaves on another; *single* is the primary's.

    A Service stays on the load balancer that it is on, unless it names another set.
    """
    left: tuple[FrontendIPConfiguration, ...] = ()
    for state in reversed(context.azure.listed()):
        same_kind = is_internal_name(state.name.value) == is_internal(context.service)
        if not same_kind or not frontends.owned_frontends(context, state):
            continue
        if not _leaves(context, state.name.value.removesuffix(INTERNAL_SUFFIX)):
            if state.name.value == single.value:
                return single, ()
            return _kept(context, state.name.value), ()
        additional_addresses(context)  # part of the status, which is read first
        left = migration.leave(context, state)
        break
    return _selected(context, single), left


def _kept(context: Reconciliation, name: str) -> Derived[str]:
    origin = by_provider("load balancer of the Service", name)
    considered = (annotation(context.service, keys.MODE), origin)
    return Derived(
        name, origin, considered=considered, notes=(f"{name}: the Service is on it already",), upstream=UPSTREAM
    )


def _leaves(context: Reconciliation, current: str) -> bool:
    """Whether the annotation takes it off the load balancer that it is on. Upstream: shouldChangeLoadBalancer."""
    asked, cluster = asked_set(context.service), context.cluster
    if asked is None or asked == AUTO:
        return False
    base = cluster.load_balancer_name or cluster.cluster_name
    is_primary = equal_fold(asked, cluster.primary_vm_set)
    if equal_fold(current, asked):
        return is_primary and not equal_fold(current, base)
    may_be_primary = is_primary or not cluster.primary_vm_set  # it stays, where nobody says which set that is
    return not (may_be_primary and equal_fold(current, base))


def _selected(context: Reconciliation, single: Derived[str]) -> Derived[str]:
    """That of the set which is asked for; of several the first that is not there yet, else that of the fewest rules."""
    asked = asked_set(context.service)
    if asked is None:
        return single
    mode = annotation(context.service, keys.MODE)
    names, notes = _sets(context, asked)
    counts: dict[str, int] = {}
    for one in names:
        name = _load_balancer_of(context, one, single)
        state = context.azure.load_balancers.get(name)
        if state is None:
            first = f"{name}: of the sets without a load balancer that of the first node, whose order is chance"
            notes = (first, *notes) if asked == AUTO and len(set(names)) > 1 else notes
            break
        counts.setdefault(name, len(state.rules))
    else:
        name = min(counts, key=counts.__getitem__)
        notes = (f"{name}: fewest rules, {counts[name]}", *notes) if asked == AUTO else notes
    considered = (mode, annotation(context.service, keys.INTERNAL))
    return Derived(name, mode, considered=considered, notes=(*single.notes, *notes), upstream=UPSTREAM)


def _load_balancer_of(context: Reconciliation, vm_set: str, single: Derived[str]) -> str:
    if equal_fold(vm_set, context.cluster.primary_vm_set):
        return single.value
    return vm_set + (INTERNAL_SUFFIX if is_internal(context.service) else "")


def _sets(context: Reconciliation, asked: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sets whose load balancers come into question, and what is not known of them. Upstream: GetVMSetNames.

    Refused where no node is of the set that is asked for.
    """
    cluster = context.cluster
    by_availability_set = cluster.vm_type == AVAILABILITY_SETS
    of_nodes = [set_of(cluster, one) for one in cluster.nodes or () if not is_control_plane(one.labels)]
    unknown = cluster.nodes is None or "" in of_nodes
    if unknown and asked:
        if asked == AUTO:
            return (cluster.primary_vm_set,), ("which sets of nodes there are is not known: here the primary one",)
        unless = "" if cluster.primary_vm_set else "; that of the primary one is named after the cluster"
        return (asked,), (f"the set {asked} is taken to exist{unless}",)
    if not of_nodes and not unknown:
        code = refusals.NO_AVAILABILITY_SETS if by_availability_set else refusals.NO_SCALE_SETS
        raise Refused(code, annotation(context.service, keys.MODE), count=len(cluster.nodes or ()))
    if asked == AUTO:
        return tuple(one.lower() if by_availability_set else one for one in of_nodes), ()
    found = next((one for one in of_nodes if asked and equal_fold(one, asked)), None)
    if found is None:
        named, unnamed = refusals.NAMED_SCALE_SET_NOT_FOUND, refusals.SCALE_SET_NOT_FOUND
        of_scale_set = unnamed if context.has(behaviours.SCALE_SET_NOT_NAMED) else named
        code = refusals.AVAILABILITY_SET_NOT_FOUND if by_availability_set else of_scale_set
        raise Refused(code, annotation(context.service, keys.MODE), name=asked)
    return (asked if by_availability_set else found,), ()
