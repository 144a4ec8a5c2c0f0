"""Set annotations where they count: on an object itself, or where a controller copies them from to its Service.

That is below ``spec.infrastructure`` of a Gateway, and in a field of its own in other objects. What is missing on the
way to it comes into being.
"""

from kubectl_akslb.manifest.edit import Pairs, remove_annotation, set_annotations
from kubectl_akslb.manifest.nodes import PLAIN, Mapping, Node, Path, Scalar, entry, get, path_text
from kubectl_akslb.manifest.splice import Declined, Edit

_NAME = "annotations"
OWN: Path = ("metadata", _NAME)


def annotate(text: str, root: Node, pairs: Pairs, below: Path = OWN) -> tuple[Edit, ...] | Declined:
    """Give the object *root* annotations at *below*, all or none of them, written as their related are."""
    if below == OWN:
        return set_annotations(text, root, pairs)
    above: Node | None = root
    holder: Node = root
    depth = 0
    for index, step in enumerate(below[:-1]):
        found = get(holder, step)
        if found is None or isinstance(found, Scalar) or (isinstance(found, Mapping) and not found.entries):
            break
        above, holder, depth = holder, found, index + 1
    missing = [str(step) for step in below[depth:]]
    if not isinstance(holder, Mapping) or not holder.entries or not isinstance(root, Mapping):
        return Declined(f"there is no {path_text(below[:-1])} yet")
    if any(entry(one, "<<") for one in _way(root, below[:depth])) or not all(
        one.editable for one in _way(root, below[:depth])
    ):
        return Declined("it has an anchor, an alias, a tag or a merge key, so that more could change than is meant")
    object_above = above if isinstance(above, Mapping) else holder._replace(indent=max(holder.indent - 2, 0))
    if len(missing) == 1:
        return _set_named(text, object_above, holder, pairs, missing[0])
    there = entry(holder, missing[0])
    if there is not None:
        return _filled(text, holder, there, pairs, missing)
    return _insert(text, object_above, holder, pairs, missing)


def unset(text: str, root: Node, key: str, below: Path = OWN) -> tuple[Edit, ...] | Declined:
    """Take the annotation *key* at *below* from the object *root*."""
    holder = get(root, *below[:-1])
    if not isinstance(holder, Mapping) or not isinstance(root, Mapping):
        return ()
    name = str(below[-1])
    edits = remove_annotation(text, root if below == OWN else _as_object(root, holder, name), key)
    pair = entry(holder, name)
    if isinstance(edits, Declined) and pair is not None and isinstance(pair[1], Mapping) and len(holder.entries) == 1:
        return _emptied(text, pair[0], pair[1], edits)
    return edits


def _emptied(text: str, name: Scalar, value: Mapping, declined: Declined) -> tuple[Edit, ...] | Declined:
    """``annotations: {}`` in place of the last one, where nothing else would be left of what holds them."""
    if len(value.entries) != 1 or value.flow or not value.editable or not isinstance(value.entries[0][1], Scalar):
        return declined
    end = value.entries[0][1].end
    return declined if "#" in text[name.end : value.entries[0][0].start] else (Edit(name.end, end, ": {}"),)


def _way(root: Node, path: Path) -> list[Mapping]:
    """The mappings on the way to a path, from the object on."""
    found = [get(root, *path[:end]) for end in range(len(path) + 1)]
    return [one for one in found if isinstance(one, Mapping)]


def _set_named(text: str, above: Mapping, holder: Mapping, pairs: Pairs, name: str) -> tuple[Edit, ...] | Declined:
    """Give the mapping *name* of *holder* these annotations, or make it."""
    edits = set_annotations(text, _as_object(above, holder, name), pairs)
    if isinstance(edits, Declined) or entry(holder, name) is not None or name == _NAME:
        return edits
    return tuple(one._replace(replacement=one.replacement.replace(_NAME, name, 1)) for one in edits)


def _filled(
    text: str, holder: Mapping, there: tuple[Scalar, Node], pairs: Pairs, missing: list[str]
) -> tuple[Edit, ...] | Declined:
    """Put what is missing in place of an empty ``{}``."""
    name, value = there
    if not isinstance(value, Mapping) or not value.flow or text[value.start : value.end].strip("{} "):
        return Declined(f"its {name.text} is empty")
    edits = _insert(text, holder, holder._replace(entries=_without(holder, name.text)), pairs, missing[1:], flow=True)
    if isinstance(edits, Declined):
        return edits
    body = edits[0].replacement
    return (Edit(value.start, value.end, f"{{{body}}}"),)


def _insert(
    text: str, above: Mapping, holder: Mapping, pairs: Pairs, missing: list[str], *, flow: bool = False
) -> tuple[Edit, ...] | Declined:
    """Add the mappings that are missing: what would be ``annotations`` in *holder*, some levels deeper."""
    if flow or holder.flow:
        return _in_flow(text, holder, pairs, missing, alone=flow)
    bare = holder._replace(entries=_without(holder, _NAME))
    edits = set_annotations(text, _as_object(above, bare, _NAME), pairs)
    if isinstance(edits, Declined):
        return edits
    (edit,) = edits
    step = " " * (holder.indent - above.indent or 2)
    line = edit.replacement.lstrip("\r\n")
    lead = edit.replacement[: len(edit.replacement) - len(line)]
    indent = line[: len(line) - len(line.lstrip(" "))]
    body = line.replace(_NAME, missing[-1], 1).split(lead)
    outer = [lead + indent + step * depth + name + ":" for depth, name in enumerate(missing[:-1])]
    deeper = step * (len(missing) - 1)
    return (edit._replace(replacement="".join([*outer, *(lead + deeper + one for one in body)])),)


def _in_flow(
    text: str, holder: Mapping, pairs: Pairs, missing: list[str], *, alone: bool
) -> tuple[Edit, ...] | Declined:
    """``, "annotations": {…}`` as ``, "infrastructure": {"annotations": {…}}``; *alone* without what stands before."""
    from kubectl_akslb.manifest.quoting import key_style, written, written_key

    style = key_style(holder)
    quoted = style != PLAIN
    colon = ": "
    body = ", ".join(
        f"{written_key(key, style)}{colon}{written(value, style if quoted else PLAIN, flow=True)}"
        for key, value in pairs
    )
    for name in reversed(missing):
        body = f"{written_key(name, style)}{colon}{{{body}}}"
    if alone:
        return (Edit(0, 0, body),)
    last = holder.entries[-1][1]
    if "#" in text[last.end : holder.end]:
        return Declined("a comment stands in it")
    return (Edit(last.end, last.end, f", {body}"),)


def _without(holder: Mapping, name: str) -> "tuple[tuple[Scalar, Node], ...]":
    return tuple(pair for pair in holder.entries if pair[0].text != name)


def _as_object(above: Mapping, holder: Mapping, name: str) -> Mapping:
    """An object whose ``metadata`` is *holder*, with *name* for its annotations: they are written as in any other."""
    entries = tuple(
        (key._replace(text=_NAME) if key.text == name else key, value)
        for key, value in holder.entries
        if key.text == name or key.text != _NAME
    )
    label = Scalar("metadata", PLAIN, holder.start, holder.start)
    return above._replace(entries=((label, holder._replace(entries=entries)),))
