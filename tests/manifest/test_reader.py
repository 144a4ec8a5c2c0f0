"""The fast reader: what it reads, where things stand, and what it leaves to the full parser."""

import pytest

from kubectl_akslb.manifest.compose import compose
from kubectl_akslb.manifest.nodes import Mapping, Scalar, Source, get, path_text, walk
from kubectl_akslb.manifest.reader import read
from kubectl_akslb.manifest.scalars import plain

READ = [
    pytest.param("a: b\n", {"a": "b"}, id="block mapping"),
    pytest.param("a: b", {"a": "b"}, id="no line break at the end"),
    pytest.param("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}, id="CRLF"),
    pytest.param("\ufeffa: b\n", {"a": "b"}, id="byte order mark"),
    pytest.param("---\na: b\n", {"a": "b"}, id="marker"),
    pytest.param("# c\n\n--- # c\n# c\na: b\n", {"a": "b"}, id="comments around the marker"),
    pytest.param("---\n# c\n", None, id="no content"),
    pytest.param("", None, id="empty"),
    pytest.param("  a: b\n  c: d\n", {"a": "b", "c": "d"}, id="indented root"),
    pytest.param("a:\n  b:\n    c: d\n", {"a": {"b": {"c": "d"}}}, id="nested"),
    pytest.param("a:\nb: # c\nc: ~\n", {"a": None, "b": None, "c": None}, id="empty values"),
    pytest.param("a: b # c\nd: e#f # g\n", {"a": "b", "d": "e#f"}, id="comments behind values"),
    pytest.param("a: b  \n", {"a": "b"}, id="trailing spaces"),
    pytest.param("a: http://x:80/y?z=1\n", {"a": "http://x:80/y?z=1"}, id="colons inside"),
    pytest.param("a: b, [c]\n", {"a": "b, [c]"}, id="brackets inside"),
    pytest.param("a: -1\nb: -x\n", {"a": -1, "b": "-x"}, id="leading dash"),
    pytest.param("a: \"b\"\nc: 'd'\n", {"a": "b", "c": "d"}, id="quotes"),
    pytest.param("a: 'it''s'\nb: \"x\\n\\u00e9\\\"\"\n", {"a": "it's", "b": 'x\né"'}, id="escapes"),
    pytest.param("\"a b\": 1\n'c': 2\n", {"a b": 1, "c": 2}, id="quoted keys"),
    pytest.param("a: é😀\n", {"a": "é😀"}, id="astral"),
    pytest.param("a:\n- b\n- c\n", {"a": ["b", "c"]}, id="dashes below their key"),
    pytest.param("a:\n  - b\n  -\n    c: d\n  -\ne: f\n", {"a": ["b", {"c": "d"}, None], "e": "f"}, id="dashes alone"),
    pytest.param("- \"a\"\n- 'b'\n- c: 'd'\n", ["a", "b", {"c": "d"}], id="quoted items"),
    pytest.param("- a: 1\n  b: 2\n- c: 3\n", [{"a": 1, "b": 2}, {"c": 3}], id="compact mappings"),
    pytest.param("- - a\n  - b\n-   - c\n", [["a", "b"], ["c"]], id="compact sequences"),
    pytest.param("- a:\n  - b\n  c: d\n", [{"a": ["b"], "c": "d"}], id="sequence below a compact key"),
    pytest.param("a: |\n  b\n    c\n\n  d\ne: f\n", {"a": "b\n  c\n\nd\n", "e": "f"}, id="literal"),
    pytest.param("a: |-\n  b\n\n\nc: d\n", {"a": "b", "c": "d"}, id="literal, stripped"),
    pytest.param("a: |+\n  b\n\nc: d\n", {"a": "b\n\n", "c": "d"}, id="literal, kept"),
    pytest.param("a: |\r\n  b\r\n  c\r\n", {"a": "b\nc\n"}, id="literal, CRLF"),
    pytest.param("a: |\n  # b\n  - c: d\n# e\n", {"a": "# b\n- c: d\n"}, id="literal that looks like YAML"),
    pytest.param("a: >-\n  b\n  c\n\n  d\n", {"a": "b c\nd"}, id="folded"),
    pytest.param("- |\n  a\n- b\n", ["a\n", "b"], id="literal in a sequence"),
    pytest.param("a: {}\nb: []\nc: { }\n", {"a": {}, "b": [], "c": {}}, id="empty flow"),
    pytest.param("a:\n  {}\nb:\n  []\n", {"a": {}, "b": []}, id="empty flow on its own line"),
    pytest.param("a:\n  b\nc: d\n", {"a": "b", "c": "d"}, id="scalar on its own line"),
    pytest.param("a: {b: c, d: [1, 'x']}\n", {"a": {"b": "c", "d": [1, "x"]}}, id="flow"),
    pytest.param("a: {\n  b: c\n  }\n", {"a": {"b": "c"}}, id="flow over several lines"),
    pytest.param('{"a":1,"b":[true,null,"c\\/d"]}', {"a": 1, "b": [True, None, "c/d"]}, id="JSON"),
    pytest.param('{\n  "a": {\n    "b": []\n  }\n}\n', {"a": {"b": []}}, id="JSON over several lines"),
]

DECLINED = [
    pytest.param("a: &x b\n", id="anchor"),
    pytest.param("a: *x\n", id="alias"),
    pytest.param("a: !!str b\n", id="tag"),
    pytest.param("? a\n: b\n", id="explicit key"),
    pytest.param("<<: {a: b}\n", id="merge key"),
    pytest.param("%YAML 1.1\n---\na: b\n", id="directive"),
    pytest.param("a: b\n...\n", id="document end"),
    pytest.param("a: b\n  c\n", id="plain scalar over two lines"),
    pytest.param('a: "b\n  c"\n', id="quoted scalar over two lines"),
    pytest.param("a: b\na: c\n", id="duplicate key"),
    pytest.param("{a: b, a: c}\n", id="duplicate key in flow"),
    pytest.param("a:\tb\n", id="tab"),
    pytest.param("a: b\rc: d\r", id="lone carriage returns"),
    pytest.param("a: b\u2028c: d\n", id="line separator"),
    pytest.param("a: b: c\n", id="two colons"),
    pytest.param("a: b\n c: d\n", id="odd indentation"),
    pytest.param("  a: b\nc: d\n", id="outdented"),
    pytest.param("a:\n    b: c\n  d: e\n", id="between two levels"),
    pytest.param("a: b\n- c\n", id="dash in a mapping"),
    pytest.param("- a\nb: c\n", id="key in a sequence"),
    pytest.param("a:\n  |\n  b\n", id="block scalar on its own line"),
    pytest.param("a:\n  - b\n   - c\n", id="dash deeper than its sequence"),
    pytest.param("a: |2\n   b\n", id="indentation indicator"),
    pytest.param("a: |\n  b", id="block scalar without line break"),
    pytest.param("a: >\n  b\n    c\n", id="folded with deeper lines"),
    pytest.param("a: {b}\n", id="key without value"),
    pytest.param("a: [b, ]\n", id="comma at the end"),
    pytest.param("a: {b: c\n", id="open bracket"),
    pytest.param("a: 'b\n", id="open quote"),
    pytest.param("a: @b\n", id="reserved"),
    pytest.param('a: "\\x41"\n', id="rare escape"),
    pytest.param('a: "\\ud83d\\ude00"\n', id="surrogates"),
    pytest.param("hello\n", id="root scalar"),
    pytest.param("--- a\n", id="content behind the marker"),
    pytest.param("a:" + " " * 2000 + "b\n", id="a long gap"),
    pytest.param("a: " + "[" * 80 + "]" * 80, id="too deep in flow"),
    pytest.param("- " * 80 + "a\n", id="too deep in dashes"),
    pytest.param("".join(" " * i + "a:\n" for i in range(80)), id="too deep in keys"),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_read(text: str, expected: object) -> None:
    node = read(text)
    assert node is not None
    assert expected == plain(node)
    assert [path for path, _ in walk(compose(Source(text)))] == [path for path, _ in walk(node)]


@pytest.mark.parametrize("text", DECLINED)
def test_declined(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: b\n", ("a",), "b"),
        ("a: b # c\n", ("a",), "b"),
        ("a: 'b'\n", ("a",), "'b'"),
        ('a: "b\\n" # c\n', ("a",), '"b\\n"'),
        ("a:\n- b: c\n  d: e\n", ("a", 0), "b: c\n  d: e"),
        ("a:\n- b: c\n  d: e\n", ("a", 0, "d"), "e"),
        ("a:\n- b\n- c # d\n\ne: f\n", ("a",), "- b\n- c"),
        ("a: {b: [1, 'x']} # c\n", ("a", "b"), "[1, 'x']"),
        ("a: |\n  b\n\n\nc: d\n", ("a",), "|\n  b"),
        ("\ufeffa: 😀\nb: c\n", ("b",), "c"),
        ("a:\nb: c\n", ("a",), ""),
    ],
)
def test_spans(text: str, path: tuple[str | int, ...], expected: str) -> None:
    for node in (get(read(text), *path), get(compose(Source(text)), *path)):
        assert node is not None
        assert expected == text[node.start : node.end]


def test_an_empty_value_stands_behind_its_colon() -> None:
    node = get(read("a:   # c\nb: c\n"), "a")
    assert isinstance(node, Scalar)
    assert (2, 2) == (node.start, node.end)


@pytest.mark.parametrize(("text", "indent"), [("a: 1\n", 0), ("x:\n   a: 1\n", 3), ("- - a: 1\n", 4), ("{a: 1}", -1)])
def test_indentation(text: str, indent: int) -> None:
    mappings = [node for _, node in walk(read(text) or Scalar("", "plain", 0, 0)) if isinstance(node, Mapping)]
    assert indent == mappings[-1].indent


def test_paths_read_as_people_write_them() -> None:
    path = ("spec", "ports", 0, "appProtocol")
    assert "spec.ports[0].appProtocol" == path_text(path)
    assert 'metadata.annotations["a.b/c"]' == path_text(("metadata", "annotations", "a.b/c"))


def test_places_count_from_one_and_skip_the_byte_order_mark() -> None:
    source = Source("\ufeffa: b\r\nc: d\r\n", "x.yaml", 10)
    assert ("x.yaml", 10, 1, "a: b") == source.place(1)
    assert ("x.yaml", 11, 4, "c: d") == source.place(source.text.index("d"))
