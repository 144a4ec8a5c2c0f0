"""Addresses: public IPs and private ones, by name, by address, by prefix; tags and DNS labels."""

from collections.abc import Iterator

from conformance.cases.case import DUAL_NODES, Case, case, port, public_ip, service, slug

INTERNAL = {"azure-load-balancer-internal": "true"}
BASIC = {"loadBalancerSku": "basic"}
V4 = "azure-load-balancer-ipv4"
V6 = "azure-load-balancer-ipv6"
NAME = "azure-pip-name"
NAME6 = "azure-pip-name-ipv6"
PREFIX = "azure-pip-prefix-id"
PREFIX6 = "azure-pip-prefix-id-ipv6"
PREFIX_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPPrefixes/"
MINE = (public_ip("mine", "20.9.0.1"), public_ip("mine6", "2603:1030:9::1"))
ELSEWHERE = (public_ip("far", "20.9.0.2", "network"),)
GROUP = "azure-load-balancer-resource-group"


def _by_address() -> Iterator[Case]:
    wanted = ("20.9.0.1", "20.9.9.9", "10.0.0.1", "192.168.1.1", "100.64.0.1", "168.63.129.16", "127.0.0.1",
              "255.255.255.255", "224.0.0.1", "169.254.1.1", "not-an-address", "20.9.0.1/32", " 20.9.0.1",
              "20.9.0.01", "", "::ffff:20.9.0.1", "2603:1030:9::1", "fd00::1", "fe80::1", "::1")  # fmt: skip
    for address in wanted:
        yield case(f"address/ipv4-{slug(address)}", service({V4: address}), public_ips=MINE)
    for address in wanted[:5] + wanted[10:13] + wanted[16:17]:
        yield case(f"address/spec-{slug(address)}", service({}, loadBalancerIP=address), public_ips=MINE)
    for address in ("10.224.0.200", "10.99.0.1", "not-an-address", "", "fd00:10:224::9"):
        yield case(f"address/internal-ipv4-{slug(address)}", service({**INTERNAL, V4: address}))
        yield case(f"address/internal-spec-{slug(address)}", service(INTERNAL, loadBalancerIP=address))
    both = service({V4: "20.9.0.1"}, loadBalancerIP="20.9.9.9")
    yield case("address/annotation-wins-over-spec", both, public_ips=MINE)
    yield case("address/ipv6-annotation-on-ipv4", service({V6: "2603:1030:9::1"}), public_ips=MINE)
    yield case("address/ipv6", service({V6: "2603:1030:9::1"}, families=("IPv6",)), public_ips=MINE, nodes=DUAL_NODES)
    spec6 = service({}, families=("IPv6",), loadBalancerIP="2603:1030:9::1")
    yield case("address/spec-ipv6", spec6, public_ips=MINE, nodes=DUAL_NODES)
    dual = service({V4: "20.9.0.1", V6: "2603:1030:9::1"}, families=("IPv4", "IPv6"))
    yield case("address/dual-stack", dual, public_ips=MINE, nodes=DUAL_NODES)
    half = service({V4: "20.9.0.1"}, families=("IPv4", "IPv6"))
    yield case("address/dual-stack-one-given", half, public_ips=MINE, nodes=DUAL_NODES)
    dual_spec = service({}, families=("IPv4", "IPv6"), loadBalancerIP="2603:1030:9::1")
    yield case("address/dual-stack-spec-ipv6", dual_spec, public_ips=MINE, nodes=DUAL_NODES)
    yield case("address/resource-group", service({V4: "20.9.0.2", GROUP: "network"}), public_ips=ELSEWHERE)
    yield case("address/resource-group-trimmed", service({V4: "20.9.0.2", GROUP: " network "}), public_ips=ELSEWHERE)
    yield case("address/resource-group-empty", service({V4: "20.9.0.2", GROUP: ""}), public_ips=ELSEWHERE)
    yield case("address/resource-group-alone", service({GROUP: "network"}))
    yield case("address/basic", service({V4: "20.9.0.1"}), public_ips=MINE, config=BASIC)


def _by_name() -> Iterator[Case]:
    for name in ("mine", "MINE", "Mine", "missing", "", " mine"):
        yield case(f"address/name-{slug(name)}", service({NAME: name}), public_ips=MINE)
    wins = service({NAME: "mine", V4: "20.9.9.9", PREFIX: PREFIX_ID + "p"})
    yield case("address/name-wins", wins, public_ips=MINE)
    yield case("address/name-internal", service({**INTERNAL, NAME: "mine"}), public_ips=MINE)
    yield case("address/name-in-group", service({NAME: "far", GROUP: "network"}), public_ips=ELSEWHERE)
    yield case("address/name-in-other-group", service({NAME: "far"}), public_ips=ELSEWHERE)
    tables = (
        ("ipv4", ("IPv4",)), ("ipv6", ("IPv6",)), ("dual-stack", ("IPv4", "IPv6")), ("ipv6-first", ("IPv6", "IPv4")),
    )  # fmt: skip
    keys = (
        ("plain", {NAME: "mine"}),
        ("plain-ipv6", {NAME: "mine6"}),
        ("ipv6", {NAME6: "mine6"}),
        ("both", {NAME: "mine", NAME6: "mine6"}),
    )
    for families, of in tables:
        for key, annotations in keys:
            if key == "plain-ipv6" and len(of) == 2:
                continue  # an address of the other family: some releases of 1.27 fail, each in its own way
            body = service(annotations, families=of)
            yield case(f"address/name-{key}-on-{families}", body, public_ips=MINE, nodes=DUAL_NODES)
    for families, of in tables:
        prefixes = {PREFIX: PREFIX_ID + "four", PREFIX6: PREFIX_ID + "six"}
        yield case(f"address/prefix-both-on-{families}", service(prefixes, families=of), nodes=DUAL_NODES)
        yield case(
            f"address/prefix-on-{families}", service({PREFIX: PREFIX_ID + "four"}, families=of), nodes=DUAL_NODES
        )
        yield case(
            f"address/prefix-ipv6-on-{families}", service({PREFIX6: PREFIX_ID + "six"}, families=of), nodes=DUAL_NODES
        )
    for prefix in ("", "p", PREFIX_ID, PREFIX_ID + "with_under-scores", PREFIX_ID + "n" * 60):
        name = slug(prefix) if len(prefix) < 20 else f"{len(prefix)}-characters"
        yield case(f"address/prefix-{name}", service({PREFIX: prefix}))
    yield case("address/prefix-basic", service({PREFIX: PREFIX_ID + "p"}), config=BASIC)
    yield case("address/prefix-wins-over-address", service({PREFIX: PREFIX_ID + "p", V4: "20.9.0.1"}), public_ips=MINE)


def _content() -> Iterator[Case]:
    label = "azure-dns-label-name"
    for text in ("web", "", "Web_1"):
        yield case(f"address/dns-label-{slug(text)}", service({label: text}))
    yield case("address/dns-label-internal", service({**INTERNAL, label: "web"}))
    yield case("address/dns-label-on-given", service({label: "web", NAME: "mine"}), public_ips=MINE)
    yield case("address/dns-label-empty-on-given", service({label: "", NAME: "mine"}), public_ips=MINE)
    yield case("address/dns-label-dual-stack", service({label: "web"}, families=("IPv4", "IPv6")), nodes=DUAL_NODES)
    texts = ("a=b", "a=b,c=d", " a = b , c=d ", "a", "a=b=c", "a=", "=b", "", ",", "a=null", "a= null ", "a=NULL",
             "k8s-azure-service=x", "a=1,a=2", "a=<b>&")  # fmt: skip
    for text in texts:
        yield case(f"address/tags-{slug(text)}", service({"azure-pip-tags": text}))
    yield case("address/tags-on-given", service({"azure-pip-tags": "a=b", NAME: "mine"}), public_ips=MINE)
    yield case("address/tags-on-given-by-address", service({"azure-pip-tags": "a=b", V4: "20.9.0.1"}), public_ips=MINE)
    yield case("address/tags-of-cluster", service({"azure-pip-tags": "a=b"}), config={"tags": "team=edge, a=c"})
    yield case(
        "address/tags-of-cluster-on-given", service({NAME: "mine"}), config={"tags": "team=edge"}, public_ips=MINE
    )
    for text in ("RoutingPreference=Internet", "a=b,c=d", "a=b=c", "a=1,a=2", "", "a", " a = b "):
        yield case(f"address/ip-tags-{slug(text)}", service({"azure-pip-ip-tags": text}))
    yield case("address/ip-tags-on-given", service({"azure-pip-ip-tags": "a=b", NAME: "mine"}), public_ips=MINE)


def _others() -> Iterator[Case]:
    key = "azure-additional-public-ips"
    texts = ("203.0.113.9", "203.0.113.9,203.0.113.10", "203.0.113.9, 203.0.113.10", " 203.0.113.9 ", "", ",", "x",
             "203.0.113.9,", "2001:db8::9", "203.0.113.9,2001:db8::9", "203.0.113.0/24", "2001:0DB8::0009")  # fmt: skip
    for text in texts:
        yield case(f"address/additional-{slug(text)}", service({key: text}))
    both = {key: "203.0.113.9,2001:db8::9"}
    yield case("address/additional-dual-stack", service(both, families=("IPv4", "IPv6")), nodes=DUAL_NODES)
    yield case("address/additional-internal", service({**INTERNAL, key: "203.0.113.9"}))
    ranges = {key: "203.0.113.9", "azure-deny-all-except-load-balancer-source-ranges": "true"}
    yield case("address/additional-ranges", service(ranges, loadBalancerSourceRanges=["192.0.2.0/24"]))
    for families in (("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4")):
        name = "-".join(families).lower()
        two = (port(80, app="http"), port(53, "UDP"))
        for kind, annotations in (
            ("public", {}),
            ("internal", INTERNAL),
            ("subnet", {**INTERNAL, "azure-load-balancer-internal-subnet": "apps"}),
        ):
            yield case(f"address/{name}-{kind}", service(annotations, *two, families=families), nodes=DUAL_NODES)
            local = service(annotations, *two, families=families, externalTrafficPolicy="Local")
            yield case(f"address/{name}-{kind}-local", local, nodes=DUAL_NODES)
        basic = service({}, *two, families=families)
        yield case(f"address/{name}-basic", basic, nodes=DUAL_NODES, config=BASIC)
        floating = service({"azure-disable-load-balancer-floating-ip": "true"}, *two, families=families)
        yield case(f"address/{name}-no-floating-ip", floating, nodes=DUAL_NODES)
        ha = service(
            {**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}, *two, families=families
        )
        yield case(f"address/{name}-ha-ports", ha, nodes=DUAL_NODES)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_by_address, _by_name, _content, _others):
        yield from table()
