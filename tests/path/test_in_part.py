"""What a node does with clients, over ports and IP families: a part that is dropped is no whole."""

import pytest

from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import _in_part
from tests.given.streams import path, service

PASS, DROP, DEPENDS, UNKNOWN = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([PASS], PASS),
        ([DROP], DROP),
        ([DROP, DROP], DROP),
        ([PASS, DROP], DEPENDS),
        ([DEPENDS, DROP], DEPENDS),
        ([UNKNOWN, PASS], UNKNOWN),
        ([DEPENDS, PASS], DEPENDS),
    ],
)
def test_what_is_dropped_on_some_ports_depends_on_the_port(outcomes: list[Outcome], expected: Outcome) -> None:
    hops = [
        Hop(HopName.NODE, one, Confidence.CERTAIN, (Reason(Cause(cause)),))
        for one, cause in zip(outcomes, Cause, strict=False)
    ]
    found = _in_part(hops)
    assert expected is found.outcome
    worst = next((hop for hop in hops if hop.outcome is DROP), hops[0])
    assert worst.because == found.because


def test_a_range_is_asked_of_the_rules_of_its_own_family() -> None:
    """Without node ports an IPv6 frontend that is internal has nowhere to send to: it has no floating IP."""
    ranges = ["10.224.1.10/32", "2001:db8::1/128"]
    found = path(
        service(
            allocateLoadBalancerNodePorts=False,
            externalTrafficPolicy="Local",
            ipFamilies=["IPv4", "IPv6"],
            ipFamilyPolicy="RequireDualStack",
            loadBalancerSourceRanges=ranges,
            annotations={"azure-load-balancer-internal": "true"},
        )
    )
    nodes = {
        one.name: hop.outcome
        for one in found.clients
        if one.group is ClientGroup.RANGE
        for hop in one.hops
        if hop.name is HopName.NODE
    }
    assert {ranges[0]: PASS, ranges[1]: DROP} == nodes
