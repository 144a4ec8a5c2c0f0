"""What a service mesh has the pods refuse: connections of clients that are none of it, as all from outside are.

Istio's sidecar, or in ambient mode the ztunnel of the node, keeps PeerAuthentication and AuthorizationPolicy; Linkerd's
sidecar keeps the default policy of its pods and Servers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource, Pods
from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.evidence.objects import Object, mapping, mappings, name_of, text, texts
from kubectl_akslb.evidence.state import PodState
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.ports import Container, container_numbers

_ROOT = "istio-system"
"""How the name of the mesh's root namespace ends: AKS' own mesh has aks-istio-system. Gateways are in others."""
_AMBIENT = "istio.io/dataplane-mode"
_REDIRECTED = "ambient.istio.io/redirection"
_ISTIO_PROXY = "istio-proxy"
_LINKERD_PROXY = "linkerd-proxy"
_LINKERD_INJECT = "linkerd.io/inject"
_LINKERD_POLICY = "config.linkerd.io/default-inbound-policy"
_PAST_ISTIO = "traffic.sidecar.istio.io/excludeInboundPorts"
_PAST_LINKERD = "config.linkerd.io/skip-inbound-ports"
_OF_MESH_ONLY = frozenset({"deny", "all-authenticated", "cluster-authenticated"})
"""The default policies of Linkerd that no client from outside satisfies."""
_OF_CLUSTER_ONLY = "cluster-unauthenticated"
_ANYBODY = "all-unauthenticated"
_IDENTITIES = ("principals", "requestPrincipals", "namespaces", "serviceAccounts")
"""What a rule of an AuthorizationPolicy can ask of a source that no plain client has."""


def mesh_hop(service: Service, evidence: Evidence, port: ServicePort) -> Hop | None:
    """What refuses plain connections to a port of the pods; None where nothing does."""
    objects = evidence.objects
    namespace = service.namespace or objects.namespace
    pods: Sequence[Pods | PodState] = evidence.running or evidence.pods or ()
    for one in pods:
        numbers = container_numbers(one.containers, port)
        reason = _by_istio(one, numbers, evidence, namespace) or _by_linkerd(one, numbers, evidence, namespace, service)
        if reason is not None:
            facts = {**reason.facts, "port": port.port}
            because = (reason._replace(facts=facts),)
            return Hop(HopName.POD, Outcome.DEPENDS, Confidence.DOCUMENTED, because)
    return None


# Istio


def _by_istio(pods: Pods | PodState, numbers: frozenset[int], evidence: Evidence, namespace: str) -> Reason | None:
    if numbers and numbers <= _ports(pods.annotations.get(_PAST_ISTIO, "")):
        return None
    strict = _strict(pods, numbers, evidence, namespace)
    if strict:
        return Reason(Cause.MUTUAL_TLS_ONLY, {"policy": strict})
    refusing = _refusing(pods, evidence, namespace)
    return Reason(Cause.MESH_IDENTITY_ONLY, {"policy": refusing}) if refusing else None


def _strict(pods: Pods | PodState, numbers: Iterable[int], evidence: Evidence, namespace: str) -> str:
    """The PeerAuthentication that has the sidecars of the pods refuse plain connections, or ""."""
    rules = evidence.objects.of("PeerAuthentication")
    if not rules or not _has_proxy(pods, evidence, namespace):
        return ""
    best: tuple[int, str] = (-1, "")
    for one in rules:
        where, selector = evidence.objects.namespace_of(one), mapping(mapping(one.get("spec")).get("selector"))
        if not _holds_in(where, namespace) or (selector and (where != namespace or not matches(selector, pods.labels))):
            continue
        rank = 2 if selector else 1 if where == namespace else 0
        mode = _mode(one, numbers)
        if mode not in {"", "UNSET"} and rank > best[0]:  # what sets no mode leaves it to the wider one
            best = (rank, f"{where}/{name_of(one)}" if mode == "STRICT" else "")
    return best[1]


def _mode(one: Object, numbers: Iterable[int]) -> str:
    spec = mapping(one.get("spec"))
    by_port = mapping(spec.get("portLevelMtls"))
    for number in numbers:
        mode = text(mapping(by_port.get(str(number))).get("mode"))
        if mode:
            return mode
    return text(mapping(spec.get("mtls")).get("mode"))


def _refusing(pods: Pods | PodState, evidence: Evidence, namespace: str) -> str:
    """The AuthorizationPolicy by which no client from outside is let in, or "".

    One that denies everything, or else all that allow, where none of them takes a client without an identity.
    """
    found = [
        one
        for one in evidence.objects.of("AuthorizationPolicy")
        if "istio.io" in text(one.get("apiVersion")) and _is_about(one, pods, evidence, namespace)
    ]
    if not found or not (_is_gateway(pods.containers) or _has_proxy(pods, evidence, namespace)):
        return ""
    allowing = [one for one in found if _action(one) == "ALLOW"]
    denying = [one for one in found if _action(one) == "DENY" and any(not rule for rule in _rules(one))]
    closed = allowing and not any(_takes_plain_clients(rule) for one in allowing for rule in _rules(one))
    refusing = denying or (allowing if closed else ())
    return ", ".join(f"{evidence.objects.namespace_of(one)}/{name_of(one)}" for one in refusing)


def _is_about(policy: Object, pods: Pods | PodState, evidence: Evidence, namespace: str) -> bool:
    spec, where = mapping(policy.get("spec")), evidence.objects.namespace_of(policy)
    if spec.get("targetRefs") or spec.get("targetRef"):
        return False  # it is about a waypoint or a Gateway by name
    selector = mapping(spec.get("selector"))
    return _holds_in(where, namespace) and (not selector or matches(selector, pods.labels))


def _holds_in(where: str, namespace: str) -> bool:
    """Whether what stands in *where* is about pods in *namespace*: that itself, or the namespace of the whole mesh."""
    return where == namespace or where.endswith(_ROOT)


def _action(policy: Object) -> str:
    return text(mapping(policy.get("spec")).get("action")) or "ALLOW"


def _rules(policy: Object) -> tuple[Mapping[str, Any], ...]:
    return mappings(mapping(policy.get("spec")).get("rules"))


def _takes_plain_clients(rule: Mapping[str, Any]) -> bool:
    """Whether some client without an identity satisfies the rule's sources."""
    sources = mappings(rule.get("from"))
    return not sources or any(not any(mapping(one.get("source")).get(key) for key in _IDENTITIES) for one in sources)


def _is_gateway(containers: Sequence[Container]) -> bool:
    """Whether the pod is nothing but a proxy."""
    return [text(one.get("name")) for one in containers] == [_ISTIO_PROXY]


def _has_proxy(pods: Pods | PodState, evidence: Evidence, namespace: str) -> bool:
    """Whether a proxy of the mesh stands in front of the application; a gateway is nothing but such a proxy."""
    names, labels = [text(one.get("name")) for one in pods.containers], pods.labels
    if _ISTIO_PROXY in names:
        return len(names) > 1
    if _is_ambient(pods, evidence, namespace):
        return bool(names)
    if labels.get("sidecar.istio.io/inject"):
        return labels["sidecar.istio.io/inject"] == "true" and bool(names)
    for given, _ in _of_namespace(evidence, namespace):
        return given.get("istio-injection") == "enabled" or "istio.io/rev" in given
    # Files without the namespace do not say whether it injects; who gives it a policy of its own means that it does.
    own = any(evidence.objects.namespace_of(one) == namespace for one in evidence.objects.of("PeerAuthentication"))
    return evidence.source is EvidenceSource.FILES and own


def _is_ambient(pods: Pods | PodState, evidence: Evidence, namespace: str) -> bool:
    """Whether the node's ztunnel takes what comes to the pods: the mesh's plugin has said so of running ones."""
    mode = pods.labels.get(_AMBIENT) or next(
        (given[_AMBIENT] for given, _ in _of_namespace(evidence, namespace) if _AMBIENT in given), ""
    )
    return mode == "ambient" or pods.annotations.get(_REDIRECTED) == "enabled"


def _of_namespace(evidence: Evidence, namespace: str) -> Iterator[tuple[Mapping[str, str], Mapping[str, str]]]:
    """The labels and annotations of the namespace, where it was read."""
    for one in evidence.objects.of("Namespace"):
        metadata = mapping(one.get("metadata"))
        if metadata.get("name") == namespace:
            yield texts(metadata.get("labels")), texts(metadata.get("annotations"))


# Linkerd


def _by_linkerd(
    pods: Pods | PodState, numbers: frozenset[int], evidence: Evidence, namespace: str, service: Service
) -> Reason | None:
    given = {
        **dict(item for _, found in _of_namespace(evidence, namespace) for item in found.items()),
        **pods.annotations,
    }
    injected = given.get(_LINKERD_INJECT) in {"enabled", "ingress"} or any(
        one.get("name") == _LINKERD_PROXY for one in pods.containers
    )
    if not injected or (numbers and numbers <= _ports(given.get(_PAST_LINKERD, ""))):
        return None
    for one in evidence.objects.of("Server"):
        spec = mapping(one.get("spec"))
        if (
            text(one.get("apiVersion")).startswith("policy.linkerd.io/")
            and evidence.objects.namespace_of(one) == namespace
            and matches(mapping(spec.get("podSelector")), pods.labels)
            and spec.get("accessPolicy") != _ANYBODY
            and _is_port(spec.get("port"), pods, numbers)
        ):
            return Reason(Cause.MESH_SERVER_DECIDES, {"server": f"{namespace}/{name_of(one)}"})
    policy = given.get(_LINKERD_POLICY, "")
    if policy in _OF_MESH_ONLY or (policy == _OF_CLUSTER_ONLY and service.is_local):
        return Reason(Cause.MESH_POLICY_REFUSES, {"value": policy})
    return None


def _is_port(port: object, pods: Pods | PodState, numbers: frozenset[int]) -> bool:
    """Whether a Server's port, by name or number, is one of *numbers*."""
    if isinstance(port, int):
        return port in numbers
    named = {
        one.get("containerPort")
        for each in pods.containers
        for one in mappings(each.get("ports"))
        if one.get("name") == port
    }
    return not numbers.isdisjoint(named)


def _ports(value: str) -> frozenset[int]:
    """The numbers in a list such as ``80,8000-8010``, ranges of a sane length only."""
    found: set[int] = set()
    for item in value.split(","):
        first, _, last = item.strip().partition("-")
        if first.isdecimal() and (not last or last.isdecimal()) and len(item) < 12:
            found.update(range(int(first), min(int(last or first), 65535) + 1))
    return frozenset(found)
