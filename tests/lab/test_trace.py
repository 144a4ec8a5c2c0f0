"""What explain and trace say of a Service against what became of packets: of clients outside, of pods and of nodes.

What the lab does not ask ends a comparison: whether the provider gives an address at all, and the security group, which has
recordings of its own.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

import pytest

from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.client import parse_client
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.trace import Leg, Subject, trace_service
from kubectl_akslb.path.verdict import ClientGroup, ClientPath, VerdictKind
from kubectl_akslb.path.walk import walk
from lab.fixed import CLIENT_PODS, CLIENTS, NODES
from lab.measure import is_internal
from lab.vectors import order
from tests.lab.adapter import Situation, answered, prefix_of, together
from tests.lab.test_path import UNDECIDED, Probed, Wrong, agrees, is_stale, probed

_NOT_ASKED = frozenset({HopName.ACCEPTED, HopName.SECURITY_GROUP})
#: The fabric of the lab gives no other source to who comes from a private address, nor keeps the internet from one.
_AZURES_OWN = frozenset({Cause.SEEN_AS_PUBLIC, Cause.PUBLIC_TO_PRIVATE, Cause.PRIVATE_ADDRESS})
#: What the lab cannot show, or where the path says that nobody can tell.
_NOT_COMPARED = _AZURES_OWN | UNDECIDED | {Cause.IPV6_PROBE_NOT_ROUTED}


class Walked(NamedTuple):
    """A rule with its probe, and what the path says of the whole Service."""

    one: Probed
    subject: Subject
    #: What has been traced of the subject: by the client, the port and the family.
    legs: dict[tuple[str, int, int], Leg]

    @property
    def situation(self) -> Situation:
        """The case and its outcome."""
        return self.one.situation

    @property
    def family(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.situation.frontend(self.one.rule)["ip"] else 4

    def measured(self, client: str) -> Outcome:
        """What becomes of the packets of a client; without a node in rotation Azure sends them nowhere."""
        return self.one.measured(client) if self.one.inside else Outcome.DROP

    def leg(self, word: str) -> Leg:
        """The walk of a client, by the family of the rule; once for all outcomes of a case on a release."""
        port = self.one.rule.service_port
        key = (word, port, self.family)
        if key not in self.legs:
            subject = self.subject
            client = parse_client(word, subject.cluster, subject.evidence, None, subject.service.namespace)
            trace = trace_service(subject, client, subject.service.ports[port])
            bits = 128 if self.family == 6 else 32
            self.legs[key] = next(leg for leg in trace.legs if any(span[0] == bits for span in leg.spans))
        return self.legs[key]


@cache
def walked(*, shared: bool, between: bool = False) -> tuple[Walked, ...]:
    """Every rule whose probe the lab has asked, of Services whose packets come to the address that their status has.

    On the oldest and the newest release, or on those *between* them.
    """
    versions = {one.situation.version for one in probed(shared=shared)}
    ends = {min(versions, key=order), max(versions, key=order)}
    some = versions - ends if between else ends
    return tuple(
        _walked(one for one in probed(shared=shared) if one.situation.version in some and _tells_all(one.situation))
    )


def _tells_all(situation: Situation) -> bool:
    """Whether the objects of a case tell all that the nodes know."""
    return not is_stale(situation) and "before" not in situation.vector.case


def _walked(ones: Iterable[Probed]) -> Iterator[Walked]:
    of, subjects = "", dict[str, tuple[Subject, dict[tuple[str, int, int], Leg]]]()
    for one in ones:
        known = one.situation
        if known.vector.id != of:
            of, subjects = known.vector.id, {}
        if known.version not in subjects:
            parts = (known.derivation, known.cluster, known.evidence)
            subjects[known.version] = Subject(*parts, walk(PathContext(*parts))), {}
        yield Walked(one, *subjects[known.version])


def is_compared(hops: Iterable[Hop]) -> bool:
    """Whether the lab has asked all that these hops say."""
    return not any(
        (hop.name in _NOT_ASKED and hop.outcome is not Outcome.PASS)
        or any(reason.cause in _NOT_COMPARED for reason in hop.because)
        for hop in hops
    )


#: In shared probe mode nothing but the probe is another, which test_path asks of all releases: here two are enough.
BETWEEN = pytest.param(False, True, id="service node port, releases between", marks=pytest.mark.slow)
MODES_AND_RELEASES = pytest.mark.parametrize(
    ("shared", "between"),
    [pytest.param(False, False, id="service node port"), pytest.param(True, False, id="shared"), BETWEEN],
)


# Trace


def wrong_trace(one: Walked) -> Iterator[Wrong]:
    """Clients outside of the cluster."""
    for client, addresses in CLIENTS.items():
        if client != "internet" and not one.one.rule.enable_floating_ip.value:
            continue
        leg = one.leg(addresses[one.family])
        if is_compared(leg.hops) and not agrees(leg.hops, one.measured(client)):
            yield one.situation.name, one.one.rule.name.value, client, *_said(leg), one.measured(client).name


def wrong_inside(one: Walked) -> Iterator[Wrong]:
    """Pods and nodes, pods of the Service too: kube-proxy of their own node takes their packets, or they leave it."""
    answers = one.situation.of(one.one.rule, one.subject.service.ports[one.one.rule.service_port])
    service = one.subject.service
    # Source ranges tell the pods and nodes apart; and with Local kube-proxy asks which pods are on its own node.
    told_apart = bool(service.load_balancer_source_ranges)
    pods = [one.leg(f"pod/{pod}") for pod in (list(CLIENT_PODS) if told_apart else list(CLIENT_PODS)[:1])]
    nodes = [one.leg(f"node/{node}") for node in (NODES if told_apart or service.is_local else NODES[:1])]
    for number, node in enumerate(NODES):
        for who, legs in (("pod", pods), ("node", nodes)):
            leg = legs[number % len(legs)]
            seen = answers[who][node]
            if is_compared(leg.hops) and not _right(leg, seen):
                yield one.situation.name, one.one.rule.name.value, who, node, *_said(leg), seen
    for pod, seen in answers.get("itself", {}).items() if _names_nodes(one.situation) else ():
        leg = one.leg(f"pod/{pod}")
        if is_compared(leg.hops) and not _right(leg, seen):
            yield one.situation.name, one.one.rule.name.value, "itself", pod, *_said(leg), seen


def _names_nodes(situation: Situation) -> bool:
    """Whether each endpoint names its node; else other Services decide whether a pod reaches itself (lab/README.md)."""
    slices = [one for one in situation.vector.case["objects"] if one["kind"] == "EndpointSlice"]
    return all("nodeName" in endpoint for one in slices for endpoint in one["endpoints"])


def _right(leg: Leg, seen: list[str]) -> bool:
    leaves = any(reason.cause is Cause.PODS_LEAVE_THE_NODE for reason in leg.deciding.because)
    # What plays Azure there speaks no TLS.
    left = any(each.startswith("left") or each == "closed" for each in seen)
    behind = next((hop for hop in leg.hops if hop.name is HopName.POD), None)
    lost = behind is not None and behind.outcome is not Outcome.PASS and answered(seen) is Outcome.DROP
    return lost or (left if leaves else agrees(leg.hops, answered(seen)))


def _said(leg: Leg) -> tuple[str, str, str]:
    return leg.deciding.outcome.name, leg.deciding.name.name, leg.deciding.because[0].cause.name


def wrong_by_azure(one: Walked) -> Iterator[Wrong]:
    """What comes back through the load balancer: it depends only where some node serves it."""
    answers = one.situation.of(one.one.rule, one.subject.service.ports[one.one.rule.service_port])
    for who, word in (("pod", f"pod/{next(iter(CLIENT_PODS))}"), ("node", f"node/{NODES[0]}")):
        by_node = answers.get(f"{who} by Azure", {})
        measured = together(answered(seen) for node, seen in by_node.items() if node in one.one.inside)
        leg = one.leg(word)
        if not by_node or not one.one.inside or not is_compared(leg.hops):
            continue
        leaves = any(reason.cause is Cause.PODS_LEAVE_THE_NODE for reason in leg.deciding.because)
        # Whether the ranges hold the address of the way out, no object tells.
        open_ = leaves and bool(one.subject.service.load_balancer_source_ranges)
        right = measured is not Outcome.DROP if leaves else agrees(leg.hops, measured)
        if not (open_ or right):
            yield one.situation.name, one.one.rule.name.value, who, *_said(leg), by_node


@MODES_AND_RELEASES
def test_a_client_gets_where_trace_says(*, shared: bool, between: bool) -> None:
    assert [] == [wrong for one in walked(shared=shared, between=between) for wrong in wrong_trace(one)]


#: No load balancer is asked, and so no probe.
RELEASES = pytest.mark.parametrize("between", [False, pytest.param(True, marks=pytest.mark.slow)])


@RELEASES
def test_pods_and_nodes_get_where_trace_says(*, between: bool) -> None:
    assert [] == [wrong for one in walked(shared=False, between=between) for wrong in wrong_inside(one)]


@RELEASES
def test_what_leaves_a_node_gets_where_trace_says_through_the_load_balancer(*, between: bool) -> None:
    asked = [one for one in walked(shared=False, between=between) if one.situation.vector.case.get("throughAzure")]
    assert [] == [wrong for one in asked for wrong in wrong_by_azure(one)]


@pytest.mark.skipif("AKSLB_LAB_RECORDINGS" in os.environ, reason="recordings of another seed do not ask it")
def test_a_node_drops_what_an_internal_load_balancer_sends_back_to_it() -> None:
    """And serves what comes by a public one, from the address of the way out."""
    found: dict[str, set[Outcome]] = {}
    for one in walked(shared=False):
        answers = one.situation.of(one.one.rule, one.subject.service.ports[one.one.rule.service_port])
        left = answers["node"][NODES[0]] == [f"left from {NODES[0]}"] and not one.one.rule.enable_floating_ip.value
        if left and "node by Azure" in answers and not one.subject.service.is_local:
            kind = "internal" if is_internal(one.situation.vector.case) else "public"
            found.setdefault(kind, set()).add(answered(answers["node by Azure"][NODES[0]]))
    assert found == {"internal": {Outcome.DROP}, "public": {Outcome.PASS}}


# Explain


def wrong_verdict(ones: Sequence[Walked]) -> Wrong | None:
    """The rules of one Service: those that work let in all who are meant to get in, and those that are down let in nobody."""
    first = ones[0]
    path, verdict = first.subject.path, first.subject.path.verdict
    if verdict.kind is VerdictKind.WORKS:
        meant = [client for client in path.clients if client.intended]
        found = {one.measured(name) for one in ones for client in meant for name in _held(client, one.family)}
        return None if found <= {Outcome.PASS} else _wrong(first, found)
    hop = verdict.hop
    if verdict.kind in {VerdictKind.DOWN, VerdictKind.UNREACHABLE} and hop is not None and is_compared([hop]):
        numbers = {port.index for port in verdict.ports}
        about = [one for one in ones if not numbers or one.one.rule.service_port in numbers]
        client = verdict.client
        found = {
            one.measured(name) for one in about for name in (_held(client, one.family) if client else ("internet",))
        }
        # Of two families it is enough that one of them is not served.
        right = not found or (
            Outcome.DROP in found if len({one.family for one in about}) > 1 else found == {Outcome.DROP}
        )
        return None if right else _wrong(first, found)
    return None


def _wrong(one: Walked, found: Iterable[Outcome]) -> Wrong:
    verdict = one.subject.path.verdict
    causes = [reason.cause.name for reason in verdict.because]
    return one.situation.name, verdict.kind.name, causes, sorted(outcome.name for outcome in found)


def _held(client: ClientPath, family: int) -> Iterator[str]:
    """The clients of the lab that a group of clients holds."""
    groups = {ClientGroup.INTERNET: "internet", ClientGroup.VIRTUAL_NETWORK: "vnet"}
    if client.group in groups:
        yield groups[client.group]
    if client.group is ClientGroup.RANGE:
        held = parse_cidr(client.name)
        yield from (name for name, addresses in CLIENTS.items() if held.contains(prefix_of(addresses[family])))


def services(*, shared: bool, between: bool = False) -> Iterator[list[Walked]]:
    """The rules of each Service in each situation."""
    for _, ones in groupby(walked(shared=shared, between=between), key=lambda one: id(one.situation)):
        yield list(ones)


@MODES_AND_RELEASES
def test_the_verdict_is_what_was_measured(*, shared: bool, between: bool) -> None:
    assert [] == [
        wrong for ones in services(shared=shared, between=between) if (wrong := wrong_verdict(ones)) is not None
    ]


@pytest.mark.skipif("AKSLB_LAB_RECORDINGS" in os.environ, reason="recordings of another seed may hold a few of each")
def test_the_lab_has_seen_each_verdict() -> None:
    kinds = [ones[0].subject.path.verdict.kind for ones in services(shared=False)]
    assert all(kinds.count(kind) > 40 for kind in (VerdictKind.WORKS, VerdictKind.DOWN, VerdictKind.UNREACHABLE)), kinds
