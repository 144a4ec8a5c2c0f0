"""The recordings notice it when a condition of the path is switched off."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest

from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path import address, node, policy, pool, probe, rotation, rule, trace, walk, way_back
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.network_policy import AllowedPeers
from kubectl_akslb.path.trace import Subject
from kubectl_akslb.provider import kubernetes
from tests.lab import test_path, test_policy
from tests.lab.adapter import Situation, evidence_of_case
from tests.lab.test_path import Probed, probed, wrong_rotation, wrong_way
from tests.lab.test_trace import Walked, walked, wrong_inside, wrong_trace

pytestmark = pytest.mark.slow

KEPT_OUT = pool._kept_out
Patch = Callable[[pytest.MonkeyPatch], None]


def nothing(*_: Any, **__: Any) -> None:
    return None


def setting(module: Any, name: str, value: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(module, name, value)


def dated(name: str, minor: int) -> Patch:
    """A behaviour of Kubernetes with another date."""
    return setting(kubernetes, name, getattr(kubernetes, name)._replace(minor=minor))


CONDITIONS: dict[str, Patch] = {
    "source ranges": setting(node, "_ranges", nothing),
    "nodes without a pod, of a Local Service": setting(node, "_local", nothing),
    "which endpoints get packets": setting(rotation, "usable", lambda _cluster, endpoints, *_: tuple(endpoints)),
    "since when pods that are being deleted serve": dated("TERMINATING_ENDPOINTS", 99),
    "that older releases did not": dated("TERMINATING_ENDPOINTS", 0),
    "since when a node that is being deleted says so": dated("NODE_DRAINING", 99),
    "that older nodes did not": dated("NODE_DRAINING", 0),
    "which kind of address is meant": setting(address, "is_internal", lambda _: False),
    "the health check of a Local Service": setting(rotation, "asks_health_check", lambda *_: False),
    "pods": setting(test_path, "pod_hop", lambda *_: Hop(HopName.POD, Outcome.PASS, Confidence.CERTAIN)),
}


def _soon(situation: Situation) -> tuple[bool, int]:
    """An order in which a case that shows it comes early: those about nodes, then mixed."""
    return not situation.vector.id.startswith("nodes/"), crc32(situation.name.encode())


def differs() -> bool:
    """Whether any recording differs now, in either probe mode."""
    everything = (*probed(shared=False), *probed(shared=True))
    return any(_differs(one) for one in sorted(everything, key=lambda one: _soon(one.situation)))


def _differs(known: Probed) -> bool:
    situation = known.situation
    # The path keeps what it has found with the objects, so that these are new ones.
    evidence = evidence_of_case(situation.derivation.service, situation.vector)
    one = known._replace(situation=situation._replace(evidence=evidence))
    return wrong_rotation(one) is not None or any(wrong_way(client, one) for client in test_path.CLIENT_GROUPS)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_switched_off_is_noticed(condition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    probed(shared=False), probed(shared=True)  # as it is without the change
    CONDITIONS[condition](monkeypatch)
    assert differs()


#: What no single hop of the comparison above shows, and the walk of a packet does.
OF_THE_WALK: dict[str, Patch] = {
    "the family that the pool of a rule serves": setting(rule, "IPV6", "IPv4"),
    "whom the probe of a Local Service asks": setting(probe, "asks_health_check", lambda *_: False),
    "that a probed node port is given out": setting(probe, "_is_zero", lambda *_: True),
    "that a port has a rule": setting(
        walk, "rules_hop", lambda _: Hop(HopName.RULE, Outcome.DROP, Confidence.CERTAIN, (Reason(Cause.NO_RULE),))
    ),
    "that nodes being deleted stay in a pool of network cards": setting(
        pool, "_kept_out", lambda cluster, one, **_: KEPT_OUT(cluster, one, by_address=True)
    ),
    "that a node without a label is in the pool": setting(pool, "EXCLUDED", "kubernetes.io/hostname"),
    "the route that the answer takes": setting(way_back, "USER_DEFINED_ROUTING", "loadBalancer"),
    "packets that leave the node of a pod": setting(node, "_by_status", nothing),
    "that pods and nodes do not meet the load balancer": setting(trace, "_inside", trace._outside),
}


@pytest.mark.parametrize("condition", OF_THE_WALK)
def test_a_condition_of_the_walk_that_is_switched_off_is_noticed(
    condition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ones = (*walked(shared=False), *walked(shared=False, between=True))
    everything = sorted(ones, key=lambda one: _soon(one.situation))
    OF_THE_WALK[condition](monkeypatch)
    assert any(_walks_otherwise(one) for one in everything)


def _walks_otherwise(known: Walked) -> bool:
    """Whether the packets of anybody get elsewhere than they got."""
    old = known.subject
    # The path keeps what it has found with the objects, so that these are new ones.
    parts = (old.derivation, old.cluster, evidence_of_case(old.service, known.situation.vector))
    one = Walked(known.one, Subject(*parts, walk.walk(PathContext(*parts))), {})
    return any(True for _ in wrong_trace(one)) or any(True for _ in wrong_inside(one))


@pytest.mark.parametrize("name", ["selects", "opened"])
def test_policies_that_are_not_looked_at_are_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {"selects": lambda *_: False, "opened": lambda *_: AllowedPeers(everything=True)}
    monkeypatch.setattr(policy, name, everything[name])
    with pytest.raises(AssertionError):
        test_policy.test_policies_let_in_whom_the_engine_lets_in("internet", 4)
