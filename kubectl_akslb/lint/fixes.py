"""The fixes that rules offer, as edits; None where the text cannot be edited without touching more than is meant."""

from collections.abc import Sequence

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import DEFAULT_NAMESPACE, SAFE, Applicability, EditedObject, Fix
from kubectl_akslb.manifest.load import FoundObject, FoundService
from kubectl_akslb.manifest.nodes import Mapping, Path, entry, get

# What edits a text is imported where something is to be mended.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.manifest.opened import Opened
    from kubectl_akslb.manifest.splice import Declined, Edit

ANNOTATIONS: Path = ("metadata", "annotations")

#: The values of the derivation that are a probe, and the choice of it.
PROBES = ("load_balancer.probes", "load_balancer.load_balancing_rules.*.probe")
#: What may change where nothing was built before.
EVERYTHING = ("*",)


def set_annotations(
    context: ServiceContext,
    pairs: Sequence[tuple[str, str]],
    title: str,
    applicability: Applicability,
    intended: Sequence[str] = (),
) -> Fix | None:
    """Give the Service these annotations, in this order: where its controller copies them from, if one makes it."""
    made = annotations_fix(context.found, pairs, applicability, intended)
    return made._replace(title=title) if made is not None else None


def annotations_fix(
    found: FoundService,
    pairs: Sequence[tuple[str, str]],
    applicability: Applicability,
    intended: Sequence[str] = (),
) -> Fix | None:
    """Give a Service these annotations, in this order."""
    from kubectl_akslb.manifest.annotate import annotate
    from kubectl_akslb.manifest.opened import opened
    from kubectl_akslb.manifest.splice import Declined

    spot = found.spot_of_annotations(*(key for key, _ in pairs))
    if spot is None:
        return None
    inside = opened(spot.holder.text.text, spot.holder.node, spot.path)
    if isinstance(inside, Declined):
        return None
    annotations = get(inside.root, *inside.path)
    creates = not isinstance(annotations, Mapping) or not annotations.entries
    title = " and ".join(f"{key}: {value}" for key, value in pairs)
    edits = annotate(inside.text, inside.root, pairs, inside.path)
    paths = tuple((*inside.path, key) for key, _ in pairs)
    made = _in_holder(f"annotate {title}", edits, applicability, paths, intended, inside, spot.holder)
    return made._replace(creates=creates) if made is not None else None


def remove(
    context: ServiceContext,
    key: str,
    title: str = "",
    applicability: Applicability = SAFE,
    intended: Sequence[str] = (),
) -> Fix | None:
    """Take an annotation away."""
    from kubectl_akslb.manifest.annotate import unset

    title = title or f"remove {key}"
    found = _opened(context, (*ANNOTATIONS, key))
    if found is None:
        return None
    inside, holder = found
    edits = unset(inside.text, inside.root, key, inside.path[:-1])
    return _in_holder(title, edits, applicability, (inside.path,), intended, inside, holder)


def rename(
    context: ServiceContext, old: str, new: str, applicability: Applicability, intended: Sequence[str] = ()
) -> Fix | None:
    """Give an annotation another key."""
    from kubectl_akslb.manifest.edit import rename_key

    found = _opened(context, (*ANNOTATIONS, old))
    if found is None or new in context.service.annotations:
        return None
    inside, holder = found
    mapping = get(inside.root, *inside.path[:-1])
    if mapping is None:
        return None
    edits = rename_key(mapping, old, new)
    changed = (inside.path, (*inside.path[:-1], new))
    return _in_holder(f"rename it to {new}", edits, applicability, changed, intended, inside, holder)


def set_value(
    context: ServiceContext,
    steps: Path,
    value: str | int | bool,
    title: str,
    applicability: Applicability,
    intended: Sequence[str] = (),
) -> Fix | None:
    """Replace the single value at *steps*."""
    from kubectl_akslb.manifest.edit import set_scalar

    found = _opened(context, steps)
    if found is None:
        return None
    inside, holder = found
    node, above = get(inside.root, *inside.path), get(inside.root, *inside.path[:-1])
    if node is None:
        return None
    edits = set_scalar(inside.text, node, value, flow=bool(getattr(above, "flow", False)))
    return _in_holder(title, edits, applicability, (inside.path,), intended, inside, holder)


def _opened(context: ServiceContext, steps: Path) -> "tuple[Opened, FoundObject] | None":
    """Where a field of the Service is written, opened for an edit; None where it cannot be."""
    from kubectl_akslb.manifest.opened import opened
    from kubectl_akslb.manifest.splice import Declined

    spot = context.found.spot(steps)
    if spot is None:
        return None
    inside = opened(spot.holder.text.text, spot.holder.node, spot.path)
    return None if isinstance(inside, Declined) else (inside, spot.holder)


def _in_holder(
    title: str,
    edits: "tuple[Edit, ...] | Declined",
    applicability: Applicability,
    paths: tuple[Path, ...],
    intended: Sequence[str],
    inside: "Opened",
    holder: FoundObject,
) -> Fix | None:
    """The fix in the text of the object that is edited; what a block of text holds is proven here."""
    from kubectl_akslb.manifest.splice import Declined

    if isinstance(edits, Declined) or not edits or inside.changes_more(edits, paths):
        return None
    places = (inside.outer,) if inside.outer else paths
    name = f"{holder.kind} {holder.namespace or DEFAULT_NAMESPACE}/{holder.name}"
    edited = EditedObject(name, holder.text.path, holder.document, holder.at)
    return Fix(title, inside.edits(edits), applicability, places, tuple(intended), holder=edited)


def replace_field(
    context: ServiceContext, field: str, key: str, value: str, title: str, applicability: Applicability
) -> Fix | None:
    """Take ``spec.<field>``, a single value on a line of its own, away and set an annotation in its place."""
    line = _line_of(context, field) if context.found.maker is None else None
    fix = set_annotations(context, ((key, value),), title, applicability)
    if line is None or fix is None:
        return None
    return fix._replace(edits=(*fix.edits, line), paths=(*fix.paths, ("spec", field)))


def _line_of(context: ServiceContext, field: str) -> "Edit | None":
    from kubectl_akslb.manifest.splice import Edit

    spec = get(context.found.node, "spec")
    pair = entry(spec, field)
    if not isinstance(spec, Mapping) or pair is None or spec.flow or not spec.editable or len(spec.entries) < 2:
        return None
    text, (key, value) = context.text, pair
    start = text.rfind("\n", 0, key.start) + 1
    end = text.find("\n", value.end) + 1
    alone = not text[start : key.start].strip(" ") and "\n" not in text[key.start : value.end]
    if not alone or not end or not getattr(value, "editable", False):
        return None
    return Edit(start, end, "")
