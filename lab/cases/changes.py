"""Single changes of a Service, some of which the API server refuses; ../accepted.jsonl says which."""

import copy
import re
from collections.abc import Mapping
from typing import Any

_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_SERVICE: Mapping[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "type": "LoadBalancer",
        "selector": {"app": "web"},
        "ports": [{"name": "http", "port": 80, "targetPort": 8080}],
    },
}


def _ports(**fields: Any) -> dict[str, Any]:
    return {"spec.ports": [{"port": 80, **fields}]}


def _two(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    return {"spec.ports": [{"port": 80, **first}, {"port": 81, **second}]}


def _affinity(**config: Any) -> dict[str, Any]:
    return {"spec.sessionAffinity": "ClientIP", "spec.sessionAffinityConfig": config}


def _each(field: str, *values: Any) -> tuple[dict[str, Any], ...]:
    return tuple({field: value} for value in values)


_LOCAL = {"spec.externalTrafficPolicy": "Local"}
_BOTH = ["IPv4", "IPv6"]

_NAMES = ("web", "w" * 63, "w" * 64, "Web", "web.shop", "-web", "web-", "web_1", "1web", "é")
_KEYS = ("a", "A.b_c-d", "example.com/a", "a/b/c", "/a", "a/", "-a", "a b", "a" * 63, "a" * 64, "Example.com/a")
_VALUES = ("", "a", "A.b_c", "a b", "-", "a" * 63, "a" * 64, "a/b")
_CIDRS = (
    "10.0.0.0/8",
    "10.0.0.1/8",
    "010.0.0.0/8",
    "10.0.0.0",
    "10.0.0.0/33",
    " 10.0.0.0/8 ",
    "2001:db8::/32",
    "::/0",
    "x",
    "",
)
_TEXTS = ("metadata.annotations", "metadata.labels", "spec.selector")

CHANGES: tuple[dict[str, Any], ...] = (
    *_each("metadata.name", *_NAMES),
    *({field: {key: "x"}} for field in _TEXTS for key in _KEYS),
    *({field: {"a": value}} for field in _TEXTS for value in _VALUES),
    *_each("spec.loadBalancerSourceRanges", *([one] for one in _CIDRS), ["10.0.0.0/8", "10.0.0.0/99"]),
    *_each("metadata.annotations", *({_RANGES: one} for one in (*_CIDRS, "10.0.0.0/8,x", "10.0.0.0/8, 192.0.2.0/24"))),
    _two({"name": "a"}, {}),
    _two({"name": "a"}, {"name": "b", "port": 80, "protocol": "UDP"}),
    *(_ports(name=name) for name in ("http", "Http", "a" * 63, "a" * 64, "1")),
    *(_ports(targetPort=target) for target in ("http", "a" * 15, "a" * 16, "Http", "1", "a-1", 65536, 1)),
    *(_ports(nodePort=number) for number in (80, 29999, 30000, 32767, 32768)),
    *(_ports(port=number) for number in (1, 65535)),
    *(_ports(protocol=protocol) for protocol in ("UDP", "ICMP")),
    {"spec.externalTrafficPolicy": "Nowhere"},
    *_each("spec.sessionAffinity", "ClientIP", "None", ""),
    _affinity(clientIP={"timeoutSeconds": 10}),
    _affinity(clientIP={"timeoutSeconds": 86400}),
    *_each("spec.externalTrafficPolicy", "Local", "", None),
    {"spec.internalTrafficPolicy": "Local"},
    *_each("spec.ipFamilies", ["IPv6"], []),
    {"spec.ipFamilyPolicy": "PreferDualStack"},
    {"spec.ipFamilies": ["IPv4"], "spec.ipFamilyPolicy": "PreferDualStack"},
    {"spec.ipFamilies": _BOTH, "spec.ipFamilyPolicy": "RequireDualStack"},
    *_each("spec.loadBalancerIP", "10.0.0", "2001:db8::1", "x y"),
    *_each("spec.loadBalancerSourceRanges", ["10.0.0.0/8"], ["::/0", "0.0.0.0/0"]),
    *_each("spec.loadBalancerClass", "a/b", "internal"),
    {"spec.allocateLoadBalancerNodePorts": False},
    {"spec.clusterIP": ""},
    {"spec.externalIPs": ["1.2.3.4"]},
    {"spec.publishNotReadyAddresses": True},
    _LOCAL | {"spec.healthCheckNodePort": 30124},
    *_each("spec.trafficDistribution", "PreferClose", "PreferSameNode"),
    *_each("spec.selector", {}, {"app": ""}),
    _two({"name": "a"}, {"name": "b"}),
    *(_ports(name=name) for name in ("", "1", "a-b")),
    *(_ports(protocol=protocol) for protocol in ("SCTP", "")),
    *(_ports(targetPort=target) for target in ("http-x", 0, "")),
    *(_ports(nodePort=number) for number in (31000, 0)),
    _two({"name": "a", "nodePort": 31002}, {"name": "b", "port": 80, "protocol": "UDP", "nodePort": 31002}),
    *(_ports(appProtocol=protocol) for protocol in ("http", "HTTP", "kubernetes.io/h2c")),
    *_each("metadata.name", "1web", "a" * 63),
    *_each("metadata.annotations", {"A.B/c": "d"}, {"x": ""}, {_RANGES: ""}, {_RANGES: "10.0.0.0/8, 11.0.0.0/8"}),
    {"metadata.annotations": {"x": "y" * 200_000}},
    {"metadata.labels": {"x.y/z": "b"}},
    {"metadata.finalizers": ["a/b"]},
    {"spec.sessionAffinity": "clientip"},
    _affinity(clientIP={"timeoutSeconds": 86401}),
    _affinity(clientIP={"timeoutSeconds": 0}),
    {"spec.externalTrafficPolicy": "local"},
    {"spec.internalTrafficPolicy": "x"},
    *_each("spec.ipFamilies", ["IPv4", "IPv4"], ["IPv5"], _BOTH),
    {"spec.ipFamilies": _BOTH, "spec.ipFamilyPolicy": "SingleStack"},
    {"spec.ipFamilyPolicy": "singlestack"},
    *_each("spec.loadBalancerSourceRanges", ["10.0.0.1/8"], ["10.0.0.1"], [""], ["010.0.0.0/8"]),
    {"spec.loadBalancerSourceRanges": ["::ffff:1.2.3.0/120"]},
    *_each("spec.loadBalancerClass", "", "a b"),
    *_each("spec.clusterIP", "10.0.0.300", "None"),
    *_each("spec.externalIPs", ["x"], ["127.0.0.1"], ["0.0.0.0"], ["::1"], ["224.0.0.1"], ["169.254.1.1"]),  # noqa: S104 - nothing is bound to it
    {"spec.healthCheckNodePort": 30123},
    _LOCAL | {"spec.healthCheckNodePort": 70000},
    {"spec.trafficDistribution": "x"},
    *_each(
        "spec.selector", {"a b": "c"}, {"app": "a b"}, {"App/x": "y"}, {"-a": "b"}, {"a" * 64: "b"}, {"app": "x" * 64}
    ),
    {"spec.ports": []},
    _two({}, {}),
    _two({"name": "a"}, {"name": "a"}),
    _two({"name": "a"}, {"name": "b", "port": 80}),
    *(_ports(name=name) for name in ("A", "a_b", "a.b", "x" * 64, "-a")),
    *(_ports(protocol=protocol) for protocol in ("tcp", "HTTP")),
    *(_ports(targetPort=target) for target in (70000, -1, "80", "a--b", "a_b", "-a", "123")),
    _two({"name": "a", "nodePort": 31001}, {"name": "b", "nodePort": 31001}),
    *(_ports(appProtocol=protocol) for protocol in ("", "a b", "x/y/z", "http ", "-x")),
    *(_ports(port=number) for number in (0, 65536, "80", 80.5)),
    *_each("metadata.name", "web.x", "Web", "web-", "a" * 64),
    *_each("metadata.annotations", {"a b": "c"}, {"a/b/c": "d"}, {"/b": "d"}, {"a/": "d"}, {"": "d"}, {"x" * 64: "d"}),
    {"metadata.annotations": {"x": "y" * 300_000}},
    *_each("metadata.annotations", {_RANGES: "x"}, {_RANGES: "10.0.0.1/8"}, {_RANGES: "10.0.0.0/8,"}),
    *_each("metadata.labels", {"a": "b c"}, {"a": "-b"}, {"a": "b" * 64}, {"X.y/z": "b"}),
    {"metadata.finalizers": ["x"]},
)


def changed(change: Mapping[str, Any]) -> dict[str, Any]:
    """The Service with a change, whose keys are paths of fields."""
    made: dict[str, Any] = copy.deepcopy(dict(_SERVICE))
    for field, value in change.items():
        parent, _, key = field.partition(".")
        made[parent][key] = value
    return made


def services() -> dict[str, dict[str, Any]]:
    """The changed Services, by what has changed: a row of the table that says nothing new counts once."""
    return {named(change): changed(change) for change in CHANGES}


def named(change: Mapping[str, Any]) -> str:
    """A change in one line; a letter that comes often is written once, with its number: a{64}."""
    return re.sub(r"(.)\1{15,}", lambda found: f"{found[1]}{{{len(found[0])}}}", str(dict(change)))
