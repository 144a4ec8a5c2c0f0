"""The recordings notice it when a condition of the path is switched off."""

from collections.abc import Callable
from typing import Any

import pytest

from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path import node, policy, rotation
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.network_policy import Opened
from tests.lab import test_path, test_policy
from tests.lab.adapter import evidence_on
from tests.lab.test_path import Probed, probed, wrong_rotation, wrong_way

Patch = Callable[[pytest.MonkeyPatch], None]


def nothing(*_: Any, **__: Any) -> None:
    return None


def setting(module: Any, name: str, value: Any) -> Patch:
    return lambda monkeypatch: monkeypatch.setattr(module, name, value)


CONDITIONS: dict[str, Patch] = {
    "source ranges": setting(node, "_ranges", nothing),
    "nodes without a pod, of a Local Service": setting(node, "_local", nothing),
    "which endpoints get packets": setting(rotation, "usable", lambda _cluster, endpoints, *_: tuple(endpoints)),
    "since when pods that are being deleted serve": setting(rotation, "_TERMINATING_SINCE", 99),
    "that older releases did not": setting(rotation, "_TERMINATING_SINCE", 0),
    "since when a node that is being deleted says so": setting(rotation, "_DRAINING_SINCE", 99),
    "that older nodes did not": setting(rotation, "_DRAINING_SINCE", 0),
    "the health check of a Local Service": setting(rotation, "asks_health_check", lambda *_: False),
    "pods": setting(test_path, "pod_hop", lambda *_: Hop(HopName.POD, Outcome.PASS, Confidence.CERTAIN)),
}


def differs(shared: bool) -> bool:
    """Whether any recording differs now."""
    return any(_differs(one) for one in probed(shared=shared))


def _differs(known: Probed) -> bool:
    situation = known.situation
    # The path keeps what it has found with the objects, so that these are new ones.
    evidence = evidence_on(situation.derivation.service, situation.vector.case["objects"])
    one = known._replace(situation=situation._replace(evidence=evidence))
    return wrong_rotation(one) is not None or any(wrong_way(client, one) for client in test_path.CLIENT_GROUPS)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_that_is_switched_off_is_noticed(condition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    probed(shared=False), probed(shared=True)
    CONDITIONS[condition](monkeypatch)
    assert differs(shared=False) or differs(shared=True)


@pytest.mark.parametrize("name", ["selects", "opened"])
def test_policies_that_are_not_looked_at_are_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {"selects": lambda *_: False, "opened": lambda *_: Opened(everything=True)}
    monkeypatch.setattr(policy, name, everything[name])
    with pytest.raises(AssertionError):
        test_policy.test_policies_let_in_whom_the_engine_lets_in("internet", 4)
