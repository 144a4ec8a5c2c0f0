"""Names, keys and labels that no object can have: the API server refuses them, and the verdict is never WORKS."""

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.path.api_server import faults
from kubectl_akslb.profile.load import default_profile

PORTS = [{"port": 80}]


def fields(metadata: dict[str, object], **spec: object) -> list[object]:
    """The fields that the API server refuses."""
    content = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", **metadata}}
    service = decode({**content, "spec": {"type": "LoadBalancer", "ports": PORTS, **spec}})
    return [one.facts["field"] for one in faults(Context(service, default_profile().cluster))]


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
