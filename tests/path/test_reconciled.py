"""What status and events of a Service say about the provider's work on it."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.live_state import ServiceEvent
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.reconciled import accepted_live, being_deleted
from tests.given.objects import ALONE
from tests.given.services import on, service

DROP, PASS = Outcome.DROP, Outcome.PASS
OBSERVED = Confidence.OBSERVED
FAILED = ServiceEvent("Warning", "SyncLoadBalancerFailed", "no", 3, 60, "service-controller", "a quota", "ask for more")
ENSURING = ServiceEvent("Normal", "EnsuringLoadBalancer", "", 1, 5, "service-controller")
ENSURED = ENSURING._replace(reason="EnsuredLoadBalancer")
ADVICE = FAILED._replace(reason="ConflictConfiguration")
HAS: dict[str, Any] = {"addresses": ("20.0.0.1",)}


def of(**fields: Any) -> Evidence:
    return ALONE._replace(**{"source": EvidenceSource.CLUSTER, "age": 120, **fields})


def causes(hop: Hop | None) -> list[Cause]:
    return [one.cause for one in hop.because] if hop is not None else []


@pytest.mark.parametrize(
    ("evidence", "outcome", "cause"),
    [
        (of(age=119, events=()), DROP, Cause.WAITING),
        (of(age=120, events=()), DROP, Cause.NO_EVENT),
        (of(age=None, events=()), DROP, Cause.NO_EVENT),
        (of(age=120, events=None), DROP, Cause.EVENTS_UNREAD),
        (of(events=(ENSURING, ENSURED)), DROP, Cause.ATTEMPT_GOES_ON),
        (of(events=(ENSURED,)), DROP, Cause.NO_EVENT),
        (of(age=1, events=(FAILED,)), DROP, Cause.SYNC_FAILED),
        (of(events=(FAILED._replace(over=True),), **HAS), PASS, Cause.ACCEPTED),
        (of(events=(FAILED._replace(source="someone"),), **HAS), PASS, Cause.ACCEPTED),
        (of(events=(FAILED._replace(source=""),), **HAS), DROP, Cause.SYNC_FAILED_SINCE),
        (of(events=(FAILED._replace(type="Normal"),), **HAS), PASS, Cause.ACCEPTED),
        (of(events=(FAILED,), **HAS), DROP, Cause.SYNC_FAILED_SINCE),
        (of(events=(ADVICE,), **HAS), PASS, Cause.ACCEPTED),
        (of(events=(ADVICE,)), DROP, Cause.SYNC_FAILED),
        (of(events=(ADVICE, FAILED), **HAS), DROP, Cause.SYNC_FAILED_SINCE),
    ],
)
def test_what_is_concluded(evidence: Evidence, outcome: Outcome, cause: Cause) -> None:
    found = accepted_live(PathContext(derive(service(), on()), on(), evidence))
    assert found is not None
    assert (outcome, OBSERVED, [cause]) == (found.outcome, found.confidence, causes(found))


def test_a_failure_is_told_with_its_cause_and_its_remedy() -> None:
    found = accepted_live(PathContext(derive(service(), on()), on(), of(events=(FAILED,))))
    assert found is not None
    assert {"why": "a quota", "message": "no", "age": 60, "times": 3} == found.because[0].facts
    assert found.remedy is not None
    assert found.remedy.reason is not None
    assert {"text": "ask for more"} == found.remedy.reason.facts
    unknown = accepted_live(PathContext(derive(service(), on()), on(), of(events=(FAILED._replace(cause="", fix=""),))))
    assert unknown is not None
    assert ("no", None) == (unknown.because[0].facts["why"], unknown.remedy)


@pytest.mark.parametrize(
    ("source", "confidence", "expected"),
    [
        (EvidenceSource.CLUSTER, Confidence.ASSUMED, [Cause.ACCEPTED, Cause.EVENTS_UNREAD]),
        (EvidenceSource.FILES, Confidence.CERTAIN, [Cause.ACCEPTED]),
    ],
)
def test_an_address_without_the_events(source: EvidenceSource, confidence: Confidence, expected: list[Cause]) -> None:
    found = accepted_live(PathContext(derive(service(), on()), on(), of(source=source, **HAS)))
    assert found is not None
    assert (PASS, confidence, expected) == (found.outcome, found.confidence, causes(found))


@pytest.mark.parametrize(("uid", "ingress", "stored"), [("a", (), True), ("a", None, False), (None, (), False)])
def test_a_manifest_that_came_from_a_cluster_is_pending(
    uid: str | None, ingress: tuple[()] | None, stored: bool
) -> None:
    found = accepted_live(
        PathContext(derive(service(uid=uid), on()), on(), of(source=EvidenceSource.FILES, ingress=ingress))
    )
    assert ([Cause.EVENTS_UNREAD] if stored else []) == causes(found)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (of(events=(FAILED,)), []),
        (of(deleting=True, events=(ENSURED,)), [Cause.BEING_DELETED]),
        (of(deleting=True, events=(FAILED,)), [Cause.BEING_DELETED, Cause.SYNC_FAILED]),
    ],
)
def test_a_service_that_is_being_deleted(evidence: Evidence, expected: list[Cause]) -> None:
    assert expected == causes(being_deleted(PathContext(derive(service(), on()), on(), evidence)))
