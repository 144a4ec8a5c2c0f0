"""Cutting a stream into documents, and telling by bytes which of them can matter."""

import pytest

from kubectl_akslb.manifest.stream import split

CUTS = [
    pytest.param(b"", [], id="nothing"),
    pytest.param(b"a: 1\n", [b"a: 1\n"], id="one document without marker"),
    pytest.param(b"---\na: 1\n---\nb: 2\n", [b"---\na: 1\n", b"---\nb: 2\n"], id="two"),
    pytest.param(b"a: 1\n---\nb: 2\n", [b"a: 1\n", b"---\nb: 2\n"], id="the first without marker"),
    pytest.param(b"---\r\na: 1\r\n---\r\nb: 2\r\n", [b"---\r\na: 1\r\n", b"---\r\nb: 2\r\n"], id="CRLF"),
    pytest.param(b"\xef\xbb\xbf---\na: 1\n", [b"\xef\xbb\xbf---\na: 1\n"], id="byte order mark"),
    pytest.param(b"# c\n\n---\na: 1\n", [b"# c\n\n---\na: 1\n"], id="comments in front of the first marker"),
    pytest.param(b"%YAML 1.1\n---\na: 1\n", [b"%YAML 1.1\n---\na: 1\n"], id="directive"),
    pytest.param(b"a: 1\n...\n# c\n---\nb: 2\n", [b"a: 1\n...\n", b"# c\n---\nb: 2\n"], id="document end"),
    pytest.param(b"a: 1\n...\nb: 2\n", [b"a: 1\n...\n", b"b: 2\n"], id="bare document after an end"),
    pytest.param(b"---\n---\na: 1\n", [b"---\n", b"---\na: 1\n"], id="empty document"),
    pytest.param(b"---\n# c\n---\na: 1\n", [b"---\n# c\n", b"---\na: 1\n"], id="document of a comment"),
    pytest.param(b"a: 1\n--- # c\nb: 2\n", [b"a: 1\n", b"--- # c\nb: 2\n"], id="comment on the marker"),
    pytest.param(b"a: 1\n---# c\nb: 2\n", [b"a: 1\n", b"---# c\nb: 2\n"], id="comment at the marker"),
    pytest.param(b"a: 1\n--- {b: 2}\n", [b"a: 1\n", b"--- {b: 2}\n"], id="content on the marker's line"),
    pytest.param(b"a: 1\n---\tb\n", [b"a: 1\n", b"---\tb\n"], id="tab behind the marker"),
    pytest.param(b"a: 1\n---", [b"a: 1\n", b"---"], id="marker at the end"),
    pytest.param(b"a: |\n  ---\n  x\n", [b"a: |\n  ---\n  x\n"], id="indented dashes are text"),
    pytest.param(b"a: 1\n---x: 2\n", [b"a: 1\n---x: 2\n"], id="a word of dashes is text"),
    pytest.param(b"a: 1\n----\n", [b"a: 1\n----\n"], id="four dashes are text"),
    pytest.param(b"a: 1 ---\n", [b"a: 1 ---\n"], id="dashes inside a line are text"),
    pytest.param(b"a: 1\r---\rb: 2\r", [b"a: 1\r", b"---\rb: 2\r"], id="lone carriage returns"),
]


@pytest.mark.parametrize(("data", "expected"), CUTS)
def test_split(data: bytes, expected: list[bytes]) -> None:
    documents = split(data)
    assert expected == [document.raw for document in documents]
    assert data == b"".join(document.raw for document in documents)


def test_documents_know_their_first_line() -> None:
    assert [1, 4, 6] == [document.line for document in split(b"# c\n---\na: 1\n---\nb: 2\n---\nc: 3\n")]


def test_comments_with_crlf_are_cut_in_linear_time() -> None:
    data = b"# c\r\n" * 20_000 + b"a: 1\r\n---\r\nb: 2\r\n"
    assert 2 == len(split(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"---\n# Source: web/templates/service.yaml\nkind: Service\n", "web/templates/service.yaml"),
        (b"---\r\n# Source: web/templates/service.yaml\r\nkind: Service\r\n", "web/templates/service.yaml"),
        (b"---\nkind: Service\n", ""),
        (b"---\ntext: '# Source: x'\n", ""),
    ],
)
def test_source_is_the_template_that_helm_names(data: bytes, expected: str) -> None:
    assert expected == split(data)[0].source


KINDS = [
    pytest.param(b"kind: Service\n", {b"Service"}, id="first line"),
    pytest.param(b"---\napiVersion: v1\nkind: Service\n", {b"Service"}, id="later line"),
    pytest.param(b"\xef\xbb\xbfkind: Secret\n", {b"Secret"}, id="behind a byte order mark"),
    pytest.param(b'"kind": "Service"\r\n', {b"Service"}, id="quoted, CRLF"),
    pytest.param(b"kind:   'Service'  # c\n", {b"Service"}, id="spaces and comment"),
    pytest.param(b"---\n# c\n  apiVersion: v1\n  kind: Service\n", {b"Service"}, id="indented root"),
    pytest.param(b"spec:\n  kind: Service\nkind: Job\n", {b"Job"}, id="nested kinds do not count"),
    pytest.param(b"spec:\n  kind: Service\n", set(), id="none"),
    pytest.param(b"kind: &k Service\n", set(), id="anchored: cannot be told"),
    pytest.param(b'{"kind":"Service","x":{"kind":"Pod"}}', {b"Service"}, id="JSON"),
    pytest.param(b'{"x": {"kind": "Service"}, "kind" : "Secret"}', {b"Secret"}, id="JSON, last key"),
    pytest.param(b"---\n{apiVersion: v1, kind: Service}\n", {b"Service"}, id="flow"),
]


@pytest.mark.parametrize(("data", "expected"), KINDS)
def test_kinds(data: bytes, expected: set[bytes]) -> None:
    assert expected == split(data)[0].kinds


MAY_HOLD = [
    pytest.param(b"kind: Service\nspec: {type: LoadBalancer}\n", True, id="plain"),
    pytest.param(b"kind: Service\nspec: {type: ClusterIP}\n", False, id="another type"),
    pytest.param(b"kind: ConfigMap\ndata: {a: Service LoadBalancer}\n", False, id="another kind"),
    pytest.param(b"kind: List\nitems: [{kind: Service, spec: {type: LoadBalancer}}]\n", True, id="List"),
    pytest.param(b"kind: Secret\nstringData: {a: Service LoadBalancer}\n", False, id="Secret"),
    pytest.param(b'kind: Service\nspec: {type: "\\x4coadBalancer"}\n', True, id="escaped type"),
    pytest.param(b'kind: "\\u0053ervice"\nspec: {type: LoadBalancer}\n', True, id="escaped kind"),
    pytest.param(b'kind: Service\nspec: {type: "Load\\\n  Balancer"}\n', True, id="continued type"),
    pytest.param(b"kind: Service\nspec: {type: !!binary TG9hZEJhbGFuY2Vy}\n", True, id="binary type"),
    pytest.param(b"kind: Service\nspec: {type: *t}\nx: &t LoadBalancer\n", True, id="alias"),
]


@pytest.mark.parametrize(("data", "expected"), MAY_HOLD)
def test_may_hold(data: bytes, expected: bool) -> None:
    assert expected == split(data)[0].may_hold(b"Service", b"LoadBalancer")


SERVICE = b'{"kind": "Service", "a": "}{"}'


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(SERVICE + SERVICE, [SERVICE, SERVICE], id="in a line"),
        pytest.param(SERVICE + b"\n\n" + SERVICE + b"\n", [SERVICE + b"\n\n", SERVICE + b"\n"], id="on lines of their own"),
        pytest.param(b"\n " + SERVICE + b" " + SERVICE, [b"\n " + SERVICE + b" ", SERVICE], id="behind blanks"),
        pytest.param(SERVICE + SERVICE + b"\n---\n" + SERVICE, [SERVICE, SERVICE + b"\n", b"---\n" + SERVICE], id="and a marker"),
        pytest.param(SERVICE + b"{}" + b"a: 1\n", [SERVICE, b"{}", b"a: 1\n"], id="and something else"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}{}", [b'{"a": ' + b"9" * 5000 + b"}", b"{}"], id="a number of 5,000 digits"),
        pytest.param(b'{"a": ' * 100_000 + b"}{", [b'{"a": ' * 100_000 + b"}{"], id="nested without end"),
        pytest.param(b"---\n" + SERVICE + b"\n" + SERVICE, [b"---\n" + SERVICE + b"\n" + SERVICE], id="no stream of JSON"),
        pytest.param(b"{a: 1}\n{b: 2}\n", [b"{a: 1}\n{b: 2}\n"], id="YAML"),
    ],
)  # fmt: skip
def test_objects_of_json_behind_each_other_are_documents(data: bytes, expected: list[bytes]) -> None:
    assert expected == [document.raw for document in split(data)]


BLOCK = b"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (b"kind: ConfigMap\nkind: Service\n", {b"ConfigMap", b"Service"}),
        (BLOCK + b"'kind': Service\n", {b"Secret", b"Service"}),
        (BLOCK, {b"Secret"}),
        (BLOCK + b"? kind\n: Service\n", set()),
        (BLOCK + b"<<: {kind: Service}\n", set()),
        (BLOCK + b"!!str kind: Service\n", set()),
        (BLOCK + b"&a kind: Service\n", set()),
        (BLOCK + b'"k\\x69nd": Service\n', set()),
        (BLOCK + b"kind:\n  Service\n", set()),
        (BLOCK + b"a: b\rkind: Service\n", set()),
        (BLOCK + b"a: b\xc2\x85kind: Service\n", set()),
        (BLOCK + b"a: b\xe2\x80\xa8'kind': Service\n", set()),
        (BLOCK + b"kind:\xe2\x80\xa9 Service\n", set()),
        (BLOCK + b"kind:\xc2\x85Service\n", set()),
        (BLOCK.replace(b"\n", b"\r\n"), {b"Secret"}),
        (b'{"kind": "Secret", "kind": "Service"}', {b"Secret", b"Service"}),
        (b'{"kind": "Secret", "k\\u0069nd": "Service"}', set()),
        (b'{"kind": "Secret", <<: {kind: Service}}', set()),
        (b'{"kind": "Secret", ? kind : Service}', set()),
        (b'{"kind": "Secret", kind: # c\n Service}', set()),
        (b'{"kind": "Secret",\xe2\x80\xa8kind: Service}', set()),
        (b'{"kind": "Secret", kind\xc2\x85: Service}', set()),
        (b'{"kind": "Secret", "a": {"kind": "Service"}}', {b"Secret"}),
    ],
)
def test_kinds_are_all_that_a_document_may_be(text: bytes, kinds: set[bytes]) -> None:
    assert kinds == split(text)[0].kinds
