"""Services as the derivation takes them, and clusters for them."""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import IPV6, LOCAL, TCP, UDP, Service, ServicePort
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST

UID = "8f3c9b1e-1234-4cde-9abc-0123456789ab"
NAME = "a8f3c9b1e12344cde9abc0123456789a"
NOW = str(NEWEST)
HEALTH_CHECK_NODE_PORT = 31000
PUBLIC_ADDRESS = "20.0.0.1"


def on(version: str = NOW, **settings: Any) -> Cluster:
    """A cluster with this provider version, zones, and an address for the public IP of ``service()``."""
    parsed = ProviderVersion.parse(version)
    settings.setdefault("zones", ("1", "2", "3"))
    settings.setdefault("addresses", {f"kubernetes-{NAME}": PUBLIC_ADDRESS})
    return Cluster(parsed, behaviours_of(parsed), frozenset(settings), **settings)


def port(number: int = 80, app_protocol: str | None = None, *, protocol: str = TCP, name: str = "") -> ServicePort:
    """A Service port whose node port is 30000 more."""
    return ServicePort(0, name, protocol, number, 30000 + number, number, app_protocol)


def udp(number: int = 53, app_protocol: str | None = None) -> ServicePort:
    """A UDP port."""
    return port(number, app_protocol, protocol=UDP)


def service(annotations: Mapping[str, str] | None = None, *ports: ServicePort, **fields: Any) -> Service:
    """A Service of type LoadBalancer; annotations without a slash get the provider's prefix."""
    spelled = {key if "/" in key else PREFIX + key: value for key, value in (annotations or {}).items()}
    numbered = tuple(each._replace(index=index) for index, each in enumerate(ports or (port(),)))
    given = {
        "name": "web", "namespace": "shop", "uid": UID, "type": "LoadBalancer", "ip_families": ("IPv4",), **fields,
    }  # fmt: skip
    return Service(annotations=spelled, ports=numbered, **given)


def local(annotations: Mapping[str, str] | None = None, *ports: ServicePort, **fields: Any) -> Service:
    """A Service with externalTrafficPolicy Local."""
    policy = {"external_traffic_policy": LOCAL, "health_check_node_port": HEALTH_CHECK_NODE_PORT}
    return service(annotations, *ports, **policy, **fields)


OTHER_UID = "b1111111-1111-4111-8111-111111111111"
OTHER_NAME = "ab111111111114111811111111111111"
OTHER_ADDRESS = "20.0.0.2"
#: Addresses for the public IPs of ``service()`` and ``other()``.
BOTH_ADDRESSES = {f"kubernetes-{NAME}": PUBLIC_ADDRESS, f"kubernetes-{OTHER_NAME}": OTHER_ADDRESS}
INTERNAL = {"azure-load-balancer-internal": "true"}


def other(annotations: Mapping[str, str] | None = None, *ports: ServicePort, **fields: Any) -> Service:
    """Another Service of the same cluster."""
    return service(annotations, *ports, **{"name": "other", "uid": OTHER_UID, **fields})


def ipv6(annotations: Mapping[str, str] | None = None, *ports: ServicePort, **fields: Any) -> Service:
    """A single-stack IPv6 Service."""
    return service(annotations, *ports, **{"ip_families": (IPV6,), "cluster_ips": ("fd00::1",), **fields})


def dual(annotations: Mapping[str, str] | None = None, *ports: ServicePort, **fields: Any) -> Service:
    """A dual-stack Service, IPv4 first."""
    both = {"ip_families": ("IPv4", "IPv6"), "cluster_ips": ("10.1.0.1", "fd00::1")}
    return service(annotations, *ports, **{**both, **fields})
