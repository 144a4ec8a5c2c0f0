"""Each failure by the objects that it leaves behind, as the reader of a cluster gets them: the hop, the cause, what to do."""

import pytest

from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import HopName
from kubectl_akslb.path.verdict import Verdict, VerdictKind
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.render.service import service
from kubectl_akslb.render.terminal import Terminal
from tests.causes.cases import CASES, Case
from tests.causes.offline import explained
from tests.causes.state import load_balancer, state


@pytest.mark.parametrize("name", CASES)
def test_the_hop_and_the_cause(name: str) -> None:
    case = CASES[name]
    verdict: Verdict = explained(case).path.verdict
    hop = verdict.hop.name if verdict.hop is not None else None
    assert (case.kind, case.hop, case.cause) == (verdict.kind, hop, verdict.because[0].cause)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.kind is not VerdictKind.WORKS])
def test_what_to_do_and_how_to_settle_it(name: str) -> None:
    one = explained(CASES[name])
    lines = _screen(one)
    assert any(line.startswith("  fix ") for line in lines), "\n".join(lines)
    settled = any(line.startswith("  verify ") for line in lines)
    verdict = one.path.verdict
    known = verdict.confidence is Confidence.CERTAIN or verdict.because[0].cause in _SETTLED_BY_ITSELF
    assert settled or known, "\n".join(lines)


#: The kubelet has asked already; the manifest says it.
_SETTLED_BY_ITSELF = frozenset({
    Cause.READINESS_IS_REDIRECTED, Cause.TAG_BESIDE_SOURCE_RANGES, Cause.PUBLIC_NOT_INTERNAL,
})  # fmt: skip


def _screen(one: Explained) -> list[str]:
    return service(one, Terminal(80))


def test_no_case_but_the_healthy_one_works() -> None:
    assert ["healthy", "healthy-in-azure"] == [name for name, case in CASES.items() if case.kind is VerdictKind.WORKS]


def test_the_family_that_no_pod_has_is_named() -> None:
    service = load_balancer(ipFamilies=["IPv4", "IPv6"], ipFamilyPolicy="RequireDualStack")
    verdict = explained(
        Case(state(service=service), VerdictKind.DOWN, HopName.POD, Cause.NO_POD_OF_FAMILY)
    ).path.verdict
    assert (Cause.NO_POD_OF_FAMILY, "IPv6") == (verdict.because[0].cause, verdict.because[0].facts["family"])
