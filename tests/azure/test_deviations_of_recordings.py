"""Every deviation about clients is one in the recorded security groups, and every one there is found: packets decide."""

from typing import Any

import pytest

from conformance.vectors import Vector
from kubectl_akslb.azure.deviations import DeviationKind, deviations
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.version import NEWEST
from tests.azure.packets import INSIDE, SOMEBODY, allowed, asked_of
from tests.recorded.known import VECTORS
from tests.recorded.play import played, steps_of

Json = dict[str, Any]
RULE_PROTOCOL = {"TCP": "Tcp", "UDP": "Udp"}
#: Of the random histories one of so many is enough here: all of them are compared with the derivation elsewhere.
EACH = {"edited": 8, "random": 8, "broad": 3}
AREAS = ("access", "address", "broad", "edited", "history", "random", "together")
#: For each invariant a recording that breaks it in the newest release.
BROKEN = {
    DeviationKind.NOT_LET_IN: "broad/0015",
    DeviationKind.NOT_KEPT_OUT: "broad/0038",
    DeviationKind.LET_IN_UNASKED: "broad/0012",
    DeviationKind.KEPT_OUT_UNASKED: "fault/deny-all-back",
    DeviationKind.PROBES_DENIED: "broad/0005",
    DeviationKind.NOT_SERVED: "broad/0067",
    DeviationKind.PUBLIC_THOUGH_INTERNAL: "broad/0033",
}
#: No recorded release builds it; test_deviations.py does by hand.
NEVER_RECORDED = {DeviationKind.FOREIGN_FRONTEND}
#: And for each a recording of the like that keeps it: there is nothing that is not as asked.
KEPT = {
    DeviationKind.NOT_LET_IN: "fault/rules-on-shared-public-ip",
    DeviationKind.NOT_KEPT_OUT: "fault/deny-all-alone",
    DeviationKind.LET_IN_UNASKED: "fault/moved-when-internal",
    DeviationKind.KEPT_OUT_UNASKED: "fault/deny-all-alone",
    DeviationKind.PROBES_DENIED: "fault/nodes-per-service",
    DeviationKind.NOT_SERVED: "fault/frontend-taken-along",
    DeviationKind.PUBLIC_THOUGH_INTERNAL: "fault/moved-when-internal",
    DeviationKind.FOREIGN_FRONTEND: "fault/shared-ipv6",
}


def _chosen(area: str, each: int) -> list[Vector]:
    return [vector for name, vector in sorted(VECTORS.items()) if name.startswith(f"{area}/")][::each]


def _by_packets(case: Json, outcome: Json, ingress: dict[str, tuple[str, ...]]) -> set[tuple[str, str, DeviationKind]]:
    """Service, address and kind of what is not as asked, by packets through the recorded rules."""
    found = set()
    latest = {_name(body): body for step in steps_of(case) if (body := step.get("ensure") or step.get("update"))}
    for name, addresses in ingress.items():
        body = latest[name]
        for address in addresses:
            asked = asked_of(body, ipv6=":" in address)
            for port in body["spec"]["ports"] if asked is not None else ():
                protocol = RULE_PROTOCOL.get(port["protocol"])
                if protocol is None or asked is None:
                    continue
                for source in asked.sources:
                    client = SOMEBODY[":" in address] if source == "Internet" else source
                    if not allowed(outcome, client, address, protocol, port["port"]):
                        found.add((name, address, DeviationKind.NOT_LET_IN))
                if asked.denies and allowed(outcome, INSIDE[":" in address], address, protocol, port["port"]):
                    found.add((name, address, DeviationKind.NOT_KEPT_OUT))
    return found


def _name(body: Json) -> str:
    return decode(body).full_name


def _kinds(name: str) -> set[DeviationKind]:
    state = played(VECTORS[name].case, NEWEST)
    return {each.kind for each in deviations(state.azure, state.cluster, state.refused)}


@pytest.mark.parametrize("kind", DeviationKind)
def test_each_invariant_is_broken_by_a_recording(kind: DeviationKind) -> None:
    assert kind in NEVER_RECORDED or kind in _kinds(BROKEN[kind])


@pytest.mark.parametrize("kind", DeviationKind)
def test_each_invariant_is_kept_by_a_recording(kind: DeviationKind) -> None:
    assert set() == _kinds(KEPT[kind])


@pytest.mark.parametrize(
    ("area", "each"),
    [*((area, EACH.get(area, 1)) for area in AREAS), pytest.param("broad", 1, marks=pytest.mark.slow)],
)
def test_packets_agree(area: str, each: int) -> None:
    compared = 0
    for vector in _chosen(area, each):
        for outcome, versions in vector.outcomes:
            version = ProviderVersion.parse(versions[-1])
            if outcome.get("error"):
                continue
            state = played(vector.case, version)
            if not state.cluster.has(behaviours.ACCESS_CONTROL):
                continue
            refused = {name for name in state.azure.services if name not in state.azure.ingress} | state.refused
            ingress = {name: all_of_it for name, all_of_it in state.azure.ingress.items() if name not in refused}
            latest = {
                _name(body): body
                for step in steps_of(vector.case)
                if (body := step.get("ensure") or step.get("update"))
            }
            clear = {
                (name, address)
                for name, addresses in ingress.items()
                for address in addresses
                if asked_of(latest[name], ipv6=":" in address) is not None
            }
            ours = {
                (each.service, each.address, each.kind)
                for each in deviations(state.azure, state.cluster, refused)
                if each.kind in (DeviationKind.NOT_LET_IN, DeviationKind.NOT_KEPT_OUT)
                and (each.service, each.address) in clear
            }
            assert _by_packets(vector.case, outcome, ingress) == ours, (vector.id, str(version))
            compared += 1
    assert compared > 20
