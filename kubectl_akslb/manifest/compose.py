"""A document's tree from ruamel.yaml's events, where the fast reader declines.

Nothing else imports ruamel.yaml, and this module only when a document needs it. The tree is built from events and not
by ruamel's composer, because events tell an alias from its anchor and can be stopped before a bomb has gone off.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.nodes import (
    DOUBLE,
    FOLDED,
    LITERAL,
    MAX_DEPTH,
    PLAIN,
    SINGLE,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Source,
    Style,
)
from kubectl_akslb.manifest.parse import fail

MAX_CHARACTERS = 4 * 1024 * 1024
"""A longer document is refused here: the full parser reads some 100 KB a second."""

MAX_ALIASED_NODES = 100_000
"""How many nodes all aliases of a document may stand for together."""

_EXPLICIT_REACH = 200
_STYLES: dict[str, Style] = {"'": SINGLE, '"': DOUBLE, "|": LITERAL, ">": FOLDED}
_MARKER = re.compile("---[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?(?=[\r\n\x85\u2028\u2029]|\\Z)")
_WRITTEN = re.compile(r"[^\r\n\ufeff]")
_PROLOGUE = re.compile(r"\ufeff?(?:[ \t]*(?:[#%][^\r\n]*)?(?:\r\n|\n|\r)){0,100}")
_COLON = re.compile(r"[ \t]*:")
MISPLACED_TAB = "a tab stands where only spaces may"
_TABS_HINT = "Indent with spaces: YAML allows no tabs here."
_HINTS = (
    (MISPLACED_TAB, _TABS_HINT),
    ("mapping values are not allowed", 'Check the indentation, and put a value that contains ": " in quotes.'),
    ("could not find expected ':'", 'Write "key: value", with a space behind the colon.'),
    ("expected <block end>", "Line it up with the lines above: the indentation does not fit."),
    ("end of stream", "Close the quote or bracket that is still open."),
    ("quoted scalar", "Close the quote, and escape what needs it."),
    ("flow", "Check commas, colons and the closing bracket."),
    ("cannot start any token", "Put the value in quotes."),
    ("alias", "Define the anchor (&name) in the same document, in front of the alias (*name)."),
)
_END = "the end"
"""What the library's marks for the end of the text mean."""
_ONE_DOCUMENT_HINT = "Only one is read of this file: put the other into a file of its own."
_DEFAULT_HINT = "Make it valid YAML; reading stopped at the caret."


def compose(source: Source) -> Node:
    """The tree that the full parser makes of a document; raises InputError as ``parse.parse`` does."""
    if len(source.text) > MAX_CHARACTERS:
        message = f"the document has {len(source.text):,} characters; of YAML this involved {MAX_CHARACTERS:,} are read"
        fail(source, 0, message, "Split it, or write it without anchors, tags and scalars over several lines.")
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        return _Composer(source).document()
    except MarkedYAMLError as error:
        problem = str(error.problem or error.context or "it cannot be read")
        problem = problem.replace("'<stream end>'", _END).replace("'\\x00'", _END)
        if "'\\t' that cannot start" in problem:
            problem = MISPLACED_TAB
        # What was left open is found out far behind; where it was opened is the place to look.
        begun = any(words in problem for words in ("could not find expected ':'", "end of stream"))
        mark = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
        fail(
            source, mark.index if mark else 0, f"not valid YAML: {problem}", _hint(f"{problem} {error.context}"), error
        )
    except ReaderError as error:
        message = f"the character U+{error.character:04X} is not allowed in YAML"
        fail(source, int(error.position), message, "Remove it, or write it as an escape in double quotes.", error)
    except InputError:
        raise
    except (YAMLError, ValueError, OverflowError) as error:
        fail(source, 0, "not valid YAML: a number or an escape in it is out of range", _DEFAULT_HINT, error)
    except Exception as error:  # noqa: BLE001 - the library stumbles over some faults instead of naming them
        fail(source, 0, f"not valid YAML: it cannot be read ({type(error).__name__})", _DEFAULT_HINT, error)


class _Composer:
    """Builds the tree of the first document of an event stream."""

    def __init__(self, source: Source) -> None:
        from ruamel.yaml import YAML, events

        from kubectl_akslb.manifest.scanner import GoReader, GoScanner

        self._source = source
        self._types = events
        # kubectl cuts a stream at its markers: to it directives and comments in front of one are another document.
        prologue = _PROLOGUE.match(source.text)
        start = prologue.end() if prologue else 0
        head = source.text[:start]
        marker = _MARKER.match(source.text, start)
        if marker:
            start = marker.end()
            head = _WRITTEN.sub(" ", source.text[:start])
        text = head + source.text[start:]
        reader = YAML(typ="safe", pure=True)
        reader.Reader, reader.Scanner = GoReader, GoScanner
        self._events: Iterator[Any] = reader.parse(text)
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._aliased = 0

    def document(self) -> Node:
        """The root node; null for a document without content."""
        types = self._types
        root: Node | None = None
        for event in self._events:
            if isinstance(event, types.DocumentStartEvent):
                root = self._node(next(self._events), 1)[0]
            elif isinstance(event, types.DocumentEndEvent):
                self._check_end(event)
                break
        return root or Scalar("", PLAIN, len(self._source.text), len(self._source.text), editable=False)

    def _check_end(self, end: Any) -> None:
        """No other document may begin; what stands there else, kubectl does not read, and is noted."""
        try:
            event = next(self._events)
        except Exception:  # noqa: BLE001 - whatever stands there, kubectl has what it reads
            self._source.unread = end.start_mark.index
            return
        if isinstance(event, self._types.DocumentStartEvent) and event.explicit:
            start = event.start_mark.index
            if self._source.text[start - 1 : start] != "\n":  # kubectl has not cut here
                self._source.unread = start
                return
            self._fail(event, "a second document begins here", _ONE_DOCUMENT_HINT)

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        """The node that begins with *event*, and how many nodes it is with all aliases followed."""
        types = self._types
        if isinstance(event, types.AliasEvent):
            return self._alias(event)
        if isinstance(event, types.ScalarEvent):
            node: Node = self._scalar(event)
            size = 1
        else:
            if depth > MAX_DEPTH:
                self._fail(event, f"nested deeper than {MAX_DEPTH} levels", "No Kubernetes object is; flatten it.")
            if event.anchor:
                self._anchors[event.anchor] = None
            build = self._mapping if isinstance(event, types.MappingStartEvent) else self._sequence
            node, size = build(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = (node, size)
        return node, size

    def _alias(self, event: Any) -> tuple[Node, int]:
        known = self._anchors.get(event.anchor)
        if known is None:
            found = "stands inside its own anchor" if event.anchor in self._anchors else "has no anchor"
            self._fail(event, f"the alias *{event.anchor} {found}", _hint("alias"))
        node, size = known
        self._aliased += size
        if self._aliased > MAX_ALIASED_NODES:
            hint = "Write the values out instead of nesting aliases."
            self._fail(event, f"the aliases stand for more than {MAX_ALIASED_NODES:,} values", hint)
        return node._replace(start=event.start_mark.index, end=event.end_mark.index, editable=False), size

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark.index, event.end_mark.index
        style: Style = _STYLES.get(event.style, PLAIN)
        block = style in {LITERAL, FOLDED}
        if block:
            end = start + len(self._source.text[start:end].rstrip(" \r\n"))
        tag = "" if event.tag is None else str(event.tag)
        editable = not (block or tag or event.anchor or start == end)
        return Scalar(self._repaired(event), style, start, end, tag, editable=editable)

    def _repaired(self, event: Any) -> str:
        """The value, with JSON's pairs of surrogate escapes as the characters they stand for."""
        value = str(event.value)
        try:
            value.encode()
        except UnicodeEncodeError:
            try:
                return value.encode("utf-16", "surrogatepass").decode("utf-16")
            except UnicodeDecodeError:
                self._fail(
                    event, "half a surrogate pair is no character", "Write both halves, or the character itself."
                )
        return value

    def _mapping(self, event: Any, depth: int) -> tuple[Mapping, int]:
        entries: list[tuple[Scalar, Node]] = []
        keys: set[str] = set()
        size = 1
        while not isinstance(following := next(self._events), self._types.MappingEndEvent):
            key = self._node(following, depth + 1)[0]
            if not isinstance(key, Scalar):
                self._fail(following, "a key must be a single value", "Put the key in quotes.")
            if key.text in keys and key.text != "<<":
                hint = "Remove one of them: Kubernetes would keep the last one without a word."
                self._fail(following, f"the key {key.text!r} stands twice in this mapping", hint)
            keys.add(key.text)
            value, below = self._node(next(self._events), depth + 1)
            entries.append((key, self._empty_behind(key, value)))
            size += below + 1
        start, end, indent = self._span(event, following, entries[:1], [node for pair in entries[-1:] for node in pair])
        tag = "" if event.tag is None else str(event.tag)
        flow, free = bool(event.flow_style), not (event.anchor or tag or self._explicit(entries))
        return Mapping(tuple(entries), start, end, indent, flow, free, tag), size

    def _sequence(self, event: Any, depth: int) -> tuple[Sequence, int]:
        items: list[Node] = []
        size = 1
        while not isinstance(following := next(self._events), self._types.SequenceEndEvent):
            item, below = self._node(following, depth + 1)
            items.append(item)
            size += below
        start, end, indent = self._span(event, following, (), items[-1:])
        tag = "" if event.tag is None else str(event.tag)
        flow, free = bool(event.flow_style), not (event.anchor or tag)
        return Sequence(tuple(items), start, end, indent, flow, free, tag), size

    def _span(
        self, event: Any, last: Any, first: Iterable[tuple[Scalar, Node]], final: Iterable[Node]
    ) -> tuple[int, int, int]:
        """Start, end and indentation; a block ends with its last value, not where the next token begins."""
        if event.flow_style:
            return event.start_mark.index, last.end_mark.index, -1
        start = next((key.start for key, _ in first), event.start_mark.index)
        end = max(start + 1, *(node.end for node in final))
        line = self._source.text.rfind("\n", 0, start) + 1
        mark = self._source.text.startswith("\ufeff") and line == 0
        return start, end, start - line - mark

    def _explicit(self, entries: list[tuple[Scalar, Node]]) -> bool:
        """Whether a key stands behind a ``?``, so that its column is not the mapping's."""
        for key, _ in entries:
            mark = self._source.text.rfind("?", max(0, key.start - _EXPLICIT_REACH), key.start)
            if mark >= 0 and not self._source.text[mark + 1 : key.start].strip(" \r\n"):
                return True
        return False

    def _empty_behind(self, key: Scalar, value: Node) -> Node:
        """An empty value, moved from the next token, where ruamel sees it, to the colon of its key."""
        if not isinstance(value, Scalar) or value.start < value.end or value.tag:
            return value
        colon = _COLON.match(self._source.text, key.end) if key.editable else None
        if colon is None or value.start < colon.end():
            return value
        return value._replace(start=colon.end(), end=colon.end(), editable=True)

    def _fail(self, event: Any, message: str, hint: str) -> NoReturn:
        fail(self._source, event.start_mark.index, message, hint)


def _hint(problem: str) -> str:
    return next((hint for words, hint in _HINTS if words in problem), _DEFAULT_HINT)
