"""What NetworkPolicies let a pod send: it is closed as soon as one selects it for egress, open to what any lets out."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.derive.intervals import Interval, intervals, without
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.evidence.objects import mapping, mappings, name_of, text
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.model.command import kubectl
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path import admin_policy, calico_policy, cilium_policy
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import Client
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.network_policy import PodSet, Policy, labels_of_namespace
from kubectl_akslb.path.sources import Share, share

_TCP = "TCP"


def egress_hop(
    client: Client,
    evidence: Evidence,
    to: tuple[tuple[Interval, ...], frozenset[int]],
    name: int | str,
    protocol: str = _TCP,
    read_in: str | None = None,
) -> Hop:
    """Whether the policies of a pod's namespace let it send *to* these addresses and ports; *name* says them.

    *read_in* is the namespace whose policies were read of a cluster, None for those of the pod.
    """
    sender = client.sender
    elsewhere = sender is not None and read_in not in {None, sender.namespace}
    if evidence.policies is None or (elsewhere and evidence.source is EvidenceSource.CLUSTER):
        kinds = ",".join(evidence.policies_unread or ("networkpolicies",))
        verify = kubectl("get", kinds, namespace=sender.namespace if sender is not None else "")
        return _hop(Outcome.UNKNOWN, Confidence.UNREAD, Reason(Cause.POLICIES_UNREAD))._replace(verify=verify)
    labels = sender.labels if sender is not None else {}
    namespace = sender.namespace if sender is not None else ""
    mine = [one for one in _of_namespace(evidence, namespace) if namespace and _selects(one, labels)]
    undecided = _undecided(evidence, PodSet(labels, ()), namespace)
    if undecided:
        return _hop(Outcome.DEPENDS, Confidence.ASSUMED, Reason(Cause.OTHER_POLICIES, {"policies": undecided}))
    if not mine or evidence.engine is PolicyEngine.NONE:
        return _hop(Outcome.PASS, Confidence.OBSERVED, Reason(Cause.EGRESS_OPEN))
    names = tuple(name_of(one) for one in mine)
    facts = {"policies": names, "to": name}
    spans, numbers = to
    found = _let_out(mine, spans, numbers, protocol)
    if found is Share.ALL:
        return _hop(Outcome.PASS, Confidence.DOCUMENTED, Reason(Cause.EGRESS_LETS_OUT, facts))
    verify = kubectl("describe", "networkpolicies", namespace=namespace)
    if found is Share.NONE and evidence.engine is not None:
        return _hop(Outcome.DROP, Confidence.DOCUMENTED, Reason(Cause.EGRESS_KEEPS_IN, facts))._replace(verify=verify)
    cause = Cause.EGRESS_KEEPS_IN if found is Share.NONE else Cause.EGRESS_UNDECIDED
    return _hop(Outcome.DEPENDS, Confidence.ASSUMED, Reason(cause, facts))._replace(verify=verify)


def _undecided(evidence: Evidence, pod: PodSet, namespace: str) -> tuple[str, ...]:
    """Policies of other kinds than Kubernetes' about what the pod sends, which are not evaluated here."""
    if not namespace:
        return ()
    objects, engine = evidence.objects, evidence.engine
    labels = labels_of_namespace(objects, namespace)
    found: list[Policy] = []
    if engine in {None, PolicyEngine.CILIUM}:
        of_cilium = cilium_policy.of_namespace(objects, namespace)
        found += cilium_policy.selecting(of_cilium, pod, namespace, cilium_policy.EGRESS)
    if engine in {None, PolicyEngine.CALICO}:
        of_calico = calico_policy.of_namespace(objects, namespace)
        for some in calico_policy.selecting(of_calico, pod, namespace, labels, calico_policy.EGRESS):
            found += some
    if engine in {None, PolicyEngine.CALICO, PolicyEngine.CILIUM}:
        found += admin_policy.concerning(objects, pod, labels, admin_policy.EGRESS)
    return tuple(map(cilium_policy.named, found))


def _of_namespace(evidence: Evidence, namespace: str) -> tuple[Policy, ...]:
    objects = evidence.objects
    return tuple(
        one
        for one in objects.of("NetworkPolicy")
        if objects.namespace_of(one) == namespace and "projectcalico" not in text(one.get("apiVersion"))
    )


def _selects(policy: Policy, labels: Mapping[str, str]) -> bool:
    spec = mapping(policy.get("spec"))
    types = spec.get("policyTypes")
    listed = types if isinstance(types, (list, tuple)) else ()
    closes = "Egress" in listed if listed else "egress" in spec
    return closes and matches(mapping(spec.get("podSelector")), labels)


def _let_out(policies: Sequence[Policy], spans: tuple[Interval, ...], numbers: frozenset[int], protocol: str) -> Share:
    """How much of what is sent gets out; UNKNOWN where labels of those behind the addresses would decide."""
    ranges: list[Interval] = []
    by_label = False
    for rule in (each for one in policies for each in mappings(mapping(one.get("spec")).get("egress"))):
        asked = _has_ports(rule, numbers, protocol)
        if asked is False:
            continue
        peers = mappings(rule.get("to"))
        if not peers:
            if asked:
                return Share.ALL
            by_label = True
        for peer in peers:
            if "ipBlock" in peer and asked:
                ranges += _block(mapping(peer["ipBlock"]))
            else:
                by_label = True
    if not spans:
        return Share.UNKNOWN if ranges or by_label else Share.NONE
    found = share(spans, ranges)
    if found is not Share.ALL and by_label:
        return Share.UNKNOWN
    return found


def _block(block: Mapping[str, Any]) -> tuple[Interval, ...]:
    excepted = block.get("except")
    cut = intervals(map(text, excepted)) if isinstance(excepted, (list, tuple)) else ()
    return without(intervals((text(block.get("cidr")),)), cut)


def _has_ports(rule: Mapping[str, Any], numbers: frozenset[int], protocol: str) -> bool | None:
    """Whether a rule is about these ports; None where that is not known."""
    listed = [one for one in mappings(rule.get("ports")) if (text(one.get("protocol")) or _TCP) == protocol]
    if not mappings(rule.get("ports")):
        return True
    if not listed:
        return False
    if not numbers or any(isinstance(one.get("port"), str) for one in listed):
        return None
    for one in listed:
        first, last = one.get("port"), one.get("endPort")
        if first is None:
            return True
        end = last if isinstance(last, int) else first
        if isinstance(first, int) and all(first <= number <= end for number in numbers):
            return True
    return False


def _hop(outcome: Outcome, confidence: Confidence, reason: Reason) -> Hop:
    return Hop(HopName.POLICY, outcome, confidence, (reason,))
