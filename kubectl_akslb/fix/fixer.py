"""Apply fixes until there are none left, and prove each one: the text first, then what is derived from it."""

from collections.abc import Iterable, Mapping, Sequence

from kubectl_akslb.derive import derived_values
from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WANTED, Diagnostic, Fix
from kubectl_akslb.lint.engine import ALL, Key, Linted, LintOptions, LintResult, lint_services
from kubectl_akslb.manifest.nodes import Path, Source
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.manifest.proof import verify
from kubectl_akslb.manifest.splice import Edit, apply
from kubectl_akslb.manifest.stream import join, split
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.named_tuple import NamedTuple

MAX_ROUNDS = 30
"""A fix can uncover another finding; real files need three rounds."""

Inputs = tuple[tuple[str, bytes], ...]


class FixedFile(NamedTuple):
    """A file, and what becomes of it; equal where nothing is fixed."""

    path: str
    before: bytes
    after: bytes


class Fixed(NamedTuple):
    """One thing that was fixed: *target* is ``Service namespace/name``, *fields* are the places that it touches."""

    rule: str
    target: str
    path: str
    line: int
    title: str
    fields: tuple[Path, ...]


class FixResult(NamedTuple):
    """The new bytes of every file, the findings that were fixed in order, and what is left to a person.

    *declined* are fixes that could not be proven: they would have changed more than they say. Where *forbidden* is not
    empty a policy lets nothing pass, and the files are as they were.
    """

    files: tuple[FixedFile, ...]
    applied: tuple[Diagnostic, ...]
    declined: tuple[Diagnostic, ...]
    remaining: LintResult
    forbidden: tuple[Diagnostic, ...] = ()

    @property
    def fixed(self) -> tuple[Fixed, ...]:
        """What was fixed, by file and line; what one edit mends is told once for each finding."""
        order = [file.path for file in self.files]
        done = [
            Fixed(one.rule, target_of(one), one.edited[0], one.line, one.fix.title, one.fix.paths)
            for one in self.applied
            if one.fix is not None
        ]
        return tuple(sorted(done, key=lambda one: (order.index(one.path), one.line)))


def target_of(diagnostic: Diagnostic) -> str:
    """The object that a fix edits, else that of the finding, as ``Service namespace/name``."""
    holder = diagnostic.fix.holder if diagnostic.fix is not None else None
    if holder is not None and diagnostic.made_of:
        return holder.title
    return diagnostic.service if " " in diagnostic.service else f"Service {diagnostic.service}"


class _Round(NamedTuple):
    """The findings whose fixes are made in one go."""

    chosen: tuple[Diagnostic, ...]

    def by_object(self) -> dict[Key, list[Diagnostic]]:
        found: dict[Key, list[Diagnostic]] = {}
        for diagnostic in self.chosen:
            found.setdefault(_key(diagnostic), []).append(diagnostic)
        return found


def fix(
    inputs: Sequence[tuple[str, bytes]], cluster: Cluster, options: LintOptions = ALL, *, unsafe: bool = False
) -> FixResult:
    """Make the SAFE fixes of *inputs* and what a policy wants, with *unsafe* all of them, as often as there are any.

    Each round is proven before it is kept: only the places that the fixes name have changed in the text, and only the
    values that they intend differ in what is derived. A fix that cannot be proven is left out.
    """
    current: Inputs = tuple(inputs)
    linted = lint_services(current, cluster, options)
    if linted.forbidden:
        same = tuple(FixedFile(path, data, data) for path, data in inputs)
        return FixResult(same, (), (), linted.result, linted.forbidden)
    applied: list[Diagnostic] = []
    declined: list[Diagnostic] = []
    alone: set[Key] = set()
    seen = {current}
    for _ in range(MAX_ROUNDS):
        plan = _plan(_fixable(linted, declined, unsafe=unsafe), alone)
        if not plan.chosen:
            break
        attempt, faulty = _apply(current, plan)
        after = linted if faulty else lint_services(attempt, cluster, options)
        faulty = faulty or _unproven(linted, after, plan)
        if attempt in seen and not faulty:
            declined += plan.chosen  # fixes that undo each other: stop before they go round in a circle
        elif not faulty:
            seen.add(attempt)
            current, linted = attempt, after
            applied += plan.chosen
        for key, diagnostics in plan.by_object().items():
            if key in faulty and key not in alone:
                alone.add(key)
            elif key in faulty:
                declined += diagnostics
    files = tuple(FixedFile(path, old, new) for (path, old), (_, new) in zip(inputs, current, strict=True))
    return FixResult(files, tuple(applied), tuple(declined), linted.result)


def _key(diagnostic: Diagnostic) -> Key:
    return diagnostic.edited


def _fixable(linted: Linted, declined: Sequence[Diagnostic], *, unsafe: bool) -> tuple[Diagnostic, ...]:
    """The findings that can be fixed now. Those that may change anything wait until the others are proven and done.

    What one of them changes can show in other Services, with which it shares an address or a security rule.
    """
    refused = {(_key(d), d.rule, d.fix) for d in declined}
    found = [
        diagnostic
        for diagnostic in linted.result.diagnostics
        if diagnostic.fix is not None
        and (unsafe or diagnostic.fix.applicability in (SAFE, WANTED))
        and (_key(diagnostic), diagnostic.rule, diagnostic.fix) not in refused
    ]
    bounded = tuple(one for one in found if not _is_refused(linted, one) and not _consented((one,)))
    return bounded or tuple(found)


def _plan(diagnostics: Iterable[Diagnostic], alone: set[Key]) -> _Round:
    """The findings to fix in this round: those whose edits do not touch. Others are found again in the next one."""
    chosen: list[Diagnostic] = []
    spans: dict[Key, list[Fix]] = {}  # objects of one document have no text in common
    single: set[Key] = set()
    for diagnostic in diagnostics:
        made, key = diagnostic.fix, _key(diagnostic)
        if made is None:
            continue
        others = spans.setdefault(key, [])
        if made.edits in [other.edits for other in others]:
            chosen.append(diagnostic)  # two findings, one cure
        elif key not in single and not any(_overlap(made, other) for other in others):
            chosen.append(diagnostic)
            others.append(made)
            if key in alone:
                single.add(key)
    return _Round(tuple(chosen))


def _overlap(one: Fix, other: Fix) -> bool:
    """Whether two fixes touch. Both may add a line at the same place, unless the first of the lines makes the place."""
    for a in one.edits:
        for b in other.edits:
            both_insert = a.start == a.end == b.start == b.end
            if both_insert and not one.creates and not other.creates:
                continue
            if both_insert or (a.start < b.end and b.start < a.end):
                return True
    return bool({*one.paths} & {*other.paths})


def _apply(inputs: Inputs, plan: _Round) -> tuple[Inputs, set[Key]]:
    """The new files; or the objects whose fixes would change more of the text than they name."""
    by_file: dict[str, dict[int, list[Diagnostic]]] = {}
    for diagnostic in plan.chosen:
        path, document, _ = diagnostic.edited
        by_file.setdefault(path, {}).setdefault(document, []).append(diagnostic)
    faulty: set[Key] = set()
    result = []
    for path, data in inputs:
        if path not in by_file:
            result.append((path, data))
            continue
        documents = split(data)
        texts = {}
        for index, diagnostics in by_file[path].items():
            text = documents[index].text
            after = apply(text, _edits(diagnostics))
            if _changes_more(text, after, diagnostics):
                faulty |= {_key(diagnostic) for diagnostic in diagnostics}
            texts[index] = after
        result.append((path, join(documents, texts)))
    return tuple(result), faulty


def _edits(diagnostics: Iterable[Diagnostic]) -> list[Edit]:
    """The edits of several fixes: what is added at one place is added in the order of the findings."""
    seen: set[tuple[Edit, ...]] = set()
    merged: dict[tuple[int, int], Edit] = {}
    for diagnostic in diagnostics:
        made = diagnostic.fix
        if made is None or made.edits in seen:
            continue
        seen.add(made.edits)
        for edit in made.edits:
            before = merged.get(edit[:2])
            text = before.replacement + edit.replacement if before is not None else edit.replacement
            merged[edit[:2]] = edit._replace(replacement=text)
    return list(merged.values())


def _changes_more(before: str, after: str, diagnostics: Sequence[Diagnostic]) -> bool:
    paths: list[Path] = [(*d.edited[2], *path) for d in diagnostics if d.fix is not None for path in d.fix.paths]
    try:
        return bool(verify(parse(Source(before)), after, paths))
    except InputError:
        return True


def _unproven(before: Linted, after: Linted, plan: _Round) -> set[Key]:
    """The objects of which a fix changes more than it intends; all of the round where a other is changed."""
    by_object = plan.by_object()
    if len(after.result.problems) > len(before.result.problems) or before.contexts.keys() != after.contexts.keys():
        return set(by_object)
    faulty: set[Key] = set()
    consented = any(_consented(found) for found in by_object.values()) or any(
        _is_refused(before, one) for one in plan.chosen
    )
    for key, context in before.contexts.items():
        derivation = after.contexts[key].derivation
        if derivation is context.derivation:
            continue
        # A Service that a controller makes is made of several objects, and one of them may be that of other Services.
        edited = not context.found.made_of or context.found.data != after.contexts[key].found.data
        own = _holders(context) & by_object.keys() if edited else set()
        made = [one for each in own for one in by_object[each]]
        if _consented(made) or (made and context.derivation.refusal is not None):
            continue
        intended = [each for one in made if one.fix is not None for each in one.fix.intended]
        if derived_values.unintended(derived_values.differences(context.derivation, derivation), intended):
            if own:
                faulty |= own
            elif not consented:
                return set(by_object)
    return faulty


def _consented(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether somebody agreed that everything about an object may change."""
    return any(one.fix is not None and one.fix.applicability != SAFE for one in diagnostics)


def _is_refused(before: Linted, diagnostic: Diagnostic) -> bool:
    """Whether the provider refused the Service before: there was nothing that could change."""
    context = before.contexts.get(diagnostic.edited)
    if context is not None or not diagnostic.made_of:
        return context is not None and context.derivation.refusal is not None
    refused = (one for one in before.contexts.values() if one.derivation.refusal is not None)
    return any(diagnostic.edited in _holders(one) for one in refused)


def _holders(context: ServiceContext) -> set[Key]:
    """The objects that a Service is made of, or itself."""
    return {(one.text.path, one.document, one.at) for one in context.found.holders}


def changed(files: Iterable[FixedFile]) -> Mapping[str, bytes]:
    """The new bytes of the files that are not what they were."""
    return {file.path: file.after for file in files if file.after != file.before}
