"""What the API server refuses of a workload: then there are no pods, whatever its template says.

Upstream: the validation of apps and core of Kubernetes; tests ask a real API server about each. Only what is written
and wrong is looked at, not what is missing: a file may be an excerpt. An object of a cluster was taken already.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from kubectl_akslb.evidence.objects import mapping, mappings, name_of, text, texts
from kubectl_akslb.model.command import is_label, is_subdomain
from kubectl_akslb.named_tuple import NamedTuple

_SERVED: Mapping[str, str] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps/v1"),
    "Pod": "v1",
}
"""The only API that each kind has since Kubernetes 1.16."""
_PORT_NAME = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?\Z")
_PORTS = range(1, 65536)
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")


class RefusedField(NamedTuple):
    """A field, and why the API server refuses it, in its own words where they say enough."""

    field: str
    why: str


def why_refused(kind: str, data: Mapping[str, Any], pod: Mapping[str, Any]) -> str:
    """The field that the API server refuses first of a workload with the template *pod*, and why; "" where none."""
    found = next(_faults(kind, data, pod), None) if kind in _SERVED else None
    return f"{found.field}: {found.why}" if found is not None else ""


def _faults(kind: str, data: Mapping[str, Any], pod: Mapping[str, Any]) -> Iterator[RefusedField]:
    given, served = text(data.get("apiVersion")), _SERVED[kind]
    if given and given != served:
        yield RefusedField("apiVersion", f"there is no {kind} in {given}: it is in {served}")
    name = name_of(data)
    if name and not is_subdomain(name):
        yield RefusedField("metadata.name", "must be a lowercase RFC 1123 subdomain")
    if kind == "Pod":
        yield from _of_pod(pod, "spec", mounts=True)
        return
    own = mapping(data.get("spec"))
    if "replicas" in own and own["replicas"] is not None and not _is_number(own["replicas"]):
        yield RefusedField("spec.replicas", "must be a number: take the quotes away")
    yield from _selector(own, mapping(pod.get("metadata")))
    if mapping(pod.get("spec")).get("restartPolicy") in {"Never", "OnFailure"}:
        yield RefusedField("spec.template.spec.restartPolicy", "must be Always")
    # The volumes of a StatefulSet come from its claims too, and are not looked at until a pod is made.
    yield from _of_pod(pod, "spec.template.spec", mounts=kind != "StatefulSet")


def _selector(own: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[RefusedField]:
    selector = mapping(own.get("selector"))
    wanted, expressions = mapping(selector.get("matchLabels")), [*mappings(selector.get("matchExpressions"))]
    for field, labels in (
        ("spec.selector.matchLabels", wanted),
        ("spec.template.metadata.labels", mapping(metadata.get("labels"))),
    ):
        key = next((key for key, value in labels.items() if not isinstance(value, str)), None)
        if key is not None:
            yield RefusedField(f"{field}.{key}", "must be text: put it in quotes")
    labels = texts(metadata.get("labels"))
    if not (
        all(labels.get(key) == value for key, value in wanted.items())
        and all(_matches(labels, one) for one in expressions)
    ):
        yield RefusedField("spec.selector", "`selector` does not match template `labels`")


def _matches(labels: Mapping[str, str], expression: Mapping[str, Any]) -> bool:
    value, values = labels.get(text(expression.get("key"))), expression.get("values")
    among = value in values if isinstance(values, (list, tuple)) else False
    match expression.get("operator"):
        case "In":
            return among
        case "NotIn":
            return not among
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case _:
            return True


def _of_pod(pod: Mapping[str, Any], at: str, *, mounts: bool) -> Iterator[RefusedField]:
    spec = mapping(pod.get("spec"))
    containers = mappings(spec.get("containers"))
    names = [text(one.get("name")) for one in containers]
    volumes = {text(one.get("name")) for one in mappings(spec.get("volumes"))}
    for index, (one, name) in enumerate(zip(containers, names, strict=True)):
        field = f"{at}.containers[{index}]"
        if name and not is_label(name):
            yield RefusedField(f"{field}.name", "must be a lowercase RFC 1123 label")
        elif name and name in names[:index]:
            yield RefusedField(f"{field}.name", f"Duplicate value: {name!r}")
        yield from _ports(one, field, host_network=spec.get("hostNetwork") is True)
        yield from _probes(one, field)
        yield from _variables(one, field)
        if volumes and mounts:
            yield from _mounts(one, field, volumes)


def _ports(container: Mapping[str, Any], at: str, *, host_network: bool) -> Iterator[RefusedField]:
    names: list[str] = []
    for index, one in enumerate(mappings(container.get("ports"))):
        field, number, name = f"{at}.ports[{index}]", one.get("containerPort"), one.get("name")
        if number is not None and not _is_number(number):
            yield RefusedField(f"{field}.containerPort", "must be a number: take the quotes away")
        elif number is not None and number not in _PORTS:
            yield RefusedField(f"{field}.containerPort", "must be between 1 and 65535, inclusive")
        elif host_network and one.get("hostPort") and one["hostPort"] != number:
            yield RefusedField(f"{field}.hostPort", "must match `containerPort` when `hostNetwork` is true")
        if not name:
            continue
        if not isinstance(name, str) or not _PORT_NAME.match(name):
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
            if isinstance(port, str) and not _PORT_NAME.match(port):
                yield RefusedField(f"{at}.{kind}.{handler}.port", "must be a number, or the name of a port")


def _variables(container: Mapping[str, Any], at: str) -> Iterator[RefusedField]:
    for index, one in enumerate(mappings(container.get("env"))):
        if one.get("value") is not None and not isinstance(one["value"], str):
            yield RefusedField(f"{at}.env[{index}].value", "must be text: put it in quotes")


def _mounts(container: Mapping[str, Any], at: str, volumes: AbstractSet[str]) -> Iterator[RefusedField]:
    for index, one in enumerate(mappings(container.get("volumeMounts"))):
        name = text(one.get("name"))
        if name and name not in volumes:
            yield RefusedField(f"{at}.volumeMounts[{index}].name", f"Not found: {name!r}")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
