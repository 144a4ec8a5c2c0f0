"""What the API server refuses of a workload: then there are no pods, whatever its template says.

Upstream: the validation of apps and core of Kubernetes; tests ask a real API server about each. Only what is written
and wrong is looked at, not what is missing: a file may be an excerpt. An object of a cluster was taken already.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.evidence.objects import mapping, mappings, text, texts
from kubectl_akslb.evidence.workload_fields import FIELDS, RefusedField, amount_of, refused_fields

_SERVED: Mapping[str, str] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps/v1"),
    "Pod": "v1",
}
"""The only API that each kind has since Kubernetes 1.16."""
_PORT_NAME = r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?\Z"
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_NONE = (0, "0%")


def why_refused(kind: str, data: Mapping[str, Any], pod: Mapping[str, Any]) -> str:
    """The field that the API server refuses first of a workload with the template *pod*, and why; "" where none."""
    found = next(_faults(kind, data, pod), None) if kind in _SERVED else None
    return f"{found.field}: {found.why}" if found is not None else ""


def _faults(kind: str, data: Mapping[str, Any], pod: Mapping[str, Any]) -> Iterator[RefusedField]:
    given, served = text(data.get("apiVersion")), _SERVED[kind]
    if given and given != served:
        yield RefusedField("apiVersion", f"there is no {kind} in {given}: it is in {served}")
    yield from refused_fields(data, FIELDS[kind])
    if kind == "Pod":
        yield from _of_pod(pod, "spec", mounts=True)
        return
    own = mapping(data.get("spec"))
    yield from _selector(own, mapping(pod.get("metadata")))
    if kind == "Deployment":
        yield from _rollout(own)
    if mapping(pod.get("spec")).get("restartPolicy") not in (None, "Always"):
        yield RefusedField("spec.template.spec.restartPolicy", "must be Always")
    # The volumes of a StatefulSet come from its claims too, and are not looked at until a pod is made.
    yield from _of_pod(pod, "spec.template.spec", mounts=kind != "StatefulSet")


def _rollout(own: Mapping[str, Any]) -> Iterator[RefusedField]:
    strategy = mapping(own.get("strategy"))
    rolling = mapping(strategy.get("rollingUpdate"))
    if rolling and strategy.get("type") == "Recreate":
        yield RefusedField("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
    elif rolling.get("maxSurge") in _NONE and rolling.get("maxUnavailable") in _NONE:
        yield RefusedField("spec.strategy.rollingUpdate.maxUnavailable", "may not be 0 when `maxSurge` is 0")
    wait, deadline = own.get("minReadySeconds") or 0, own.get("progressDeadlineSeconds")
    if deadline is not None and deadline <= wait:
        yield RefusedField("spec.progressDeadlineSeconds", "must be greater than minReadySeconds")


def _selector(own: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[RefusedField]:
    if not matches(mapping(own.get("selector")), texts(metadata.get("labels")), unreadable=True):
        yield RefusedField("spec.selector", "`selector` does not match template `labels`")


def _of_pod(pod: Mapping[str, Any], at: str, *, mounts: bool) -> Iterator[RefusedField]:
    spec = mapping(pod.get("spec"))
    containers = mappings(spec.get("containers"))
    names = [text(one.get("name")) for one in containers]
    volumes = [text(one.get("name")) for one in mappings(spec.get("volumes"))]
    before = [text(one.get("name")) for one in mappings(spec.get("initContainers"))]
    yield from _twice(before, f"{at}.initContainers[{{}}].name")
    yield from _twice(names, f"{at}.containers[{{}}].name", before)
    yield from _twice(volumes, f"{at}.volumes[{{}}].name")
    for index, one in enumerate(containers):
        field = f"{at}.containers[{index}]"
        yield from _ports(one, field, host_network=spec.get("hostNetwork") is True)
        yield from _probes(one, field)
        yield from _amounts(one, field)
        if volumes and mounts:
            yield from _mounts(one, field, volumes)


def _twice(names: Sequence[str], at: str, others: Sequence[str] = ()) -> Iterator[RefusedField]:
    for index, name in enumerate(names):
        if name and (name in names[:index] or name in others):
            yield RefusedField(at.format(index), f"Duplicate value: {name!r}")


def _amounts(container: Mapping[str, Any], at: str) -> Iterator[RefusedField]:
    resources = mapping(container.get("resources"))
    limits = mapping(resources.get("limits"))
    for name, wanted in mapping(resources.get("requests")).items():
        most = limits.get(name)
        if wanted is not None and most is not None and amount_of(wanted) > amount_of(most):
            yield RefusedField(
                f"{at}.resources.requests.{name}", f"must be less than or equal to {name} limit of {most}"
            )


def _ports(container: Mapping[str, Any], at: str, *, host_network: bool) -> Iterator[RefusedField]:
    names: list[str] = []
    for index, one in enumerate(mappings(container.get("ports"))):
        field, number, name = f"{at}.ports[{index}]", one.get("containerPort"), one.get("name")
        if host_network and one.get("hostPort") and one["hostPort"] != number:
            yield RefusedField(f"{field}.hostPort", "must match `containerPort` when `hostNetwork` is true")
        if not name:
            continue
        if not isinstance(name, str) or not re.match(_PORT_NAME, name):
            yield RefusedField(
                f"{field}.name", "must be 15 small letters, digits and '-' at most, one of them a letter"
            )
        elif name in names:
            yield RefusedField(f"{field}.name", f"Duplicate value: {name!r}")
        names.append(text(name))


def _probes(container: Mapping[str, Any], at: str) -> Iterator[RefusedField]:
    for kind in _PROBES:
        probe = mapping(container.get(kind))
        handlers = [one for one in _HANDLERS if probe.get(one) is not None]
        if len(handlers) > 1:
            yield RefusedField(f"{at}.{kind}.{handlers[1]}", "may not specify more than 1 handler type")
        for handler in handlers:
            port = mapping(probe.get(handler)).get("port")
            if isinstance(port, str) and not re.match(_PORT_NAME, port):
                yield RefusedField(f"{at}.{kind}.{handler}.port", "must be a number, or the name of a port")


def _mounts(container: Mapping[str, Any], at: str, volumes: Sequence[str]) -> Iterator[RefusedField]:
    mounts = mappings(container.get("volumeMounts"))
    paths = [text(one.get("mountPath")) for one in mounts]
    for index, one in enumerate(mounts):
        name = text(one.get("name"))
        if paths[index] and paths[index] in paths[:index]:
            yield RefusedField(f"{at}.volumeMounts[{index}].mountPath", f"must be unique: {paths[index]!r}")
        if name and name not in volumes:
            yield RefusedField(f"{at}.volumeMounts[{index}].name", f"Not found: {name!r}")
