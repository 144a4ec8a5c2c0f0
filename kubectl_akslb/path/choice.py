"""What somebody chose for the http(s) probes of a Service, and whether it can have any."""

from typing import Final, Literal, TypeAlias

from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys

PATH: Final = "path"
TCP: Final = "tcp"
LEAVE: Final = "leave"
FAIL: Final = "fail"
KnownChoice: TypeAlias = Literal["path", "tcp", "leave"]
UnknownChoice: TypeAlias = Literal["path", "tcp", "leave", "fail"]
KNOWN_CHOICES: tuple[KnownChoice, ...] = (PATH, TCP, LEAVE)
UNKNOWN_CHOICES: tuple[UnknownChoice, ...] = (PATH, TCP, LEAVE, FAIL)


class Choice(NamedTuple):
    """What one Service or Gateway gets.

    *known* and *unknown* say what becomes of http(s) probes of known and of other workloads: PATH is the path that is
    known or that the pods' own readiness probe asks for, and a Tcp probe where there is none; TCP is a Tcp probe in
    any case; LEAVE changes nothing; FAIL ends the run. *annotations* are set in any case. *name* says who chose.

    Of unknown workloads TCP is the default: it is the probe of before 1.24, and takes no node out of rotation that
    worked. A readiness path can: the kubelet takes 200 to 399 and follows redirects, Azure takes 200 only.
    """

    known: KnownChoice = PATH
    unknown: UnknownChoice = TCP
    annotations: tuple[tuple[str, str], ...] = ()
    name: str = "the default"


DEFAULT_CHOICE = Choice()

_PROTOCOLS = frozenset({"http", "https"})


def has_own_probe(service: Service) -> bool:
    """Whether anything asks for http(s) or for another port; false is certain for every provider version."""
    if service.type != LOAD_BALANCER:
        return False
    own = (service.annotations.get(keys.PORT_PROBE_PROTOCOL.for_port(port.port)) for port in service.ports)
    app = (port.app_protocol for port in service.ports)
    words = (*own, *app, service.annotations.get(str(keys.PROBE_PROTOCOL)))
    if any(keys.PORT_PROBE_PORT.for_port(port.port) in service.annotations for port in service.ports):
        return True
    return any((word or "").strip().lower() in _PROTOCOLS for word in words)
