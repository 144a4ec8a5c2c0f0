"""The fixes that rules offer, as edits; None where the text cannot be edited without touching more than is meant."""

from collections.abc import Sequence

from kubectl_akslb.lint.diagnostic import SAFE, Fix
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.manifest.edit import remove_annotation, rename_key, set_annotation, set_scalar
from kubectl_akslb.manifest.nodes import Mapping, Node, Path, Source, entry, get
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.manifest.splice import Declined, Edit, apply

ANNOTATIONS: Path = ("metadata", "annotations")

#: The values of the derivation that are a probe, and the choice of it.
PROBES = ("load_balancer.probes", "load_balancer.load_balancing_rules.*.probe")
#: What may change where nothing was built before.
EVERYTHING = ("*",)


def set_annotations(
    subject: Subject, pairs: Sequence[tuple[str, str]], title: str, applicability: str, intended: Sequence[str] = ()
) -> Fix | None:
    """Give the Service these annotations, in this order."""
    text = subject.text
    edits: tuple[Edit, ...] = ()
    root: Node = subject.found.node
    annotations = get(root, *ANNOTATIONS)
    creates = not isinstance(annotations, Mapping) or not annotations.entries
    for index, (key, value) in enumerate(pairs):
        made = set_annotation(text, root, key, value)
        if isinstance(made, Declined):
            return None
        text = apply(text, made)
        edits = made
        if index + 1 < len(pairs):
            whole = parse(Source(text))
            root = get(whole, *subject.found.at) or whole
    if len(pairs) > 1:
        edits = _as_one(subject.text, text)
    if not edits:
        return None
    paths = tuple((*ANNOTATIONS, key) for key, _ in pairs)
    return Fix(title, tuple(edits), applicability, paths, tuple(intended), creates)


def remove(
    subject: Subject, key: str, title: str = "", applicability: str = SAFE, intended: Sequence[str] = ()
) -> Fix | None:
    """Take an annotation away."""
    made = remove_annotation(subject.text, subject.found.node, key)
    title = title or f"remove {key.rpartition('/')[2]}"
    return _fix(title, made, applicability, ((*ANNOTATIONS, key),), intended)


def rename(subject: Subject, old: str, new: str, applicability: str, intended: Sequence[str] = ()) -> Fix | None:
    """Give an annotation another key."""
    mapping = get(subject.found.node, *ANNOTATIONS)
    if mapping is None or new in subject.service.annotations:
        return None
    made = rename_key(mapping, old, new)
    return _fix(f"rename it to {new}", made, applicability, ((*ANNOTATIONS, old), (*ANNOTATIONS, new)), intended)


def set_value(
    subject: Subject, steps: Path, value: str | int | bool, title: str, applicability: str,  # noqa: FBT001
    intended: Sequence[str] = (),
) -> Fix | None:  # fmt: skip
    """Replace the single value at *steps*."""
    node = get(subject.found.node, *steps)
    if node is None:
        return None
    above = get(subject.found.node, *steps[:-1])
    flow = bool(getattr(above, "flow", False))
    return _fix(title, set_scalar(subject.text, node, value, flow=flow), applicability, (steps,), intended)


def replace_field(subject: Subject, field: str, key: str, value: str, title: str, applicability: str) -> Fix | None:
    """Take ``spec.<field>``, a single value on a line of its own, away and set an annotation in its place."""
    line = _line_of(subject, field)
    fix = set_annotations(subject, ((key, value),), title, applicability)
    if line is None or fix is None:
        return None
    return fix._replace(edits=(*fix.edits, line), paths=(*fix.paths, ("spec", field)))


def _line_of(subject: Subject, field: str) -> Edit | None:
    spec = get(subject.found.node, "spec")
    pair = entry(spec, field)
    if not isinstance(spec, Mapping) or pair is None or spec.flow or not spec.editable or len(spec.entries) < 2:
        return None
    text, (key, value) = subject.text, pair
    start = text.rfind("\n", 0, key.start) + 1
    end = text.find("\n", value.end) + 1
    alone = not text[start : key.start].strip(" ") and "\n" not in text[key.start : value.end]
    if not alone or not end or not getattr(value, "editable", False):
        return None
    return Edit(start, end, "")


def _as_one(before: str, after: str) -> tuple[Edit, ...]:
    """One edit that makes *after* of *before*."""
    head = 0
    limit = min(len(before), len(after))
    while head < limit and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return (Edit(head, len(before) - tail, after[head : len(after) - tail]),) if before != after else ()


def _fix(
    title: str, edits: tuple[Edit, ...] | Declined, applicability: str, paths: tuple[Path, ...],
    intended: Sequence[str],
) -> Fix | None:  # fmt: skip
    if isinstance(edits, Declined) or not edits:
        return None
    return Fix(title, edits, applicability, paths, tuple(intended))
