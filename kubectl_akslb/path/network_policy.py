"""What NetworkPolicies say: whom they are about, and which packets they let in. Who is behind a packet is for others.

A pod is closed to what comes in as soon as one policy of its namespace selects it, and open to what any of them lets
in. Ports are those of the pod, after all translation; a name is resolved in each pod by itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from kubectl_akslb.derive.intervals import Interval, address_interval, intervals, without
from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, text, texts
from kubectl_akslb.model.service import TCP
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.ports import Container, declared
from kubectl_akslb.path.sources import Share, share

Policy: TypeAlias = Mapping[str, Any]
_NAMESPACE_NAME = "kubernetes.io/metadata.name"


class PodSet(NamedTuple):
    """Pods that are alike; where nothing but the Service's selector tells of them, they may have further labels."""

    labels: Mapping[str, str]
    containers: tuple[Container, ...]
    host_network: bool = False
    further_labels: bool = False


class PodPort(NamedTuple):
    """A port of pods: the *numbers* that it may stand for, none where they are not known; *name* is what asks it."""

    numbers: frozenset[int]
    protocol: str = TCP
    name: str = ""


class Sender(NamedTuple):
    """Who sends a packet; *namespace* is "" for what is no pod."""

    address: str
    namespace: str = ""
    labels: Mapping[str, str] = {}
    namespace_labels: Mapping[str, str] = {}


class AllowedPeers(NamedTuple):
    """What the rules of all policies let in on one port: everything, or ranges, and pods by *selectors*."""

    everything: bool
    ranges: tuple[Interval, ...] = ()
    selectors: tuple[Mapping[str, Any], ...] = ()

    @property
    def every_pod(self) -> bool:
        """Whether pods of all namespaces get in; a peer without a namespaceSelector is about its own namespace."""
        return any(
            isinstance(namespaces := one.get("namespaceSelector"), Mapping)
            and not any(namespaces.values())
            and not any(mapping(one.get("podSelector")).values())
            for one in self.selectors
        )

    def admits(self, sender: Sender, namespace: str) -> bool:
        """Whether a packet gets in; *namespace* is that of the policies."""
        if self.everything:
            return True
        address = address_interval(sender.address)
        if address and share(address, self.ranges) is Share.ALL:
            return True
        return bool(sender.namespace) and any(_is_peer(one, sender, namespace) for one in self.selectors)


def labels_of_namespace(objects: Objects, namespace: str) -> Mapping[str, str]:
    """The labels of a namespace; its name, which every namespace has for a label, where only that is known."""
    for one in objects.of("Namespace"):
        metadata = mapping(one.get("metadata"))
        if text(metadata.get("name")) == namespace:
            return {**texts(metadata.get("labels")), _NAMESPACE_NAME: namespace}
    return {_NAMESPACE_NAME: namespace}


def selects(policy: Policy, labels: Mapping[str, str]) -> bool:
    """Whether the policy closes pods with these labels to what it does not let in."""
    spec = mapping(policy.get("spec"))
    types = spec.get("policyTypes")
    if isinstance(types, (list, tuple)) and types and "Ingress" not in types:
        return False
    return matches(mapping(spec.get("podSelector")), labels)


def opened(policies: Sequence[Policy], containers: Sequence[Container], port: PodPort) -> AllowedPeers:
    """What all *policies* together let in to a port of the pods with these containers."""
    ranges: list[Interval] = []
    selectors: list[Mapping[str, Any]] = []
    for policy in policies:
        for rule in mappings(mapping(policy.get("spec")).get("ingress")):
            if not _has_port(rule, containers, port):
                continue
            peers = mappings(rule.get("from"))
            if not peers:
                return AllowedPeers(everything=True)
            for peer in peers:
                if "ipBlock" in peer:
                    ranges += _block(mapping(peer["ipBlock"]))
                else:
                    selectors.append(peer)
    return AllowedPeers(everything=False, ranges=tuple(ranges), selectors=tuple(selectors))


def _block(block: Mapping[str, Any]) -> tuple[Interval, ...]:
    excepted = block.get("except")
    cut = intervals(map(text, excepted)) if isinstance(excepted, (list, tuple)) else ()
    return without(intervals((text(block.get("cidr")),)), cut)


def _is_peer(peer: Mapping[str, Any], sender: Sender, namespace: str) -> bool:
    namespaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
    if isinstance(namespaces, Mapping):
        inside = matches(namespaces, sender.namespace_labels)
    else:
        inside = sender.namespace == namespace
    return inside and (not isinstance(pods, Mapping) or matches(pods, sender.labels))


def _has_port(rule: Mapping[str, Any], containers: Sequence[Container], port: PodPort) -> bool:
    """Whether a rule is about a port of the pods; in doubt it is."""
    listed = mappings(rule.get("ports"))
    return not listed or any(
        _is_port(one, containers, port) for one in listed if (text(one.get("protocol")) or TCP) == port.protocol
    )


def _is_port(one: Mapping[str, Any], containers: Sequence[Container], port: PodPort) -> bool:
    first, last = one.get("port"), one.get("endPort")
    if first is None or not port.numbers:
        return first is None or first == port.name or isinstance(first, int)
    if isinstance(first, str):
        named = {
            number for number, name, protocol in declared(containers) if (name, protocol) == (first, port.protocol)
        }
        return bool(named & port.numbers) or not containers
    return isinstance(first, int) and any(
        first <= number <= (last if isinstance(last, int) else first) for number in port.numbers
    )
