"""What private link services hold, and what becomes of them in edits; the other kind's load balancer, where it is left.

Recorded in some releases only; what is refused is in ``privatelink``, in all of them.
"""

from collections.abc import Iterator

from conformance.cases.case import DUAL_NODES, Case, Json, delete, ensure, history, port, service

INTERNAL = {"azure-load-balancer-internal": "true"}
LINK = {**INTERNAL, "azure-pls-create": "true"}
AT = {"azure-load-balancer-ipv4": "10.224.0.200"}
COUNT = "azure-pls-ip-configuration-ip-address-count"
ADDRESSES = "azure-pls-ip-configuration-ip-address"


def _case(name: str, *services: dict[str, str], last: tuple[Json, ...] = ()) -> Case:
    """One Service with these annotations, one after the other, and then the steps *last*."""
    steps = (*(ensure(service(annotations)) for annotations in services), *last)
    case = history(f"link/{name}", *steps, config={"tags": "team=one"}, nodes=DUAL_NODES)
    return case._replace(shows=("whole", "links"))


def _edits() -> Iterator[Case]:
    yield _case("made", LINK)
    yield _case("outlives-the-annotation", LINK, INTERNAL)
    yield _case("goes-with-the-service", LINK, last=(delete(service(LINK)),))
    yield _case("goes-with-the-frontend", LINK, {**LINK, "azure-load-balancer-internal-subnet": "apps"})
    yield _case("becomes-public", LINK, {})
    yield _case("is-public-for-long", LINK, {}, {})
    yield _case(
        "becomes-internal", {"azure-disable-load-balancer-floating-ip": "true", "azure-pls-create": "true"}, LINK
    )
    yield _case("named-later", LINK, {**LINK, "azure-pls-name": "link"})
    yield _case("named-in-other-case", {**LINK, "azure-pls-name": "link"}, {**LINK, "azure-pls-name": "LINK"})
    yield _case("another-group", LINK, {**LINK, "azure-pls-resource-group": "links"}, last=(delete(service(LINK)),))
    for name, key, one, other in (
        ("proxy", "azure-pls-proxy-protocol", "true", "false"),
        ("names", "azure-pls-fqdns", "a.example b.example", "b.example  a.example"),
        ("visibility", "azure-pls-visibility", "s1 s2", "s1 *"),
        ("approval", "azure-pls-auto-approval", "s1", ""),
        ("subnet", "azure-pls-ip-configuration-subnet", "links", " "),
        ("count", COUNT, "3", "2"),
    ):
        yield _case(f"edited-{name}", {**LINK, key: one}, {**LINK, key: other}, LINK)
    static = {**LINK, COUNT: "2", ADDRESSES: "10.224.1.1"}
    yield _case("addresses", LINK, static, {**static, ADDRESSES: "10.224.1.2 10.224.1.1"}, LINK)
    long = {**LINK, "azure-pls-name": "l" * 60, "azure-pls-ip-configuration-subnet": "s" * 40}
    yield _case("long-names", long)


def _shared() -> Iterator[Case]:
    other = service({**LINK, **AT}, port(81), name="other")
    asking = service({**LINK, **AT, "azure-pls-fqdns": "a.example"}, port(81), name="other")
    yield _case("shared", {**LINK, **AT}, last=(ensure(other),))
    yield _case("shared-and-asked", {**LINK, **AT}, last=(ensure(asking),))
    yield _case(
        "shared-owner-goes", {**LINK, **AT}, last=(ensure(other), delete(service({**LINK, **AT})), ensure(asking))
    )


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _edits()
    yield from _shared()
    yield _case("none-deleted-before-the-edit", {}, last=(delete(service(INTERNAL)),))
