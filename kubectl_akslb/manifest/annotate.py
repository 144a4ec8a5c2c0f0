"""Set annotations where they count: on an object itself, or where a controller copies them from to its Service.

That is below ``spec.infrastructure`` of a Gateway, and in a field of its own in other objects.
"""

from kubectl_akslb.manifest.edit import Pairs, set_annotations
from kubectl_akslb.manifest.nodes import PLAIN, Mapping, Node, Path, Scalar, entry, get, path_text
from kubectl_akslb.manifest.splice import Declined, Edit

OWN: Path = ("metadata", "annotations")
_INFRASTRUCTURE = "infrastructure"
GATEWAYS: Path = ("spec", _INFRASTRUCTURE, "annotations")


def annotate(text: str, root: Node, pairs: Pairs, below: Path = OWN) -> tuple[Edit, ...] | Declined:
    """Give the object *root* annotations at *below*, all or none of them, written as their related are."""
    if below == OWN:
        return set_annotations(text, root, pairs)
    return _set_infrastructure(text, root, pairs) if below == GATEWAYS else _set_below(text, root, pairs, below)


def _set_below(text: str, root: Node, pairs: Pairs, below: Path) -> tuple[Edit, ...] | Declined:
    """Give the mapping at *below*, whatever its name is, these annotations; the one above it has to be there."""
    *way, name = below
    above, holder = get(root, *way[:-1]), get(root, *way)
    if not isinstance(above, Mapping) or not isinstance(holder, Mapping) or not holder.entries or entry(holder, "<<"):
        return Declined(f"there is no {path_text(tuple(way))} yet")
    named = ((key._replace(text="annotations") if key.text == name else key, value) for key, value in holder.entries)
    edits = set_annotations(text, _as_object(above, holder._replace(entries=tuple(named))), pairs)
    if isinstance(edits, Declined) or entry(holder, str(name)) is not None:
        return edits
    return tuple(one._replace(replacement=one.replacement.replace("annotations", str(name), 1)) for one in edits)


def _set_infrastructure(text: str, gateway: Node, pairs: Pairs) -> tuple[Edit, ...] | Declined:
    pair = entry(gateway, "spec")
    spec = pair[1] if pair else None
    if not isinstance(gateway, Mapping) or not isinstance(spec, Mapping) or not spec.entries or not gateway.editable:
        return Declined("the Gateway has no spec")
    if entry(gateway, "<<") or entry(spec, "<<") or not spec.editable:
        return Declined("it has an anchor, an alias, a tag or a merge key, so that more could change than is meant")
    found = entry(spec, _INFRASTRUCTURE)
    if found is None:
        return _insert(text, gateway, spec, pairs)
    if not isinstance(found[1], Mapping) or not found[1].entries:
        return Declined("its infrastructure is empty")
    return set_annotations(text, _as_object(spec, found[1]), pairs)


def _insert(text: str, gateway: Mapping, spec: Mapping, pairs: Pairs) -> tuple[Edit, ...] | Declined:
    """Add ``infrastructure`` with annotations to the spec: what would be ``annotations`` there, one level deeper."""
    edits = set_annotations(text, _as_object(gateway, spec._replace(entries=_without_annotations(spec))), pairs)
    if isinstance(edits, Declined):
        return edits
    (edit,) = edits
    if spec.flow:
        return _wrapped(edit)
    step = " " * (spec.indent - gateway.indent or 2)
    line = edit.replacement.lstrip("\r\n")
    lead = edit.replacement[: len(edit.replacement) - len(line)]
    indent = line[: len(line) - len(line.lstrip(" "))]
    deeper = [lead + indent + _INFRASTRUCTURE + ":"]
    deeper += [lead + step + one for one in line.split(lead)]
    return (edit._replace(replacement="".join(deeper)),)


def _wrapped(edit: Edit) -> tuple[Edit, ...] | Declined:
    """``, "annotations": {…}`` as ``, "infrastructure": {"annotations": {…}}``."""
    name = edit.replacement.find("annotations")
    quote = edit.replacement[name - 1]
    start = name - 1 if quote in "\"'" else name
    quote = quote if quote in "\"'" else ""
    end = edit.replacement.find("{")
    if start < 0 or end < 0:
        return Declined("the Gateway is written in an unusual way")
    colon = edit.replacement[start + len("annotations") + 2 * len(quote) : end]
    head, body = edit.replacement[:start], edit.replacement[start:]
    return (edit._replace(replacement=f"{head}{quote}{_INFRASTRUCTURE}{quote}{colon}{{{body}}}"),)


def _without_annotations(spec: Mapping) -> "tuple[tuple[Scalar, Node], ...]":
    return tuple(pair for pair in spec.entries if pair[0].text != "annotations")


def _as_object(above: Mapping, holder: Mapping) -> Mapping:
    """An object whose ``metadata`` is *holder*: annotations are written there as they are in any other."""
    name = Scalar("metadata", PLAIN, holder.start, holder.start)
    return above._replace(entries=((name, holder),))
