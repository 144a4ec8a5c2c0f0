"""Private link services: what is refused, and what goes through."""

from collections.abc import Iterator

from conformance.cases.case import DUAL_NODES, Case, case, local, port, service, slug

CREATE = {"azure-load-balancer-internal": "true", "azure-pls-create": "true"}
COUNT = "azure-pls-ip-configuration-ip-address-count"
ADDRESSES = "azure-pls-ip-configuration-ip-address"


def cases() -> Iterator[Case]:
    """All of them."""
    for value in ("true", "TRUE", " true ", "false", "1", ""):
        yield case(f"private-link/create-{slug(value)}", service({**CREATE, "azure-pls-create": value}))
        yield case(f"private-link/public-{slug(value)}", service({"azure-pls-create": value}))
    off = {"azure-pls-create": "true", "azure-disable-load-balancer-floating-ip": "true"}
    yield case("private-link/public-without-floating-ip", service(off))
    yield case("private-link/internal-any-case", service({**CREATE, "azure-load-balancer-internal": "True"}))
    for families in (("IPv6",), ("IPv4", "IPv6")):
        name = "-".join(families).lower()
        yield case(f"private-link/{name}", service(CREATE, families=families), nodes=DUAL_NODES)
    for count in ("1", "8", "0", "9", "-1", " 2 ", "x", ""):
        yield case(f"private-link/count-{slug(count)}", service({**CREATE, COUNT: count}))
    for text in (
        "10.224.1.1",
        "10.224.1.1 10.224.1.2",
        "10.224.1.1  10.224.1.1",
        "x",
        "fd00::1",
        "10.224.1.1,10.224.1.2",
        "",
    ):
        yield case(f"private-link/addresses-{slug(text)}", service({**CREATE, ADDRESSES: text}))
        yield case(f"private-link/two-addresses-{slug(text)}", service({**CREATE, ADDRESSES: text, COUNT: "2"}))
    named = {
        **CREATE, "azure-pls-name": " link ", "azure-pls-resource-group": "links", "azure-pls-fqdns": "a.example b.example",
        "azure-pls-visibility": "*", "azure-pls-auto-approval": "s1 s2", "azure-pls-ip-configuration-subnet": "links",
    }  # fmt: skip
    yield case("private-link/all-annotations", service(named))
    yield case("private-link/subnet", service({**CREATE, "azure-load-balancer-internal-subnet": "apps"}))
    proxy = {**CREATE, "azure-pls-proxy-protocol": "true"}
    yield case("private-link/proxy-protocol-local", local(proxy, port(80), port(443)))
    yield case("private-link/proxy-protocol-local-udp", local(proxy, port(53, "UDP"), port(443)))
    yield case("private-link/proxy-protocol-without-create", local({"azure-pls-proxy-protocol": "true"}))
    yield case("private-link/basic", service(CREATE), config={"loadBalancerSku": "basic"})
