"""Finding the Services of a file, with everything that can be in one."""

import gc
import subprocess
import sys
from collections.abc import Callable

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.load import load

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  type: {type}
  ports:
    - name: http
      port: 80
"""
HIDDEN = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: Service LoadBalancer\n  b: {x}\n"


def service(name: str, kind: str = "LoadBalancer") -> str:
    return SERVICE.format(name=name, type=kind)


def indented(text: str, width: int) -> str:
    return "".join(" " * width + line for line in text.splitlines(keepends=True))


def test_services_in_order_with_their_places() -> None:
    stream = f"---\n# Source: web/templates/a.yaml\n{service('a')}---\nkind: Job\n---\n{service('b')}"
    loaded = load(stream.encode(), "all.yaml")
    assert [("a", 0, 3, "web/templates/a.yaml"), ("b", 2, 15, "")] == [
        (found.service.name, found.document, found.line, found.source) for found in loaded.services
    ]
    assert ("all.yaml", 23, 13, "      port: 80") == loaded.services[1].place("spec", "ports", 0, "port")
    assert ((), 3) == (loaded.problems, len(loaded.documents))


def test_items_of_a_list() -> None:
    items = f"-\n{indented(service('a'), 2)}-\n{indented(service('b', 'NodePort'), 2)}-\n{indented(service('c'), 2)}"
    loaded = load(f"apiVersion: v1\nkind: List\nitems:\n{items}".encode())
    assert [("a", ("items", 0), 5), ("c", ("items", 2), 25)] == [
        (found.service.name, found.at, found.line) for found in loaded.services
    ]
    assert 1 == loaded.other_services
    assert 28 == loaded.services[1].place("metadata", "name").line


def test_json() -> None:
    text = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"type":"LoadBalancer","ports":[{"port":1}]}}'
    (found,) = load(text.encode()).services
    assert ("a", 1) == (found.service.name, found.line)
    assert text.index("1}]") + 1 == found.place("spec", "ports", 0, "port").column


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("name: a", "name: &n a"), id="by the full parser"),
        pytest.param(lambda text: text.replace("LoadBalancer", '"\\x4coadBalancer"'), id="escaped"),
        pytest.param(lambda text: text.rstrip("\n"), id="no line break at the end"),
        pytest.param(lambda text: indented(text, 2), id="indented"),
    ],
)
def test_the_same_service_in_other_clothes(change: Callable[[str], str]) -> None:
    expected = load(service("a").encode()).services[0].service
    assert [expected] == [found.service for found in load(change(service("a")).encode()).services]


def test_other_types_are_counted_or_returned() -> None:
    stream = f"{service('a', 'ClusterIP')}---\n{service('b')}---\n{service('c', 'NodePort')}".encode()
    loaded = load(stream)
    assert (["b"], 2) == ([found.service.name for found in loaded.services], loaded.other_services)
    loaded = load(stream, every_type=True)
    assert (["a", "b", "c"], 0) == ([found.service.name for found in loaded.services], loaded.other_services)


def test_secrets_are_never_read() -> None:
    broken = HIDDEN.format(x="'not closed")
    loaded = load(f"{broken}---\n{service('a')}---\n{broken}".encode())
    assert (1, (), 2) == (len(loaded.services), loaded.problems, loaded.secrets)


def test_an_error_beside_a_secret_quotes_no_line() -> None:
    items = indented(HIDDEN.format(x="password: x: y"), 4) + "  -\n" + indented(service("a"), 4)
    (problem,) = load(f"apiVersion: v1\nkind: List\nitems:\n  -\n{items}".encode()).problems
    assert ("", 11) == (problem.source_line, problem.line)


def test_a_document_that_cannot_be_read_does_not_hide_the_others() -> None:
    broken = service("b").replace("port: 80", "port: 80: 81")
    loaded = load(f"{service('a')}---\n{broken}---\n{service('c')}".encode(), "x.yaml")
    assert ["a", "c"] == [found.service.name for found in loaded.services]
    assert [("x.yaml", 19)] == [(problem.path, problem.line) for problem in loaded.problems]


def test_a_broken_item_does_not_hide_the_others() -> None:
    items = "".join(f"-\n{indented(service(name), 2)}" for name in "abc").replace("name: b", "name: 5")
    loaded = load(f"apiVersion: v1\nkind: List\nitems:\n{items}".encode())
    assert ["a", "c"] == [found.service.name for found in loaded.services]
    assert ["items[1].metadata.name must be a string, but it is the number 5"] == [p.message for p in loaded.problems]


@pytest.mark.parametrize("data", [b"", b"\n", b"# c\n", b"---\n---\n", b"kind: Service\n", b"\xef\xbb\xbf"])
def test_nothing_to_find(data: bytes) -> None:
    loaded = load(data)
    assert ((), ()) == (loaded.services, loaded.problems)


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"a: b\nc: \xc3\xa9\xff\n", "byte 10 (0xff) is not UTF-8", 2, 5),
        (b"a: \x80", "byte 3 (0x80) is not UTF-8", 1, 4),
        ("a: b\n".encode("utf-16"), "the file is UTF-16, not UTF-8", 1, 1),
    ],
)
def test_not_utf8(data: bytes, message: str, line: int, column: int) -> None:
    with pytest.raises(InputError) as caught:
        load(data, "x.yaml")
    assert (message, line, column) == (caught.value.message, caught.value.line, caught.value.column)


def test_the_garbage_collector_is_left_as_it_was() -> None:
    load(service("a").encode())
    assert gc.isenabled()


def test_documents_that_the_fast_reader_reads_do_not_import_ruamel() -> None:
    code = "import sys; from kubectl_akslb.manifest.load import load; load(sys.stdin.buffer.read()); print('ruamel.yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], input=service("a"), capture_output=True, text=True, check=True)
    assert "False\n" == done.stdout


@pytest.mark.parametrize(
    ("data", "files", "told"),
    [
        (b"a: [\n", 1, True),
        (b"a: [\n", 3, True),
        (b"a: [\n", 1_000_000, False),  # so many are not looked at
        (b"a: [{{ .Values.a }}\n", 1, True),
        (b"a: [{{ .Values.a }}\n", 2, False),  # a template of a chart, beside what is asked for
        (b"<html>404</html>\n", 1, True),
        (b"Error\n", 2, True),
        (b" a: 1\nb: 2\n", 1, True),
        (b"a: 1\n---\nb: [\n", 1, True),
        (b"null\n", 1, False),
        (b"---\n# nothing\n", 1, False),
        (b"- a\n", 1, False),
        (b"kind: Secret\ndata: [\n", 1, False),
    ],
)
def test_what_is_no_yaml_is_told_of_files_without_a_service(data: bytes, files: int, told: bool) -> None:
    assert told == bool(load(data, files=files).problems)
