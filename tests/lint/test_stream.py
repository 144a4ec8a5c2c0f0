"""What of a file is read for the rules, and what never is."""

import pytest

from kubectl_akslb.lint.stream import Stream
from tests.given.manifests import PREFIX, service

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {key: %s}\n"


def kinds(text: str) -> list[str]:
    return [one.kind for one in Stream("a.yaml", text.encode()).related]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (CONFIG_MAP % "value", []),
        (CONFIG_MAP % "server-snippet", ["ConfigMap"]),
        ("apiVersion: v1\nkind: Secret\nmetadata: {name: server-snippet}\n", []),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n", ["Deployment"]),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: [\n", []),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: a\n", []),
        ("apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n", ["Job"]),
        ("kind: List\nitems: [{kind: Ingress, metadata: {name: a}}, {kind: Secret, metadata: {name: b}}, 1]\n", ["Ingress"]),
        ("kind: List\nitems: [{kind: List, items: [{kind: Pod, metadata: {name: a}}]}]\n", ["Pod"]),
        ("- a\n", []),
    ],
)  # fmt: skip
def test_neighbours(text: str, wanted: list[str]) -> None:
    assert wanted == kinds(text)


def test_a_neighbour_knows_its_place() -> None:
    text = service() + "---\nkind: List\nitems:\n  - kind: Ingress\n    metadata:\n      name: a\n      namespace: b\n"
    (one,) = Stream("a.yaml", text.encode()).related
    assert ("a", "b", 1, ("items", 0)) == (one.name, one.namespace, one.document, one.at)
    assert (text.split("\n").index("      name: a") + 1, 13) == one.place("metadata", "name")[1:3]


def test_bystanders_are_read_only_where_a_key_can_be_ours() -> None:
    plain = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, annotations: {a: b}}\n"
    ours = plain.replace("a: b", f"{PREFIX}azure-dns-label-name: b").replace("name: a", "name: b")
    found = Stream("a.yaml", f"{plain}---\n{ours}".encode()).other_objects
    assert [("Deployment", "b")] == [(one.kind, one.name) for one in found]


def test_services_of_other_types_are_bystanders() -> None:
    text = service() + "---\n" + service().replace("LoadBalancer", "NodePort").replace("web", "api")
    stream = Stream("a.yaml", text.encode())
    assert (["web"], ["api"]) == (
        [one.service.name for one in stream.services],
        [one.name for one in stream.other_objects],
    )
