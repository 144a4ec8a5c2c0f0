"""The fixes that rules offer, as edits; None where the text cannot be edited without touching more than is meant."""

from collections.abc import Sequence

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, Applicability, Fix
from kubectl_akslb.manifest.nodes import Mapping, Node, Path, entry, get

# What edits a text is imported where something is to be mended.
TYPE_CHECKING = False
if TYPE_CHECKING:
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
    """Give the Service these annotations, in this order."""
    found = context.found
    made = annotations_fix(context.text, found.annotated, pairs, applicability, intended, found.annotations_at)
    return made._replace(title=title) if made is not None else None


def annotations_fix(
    text: str,
    root: Node,
    pairs: Sequence[tuple[str, str]],
    applicability: Applicability,
    intended: Sequence[str] = (),
    below: Path = ANNOTATIONS,
) -> Fix | None:
    """Give an object these annotations, in this order, at *below*."""
    from kubectl_akslb.manifest.annotate import annotate
    from kubectl_akslb.manifest.splice import Declined

    annotations = get(root, *below)
    creates = not isinstance(annotations, Mapping) or not annotations.entries
    edits = annotate(text, root, pairs, below)
    if isinstance(edits, Declined) or not edits:
        return None
    title = " and ".join(f"{key.rpartition('/')[2]}: {value}" for key, value in pairs)
    paths = tuple((*below, key) for key, _ in pairs)
    return Fix(f"annotate {title}", edits, applicability, paths, tuple(intended), creates)


def remove(
    context: ServiceContext,
    key: str,
    title: str = "",
    applicability: Applicability = SAFE,
    intended: Sequence[str] = (),
) -> Fix | None:
    """Take an annotation away."""
    from kubectl_akslb.manifest.edit import remove_annotation

    made = remove_annotation(context.text, context.found.node, key)
    title = title or f"remove {key.rpartition('/')[2]}"
    return _fix(context, title, made, applicability, ((*ANNOTATIONS, key),), intended)


def rename(
    context: ServiceContext, old: str, new: str, applicability: Applicability, intended: Sequence[str] = ()
) -> Fix | None:
    """Give an annotation another key."""
    from kubectl_akslb.manifest.edit import rename_key

    mapping = get(context.found.node, *ANNOTATIONS)
    if mapping is None or new in context.service.annotations:
        return None
    made = rename_key(mapping, old, new)
    changed = ((*ANNOTATIONS, old), (*ANNOTATIONS, new))
    return _fix(context, f"rename it to {new}", made, applicability, changed, intended)


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

    node = get(context.found.node, *steps)
    if node is None:
        return None
    above = get(context.found.node, *steps[:-1])
    flow = bool(getattr(above, "flow", False))
    return _fix(context, title, set_scalar(context.text, node, value, flow=flow), applicability, (steps,), intended)


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


def _fix(
    context: ServiceContext,
    title: str,
    edits: "tuple[Edit, ...] | Declined",
    applicability: Applicability,
    paths: tuple[Path, ...],
    intended: Sequence[str],
) -> Fix | None:
    from kubectl_akslb.manifest.splice import Declined

    written = tuple(path for one in paths if (path := context.found.written(one)) is not None)
    if isinstance(edits, Declined) or not edits or len(written) < len(paths):
        return None
    return Fix(title, edits, applicability, written, tuple(intended))
