"""The post-renderer as a function: the bytes of a stream in, bytes and what was done out. Nothing here does I/O."""

import gc
from collections.abc import Iterator, Mapping, Sequence

from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.gateway import OWN_ANNOTATIONS
from kubectl_akslb.lint.annotation_policy import DEFAULT_POLICY, Policy
from kubectl_akslb.manifest.load import IGNORED, IGNORED_HINT
from kubectl_akslb.manifest.stream import Document, content_end, is_bare, json_objects
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.choice import has_own_probe
from kubectl_akslb.postrender.outline import UTF16_MARKS, WORDS, may_matter, outline
from kubectl_akslb.postrender.stream_objects import StreamObjects
from kubectl_akslb.postrender.targets import Target, edited, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.path.hop import Reason
    from kubectl_akslb.path.remedy import AnnotationToSet
    from kubectl_akslb.postrender.outline import Part

EMPTY = b"# kubectl-akslb post-render: there were no manifests\n"
"""What is written where nothing came in: Helm 4 takes an empty stream for a fault, Helm 3 for "delete everything"."""

_DEFAULT_NAMESPACE = "default"
_EMBEDDED = b"LoadBalancer"
"""What an object with a field that holds such a Service has in its text."""


class PostRenderOptions(NamedTuple):
    """What a run depends on, beside the stream. *namespace* is the release's, or "" where it is not known."""

    cluster: Cluster
    policy: Policy = DEFAULT_POLICY
    strict: bool = False
    namespace: str = ""


class ChangedAnnotation(NamedTuple):
    """An annotation that was set: on what, where that stands in the input, for which ports, and why."""

    target: str
    source: str
    line: int
    annotation: str
    value: str
    ports: tuple[int, ...]
    evidence: str
    because: "tuple[Reason, ...]"

    @property
    def reason(self) -> str:
        """Why, in words."""
        return _said(self.because)


class Notice(NamedTuple):
    """Something that was not done, and why. *target* is "" where it concerns a document as a whole."""

    target: str
    source: str
    line: int
    message: str
    hint: str = ""


class PostRendered(NamedTuple):
    """The stream to go on with, and what was done to it.

    *warnings* are what a person should look at, *left* are http(s) probes that were left alone on purpose. Where
    *errors* is not empty the run has failed and there is no stream. *edited* holds the documents that were changed,
    with their new text. *parts* are the stream in pieces: what was not changed is not copied either.
    """

    parts: tuple[bytes | memoryview, ...]
    changes: tuple[ChangedAnnotation, ...] = ()
    warnings: tuple[Notice, ...] = ()
    left: tuple[Notice, ...] = ()
    errors: tuple[Notice, ...] = ()
    edited: tuple[tuple[Document, str], ...] = ()

    @property
    def output(self) -> bytes:
        """The stream as a whole."""
        return b"".join(self.parts)


def postrender(data: bytes, options: PostRenderOptions, parts: "Sequence[Part] | None" = None) -> PostRendered:
    """Give the Services and Gateways in *data* the annotations that keep their probes alive.

    *parts* is the outline of *data*, where the caller has made it already. All other bytes stay as they are. A document
    that cannot be read or edited with certainty is passed on with a warning; with ``options.strict`` warnings are
    errors.
    """
    collecting = gc.isenabled()
    gc.disable()  # trees of tuples, no cycles: the collector would walk them for nothing
    try:
        return _Run(data, options, outline(data) if parts is None else parts).result()
    finally:
        if collecting:
            gc.enable()


class _Run:
    """One stream on its way through."""

    def __init__(self, data: bytes, options: PostRenderOptions, parts: "Sequence[Part]") -> None:
        self._data = data
        self._options = options
        self._outline = parts
        self._objects = StreamObjects(data, self._outline, options.namespace, options.policy.templates)
        self._kinds = frozenset(one.kind.encode() for one in options.policy.templates)
        self._changes: list[ChangedAnnotation] = []
        self._warnings: list[Notice] = []
        self._left: list[Notice] = []
        self._errors: list[Notice] = []
        self._edited: list[tuple[Document, str]] = []

    def result(self) -> PostRendered:
        """Go through all documents."""
        if not self._data or self._data.isspace():
            ends = not self._data or self._data.endswith(b"\n")
            return PostRendered((self._data, b"" if ends else b"\n", EMPTY))
        if self._data.startswith(UTF16_MARKS):
            message = "the stream is UTF-16, not UTF-8: it is passed on as it is"
            self._warnings.append(Notice("", "", 1, message, "Save the templates as UTF-8."))
        documents = {one.start: one for one in self._wanted()}
        jobs = [job for document in documents.values() for job in self._jobs(document)]
        if jobs:
            self._edit(jobs, documents)
        errors = [*self._errors, *(self._warnings if self._options.strict else ())]
        parts = () if errors else self._parts()
        return PostRendered(
            parts, tuple(self._changes), tuple(self._warnings), tuple(self._left), tuple(errors), tuple(self._edited)
        )

    def _wanted(self) -> Iterator[Document]:
        """The documents that can hold a LoadBalancer Service or a Gateway."""
        data, line, counted = self._data, 1, 0
        for index, part in enumerate(self._outline):
            start, end, kind = part
            named = kind in self._kinds and data.find(_EMBEDDED, start, end) >= 0
            if not named and not may_matter(data, part):
                continue
            line += data.count(b"\n", counted, start)
            counted = start
            behind = content_end(data, start, end)
            for at, end_of_one in json_objects(data, start, behind):
                document = Document(index, data, at, end_of_one, line + data.count(b"\n", start, at))
                if named or kind in WORDS or _may_hold(document):
                    yield document
            if behind < end and not is_bare(data, behind, end):
                self._ignored(Document(index, data, behind, end, line + data.count(b"\n", start, behind)))

    def _ignored(self, document: Document) -> None:
        if _may_hold(document):
            self._warnings.append(Notice("", document.source, document.line, IGNORED, IGNORED_HINT))

    def _parts(self) -> tuple[bytes | memoryview, ...]:
        """The stream with the changed documents in their places."""
        view, position = memoryview(self._data), 0
        parts: list[bytes | memoryview] = []
        for document, text in self._edited:
            parts += [view[position : document.start], text.encode()]
            position = document.end
        return (*parts, view[position:])

    def _jobs(self, document: Document) -> "Iterator[tuple[Target, tuple[AnnotationToSet, ...]]]":
        """What is to be done about the Services of a document."""
        try:
            found = read(document, self._objects)
        except InputError as error:
            self._warn(document, error)
            return
        for problem in found.problems:
            self._warn(document, problem)
        for one in found.unread:
            self._warnings.append(Notice("", document.source, one.line, one.message, one.hint))
        for target in found.targets:
            wanted = self._propose(target)
            if wanted:
                yield target, wanted

    def _propose(self, target: Target) -> "tuple[AnnotationToSet, ...]":
        service = target.service
        namespace = target.namespace or self._options.namespace or _DEFAULT_NAMESPACE
        choice = self._options.policy.choose(target.name, namespace, target.labels, target.class_name)
        if not choice.annotations and not has_own_probe(service):
            return ()
        from kubectl_akslb.path.remedy import probe_remedy

        cluster, evidence = self._options.cluster, self._objects.evidence(service)
        proposal = probe_remedy(service, cluster, evidence, choice, OWN_ANNOTATIONS)
        for one in proposal.left:
            finding = self._finding(target, f"port {one.port} keeps its http(s) probe: {_said(one.because)}")
            (self._errors if one.fatal else self._warnings if one.warn else self._left).append(finding)
        if proposal.refused:
            message = f"provider {cluster.provider_version} refuses it: {proposal.refused}"
            self._warnings.append(self._finding(target, message))
        return proposal.safe

    def _edit(
        self, jobs: "list[tuple[Target, tuple[AnnotationToSet, ...]]]", documents: "Mapping[int, Document]"
    ) -> None:
        """Set the annotations, and prove by reading it again that nothing else has changed."""
        made = edited(jobs)
        for target, why in made.declined:
            wanted = next(annotations for one, annotations in jobs if one is target)
            names = ", ".join(one.key.rpartition("/")[2] for one in wanted)
            hint = "Set it in the template, or write the object without anchors, aliases and merge keys."
            self._warnings.append(self._finding(target, f"{names} {why}", hint))
        for start, text in sorted(made.texts.items()):
            self._edited.append((documents.get(start) or self._objects.document(start), text))
        for target, annotations in made.done:
            where = (target.full_name, target.source, target.line)
            for key, value, ports, basis, because, _ in annotations:
                change = ChangedAnnotation(*where, key, value, ports, basis.value, because)
                if change not in self._changes:
                    self._changes.append(change)

    def _finding(self, target: Target, message: str, hint: str = "") -> Notice:
        return Notice(target.full_name, target.source, target.line, message, hint)

    def _warn(self, document: Document, error: InputError) -> None:
        message = f"the document is passed on as it is: {error.message}"
        self._warnings.append(Notice("", document.source, error.line or document.line, message, error.hint))


def _said(because: "tuple[Reason, ...]") -> str:
    from kubectl_akslb.path.sentences import sentences

    return sentences(because)


def _may_hold(document: Document) -> bool:
    return any(document.may_hold(wanted, word) for wanted, word in WORDS.items())
