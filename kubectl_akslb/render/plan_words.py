"""A plan in words: what happens to whom, from which old to which new value, because of which behaviour, and the fix."""

from collections.abc import Iterator

from kubectl_akslb.manifest.nodes import PLAIN
from kubectl_akslb.manifest.quoting import written
from kubectl_akslb.model.command import Command, on_object
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.plan.before import Before
from kubectl_akslb.plan.change import ERROR, REDUNDANT, Change, ChangeKind
from kubectl_akslb.plan.consequence import Consequence
from kubectl_akslb.plan.dated_causes import KUBERNETES, DatedCause
from kubectl_akslb.plan.diff import APPLY
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.upgrade import Planned
from kubectl_akslb.plan.upgrade_plan import Reported
from kubectl_akslb.render import verdict

_POD_RANGE = Command(
    ("az", "aks", "show", "--resource-group", "GROUP", "--name", "NAME", "--query", "networkProfile.podCidr")
)
_WHAT = {
    Effect.BREAKS: "gets no answer any more",
    Effect.MAY_BREAK: "may get no answer any more",
    Effect.EXPOSES: "gets in, and did not before",
    Effect.LOSES_ADDRESS: "has another address",
    Effect.INTERRUPTS: "loses the connections that stand",
    Effect.CHANGES: "",
    Effect.RENAMES: "",
    Effect.SAME: "",
}


def headline(planned: Planned) -> str:
    """The worst of it in one sentence."""
    for one in planned.consequences:
        if one.effect is planned.effect:
            return consequence(one)
    change = next((one for one in planned.changes if one.effect is planned.effect), None)
    if change is None:
        return "nothing"
    if planned.effect is Effect.RENAMES:
        return _renamed(planned)
    if planned.effect is Effect.CHANGES:
        return _changed(planned)
    return value_change(change)


def _changed(planned: Planned) -> str:
    """What is another value, and whether somebody gets an answer who got none before."""
    if any(one.kind is ChangeKind.SERVICE and one.field == ERROR and one.new is None for one in planned.changes):
        return "the provider accepts it, and refused it before"
    kinds = dict.fromkeys(one.kind.value for one in planned.changes if one.effect is planned.effect)
    what = f"values of {' and '.join(kinds)}"
    old, new = (path.verdict.kind if path is not None else None for path in (planned.old, planned.new))
    if old is None or new is None or old is new:
        return f"{what}; who gets an answer stays the same"
    return f"{what}; {old.value.upper()} before, {new.value.upper()} then"


def _renamed(planned: Planned) -> str:
    kinds = dict.fromkeys(one.kind.value for one in planned.changes)
    return f"nothing but names and priorities: {', '.join(f'{kind}s' for kind in kinds)}"


def consequence(one: Consequence) -> str:
    """``port 80: GET / gets 404 …``; ``the internet over IPv6 gets no answer any more``."""
    why = sentences(one.after.because) if one.after is not None else ""
    if not one.who:
        return why
    if not why:
        return f"{one.who} {_WHAT[one.effect]}"
    return why if one.who in why else f"{one.who}: {why}"


def value_change(change: Change) -> str:
    """``probe requestPath: / → /healthz``; a thing that comes or goes by its name."""
    what = f"{change.kind.value} {change.field}".rstrip()
    if change.kind is ChangeKind.SERVICE and change.field == ERROR:
        return f"the provider refuses it: {change.new}" if change.new is not None else "the provider accepts it"
    if change.kind is ChangeKind.SERVICE and change.field == APPLY:
        return f"the API server refuses it, and all stays as it is: {change.new}"
    if change.kind is ChangeKind.SERVICE:
        what = change.field
    if change.kind is ChangeKind.SECURITY_RULE and change.field in ("Allow", "Deny"):
        verb = {"Allow": "lets in", "Deny": "denies"}[change.field]
        if change.new is None:
            return f"the security group {verb} {change.old} no longer"
        return f"the security group {verb} {change.new}"
    if change.kind is ChangeKind.SECURITY_RULE and change.field == REDUNDANT:
        has = "no longer has a rule" if change.new is None else "has a rule"
        return f"the security group {has} for {change.old or change.new}, whom a wider one lets in all the same"
    if change.old is None:
        return f"{what}: {shown(change.new)} is new"
    if change.new is None:
        return f"{what}: {shown(change.old)} goes"
    return f"{what}: {shown(change.old)} → {shown(change.new)}"


def shown(value: object) -> str:
    """A value as ARM writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    return str(value)


def cause(one: DatedCause, *, step: bool = False) -> str:
    """The behaviour, and from which release on; of several minors at once the *step* that brings it."""
    where = f" (the step to {one.release.major}.{one.release.minor})" if step else ""
    if one.source == KUBERNETES:
        return f"Kubernetes {one.release.major}.{one.release.minor}{where}: {one.summary}"
    since = "since" if one.comes else "no longer since"
    return f"{one.behaviour}, {since} {one.release}{where}: {one.summary}"


def in_short(one: DatedCause) -> str:
    """The behaviour and the first release, for one line."""
    if one.source == KUBERNETES:
        return f"Kubernetes {one.release.major}.{one.release.minor}"
    return f"{one.behaviour} ({one.release})"


def edits(first: Before) -> Iterator[str]:
    """The lines of the manifest that are new, and those that go."""
    for edit in first.edits:
        key = edit.path[-1]
        if edit.value is None:
            yield f"- {key}"
        elif isinstance(edit.value, tuple):
            yield f"+ {'.'.join(map(str, edit.path))}: [{', '.join(written(str(item), PLAIN) for item in edit.value)}]"
        else:
            yield f"+ {key}: {written(str(edit.value), PLAIN)}"


def command(one: Reported, connection: tuple[str, ...]) -> Command | None:
    """The command that makes the edits on the Service of a cluster, where annotations are all that they change."""
    first = one.before
    if first is None or not all(edit.path[:2] == ("metadata", "annotations") for edit in first.edits):
        return None
    service = one.planned.service
    pairs = [f"{edit.path[-1]}={edit.value}" if edit.value is not None else f"{edit.path[-1]}-" for edit in first.edits]
    found = on_object("annotate", "svc", service.name, service.namespace, "--overwrite", *pairs)
    return found.on(connection) if found is not None else None


def no_fix(one: Reported) -> str:
    """What can be said where no edit is known that is right on both releases."""
    filtered = (each.after for each in one.planned.consequences if each.after is not None)
    if any(reason.cause is Cause.PODS_BESIDE_SOURCE_RANGES for group in filtered for reason in group.because):
        why = "the range of the pods has to be among them if pods use the address, which is right on both releases"
        return f"{why}: {_POD_RANGE}"
    remedy = one.planned.new.verdict.remedy if one.planned.new is not None else None
    advice = verdict.advice(remedy)
    return f"none is known that is right on both releases{f'; afterwards: {advice}' if advice else ''}"


def left_over(first: Before) -> str:
    """What the upgrade comes to all the same, where that is worth a word."""
    return "" if first.then in (Effect.SAME, Effect.RENAMES, Effect.CHANGES) else f" ({first.then.value} is left)"
