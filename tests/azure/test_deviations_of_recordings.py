"""Every deviation about clients is one in the recorded security groups, and every one there is found: packets decide."""

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.vectors import Vector
from kubectl_akslb.azure.deviations import DeviationKind, deviations
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider import behaviours
from tests.azure.packets import INSIDE, SOMEBODY, allowed, asked_of
from tests.recorded.known import VECTORS
from tests.recorded.play import played, steps_of

Json = dict[str, Any]
RULE_PROTOCOL = {"TCP": "Tcp", "UDP": "Udp"}
#: Of the random histories so many are enough here: all of them are compared with the derivation elsewhere.
EACH = 8
AREAS = ("access", "address", "edited", "history", "random", "together")


def _chosen(area: str) -> Iterator[Vector]:
    found = [vector for name, vector in sorted(VECTORS.items()) if name.startswith(f"{area}/")]
    yield from found[::EACH] if area in ("edited", "random") else found


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


@pytest.mark.parametrize("area", AREAS)
def test_packets_agree(area: str) -> None:
    compared = 0
    for vector in _chosen(area):
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
