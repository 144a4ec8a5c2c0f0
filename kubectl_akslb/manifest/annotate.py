"""Set annotations where they count: on an object itself, or below ``spec.infrastructure`` of a Gateway.

The controller of a Gateway copies those to the Service that it makes.
"""

from kubectl_akslb.manifest.edit import Pairs, set_annotations
from kubectl_akslb.manifest.nodes import PLAIN, Mapping, Node, Path, Scalar, entry
from kubectl_akslb.manifest.splice import Declined, Edit

OWN: Path = ("metadata", "annotations")
_INFRASTRUCTURE = "infrastructure"


def annotate(text: str, root: Node, pairs: Pairs, below: Path = OWN) -> tuple[Edit, ...] | Declined:
    """Give the object *root* annotations at *below*, all or none of them, written as their related are."""
    return set_annotations(text, root, pairs) if below == OWN else _set_infrastructure(text, root, pairs)


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
