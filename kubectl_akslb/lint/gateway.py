"""The Service that Istio's controller makes of a Gateway.

Source: istio's pilot/pkg/config/kube/gateway/deploymentcontroller.go: each listener becomes a port whose appProtocol is
the listener's protocol in lower case, beside the port for the status. Annotations come from spec.infrastructure, or
from the Gateway itself where it has none there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.model.service import LOAD_BALANCER, TCP, Service, ServicePort

CLASS = "istio"
_STATUS_PORT = 15021
_SERVICE_TYPE = "networking.istio.io/service-type"


def istio_service(gateway: Mapping[str, Any]) -> Service | None:
    """The Service of a Gateway; None where Istio makes none, or where a ConfigMap or an address changes it."""
    spec, metadata = _mapping(gateway.get("spec")), _mapping(gateway.get("metadata"))
    infrastructure = _mapping(spec.get("infrastructure"))
    if spec.get("gatewayClassName") != CLASS or spec.get("addresses") or infrastructure.get("parametersRef"):
        return None
    annotations = _texts(infrastructure.get("annotations") or metadata.get("annotations"))
    if annotations.get(_SERVICE_TYPE, LOAD_BALANCER) != LOAD_BALANCER:
        return None
    name, namespace = metadata.get("name"), metadata.get("namespace")
    return Service(
        str(name or ""), str(namespace or ""), None, LOAD_BALANCER, annotations, tuple(_ports(spec.get("listeners")))
    )  # fmt: skip


def _ports(listeners: object) -> Iterator[ServicePort]:
    yield ServicePort(0, "status-port", TCP, _STATUS_PORT, app_protocol="tcp")
    seen: set[int] = set()
    for one in listeners if isinstance(listeners, list) else ():
        port, protocol = _mapping(one).get("port"), _mapping(one).get("protocol")
        if isinstance(port, int) and 0 < port < 65536 and port not in seen and isinstance(protocol, str):
            seen.add(port)
            yield ServicePort(len(seen), str(one.get("name", "")), TCP, port, app_protocol=protocol.lower())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> dict[str, str]:
    return {key: text for key, text in _mapping(value).items() if isinstance(text, str)}
