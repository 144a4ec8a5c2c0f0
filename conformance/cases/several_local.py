"""Local Services on several standard load balancers: where they are put, and their moves from one to another.

Their pools hold the nodes of their pods. There are no EndpointSlices here: newer releases then take all nodes, older ones
refuse, which no cluster with pods sees. So this is recorded in newer ones alone.
"""

from collections.abc import Iterator

from conformance.cases.case import (
    DUAL_NODES,
    Case,
    Json,
    delete,
    ensure,
    history,
    local,
    port,
    public_ip,
    service,
    update,
)
from conformance.cases.multiple import ASKED, LABELLED, TWO

INTERNAL = {"azure-load-balancer-internal": "true"}
ON_NODES = {"azure-disable-load-balancer-floating-ip": "true"}
MINE = (public_ip("mine", "20.9.0.1"),)


def _case(name: str, *steps: Json, config: Json = TWO) -> Case:
    case = history(f"several-local/{name}", *steps, config=config, nodes=DUAL_NODES, public_ips=MINE)
    return case._replace(shows=("whole",))


def cases() -> Iterator[Case]:
    """All of them."""
    here, there = local({ASKED: "kubernetes"}), local({ASKED: "second"})
    api = local(None, port(81), name="api")
    yield _case("one", ensure(local()))
    yield _case("two", ensure(local()), ensure(api))
    yield _case("beside-cluster", ensure(local()), ensure(service(None, port(81), name="api")))
    yield _case("move", ensure(here), ensure(there))
    yield _case("move-and-back", ensure(here), ensure(there), ensure(here))
    yield _case("move-to-another", ensure(local({ASKED: "second"}, port(81), name="api")), ensure(here), ensure(there))
    yield _case("becomes-cluster", ensure(local()), ensure(api), ensure(service()))
    yield _case("becomes-local", ensure(service()), ensure(service(None, port(81), name="api")), ensure(local()))
    yield _case("becomes-internal", ensure(local()), ensure(api), ensure(local(INTERNAL)))
    yield _case("deleted", ensure(local()), ensure(api), delete(local()))
    yield _case("deleted-when-moved", ensure(here), ensure(api), ensure(there), delete(there))
    yield _case("on-nodes", ensure(local(ON_NODES)), ensure(local(ON_NODES, port(81), name="api")))
    yield _case("dual-stack", ensure(local(families=("IPv4", "IPv6"))), ensure(api))
    yield _case("other-nodes", ensure(local()), update(local(), DUAL_NODES[:1]))
    yield _case("by-label", ensure(local(labels={"tier": "edge"})), ensure(api), ensure(local()), config=LABELLED)
    pinned = local({"azure-pip-name": "mine"}, port(81), name="api")
    yield _case("pinned", ensure(local({"azure-pip-name": "mine"})), ensure(pinned), delete(pinned))
