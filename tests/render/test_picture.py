"""What is on a picture: who sends, which nodes are in rotation, which pods there are, and the box where it breaks."""

import pytest

from kubectl_akslb.model.live_state import LiveState, NodeEndpoints
from kubectl_akslb.render.picture import Box, Picture, Stage, State, picture
from tests.given import screens as services
from tests.given.screens import explained, manifest

BREAKS = {
    "known workload": (services.KNOWN_WORKLOAD, Stage.NODES, State.BROKEN),
    "not proven": (services.APP_PROTOCOL, Stage.NODES, State.UNSURE),
    "bad range": (services.BAD_RANGE, Stage.CLIENTS, State.BROKEN),
    "refused": (services.REFUSED, Stage.ADDRESS, State.BROKEN),
    "not Azure's": (services.OTHER_CLASS, Stage.ADDRESS, State.KEPT_OUT),
}


def drawn(given: str, live: LiveState | None = None) -> Picture:
    (one,) = explained(given).services
    return picture(one._replace(live=live))


def boxes(one: Picture, stage: Stage) -> list[Box]:
    return [box for box in one.boxes if box.stage is stage]


@pytest.mark.parametrize("name", BREAKS)
def test_the_box_where_it_breaks(name: str) -> None:
    given, stage, state = BREAKS[name]
    one = drawn(given)
    (box,) = (box for box in one.boxes if box.key == one.broken)
    assert (stage, state) == (box.stage, box.state)
    assert one.note


@pytest.mark.parametrize("given", [services.PLAIN, services.LOCAL, services.UDP_ONLY, services.HA_PORTS])
def test_what_works_has_no_broken_box(given: str) -> None:
    one = drawn(given)
    assert ("", "") == (one.broken, one.note)
    assert not [box for box in one.boxes if box.state is State.BROKEN]
    assert not [arrow for arrow in one.arrows if arrow.state is State.BROKEN]


def test_a_local_service_has_nodes_in_rotation_and_out_of_it() -> None:
    assert [State.PASSES, State.KEPT_OUT] == [box.state for box in boxes(drawn(services.LOCAL), Stage.NODES)]


NODES = (
    NodeEndpoints("n1", 1, 0, passes=True, because="answers the probe"),
    NodeEndpoints("n2", 0, 1, passes=False, because="no ready pod there"),
    NodeEndpoints("n3", 0, 0, passes=False, because="no ready pod there"),
)


def test_what_has_an_address_is_not_shown_as_waiting_for_one() -> None:
    (one,) = explained(services.REFUSED).services
    kept = picture(one._replace(evidence=one.evidence._replace(addresses=("20.1.2.3",))))
    assert [("20.1.2.3", "as it was before")] == [box.lines for box in kept.boxes]
    assert [("EXTERNAL-IP <pending>",)] == [box.lines for box in picture(one).boxes]


def test_a_cluster_names_its_nodes_and_counts_its_pods() -> None:
    one = drawn(services.LOCAL, LiveState(("20.0.0.1",), ready=1, not_ready=1, endpoints=NODES))
    inside, out = boxes(one, Stage.NODES)
    assert (("1 node in rotation", "n1"), State.PASSES) == (inside.lines, inside.state)
    assert (("2 nodes out of rotation", "n2", "n3", "no ready pod there"), State.KEPT_OUT) == (out.lines, out.state)
    (pods,) = boxes(one, Stage.PODS)
    assert "1 ready, 1 not ready" == pods.lines[-1]


def test_no_node_in_rotation_is_where_it_breaks() -> None:
    one = drawn(services.LOCAL, LiveState(("20.0.0.1",), ready=0, not_ready=1, endpoints=NODES[1:]))
    assert [State.BROKEN] == [box.state for box in boxes(one, Stage.NODES)]


def test_ports_that_are_alike_share_a_box() -> None:
    ports = [f"{{port: {port}, name: p{port}}}" for port in range(80, 92)]
    (rule,) = boxes(drawn(manifest(*ports)), Stage.RULES)
    assert rule.lines[0].startswith("80/TCP, 81/TCP")


@pytest.mark.parametrize("name", services.ALL)
def test_every_arrow_leads_from_one_box_to_another(name: str) -> None:
    one = drawn(services.ALL[name])
    keys = [box.key for box in one.boxes]
    assert len(keys) == len(set(keys))
    assert set(keys) >= {key for arrow in one.arrows for key in (arrow.start, arrow.end)}
    assert one.broken in {*keys, ""}
