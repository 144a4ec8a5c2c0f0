"""Tabs, as Go's parsers read and refuse them: what is expected here they have said (tests/fuzz asks them of the rest)."""

from typing import Any

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.edit import apply
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse, parse_data
from kubectl_akslb.manifest.splice import Declined
from tests.given.annotate import set_annotation

READ = [
    ("a:\tb\n", {"a": "b"}),
    ("a: b\t\n", {"a": "b"}),
    ("a: b\t# c\n", {"a": "b"}),
    ("a\t: b\n", {"a": "b"}),
    ("a: b\tc\n", {"a": "b\tc"}),
    ('a: "x\ty"\n', {"a": "x\ty"}),
    ("a: 'x\ty'\t\n", {"a": "x\ty"}),
    ("a: |\n  x\t\n  y\n", {"a": "x\t\ny\n"}),
    ("a: >\n  x\t\n\nb: c\t# d\n", {"a": "x\t\n", "b": "c"}),
    ("a: |\t\n  b\n", {"a": "b\n"}),
    ("a: {\n\tb: c}\n", {"a": {"b": "c"}}),
    ("a: {b: c,\n\td: e}\n", {"a": {"b": "c", "d": "e"}}),
    ("a: b\n  \t\nc: d\n", {"a": "b", "c": "d"}),
    ("a: &x\tb\n", {"a": "b"}),
    ("a:\n  - b:\tc\n    d: e\t\n", {"a": [{"b": "c", "d": "e"}]}),
    ("a: {}# c\n", {"a": {}}),
    ("a: b\x85c: d\n", {"a": "b", "c": "d"}),
    ("a: b\u2028c: d\n", {"a": "b", "c": "d"}),
    ("a: b\rc: d\n", {"a": "b", "c": "d"}),
    ("{a: b}\n]\n", {"a": "b"}),
    ("a: " + "9" * 5000 + "\n", {"a": "9" * 5000}),
]
REFUSED = [
    "a: b\n\t\nc: d\n",
    "a: b\n\t# c\nc: d\n",
    'a: "b"\n\t# c\nc: d\n',
    "a:\n\t- b\n",
    "-\tb\n",
    "a:\n  b: c\n \t\n  d: e\n",
    "\ta: b\n",
    "a: [x,\n\ty\n\t]\n",
    "a: {b\n\t: c}\n",
    "a: |\n  x\n\t# c\nc: d\n",
    "a: {,b: c}\n",
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_what_go_reads_is_read(text: str, expected: Any) -> None:
    assert parse_data(Source(text))[1] == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_go_refuses_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_data(Source(text))


@pytest.mark.parametrize(
    "text",
    [
        "kind: Service\nmetadata: {\n\tname: 'x',\n\tannotations: {\n\t\ta: 'b'\n\t}\n\t}\n",
        "kind: Service\nmetadata:\n  annotations: {\n\ta: 'b'\n\t}\n",
        "kind: Service\nmetadata: {annotations: { # keep\n }}\n",
        "kind: Service\nmetadata:\n  annotations: { # keep\n  }\n",
    ],
)
def test_an_edit_is_readable_or_declined(text: str) -> None:
    root = parse(Source(text))
    made = set_annotation(text, root, "k", "tcp")
    if isinstance(made, Declined):
        return
    try:
        after = parse_data(Source(apply(text, made)))[1]
    except InputError:
        return  # the proof after the edit refuses it
    assert "keep" not in text or "keep" in apply(text, made)
    assert isinstance(after, dict)
