"""Each failure by the objects that it leaves behind, as the reader of a cluster gets them: the hop, the cause, what to do."""

import json
from datetime import datetime, timezone

import pytest

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.discover_profile import profile_of
from kubectl_akslb.cluster.explain_services import explain
from kubectl_akslb.cluster.reading import Reading
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.verdict import Verdict, VerdictKind
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import load_profile
from kubectl_akslb.render.service import service
from kubectl_akslb.render.terminal import Terminal
from tests.causes.cases import CASES, Case
from tests.causes.state import Object, State

NOW = datetime(2026, 5, 29, 12, 0, 0, tzinfo=timezone.utc)
KINDS = frozenset({"EndpointSlice", "Node", "DaemonSet", "Event", "Pod", "NetworkPolicy"})


def read(state: State) -> Reading:
    """What is read of the API server in this state."""
    placed = state.placed("shop", NOW)
    service = _stored(placed.service, "11111111-2222-4333-8444-555555555555", "2026-05-29T11:00:00Z")
    if state.deleted:
        service["metadata"]["deletionTimestamp"] = "2026-05-29T11:50:00Z"
    others = [_stored(one, f"{index}2222222-2222-4333-8444-555555555555", "2026-05-29T10:00:00Z") for index, one in enumerate(placed.objects) if one["kind"] == "Service"]  # fmt: skip
    beside = [one for one in placed.objects if one["kind"] != "Service"]
    infrastructure = [{**one, "metadata": {"namespace": "", **one["metadata"]}} for one in placed.nodes]
    return Reading((service,), (*beside, *infrastructure, *placed.daemon_sets), KINDS, neighbours=tuple(others))


def _stored(service: Object, uid: str, created: str) -> Object:
    """A Service with what the API server adds."""
    spec = service["spec"]
    ports = [
        {"nodePort": 0 if spec.get("allocateLoadBalancerNodePorts") is False else 30080 + index, **one}
        for index, one in enumerate(spec["ports"])
    ]
    health = {"healthCheckNodePort": 31000} if spec.get("externalTrafficPolicy") == "Local" else {}
    families = spec.get("ipFamilies", ["IPv4"])
    added = {"clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"], "ipFamilies": families, "ports": ports, **health}
    return {
        **service,
        "metadata": {**service["metadata"], "uid": uid, "creationTimestamp": created},
        "spec": {**spec, **added},
    }


def explained(case: Case) -> Explained:
    """What is explained of a case, on the cluster that its objects show."""
    reading = read(case.state)
    given = dict(zip(case.options[::2], case.options[1::2], strict=True))
    profile = given.pop("--profile", None)
    file = load_profile(json.dumps(PROFILES[profile]).encode(), "aks.json") if profile is not None else None
    loaded, _ = profile_of(reading, Connection(), None, file)
    flags = {_FLAGS[name]: value for name, value in given.items()}
    loaded = with_flags(loaded, **flags)  # type: ignore[arg-type]
    found = explain(reading, loaded.cluster, (), connection=Connection(), named=True, now=NOW)
    assert not found.problems
    (one,) = found.services
    return one


_FLAGS = {"--sku": "sku", "--probe-mode": "probe_mode"}
_CLUSTERS = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters"
PROFILES = {
    "shared.json": {
        "id": f"{_CLUSTERS}/shop-prod",
        "name": "shop-prod",
        "currentKubernetesVersion": "1.33.4",
        "nodeResourceGroup": "MC_shop_shop-prod_westeurope",
        "networkProfile": {
            "loadBalancerSku": "standard",
            "loadBalancerProfile": {"clusterServiceLoadBalancerHealthProbeMode": "Shared"},
        },
    }
}
"""Outputs of ``az aks show``, by the name of a file."""


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
    assert settled or one.path.verdict.because[0].cause in _SETTLED_BY_ITSELF, "\n".join(lines)


#: The kubelet has asked already.
_SETTLED_BY_ITSELF = frozenset({Cause.READINESS_IS_REDIRECTED, Cause.PORT_IS_TAKEN_BY})


def _screen(one: Explained) -> list[str]:
    return service(one, Terminal(80))


def test_no_case_but_the_healthy_one_works() -> None:
    assert ["healthy"] == [name for name, case in CASES.items() if case.kind is VerdictKind.WORKS]
