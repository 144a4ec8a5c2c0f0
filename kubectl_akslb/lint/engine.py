"""Run the rules over files: findings with their rule, severity and place, less those that are silenced or ignored."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING, Any

from kubectl_akslb.azure.dated_deviations import by_service
from kubectl_akslb.azure.refusals import Sent
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.errors import AkslbError, InputError, did_you_mean
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.gateway import MANAGED
from kubectl_akslb.evidence.objects import Objects, mapping, text, texts
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.context import ServiceContext, defaulted
from kubectl_akslb.lint.diagnostic import (
    DEFAULT_NAMESPACE,
    ERROR,
    INFO,
    SEVERITIES,
    WANTED,
    Diagnostic,
    Finding,
    RuleEffect,
    Severity,
)
from kubectl_akslb.lint.fixes import EVERYTHING, annotations_fix
from kubectl_akslb.lint.registry import ALL_RULES, PROBE_RULES
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.stream import ANNOTATIONS, OtherObject, Stream
from kubectl_akslb.lint.suppress import IGNORE, Suppression, suppressions
from kubectl_akslb.manifest.load import FoundObject, FoundService, offset_of
from kubectl_akslb.manifest.nodes import Node, Path, Scalar, Source, entry, get
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.choice import DEFAULT_CHOICE, LEAVE, Choice
from kubectl_akslb.path.remedy import Basis
from kubectl_akslb.path.sentences import sentences

if TYPE_CHECKING:
    from kubectl_akslb.evidence.service_templates import ServiceTemplate
    from kubectl_akslb.lint.annotation_policy import Policy

NEVER = "never"
_POLICY = Rule("annotation-policy", "Annotations of a policy", Group.KEYS, INFO, RuleEffect.SURPRISES, WANTED)

Key = tuple[str, int, Path]
"""Which object of which file: its path, the number of the document, and the way to an item of a List."""


class LintOptions(NamedTuple):
    """Which rules run, and how severe they are. Ids may hold ``*``; no *select* means all.

    *severities* are pairs of an id and a severity. *fail_on* is the least severity that makes the command fail. A
    *policy* says what becomes of http(s) probes, and which annotations objects get; *namespace* is that of objects that
    name none. *beside* are objects of a cluster that are evidence and stand in none of the inputs. *templates* are
    fields of other objects that hold a Service, beside those of the policy.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    fail_on: str = ERROR
    policy: "Policy | None" = None
    namespace: str = ""
    beside: tuple[Mapping[str, Any], ...] = ()
    templates: "tuple[ServiceTemplate, ...]" = ()


ALL = LintOptions()
"""Every rule, as severe as its page says."""


class LintResult(NamedTuple):
    """What was found in all files, by place; *services* counts the LoadBalancer Services that were looked at.

    *problems* are documents that cannot be read. *suppressed* counts findings that an annotation silences.
    """

    diagnostics: tuple[Diagnostic, ...]
    problems: tuple[InputError, ...]
    services: int
    suppressed: int = 0

    def on(self, connection: Sequence[str]) -> "LintResult":
        """The same with these words for every kubectl in what verifies a finding."""
        if not connection:
            return self
        found = (
            one._replace(verify=one.verify.on(connection)) if one.verify is not None else one
            for one in self.diagnostics
        )
        return self._replace(diagnostics=tuple(found))


class Linted(NamedTuple):
    """A result with the Services it is about, for the fixer. *forbidden* is what the policy must not let pass."""

    result: LintResult
    contexts: Mapping[Key, ServiceContext]
    forbidden: tuple[Diagnostic, ...] = ()


def lint(inputs: Sequence[tuple[str, bytes]], cluster: Cluster, options: LintOptions = ALL) -> LintResult:
    """Everything the rules find in *inputs*, pairs of a name and its bytes.

    Services share addresses and security rules as if they were created in this order. InputError where an input is no
    text at all; AkslbError where *options* name a rule that does not exist.
    """
    return lint_services(inputs, cluster, options).result


def lint_services(inputs: Sequence[tuple[str, bytes]], cluster: Cluster, options: LintOptions) -> Linted:
    """As ``lint``, with the contexts."""
    collecting = gc.isenabled()
    gc.disable()  # trees of tuples without cycles: the collector would walk them again and again
    try:
        return _lint(inputs, cluster, options)
    finally:
        if collecting:
            gc.enable()


def _lint(inputs: Sequence[tuple[str, bytes]], cluster: Cluster, options: LintOptions) -> Linted:
    rules = chosen(options)
    choices = _Choices(options, rules)
    streams = [Stream(path, data, files=len(inputs)) for path, data in inputs]
    read = chain(options.beside, (one for stream in streams for one in stream.objects))
    templates = (*options.templates, *(options.policy.templates if options.policy is not None else ()))
    objects = Objects(read, options.namespace or DEFAULT_NAMESPACE, templates)
    found = [(stream, one) for stream in streams for one in (*stream.services, *stream.made(objects, streams))]
    services = [defaulted(one) for _, one in found]
    assumed = with_assumed_addresses(services, cluster)
    outcome = derive_all(services, assumed)
    sent = Sent(outcome.azure, assumed)
    deviations = by_service(outcome, assumed)
    diagnostics: list[Diagnostic] = []
    contexts = {}
    forbidden: list[Diagnostic] = []
    silenced = 0
    told: set[tuple[object, ...]] = set()
    for (stream, one), derivation in zip(found, outcome.derivations, strict=True):
        evidence = evidence_of(one.service, objects)
        if one.made_of:
            from kubectl_akslb.producers.found import with_maker

            evidence = with_maker(evidence, one)
        choice = choices.of(one)
        otherwise = deviations.get(derivation.service.full_name, ())
        context = ServiceContext(one, derivation, sent, stream, evidence, choice=choice, deviations=otherwise)
        contexts[key_of(one)] = context
        kept, dropped = of_service(context, rules)
        diagnostics += [d for d in kept if _is_new(d, one, told)]
        silenced += dropped
        if options.policy is not None:
            diagnostics += [d for d in _by_policy(context, forbidden) if _is_new(d, one, told)]
    for stream in streams:
        for other in stream.other_objects:
            diagnostics += _of_other(other, assumed, rules)
    diagnostics.sort(key=lambda d: (d.path, d.line, d.column, SEVERITIES.index(d.severity), d.rule, d.message))
    problems = tuple(problem for stream in streams for problem in stream.problems)
    return Linted(LintResult(tuple(diagnostics), problems, len(found), silenced), contexts, tuple(forbidden))


def _is_new(found: Diagnostic, one: FoundService, told: set[tuple[object, ...]]) -> bool:
    """Whether a finding is not told yet: many Services can be made of one field, and it is mended once."""
    said = (
        found.path,
        found.line,
        found.column,
        found.document,
        found.at,
        found.rule,
        found.message,
        found.fix.paths if found.fix is not None else (),
        tuple(spot.path for spot in one.places),
    )
    new = not one.made_of or said not in told
    told.add(said)
    return new


#: Stands in a key between the place of an object and the name of a Service that is made of it.
MADE = "<made>"


def key_of(one: FoundService) -> Key:
    """What tells a Service of the files from all others."""
    return one.path, one.document, (*one.at, MADE, one.service.namespace, one.service.name) if one.made_of else one.at


class _Choices:
    """What becomes of the probes of each object: what the policy says, unless the object says not to."""

    def __init__(self, options: LintOptions, rules: Sequence[Rule]) -> None:
        self._policy = options.policy
        self._namespace = options.namespace or DEFAULT_NAMESPACE
        self._ran = {rule.id for rule in rules}

    def of(self, one: FoundService) -> Choice:
        """The choice for a Service; that of one that a controller makes is told by the object that it is made of."""
        if self._policy is None:
            return DEFAULT_CHOICE
        service = one.service
        name, namespace, labels = service.name, service.namespace, service.labels
        class_name = service.load_balancer_class or ""
        if one.maker is not None:
            data = one.maker.data
            name, namespace = one.maker.name, one.maker.namespace
            labels = texts(mapping(data.get("metadata")).get("labels"))
            class_name = text(mapping(data.get("spec")).get("gatewayClassName")) or class_name
        choice = self._policy.choose(name, namespace or self._namespace, labels, class_name)
        about = PROBE_RULES["Gateway" if MANAGED in service.labels else "Service"]
        if not about <= self._ran or about & _silenced(one.itself.node):
            return choice._replace(known=LEAVE, unknown=LEAVE)
        return choice


def _silenced(node: Node) -> set[str]:
    """The rules that an object silences with a reason."""
    ignored = get(node, *ANNOTATIONS, IGNORE)
    return {one.rule for one in suppressions(ignored.text if isinstance(ignored, Scalar) else "") if one.reason}


def _by_policy(context: ServiceContext, forbidden: list[Diagnostic]) -> Iterator[Diagnostic]:
    """What a policy sets on a Service, and what it must not let pass."""
    found, proposal = context.found, context.proposal
    name = found.made_of or context.service.full_name
    for one in proposal.left:
        if one.fatal:
            message = f"port {one.port} keeps its http(s) probe: {sentences(one.because)}"
            forbidden.append(_diagnostic(_POLICY._replace(severity=ERROR), Finding(message), found, name))
    wanted = [one for one in proposal.annotations if one.basis is Basis.POLICY]
    if not wanted:
        return
    fix = annotations_fix(found, [(one.key, one.value) for one in proposal.safe], WANTED, EVERYTHING)
    keys = ", ".join(one.key.rpartition("/")[2] for one in wanted)
    yield _diagnostic(_POLICY, Finding(f"{sentences(wanted[0].because)} wants {keys}", fix=fix), found, name)


def by_severity(one: Diagnostic) -> tuple[int, str, int, int, str, str]:
    """The worst first, then by place."""
    return SEVERITIES.index(one.severity), one.path, one.line, one.column, one.rule, one.message


def chosen(options: LintOptions) -> tuple[Rule, ...]:
    """The rules that run, with their severity; AkslbError for an id that means no rule."""
    for wanted in (*options.select, *options.ignore, *(rule for rule, _ in options.severities)):
        check_id(wanted)
    severities = dict(options.severities)
    return tuple(
        rule._replace(severity=severities.get(rule.id, rule.severity))
        for rule in ALL_RULES
        if (not options.select or _matches(rule.id, options.select)) and not _matches(rule.id, options.ignore)
    )


def check_id(wanted: str) -> None:
    """AkslbError where *wanted*, an id or a pattern, means no rule."""
    ids = [rule.id for rule in ALL_RULES]
    if not _matches_any(ids, wanted):
        hint = did_you_mean(wanted, ids) or "kubectl akslb rules lists all"
        raise AkslbError(f"there is no rule {wanted!r}", hint=hint)


def exit_code(result: LintResult, fail_on: str = ERROR) -> int:
    """0: nothing at or above *fail_on*; 1: a finding; 3: a document that cannot be read."""
    if result.problems:
        return 3
    if fail_on == NEVER:
        return 0
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return int(any(diagnostic.severity in failing for diagnostic in result.diagnostics))


def _matches_any(ids: Iterable[str], pattern: str) -> bool:
    return any(fnmatchcase(one, pattern) for one in ids)


def _matches(rule: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(rule, pattern) for pattern in patterns)


def of_service(context: ServiceContext, rules: Sequence[Rule]) -> tuple[list[Diagnostic], int]:
    """The findings about a Service that are not silenced, and how many are."""
    found = context.found
    silenced = suppressions(context.annotation(IGNORE))
    reasons = {one.rule for one in silenced if one.reason}
    if found.maker is not None:
        reasons |= _silenced(found.maker.node)
    used: set[str] = set()
    kept = []
    dropped = 0
    of_istio = bool(found.made_of) and MANAGED in context.service.labels
    for rule in rules:
        if rule.check is None or (rule.said_of_gateway and of_istio):
            continue
        for finding in rule.check(context):
            if rule.id in reasons:
                used.add(rule.id)
                dropped += 1
            else:
                kept.append(_diagnostic(rule, finding, found, found.made_of or context.service.full_name))
    return kept + list(_about_suppressions(context, rules, silenced, used)), dropped


def _about_suppressions(
    context: ServiceContext, rules: Sequence[Rule], silenced: Sequence[Suppression], used: set[str]
) -> Iterator[Diagnostic]:
    """What is wrong with the suppressions themselves; it cannot be silenced."""
    ran = {rule.id for rule in rules}
    for rule in rules:
        if rule.check_suppressions is not None and silenced:
            for finding in rule.check_suppressions(context, silenced, ran, used):
                name = context.found.made_of or context.service.full_name
                yield _diagnostic(rule, finding, context.found, name)


def _of_other(other: OtherObject, cluster: Cluster, rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    silenced, name = _silenced(other.node), _name(other)
    for rule in rules:
        if rule.check_other is not None and rule.id not in silenced:
            for finding in rule.check_other(other, cluster):
                yield _diagnostic(rule, finding, other, name)


def _name(other: OtherObject) -> str:
    return f"{other.kind} {other.namespace or DEFAULT_NAMESPACE}/{other.name}"


def _diagnostic(rule: Rule, finding: Finding, where: FoundService | OtherObject, name: str) -> Diagnostic:
    holder, steps = _shown(where, finding.steps)
    offset, length = _span(holder.node, holder.text, finding._replace(steps=steps))
    place = holder.text.place(offset)
    return Diagnostic(
        rule=rule.id,
        severity=rule.severity,
        effect=rule.effect,
        message=finding.message,
        service=name,
        path=place.path,
        line=place.line,
        column=place.column,
        fix=finding.fix,
        confidence=finding.confidence,
        hint=finding.hint,
        source_line=place.source_line,
        length=length,
        document=holder.document,
        at=holder.at,
        verify=finding.verify,
        steps=steps,
        made_of=where.made_of if isinstance(where, FoundService) else "",
    )


def _shown(where: FoundService | OtherObject, steps: Path) -> tuple[FoundService | FoundObject | OtherObject, Path]:
    """The object in which a finding is shown, and the place in it: another one than its own where a field is there."""
    if isinstance(where, FoundService) and where.maker is not None:
        spot = where.spot(steps)
        if spot is not None and spot.holder is not where.maker and get(spot.holder.node, *spot.path[:1]) is not None:
            return spot.holder, spot.path
    return where, steps


def _span(node: Node, source: Source, finding: Finding) -> tuple[int, int]:
    """Where the caret begins, and for how many characters of the line it goes on."""
    start = offset_of(node, finding.steps)
    target: Node | None = get(node, *finding.steps)
    if finding.on_key and finding.steps:
        pair = entry(get(node, *finding.steps[:-1]), str(finding.steps[-1]))
        if pair is not None:
            start, target = pair[0].start, pair[0]
    end = target.end if isinstance(target, Scalar) and target.start == start else start + 1
    line_end = source.text.find("\n", start)
    limit = len(source.text) if line_end < 0 else line_end
    return start, max(min(end, limit) - start, 1)
