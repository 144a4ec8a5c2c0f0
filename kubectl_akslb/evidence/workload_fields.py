"""What the fields of a workload may hold: the types, numbers and words that the API server takes.

Fields that are not here may hold anything. Upstream: the types and the validation of apps/v1 and core/v1.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from kubectl_akslb.model.command import is_label, is_subdomain
from kubectl_akslb.named_tuple import NamedTuple

Check = Callable[[object], str]
Fields: TypeAlias = "Check | Mapping[str, Fields] | Sequence[Fields]"
"""A check of one value, the fields of a mapping, or the one shape that all items of a list have."""

_INT32 = 2**31 - 1
_INT64 = 2**63 - 1
_QUANTITY = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)([KMGTPE]i|[numkMGTPE])?\Z"
_SCALE: Mapping[str, float] = {
    **{unit: 1000.0**power for power, unit in enumerate("num kMGTPE", -3)},
    **{f"{unit}i": 1024.0**power for power, unit in enumerate("KMGTPE", 1)},
}
_PERCENT = r"\d+%\Z"
_LABEL = r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?\Z"


class RefusedField(NamedTuple):
    """A field, and why the API server refuses it, in its own words where they say enough."""

    field: str
    why: str


def refused_fields(value: object, fields: Fields, at: str = "") -> Iterator[RefusedField]:
    """The fields of *value* that hold what they may not; *at* is where it stands. What is null counts as not there."""
    if value is None:
        return
    if isinstance(fields, Mapping):
        if not isinstance(value, Mapping):
            yield RefusedField(at, "must be a mapping")
            return
        for name, inner in fields.items():
            if name in value:
                yield from refused_fields(value[name], inner, f"{at}.{name}" if at else name)
    elif isinstance(fields, Sequence):
        if not isinstance(value, Sequence) or isinstance(value, str):
            yield RefusedField(at, "must be a list")
            return
        for index, item in enumerate(value):
            yield from refused_fields(item, fields[0], f"{at}[{index}]")
    elif why := fields(value):
        yield RefusedField(at, why)


def amount_of(value: object) -> float:
    """A resource.Quantity as a number, of bytes or cores; below 0 where it is none."""
    found = re.match(_QUANTITY, str(value).strip())
    return float(found[1]) * _SCALE.get(found[2] or "", 1.0) if found else -1.0


def _text(value: object) -> str:
    return "" if isinstance(value, str) else "must be text: put it in quotes"


def _subdomain(value: object) -> str:
    return _text(value) or ("" if not value or is_subdomain(str(value)) else "must be a lowercase RFC 1123 subdomain")


def _dns_label(value: object) -> str:
    return _text(value) or ("" if not value or is_label(str(value)) else "must be a lowercase RFC 1123 label")


def _one_of(*words: str) -> Check:
    return lambda value: "" if value in words else f"must be {' or '.join(words)}"


def _number(least: int = -_INT32, most: int = _INT32) -> Check:
    def check(value: object) -> str:
        if isinstance(value, str) and value.isdigit():
            return "must be a number: take the quotes away"
        if not isinstance(value, int) or isinstance(value, bool):
            return "must be a whole number"
        return "" if least <= value <= most else f"must be between {least} and {most}, inclusive"

    return check


def _bool(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false, without quotes"


def _amount(value: object) -> str:
    """A resource.Quantity that is not negative."""
    fits = isinstance(value, (str, int, float)) and not isinstance(value, bool) and amount_of(value) >= 0
    return "" if fits else "must be an amount such as 100m or 128Mi"


def _count_or_share(value: object) -> str:
    if isinstance(value, str):
        return "" if re.match(_PERCENT, value) else "must be a number, or a share such as 25%"
    return _COUNT(value)


def _port_of_probe(value: object) -> str:
    return "" if isinstance(value, str) else _PORT(value)


def _labels(value: object) -> str:
    if not isinstance(value, Mapping):
        return "must be a mapping"
    for key, item in value.items():
        if not isinstance(item, str):
            return f"the value of {key} must be text: put it in quotes"
        if not re.match(_LABEL, item):
            return f"the value of {key} must be 63 letters, digits, '-', '_' and '.' at most"
    return ""


def _mapping_of(check: Check) -> Check:
    def of(value: object) -> str:
        if not isinstance(value, Mapping):
            return "must be a mapping"
        return next((f"{key}: {why}" for key, item in value.items() if item is not None and (why := check(item))), "")

    return of


_COUNT, _PORT = _number(0), _number(1, 65535)
_TEXTS: Fields = [_text]
_SELECTOR: Mapping[str, Fields] = {
    "matchLabels": _labels,
    "matchExpressions": [
        {"key": _text, "operator": _one_of("In", "NotIn", "Exists", "DoesNotExist"), "values": _TEXTS}
    ],
}
_REQUEST: Mapping[str, Fields] = {
    "path": _text,
    "port": _port_of_probe,
    "host": _text,
    "scheme": _one_of("HTTP", "HTTPS"),
    "httpHeaders": [{"name": _text, "value": _text}],
}
_HANDLERS: Mapping[str, Fields] = {
    "httpGet": _REQUEST,
    "tcpSocket": {"port": _port_of_probe, "host": _text},
    "exec": {"command": [_text]},
}
_PROBE: Mapping[str, Fields] = {
    **_HANDLERS,
    "grpc": {"port": _PORT, "service": _text},
    **dict.fromkeys(
        ("periodSeconds", "failureThreshold", "successThreshold", "timeoutSeconds", "initialDelaySeconds"), _COUNT
    ),
}
_ONCE: Mapping[str, Fields] = {**_PROBE, "successThreshold": _number(0, 1)}
_FROM: Mapping[str, Fields] = {"name": _subdomain, "key": _text, "optional": _bool}
_SECURITY: Mapping[str, Fields] = {
    "runAsNonRoot": _bool,
    **dict.fromkeys(("runAsUser", "runAsGroup"), _COUNT),
    "seccompProfile": {"type": _one_of("RuntimeDefault", "Unconfined", "Localhost")},
}
_AMOUNTS = _mapping_of(_amount)
_CONTAINER: Fields = {
    "name": _dns_label,
    **dict.fromkeys(("image", "workingDir"), _text),
    **dict.fromkeys(("tty", "stdin"), _bool),
    **dict.fromkeys(("command", "args"), _TEXTS),
    "terminationMessagePolicy": _one_of("File", "FallbackToLogsOnError"),
    "imagePullPolicy": _one_of("Always", "IfNotPresent", "Never"),
    "ports": [
        {
            "name": _text,
            "containerPort": _PORT,
            "hostPort": _number(0, 65535),
            "hostIP": _text,
            "protocol": _one_of("TCP", "UDP", "SCTP"),
        }
    ],
    "env": [
        {
            "name": _text,
            "value": _text,
            "valueFrom": {
                "fieldRef": {"fieldPath": _text},
                "configMapKeyRef": _FROM,
                "secretKeyRef": _FROM,
            },
        }
    ],
    "envFrom": [{"prefix": _text, "configMapRef": _FROM, "secretRef": _FROM}],
    "resources": {"requests": _AMOUNTS, "limits": _AMOUNTS},
    "readinessProbe": _PROBE,
    **dict.fromkeys(("livenessProbe", "startupProbe"), _ONCE),
    "lifecycle": dict.fromkeys(("preStop", "postStart"), _HANDLERS),
    "volumeMounts": [{"name": _text, "mountPath": _text, "subPath": _text, "readOnly": _bool}],
    "securityContext": {
        **_SECURITY,
        **dict.fromkeys(("allowPrivilegeEscalation", "readOnlyRootFilesystem", "privileged"), _bool),
        "capabilities": {"add": [_text], "drop": [_text]},
    },
}
_NODE_TERM: Mapping[str, Fields] = {
    "matchExpressions": [
        {
            "key": _text,
            "operator": _one_of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
            "values": _TEXTS,
        }
    ]
}
_POD_TERM: Mapping[str, Fields] = {"topologyKey": _text, "labelSelector": _SELECTOR, "namespaces": _TEXTS}
_WEIGHT = _number(1, 100)
_REQUIRED, _PREFERRED = (f"{word}DuringSchedulingIgnoredDuringExecution" for word in ("required", "preferred"))
_NODE_AFFINITY: Mapping[str, Fields] = {
    _REQUIRED: {"nodeSelectorTerms": [_NODE_TERM]},
    _PREFERRED: [{"weight": _WEIGHT, "preference": _NODE_TERM}],
}
_POD_AFFINITY: Mapping[str, Fields] = {
    _REQUIRED: [_POD_TERM],
    _PREFERRED: [{"weight": _WEIGHT, "podAffinityTerm": _POD_TERM}],
}
_POD: Mapping[str, Fields] = {
    **dict.fromkeys(("serviceAccountName", "nodeName", "priorityClassName"), _subdomain),
    "schedulerName": _text,
    **dict.fromkeys(
        ("automountServiceAccountToken", "hostNetwork", "enableServiceLinks", "shareProcessNamespace"), _bool
    ),
    "restartPolicy": _one_of("Always", "OnFailure", "Never"),
    "dnsPolicy": _one_of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "terminationGracePeriodSeconds": _number(-_INT64, _INT64),
    "nodeSelector": _labels,
    "securityContext": {**_SECURITY, "fsGroup": _COUNT},
    "imagePullSecrets": [{"name": _text}],
    "tolerations": [
        {
            **dict.fromkeys(("key", "value"), _text),
            "operator": _one_of("", "Equal", "Exists", "Lt", "Gt"),
            "effect": _one_of("", "NoSchedule", "PreferNoSchedule", "NoExecute"),
            "tolerationSeconds": _number(-_INT64, _INT64),
        }
    ],
    "topologySpreadConstraints": [
        {
            "maxSkew": _number(1),
            "topologyKey": _text,
            "whenUnsatisfiable": _one_of("DoNotSchedule", "ScheduleAnyway"),
            "labelSelector": _SELECTOR,
        }
    ],
    "affinity": {"nodeAffinity": _NODE_AFFINITY, **dict.fromkeys(("podAffinity", "podAntiAffinity"), _POD_AFFINITY)},
    "containers": [_CONTAINER],
    "initContainers": [_CONTAINER],
    "volumes": [
        {
            "name": _dns_label,
            "configMap": {"name": _text, "defaultMode": _number(0, 0o777)},
            "secret": {"secretName": _text, "defaultMode": _number(0, 0o777)},
            "emptyDir": {"sizeLimit": _amount},
            "persistentVolumeClaim": {"claimName": _text},
        }
    ],
}
_METADATA: Mapping[str, Fields] = {
    "name": _subdomain,
    "namespace": _text,
    "labels": _labels,
    "annotations": _mapping_of(_text),
}
_TEMPLATE: Mapping[str, Fields] = {"metadata": _METADATA, "spec": _POD}
_WORKLOAD: Mapping[str, Fields] = {"replicas": _COUNT, "selector": _SELECTOR, "template": _TEMPLATE}
_DEPLOYMENT: Mapping[str, Fields] = {
    **_WORKLOAD,
    **dict.fromkeys(("minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"), _COUNT),
    "paused": _bool,
    "strategy": {
        "type": _one_of("RollingUpdate", "Recreate"),
        "rollingUpdate": {"maxSurge": _count_or_share, "maxUnavailable": _count_or_share},
    },
}
_UPDATES: Mapping[str, Fields] = {
    "updateStrategy": {"type": _one_of("RollingUpdate", "OnDelete")},
    "minReadySeconds": _COUNT,
}
_SPECS: Mapping[str, Fields] = {
    "Deployment": _DEPLOYMENT,
    "ReplicaSet": {**_WORKLOAD, "minReadySeconds": _COUNT},
    "StatefulSet": {
        **_WORKLOAD,
        **_UPDATES,
        "serviceName": _text,
        "podManagementPolicy": _one_of("OrderedReady", "Parallel"),
    },
    "DaemonSet": {"selector": _SELECTOR, "template": _TEMPLATE, **_UPDATES},
    "Pod": _POD,
}
FIELDS: Mapping[str, Fields] = {kind: {"metadata": _METADATA, "spec": spec} for kind, spec in _SPECS.items()}
"""By kind of workload: what its fields may hold."""
