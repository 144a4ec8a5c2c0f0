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
from kubectl_akslb.evidence.objects import OTHER_POLICIES, Object, mapping, mappings, text, texts
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import Command, kubectl, on_object
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import TCP, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path import cilium_policy
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.network_policy import Opened, PodPort, PodSet, Sender, opened, selects
from kubectl_akslb.path.ports import container_numbers
from kubectl_akslb.path.sources import Share, let_in, share
from kubectl_akslb.path.verdict import ClientGroup

_WITH_CILIUM = (None, PolicyEngine.CILIUM)


def policy_hop(
    service: Service,
    cluster: Cluster,
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
    del cluster  # what enforces policies is seen in the cluster itself
    if evidence.policies is None:
        kinds = "networkpolicies"
        if evidence.engine is PolicyEngine.CILIUM:
            kinds += ",ciliumnetworkpolicies,ciliumclusterwidenetworkpolicies"
        verify = kubectl("get", kinds, namespace=service.namespace)
        return Hop(HopName.POLICY, Outcome.UNKNOWN, Confidence.UNREAD, (Reason(Cause.POLICIES_UNREAD),), verify=verify)
    targets = tuple(_targets(service, evidence))
    others = _other_policies(service, evidence)
    if targets and all(one.host_network for one in targets) and not others:
        reason = Reason(Cause.POLICIES_SPARE_HOST_NETWORK)
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, Confidence.DOCUMENTED), (reason,))
    hops = [
        _judged(service, evidence, one, each, _Clients(group, prefix, tag, sender))
        for one in targets
        if not one.host_network
        for each in (service.ports if port is None else (port,))
    ]
    if others:
        return _undecided(hops, others)
    return _worst(hops)


def _undecided(hops: Sequence[Hop], policies: Sequence[str]) -> Hop:
    """What the *hops* say, and that policies which are not evaluated may do otherwise."""
    reason = Reason(Cause.OTHER_POLICIES, {"policies": tuple(policies)})
    because = () if not hops or (hop := _worst(hops)).outcome is Outcome.PASS else hop.because
    return Hop(HopName.POLICY, Outcome.DEPENDS, Confidence.ASSUMED, (*because, reason))


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


def _other_policies(service: Service, evidence: Evidence) -> tuple[str, ...]:
    """Policies of other kinds that may be about these pods, which nothing here evaluates."""
    objects = evidence.objects
    namespace = service.namespace or objects.namespace
    found = [*objects.of(*OTHER_POLICIES)]
    found += [
        one
        for one in objects.of("NetworkPolicy")
        if "projectcalico.org" in text(one.get("apiVersion")) and objects.namespace_of(one) == namespace
    ]
    found = [one for one in found if _is_about_ingress(one)]
    if evidence.engine in _WITH_CILIUM:
        found += [one for one in cilium_policy.of_namespace(objects, namespace) if cilium_policy.is_about_nodes(one)]
    return tuple(map(cilium_policy.named, found))


def _is_about_ingress(policy: Object) -> bool:
    """Calico's policies name the directions that they are about, or have rules for them; the others have rules."""
    spec = mapping(policy.get("spec"))
    types = spec.get("types")
    if isinstance(types, (list, tuple)) and types:
        return "Ingress" in types
    return "ingress" in spec or "egress" not in spec


def _judged(service: Service, evidence: Evidence, pods: PodSet, port: ServicePort, clients: _Clients) -> Hop:
    """What Kubernetes' policies and Cilium's say together: a pod is open to what any of them lets in."""
    namespace = service.namespace or evidence.objects.namespace
    of_cilium = cilium_policy.of_namespace(evidence.objects, namespace) if evidence.engine in _WITH_CILIUM else ()
    selecting = cilium_policy.selecting(of_cilium, pods, namespace)
    if not selecting:
        return _by_kubernetes(service, evidence, pods, port, clients)
    names = tuple(map(cilium_policy.named, selecting))
    needed, asked = _entities(service, clients), _asked(pods, port)
    effect = cilium_policy.effect(selecting, pods, asked, needed, namespace, service.ip_families)
    if effect is cilium_policy.Effect.OPEN:
        facts = {"policies": names, "port": port.target_port or port.port}
        sure = _seen(evidence, Confidence.DOCUMENTED)
        return Hop(HopName.POLICY, Outcome.PASS, sure, (Reason(Cause.POLICIES_LET_IN, facts),))
    return _undecided((_by_kubernetes(service, evidence, pods, port, clients),), names)


def _entities(service: Service, clients: _Clients) -> frozenset[str]:
    """Whom the pods see, as Cilium knows them: a client, or with externalTrafficPolicy Cluster another node, too."""
    if clients.group is ClientGroup.PODS or clients.sender is not None:
        return frozenset({cilium_policy.CLUSTER})
    if service.is_local:
        return frozenset({cilium_policy.WORLD})
    return frozenset({cilium_policy.WORLD, cilium_policy.REMOTE_NODE})


def _asked(pods: PodSet, port: ServicePort) -> PodPort:
    named = port.target_port if isinstance(port.target_port, str) else ""
    return PodPort(container_numbers(pods.containers, port), port.protocol or TCP, named)


def _by_kubernetes(service: Service, evidence: Evidence, pods: PodSet, port: ServicePort, clients: _Clients) -> Hop:
    policies = [one for one in evidence.policies or () if selects(one, pods.labels)]
    if not policies:
        return Hop(HopName.POLICY, Outcome.PASS, _seen(evidence, Confidence.OBSERVED), (Reason(Cause.NO_POLICY),))
    facts = {
        "policies": tuple(text(mapping(one.get("metadata")).get("name")) for one in policies),
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
    if clients.sender is not None:
        return _by_sender(service, evidence, found, clients.sender, facts)
    from_nodes = not service.is_local and clients.group is not ClientGroup.PODS
    if evidence.engine is PolicyEngine.AZURE and from_nodes:
        return Hop(HopName.POLICY, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.POLICIES_SPARE_CLUSTER, facts),))
    if from_nodes:
        return _through_nodes(service, evidence, found, facts)
    return _by_client(service, evidence, found, clients, facts)


def _through_nodes(service: Service, evidence: Evidence, inside: Opened, facts: Mapping[str, object]) -> Hop:
    """With externalTrafficPolicy Cluster the pods see nodes, of which their own always gets in."""
    # To Cilium an ipBlock is about addresses outside of the cluster, never about nodes and pods.
    found = Share.NONE if evidence.engine is PolicyEngine.CILIUM else _nodes_let_in(evidence, inside, service)
    if found is Share.ALL:
        sure = _seen(evidence, Confidence.DOCUMENTED if evidence.engine is not None else Confidence.ASSUMED)
        return Hop(HopName.POLICY, Outcome.PASS, sure, (Reason(Cause.POLICIES_LET_IN, facts),))
    cause = Cause.POLICIES_KEEP_OUT_NODES if found is Share.NONE else Cause.POLICIES_LET_IN_SOME_NODES
    sure = Confidence.DOCUMENTED if evidence.engine is not None else Confidence.ASSUMED
    return Hop(HopName.POLICY, Outcome.DEPENDS, sure, (Reason(cause, facts),), verify=_describe(service, facts))


def _nodes_let_in(evidence: Evidence, inside: Opened, service: Service) -> Share:
    if not evidence.nodes:
        return let_in(inside.ranges, ClientGroup.VIRTUAL_NETWORK, None, service.ip_families)
    known = tuple(one for node in evidence.nodes for address in node.addresses for one in address_interval(address))
    bits = {128 if family == "IPv6" else 32 for family in service.ip_families} or {32}
    return share(tuple(one for one in known if one[0] in bits), inside.ranges) if known else Share.UNKNOWN


def _by_client(
    service: Service, evidence: Evidence, inside: Opened, clients: _Clients, facts: Mapping[str, object]
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
        return Hop(
            HopName.POLICY, outcome, sure, (Reason(Cause.POLICIES_KEEP_OUT, facts),), verify=_describe(service, facts)
        )
    reason = Reason(Cause.POLICIES_LET_IN_SOME, facts)
    return Hop(HopName.POLICY, Outcome.DEPENDS, sure, (reason,), verify=_describe(service, facts))


def _by_sender(
    service: Service, evidence: Evidence, inside: Opened, sender: Sender, facts: Mapping[str, object]
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
        verify=_describe(service, facts),
    )


def _asks_for_labels(inside: Opened, sender: Sender) -> bool:
    """Whether labels of the sender's namespace would decide that were not read; its name is always one of them."""
    asked = set()
    for one in inside.selectors:
        selector = mapping(one.get("namespaceSelector"))
        asked |= {*texts(selector.get("matchLabels"))}
        asked |= {text(each.get("key")) for each in mappings(selector.get("matchExpressions"))}
    return len(sender.namespace_labels) <= 1 and bool(asked - set(sender.namespace_labels))


def opened_ranges(service: Service, evidence: Evidence, port: ServicePort | None) -> tuple[tuple[Interval, ...], ...]:
    """The ranges of clients that policies tell apart, one set for each kind of pods and port."""
    found = []
    for pods in _targets(service, evidence):
        policies = [one for one in evidence.policies or () if selects(one, pods.labels)]
        asked = (_asked(pods, each) for each in (service.ports if port is None else (port,)))
        found += [opened(policies, pods.containers, each).ranges for each in asked]
    return tuple(dict.fromkeys(one for one in found if one))


def _describe(service: Service, facts: Mapping[str, object]) -> Command | None:
    names = facts["policies"]
    return on_object("describe", "networkpolicy", names[0] if isinstance(names, tuple) else "", service.namespace)
