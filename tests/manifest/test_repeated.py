"""What documents say alike is read once, and says what the whole document says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kubectl_akslb.manifest import load as load_module
from kubectl_akslb.manifest.load import FoundService, load
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.repeated import Repeated
from kubectl_akslb.manifest.stream import split
from tests.fuzz.generate import stream

ROOT = Path(__file__).parents[2]
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    example.com/a: "1"
spec:
  type: LoadBalancer
  ports:
  - port: 80
"""
CUT = [
    SERVICE,
    f"---\n# Source: web/templates/service.yaml\n{SERVICE}",
    SERVICE.replace("\n", "\r\n"),
    SERVICE.replace("  annotations:\n", "  annotations:\n    # why\n"),
    SERVICE.replace("  name: web\n", "  name: |\n    web\n\n"),
    SERVICE.replace('"1"', "{a: b}"),
    SERVICE.replace("    example.com", "        example.com"),
    SERVICE + "status: {}",
    SERVICE.replace("spec:", "# of the Service\nspec:  # what it wants"),
]
WHOLE = [
    "",
    "- a: b\n",
    "  a: b\n",
    "--- {a: b}\n",
    SERVICE + "...\n",
    SERVICE + "kind: Service\n",
    SERVICE.replace("  name: web\n", "  name: web\n  name: other\n"),
    SERVICE.replace("  name: web\n", "  name: &a web\n"),
    SERVICE.replace("  name: web\n", '  name: "web\n  more: x"\n'),
    SERVICE.replace("  name: web\n", "  name: {a: b,\n  more: x}\n"),
    SERVICE.replace("  name: web\n", "  name: web\n    more\n"),
    SERVICE.replace("  name: web\n", "  name: web\n more: x\n"),
    SERVICE.replace("  name: web\n", "  name: web\n\tmore: x\n"),
    SERVICE.replace("  name: web\n", "  <<: {a: b}\n"),
    SERVICE.replace("  name: web\n", "  1: x\n  '1': x\n"),
    SERVICE.replace("metadata:\n", "metadata:\n  a: b\n c: d\n"),
    SERVICE.replace("web", "w\x07eb"),
]


@pytest.mark.parametrize("text", CUT)
def test_a_document_is_cut(text: str) -> None:
    repeated = Repeated()
    root, expected = parse_data(Source(text))
    for _ in range(2):
        assert repeated.data(text) == (expected, root.start)


@pytest.mark.parametrize("text", WHOLE)
def test_a_document_is_read_as_a_whole(text: str) -> None:
    assert Repeated().data(text) is None


def documents() -> Iterator[str]:
    for number in range(1500):
        yield from texts(stream(number))
    for path in sorted((*ROOT.glob("examples/**/*.yaml"), *ROOT.glob("tests/**/*.yaml"))):
        yield from texts(path.read_bytes())


def texts(data: bytes) -> Iterator[str]:
    for document in split(data):
        try:
            yield document.text
        except UnicodeDecodeError:
            continue


def test_what_is_cut_is_what_the_whole_says() -> None:
    repeated = Repeated()
    cut = 0
    for text in documents():
        for found in (repeated.data(text), repeated.data(text)):
            if found is not None:
                root, expected = parse_data(Source(text))
                assert found == (expected, root.start), text
                assert repr(found[0]) == repr(expected), text  # the order, and 1 is not True
                cut += 1
    assert cut > 500


def test_equal_parts_are_one() -> None:
    repeated = Repeated()
    one, other = repeated.data(SERVICE), repeated.data(SERVICE.replace("name: web", "name: other"))
    assert one is not None and other is not None and one[0] != other[0]
    assert one[0]["spec"] is other[0]["spec"]


def told(one: FoundService) -> object:
    places = [one.place(*steps) for steps in ((), ("metadata",), ("metadata", "name"), ("spec", "ports", 0, "port"))]
    return one.service, one.data, one.line, one.source, one.node, one.itself.place(), places


BROKEN = SERVICE.replace("port: 80", "port: eighty")
LIST = """\
kind: List
apiVersion: v1
items:
- kind: Service
  apiVersion: v1
  metadata: {name: a}
  spec: {type: LoadBalancer, ports: [{port: 1}]}
"""


@pytest.mark.parametrize("every_type", [True, False])
def test_a_stream_of_many_documents_is_loaded_as_one_of_few(
    monkeypatch: pytest.MonkeyPatch, *, every_type: bool
) -> None:
    parts = [
        SERVICE, SERVICE.replace("web", "other"), BROKEN, LIST, SERVICE.replace("LoadBalancer", "ClusterIP"),
        SERVICE.replace("web", "&a web"), SERVICE.replace("Service", "ConfigMap"), f"# Source: a/b.yaml\n{SERVICE}",
    ]  # fmt: skip
    data = "---\n".join(parts).encode()
    few = load(data, "a.yaml", every_type=every_type)
    monkeypatch.setattr(load_module, "_MANY", 1)
    many = load(data, "a.yaml", every_type=every_type)
    assert [one.tree is None for one in many.services] == [one.at == () and one.document != 5 for one in many.services]
    assert [told(one) for one in many.services] == [told(one) for one in few.services]
    assert [vars(one) for one in many.problems] == [vars(one) for one in few.problems]
    assert len(many.problems) == 1
    assert (many.other_services, many.secrets) == (few.other_services, few.secrets)


def test_a_service_that_cannot_be_read_is_told_with_its_place() -> None:
    (problem,) = load("---\n".join([*[SERVICE] * 60, BROKEN]).encode()).problems
    assert (problem.line, problem.source_line) == (60 * 11 + 10, "  - port: eighty")
