"""The container ports that a Service port leads to, as far as the containers declare them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from kubectl_akslb.evidence.objects import mapping, mappings, text
from kubectl_akslb.model.service import TCP, ServicePort

Container: TypeAlias = Mapping[str, Any]


def declared(containers: Iterable[Container]) -> Iterator[tuple[int, str, str]]:
    """The ports that containers declare: number, name, protocol."""
    for container in containers:
        for one in mappings(container.get("ports")):
            number = one.get("containerPort")
            if isinstance(number, int) and not isinstance(number, bool):
                yield number, text(one.get("name")), text(one.get("protocol")) or TCP


def container_numbers(containers: Iterable[Container], port: ServicePort) -> frozenset[int]:
    """The numbers that a target port stands for in one pod; none for a name that no container of it declares."""
    target = port.target_port if port.target_port is not None else port.port
    if isinstance(target, int):
        return frozenset({target})
    protocol = port.protocol or TCP
    return frozenset(number for number, name, of in declared(containers) if (name, of) == (target, protocol))


def asked_by_readiness(containers: Iterable[Container], numbers: frozenset[int]) -> bool:
    """Whether a readiness probe of the pods asks this very port: then something listens there."""
    for container in containers:
        named = {name: number for number, name, _ in declared((container,)) if name}
        probe = mapping(container.get("readinessProbe"))
        asked = (mapping(probe.get(kind)).get("port") for kind in ("httpGet", "tcpSocket", "grpc"))
        if any((named.get(port) if isinstance(port, str) else port) in numbers for port in asked):
            return True
    return False
