"""NetworkPolicies, for the source that the pods really see.

A pod is closed as soon as one policy of its namespace selects it for ingress, and open to what any of them lets in.
With externalTrafficPolicy Cluster what comes through the load balancer has the address of the node that received it,
with Local that of the client. Replies always pass, and so does what comes from the pod's own node. How strictly the
rest is kept depends on what enforces policies.
"""

from collections.abc import Iterator, Mapping, Sequence

from kubectl_akslb.derive.addresses import Prefix
from kubectl_akslb.derive.intervals import Interval, address_interval
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.labels import keys_of
from kubectl_akslb.evidence.objects import Object, mapping, name_of
from kubectl_akslb.evidence.policies import FURTHER_POLICIES, further_kind, group_of
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.model.command import Command, kubectl, on_object
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import TCP, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.network_policy import (
    AllowedPeers,
    PodPort,
    PodSet,
    Policy,
    Sender,
    labels_of_namespace,
    opened,
    selects,
)
from kubectl_akslb.path.policy_remedy import policy_remedy
from kubectl_akslb.path.ports import container_numbers
from kubectl_akslb.path.sources import Share, let_in, share
from kubectl_akslb.path.verdict import ClientGroup

#: Policies of these kinds have modules of their own, which are imported where one of them is there.
_FURTHER = frozenset(one.kind for one in FURTHER_POLICIES)
_WITH_CILIUM = (None, PolicyEngine.CILIUM)
_WITH_CALICO = (None, PolicyEngine.CALICO)
_WITH_ADMINISTRATORS = (None, PolicyEngine.CALICO, PolicyEngine.CILIUM)
"""The engines that have policies of these kinds; one that is not known may have any."""


def policy_hop(
    service: Service,
    evidence: Evidence,
    port: ServicePort | None,
    group: ClientGroup,
    prefix: Prefix | tuple[Interval, ...] | None = None,
    tag: str = "",
    sender: Sender | None = None,
) -> Hop:
    """What NetworkPolicies do with packets of a group of clients; those of Azure's probes are probes of a node port.

    *port* None stands for all ports, as HA ports have it. *tag* is the name of a service tag. *sender* is the pod or
    the node that the pods see, where the packets come from one.
    """
    if evidence.policies is None:
        verify = kubectl("get", ",".join(evidence.policies_unread or ("networkpolicies",)), namespace=service.namespace)
        return Hop(HopName.POLICY, Outcome.UNKNOWN, Confidence.UNREAD, (Reason(Cause.POLICIES_UNREAD),), verify=verify)
    targets = tuple(_targets(service, evidence))
    of_nodes = _of_nodes(service, evidence, targets)
    if targets and all(one.host_network for one in targets) and not of_nodes:
        reason = Reason(Cause.POLICIES_SPARE_HOST_NETWORK)
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, Confidence.DOCUMENTED), (reason,))
    hops = [
        _judged(service, evidence, one, each, _Clients(group, prefix, tag, sender))
        for one in targets
        if not one.host_network
        for each in (service.ports if port is None else (port,))
    ]
    return _undecided(hops, of_nodes, service) if of_nodes else _worst(hops)


def _undecided(hops: Sequence[Hop], policies: Sequence[Object], service: Service) -> Hop:
    """What the *hops* say, and that policies which are not evaluated may do otherwise."""
    from kubectl_akslb.path.cilium_policy import named

    reason = Reason(Cause.OTHER_POLICIES, {"policies": tuple(map(named, policies))})
    hop = _worst(hops) if hops else None
    because = () if hop is None or hop.outcome is Outcome.PASS else hop.because
    verify = hop.verify if hop is not None and hop.verify is not None else _show(policies[0], service)
    return Hop(HopName.POLICY, Outcome.DEPENDS, Confidence.ASSUMED, (*because, reason), verify=verify)


class _Clients(NamedTuple):
    group: ClientGroup
    prefix: Prefix | tuple[Interval, ...] | None
    tag: str
    sender: Sender | None = None


def _worst(hops: Sequence[Hop]) -> Hop:
    """One hop for pods or ports that differ: it drops only where all of them do."""
    outcomes = {hop.outcome for hop in hops}
    if len(outcomes) == 1:
        return hops[0]
    first = next(hop for hop in hops if hop.outcome is not Outcome.PASS)
    return first._replace(outcome=Outcome.DEPENDS)


def _seen(evidence: Evidence, confidence: Confidence) -> Confidence:
    """*confidence* where the cluster was read; files may lack what a cluster has."""
    return confidence if evidence.source is EvidenceSource.CLUSTER else Confidence.ASSUMED


def _targets(service: Service, evidence: Evidence) -> Iterator[PodSet]:
    """The pods of the Service that differ: as they run, else by their templates, else as far as its selector tells."""
    if evidence.running:
        alike = {(tuple(sorted(one.labels.items())), one.host_network, one.owner): one for one in evidence.running}
        for pod in alike.values():
            yield PodSet(pod.labels, containers=pod.containers, host_network=pod.host_network)
    elif evidence.pods:
        for pods in evidence.pods:
            yield PodSet(pods.labels, containers=pods.containers, host_network=pods.host_network)
    else:
        yield PodSet(service.selector, containers=(), further_labels=True)


def _of_nodes(service: Service, evidence: Evidence, targets: Sequence[PodSet]) -> tuple[Object, ...]:
    """Policies that may close the network of nodes: node ports, and pods that use it."""
    if not evidence.objects.has(*_FURTHER):
        return ()
    from kubectl_akslb.path import calico_policy, cilium_policy

    namespace = service.namespace or evidence.objects.namespace
    found: list[Object] = []
    if evidence.engine in _WITH_CILIUM:
        of_cilium = cilium_policy.of_namespace(evidence.objects, namespace)
        found += [one for one in of_cilium if cilium_policy.is_about_nodes(one)]
    if evidence.engine in _WITH_CALICO and any(one.host_network for one in targets):
        found += [one for one in calico_policy.on_nodes(evidence.objects) if one["kind"] == calico_policy.HOST]
        of_calico = calico_policy.of_namespace(evidence.objects, namespace)
        found += [
            one
            for one in of_calico
            if calico_policy.is_about_nodes(one) and calico_policy.is_about(one, calico_policy.INGRESS)
        ]
    return tuple(found)


def closed_nodes(service: Service, evidence: Evidence) -> Hop | None:
    """What may keep Azure's probes from kube-proxy on the nodes themselves; None where nothing was read that does."""
    if evidence.engine not in _WITH_CALICO or not evidence.objects.has(*_FURTHER):
        return None
    from kubectl_akslb.path import calico_policy

    found = calico_policy.on_nodes(evidence.objects)
    return _undecided((), found, service) if found else None


class _Policies(NamedTuple):
    """What is about the same pods: Kubernetes' policies with what is alike, Cilium's, and those that stay open."""

    kubernetes: tuple[Policy, ...]
    cilium: tuple[Object, ...] = ()
    undecided: tuple[Object, ...] = ()


def _policies(service: Service, evidence: Evidence, pods: PodSet, *, by_pod: bool) -> _Policies:
    """The policies about these pods; *by_pod*: those that send may be pods."""
    objects = evidence.objects
    namespace = service.namespace or objects.namespace
    kubernetes = tuple(one for one in evidence.policies or () if selects(one, pods.labels))
    if not objects.has(*_FURTHER):
        return _Policies(kubernetes)
    from kubectl_akslb.path import admin_policy, calico_policy, cilium_policy

    undecided: tuple[Object, ...] = ()
    labels = labels_of_namespace(objects, namespace)
    if evidence.engine in _WITH_ADMINISTRATORS:
        found = admin_policy.concerning(objects, pods, labels)
        undecided += tuple(one for one in found if by_pod or not admin_policy.is_about_pods_alone(one))
    if evidence.engine in _WITH_CALICO:
        of_calico = calico_policy.of_namespace(objects, namespace)
        about, open_ones = calico_policy.selecting(of_calico, pods, namespace, labels)
        alike = calico_policy.as_kubernetes(about, beside=bool(kubernetes or open_ones))
        kubernetes += alike or ()
        undecided += open_ones if alike is not None else (*about, *open_ones)
    of_cilium: tuple[Object, ...] = ()
    if evidence.engine in _WITH_CILIUM:
        of_cilium = cilium_policy.selecting(cilium_policy.of_namespace(objects, namespace), pods, namespace)
    return _Policies(kubernetes, of_cilium, undecided)


def _judged(service: Service, evidence: Evidence, pods: PodSet, port: ServicePort, clients: _Clients) -> Hop:
    """What policies of all kinds say together: a pod is open to what any of them lets in."""
    by_pod = clients.group is ClientGroup.PODS or bool(clients.sender is not None and clients.sender.namespace)
    found = _policies(service, evidence, pods, by_pod=by_pod)
    if found.cilium and not found.undecided:
        from kubectl_akslb.path import cilium_policy

        namespace = service.namespace or evidence.objects.namespace
        needed, asked = _entities(service, clients), _asked(pods, port)
        effect = cilium_policy.effect(found.cilium, pods, asked, needed, namespace, service.ip_families)
        if effect is cilium_policy.PolicyEffect.OPEN:
            names = tuple(map(cilium_policy.named, found.cilium))
            facts = {"policies": names, "port": port.target_port or port.port}
            sure = _seen(evidence, Confidence.DOCUMENTED)
            return Hop(HopName.POLICY, Outcome.PASS, sure, (Reason(Cause.POLICIES_LET_IN, facts),))
        outside = _from_outside(service, evidence, pods, port, clients, found)
        if outside is not None:
            return outside
    hop = _by_kubernetes(service, evidence, pods, port, clients, found.kubernetes)
    undecided = (*found.undecided, *found.cilium)
    return _undecided((hop,), undecided, service) if undecided else hop


_OUTSIDE = frozenset({
    ClientGroup.INTERNET, ClientGroup.RANGE, ClientGroup.SERVICE_TAG, ClientGroup.VIRTUAL_NETWORK, ClientGroup.PROBES
})  # fmt: skip


def _from_outside(
    service: Service, evidence: Evidence, pods: PodSet, port: ServicePort, clients: _Clients, found: _Policies
) -> Hop | None:
    """Clients outside of the cluster whom the pods see, by Kubernetes' policies and Cilium's; None: it takes more."""
    if not service.is_local or clients.sender is not None or clients.group not in _OUTSIDE:
        return None
    from kubectl_akslb.path import cilium_policy

    namespace, asked = service.namespace or evidence.objects.namespace, _asked(pods, port)
    ranges = cilium_policy.let_in_from_outside(found.cilium, pods, asked, namespace)
    if ranges is None:
        return None
    inside = opened(found.kubernetes, pods.containers, asked)
    if inside.everything:
        return None
    names = (*map(_named, found.kubernetes), *map(_named, found.cilium))
    facts = {
        "policies": names,
        "port": port.target_port or port.port,
        "local": True,
        "engine": PolicyEngine.CILIUM.value,
    }
    hop = _by_client(service, evidence, inside._replace(ranges=(*inside.ranges, *ranges)), clients, facts)
    return hop if hop.outcome is Outcome.PASS else hop._replace(verify=_show(found.cilium[0], service))


def _entities(service: Service, clients: _Clients) -> frozenset[str]:
    """Whom the pods see, as Cilium knows them: a client, or with externalTrafficPolicy Cluster another node, too."""
    from kubectl_akslb.path import cilium_policy

    if clients.group is ClientGroup.PODS or clients.sender is not None:
        return frozenset({cilium_policy.CLUSTER})
    if service.is_local:
        return frozenset({cilium_policy.WORLD})
    return frozenset({cilium_policy.WORLD, cilium_policy.REMOTE_NODE})


def _asked(pods: PodSet, port: ServicePort) -> PodPort:
    named = port.target_port if isinstance(port.target_port, str) else ""
    return PodPort(container_numbers(pods.containers, port), port.protocol or TCP, named)


def _by_kubernetes(
    service: Service,
    evidence: Evidence,
    pods: PodSet,
    port: ServicePort,
    clients: _Clients,
    policies: Sequence[Policy],
) -> Hop:
    if not policies:
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, Confidence.OBSERVED), (Reason(Cause.NO_POLICY),))
    facts = {
        "policies": tuple(map(_named, policies)),
        "port": port.target_port or port.port,
        "local": service.is_local,
        "engine": evidence.engine.value if evidence.engine is not None else "",
    }
    found = opened(policies, pods.containers, _asked(pods, port))
    if found.everything:
        reason = Reason(Cause.POLICIES_LET_IN, facts)
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, Confidence.CERTAIN), (reason,))
    if evidence.engine is PolicyEngine.NONE:
        return Hop(HopName.POLICY, Outcome.PASS, Confidence.OBSERVED, (Reason(Cause.NO_POLICY_ENGINE, facts),))
    from_nodes = not service.is_local and clients.group is not ClientGroup.PODS
    if clients.sender is not None:
        hop = _by_sender(service, evidence, found, clients.sender, facts)
    elif evidence.engine is PolicyEngine.AZURE and from_nodes:
        return Hop(HopName.POLICY, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.POLICIES_SPARE_CLUSTER, facts),))
    elif from_nodes:
        hop = _through_nodes(service, evidence, found, facts)
    else:
        hop = _by_client(service, evidence, found, clients, facts)
    if hop.outcome is Outcome.PASS:
        return hop
    who = clients.prefix if isinstance(clients.prefix, Prefix) else clients.group
    remedy = policy_remedy(hop.because[0], policies, service, evidence, _asked(pods, port), who)
    return hop._replace(verify=_show(policies[0], service), remedy=remedy)


def _through_nodes(service: Service, evidence: Evidence, inside: AllowedPeers, facts: Mapping[str, object]) -> Hop:
    """With externalTrafficPolicy Cluster the pods see nodes, of which their own always gets in."""
    # To Cilium an ipBlock is about addresses outside of the cluster, never about nodes and pods.
    found = Share.NONE if evidence.engine is PolicyEngine.CILIUM else _nodes_let_in(evidence, inside, service)
    if found is Share.ALL:
        sure = _seen(evidence, Confidence.DOCUMENTED if evidence.engine is not None else Confidence.ASSUMED)
        return Hop(HopName.POLICY, Outcome.PASS, sure, (Reason(Cause.POLICIES_LET_IN, facts),))
    cause = Cause.POLICIES_KEEP_OUT_NODES if found is Share.NONE else Cause.POLICIES_LET_IN_SOME_NODES
    sure = Confidence.DOCUMENTED if evidence.engine is not None else Confidence.ASSUMED
    return Hop(HopName.POLICY, Outcome.DEPENDS, sure, (Reason(cause, facts),))


def _nodes_let_in(evidence: Evidence, inside: AllowedPeers, service: Service) -> Share:
    if not evidence.nodes:
        return let_in(inside.ranges, ClientGroup.VIRTUAL_NETWORK, None, service.ip_families)
    known = tuple(one for node in evidence.nodes for address in node.addresses for one in address_interval(address))
    bits = {128 if family == "IPv6" else 32 for family in service.ip_families} or {32}
    return share(tuple(one for one in known if one[0] in bits), inside.ranges) if known else Share.UNKNOWN


def _by_client(
    service: Service, evidence: Evidence, inside: AllowedPeers, clients: _Clients, facts: Mapping[str, object]
) -> Hop:
    """The pods see the client itself."""
    if clients.group is ClientGroup.PODS and clients.prefix is None:
        blocks = () if evidence.engine is PolicyEngine.CILIUM else inside.ranges
        found = Share.ALL if inside.every_pod else let_in(blocks, clients.group, None, service.ip_families)
        if found is Share.NONE and inside.selectors:
            found = Share.UNKNOWN
    else:
        found = let_in(inside.ranges, clients.group, clients.prefix, service.ip_families, clients.tag)
    known = evidence.engine is not None
    sure = Confidence.DOCUMENTED if known else Confidence.ASSUMED
    if found is Share.ALL:
        reason = Reason(Cause.POLICIES_LET_IN, facts)
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, Confidence.CERTAIN if known else sure), (reason,))
    if found is Share.NONE:
        outcome = Outcome.DROP if known else Outcome.DEPENDS
        return Hop(HopName.POLICY, outcome, sure, (Reason(Cause.POLICIES_KEEP_OUT, facts),))
    reason = Reason(Cause.POLICIES_LET_IN_SOME, facts)
    return Hop(HopName.POLICY, Outcome.DEPENDS, sure, (reason,))


def _by_sender(
    service: Service, evidence: Evidence, inside: AllowedPeers, sender: Sender, facts: Mapping[str, object]
) -> Hop:
    """The pods see one pod, or one node, which nothing keeps from the pods on it."""
    # To Cilium an ipBlock is about addresses outside of the cluster, never about nodes and pods.
    if evidence.engine is PolicyEngine.CILIUM:
        inside = inside._replace(ranges=())
    namespace = service.namespace or evidence.objects.namespace
    sure = Confidence.DOCUMENTED if evidence.engine is not None else Confidence.ASSUMED
    if inside.admits(sender, namespace):
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, sure), (Reason(Cause.POLICIES_LET_IN, facts),))
    facts = {**facts, "sender": sender.address}
    own = not sender.namespace and any(
        sender.address in node.addresses and any(one.node == node.name for one in evidence.endpoints or ())
        for node in evidence.nodes or ()
    )
    open_question = own or evidence.engine is None or (sender.namespace and _asks_for_labels(inside, sender))
    return Hop(
        HopName.POLICY,
        Outcome.DEPENDS if open_question else Outcome.DROP,
        sure,
        (Reason(Cause.POLICIES_KEEP_OUT_SENDER, facts),),
    )


def _asks_for_labels(inside: AllowedPeers, sender: Sender) -> bool:
    """Whether labels of the sender's namespace would decide that were not read; its name is always one of them."""
    asked: set[str] = set()
    for one in inside.selectors:
        asked |= keys_of(mapping(one.get("namespaceSelector")))
    return len(sender.namespace_labels) <= 1 and bool(asked - set(sender.namespace_labels))


def opened_ranges(service: Service, evidence: Evidence, port: ServicePort | None) -> tuple[tuple[Interval, ...], ...]:
    """The ranges of clients that policies tell apart, one set for each kind of pods and port."""
    found = []
    for pods in _targets(service, evidence):
        policies = _policies(service, evidence, pods, by_pod=False).kubernetes
        asked = (_asked(pods, each) for each in (service.ports if port is None else (port,)))
        found += [opened(policies, pods.containers, each).ranges for each in asked]
    return tuple(dict.fromkeys(one for one in found if one))


def _named(policy: Policy) -> str:
    """The name of a policy, with its kind where that is none of Kubernetes."""
    name = name_of(policy)
    if further_kind(policy) is None:
        return name
    return f"{name} (of Calico)" if policy["kind"] == "NetworkPolicy" else f"{name} ({policy['kind']})"


def _show(policy: Object, service: Service) -> Command | None:
    """The command that shows a policy."""
    name, kind = name_of(policy), further_kind(policy)
    if kind is None:
        return on_object("describe", "networkpolicy", name, service.namespace)
    resource = f"{kind.resource}.{group_of(policy)}"
    namespace = service.namespace if policy["kind"] in _OF_NAMESPACES else ""
    return on_object("get", resource, name, namespace, "--output=yaml")


_OF_NAMESPACES = frozenset({"NetworkPolicy", "CiliumNetworkPolicy"})
