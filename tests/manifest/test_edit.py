"""Edits as before and after: what changes, what stays, and what is left alone."""

import pytest

from kubectl_akslb.manifest.edit import (
    Declined,
    Edit,
    apply,
    remove_annotation,
    rename_key,
    set_annotations,
    set_scalar,
    verify,
)
from kubectl_akslb.manifest.nodes import Node, Source, get
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.manifest.scalars import plain
from kubectl_akslb.manifest.stream import join, split
from tests.given.annotate import set_annotation

KEY = "new/key"
PATH = ("metadata", "annotations", KEY)


def edited(text: str, edits: tuple[Edit, ...] | Declined) -> str:
    assert not isinstance(edits, Declined), edits
    return apply(text, edits)


def tree(text: str, *path: str | int) -> Node:
    node = get(parse(Source(text)), *path)
    assert node is not None
    return node


SET = [
    pytest.param(
        "metadata:\n  name: a\nspec: {}\n",
        'metadata:\n  name: a\n  annotations:\n    new/key: "true"\nspec: {}\n',
        id="no annotations",
    ),
    pytest.param(
        "metadata:\n  name: a", 'metadata:\n  name: a\n  annotations:\n    new/key: "true"', id="no line break at the end"
    ),
    pytest.param(
        "metadata:\r\n  name: a\r\nspec: {}\r\n",
        'metadata:\r\n  name: a\r\n  annotations:\r\n    new/key: "true"\r\nspec: {}\r\n',
        id="CRLF",
    ),
    pytest.param(
        "metadata:\r\n  name: a", 'metadata:\r\n  name: a\r\n  annotations:\r\n    new/key: "true"', id="CRLF, open end"
    ),
    pytest.param(
        "\ufeffmetadata:\n  name: é😀\n  annotations:\n    a: 😀x\n",
        '\ufeffmetadata:\n  name: é😀\n  annotations:\n    a: 😀x\n    new/key: "true"\n',
        id="byte order mark and astral characters",
    ),
    pytest.param(
        "metadata:\n  annotations: {}\n  name: a\n",
        'metadata:\n  annotations:\n    new/key: "true"\n  name: a\n',
        id="empty flow",
    ),
    pytest.param(
        "metadata:\n  annotations: {} # none\n  name: a\n",
        'metadata:\n  annotations: # none\n    new/key: "true"\n  name: a\n',
        id="empty flow with a comment",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    {}\n  name: a\n",
        'metadata:\n  annotations:\n    new/key: "true"\n  name: a\n',
        id="empty flow on its own line",
    ),
    pytest.param(
        "metadata:\n  annotations:   # none\n    # but this\n  name: a\n",
        'metadata:\n  annotations:   # none\n    new/key: "true"\n    # but this\n  name: a\n',
        id="null",
    ),
    pytest.param(
        "metadata:\n  annotations: null\n  name: a\n",
        'metadata:\n  annotations:\n    new/key: "true"\n  name: a\n',
        id="null in a word",
    ),
    pytest.param(
        'metadata:\n  annotations:\n    a: "x" # c\n    # d\n  # e\n  name: a\n',
        'metadata:\n  annotations:\n    a: "x" # c\n    new/key: "true"\n    # d\n  # e\n  name: a\n',
        id="behind the last one, comments kept",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    a: 'true'\n    b: x\n",
        "metadata:\n  annotations:\n    a: 'true'\n    b: x\n    new/key: 'true'\n",
        id="quotes of the related",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    'a': x\n",
        "metadata:\n  annotations:\n    'a': x\n    'new/key': \"true\"\n",
        id="quoted keys",
    ),
    pytest.param(
        "metadata:\n    name: a\n    labels:\n       x: y\n",
        'metadata:\n    name: a\n    labels:\n       x: y\n    annotations:\n       new/key: "true"\n',
        id="indentation of the related",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    a: |\n      x\n\n\n  name: a\n",
        'metadata:\n  annotations:\n    a: |\n      x\n    new/key: "true"\n\n\n  name: a\n',
        id="behind a block scalar",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    a: x\n      y\n  name: a\n",
        'metadata:\n  annotations:\n    a: x\n      y\n    new/key: "true"\n  name: a\n',
        id="behind a scalar over two lines",
    ),
    pytest.param(
        "metadata: {name: a}\n", 'metadata: {name: a, annotations: {new/key: "true"}}\n', id="flow, no annotations"
    ),
    pytest.param(
        "metadata: {annotations: {}, name: a}\n",
        'metadata: {annotations: {new/key: "true"}, name: a}\n',
        id="flow, empty",
    ),
    pytest.param(
        "metadata: {name: a, annotations: {a: 'x' }}\n",
        "metadata: {name: a, annotations: {a: 'x', new/key: 'true' }}\n",
        id="flow, behind the last one",
    ),
    pytest.param(
        '{"metadata":{"name":"a"}}',
        '{"metadata":{"name":"a","annotations":{"new/key":"true"}}}',
        id="compact JSON",
    ),
    pytest.param(
        '{"metadata": {"annotations": {"a": "b"}}}',
        '{"metadata": {"annotations": {"a": "b", "new/key": "true"}}}',
        id="JSON on one line",
    ),
    pytest.param(
        '{\n  "metadata": {\n    "name": "a"\n  }\n}\n',
        '{\n  "metadata": {\n    "name": "a",\n    "annotations": {\n      "new/key": "true"\n    }\n  }\n}\n',
        id="pretty JSON",
    ),
    pytest.param(
        '{\n  "metadata": {\n    "annotations": {\n      "a": "b"\n    }\n  }\n}\n',
        '{\n  "metadata": {\n    "annotations": {\n      "a": "b",\n      "new/key": "true"\n    }\n  }\n}\n',
        id="pretty JSON, behind the last one",
    ),
    pytest.param(
        'metadata:\n  annotations:\n    new/key: "false" # c\n',
        'metadata:\n  annotations:\n    new/key: "true" # c\n',
        id="replaced",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    new/key: true\n",
        'metadata:\n  annotations:\n    new/key: "true"\n',
        id="a boolean becomes a string",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    new/key: 'false'\n",
        "metadata:\n  annotations:\n    new/key: 'true'\n",
        id="replaced in its quotes",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    new/key: # c\n    a: b\n",
        'metadata:\n  annotations:\n    new/key: "true" # c\n    a: b\n',
        id="empty value",
    ),
    pytest.param(
        '{"metadata": {"annotations": {"new/key": "false"}}}',
        '{"metadata": {"annotations": {"new/key": "true"}}}',
        id="replaced in JSON",
    ),
]  # fmt: skip


@pytest.mark.parametrize("before", [one.values[0] for one in SET], ids=[one.id for one in SET])
def test_several_annotations_at_once(before: str) -> None:
    """What is there afterwards is what one after the other makes, and nothing else differs."""
    pairs = ((KEY, "true"), ("new/second", "15021"), ("new/third", "/a b"))
    after = edited(before, set_annotations(before, tree(before), pairs))
    single = before
    for key, value in pairs:
        single = edited(single, set_annotation(single, tree(single), key, value))
    assert plain(tree(single)) == plain(tree(after))
    assert () == verify(tree(before), after, [("metadata", "annotations", key) for key, _ in pairs])


@pytest.mark.parametrize(("before", "after"), SET)
def test_set_annotation(before: str, after: str) -> None:
    root = tree(before)
    assert after == edited(before, set_annotation(before, root, KEY, "true"))
    assert () == verify(root, after, [PATH])
    assert () == set_annotation(after, tree(after), KEY, "true")


LIST = """\
kind: List
items:
- metadata:
    name: a
- metadata:
    name: b
    annotations:
      x: "v" # z
- metadata: {name: c}
"""


@pytest.mark.parametrize(
    ("index", "old", "new"),
    [
        (0, "    name: a\n", "    name: a\n    annotations:\n      new/key: /p\n"),
        (1, '      x: "v" # z\n', '      x: "v" # z\n      new/key: "/p"\n'),
        (2, "{name: c}", "{name: c, annotations: {new/key: /p}}"),
    ],
)
def test_set_annotation_in_a_list(index: int, old: str, new: str) -> None:
    after = edited(LIST, set_annotation(LIST, tree(LIST, "items", index), KEY, "/p"))
    assert LIST.replace(old, new) == after
    assert () == verify(tree(LIST), after, [("items", index, *PATH)])


WRITTEN = [
    ("/healthz", "/healthz"),
    ("a b", "a b"),
    ("a:b", "a:b"),
    ("true", '"true"'),
    ("80", '"80"'),
    ("0x10", '"0x10"'),
    ("null", '"null"'),
    ("", '""'),
    ("y", '"y"'),
    ("2001-01-01", "2001-01-01"),
    ("- a", '"- a"'),
    ("a: b", '"a: b"'),
    ("a #b", '"a #b"'),
    ("a ", '"a "'),
    (" a", '" a"'),
    ("*a", '"*a"'),
    ("{a}", '"{a}"'),
    ("a\nb\t", '"a\\nb\\t"'),
    ('a"\\', 'a"\\'),
    ('a"\\\n', '"a\\"\\\\\\n"'),
    ('"a"', '"\\"a\\""'),
    ("é😀", "é😀"),
    ("a\u2028\x07", '"a\\u2028\\u0007"'),
    ("---", '"---"'),
    ("=", '"="'),
]


@pytest.mark.parametrize(("value", "expected"), WRITTEN)
def test_values_are_quoted_where_they_must_be(value: str, expected: str) -> None:
    before = "metadata:\n  annotations:\n    new/key: x\n"
    after = edited(before, set_annotation(before, tree(before), KEY, value))
    assert before.replace("x", expected) == after
    assert () == set_annotation(after, tree(after), KEY, value)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("metadata:\n  annotations: &x\n    a: b\n", "anchor"),
        ("x: &x {a: b}\nmetadata:\n  annotations: *x\n", "alias"),
        ("x: &x {a: b}\nmetadata:\n  annotations:\n    <<: *x\n    c: d\n", "merge key"),
        ("x: &x {a: b}\nmetadata: *x\n", "alias"),
        ("x: &x {metadata: {name: a}}\n<<: *x\nmetadata: {name: b}\n", "merge key"),
        ("metadata:\n  annotations:\n    new/key: &x a\n", "anchor"),
        ("metadata:\n  annotations:\n    new/key: !!str a\n", "tag"),
        ("metadata:\n  annotations:\n    new/key: |\n      a\n", "block"),
        ("metadata:\n  annotations:\n    new/key: [a]\n", "no single value"),
        ("metadata:\n  annotations:\n    a: |+\n      b\n\n\n", "blank lines"),
        ("metadata:\n  name: a\n  x:\n  - - |+\n      b\n\n", "blank lines"),
        ("metadata:\n  name: a\n  x:\n  - &x b\n  -\n", "unclear"),
        ("metadata:\n  annotations:\n    ? a\n    : b\n", "? key"),
        ("metadata:\n  annotations: {\n    }\n", "several lines"),
        ("metadata:\n  annotations: [a]\n", "no mapping"),
        ("metadata:\n  annotations: x\n", "no mapping"),
        ("metadata:\r  name: a\r", "line breaks"),
        ("metadata: {}\n", "no metadata"),
        ("spec: {}\n", "no metadata"),
        ("- a\n", "no metadata"),
    ],
)
def test_declined(before: str, reason: str) -> None:
    declined = set_annotation(before, tree(before), KEY, "true")
    assert isinstance(declined, Declined)
    assert reason in declined.reason


REMOVE = [
    pytest.param(
        "metadata:\n  annotations:\n    a: b\n    new/key: x # c\n    # d\n    e: f\n",
        "metadata:\n  annotations:\n    a: b\n    # d\n    e: f\n",
        id="one of several",
    ),
    pytest.param(
        "metadata:\n  name: a\n  annotations:\n    new/key: x\nspec: {}\n",
        "metadata:\n  name: a\nspec: {}\n",
        id="the only one",
    ),
    pytest.param(
        "metadata:\n  annotations:\n    new/key: |\n      x\n      y\n    a: b\n",
        "metadata:\n  annotations:\n    a: b\n",
        id="block scalar",
    ),
    pytest.param("metadata:\r\n  annotations:\r\n    new/key: x\r\n    a: b\r\n", "metadata:\r\n  annotations:\r\n    a: b\r\n", id="CRLF"),
    pytest.param("metadata: {annotations: {new/key: x, a: b}}\n", "metadata: {annotations: {a: b}}\n", id="first in flow"),
    pytest.param("metadata: {annotations: {a: b, new/key: x}}\n", "metadata: {annotations: {a: b}}\n", id="last in flow"),
    pytest.param("metadata: {annotations: {new/key: x}}\n", "metadata: {annotations: {}}\n", id="alone in flow"),
    pytest.param("metadata:\n  annotations:\n    a: b\n", "metadata:\n  annotations:\n    a: b\n", id="not there"),
    pytest.param("metadata:\n  name: a\n", "metadata:\n  name: a\n", id="no annotations"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), REMOVE)
def test_remove_annotation(before: str, after: str) -> None:
    root = tree(before)
    assert after == edited(before, remove_annotation(before, root, KEY))
    assert () == verify(root, after, [PATH])


@pytest.mark.parametrize(
    "before",
    [
        "metadata:\n  annotations:\n    new/key: x\n",
        "metadata:\n  annotations: &x\n    new/key: x\n    a: b\n",
        "x: &x {new/key: b}\nmetadata:\n  annotations: *x\n  name: a\n",
    ],
)
def test_remove_declined(before: str) -> None:
    assert isinstance(remove_annotation(before, tree(before), KEY), Declined)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: b # c\n", "d", "a: d # c\n"),
        ("a: 'b'\n", "it's", "a: 'it''s'\n"),
        ('a: "b"\n', 'd"', 'a: "d\\""\n'),
        ("a: '80'\n", 80, "a: 80\n"),
        ("a: Cluster\n", "Local", "a: Local\n"),
        ("a: 'false'\n", True, "a: true\n"),
        ("a:\n", "b", "a: b\n"),
        ("a: 80\n", "80", 'a: "80"\n'),
        ("a: b\n", "b", "a: b\n"),
        ("a: 0x50\n", 80, "a: 0x50\n"),
        ("a: 'b\n  c'\n", "d", "a: 'd'\n"),
    ],
)
def test_set_scalar(before: str, value: str | int, after: str) -> None:
    assert after == edited(before, set_scalar(before, tree(before, "a"), value))


def test_set_scalar_in_flow_quotes_what_flow_would_misread() -> None:
    before = "a: [b]\n"
    assert 'a: ["c, d"]\n' == edited(before, set_scalar(before, tree(before, "a", 0), "c, d", flow=True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: b # c\n", "x.y/z: b # c\n"),
        ("'a': b\n", "'x.y/z': b\n"),
        ('{"a":1}', '{"x.y/z":1}'),
        ("c: d\n", "c: d\n"),
    ],
)
def test_rename_key(before: str, after: str) -> None:
    assert after == edited(before, rename_key(tree(before), "a", "x.y/z"))


@pytest.mark.parametrize("before", ["a: b\nc: d\n", "&x a: b\n", "? a\n: b\n"])
def test_rename_declined(before: str) -> None:
    assert isinstance(rename_key(tree(before), "a", "c"), Declined)


def test_apply() -> None:
    assert "xbcy" == apply("abcd", [Edit(3, 4, "y"), Edit(0, 1, "x")])
    assert "abxycd" == apply("abcd", [Edit(2, 2, "x"), Edit(2, 2, "y")])
    assert "abcd" == apply("abcd", [])


@pytest.mark.parametrize(
    "edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(3, 5, "")], [Edit(-1, 0, "")], [Edit(2, 1, "")]]
)
def test_apply_refuses_what_overlaps_or_lies_outside(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply("abcd", edits)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("a: 1\nb: 2\n", "a: 1\nb: 3\n", [("b",)]),
        ("a: 1\nb: 2\n", "b: 2 # c\na: 0x1\n", []),
        ("a: 1\n", "a: '1'\n", [("a",)]),
        ("a: 1\n", "a: true\n", [("a",)]),
        ("a: {b: 1}\n", "a: {}\n", [("a",), ("a", "b")]),
        ("a: [1, 2]\n", "a: [1]\n", [("a", 1)]),
        ("a: null\n", "a: {}\n", [("a",)]),
        ("metadata: {}\n", "metadata: {annotations: {new/key: x}}\n", []),
        ("metadata: x\n", "metadata: {annotations: {new/key: x}}\n", [("metadata",)]),
        ("metadata: {annotations: {a: b}}\n", "metadata: {annotations: {new/key: x}}\n", [("metadata", "annotations", "a")]),
    ],
)  # fmt: skip
def test_verify_names_what_else_has_changed(before: str, after: str, changed: list[tuple[str, ...]]) -> None:
    assert changed == sorted(verify(tree(before), after, [PATH]))


def test_join_puts_edited_documents_back_into_their_stream() -> None:
    documents = split(b"# \xc3\xa9\r\n---\r\na: 1\r\n---\nb: 2")
    assert b"# \xc3\xa9\r\n---\r\na: 1\r\n---\nb: 3" == join(documents, {1: "---\nb: 3"})
    assert documents[0].data == join(documents, {})


@pytest.mark.parametrize("value", ["8", "false", "1.5", "0x10", "yes"])
def test_what_is_no_text_is_not_replaced_by_another(value: str) -> None:
    text = f"metadata:\n  annotations:\n    new/key: {value}\n"
    assert isinstance(set_annotation(text, parse(Source(text)), "new/key", "tcp"), Declined)
