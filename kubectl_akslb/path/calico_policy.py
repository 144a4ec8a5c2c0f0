"""What Calico's own policies do with what comes in, as far as they are plain; the rest is left open, never guessed.

Policies of a tier are asked in their order, and the first rule that fits decides. Kubernetes' NetworkPolicies stand in
the tier ``default``. Where all policies there only allow, the order decides nothing: then they add up as those do, and
are judged as these. Documented: docs.tigera.io/calico/latest/reference/resources/networkpolicy.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.objects import Object, Objects, mapping, mappings, text, texts
from kubectl_akslb.evidence.policies import CALICO_GROUPS, group_of
from kubectl_akslb.path.calico_selector import Labels, Truth, both, selects
from kubectl_akslb.path.network_policy import PodSet, Policy

INGRESS, EGRESS = "Ingress", "Egress"
GLOBAL, HOST = "GlobalNetworkPolicy", "HostEndpoint"
_OPEN = "projectcalico-default-allow"

_OF_HOSTS = ("preDNAT", "doNotTrack", "applyOnForward")
_PROTOCOLS = frozenset({"TCP", "UDP", "SCTP"})
_DERIVED = ("pcns.", "pcsa.", "projectcalico.org/serviceaccount")
"""Labels that Calico makes of those of the namespace and the account of a pod."""


def of_namespace(objects: Objects, namespace: str) -> tuple[Object, ...]:
    """Calico's policies that can be about pods of a namespace."""
    own = (one for one in objects.of("NetworkPolicy") if objects.namespace_of(one) == namespace)
    return tuple(one for one in (*own, *objects.of(GLOBAL)) if group_of(one) in CALICO_GROUPS)


def is_about(policy: Object, direction: str) -> bool:
    """Whether it closes what it selects in this direction: by its types, else by the rules that it has."""
    spec = mapping(policy.get("spec"))
    types = spec.get("types")
    if isinstance(types, (list, tuple)) and types:
        return direction in types
    return direction.lower() in spec or (direction == INGRESS and "egress" not in spec)


def is_about_nodes(policy: Object) -> bool:
    """Whether it may be about the network of nodes: policies of the whole cluster are, unless they name namespaces."""
    spec = mapping(policy.get("spec"))
    return policy.get("kind") == GLOBAL and (
        any(spec.get(field) is True for field in _OF_HOSTS) or not text(spec.get("namespaceSelector")).strip()
    )


def on_nodes(objects: Objects) -> tuple[Object, ...]:
    """What may close the nodes themselves: a HostEndpoint without the profile that opens it, policies about such ones.

    A node that has a HostEndpoint lets in what policies allow, and a few ports more; Calico makes those of its own with
    a profile that allows all. Documented: docs.tigera.io/calico/latest/reference/host-endpoints.
    """
    hosts = [one for one in objects.of(HOST) if group_of(one) in CALICO_GROUPS]
    closed = [one for one in hosts if _OPEN not in texts_of(one, "profiles")]
    policies = [one for one in objects.of(GLOBAL) if group_of(one) in CALICO_GROUPS and is_about(one, INGRESS)]
    about = [one for one in policies if is_about_nodes(one) and any(_selects_host(one, host) for host in hosts)]
    return (*closed, *about)


def texts_of(one: Object, field: str) -> tuple[str, ...]:
    """A list of words in the spec of an object."""
    found = mapping(one.get("spec")).get(field)
    return tuple(map(text, found)) if isinstance(found, (list, tuple)) else ()


def _selects_host(policy: Object, host: Object) -> bool:
    """Whether a policy is about a HostEndpoint, or may be."""
    labels = texts(mapping(host.get("metadata")).get("labels"))
    found = selects(text(mapping(policy.get("spec")).get("selector")), Labels(labels, lambda _: False))
    return found is not False


def selecting(
    policies: Sequence[Object],
    pods: PodSet,
    namespace: str,
    labels_of_namespace: Mapping[str, str],
    direction: str = INGRESS,
) -> tuple[tuple[Object, ...], tuple[Object, ...]]:
    """Those that are about the pods in this direction, and those that may be: labels decide that were not read."""
    asked = [one for one in policies if is_about(one, direction)]
    found = [(one, _is_about_pods(one, pods, namespace, labels_of_namespace)) for one in asked]
    return tuple(one for one, sure in found if sure), tuple(one for one, sure in found if sure is None)


def _is_about_pods(policy: Object, pods: PodSet, namespace: str, labels_of_namespace: Mapping[str, str]) -> Truth:
    spec = mapping(policy.get("spec"))
    if not spec or any(spec.get(field) is True for field in _OF_HOSTS):
        return None
    own = {**pods.labels, "projectcalico.org/namespace": namespace, "projectcalico.org/orchestrator": "k8s"}
    around = {**labels_of_namespace, "projectcalico.org/name": namespace}
    by_pod = selects(
        text(spec.get("selector")), Labels(own, lambda key: pods.further_labels or key.startswith(_DERIVED))
    )
    # More than the name of the namespace is known only where its object was read.
    by_namespace = selects(text(spec.get("namespaceSelector")), Labels(around, lambda _: len(labels_of_namespace) <= 1))
    by_account = None if text(spec.get("serviceAccountSelector")).strip() not in {"", "all()"} else True
    return both(both(by_pod, by_namespace), by_account)


def as_kubernetes(policies: Sequence[Object], *, beside: bool) -> tuple[Policy, ...] | None:
    """The same as NetworkPolicies of Kubernetes; None where that cannot be said of one of them.

    *beside*: others are about the same pods, so that a denial may stand before what they allow.
    """
    alone = len(policies) == 1 and not beside
    made = [_as_kubernetes(one, may_deny=alone) for one in policies]
    found = tuple(one for one in made if one is not None)
    return found if len(found) == len(made) else None


def _as_kubernetes(policy: Object, *, may_deny: bool) -> Policy | None:
    spec = mapping(policy.get("spec"))
    if text(spec.get("tier")) not in {"", "default"}:
        return None
    rules: list[Mapping[str, Any]] = []
    for rule in mappings(spec.get("ingress")):
        action = text(rule.get("action"))
        if action == "Log" or _is_of_other_protocol(rule):
            continue
        made = _rule(rule)
        if made is None or action not in {"Allow", "Deny"}:
            return None
        if action == "Deny":
            if not may_deny or made:
                return None
            break  # all that no rule before has let in
        rules.append(made)
    return {**policy, "spec": {"podSelector": {}, "policyTypes": [INGRESS], "ingress": rules}}


def _is_of_other_protocol(rule: Mapping[str, Any]) -> bool:
    """Whether it is about ICMP or the like, which no Service has."""
    protocol = rule.get("protocol")
    return isinstance(protocol, str) and protocol.upper() not in _PROTOCOLS and not protocol.isdecimal()


def _rule(rule: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A rule as Kubernetes writes it, ``{}`` for one that fits everything; None where it asks for more than that."""
    source, destination = mapping(rule.get("source")), mapping(rule.get("destination"))
    plain = set(rule) <= {"action", "metadata", "protocol", "source", "destination"}
    if not plain or not set(source) <= {"nets"} or not set(destination) <= {"ports"}:
        return None
    protocol = rule.get("protocol")
    if protocol is not None and (not isinstance(protocol, str) or protocol.upper() not in _PROTOCOLS):
        return None  # a number, which may be that of TCP
    made: dict[str, Any] = {}
    if "nets" in source:
        made["from"] = [{"ipBlock": {"cidr": text(one)}} for one in source["nets"] or ()]
    listed = destination.get("ports")
    if listed and protocol is None:
        return None
    if protocol is not None:
        ports = [_ports(one) for one in listed] if isinstance(listed, (list, tuple)) and listed else [{}]
        made["ports"] = [{"protocol": protocol.upper(), **one} for one in ports]
    return made


def _ports(one: object) -> Mapping[str, Any]:
    """A port, a range ``1000:2000`` or a name, as Kubernetes has it."""
    if isinstance(one, int):
        return {"port": one}
    first, colon, last = text(one).partition(":")
    if not first.isdecimal():
        return {"port": first}
    return {"port": int(first), **({"endPort": int(last)} if colon and last.isdecimal() else {})}
