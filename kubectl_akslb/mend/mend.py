"""Make every fix that is safe: those of lint, and what the post-renderer does for Gateways and by a policy."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.diagnostic import Diagnostic
from kubectl_akslb.lint.engine import ALL, LintResult, Options, chosen, lint
from kubectl_akslb.lint.fixer import FixedFile, fix
from kubectl_akslb.lint.policy import DEFAULT_POLICY, Policy
from kubectl_akslb.lint.suppress import IGNORE, suppressions
from kubectl_akslb.manifest.nodes import Node, Path, Scalar, get
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.postrender import render
from kubectl_akslb.postrender.objects import GATEWAY, OBJECT_ANNOTATIONS, SERVICE, Target

POST_RENDER = "post-render"
"""What stands in the place of a rule where the post-renderer has made the change."""

#: The rules whose cure are the annotations that the post-renderer sets too.
_PROBE_RULES = {
    SERVICE: frozenset(
        {
            "probe-path-not-answered",
            "http-probe-on-unknown-workload",
            "probe-protocol-without-path",
            "ingress-captures-probe-path",
            "nginx-setting-blocks-probe",
            "pls-proxy-protocol-with-http-probe",
        }
    ),
    GATEWAY: frozenset({"http-probe-on-gateway"}),
}


class Wish(NamedTuple):
    """What to mend beyond the stream. Without a *policy* the default one holds.

    *unsafe* makes the fixes too that change more than the finding. *namespace* is that of objects that name none.
    """

    cluster: Cluster
    options: Options = ALL
    policy: Policy | None = None
    unsafe: bool = False
    namespace: str = ""


class Fixed(NamedTuple):
    """One thing that was mended: *target* is ``Service namespace/name``, *fields* are the places that it touches."""

    rule: str
    target: str
    path: str
    line: int
    title: str
    fields: tuple[Path, ...]


class Note(NamedTuple):
    """Something that the post-renderer could not do, or by the policy must not let pass."""

    target: str
    path: str
    line: int
    message: str
    hint: str = ""


class Mended(NamedTuple):
    """The new bytes of every file, what was done, and what is left to a person.

    *declined* are fixes that could not be proven safe, *notes* annotations that could not be set. Where *errors* is not
    empty the policy forbids to go on, and the files are as they were.
    """

    files: tuple[FixedFile, ...]
    fixed: tuple[Fixed, ...]
    declined: tuple[Diagnostic, ...]
    notes: tuple[Note, ...]
    remaining: LintResult
    errors: tuple[Note, ...] = ()

    @property
    def problems(self) -> tuple[InputError, ...]:
        """Documents that cannot be read."""
        return self.remaining.problems


def mend(inputs: Sequence[tuple[str, bytes]], wish: Wish) -> Mended:
    """Mend what is safe to mend in *inputs*, pairs of a name and its bytes.

    First lint's fixes. Then the annotations of the post-renderer: for Gateways, and where there is a policy for
    Services as well; in that case lint leaves their probes to the policy. A rule that is not chosen, or that an object
    silences, is not cured. InputError where an input is no text at all.
    """
    options = wish.options
    if wish.policy is not None:
        options = options._replace(ignore=(*options.ignore, *sorted(_PROBE_RULES[SERVICE])))
    first = fix(inputs, wish.cluster, options, unsafe=wish.unsafe)
    done = [_of_lint(one) for one in first.applied if one.fix is not None]
    notes: list[Note] = []
    errors: list[Note] = []
    files = []
    for file in first.files:
        result = render.postrender(file.after, _settings(wish))
        done += [_of_change(one, file.path) for one in result.changes]
        notes += [_note(one, file.path) for one in result.warnings if one.target]
        errors += [_note(one, file.path) for one in result.errors]
        files.append(file._replace(after=result.output if result.changes else file.after))
    if errors:
        files = [file._replace(after=file.before) for file in files]
        return Mended(tuple(files), (), (), (), first.remaining, tuple(errors))
    remaining = first.remaining
    if wish.policy is not None or any(one.rule == POST_RENDER for one in done):
        remaining = lint([(file.path, file.after) for file in files], wish.cluster, wish.options)
    order = [file.path for file in files]
    done.sort(key=lambda one: (order.index(one.path), one.line))
    told = {one.service for one in remaining.diagnostics}
    notes = [one for one in notes if one.target not in told and one.target.removeprefix("Service ") not in told]
    return Mended(tuple(files), tuple(done), first.declined, tuple(notes), remaining)


def _settings(wish: Wish) -> render.Options:
    ran = {rule.id for rule in chosen(wish.options)}

    def leave(target: Target, node: Node) -> bool:
        """Whether lint has dealt with its probes already, or nobody asked for it, or the object says not to."""
        if target.kind == SERVICE and wish.policy is None:
            return True
        rules = _PROBE_RULES[target.kind]
        ignored = get(node, *OBJECT_ANNOTATIONS, IGNORE)
        silenced = suppressions(ignored.text if isinstance(ignored, Scalar) else "")
        return not rules <= ran or any(one.rule in rules and one.reason for one in silenced)

    policy = DEFAULT_POLICY if wish.policy is None else wish.policy
    return render.Options(wish.cluster, policy, namespace=wish.namespace, leave=leave)


def _of_lint(one: Diagnostic) -> Fixed:
    title, paths = (one.fix.title, one.fix.paths) if one.fix is not None else ("", ())
    target = one.service if " " in one.service else f"{SERVICE} {one.service}"
    return Fixed(one.rule, target, one.path, one.line, title, paths)


def _of_change(one: render.Change, path: str) -> Fixed:
    title = f"annotate {one.annotation.rpartition('/')[2]}: {one.value} ({one.reason})"
    return Fixed(POST_RENDER, full(one.target), path, one.line, title, tuple(_places(one.annotation)))


def _places(key: str) -> Iterator[Path]:
    """Where the post-renderer puts an annotation."""
    yield (*OBJECT_ANNOTATIONS, key)
    yield ("spec", "infrastructure", "annotations", key)


def _note(one: render.Finding, path: str) -> Note:
    return Note(full(one.target), path, one.line, one.message, one.hint)


def full(target: str) -> str:
    """``Service web`` with the namespace that lint gives to objects that name none."""
    kind, _, name = target.partition(" ")
    return target if "/" in name or not name else f"{kind} default/{name}"
