"""Names, keys and labels that no object can have: the API server refuses them, and the verdict is never WORKS."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.path.api_server import faults, other_faults
from kubectl_akslb.profile.load import default_profile
from tests.given.services import on

PORTS = [{"port": 80}]


def fields(metadata: dict[str, object], version: str = "", **spec: object) -> list[object]:
    """The fields that the API server refuses."""
    cluster = on(version) if version else default_profile().cluster
    content = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", **metadata}}
    service = decode({**content, "spec": {"type": "LoadBalancer", "ports": PORTS, **spec}})
    return [one.facts["field"] for one in faults(Context(service, cluster))]


@pytest.mark.parametrize("name", ["web", "web-1", "w" * 63])
def test_a_name_that_is_taken(name: str) -> None:
    assert [] == fields({"name": name, "namespace": name})


@pytest.mark.parametrize(
    "name", ["Web", "a.b", "-a", "a-", "a_b", "a b", "é", "--kubeconfig=x", "$(x)", "w" * 64, "a\n"]
)
def test_a_name_that_is_refused(name: str) -> None:
    assert ["metadata.name"] == fields({"name": name})
    assert ["metadata.namespace"] == fields({"namespace": name})


@pytest.mark.parametrize("key", ["a", "A.b_c-d", "example.com/a", "a" * 63, f"{'a' * 63}.b/c"])
def test_a_key_that_is_taken(key: str) -> None:
    assert [] == fields({"annotations": {key: "$(anything)"}, "labels": {key: "a.B_c"}}, selector={key: ""})


def test_only_keys_of_annotations_may_have_a_domain_in_capitals() -> None:
    key = "Example.com/a"
    assert ["metadata.labels", "spec.selector"] == fields(
        {"annotations": {key: "x"}, "labels": {key: "x"}}, selector={key: "x"}
    )


@pytest.mark.parametrize("key", ["", "-a", "a b", "/a", "a/", "a/b/c", "a_b/c", "a" * 64, "$(x)", "a\n"])
def test_a_key_that_is_refused(key: str) -> None:
    assert ["metadata.annotations"] == fields({"annotations": {key: "x"}})
    assert ["metadata.labels"] == fields({"labels": {key: "x"}})
    assert ["spec.selector"] == fields({}, selector={key: "x"})


@pytest.mark.parametrize("value", ["a b", "-", "a" * 64, "$(x)", "--kubeconfig=x", "a\n"])
def test_a_label_that_is_refused(value: str) -> None:
    assert ["metadata.labels.a"] == fields({"labels": {"a": value}})
    assert ["spec.selector.a"] == fields({}, selector={"a": value})


@pytest.mark.parametrize(
    ("spec", "field", "value", "raw"),
    [
        ({"clusterIP": "None"}, "spec.clusterIP", "None", "None"),
        ({"ports": [{"port": 80}, {"port": 81, "name": "b"}]}, "spec.ports[0].name", "", None),
        ({"ports": [{"port": 80, "nodePort": 80}]}, "spec.ports[0].nodePort", "80", "80"),
    ],
)
def test_the_value_is_told(spec: dict[str, object], field: str, value: str, raw: str | None) -> None:
    service = decode({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                      "spec": {"type": "LoadBalancer", "ports": PORTS, **spec}})  # fmt: skip
    (one,) = faults(Context(service, default_profile().cluster))
    assert one.origin is not None
    assert (field, value, field, raw) == (one.facts["field"], one.facts["value"], one.origin.path, one.origin.raw)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"clusterIPs": ["None"]}, ["spec.clusterIP"]),
        ({"clusterIPs": ["None", "fd00::1"]}, ["spec.clusterIP"]),
        ({"clusterIPs": ["10.0.0.1", "fd00::1"]}, []),
    ],
)
def test_a_service_without_an_address_in_the_cluster(spec: dict[str, Any], expected: list[str]) -> None:
    assert expected == fields({}, **spec)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"ports": [{"port": 80, "targetPort": 65535}]}, []),
        ({"ports": [{"port": 80, "targetPort": 65536}]}, ["spec.ports[0].targetPort"]),
        ({"ports": [{"port": 80, "nodePort": 30000}]}, []),
        ({"ports": [{"port": 80, "nodePort": 29999}]}, ["spec.ports[0].nodePort"]),
        ({"ports": [{"port": 80, "nodePort": 32767}]}, []),
        ({"ports": [{"port": 80, "nodePort": 32768}]}, ["spec.ports[0].nodePort"]),
        ({"externalTrafficPolicy": "Local", "healthCheckNodePort": 65535}, []),
        ({"externalTrafficPolicy": "Local", "healthCheckNodePort": 65536}, ["spec.healthCheckNodePort"]),
        ({"healthCheckNodePort": 31000}, ["spec.healthCheckNodePort"]),
    ],
)
def test_numbers_at_both_sides_of_their_bounds(spec: dict[str, Any], expected: list[str]) -> None:
    assert expected == fields({}, **spec)


@pytest.mark.parametrize(("version", "expected"), [("1.23.30", ["spec.ports[1].protocol"]), ("1.24.0", [])])
def test_before_1_24_each_protocol_other_than_the_first_is_refused(version: str, expected: list[str]) -> None:
    ports = [{"port": 80, "name": "a"}, {"port": 81, "name": "b", "protocol": "UDP"}, {"port": 82, "name": "c"}]
    assert expected == fields({}, version, ports=ports)


@pytest.mark.parametrize(
    ("item", "version", "refused"),
    [
        ("::ffff:10.0.0.0/104", "1.35.6", False),
        ("::ffff:10.0.0.0/104", "1.36.0", True),
        ("::fffe:10.0.0.0/104", "1.36.0", False),
        ("1::ffff:10.0.0.0/104", "1.36.0", False),
        ("10.0.0.0/8", "1.36.0", False),
    ],
)
def test_an_ipv4_range_written_as_one_of_ipv6(item: str, version: str, refused: bool) -> None:
    assert ["spec.loadBalancerSourceRanges"] * refused == fields({}, version, loadBalancerSourceRanges=[item])


AFFINITY = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
FINALIZERS = "metadata.finalizers"


def affinity(seconds: object, kind: str = "ClientIP") -> dict[str, object]:
    config = {"clientIP": {"timeoutSeconds": seconds}}
    return {"spec": {"sessionAffinity": kind, "sessionAffinityConfig": config}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (affinity(0), [AFFINITY]),
        (affinity(1), []),
        (affinity(86400), []),
        (affinity(86401), [AFFINITY]),
        (affinity(0, "None"), []),
        ({"metadata": {"finalizers": ["foregroundDeletion", "orphan", "example.com/a"]}}, []),
        ({"metadata": {"finalizers": ["web"]}}, [FINALIZERS]),
        ({"metadata": {"finalizers": ["a b/c"]}}, [FINALIZERS]),
        ({"metadata": {"finalizers": [1, "web"]}}, [FINALIZERS]),
        ({"spec": {"externalIPs": ["192.0.2.7", "2001:db8::7"]}}, []),
        ({"spec": {"externalIPs": ["127.0.0.1", "192.0.2.7", "fe80::1", "224.0.0.7"]}}, ["spec.externalIPs"] * 3),
        ({"spec": {"externalIPs": ["::", "x"]}}, ["spec.externalIPs"] * 2),
        ({"spec": {"clusterIP": "127.0.0.1"}}, []),
        ({"spec": {"clusterIP": "x"}}, ["spec.clusterIP"]),
        ({"spec": {"clusterIP": "None"}}, []),
    ],
)
def test_fields_that_no_provider_reads(data: dict[str, object], expected: list[str]) -> None:
    assert expected == [one.facts["field"] for one in other_faults(data, default_profile().cluster)]
