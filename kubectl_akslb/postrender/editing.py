"""Set annotations in the text of one document, and prove by reading it again that nothing else has changed."""

from collections.abc import Sequence
from typing import NamedTuple

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.annotate import annotate
from kubectl_akslb.manifest.nodes import get
from kubectl_akslb.manifest.splice import Declined, Edit, apply
from kubectl_akslb.manifest.verify import verify
from kubectl_akslb.postrender.objects import Read, Target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.path.remedy import Annotation

    Job = tuple[Target, tuple[Annotation, ...]]


class Made(NamedTuple):
    """A new text, which annotations were set on what, and for which objects that was declined, with the reason."""

    text: str
    done: "tuple[Job, ...]"
    declined: tuple[tuple[Target, str], ...]


def edited(found: Read, jobs: "Sequence[Job]") -> Made:
    """The text with the annotations of all objects, of each all or none; as it was where the proof fails."""
    text = found.source.text
    edits: list[Edit] = []
    done: list[Job] = []
    declined: list[tuple[Target, str]] = []
    for target, annotations in jobs:
        pairs = [(one.key, one.value) for one in annotations]
        made = annotate(text, get(found.root, *target.at) or found.root, pairs, target.below)
        if isinstance(made, Declined):
            reason = f"cannot be set without touching more than is meant: {made.reason}"
            declined.append((target, reason))
        else:
            edits += made
            done.append((target, annotations))
    after = apply(text, edits)
    places = [(*target.at, *target.below, one.key) for target, annotations in done for one in annotations]
    try:
        others = verify(found.root, after, places) if edits else ()
    except InputError:
        others = (("everything",),)
    if others:
        path = ".".join(map(str, others[0]))
        failed = [(target, f"are left as they are, because the edit would have changed {path}") for target, _ in done]
        return Made(text, (), (*declined, *failed))
    return Made(after, tuple(done), tuple(declined))
