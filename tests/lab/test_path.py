"""What the path says of a packet against what became of it: probe by node, node by client, and both together."""

from functools import cache
from typing import NamedTuple

import pytest

from kubectl_akslb.derive.addresses import Prefix, parse_cidr
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.path.address import address_hop
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.node import node_hop
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.path.rotation import rotation
from kubectl_akslb.path.verdict import ClientGroup
from lab.fixed import CLIENTS, SERVERS
from tests.lab.adapter import Situation, answered, situations, together, up

CLIENT_GROUPS = {"internet": ClientGroup.INTERNET, "vnet": ClientGroup.VIRTUAL_NETWORK}
#: What the servers on these ports do, or do not do, no object tells: they refuse who connects, or close.
SILENT = frozenset(
    number
    for number, does in SERVERS.items()
    if any(word in does for word in ("loopback", "PROXY", "nothing", "seconds"))
)


class Probed(NamedTuple):
    """A rule with what is known of its probe: by node, whether it is answered; None where only some are."""

    situation: Situation
    rule: LoadBalancingRule
    up: dict[str, bool | None]

    @property
    def inside(self) -> list[str]:
        """The nodes to which Azure sends."""
        return [node for node, answered in self.up.items() if answered is not False]

    def measured(self, client: str) -> Outcome:
        """What becomes of the packets of a client at the nodes in rotation."""
        port = self.situation.derivation.service.ports[self.rule.service_port]
        floating = self.rule.enable_floating_ip.value
        answers = self.situation.of(self.rule, port).get(client if floating else "internet to the node port")
        return together(answered(answers[node]) for node in self.inside) if answers is not None else Outcome.DROP


@cache
def probed(*, shared: bool) -> tuple[Probed, ...]:
    """Every rule whose probe the lab has asked, but for pods that are gone or silent: no object tells of them."""
    return tuple(
        Probed(situation, rule, measured)
        for situation in situations(shared=shared)
        if "gone" not in situation.vector.id and not SILENT & {int(port) for port in situation.vector.case["servers"]}
        for rule in situation.rules
        if (measured := up(situation, rule)) is not None
    )


def prefix_of(client: str, address: str) -> Prefix:
    """The address of a client, of the family of *address*."""
    own = CLIENTS[client][6 if ":" in address else 4]
    return parse_cidr(f"{own}/{128 if ':' in own else 32}")


@pytest.mark.parametrize("shared", [False, True], ids=["service node port", "shared"])
def test_the_floating_ip_of_the_cases_is_the_derived_one(*, shared: bool) -> None:
    for situation in situations(shared=shared):
        for rule in situation.rules:
            assert rule.enable_floating_ip.value is situation.frontend(rule)["floatingIP"], situation.name


@pytest.mark.parametrize("shared", [False, True], ids=["service node port", "shared"])
def test_a_node_is_in_rotation_where_its_probe_was_answered(*, shared: bool) -> None:
    assert [] == wrong_rotations(shared=shared)


def wrong_rotations(*, shared: bool) -> list[tuple[object, ...]]:
    """Where the path says of a node's probe what was not measured."""
    wrong: list[tuple[object, ...]] = []
    for one in probed(shared=shared):
        situation = one.situation
        rows = rotation(situation.derivation, situation.cluster, situation.evidence, one.rule) or ()
        said = {row.name: row.up for row in rows}
        if None not in one.up.values() and said != one.up:
            wrong.append((situation.name, one.rule.name.value, said, one.up))
    return wrong


@pytest.mark.parametrize("client", CLIENT_GROUPS)
@pytest.mark.parametrize("shared", [False, True], ids=["service node port", "shared"])
def test_the_way_to_a_pod_is_as_it_was_measured(client: str, *, shared: bool) -> None:
    assert [] == wrong_ways(client, shared=shared)


def wrong_ways(client: str, *, shared: bool) -> list[tuple[object, ...]]:
    """Where address, node and pod together say what was not measured: as soon as one of them drops, nothing arrives."""
    wrong: list[tuple[object, ...]] = []
    for one in probed(shared=shared):
        situation, rule = one.situation, one.rule
        floating = rule.enable_floating_ip.value
        if not one.inside or (client != "internet" and not floating):
            continue
        known = (situation.derivation, situation.cluster, situation.evidence)
        service = situation.derivation.service
        prefix = prefix_of(client, situation.frontend(rule)["ip"])
        hops = (
            address_hop(*known),
            node_hop(*known, rule, CLIENT_GROUPS[client], prefix),
            pod_hop(service, situation.cluster, situation.evidence, service.ports[rule.service_port]),
        )
        outcomes = [hop.outcome for hop in hops]
        measured = one.measured(client)
        if Outcome.DROP in outcomes:
            said = Outcome.DROP
        else:
            said = next((outcome for outcome in outcomes if outcome is not Outcome.PASS), Outcome.PASS)
        if said is not measured and said is not Outcome.UNKNOWN and not (said is Outcome.DEPENDS and floating is False):
            causes = [reason.cause.name for hop in hops for reason in hop.because]
            wrong.append((situation.name, rule.name.value, said.name, measured.name, causes))
    return wrong
