"""explain, lint, fix and post-render never contradict each other: Services, workloads, policies and clusters are random.

AKSLB_EXAMPLES sets how many streams are tried; `make agreement` tries 20,000.
"""

import os
from typing import Any

from hypothesis import HealthCheck, given, settings

from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.lint.diagnostic import SAFE, RuleEffect
from kubectl_akslb.lint.engine import lint
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import Explained, explain
from tests.given.random_streams import clusters, streams

EXAMPLES = int(os.environ.get("AKSLB_EXAMPLES", "60"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _explained(data: bytes, cluster: Cluster) -> Explained:
    (one,) = explain([("web.yaml", data)], cluster).services
    return one


def _findings(data: bytes, cluster: Cluster) -> Any:
    return lint([("web.yaml", data)], cluster).diagnostics


@many
@given(data=streams(), cluster=clusters)
def test_works_is_never_said_beside_a_finding_that_stops_traffic(data: bytes, cluster: Cluster) -> None:
    verdict = _explained(data, cluster).path.verdict
    stopping = [
        one.rule for one in _findings(data, cluster) if one.effect is RuleEffect.STOPS and one.severity != "info"
    ]

    assert not (stopping and verdict.kind is VerdictKind.WORKS), (stopping, verdict)


@many
@given(data=streams(), cluster=clusters)
def test_what_is_down_or_refused_is_a_finding(data: bytes, cluster: Cluster) -> None:
    verdict = _explained(data, cluster).path.verdict
    stopping = [one.rule for one in _findings(data, cluster) if one.effect in {RuleEffect.STOPS, RuleEffect.EXPOSES}]

    assert stopping or verdict.kind not in {VerdictKind.DOWN, VerdictKind.PENDING}, verdict


@many
@given(data=streams(), cluster=clusters)
def test_a_verdict_is_no_surer_than_its_hops(data: bytes, cluster: Cluster) -> None:
    path = _explained(data, cluster).path
    hops = [*path.common, *(hop for one in path.ports for hop in one.hops)]
    if path.verdict.kind is VerdictKind.WORKS:
        assert {hop.outcome for hop in hops} == {Outcome.PASS}
        order = list(Confidence)
        assert order.index(path.verdict.confidence) >= max(order.index(hop.confidence) for hop in hops)


@many
@given(data=streams(), cluster=clusters)
def test_the_remedy_that_is_shown_is_what_fix_does_and_the_hop_passes_then(data: bytes, cluster: Cluster) -> None:
    before = _explained(data, cluster).path
    probes = [hop for one in before.ports for hop in one.hops if hop.name is HopName.PROBE]
    shown = {pair for hop in probes if hop.remedy is not None and hop.remedy.safe for pair in hop.remedy.annotations}
    if not shown:
        return
    result = fix([("web.yaml", data)], cluster)
    done = [one for one in result.applied if one.fix is not None and one.fix.applicability == SAFE]
    assert done, shown
    after = _explained(result.files[0].after, cluster)
    annotations = after.derivation.service.annotations
    assert shown <= set(annotations.items())
    for path, old in zip(after.path.ports, before.ports, strict=True):
        remedy = old.hop(HopName.PROBE).remedy
        if remedy is not None and remedy.safe and remedy.annotations:
            assert path.hop(HopName.PROBE).outcome is Outcome.PASS
