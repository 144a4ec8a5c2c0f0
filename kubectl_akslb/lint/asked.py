"""A rule that asks a hop of the path: what the hop says becomes a finding, in the hop's own words."""

from collections.abc import Collection, Iterator

from kubectl_akslb.azure.deviations import DeviationKind
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.probe_fix import probe_fix
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.model.provenance import DEFAULT, Origin
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.other_services import advice, matters, reasons_of
from kubectl_akslb.path.sentences import remedy_sentence, sentence, sentences
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider.annotations import PORT_PROBE_PROTOCOL


def reason_found(reason: Reason, hint: str = "") -> Finding:
    """What one reason says, where it comes from."""
    return Finding(sentence(reason), steps_of(reason.origin) if reason.origin is not None else (), hint=hint)


def finding_of(hop: Hop, steps: Path = (), hint: str = "") -> Finding:
    """What *hop* says, at *steps* or where its first reason comes from."""
    origin = hop.because[0].origin if hop.because else None
    advice = hop.remedy.reason if hop.remedy is not None else None
    if not hint and advice is not None:
        text = remedy_sentence(advice)
        hint = f"{text[:1].upper()}{text[1:]}."
    where = steps or (steps_of(origin) if origin is not None else ())
    return Finding(sentences(hop.because), where, hint=hint, confidence=hop.confidence, verify=hop.verify)


def deviations_found(context: ServiceContext, kinds: Collection[DeviationKind]) -> Iterator[Finding]:
    """What stands otherwise than asked, each kind once; not what other rules say of one Service alone."""
    seen: set[DeviationKind] = set()
    for one in context.deviations:
        if one.kind is DeviationKind.NOT_SERVED and any(
            each.hop(HopName.RULE).outcome is not Outcome.PASS for each in context.port_paths
        ):
            continue
        if one.kind not in kinds or one.kind in seen or (one.kind in _ALONE and not one.others):
            continue
        if one.kind is DeviationKind.KEPT_OUT_UNASKED and not _means_the_network(context):
            continue
        if not matters(one, context.clients):
            continue
        seen.add(one.kind)
        text = advice(one)
        hint = f"{text[:1].upper()}{text[1:]}." if text else ""
        reasons = reasons_of(one, internal=is_internal(context.service))
        yield reason_found(reasons[0], hint)._replace(message=sentences(reasons))


_ALONE = frozenset({DeviationKind.NOT_LET_IN, DeviationKind.NOT_KEPT_OUT})


def _means_the_network(context: ServiceContext) -> bool:
    return any(one.group is ClientGroup.VIRTUAL_NETWORK and one.intended for one in context.clients)


def target_ports_found(context: ServiceContext, causes: Collection[Cause]) -> Iterator[Finding]:
    """The ports whose target the pods do not have, for one of *causes*."""
    for one in context.port_paths:
        hop = one.hop(HopName.POD)
        if one.port is not None and any(reason.cause in causes for reason in hop.because):
            yield finding_of(hop, ("spec", "ports", one.port.index), "Name a port that the containers declare.")


def pods_found(context: ServiceContext, causes: Collection[Cause], outcome: Outcome) -> Iterator[Finding]:
    """What keeps the pods behind a port from answering, for one of *causes*; what several ports share is said once."""
    said: set[str] = set()
    for one in context.port_paths:
        hop = one.hop(HopName.POD)
        words = sentences(hop.because)
        if hop.outcome is outcome and hop.because[0].cause in causes and words not in said:
            said.add(words)
            yield finding_of(hop, ("spec", "ports", one.port.index) if one.port is not None else ("spec", "ports"))


def clients_found(context: ServiceContext, causes: Collection[Cause]) -> Iterator[Finding]:
    """Those for whom a Service is meant, and who do not get past the security group for one of *causes*."""
    for one in context.clients if context.derivation.refusal is None else ():
        hop = one.hops[0]
        if one.intended and hop.outcome is not Outcome.PASS and hop.because[0].cause in causes:
            yield finding_of(hop)
            return


def probes_found(
    context: ServiceContext, causes: Collection[Cause], *, outcome: Outcome | None = None, chosen: bool = False
) -> Iterator[Finding]:
    """The probes of ports that do not pass for one of *causes*, where the request comes from.

    *chosen*: only those whose path somebody has chosen.
    """
    for port, probe, hop in context.probed:
        if hop.outcome is Outcome.PASS or hop.because[0].cause not in causes:
            continue
        if outcome is not None and hop.outcome is not outcome:
            continue
        path = probe.request_path
        asked: Origin = probe.protocol.origin
        if path is not None and path.origin.kind != DEFAULT:
            asked = path.origin
        elif chosen:
            continue
        fix = probe_fix(context, port)
        key = PORT_PROBE_PROTOCOL.for_port(port.port)
        hint = f"Set {key} to tcp." if path is not None and fix is None else ""
        found = finding_of(hop, steps_of(asked) or ("spec", "ports", port.index), hint)
        yield found._replace(fix=fix)
