"""The ways from a pod or a node to the API server, which of them works, and where what does not breaks."""

from collections.abc import Sequence

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.answer import Answer, AnswerCode
from kubectl_akslb.path.request import Request

HEALTH = "/livez"


class WayName(Enum):
    """A way to the API server; the value is its stable id in JSON."""

    NAME = "name"
    CLUSTER_IP = "cluster-ip"
    ENDPOINT = "endpoint"
    OUTSIDE = "outside"


class Way(NamedTuple):
    """A way, and the request that goes it."""

    name: WayName
    request: Request


class Tried(NamedTuple):
    """A way with what came of it; *sender* is the node that asked, "" for a pod with an address of its own."""

    way: Way
    sender: str
    answer: Answer

    @property
    def reached(self) -> bool | None:
        """Whether the API server has answered, with whatever status; None where that was not seen."""
        if self.answer.code is AnswerCode.NOT_SEEN:
            return None
        return self.answer.status is not None


class Break(Enum):
    """Where it breaks; the value is its stable id in JSON."""

    NOWHERE = "nowhere"
    CLUSTER_DNS = "cluster-dns"
    KUBE_PROXY = "kube-proxy"
    ROUTE = "route"
    PRIVATE_DNS = "private-dns"
    OUTSIDE = "outside"
    UNHEALTHY = "unhealthy"
    NOT_SEEN = "not-seen"


def ways(
    cluster_ips: Sequence[str], endpoints: Sequence[tuple[str, int]], outside: tuple[str, int] | None
) -> tuple[Way, ...]:
    """The ways there are: by the name of the Service, by its address, to what is behind it, and the kubeconfig's."""

    def way(name: WayName, host: str, number: int) -> Way:
        return Way(name, Request("HTTPS", host, number, HEALTH, 5))

    return (
        way(WayName.NAME, "kubernetes.default.svc", 443),
        *(way(WayName.CLUSTER_IP, address, 443) for address in cluster_ips),
        *(way(WayName.ENDPOINT, address, number) for address, number in endpoints),
        *((way(WayName.OUTSIDE, *outside),) if outside is not None else ()),
    )


def breaks_at(tried: Sequence[Tried]) -> Break:
    """Where the ways of one sender break: what all of them need comes last."""

    def any_of(name: WayName) -> bool:
        return any(one.reached for one in tried if one.way.name is name)

    if any(one.reached is None for one in tried) or not tried:
        return Break.NOT_SEEN
    by_name, by_address, direct = (any_of(name) for name in (WayName.NAME, WayName.CLUSTER_IP, WayName.ENDPOINT))
    if not by_address:
        return Break.KUBE_PROXY if direct else Break.ROUTE
    if not by_name:
        return Break.CLUSTER_DNS
    outside = [one for one in tried if one.way.name is WayName.OUTSIDE]
    if any(one.answer.code is AnswerCode.NO_NAME for one in outside):
        return Break.PRIVATE_DNS
    if any(not one.reached for one in outside):
        return Break.OUTSIDE
    return Break.UNHEALTHY if any((one.answer.status or 0) >= 500 for one in tried) else Break.NOWHERE
