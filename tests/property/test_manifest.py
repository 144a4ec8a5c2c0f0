"""Laws of the manifest layer, over random documents and random bytes."""

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.compose import compose
from kubectl_akslb.manifest.edit import Declined, Edit, apply, remove_annotation, verify
from kubectl_akslb.manifest.load import load
from kubectl_akslb.manifest.nodes import PLAIN, Node, Scalar, Source, get, walk
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.quoting import written
from kubectl_akslb.manifest.reader import read
from kubectl_akslb.manifest.scalars import NotPlainDataError, plain
from kubectl_akslb.manifest.stream import join, split
from tests.given.annotate import set_annotation

KEY = "service.beta.kubernetes.io/azure-load-balancer-internal"
PATH = ("metadata", "annotations", KEY)

plain_texts = st.sampled_from(
    [
        "a",
        "b c",
        "80",
        "true",
        "yes",
        "0777",
        "http://x/y",
        "a#b",
        "-1",
        "- x",
        "~",
        "é😀",
        "x: y",
        "{",
        "[a",
        "'",
        '"x',
    ]
)
values = st.one_of(
    plain_texts,
    st.sampled_from(["", "{}", "[]", '"x"', "'y'", "'it''s'", '"a\\nb"', "{a: b}", "[1, 'x']", '{"a":[1,{"b":null}]}']),
    st.sampled_from(["&x a", "*x", "!!str 80", "a # c", "# c", "|2", "{a: b, }", "{a}", "a\tb", "a\u2028b", "a  "]),
)
keys = st.sampled_from(["a", "b", "c.d/e-f", '"q r"', "'s'", "80", "yes", "metadata", "annotations", "<<", KEY])
breaks = st.sampled_from(["\n", "\n", "\n", "\r\n"])
between = st.sampled_from(["", "", "", "\n", "# c\n", "  # c\n", "   \n"])
block_lines = st.lists(st.sampled_from(["x", "# y", "a: b", "- z", "  more", "", "x  ", "..."]), max_size=4)


@st.composite
def blocks(draw: st.DrawFn, indent: int = 0, depth: int = 0) -> str:
    """A block mapping or sequence, nearly always valid YAML."""
    lines = []
    dashes = depth > 0 and draw(st.booleans())
    for _ in range(draw(st.integers(1, 3))):
        head = " " * indent + ("-" if dashes else draw(keys) + ":")
        tail = draw(st.sampled_from(["value", "value", "below", "block"]))
        if tail == "below" and depth < 3:
            deeper = indent + draw(st.sampled_from([2, 2, 2, 4, 1, 0]))
            body = draw(blocks(deeper, depth + 1))
            compact = dashes and deeper > indent + 1 and draw(st.booleans())
            lines.append(head + (body[indent + 1 :] if compact else "\n" + body))
        elif tail == "block":
            header = draw(st.sampled_from([" |", " |-", " |+", " >", " >-", " | # c"]))
            body = "".join(f"{' ' * (indent + 2)}{line}\n" for line in draw(block_lines))
            lines.append(f"{head}{header}\n{body}")
        else:
            lines.append(f"{head} {draw(values)}\n")
        lines.append(draw(between))
    return "".join(lines)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document, sometimes with one character changed, so that it is nearly YAML."""
    text = draw(st.sampled_from(["", "---\n", "# c\n---\n", "\ufeff"])) + draw(blocks())
    text = text.replace("\n", draw(breaks))
    if draw(st.booleans()):
        position = draw(st.integers(0, len(text)))
        text = text[:position] + draw(st.sampled_from(list(" \n:-#'\"{}[],|>&*?a\t"))) + text[position + 1 :]
    return text


@st.composite
def objects(draw: st.DrawFn) -> str:
    """A document with metadata, in which annotations can be anything."""
    metadata = draw(
        st.one_of(
            st.just("metadata:\n  name: x\n"),
            blocks(4, 1).map(lambda body: f"metadata:\n  annotations:\n{body}"),
            blocks(4, 0).map(lambda body: f"metadata:\n  labels: {{}}\n  annotations: # c\n{body}  name: x\n"),
            values.map(lambda value: f"metadata:\n  annotations: {value}\n  name: x\n"),
            values.map(lambda value: f"metadata:\n    annotations:\n     - {value}\n"),
            values.map(lambda value: f"metadata: {{name: x, annotations: {value}}}\n"),
            values.map(lambda value: f'{{"metadata":{{"annotations":{{"{KEY}":{value}}}}}}}\n'),
        )
    )
    head = draw(st.sampled_from(["", "---\n", "# c\n---\n", "\ufeff", "x: &x {y: z}\n"]))
    tail = "" if metadata.startswith("{") else draw(st.one_of(st.just(""), blocks()))
    text: str = (head + metadata + tail).replace("\n", draw(breaks))
    return text


def shape(node: Node) -> list[tuple[object, ...]]:
    """Everything about a tree but where its empty values stand."""
    return [(path, *(found if not _empty(found) else ()), type(found)) for path, found in walk(node)]


def _empty(node: Node) -> bool:
    return not isinstance(node, Scalar) or (node.style == PLAIN and not node.text)


@settings(max_examples=400, deadline=None)
@given(documents())
def test_what_the_fast_reader_accepts_is_what_the_full_parser_reads(text: str) -> None:
    node = read(text)
    assume(node is not None)
    assert node is not None
    full = compose(Source(text))
    assert shape(full) == shape(node)
    try:
        expected = plain(full)
    except NotPlainDataError:
        return
    assert repr(expected) == repr(plain(node))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(documents(), st.sampled_from(["---\n", "...\n", "--- x\n", "---"])), max_size=4))
def test_documents_join_to_the_stream(parts: list[str]) -> None:
    data = "".join(parts).encode()
    found = split(data)
    assert data == b"".join(document.raw for document in found)
    assert data == join(found, {})
    lines = [data.count(b"\n", 0, document.start) + 1 for document in found]
    assert lines == [document.line for document in found]


@given(st.binary(max_size=200))
def test_any_bytes_split_losslessly(data: bytes) -> None:
    assert data == b"".join(document.raw for document in split(data))


STRUCTURE = st.sampled_from(
    [b"kind: Service\n", b"LoadBalancer", b"---\n", b"kind: List\n", b"items:\n", b"- ", b"  ", b"\n", b": ", b"{", b"}", b"[", b"]", b'"', b"'", b"&a ", b"*a", b"!!binary ", b"|\n", b"%YAML 1.1\n", b"\t", b"\\u", b"# ", b"? ", b"<<: ", b"apiVersion: v1\n", b"metadata:\n", b"spec:\n", b"ports:\n", b"!<x", b"%TAG ! x\n", b"\xff", b"\x00", b"\r", b"1"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(STRUCTURE, st.binary(max_size=3)), max_size=25))
@example([b"kind: Service\nLoadBalancer: ", b'"\\UFFFFFFFF"'])
@example([b"%YAML 99999999999999999999999.1\n---\nkind: Service # LoadBalancer\n"])
def test_any_bytes_raise_nothing_but_input_errors(parts: list[bytes]) -> None:
    head = b"kind: Service\n# LoadBalancer\n"
    for data in (b"".join(parts), head + b"".join(parts)):
        try:
            problems = load(data, every_type=True).problems
        except InputError as error:
            problems = (error,)
        assert all(problem.message for problem in problems)


@settings(max_examples=300, deadline=None)
@given(objects(), st.sampled_from(["true", "/p", "", "a b", "é", "x: y", "a\nb", "80"]))
def test_setting_an_annotation_changes_nothing_else(text: str, value: str) -> None:
    try:
        root, data = parse_data(Source(text))
    except InputError:
        assume(False)
        return
    edits = set_annotation(text, root, KEY, value)
    if isinstance(edits, Declined):
        assert edits.reason
        return
    after = apply(text, edits)
    assert () == verify(root, after, [PATH])
    again, changed = parse_data(Source(after))
    assert isinstance(changed, dict)
    assert value == changed["metadata"]["annotations"][KEY]
    assert () == set_annotation(after, again, KEY, value)
    assert list(data) == list(changed)  # type: ignore[call-overload]
    removal = remove_annotation(after, again, KEY)
    if not isinstance(removal, Declined):
        assert () == verify(again, apply(after, removal), [PATH])


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=20), st.sampled_from(["plain", "single", "double"]), st.booleans()
)
def test_a_written_value_is_read_back(value: str, style: str, flow: bool) -> None:
    text = written(value, style, flow=flow)
    document = f"a: [{text}, x]\n" if flow else f"a: {text} # c\n"
    root, data = parse_data(Source(document))
    assert {"a": [value, "x"] if flow else value} == data
    node = get(root, "a", 0) if flow else get(root, "a")
    assert node is not None
    assert text == document[node.start : node.end]


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30), st.text(max_size=3))
def test_an_edit_changes_nothing_outside_itself(text: str, start: int, length: int, replacement: str) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    assert text == apply(text, [])
    after = apply(text, [Edit(start, end, replacement)])
    assert (text[:start], text[end:]) == (after[:start], after[start + len(replacement) :])
