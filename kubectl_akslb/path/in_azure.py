"""What really stands in Azure for a Service beside what is derived for it, as ``--az`` or ``--azure`` tell it.

The hops ask here: what is derived tells what should be there and why, and what stands decides. What the answers of az
do not hold is not judged: a file with one load balancer does not say that there is no other.
"""

from collections.abc import Iterator

from kubectl_akslb.azure.resources import (
    AzureLoadBalancer,
    BalancingRule,
    LoadBalancerProbe,
    Resources,
    VirtualMachine,
    group_of,
)
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.derive.naming import load_balancer_name, multiple_load_balancers, names
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.model.command import Command, command, flag
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPFamily, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.probed import probe_of

STANDS = Origin(CLUSTER_SETTING, "what stands in Azure", None)
_FAILED = "failed"
_SCHEME = "azure://"
_RUNNING = frozenset({"", "running", "starting"})
_CARDS, _CONFIGURATIONS = "/networkinterfaces/", "/ipconfigurations/"


class OnAzure(NamedTuple):
    """The load balancer that a Service is on, None where it is not there; *name* is what it is called."""

    balancer: AzureLoadBalancer | None
    name: str


def on_azure(context: Context, evidence: Evidence) -> OnAzure | None:
    """What stands for a Service; None where nobody asked, or where it cannot be told which load balancer is meant.

    Without a UID nobody knows how its parts are called.
    """
    if serves(context.cluster):
        return None  # what az shows is looked up by the names of the other implementation
    azure = evidence.azure
    if azure is None or azure.load_balancers is None or context.service.uid is None:
        return None
    parts = (on_azure, azure, context.service, context.cluster)
    return evidence.objects.made_of(parts, lambda: _standing(azure, context))


def _standing(azure: Resources, context: Context) -> OnAzure | None:
    balancers = azure.load_balancers or ()
    prefix = context.names.prefix.lower()
    serving = [one for one in balancers if any(rule.name.lower().startswith(prefix) for rule in one.rules)]
    if multiple_load_balancers(context.cluster):
        return OnAzure(serving[0], serving[0].name) if len(serving) == 1 else None
    name = load_balancer_name(context).value
    group = context.cluster.resource_group.lower() if "resource_group" in context.cluster.given else ""
    found = [one for one in balancers if one.name.lower() == name.lower()]
    found = [one for one in found if not group or group_of(one.id) in ("", group)]
    if len(found) > 1:
        found = [one for one in found if one in serving]
    if len(found) == 1:
        return OnAzure(found[0], found[0].name)
    return OnAzure(None, name) if not found and "load_balancers" in azure.whole else None


# The address


def frontend_hop(context: PathContext) -> Hop | None:
    """Whether the load balancer is there, and one of its frontends has the address; None where nothing is wrong."""
    service = context.service
    found = on_azure(context, context.evidence)
    if found is None:
        return None
    if found.balancer is None:
        return _hop(found, HopName.RULE, Outcome.DROP, Cause.NOT_IN_AZURE, what=f"load balancer {found.name}")
    addresses = dict(_addresses(found.balancer, context.evidence.azure))
    lost = [one for one in context.evidence.addresses or service.ingress_ips if one not in addresses.values()]
    if lost and "" not in addresses.values():
        prefix = names(service, context.cluster).prefix.lower()
        own = [address for name, address in addresses.items() if name.lower().startswith(prefix)]
        cause = Cause.FRONTEND_HAS_OTHER_ADDRESS if own else Cause.NO_FRONTEND_WITH_ADDRESS
        facts = {"address": lost[0], "balancer": found.name, "stands": tuple(own)}
        return _hop(found, HopName.ADDRESS, Outcome.DROP, cause, **facts)
    state = found.balancer.provisioning_state
    if state.lower() == _FAILED:
        facts = {"what": f"load balancer {found.name}", "state": state}
        return _hop(found, HopName.RULE, Outcome.DEPENDS, Cause.FAILED_IN_AZURE, **facts)
    return None


def _addresses(balancer: AzureLoadBalancer, azure: Resources | None) -> Iterator[tuple[str, str]]:
    """The frontends by name with their addresses, "" where that is not known."""
    for one in balancer.frontends:
        used = azure.public_ip(one.public_ip) if azure is not None and one.public_ip else None
        yield one.name, used.ip_address if used is not None else one.private_ip


# The rule


def standing_rule_hop(context: PathContext, rule: LoadBalancingRule, port: ServicePort | None) -> Hop | None:
    """Whether a load-balancing rule stands and takes a port to the nodes; None where nothing is wrong with it."""
    found = on_azure(context, context.evidence)
    if found is None or found.balancer is None:
        return None
    stands = _rule_of(found.balancer, rule)
    if stands is None:
        return _hop(found, HopName.RULE, Outcome.DROP, Cause.NOT_IN_AZURE, what=f"{_called(rule)} of {found.name}")
    for field, value, wanted, arrives in _values(stands, rule, port):
        if not arrives:
            facts = {"what": _called(rule), "rule": stands.name, "field": field, "stands": value, "wanted": wanted}
            return _hop(found, HopName.RULE, Outcome.DROP, Cause.DIFFERS_IN_AZURE, **facts)
    if not stands.pools:
        return _hop(found, HopName.POOL, Outcome.DROP, Cause.RULE_WITHOUT_POOL, what=_called(rule))
    if rule.probe is not None and (not stands.probe or found.balancer.probe(stands.probe) is None):
        what = f"probe of {rule.protocol.value.upper()} {rule.frontend_port.value} of {found.name}"
        return _hop(found, HopName.PROBE, Outcome.DEPENDS, Cause.NOT_IN_AZURE, what=what)
    return None


def _rule_of(balancer: AzureLoadBalancer, rule: LoadBalancingRule) -> BalancingRule | None:
    return next((one for one in balancer.rules if one.name.lower() == rule.name.value.lower()), None)


def _called(rule: LoadBalancingRule) -> str:
    """A rule in words: its name begins with a UID."""
    return f"load-balancing rule of {rule.protocol.value.upper()} {rule.frontend_port.value}"


def _values(
    stands: BalancingRule, rule: LoadBalancingRule, port: ServicePort | None
) -> Iterator[tuple[str, object, object, bool]]:
    """The fields that decide whether a packet arrives: name, what stands, what is asked for, whether it arrives.

    With floating IP a packet keeps its address, and kube-proxy takes it at the Service's port; else at the node port.
    """
    protocol, frontend_port = rule.protocol.value, rule.frontend_port.value
    yield "protocol", stands.protocol, protocol, stands.protocol.lower() in {protocol.lower(), "all"}
    yield "frontendPort", stands.frontend_port, frontend_port, stands.frontend_port == frontend_port
    floating, backend = bool(stands.floating_ip), rule.backend_port.value
    if port is None or isinstance(backend, Placeholder):
        return
    expected = port.port if floating else port.node_port
    same = floating is rule.enable_floating_ip.value
    name, value, wanted = (
        ("backendPort", stands.backend_port, backend) if same else ("enableFloatingIP", floating, not floating)
    )
    yield name, value, wanted, stands.backend_port == expected or (same and stands.backend_port == backend)


# The probe


def with_standing_probe(context: PathContext, rule: LoadBalancingRule) -> tuple[Derivation, Reason] | None:
    """The derivation with the probe of *rule* as it stands, and in what that differs; None where it does not."""
    found = on_azure(context, context.evidence)
    asked, lb = probe_of(context.derivation, rule), context.derivation.load_balancer
    if found is None or found.balancer is None or asked is None or lb is None:
        return None
    stands = _rule_of(found.balancer, rule)
    probe = found.balancer.probe(stands.probe) if stands is not None and stands.probe else None
    if probe is None or not _differs(probe, asked):
        return None
    changed = asked._replace(
        protocol=Derived(probe.protocol, STANDS),
        port=Derived(probe.port or 0, STANDS),
        request_path=Derived(probe.path, STANDS) if probe.path else None,
    )
    probes = tuple(changed if one is asked else one for one in lb.probes)
    facts = {"probe": probe.name, "stands": _in_short(changed), "wanted": _in_short(asked)}
    reason = Reason(Cause.PROBE_DIFFERS_IN_AZURE, facts, asked.port.origin)
    return context.derivation._replace(load_balancer=lb._replace(probes=probes)), reason


def _differs(probe: LoadBalancerProbe, asked: Probe) -> bool:
    path = asked.request_path.value if asked.request_path is not None else ""
    return (
        probe.protocol.lower() != asked.protocol.value.lower()
        or (not isinstance(asked.port.value, Placeholder) and probe.port != asked.port.value)
        or (probe.protocol.lower() != "tcp" and probe.path != path)
    )


def _in_short(probe: Probe) -> str:
    """``Http 30080 /healthz``."""
    path = probe.request_path.value if probe.request_path is not None else ""
    return " ".join(filter(None, (probe.protocol.value, str(probe.port.value), path)))


# The pool and the machines


def pooled(context: Context, evidence: Evidence) -> frozenset[str] | None:
    """The nodes that are members of the backend pool in Azure, by name; None where that is not known."""
    found = on_azure(context, evidence)
    if found is None or found.balancer is None or evidence.nodes is None:
        return None
    family = IPFamily(context.service.ip_families[0] if context.service.ip_families else IPV4)
    pool = found.balancer.pool(backend_pool_name(context, family).value)
    if pool is None:
        return None
    machines = _machines_of(pool.ip_configurations, evidence.azure)
    addresses = {one.ip_address for one in pool.addresses if one.ip_address}
    if machines is None:
        return None
    return frozenset(
        node.name
        for node in evidence.nodes
        if _machine_id(node) in machines or not addresses.isdisjoint(node.addresses)
    )


def _machines_of(configurations: tuple[str, ...], azure: Resources | None) -> frozenset[str] | None:
    """The machines of cards, by the ids of configurations; None where a card stands alone and was not read."""
    found = set()
    cards = {one.id.strip("/").lower(): one.machine for one in (azure.network_interfaces or () if azure else ())}
    for one in configurations:
        card = one.strip("/").lower().partition(_CONFIGURATIONS)[0]
        machine = card.partition(_CARDS)[0] if "/virtualmachines/" in card else cards.get(card, "")
        if not machine:
            return None
        found.add(machine.strip("/").lower())
    return frozenset(found)


def _machine_id(node: NodeState) -> str:
    """The id of a node's machine, as ids are compared; "" where the node does not say it."""
    return (node.provider_id or "").removeprefix(_SCHEME).strip("/").lower()


def machine_state(node: NodeState, evidence: Evidence) -> str:
    """The state of a node's machine where it does not run: ``deallocated``; "" where it does, or nobody knows."""
    machine = _machine_of(node, evidence)
    return "" if machine is None or machine.power_state.lower() in _RUNNING else machine.power_state


def _machine_of(node: NodeState, evidence: Evidence) -> VirtualMachine | None:
    name = _machine_id(node)
    machines = evidence.azure.machines or () if evidence.azure is not None and name else ()
    return next((one for one in machines if one.id.strip("/").lower() == name), None)


def shown(found: OnAzure | None) -> Command:
    """The command that shows the load balancer, or all that there are."""
    group = group_of(found.balancer.id) if found is not None and found.balancer is not None else ""
    if found is None or not group:
        return command("az", "network", "lb", "list", "--output=table")
    return command("az", "network", "lb", "show", flag("--resource-group", group), flag("--name", found.name))


def _hop(found: OnAzure, name: HopName, outcome: Outcome, cause: Cause, **facts: object) -> Hop:
    return Hop(name, outcome, Confidence.OBSERVED, (Reason(cause, facts),), verify=shown(found))
