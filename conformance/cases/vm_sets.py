"""Basic load balancers: each set of nodes can have one of its own, by availability set and by scale set.

Recorded in some releases only. Nodes are not taken away here: releases up to 1.29 panic where the first one of a pool is gone.
"""

from collections.abc import Iterator, Mapping

from conformance.cases.case import Case, Json, delete, ensure, history, port, service

MODE = "azure-load-balancer-mode"
SETS = ("vmss", "vmss", "second")
KINDS: Mapping[str, Json] = {
    "scale-sets": {},
    "availability-sets": {"vmType": "standard", "primaryAvailabilitySetName": "vmss"},
}


def _nodes(kind: str) -> tuple[Json, ...]:
    found: list[Json] = []
    for number, name in enumerate(SETS):
        node: Json = {"name": f"{name}{number:06}", "addresses": [f"10.224.0.{4 + number}"]}
        found.append({**node, "availabilitySet": name} if kind == "availability-sets" else node)
    return tuple(found)


def _one(mode: str | None, number: int = 1, more: Mapping[str, str] | None = None) -> Json:
    """One of several Services, each with a port of its own."""
    asked = {} if mode is None else {MODE: mode}
    return service({**asked, **(more or {})}, port(8000 + number), name=f"svc{number}")


def _steps() -> Iterator[tuple[str, tuple[Json, ...]]]:
    inside = {"azure-load-balancer-internal": "true"}
    yield "none", (ensure(_one(None)),)
    yield "primary", (ensure(_one("vmss")),)
    yield "second", (ensure(_one("second")),)
    yield "second-internal", (ensure(_one("second", more=inside)),)
    yield "in-capitals-with-blanks", (ensure(_one(" SECOND ")), ensure(_one(" SECOND ")))
    yield "missing", (ensure(_one("third")),)
    yield "empty", (ensure(_one("")),)
    yield "a-list", (ensure(_one("vmss,second")),)
    yield "the-cluster", (ensure(_one("kubernetes")),)
    yield "auto", (ensure(_one("__auto__")),)
    yield "auto-thrice", (ensure(_one("__auto__")), ensure(_one("__AUTO__", 2)), ensure(_one(" __auto__ ", 3)))
    yield "auto-after-second", (ensure(_one("second")), ensure(_one("__auto__", 2)), ensure(_one("__auto__", 3)))
    yield "move", (ensure(_one("vmss")), ensure(_one("second")))
    yield "move-and-back", (ensure(_one("vmss")), ensure(_one("second")), ensure(_one("vmss")))
    yield "move-internal", (ensure(_one("vmss", more=inside)), ensure(_one("second", more=inside)))
    yield "move-from-none", (ensure(_one(None)), ensure(_one("second")))
    yield "move-beside-another", (ensure(_one("second", 2)), ensure(_one("vmss")), ensure(_one("second")))
    yield "move-from-another", (ensure(_one("vmss", 2)), ensure(_one("vmss")), ensure(_one("second")))
    yield "annotation-removed", (ensure(_one("second")), ensure(_one(None)))
    yield "becomes-auto", (ensure(_one("second")), ensure(_one("__auto__")))
    yield "becomes-internal", (ensure(_one("second")), ensure(_one("second", more=inside)))
    yield "refused-edit", (ensure(_one("second")), ensure(_one("third")))
    yield "refused-edit-then-mended", (ensure(_one("second")), ensure(_one("third")), ensure(_one("vmss")))
    yield "deleted", (ensure(_one("second")), delete(_one("second")))
    yield "deleted-beside-another", (ensure(_one("second", 2)), ensure(_one("second")), delete(_one("second")))
    yield "deleted-where-refused", (ensure(_one("second")), ensure(_one("third")), delete(_one("third")))


def cases() -> Iterator[Case]:
    """All of them."""
    for kind, config in KINDS.items():
        nodes = _nodes(kind)
        basic = {"loadBalancerSku": "basic", **config}
        for name, steps in _steps():
            yield history(f"basic/{kind}/{name}", *steps, config=basic, nodes=nodes)._replace(shows=("whole",))
        for mode in (
            None,
            "vmss",
            "second",
        ):  # with __auto__ it is chance: the order in which the controller lists nodes
            made = _one(mode)
            case = history(f"basic/members/{kind}/{mode or 'none'}", ensure(made), config=basic, nodes=nodes)
            yield case._replace(shows=("members",))
        one_set = history(f"basic/{kind}/no-node-of-it", ensure(_one("second")), config=basic, nodes=nodes[:2])
        yield one_set._replace(shows=("whole",))
        none = history(f"basic/{kind}/no-nodes", ensure(_one("second")), config=basic, nodes=())
        yield none._replace(shows=("whole",))
