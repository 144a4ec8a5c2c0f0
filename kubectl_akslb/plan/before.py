"""What to change about a Service before an upgrade, so that it does no harm: right on both sides, and proven.

A candidate is believed if the old release makes nothing worse of it, and the upgrade comes to less harm with it.
Where each comes from: the one proposal for probes, the fixes of lint, and what only the new release reads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kubectl_akslb.derive.reconcile import Reconciled, derive, derive_all
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.gateway import OWN_ANNOTATIONS
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.remedy import probe_remedy
from kubectl_akslb.plan.change import changes
from kubectl_akslb.plan.consequence import consequences
from kubectl_akslb.plan.effect import Effect, at_least, worst
from kubectl_akslb.plan.walked import Walked
from kubectl_akslb.provider import annotations as keys

Path = tuple[str | int, ...]
_RANGES = ("spec", "loadBalancerSourceRanges")
_ANY_RANGES = {"0.0.0.0/0": "::/0", "::/0": "0.0.0.0/0"}


class EditBefore(NamedTuple):
    """One field of a Service and its new value; None takes it away. *at* is where its annotations stand."""

    path: Path
    value: object


class Candidate(NamedTuple):
    """What a Service may be changed to, by which edits."""

    service: Service
    edits: tuple[EditBefore, ...]


class Before(NamedTuple):
    """What to change before the upgrade: *edits*, what they come to now, and what the upgrade comes to with them."""

    edits: tuple[EditBefore, ...]
    now: Effect
    then: Effect


#: The Service as lint would fix it for the new release; None where it would not.
Mended = Callable[[Service], Candidate | None]


def before(
    service: Service, old: Cluster, new: Cluster, evidence: Evidence, mended: Mended | None = None
) -> Before | None:
    """The candidate that is right on both sides and leaves the least harm; None where none is known."""
    unchanged = _upgraded(service, old, new, evidence)
    if unchanged is Effect.SAME:  # what others do to it no edit of this one prevents
        return None
    now = derive(service, old)
    best: tuple[Effect, Before] | None = None
    for candidate in _candidates(service, old, new, evidence, mended):
        if candidate.service == service:
            continue
        today = _effect((service, old), (candidate.service, old), evidence)
        if at_least(today, Effect.LOSES_ADDRESS) and now.refusal is None:
            continue
        then = _upgraded(candidate.service, old, new, evidence)
        if then.rank > (best[0] if best is not None else unchanged).rank:
            best = then, Before(candidate.edits, today, then)
        if not at_least(then, Effect.LOSES_ADDRESS):
            break
    return best[1] if best is not None else None


def _candidates(
    service: Service, old: Cluster, new: Cluster, evidence: Evidence, mended: Mended | None
) -> Iterator[Candidate]:
    proposal = probe_remedy(service, new, evidence)
    remedy = proposal.remedy()
    if remedy is not None and remedy.annotations:
        yield annotated(service, dict(remedy.annotations), remedy.at)
    found = mended(service) if mended is not None else None
    if found is not None:
        yield found
    refusal = derive(service, new).refusal
    if refusal is not None:
        yield from _without(service, refusal.origin.path, old)
    yield from _for_both_families(service)


def annotated(service: Service, values: Mapping[str, str | None], at: Path = OWN_ANNOTATIONS) -> Candidate:
    """The Service with these annotations; None takes one away."""
    kept = {key: text for key, text in service.annotations.items() if key not in values}
    given = {key: text for key, text in values.items() if text is not None}
    edits = tuple(EditBefore((*at, key), text) for key, text in values.items())
    return Candidate(service._replace(annotations={**kept, **given}), edits)


def _without(service: Service, blamed: str, old: Cluster) -> Iterator[Candidate]:
    """Without an annotation for which the new release refuses the Service, and which the old one does not read."""
    now = derive(service, old)
    for key in service.annotations:
        if key == blamed or str(keys.ALLOWED_IP_RANGES) == key:
            candidate = annotated(service, {key: None})
            if not changes(now, derive(candidate.service, old)):
                yield candidate


def _for_both_families(service: Service) -> Iterator[Candidate]:
    """With the range of everybody of the other IP family beside that of the one."""
    if len(service.ip_families) < 2:
        return
    ranges = service.load_balancer_source_ranges
    for one, other in _ANY_RANGES.items():
        if one in ranges and other not in ranges:
            both = (*ranges, other)
            yield Candidate(service._replace(load_balancer_source_ranges=both), (EditBefore(_RANGES, both),))
    key = str(keys.ALLOWED_IP_RANGES)
    text = service.annotations.get(key, "")
    items = [item.strip() for item in text.split(",")]
    for one, other in _ANY_RANGES.items():
        if one in items and other not in items:
            yield annotated(service, {key: f"{text},{other}"})


def _upgraded(service: Service, old: Cluster, new: Cluster, evidence: Evidence) -> Effect:
    return _effect((service, old), (service, new), evidence)


def _effect(one: tuple[Service, Cluster], other: tuple[Service, Cluster], evidence: Evidence) -> Effect:
    """What it comes to that a Service alone, on a cluster, becomes another, or is on another."""
    from kubectl_akslb.plan.upgrade import reconciled

    outcome = derive_all((one[0],), one[1])
    first: Derivation = outcome.derivations[0]
    azure = outcome.azure.copy()
    (second,) = reconciled((other[0],), other[1], azure)
    found = changes(first, second)
    old_path = Walked(outcome, one[1]).path(first, evidence)
    new_path = Walked(Reconciled((second,), azure), other[1]).path(second, evidence)
    told = consequences(first, second, old_path, new_path, probes=True)
    return worst((*(change.effect for change in found), *(each.effect for each in told)))


def of_patch(after: Service, difference: Mapping[str, Any]) -> Candidate:
    """The Service as lint fixes it, and what that changes."""
    return Candidate(after, tuple(_edits(difference, ())))


def _edits(difference: Mapping[str, Any], path: Path) -> Iterable[EditBefore]:
    for key, value in difference.items():
        if isinstance(value, dict):
            yield from _edits(value, (*path, key))
        else:
            yield EditBefore((*path, key), tuple(value) if isinstance(value, list) else value)
