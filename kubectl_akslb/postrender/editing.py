"""Set annotations in the text of one document, and prove by reading it again that nothing else has changed."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kubectl_akslb.manifest.edit import Edit, apply, set_annotation
from kubectl_akslb.manifest.nodes import Node, Scalar, Source, get
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.manifest.scalars import plain, scalar
from kubectl_akslb.manifest.splice import Declined
from kubectl_akslb.postrender.objects import OBJECT_ANNOTATIONS, Read, Target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.path.remedy import Annotation


class Made(NamedTuple):
    """Which annotations were set on what, and for which objects that was declined, with the reason."""

    done: "tuple[tuple[Target, tuple[Annotation, ...]], ...]"
    declined: tuple[tuple[Target, str], ...]


def edited(found: Read, jobs: "Sequence[tuple[Target, tuple[Annotation, ...]]]") -> tuple[str, Node, Made]:
    """The text with all annotations set, one of each object in each round so that edits cannot overlap."""
    text, root = found.source.text, found.root
    left, declined = _possible(found, jobs)
    for number in range(max((len(annotations) for _, annotations in left), default=0)):
        edits: list[Edit] = []
        kept = []
        for target, annotations in left:
            if number >= len(annotations):
                kept.append((target, annotations))
                continue
            made = _set(text, get(root, *target.at) or root, target, annotations[number])
            if not isinstance(made, Declined):
                edits += made
                kept.append((target, annotations))
            else:
                declined.append((target, made.reason))
        if number and len(kept) < len(left):  # one of two annotations is none at all: again without these objects
            rest = [job for job in jobs if any(job[0] is target for target, _ in kept)]
            text, root, again = edited(found, rest) if rest else (found.source.text, found.root, Made((), ()))
            return text, root, Made(again.done, (*declined, *again.declined))
        left = kept
        text = apply(text, edits)
        root = parse(Source(text))
    return text, root, Made(tuple(left), tuple(declined))


def _possible(
    found: Read, jobs: "Sequence[tuple[Target, tuple[Annotation, ...]]]"
) -> tuple[list[tuple[Target, "tuple[Annotation, ...]"]], list[tuple[Target, str]]]:
    """The objects all of whose annotations can be set, each by itself, and those of which one cannot."""
    left, declined = [], []
    for target, annotations in jobs:
        node = get(found.root, *target.at) or found.root
        tried = (_set(found.source.text, node, target, one) for one in annotations)
        refused = next((made for made in tried if isinstance(made, Declined)), None)
        if refused is None:
            left.append((target, annotations))
        else:
            declined.append((target, refused.reason))
    return left, declined


def _set(text: str, node: Node, target: Target, one: "Annotation") -> tuple[Edit, ...] | Declined:
    there = get(node, *target.below, one.key)
    if there is not None and not (isinstance(there, Scalar) and isinstance(scalar(there), str)):
        return Declined("it has this annotation already, with a value that is no text")
    if target.below == OBJECT_ANNOTATIONS:
        return set_annotation(text, node, one.key, one.value)
    from kubectl_akslb.postrender.infrastructure import set_infrastructure_annotation  # noqa: PLC0415 -- it is rare

    return set_infrastructure_annotation(text, node, one.key, one.value)


def fault_of(found: Read, root: Node, done: "Iterable[tuple[Target, tuple[Annotation, ...]]]") -> str:
    """What is wrong with the tree *root* of the edited text, or "" where it has the annotations and nothing else."""
    expected: Any = plain(found.root)
    for target, annotations in done:
        holder: Any = expected
        for step in (*target.at, *target.below):
            if isinstance(holder, dict) and holder.get(step) is None:
                holder[step] = {}
            holder = holder[step]
        holder.update((one.key, one.value) for one in annotations)
    path = _difference(expected, plain(root))
    return f"it is left as it is, because the edit would have changed {path}" if path else ""


def _difference(expected: object, found: object) -> str:
    """Where two values differ, as a path, or ""; 1, 1.0 and true are different values."""
    if type(expected) is not type(found):
        return "a type"
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in {**expected, **found}:
            if key not in expected or key not in found:
                return str(key)
            below = _difference(expected[key], found[key])
            if below:
                return f"{key}.{below}"
        return ""
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return "the length of a list"
        return next((below for pair in zip(expected, found, strict=True) if (below := _difference(*pair))), "")
    return "" if repr(expected) == repr(found) else "a value"
