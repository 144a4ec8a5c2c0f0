"""Access control: source ranges, service tags, deny-all, and the security rules that come of them."""

from collections.abc import Iterator

from conformance.cases.case import DUAL_NODES, Case, case, port, service, slug

INTERNAL = {"azure-load-balancer-internal": "true"}
RANGES = "load-balancer-source-ranges"
ALLOWED = "azure-allowed-ip-ranges"
TAGS = "azure-allowed-service-tags"
DENY = "azure-deny-all-except-load-balancer-source-ranges"
SHARED_RULE = "azure-shared-securityrule"
DISABLED = "azure-disable-load-balancer-nsg-rule"
TRUES = ("true", "TRUE", " true", "true ", "")
#: Lists as they are written in annotations: fine, with blanks, with host bits, broken, of either family, open.
LISTS = (
    "192.0.2.0/24", "192.0.2.0/24, 198.51.100.0/24", " 192.0.2.0/24 ", "192.0.2.1/24", "192.0.2.1", "nonsense", "", ",",
    "192.0.2.0/24,", "192.0.2.0/24,nonsense", "0.0.0.0/0", "0.0.0.0/0,192.0.2.0/24", "::/0", "0.0.0.0/0,::/0",
    "192.0.2.0/24,2001:db8::/32", "2001:db8::1/32", "::ffff:192.0.2.0/120", "192.0.2.0/25,192.0.2.128/25",
    "192.0.2.0/24,192.0.2.64/26", "192.0.2.0/24,192.0.2.0/24", "0.0.0.0/1,128.0.0.0/1", "192.0.002.0/24",
)  # fmt: skip


def _items(text: str) -> list[str]:
    return text.split(",")


def _lists() -> Iterator[Case]:
    for text in LISTS:
        name = slug(text)
        yield case(f"access/spec-{name}", service({}, port(80), port(443), loadBalancerSourceRanges=_items(text)))
        yield case(f"access/annotation-{name}", service({RANGES: text}))
        yield case(f"access/allowed-{name}", service({ALLOWED: text}, port(80), port(53, "UDP")))
    for text in ("192.0.2.0/24", "192.0.2.1/24", "nonsense", "", "0.0.0.0/0", "::/0", "192.0.2.0/24,2001:db8::/32"):
        name = slug(text)
        body = service({DENY: "true"}, port(80), port(443), loadBalancerSourceRanges=_items(text))
        yield case(f"access/deny-all-spec-{name}", body)
        yield case(f"access/deny-all-allowed-{name}", service({ALLOWED: text, DENY: "true"}))
        yield case(f"access/internal-spec-{name}", service(INTERNAL, loadBalancerSourceRanges=_items(text)))
        yield case(f"access/internal-allowed-{name}", service({**INTERNAL, ALLOWED: text}))
        dual = service({ALLOWED: text}, families=("IPv4", "IPv6"))
        yield case(f"access/dual-stack-allowed-{name}", dual, nodes=DUAL_NODES)
        of_spec = service({}, families=("IPv4", "IPv6"), loadBalancerSourceRanges=_items(text))
        yield case(f"access/dual-stack-spec-{name}", of_spec, nodes=DUAL_NODES)
        v6 = service({DENY: "true"}, families=("IPv6",), loadBalancerSourceRanges=_items(text))
        yield case(f"access/ipv6-deny-all-spec-{name}", v6, nodes=DUAL_NODES)


def _two_kinds() -> Iterator[Case]:
    kinds = {"valid": "192.0.2.0/24", "other": "198.51.100.0/24", "bad": "nonsense", "any": "0.0.0.0/0", "empty": ""}
    for spec in ("valid", "bad", "any"):
        for annotated, value in kinds.items():
            of_spec = [kinds[spec]]
            name = f"{spec}-and-{annotated}"
            yield case(
                f"access/spec-and-allowed-{name}",
                service({ALLOWED: value}, loadBalancerSourceRanges=of_spec),
            )
            yield case(
                f"access/spec-and-annotation-{name}",
                service({RANGES: value}, loadBalancerSourceRanges=of_spec),
            )
    yield case("access/allowed-and-annotation", service({ALLOWED: "192.0.2.0/24", RANGES: "198.51.100.0/24"}))
    yield case("access/allowed-bad-and-annotation", service({ALLOWED: "nonsense", RANGES: "198.51.100.0/24"}))
    yield case("access/empty-spec", service({}, loadBalancerSourceRanges=[]))


def _tags() -> Iterator[Case]:
    for text in (
        "AzureCloud",
        "Sql,Storage",
        "Sql, Storage",
        " Sql ",
        "",
        ",",
        "Sql,",
        " ",
        "Sql,Sql",
        "Internet",
        "sql/west_1",
    ):
        yield case(f"access/tags-{slug(text)}", service({TAGS: text}, port(80), port(443)))
    with_ranges = {TAGS: "Sql", "a": "b"}
    yield case("access/tags-and-spec", service(with_ranges, loadBalancerSourceRanges=["192.0.2.0/24"]))
    yield case("access/tags-and-open-spec", service({TAGS: "Sql"}, loadBalancerSourceRanges=["0.0.0.0/0"]))
    yield case("access/tags-and-allowed", service({TAGS: "Sql", ALLOWED: "192.0.2.0/24"}))
    yield case("access/tags-and-bad-spec", service({TAGS: "Sql"}, loadBalancerSourceRanges=["nonsense"]))
    yield case("access/tags-and-bad-allowed", service({TAGS: "Sql", ALLOWED: "192.0.2.1/24"}))
    yield case("access/tags-internal", service({**INTERNAL, TAGS: "Sql"}))
    yield case("access/tags-deny-all", service({TAGS: "Sql", DENY: "true"}))
    both = service({TAGS: "Sql", DENY: "true"}, loadBalancerSourceRanges=["192.0.2.0/24"])
    yield case("access/tags-spec-deny-all", both)
    yield case("access/tags-empty-internal", service({**INTERNAL, TAGS: ""}))
    yield case("access/tags-dual-stack", service({TAGS: "Sql"}, families=("IPv4", "IPv6")), nodes=DUAL_NODES)


def _switches() -> Iterator[Case]:
    ranges = ["192.0.2.0/24"]
    for value in TRUES:
        name = slug(value)
        yield case(f"access/deny-all-{name}", service({DENY: value}, port(80), loadBalancerSourceRanges=ranges))
        yield case(f"access/shared-rule-{name}", service({SHARED_RULE: value}, port(80), port(443)))
        yield case(f"access/disabled-{name}", service({DISABLED: value}, port(80), loadBalancerSourceRanges=ranges))
        internal = {"azure-load-balancer-internal": value}
        yield case(f"access/internal-{name}-ranges", service(internal, loadBalancerSourceRanges=ranges))
        open_internal = service(internal, loadBalancerSourceRanges=["0.0.0.0/0"])
        yield case(f"access/internal-{name}-open", open_internal)
    yield case("access/deny-all-alone", service({DENY: "true"}))
    yield case("access/deny-all-internal", service({**INTERNAL, DENY: "true"}))
    yield case("access/deny-all-annotation", service({DENY: "true", RANGES: "192.0.2.0/24"}))
    yield case(
        "access/shared-rule-ranges", service({SHARED_RULE: "true", DENY: "true"}, loadBalancerSourceRanges=ranges)
    )
    yield case("access/internal-any-case-tags", service({"azure-load-balancer-internal": "True", TAGS: "Sql"}))
    yield case("access/no-rule-port-stays-open", service({"port_80_no_lb_rule": "true"}, port(80), port(443)))
    mixed = (port(53, "UDP"), port(53, "TCP"), port(443), port(8443, "UDP"))
    yield case("access/mixed-protocols", service({}, *mixed, loadBalancerSourceRanges=ranges))
    yield case("access/ports-sorted-as-text", service({}, port(443), port(80), port(8080), port(9)))


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_lists, _two_kinds, _tags, _switches):
        yield from table()
