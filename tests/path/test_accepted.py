"""Whether a Service is taken: by how sure a refusal of Azure's is, and by what was assumed of what makes the Service."""

from typing import Any

import pytest

from kubectl_akslb.azure.refusals import AzureRefusal
from kubectl_akslb.azure.refused.sent import DOCUMENTED, INFERRED, OBSERVED, Evidence
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE
from kubectl_akslb.model.provenance import SPEC, Origin
from kubectl_akslb.path.accepted import accepted_hop
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, Outcome
from tests.given.objects import ALONE
from tests.given.services import on, service

CLUSTER = on("1.30.18")


def refusal(evidence: Evidence, unless: str = "", row: str = "X-1") -> AzureRefusal:
    origin = Origin(SPEC, "spec.ports[0]", None)
    return AzureRefusal(row, "SomeCode", LOAD_BALANCER_STAGE, evidence, "it is so", origin, "mend it", "", unless)


def accepted(*refusals: AzureRefusal, **evidence: Any) -> Hop:
    return accepted_hop(PathContext(derive(service(), CLUSTER), CLUSTER, ALONE._replace(**evidence)), refusals)


@pytest.mark.parametrize(
    ("refusals", "expected"),
    [
        ((), (Outcome.PASS, Confidence.CERTAIN, Cause.ACCEPTED)),
        ((refusal(DOCUMENTED),), (Outcome.DROP, Confidence.DOCUMENTED, Cause.REFUSED_BY_AZURE)),
        ((refusal(OBSERVED),), (Outcome.DROP, Confidence.DOCUMENTED, Cause.REFUSED_BY_AZURE)),
        ((refusal(INFERRED),), (Outcome.DEPENDS, Confidence.ASSUMED, Cause.MAY_BE_REFUSED_BY_AZURE)),
        ((refusal(DOCUMENTED, "zones"),), (Outcome.DEPENDS, Confidence.DOCUMENTED, Cause.MAY_BE_REFUSED_BY_AZURE)),
    ],
)
def test_a_refusal_decides_if_it_is_known(
    refusals: tuple[AzureRefusal, ...], expected: tuple[Outcome, Confidence, Cause]
) -> None:
    found = accepted(*refusals)
    assert expected == (found.outcome, found.confidence, found.because[0].cause)


@pytest.mark.parametrize(("code", "shown"), [("SomeCode", "SomeCode"), ("", "X-1")])
def test_a_refusal_without_a_code_is_named_by_its_row(code: str, shown: str) -> None:
    assert shown == accepted(refusal(DOCUMENTED)._replace(code=code)).because[0].facts["code"]


def test_what_is_known_comes_before_what_is_inferred() -> None:
    found = accepted(refusal(INFERRED), refusal(DOCUMENTED, row="X-2"))
    assert (Outcome.DROP, "X-2") == (found.outcome, found.because[0].facts["row"])


@pytest.mark.parametrize(("assumed", "sure"), [(True, Confidence.ASSUMED), (False, Confidence.CERTAIN)])
def test_what_a_controller_makes_is_as_sure_as_what_is_known_of_it(assumed: bool, sure: Confidence) -> None:
    found = accepted(made_by_assumption=assumed)
    assert (Outcome.PASS, sure) == (found.outcome, found.confidence)


def test_what_nobody_knows_of_a_controller_is_not_taken() -> None:
    found = accepted(not_known=("the ports",), made_by_assumption=True)
    assert (Outcome.UNKNOWN, Confidence.UNREAD) == (found.outcome, found.confidence)
    assert [("the ports", Cause.CONTROLLER_NOT_KNOWN)] == [(one.facts["what"], one.cause) for one in found.because]
