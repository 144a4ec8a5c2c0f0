"""Cilium: Gateways, and Ingresses with a load balancer of their own.

Upstream: operator/pkg/model/translation/gateway-api/translator.go, operator/pkg/ingress/ingress_reconcile.go.
"""

from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text, texts
from kubectl_akslb.producers.draft import METADATA_ANNOTATIONS, Draft, Field, Made, Object, Path, below
from kubectl_akslb.producers.gateway_api import (
    CLASS,
    MAX_NAME,
    OF_INFRASTRUCTURE,
    digest,
    draft_of,
    infrastructure,
    missing,
    parameters,
    with_sets,
)
from kubectl_akslb.producers.producer import GatewayController, Producer

_CONFIG: Path = ("spec", "service")
_SPEC = (
    "type", "externalTrafficPolicy", "loadBalancerClass", "loadBalancerSourceRanges", "ipFamilies", "ipFamilyPolicy",
    "allocateLoadBalancerNodePorts",
)  # fmt: skip
_RANGES_POLICY = "service.cilium.io/src-ranges-policy"
_HASHED, _LETTERS = 10, str.maketrans("013ae", "ghkmt")
_INGRESS_CLASS = "cilium"
_OWN = "ingress.cilium.io/"
_COPIED = (
    "lbipam.cilium.io",
    "nodeipam.cilium.io",
    "service.beta.kubernetes.io",
    "service.kubernetes.io",
    "cloud.google.com",
)


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    config, at = parameters(gateway, known, objects, "CiliumGatewayClassConfig", of_gateway=False)
    draft = draft_of(gateway, objects, _short(f"cilium-gateway-{name_of(gateway)}"))
    draft.put("externalTrafficPolicy", "Cluster", CLASS)
    infrastructure(draft, gateway)
    fields = mapping(below(config, *_CONFIG))
    draft.copy(fields, Field(_CONFIG, config, at), *_SPEC)
    if fields:
        draft.preset({_RANGES_POLICY: text(fields.get("loadBalancerSourceRangesPolicy")) or "Allow"}, at)
        if fields.get("loadBalancerSourceRangesPolicy") == "Deny":
            draft.unknown.append("Cilium keeps out whom loadBalancerSourceRanges name, and Azure lets in nobody else")
    for path, one in sorted(with_sets(gateway, objects), key=_order):
        udp = one.get("protocol") == "UDP"
        name = f"port-{one.get('port')}{'-udp' if udp else ''}"
        draft.port(name, one.get("port"), path, protocol="UDP" if udp else "TCP")
    missing(draft, gateway, known, "CiliumGatewayClassConfig", config, of_gateway=False)
    return draft.made("Cilium", OF_INFRASTRUCTURE)


def _order(pair: tuple[Path, Object]) -> tuple[int, bool]:
    number = pair[1].get("port")
    return (number if isinstance(number, int) else 0), pair[1].get("protocol") == "UDP"


def _short(name: str) -> str:
    """A name that is too long ends in a hash, in letters that make no words."""
    if len(name) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME - _HASHED - 1]}-{digest(name)[:_HASHED].translate(_LETTERS)}"


def _of_ingress(ingress: Object, objects: Objects) -> list[Made]:
    """The Service of an Ingress that does not share the one of all; which is the default, its chart says."""
    own = texts(below(ingress, *METADATA_ANNOTATIONS))
    class_name = text(below(ingress, "spec", "ingressClassName")) or own.get("kubernetes.io/ingress.class", "")
    mode = own.get(f"{_OWN}loadbalancer-mode", "")
    if class_name != _INGRESS_CLASS or mode == "shared":
        return []
    draft = Draft(_short(f"cilium-ingress-{name_of(ingress)}"), objects.namespace_of(ingress))
    if not mode:
        draft.notes.append("taken for an Ingress with a Service of its own: ingressController.loadbalancerMode says it")
    draft.put("externalTrafficPolicy", "Cluster", ("spec", "ingressClassName"))
    place = Field(METADATA_ANNOTATIONS)
    written = mapping(below(ingress, *METADATA_ANNOTATIONS))
    draft.annotate({key: value for key, value in written.items() if str(key).startswith(_COPIED)}, place)
    for name, key in (
        ("type", "service-type"),
        ("externalTrafficPolicy", "service-external-traffic-policy"),
        ("loadBalancerClass", "loadbalancer-class"),
    ):
        draft.take(name, own.get(_OWN + key), place.below(_OWN + key))
    source: Path = ("spec", "rules") if mapping(ingress.get("spec")).get("rules") else ("spec",)
    draft.port("http", 80, source)
    draft.port("https", 443, source)
    return draft.made("Cilium", place)


GATEWAYS = GatewayController(
    ("io.cilium/gateway-controller",), ("cilium",), _make, ("CiliumGatewayClassConfig", "ListenerSet", "XListenerSet")
)
PRODUCER = Producer("Ingress", "networking.k8s.io", _of_ingress, word=_INGRESS_CLASS)
