"""The pods behind a Service, beyond their readiness: what their ports are, and which ports they open on the node."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.lint.readiness import Pods
from kubectl_akslb.model.service import ServicePort


def container_port(pods: Sequence[Pods], port: ServicePort) -> int | None:
    """The number of the container port that the target port names; None where the pods do not agree on one."""
    target = port.target_port
    if target is None or isinstance(target, int):
        return target
    found = {
        one.get("containerPort")
        for each in pods
        for container in each.containers
        for one in _mappings(container.get("ports"))
        if one.get("name") == target
    }
    number = found.pop() if len(found) == 1 else None
    return number if isinstance(number, int) else None


def node_ports(workloads: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """The ports that pods open on the node itself: host ports, and all ports of pods in the node's network."""
    found = set()
    for data in workloads:
        spec = data if data.get("kind") == "Pod" else _mapping(_mapping(data.get("spec")).get("template"))
        pod = _mapping(spec.get("spec"))
        shared = pod.get("hostNetwork") is True
        for container in _mappings(pod.get("containers")):
            for one in _mappings(container.get("ports")):
                found |= {one.get("hostPort"), one.get("containerPort") if shared else None}
    return frozenset(port for port in found if isinstance(port, int))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
