"""One meaning of a list, everywhere."""

from typing import Any

import pytest

from kubectl_akslb.lint.stream import Stream
from kubectl_akslb.manifest.load import IGNORED, load
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.manifest.stream import split

SERVICE = {"apiVersion": "v1", "kind": "Service"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SERVICE, [((), "Service")]),
        ({"kind": "List", "items": [SERVICE, {"kind": "Pod"}]}, [(("items", 0), "Service"), (("items", 1), "Pod")]),
        ({"kind": "ServiceList", "apiVersion": "v1", "items": [{"metadata": {}}]}, [(("items", 0), "Service")]),
        ({"kind": "ServiceList", "items": [{"kind": None}]}, [(("items", 0), "Service")]),
        ({"kind": "DeploymentList", "items": [{}, SERVICE]}, [(("items", 0), "Deployment"), (("items", 1), "Service")]),
        ({"kind": "List", "items": [{"kind": "GatewayList", "items": [{}]}]}, [(("items", 0, "items", 0), "Gateway")]),
        ({"kind": "List", "items": [{"kind": {}}, {"kind": 1}, {}, [], None, "x"]}, []),
        ({"kind": "List"}, [((), "List")]),
        ({"kind": "List", "items": {}}, [((), "List")]),
        ({"kind": {}}, []),
        ([SERVICE], []),
        (None, []),
    ],
)
def test_objects(data: Any, expected: list[tuple[Path, str]]) -> None:
    assert [(at, item["kind"]) for at, item in objects(data)] == expected


def test_an_item_has_the_group_of_its_list() -> None:
    ((_, item),) = objects({"kind": "ServiceList", "apiVersion": "v1", "items": [{"spec": {}}]})
    assert item == {"kind": "Service", "apiVersion": "v1", "spec": {}}


BALANCER = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n"


@pytest.mark.parametrize("tail", ["...\n", "...\r\n", "... # end\n"])
@pytest.mark.parametrize("before", [BALANCER, "kind: Secret\n"])
def test_what_stands_behind_an_end_is_read_by_nobody(before: str, tail: str) -> None:
    loaded = load((before + tail + BALANCER).encode(), "x.yaml")
    assert len(loaded.services) == (before == BALANCER)
    assert [(one.message, one.line) for one in loaded.problems] == [(IGNORED, before.count("\n") + 2)]


@pytest.mark.parametrize("tail", ["...\n---\n", "...\n# c\n---\n", "...\n\n---\n"])
def test_a_document_begins_behind_an_end(tail: str) -> None:
    loaded = load((BALANCER + tail + BALANCER).encode())
    assert (len(loaded.services), loaded.problems) == (2, ())


def test_a_secret_behind_an_end_hides_no_service() -> None:
    data = (BALANCER + "...\nkind: Secret\nstringData: {a: b}\n").encode()
    assert [document.ignored for document in split(data)] == [False, True]
    assert len(load(data).services) == 1
    assert not load(data).problems


def test_a_secret_in_a_stream_with_a_lone_carriage_return_hides_no_service() -> None:
    data = (BALANCER + "# a\rb: 1\n---\nkind: Secret\n").encode()
    assert len(load(data).services) == 1
    assert load(data).secrets == 1


@pytest.mark.parametrize("kind", ["List", "DeploymentList"])
def test_lint_reads_the_workloads_of_every_list(kind: str) -> None:
    item = "{metadata: {name: a}, kind: Deployment}" if kind == "List" else "{metadata: {name: a}}"
    stream = Stream("x.yaml", f"apiVersion: v1\nkind: {kind}\nitems: [{item}]\n".encode())
    assert [(one.kind, one.name) for one in stream.related] == [("Deployment", "a")]
