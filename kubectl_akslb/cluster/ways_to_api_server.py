"""By which ways a pod can reach the API server: the Service kubernetes, what is behind it, and the kubeconfig."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.reading import optional, services_of
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.objects import mapping, mappings, name_of
from kubectl_akslb.model.command import is_subdomain
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.reach import Way, ways

_SERVICE = "kubernetes"
_MOST = 5


class ApiServer(NamedTuple):
    """The ways there are, the names of the nodes where they were asked for, and what could not be read."""

    ways: tuple[Way, ...]
    nodes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def read(connection: Connection, *, with_nodes: bool) -> ApiServer:
    """Ask kubectl for them; AkslbError where not even the Service can be read."""
    inside = connection._replace(namespace="default", all_namespaces=False, selector=None)
    calls = [
        kubectl.get("services", inside, _SERVICE),
        kubectl.slices(inside, (_SERVICE,)),
        kubectl.server_address(connection),
    ]
    if with_nodes:
        calls.append(kubectl.get("nodes", inside._replace(namespace=None)))
    done = kubectl.run(*calls)
    services, _ = services_of(done[0], connection)
    if len(done) < len(calls) or not services:
        raise AkslbError("the Service default/kubernetes is not there", hint="kubectl get service -n default")
    notices: list[str] = []
    slices = optional(done[1], "the endpoints of the API server", notices) or []
    outside = _outside(connection.server or done[2].out.decode("utf-8", "replace").strip())
    if outside is None:
        notices.append("the kubeconfig does not say where the API server is, so that way is not asked")
    nodes = optional(done[3], "nodes", notices) if with_nodes else []
    names = [name_of(one) for one in nodes or ()]
    spec = mapping(services[0].get("spec"))
    listed = spec.get("clusterIPs")
    addresses = [
        str(one) for one in (listed if isinstance(listed, list) else [spec.get("clusterIP")]) if _is_address(one)
    ]
    endpoints = [
        (str(address), number)
        for one in slices
        for number in [next((port["port"] for port in mappings(one.get("ports")) if _is_port(port.get("port"))), 443)]
        for endpoint in mappings(one.get("endpoints"))
        for address in endpoint.get("addresses") or ()
        if _is_address(address)
    ]
    return ApiServer(ways(addresses, endpoints[:_MOST], outside), tuple(names), tuple(notices))


def _is_port(number: object) -> bool:
    return isinstance(number, int) and 0 < number < 65536


def _is_address(word: object) -> bool:
    try:
        ip_address(str(word))
    except ValueError:
        return False
    return True


def _outside(url: str) -> tuple[str, int] | None:
    """Host and port of the API server's URL; None for what is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        return None
    return (host, port) if parts.scheme == "https" and (is_subdomain(host) or _is_address(host)) else None
