"""What the path says of a packet against what became of it: probe by node, node by client, and both together."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

import pytest

from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV6
from kubectl_akslb.path.address import address_hop
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.node import node_hop
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.path.probed import asks_health_check, asks_node_port, probe_of
from kubectl_akslb.path.rotation import family_of, rotation, within_family
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import behaviours
from lab.fixed import CLIENT_PODS, CLIENTS, NODES, SERVERS
from tests.lab.adapter import Situation, answered, prefix_of, situations, together, up

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
        if _has_frontend(situation, rule) and (measured := up(situation, rule)) is not None
    )


def _has_frontend(situation: Situation, rule: LoadBalancingRule) -> bool:
    """Whether the provider of this release has a frontend of the rule's family: older ones know the first family alone."""
    families = situation.derivation.service.ip_families
    first = family_of(situation.derivation.service, rule) == families[0]
    return len(families) < 2 or first or situation.cluster.has(behaviours.DUAL_STACK)


@pytest.mark.parametrize("shared", [False, True], ids=["service node port", "shared"])
def test_the_floating_ip_of_the_cases_is_the_derived_one(*, shared: bool) -> None:
    """From 1.27 on; older providers know one family of a Service, and take the first for all."""
    for situation in situations(shared=shared):
        for rule in situation.rules if situation.cluster.provider_version.minor >= 27 else ():
            assert rule.enable_floating_ip.value is situation.frontend(rule)["floatingIP"], situation.name


MODES = pytest.mark.parametrize("shared", [False, True], ids=["service node port", "shared"])
#: Where the path says that it cannot tell: one kube-proxy of the release did so, another otherwise, or by what came first.
UNDECIDED = frozenset({Cause.HEALTH_CHECK_OF_EITHER_FAMILY})
#: Pods that are being deleted serve for as long as they are there, those that are not ready if they can; a kube-proxy that has
#: stopped goes on by its last rules; in which mode it runs, no object of the cases tells.
_OF_THE_MOMENT = frozenset({
    Cause.ONLY_TERMINATING, Cause.PUBLISHED_NOT_READY, Cause.SLICES_ARE_BEHIND, Cause.PODS_ON_LOST_NODES,
    Cause.KUBE_PROXY_DOWN, Cause.NFTABLES_DROPS_OWN_NODE,
})  # fmt: skip


def is_stale(situation: Situation) -> bool:
    """Whether the status has another address than the load balancer: no object tells what that one has."""
    status = {one.get("ip") for one in situation.service["status"]["loadBalancer"].get("ingress", [])} - {None}
    return bool(status) and not status & {one["ip"] for one in situation.vector.case["frontends"]}


@MODES
def test_a_node_is_in_rotation_where_its_probe_was_answered(*, shared: bool) -> None:
    assert [] == [wrong for one in probed(shared=shared) if (wrong := wrong_rotation(one)) is not None]


@MODES
@pytest.mark.parametrize("client", CLIENT_GROUPS)
def test_the_way_to_a_pod_is_as_it_was_measured(client: str, *, shared: bool) -> None:
    assert [] == [wrong for one in probed(shared=shared) if (wrong := wrong_way(client, one)) is not None]


def test_pods_that_call_the_frontend_get_where_they_got() -> None:
    """kube-proxy of their node takes it, without the load balancer and its probe; what it does not take leaves the node."""
    assert [] == [wrong for one in probed(shared=False) for wrong in wrong_from_pods(one)]


Wrong: TypeAlias = tuple[object, ...]


def wrong_rotation(one: Probed) -> Wrong | None:
    """What the path says of the probe of a rule, where something else was measured."""
    situation, service = one.situation, one.situation.derivation.service
    rows = rotation(situation.context, one.rule) or ()
    probe = probe_of(situation.derivation, one.rule)
    through = asks_node_port(service, probe) is not None and not asks_health_check(service, probe)
    if through and family_of(service, one.rule) == IPV6:
        # They come from a link-local address; whether Azure rewrites that before the node, nobody can measure here.
        return None
    # What a kube-proxy has seen before it was stopped, no object tells.
    unknown = situation.vector.case.get("kubeProxyStopped", ()) if through else ()
    undecided = {row.name for row in rows if row.up is None and row.because[-1].cause in UNDECIDED}
    said = {row.name: row.up for row in rows if row.name not in {*unknown, *undecided}}
    measured = {node: up for node, up in one.up.items() if node in said}
    differ = [node for node, up in measured.items() if up is not None and said[node] is not up]
    return (situation.name, one.rule.name.value, said, measured) if differ else None


def wrong_way(client: str, one: Probed) -> Wrong | None:
    """What address, node and pod say together: as soon as one of them drops, nothing arrives."""
    situation, rule = one.situation, one.rule
    # No object tells what a kube-proxy had seen before it was stopped.
    elsewhere = is_stale(situation) or "before" in situation.vector.case
    if not one.inside or elsewhere or (client != "internet" and not rule.enable_floating_ip.value):
        return None
    known = situation.context
    service = situation.derivation.service
    own = within_family(situation.evidence, service, rule)
    prefix = prefix_of(CLIENTS[client][6 if ":" in situation.frontend(rule)["ip"] else 4])
    rows = rotation(known, rule) or ()
    if any(row.up is None and row.because[-1].cause in UNDECIDED for row in rows):
        return None  # which nodes get packets is open, and so what becomes of them
    hops = (
        address_hop(known),
        node_hop(known, rule, CLIENT_GROUPS[client], prefix),
        pod_hop(known, own, service.ports[rule.service_port]),
    )
    measured = one.measured(client)
    if agrees(hops, measured):
        return None
    causes = [reason.cause.name for hop in hops for reason in hop.because]
    return (situation.name, rule.name.value, [hop.outcome.name for hop in hops], measured.name, causes)


def wrong_from_pods(one: Probed) -> Iterator[Wrong]:
    """What node and pods say of a pod of each node that is not behind the Service, where something else was measured."""
    situation, rule = one.situation, one.rule
    if is_stale(situation) or "before" in situation.vector.case:
        return
    known, service = situation.context, situation.derivation.service
    port = service.ports[rule.service_port]
    behind = pod_hop(known, within_family(situation.evidence, service, rule), port)
    answers = situation.of(rule, port)["pod"]
    for node, pod in zip(NODES, CLIENT_PODS.values(), strict=True):
        prefix = prefix_of(pod.addresses[6 if ":" in situation.frontend(rule)["ip"] else 4])
        hops = (node_hop(known, rule, ClientGroup.PODS, prefix), behind)
        leaves = hops[0].because[0].cause is Cause.PODS_LEAVE_THE_NODE
        # What plays Azure there speaks no TLS.
        left = any(seen.startswith("left") or seen == "closed" for seen in answers[node])
        lost = behind.outcome is not Outcome.PASS and answered(answers[node]) is Outcome.DROP
        if not lost and not (left if leaves else agrees(hops, answered(answers[node]))):
            yield situation.name, rule.name.value, node, [hop.outcome.name for hop in hops], answers[node]


def agrees(hops: Sequence[Hop], measured: Outcome) -> bool:
    """Whether what hops say together is what was measured."""
    outcomes = {hop.outcome for hop in hops}
    if Outcome.DROP in outcomes:
        return measured is Outcome.DROP
    if Outcome.DEPENDS not in outcomes:
        return measured is Outcome.PASS
    causes = {reason.cause for hop in hops for reason in hop.because}
    return measured is Outcome.DEPENDS or bool(causes & _OF_THE_MOMENT)
