"""YAML as Go reads it, where the library underneath has other rules. Each text was found by the streams of tests/fuzz."""

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.compose import compose
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.scalars import plain
from tests.fuzz.oracle import Oracle

READ = [
    pytest.param("--- #\x85a: b\x85", {"a": "b"}, id="NEL behind a comment at the marker"),
    pytest.param("a: >-2\t\n    b\nc: d\t\n", {"a": "  b", "c": "d"}, id="tab behind the header of a text block"),
    pytest.param("a: >\t\nb:\t\n  - c: d\n", {"a": "", "b": [{"c": "d"}]}, id="empty text block with a tab behind it"),
    pytest.param("a:\n  b: | #\n \n  c:\t8\t#\n", {"a": {"b": "", "c": 8}}, id="empty text block, then a blank line"),
    pytest.param("a:\n  b: |\n \n  c: d\n", {"a": {"b": "", "c": "d"}}, id="blank line indented less than the key"),
    pytest.param("a:\n- >\n 1\t", {"a": ["1\t\n"]}, id="text block with a tab at the end of the file"),
    pytest.param("a:\t\n  b: >4\n        0\t\nc:\n", {"a": {"b": "  0\t\n"}, "c": None}, id="text block with its width"),
    pytest.param("a:\n  b: c\t\n  x: !!map!!str\n    k: v\n", {"a": {"b": "c", "x": {"k": "v"}}}, id="two tags in one"),
    pytest.param("a: !!str\t8\n", {"a": "8"}, id="tab behind a tag"),
    pytest.param("a: b\t c\td\n", {"a": "b\t c\td"}, id="tabs between words"),
    pytest.param("a: b\n  \tc\n", {"a": "b c"}, id="tab behind the indentation of a second line"),
    pytest.param("a: {b:c, d: e}\n", {"a": {"b:c": None, "d": "e"}}, id="colon inside a word of a flow mapping"),
    pytest.param("a: {b:,c: d}\n", {"a": {"b:": None, "c": "d"}}, id="colon at the end of a word"),
    pytest.param("a: [{b: c},{d}\u2028]\u2028e: {f: &x g,\u2028 h: *x }\u2028", {"a": [{"b": "c"}, {"d": None}], "e": {"f": "g", "h": "g"}}, id="LS"),
    pytest.param("a:\x85  &x b: c\x85d: {e: f\x85}\x85", {"a": {"b": "c"}, "d": {"e": "f"}}, id="NEL"),
    pytest.param("a: \"b\\'c\"\n", {"a": "b'c"}, id="escaped single quote"),
    pytest.param("a: &b\u2028 c: d\u2028", {"a": {"c": "d"}}, id="LS behind an anchor"),
    pytest.param("a: 1\u2028\u2028  t\u2028\u2028s: x\u2028", {"a": "1\u2028\u2028t", "s": "x"}, id="LS inside a value"),
    pytest.param("a: &b c\nd: [*b, e]\n", {"a": "c", "d": ["c", "e"]}, id="comma behind an alias"),
    pytest.param('a: "b\n%YAML 1.1"\nc: d\n', {"a": "b %YAML 1.1", "c": "d"}, id="what looks like a directive in a text"),
]  # fmt: skip

REFUSED = [
    pytest.param("a:\n\tb: c\n", id="tab for an indentation"),
    pytest.param("a: b\n\tc\n", id="tab in front of a second line"),
    pytest.param("a: |\n\tb\n", id="tab in front of a text block"),
    pytest.param("-\ta: b\n", id="tab behind a dash"),
    pytest.param("?\ta\n: b\n", id="tab behind a question mark"),
    pytest.param("a: {b: /x?y=1}\n", id="question mark in a word of a flow mapping"),
    pytest.param("a: [::1]\n", id="colon at the beginning of a word of a flow sequence"),
    pytest.param("a: |0\n b\n", id="text block of width 0"),
    pytest.param("- &a.b x\n- *a.b\n", id="full stop in the name of an anchor"),
    pytest.param("a: !<b c\n", id="tag without an end"),
]

UNREAD = [
    pytest.param('{"a": 1}\n{"b": 2}\n', {"a": 1}, 9, id="a second object"),
    pytest.param("  a: 1\nb: 2\n", {"a": 1}, 7, id="less indented than the first key"),
    pytest.param("a: 1\n%YAML 1.1\nb: 2\n", {"a": 1}, 5, id="a directive"),
    pytest.param("a: 1\u2028---\u2028b: 2\n", {"a": 1}, 5, id="a marker that is none to kubectl"),
    pytest.param("a: [1]\n%YAML 1.1\n\t \n", {"a": [1]}, 7, id="a tab behind it"),
    pytest.param("a: 1\n# c\n\n", {"a": 1}, None, id="comments"),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_read(text: str, expected: object) -> None:
    assert expected == parse_data(Source(text))[1]
    assert expected == plain(compose(Source(text)))


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(InputError, match="not valid YAML"):
        parse_data(Source(text))


@pytest.mark.parametrize(("text", "expected", "offset"), UNREAD)
def test_what_kubectl_does_not_read_is_noted(text: str, expected: object, offset: int | None) -> None:
    source = Source(text)
    assert expected == parse_data(source)[1]
    assert offset == source.unread


@pytest.mark.e2e
def test_go_says_the_same() -> None:
    oracle = Oracle()
    for case in (*READ, *UNREAD):
        text, expected = case.values[:2]
        assert isinstance(text, str)
        documents = oracle(text.encode()).documents
        assert documents
        assert (expected, "") == documents[0].kubectl, text
    for case in REFUSED:
        documents = oracle(str(case.values[0]).encode()).documents
        assert documents
        assert not documents[0].kubectl.taken, case.values
    oracle.close()


@pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.3", "%TAG ! tag:yaml.org,2002:", "%{", "%"])
def test_what_stands_in_front_of_a_marker_is_no_part_of_the_document(directive: str) -> None:
    assert {"a": "b"} == parse_data(Source(f"{directive}\n# c\n---\na: b\n"))[1]
    assert {"a": "b"} == parse_data(Source(f"# c\n\t\n{directive}\n---#\na:\tb\n"))[1]
