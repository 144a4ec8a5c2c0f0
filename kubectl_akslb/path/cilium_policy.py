"""What Cilium's own policies do with what comes in, as far as they are plain; the rest is left open, never guessed.

A pod is closed as soon as a rule of one selects it that has a part for this direction, and open to what any rule,
Kubernetes' NetworkPolicies included, lets in. Deny rules win. Who is in front of a pod has an identity, not an address:
nodes are ``host`` and ``remote-node``, what is outside of the cluster is ``world``. An empty rule lets nobody in.
Documented: docs.cilium.io/en/stable/security/policy.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kubectl_akslb.derive.intervals import Interval, intervals, without
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.evidence.objects import CILIUM_POLICIES, Object, Objects, mapping, mappings, text, texts
from kubectl_akslb.model.service import IPV4, IPV6
from kubectl_akslb.path.network_policy import PodPort, PodSet
from kubectl_akslb.path.ports import declared

WORLD, REMOTE_NODE, HOST, CLUSTER = "world", "remote-node", "host", "cluster"
INGRESS, EGRESS = "ingress", "egress"
_, WIDE = CILIUM_POLICIES

_NAMESPACE = "io.kubernetes.pod.namespace"
_SOURCES = ("any:", "k8s:")
_OF_CILIUM = ("io.cilium", "io.kubernetes", "reserved:")
_PLAIN_PEERS: tuple[set[str], ...] = (set(), {"fromEntities"}, {"fromCIDR"}, {"fromCIDRSet"})
"""Which peers a rule names: Cilium refuses one that names several kinds of them."""
_EVERYBODY = {"0.0.0.0/0": IPV4, "::/0": IPV6}
_OF_ENTITY = {
    "all": tuple(_EVERYBODY),
    "world": tuple(_EVERYBODY),
    "world-ipv4": ("0.0.0.0/0",),
    "world-ipv6": ("::/0",),
}
"""The entities that are outside of the cluster, or hold what is."""


class PolicyEffect(Enum):
    """What policies do: they are not about these pods, let all of these clients in, or it takes more to tell."""

    NONE = "none"
    OPEN = "open"
    UNDECIDED = "undecided"


def of_namespace(objects: Objects, namespace: str) -> tuple[Object, ...]:
    """Cilium's policies that can be about pods of a namespace."""
    namespaced, wide = CILIUM_POLICIES
    return (*(one for one in objects.of(namespaced) if objects.namespace_of(one) == namespace), *objects.of(wide))


def named(policy: Object) -> str:
    """A policy as ``CiliumNetworkPolicy/web``."""
    return f"{policy['kind']}/{text(mapping(policy.get('metadata')).get('name'))}"


def is_about_nodes(policy: Object) -> bool:
    """Whether it closes nodes and not pods: then it is about node ports, too."""
    return any("nodeSelector" in one for one in _rules(policy))


def selecting(policies: Iterable[Object], pods: PodSet, namespace: str, direction: str = INGRESS) -> tuple[Object, ...]:
    """Those that have a rule for this direction which is about the pods, or may be."""
    return tuple(one for one in policies if any(_of_pods(one, pods, namespace, direction)))


def effect(
    policies: Iterable[Object],
    pods: PodSet,
    port: PodPort,
    needed: frozenset[str],
    namespace: str,
    families: Collection[str],
) -> PolicyEffect:
    """What *policies* do with packets of the entities that are *needed*, to a port of these pods."""
    found = [rule for one in policies for rule in _of_pods(one, pods, namespace, INGRESS)]
    if not found:
        return PolicyEffect.NONE
    if any(mappings(rule.get("ingressDeny")) for rule in found):
        return PolicyEffect.UNDECIDED
    entities: set[str] = set()
    ranges: set[str] = set()
    for each in (one for rule in found for one in mappings(rule.get("ingress"))):
        if set(each) - {"toPorts"} in _PLAIN_PEERS and _is_on(each, port):
            entities |= set(_words(each.get("fromEntities")))
            ranges |= {*_words(each.get("fromCIDR")), *_plain_ranges(each)}
    if set(families or (IPV4,)) <= {family for block, family in _EVERYBODY.items() if block in ranges}:
        entities.add(WORLD)
    if CLUSTER in entities:
        entities |= {REMOTE_NODE, HOST}
    return PolicyEffect.OPEN if "all" in entities or needed <= entities else PolicyEffect.UNDECIDED


def let_in_from_outside(
    policies: Iterable[Object], pods: PodSet, port: PodPort, namespace: str
) -> tuple[Interval, ...] | None:
    """The addresses outside of the cluster that *policies* let in to a port of these pods; None where more decides."""
    found: list[Interval] = []
    for policy in policies:
        for rule in _of_pods(policy, pods, namespace, INGRESS):
            if mappings(rule.get("ingressDeny")):
                return None
            for each in mappings(rule.get("ingress")):
                on, ranges = _may_be_on(each, pods, port), _outside(each, wide=policy.get("kind") == WIDE)
                if on is False or ranges == ():
                    continue
                if on is None or ranges is None:
                    return None
                found += ranges
    return tuple(found)


def _outside(rule: Mapping[str, Any], *, wide: bool) -> tuple[Interval, ...] | None:
    """The addresses outside of the cluster that a rule is about; None where only Cilium knows them."""
    peers = set(rule) - {"toPorts"}
    if not peers:  # the empty rule lets nobody in, one of ports alone everybody
        return intervals(_EVERYBODY) if rule else ()
    if len(peers) > 1:
        return None
    (peer,) = peers
    listed = rule[peer]
    if peer == "fromEntities":
        blocks = [block for word in _words(listed) for block in _OF_ENTITY.get(word, ())]
        return intervals(blocks)
    if peer == "fromCIDR":
        return intervals(_words(listed))
    if peer == "fromCIDRSet":
        entries = mappings(listed)
        if any("cidr" not in one for one in entries):
            return None
        return tuple(span for one in entries for span in _without_parts(one))
    # Pods have labels; the empty selector of a policy of the whole cluster is about everything that has an identity.
    if peer == "fromEndpoints" and not wide and not any("reserved" in str(one) for one in mappings(listed)):
        return ()
    return None


def _without_parts(block: Mapping[str, Any]) -> tuple[Interval, ...]:
    return without(intervals((text(block.get("cidr")),)), intervals(_words(block.get("except"))))


def _may_be_on(rule: Mapping[str, Any], pods: PodSet, port: PodPort) -> bool | None:
    """Whether a rule is about a port; None where layer 7 or what is not known decides."""
    if _is_on(rule, port):
        return True
    found = [_may_have(mappings(one.get("ports")), pods, port) for one in mappings(rule.get("toPorts"))]
    return None if any(one is not False for one in found) else False


def _may_have(listed: tuple[Mapping[str, Any], ...], pods: PodSet, port: PodPort) -> bool:
    """Whether one of these may be the port; a name is one of a container."""
    if not listed or not port.numbers:
        return True
    named = {name: number for number, name, _ in declared(pods.containers) if name}
    for one in listed:
        if (text(one.get("protocol")) or "ANY").upper() not in {"ANY", port.protocol.upper()}:
            continue
        first, last = text(one.get("port")), one.get("endPort")
        number = int(first) if first.isdecimal() and len(first) <= 5 else named.get(first)
        if number is None:
            if not pods.containers:
                return True
            continue
        end = last if isinstance(last, int) and last else number
        if number == 0 or any(number <= each <= end for each in port.numbers):
            return True
    return False


def _rules(policy: Object) -> Iterator[Mapping[str, Any]]:
    spec = mapping(policy.get("spec"))
    yield from ((spec,) if spec else ())
    yield from mappings(policy.get("specs"))


def _of_pods(policy: Object, pods: PodSet, namespace: str, direction: str) -> Iterator[Mapping[str, Any]]:
    """The rules of a policy that close the pods in this direction, or whose selector cannot be told."""
    for rule in _rules(policy):
        parts = mappings(rule.get(direction)), mappings(rule.get(f"{direction}Deny"))
        closes = any(parts) and (parts[1] or mapping(rule.get("enableDefaultDeny")).get(direction) is not False)
        if closes and "nodeSelector" not in rule and _may_match(mapping(rule.get("endpointSelector")), pods, namespace):
            yield rule


def _may_match(selector: Mapping[str, Any], pods: PodSet, namespace: str) -> bool:
    """Whether an endpointSelector matches, or asks for labels that only Cilium knows."""
    wanted = {_key(key): value for key, value in texts(selector.get("matchLabels")).items()}
    expressions = [{**one, "key": _key(text(one.get("key")))} for one in mappings(selector.get("matchExpressions"))]
    known = {**pods.labels, _NAMESPACE: namespace}
    asked = {*wanted, *(one["key"] for one in expressions)} - set(known)
    if any(key.startswith(_OF_CILIUM) for key in asked) or (asked and pods.further_labels):
        return True
    return matches({"matchLabels": wanted, "matchExpressions": expressions}, known)


def _key(key: str) -> str:
    """A label's key without the source that Cilium allows in front of it."""
    return next((key.removeprefix(source) for source in _SOURCES if key.startswith(source)), key)


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(text, value)) if isinstance(value, (list, tuple)) else ()


def _plain_ranges(rule: Mapping[str, Any]) -> Iterator[str]:
    yield from (text(one.get("cidr")) for one in mappings(rule.get("fromCIDRSet")) if not one.get("except"))


def _is_on(rule: Mapping[str, Any], port: PodPort) -> bool:
    """Whether a rule is for sure about this port, and asks nothing of layer 7."""
    listed = rule.get("toPorts")
    if listed is None:
        return True
    return any(set(one) <= {"ports"} and _has(mappings(one.get("ports")), port) for one in mappings(listed))


def _has(listed: tuple[Mapping[str, Any], ...], port: PodPort) -> bool:
    if not listed:
        return True
    for one in listed:
        if (text(one.get("protocol")) or "ANY").upper() not in {"ANY", port.protocol.upper()}:
            continue
        first = text(one.get("port"))
        if first and first == port.name:
            return True
        if not first.isdecimal() or len(first) > 5:
            continue
        last = one.get("endPort")
        end = last if isinstance(last, int) and last else int(first)
        if int(first) == 0 or (port.numbers and all(int(first) <= number <= end for number in port.numbers)):
            return True
    return False
