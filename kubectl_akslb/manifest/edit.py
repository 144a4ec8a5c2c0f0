"""Change one thing in a manifest's text: the edits that do it, or the reason why they were declined.

Every function here takes the text of one document and nodes of its tree. Nothing is changed in place: the caller
applies the edits and has ``verify`` prove that nothing else has changed.
"""

import re
from collections.abc import Sequence as SequenceOf
from functools import lru_cache
from typing import TypeAlias

from kubectl_akslb.manifest.nodes import DOUBLE, PLAIN, Mapping, Node, Scalar, Sequence, entry, walk
from kubectl_akslb.manifest.proof import verify
from kubectl_akslb.manifest.quoting import key_style, value_styles, written, written_key
from kubectl_akslb.manifest.scalars import NotPlainDataError, scalar
from kubectl_akslb.manifest.splice import Declined, Edit, apply

__all__ = [
    "Declined",
    "Edit",
    "apply",
    "remove_annotation",
    "rename_key",
    "set_annotations",
    "set_scalar",
    "verify",
]

Pairs: TypeAlias = SequenceOf[tuple[str, str]]
"""Keys of annotations with their values."""

_ODD_BREAK = "\r(?!\n)|[\x85\u2028\u2029]"
_COMMA = r"\s*,\s*\Z"
_COLON = r"[ ]*:[ ]*\Z"
_SHARED = Declined("it has an anchor, an alias, a tag, a merge key or a ? key, so that more could change than is meant")
_ODD_LINES = Declined("the document has unusual line breaks")


def set_annotations(text: str, root: Node, pairs: Pairs) -> tuple[Edit, ...] | Declined:
    """Give the object *root* annotations, at least one, all or none of them, written as their related are.

    *root* may be an item of a List. No edits where the annotations have these values already.
    """
    metadata = _metadata(text, root)
    if isinstance(metadata, Declined):
        return metadata
    step = _step(root, metadata)
    pair = entry(metadata, "annotations")
    if pair is None:
        return _insert_annotations(text, metadata, pairs, step)
    name, found = pair
    if isinstance(found, Mapping) and found.entries:
        return _set_entries(text, found, pairs)
    if not found.editable or not name.editable:
        return _SHARED
    if isinstance(found, Mapping) or (isinstance(found, Scalar) and _is_null(found)):
        return _fill(text, metadata, name, found, pairs, step)
    return Declined("annotations is no mapping")


def remove_annotation(text: str, root: Node, key: str) -> tuple[Edit, ...] | Declined:
    """Take the annotation *key* from the object *root*, and ``annotations`` with it if that was the last one."""
    metadata = _metadata(text, root)
    if isinstance(metadata, Declined):
        return metadata
    pair = entry(metadata, "annotations")
    if pair is None or not isinstance(pair[1], Mapping) or entry(pair[1], key) is None:
        return ()
    if not _free(pair[1]):
        return _SHARED
    if len(pair[1].entries) == 1 and len(metadata.entries) > 1:
        return _remove_entry(text, metadata, "annotations")
    return _remove_entry(text, pair[1], key)


def set_scalar(text: str, node: Node, value: str | int | bool, *, flow: bool = False) -> tuple[Edit, ...] | Declined:
    """Replace the value of a scalar, in its quotes where it has some; *flow*: it stands inside ``{}`` or ``[]``."""
    if not isinstance(node, Scalar):
        return Declined("the value is no single value")
    if not node.editable:
        try:
            same = scalar(node) == value
        except NotPlainDataError:
            same = False
        return () if same else Declined("the value has an anchor, an alias or a tag, or is a block of several lines")
    current = scalar(node)
    if type(current) is type(value) and current == value:
        return ()
    if isinstance(value, str) and isinstance(current, (int, float)) and value not in (node.text, str(current).lower()):
        return Declined("it has a value already that is no text")
    space = " " if node.start == node.end and text[node.start - 1 : node.start] in {":", "-"} else ""
    return (Edit(node.start, node.end, space + written(value, node.style, flow=flow)),)


def rename_key(mapping: Node, old: str, new: str) -> tuple[Edit, ...] | Declined:
    """Rename a key of a mapping, in its quotes where it has some."""
    pair = entry(mapping, old)
    if pair is None or old == new:
        return ()
    if not isinstance(mapping, Mapping) or not _free(mapping) or not pair[0].editable:
        return _SHARED
    if entry(mapping, new):
        return Declined(f"there is a key {new} already")
    return (Edit(pair[0].start, pair[0].end, written_key(new, pair[0].style)),)


def _metadata(text: str, root: Node) -> Mapping | Declined:
    """The metadata of an object, if it can be edited."""
    if _has_odd_break(text):
        return _ODD_LINES
    pair = entry(root, "metadata")
    if pair is None or not isinstance(pair[1], Mapping) or not pair[1].entries:
        return Declined("the object has no metadata")
    if not isinstance(root, Mapping) or not _free(root) or not _free(pair[1]):
        return _SHARED
    return pair[1]


@lru_cache(maxsize=1)
def _has_odd_break(text: str) -> bool:
    """Whether a line ends as only some readers see it; asked once for a List of thousands of objects."""
    return bool(re.search(_ODD_BREAK, text))


def _free(mapping: Mapping) -> bool:
    """Whether the entries of a mapping are its own, and no merge brings others."""
    return mapping.editable and entry(mapping, "<<") is None


def _is_null(node: Scalar) -> bool:
    return node.style == PLAIN and not node.tag and scalar(node) is None


def _step(root: Node, metadata: Mapping) -> int:
    """By how many columns this object indents what is below a key."""
    for _, value in metadata.entries:
        if isinstance(value, Mapping) and not value.flow:
            return value.indent - metadata.indent
    step = metadata.indent - root.indent if isinstance(root, Mapping) and not metadata.flow else 0
    return step if step > 0 else 2


def _entry_texts(key: str, value: str, like: Mapping) -> tuple[str, str]:
    """A key and a value as text, in the style of the entries of *like*."""
    style, quote = value_styles(like)
    name = key_style(like)
    if like.flow and name == DOUBLE:
        style = quote = DOUBLE  # JSON knows nothing else
    return written_key(key, name), written(value, style, flow=like.flow, quote=quote)


def _set_entries(text: str, mapping: Mapping, pairs: Pairs) -> tuple[Edit, ...] | Declined:
    """Replace the values of entries, and add those that are missing behind the last one."""
    if not _free(mapping):
        return _SHARED
    edits: list[Edit] = []
    added: Edit | None = None
    for key, value in pairs:
        existing = entry(mapping, key)
        if existing:
            made = set_scalar(text, existing[1], value, flow=mapping.flow)
        else:
            made = _insert_entry(text, mapping, *_entry_texts(key, value, mapping))
        if isinstance(made, Declined):
            return made
        if existing:
            edits += made
        else:
            added = made[0] if added is None else added._replace(replacement=added.replacement + made[0].replacement)
    return (*edits, added) if added is not None else tuple(edits)


def _insert_entry(text: str, mapping: Mapping, key: str, value: str) -> tuple[Edit, ...] | Declined:
    """Add an entry behind the last one of *mapping*."""
    last = mapping.entries[-1][1]
    unclear = _unclear_end(text, last)
    if unclear:
        return unclear
    if mapping.flow:
        comma, colon = _separators(text, mapping)
        return (Edit(last.end, last.end, comma + key + (colon if key[0] in "\"'" else ": ") + value),)
    return (_new_line(text, max(last.end, mapping.entries[-1][0].end), mapping.indent, f"{key}: {value}"),)


def _insert_annotations(text: str, metadata: Mapping, pairs: Pairs, step: int) -> tuple[Edit, ...] | Declined:
    """Add ``annotations`` with these entries to metadata."""
    if metadata.flow:
        body = _flow_body(text, metadata, pairs)
        return _insert_entry(text, metadata, written_key("annotations", key_style(metadata)), body)
    edits = _insert_entry(text, metadata, "annotations", "")
    if isinstance(edits, Declined):
        return edits
    start, _, line = edits[0]
    return (Edit(start, start, line.rstrip(" ") + _lines(text, start, metadata.indent + step, pairs).replacement),)


def _lines(text: str, offset: int, indent: int, pairs: Pairs) -> Edit:
    """Entries on lines of their own, below the line that *offset* is on."""
    edits = [_new_line(text, offset, indent, _line(*pair)) for pair in pairs]
    return edits[0]._replace(replacement="".join(one.replacement for one in edits))


def _line(key: str, value: str) -> str:
    return f"{written_key(key, PLAIN)}: {written(value, PLAIN)}"


def _fill(
    text: str, metadata: Mapping, name: Scalar, empty: Mapping | Scalar, pairs: Pairs, step: int
) -> tuple[Edit, ...] | Declined:
    """Put annotations in place of ``annotations: {}``, ``annotations: null`` or ``annotations:``."""
    if "#" in text[empty.start : empty.end]:
        return Declined("a comment stands in its empty annotations")
    if metadata.flow:
        space = " " if empty.start == empty.end else ""
        return (Edit(empty.start, empty.end, space + _flow_body(text, metadata, pairs)),)
    between = text[name.end : empty.start]
    if "\n" in text[empty.start : empty.end]:
        return Declined("its empty annotations stand on several lines")
    if "\n" in between:
        first = Edit(empty.start, empty.end, _line(*pairs[0]))
        indent = empty.start - text.rfind("\n", 0, empty.start) - 1
        return (first, _lines(text, empty.end, indent, pairs[1:])) if len(pairs) > 1 else (first,)
    colon = name.end + between.index(":") + 1
    inserted = _lines(text, empty.end, metadata.indent + step, pairs)
    return (Edit(colon, empty.end, ""), inserted) if colon < empty.end else (inserted,)


def _flow_body(text: str, metadata: Mapping, pairs: Pairs) -> str:
    """A flow mapping with these annotations, laid out as the flow mapping *metadata* is."""
    comma, colon = _separators(text, metadata)
    texts = [_entry_texts(key, value, metadata) for key, value in pairs]
    items = [name + (colon if name[0] in "\"'" else ": ") + content for name, content in texts]
    if "\n" not in comma:
        return "{" + comma.join(items) + "}"
    line = comma.lstrip(" ,")
    return "{" + line + "  " + f"{comma}  ".join(items) + line + "}"


def _separators(text: str, mapping: Mapping) -> tuple[str, str]:
    """What stands between the entries of a flow mapping, and between key and value."""
    key, value = mapping.entries[-1]
    found = text[key.end : value.start]
    colon = found if re.match(_COLON, found) else ": "
    if len(mapping.entries) > 1:
        comma = text[mapping.entries[-2][1].end : key.start]
        return (comma if re.match(_COMMA, comma) else ", "), colon
    lead = text[mapping.start + 1 : key.start]
    if "\n" in lead and not lead.strip():
        return "," + lead, colon
    return ("," if colon == ":" else ", "), colon


def _unclear_end(text: str, node: Node) -> Declined | None:
    """Why the lines behind a value cannot be touched, or None where they can."""
    while not isinstance(node, Scalar) and not node.flow:
        values = node.items if isinstance(node, Sequence) else [value for _, value in node.entries]
        if not values:
            break
        node = values[-1]
    if isinstance(node, Scalar) and node.start == node.end and not node.editable:
        return Declined("it is unclear where the entry in front of it ends")
    if text[node.start : node.start + 1] in {"|", ">"} and "+" in text[node.start : node.start + 3]:
        return Declined("the text block in front of it keeps its blank lines")
    return None


def _remove_entry(text: str, mapping: Mapping, key: str) -> tuple[Edit, ...] | Declined:
    """Take out an entry: its lines in a block, its text and one comma in a flow mapping."""
    index = next(i for i, (name, _) in enumerate(mapping.entries) if name.text == key)
    name, value = mapping.entries[index]
    unclear = _unclear_end(text, value)
    if unclear:
        return unclear
    if mapping.flow:
        start = mapping.entries[index - 1][1].end if index > 0 else name.start
        end = mapping.entries[1][0].start if index == 0 and len(mapping.entries) > 1 else value.end
        if "#" in text[start : name.start] or "#" in text[value.end : end] or _has_comment(text, name.end, value):
            return Declined("a comment stands in it")
        return (Edit(start, end, ""),)
    start = text.rfind("\n", 0, name.start) + 1
    if text[start : name.start].strip(" ") or len(mapping.entries) == 1:
        return Declined("it does not stand on lines of its own")
    if _has_comment(text, name.end, value):
        return Declined("a comment stands in it")
    end = text.find("\n", max(value.end, name.end))
    return (Edit(start, len(text) if end < 0 else end + 1, ""),)


def _has_comment(text: str, start: int, value: Node) -> bool:
    """Whether a comment stands between a key that ends at *start* and the end of its value."""
    for _, node in walk(value):
        if isinstance(node, Mapping):
            for key, _ in node.entries:
                if "#" in text[start : key.start]:
                    return True
                start = key.end
        elif isinstance(node, Scalar):
            if "#" in text[start : node.start]:
                return True
            start = node.end
    return "#" in text[start : value.end]


def _new_line(text: str, offset: int, indent: int, line: str) -> Edit:
    """Add a line below the one that *offset* is on, with the line break that is used there."""
    end = text.find("\n", offset)
    if end < 0:
        end = len(text)
        first = text.find("\n")
        windows = first > 0 and text[first - 1] == "\r"
    else:
        windows = text[end - 1 : end] == "\r"
        end -= windows
    return Edit(end, end, ("\r\n" if windows else "\n") + " " * indent + line)
