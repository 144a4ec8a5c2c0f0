"""The full parser: what the fast reader declines, its bounds, and its errors."""

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.compose import MAX_CHARACTERS
from kubectl_akslb.manifest.nodes import Mapping, Scalar, Source, get
from kubectl_akslb.manifest.parse import parse, parse_data

DATA = [
    pytest.param("%YAML 1.1\n---\na: yes\n", {"a": True}, id="directive"),
    pytest.param("a: b\n...\n", {"a": "b"}, id="document end"),
    pytest.param("a: b\n  c\n", {"a": "b c"}, id="plain scalar over two lines"),
    pytest.param('a: "b\n  c"\n', {"a": "b c"}, id="quoted scalar over two lines"),
    pytest.param("? a\n: b\n", {"a": "b"}, id="explicit key"),
    pytest.param("a: |2\n   b\n", {"a": " b\n"}, id="indentation indicator"),
    pytest.param("a: [b, ]\nc: {d}\n", {"a": ["b"], "c": {"d": None}}, id="lax flow"),
    pytest.param('{"a": "\\ud83d\\ude00"}', {"a": "😀"}, id="surrogates of JSON"),
    pytest.param("a: &x 1\nb: *x\n*x : c\n", {"a": 1, "b": 1, "1": "c"}, id="aliases"),
    pytest.param("--- a\n", "a", id="root scalar"),
]


@pytest.mark.parametrize(("text", "expected"), DATA)
def test_data(text: str, expected: object) -> None:
    assert expected == parse_data(Source(text))[1]


ERRORS = [
    pytest.param("a:\n\tb: c\n", 2, 1, "a tab stands where only spaces may", "spaces", id="tab"),
    pytest.param("a: b: c\n", 1, 5, "mapping values", "quotes", id="two colons"),
    pytest.param("a: b\nc\n", 2, 1, "could not find expected ':'", "key: value", id="no colon"),
    pytest.param("a:\n  - b\n c: d\n", 3, 2, "expected <block end>", "Line it up", id="indentation"),
    pytest.param("a: b\nc: d\na: e\n", 3, 1, "'a' stands twice", "Remove one", id="duplicate key"),
    pytest.param("a: *b\n", 1, 4, "*b has no anchor", "Define", id="unknown alias"),
    pytest.param("a: &b [*b]\n", 1, 8, "inside its own anchor", "Define", id="recursive alias"),
    pytest.param("a: @b\n", 1, 4, "'@'", "quotes", id="reserved character"),
    pytest.param('a: "\\UFFFFFFFF"\n', 1, 1, "out of range", "caret", id="escape out of range"),
    pytest.param("a: 'b\n", 1, 4, "end of stream", "Close", id="open quote"),
    pytest.param("a: [b\n", 2, 1, "expected ','", "bracket", id="open bracket"),
    pytest.param("[a]: b\n", 1, 1, "a key must be a single value", "quotes", id="collection as key"),
    pytest.param("a: \x00b\n", 1, 4, "U+0000 is not allowed", "Remove", id="control character"),
    pytest.param('a: "\\ud83d"\n', 1, 4, "surrogate", "both halves", id="half a surrogate"),
    pytest.param("a: {{ .Values.x }}\n", 1, 5, "key", "helm template", id="template"),
    pytest.param("a: b\n---\nc: d\n", 2, 1, "second document", "a file of its own", id="two documents"),
    pytest.param("null: x\n", 1, 1, "a key is null", "JSON", id="null key"),
    pytest.param("a: " + "[" * 65 + "]" * 65, 1, 67, "deeper than 64", "flatten", id="depth"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), ERRORS)
def test_errors(text: str, line: int, column: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_data(Source(text, "web.yaml", 1))
    error = caught.value
    assert message in error.message
    assert hint in error.hint
    assert ("web.yaml", line, column) == (error.path, error.line, error.column)


def test_lines_are_those_of_the_file() -> None:
    with pytest.raises(InputError) as caught:
        parse(Source("---\na: b: c\n", "web.yaml", 100))
    assert (101, "a: b: c") == (caught.value.line, caught.value.source_line)


def test_long_documents_are_refused() -> None:
    with pytest.raises(InputError, match="characters"):
        parse(Source("a: &x b\n" + "#" * MAX_CHARACTERS))


def test_alias_bombs_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(InputError, match="aliases stand for more than"):
        parse(Source("\n".join(lines)))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &x b\n", ("a",)),
        ("a: &x b\nc: *x\n", ("c",)),
        ("a: !!str b\n", ("a",)),
        ("a: |2\n   b\n", ("a",)),
        ("a: &x {b: c}\n", ("a",)),
        ("a: &x\n  b: c\n", ("a",)),
        ("a: !!map\n  b: c\n", ("a",)),
        ("a: &x {b: c}\nd: *x\n", ("d",)),
        ("a:\n  ? b\n  : c\n", ("a",)),
    ],
)
def test_what_is_shared_or_unclear_is_not_editable(text: str, path: tuple[str, ...]) -> None:
    node = get(parse(Source(text)), *path)
    assert node is not None
    assert not node.editable


def test_an_alias_stands_where_it_is_written() -> None:
    text = "a: &x {b: c}\nd: *x\n"
    node = get(parse(Source(text)), "d")
    assert isinstance(node, Mapping)
    assert "*x" == text[node.start : node.end]


def test_an_empty_value_stands_behind_its_colon() -> None:
    node = get(parse(Source("a:  # c\n\nb: &x c\n")), "a")
    assert isinstance(node, Scalar)
    assert (2, 2, True) == (node.start, node.end, node.editable)
