"""What is beside the random packets of tests/path/test_packets.py: doubts, and what decides although there is one."""

import pytest

from kubectl_akslb.azure.resources import DEFAULT_RULES, NsgRule
from kubectl_akslb.azure.security_groups import Access, Addresses, Doubt, Packets, TagRanges, evaluate
from kubectl_akslb.derive.intervals import interval_of, without

ALLOW, DENY, DEPENDS = Access.ALLOW, Access.DENY, Access.DEPENDS
PUBLIC = interval_of("20.0.0.0/8")


def tags(tag: str) -> TagRanges:
    """Sql is known, any other tag may be anything public."""
    known = {
        "azureloadbalancer": TagRanges((interval_of("168.63.129.16"),)),
        "sql": TagRanges((interval_of("20.1.0.0/16"),)),
        "virtualnetwork": TagRanges(possible=(interval_of("10.0.0.0/8"),)),
    }
    return known.get(tag, TagRanges(possible=(PUBLIC,)))


def rule(priority: int, access: str, source: str, **fields: object) -> NsgRule:
    made = NsgRule(f"r{priority}", priority, "Inbound", access, sources=(source,), destinations=("*",))
    return made._replace(**fields)  # type: ignore[arg-type]


def packets(source: str = "20.1.0.1", port: int | str = 443, **fields: object) -> Packets:
    made = Packets(Addresses((interval_of(source),)), Addresses((interval_of("20.50.1.2"),)), port)
    return made._replace(**fields)  # type: ignore[arg-type]


GROUP = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/web"
IN_GROUP = Addresses((interval_of("20.1.0.1"),), groups=frozenset({GROUP.lower()}))


@pytest.mark.parametrize(
    ("rules", "asked", "access", "name", "doubt"),
    [
        ([rule(100, "Allow", "Sql")], packets(), ALLOW, "r100", None),
        ([rule(100, "Allow", "Sql")], packets("20.2.0.1"), DENY, "DenyAllInBound", None),
        ([rule(100, "Allow", "sQL")], packets(), ALLOW, "r100", None),
        ([rule(100, "Allow", "Storage")], packets(), DEPENDS, "DenyAllInBound", Doubt.SERVICE_TAG),
        ([rule(100, "Deny", "Storage")], packets(), DENY, "DenyAllInBound", Doubt.SERVICE_TAG),
        ([rule(100, "Allow", "Storage"), rule(200, "Allow", "*")], packets(), ALLOW, "r200", Doubt.SERVICE_TAG),
        ([rule(200, "Allow", "*"), rule(100, "Deny", "20.1.0.1")], packets(), DENY, "r100", None),
        ([], packets("10.1.0.1", destinations=Addresses((interval_of("10.0.0.9"),), frozenset({"virtualnetwork"}))), DEPENDS, "DenyAllInBound", Doubt.VIRTUAL_NETWORK),
        ([rule(100, "Allow", "*", destinations=("20.50.1.2",))], packets(destinations=Addresses((PUBLIC,))), DEPENDS, "DenyAllInBound", Doubt.ADDRESS),
        ([rule(100, "Allow", "*", destinations=("<address of web>",))], packets(destinations=Addresses((PUBLIC,), names=frozenset({"<address of web>"}))), ALLOW, "r100", None),
        ([rule(100, "Allow", "*", destination_ports=("80",))], packets(), DENY, "DenyAllInBound", None),
        ([rule(100, "Allow", "*", destination_ports=("30000-32767",))], packets(port="<nodePort of 443>"), ALLOW, "r100", None),
        ([rule(100, "Allow", "*", destination_ports=("<nodePort of 443>",))], packets(port="<nodePort of 443>"), ALLOW, "r100", None),
        ([rule(100, "Allow", "*", destination_ports=("30443",))], packets(port="<nodePort of 443>"), DEPENDS, "DenyAllInBound", Doubt.PORT),
        ([rule(100, "Allow", "*", source_ports=("1024-65535",))], packets(), DEPENDS, "DenyAllInBound", Doubt.PORT),
        ([rule(100, "Allow", "*", protocol="Udp")], packets(), DENY, "DenyAllInBound", None),
        ([rule(100, "Allow", "*", protocol="TCP")], packets(), ALLOW, "r100", None),
        ([rule(100, "Allow", "*", direction="Outbound")], packets(), DENY, "DenyAllInBound", None),
        ([rule(100, "Allow", "", sources=(), source_groups=(GROUP,))], packets(), DEPENDS, "DenyAllInBound", Doubt.APPLICATION_SECURITY_GROUP),
        ([rule(100, "Allow", "", sources=(), source_groups=(GROUP,))], packets(sources=IN_GROUP), ALLOW, "r100", None),
        ([rule(100, "Allow", "", sources=(), source_groups=(GROUP,))], packets(sources=IN_GROUP._replace(groups=frozenset())), DENY, "DenyAllInBound", None),
        ([rule(100, "Allow", "*", destinations=(), destination_groups=(GROUP,))], packets(), DEPENDS, "DenyAllInBound", Doubt.APPLICATION_SECURITY_GROUP),
        ([rule(100, "Allow", "Storage")], packets(sources=Addresses((PUBLIC,), frozenset({"storage.westeurope"}))), ALLOW, "r100", None),
        ([rule(100, "Allow", "not a tag")], packets("10.0.0.1"), DENY, "DenyAllInBound", None),
    ],
)  # fmt: skip
def test_which_rule_decides(
    rules: list[NsgRule], asked: Packets, access: Access, name: str, doubt: Doubt | None
) -> None:
    (match,) = evaluate((*rules, *DEFAULT_RULES), asked, tags)
    assert match.rule is not None
    first = match.before[0][1] if match.before else None
    assert (access, name, doubt) == (match.access, match.rule.name, first)


def test_a_range_is_divided_among_the_rules() -> None:
    rules = (rule(100, "Deny", "20.1.2.0/24"), rule(200, "Allow", "20.1.0.0/16"), *DEFAULT_RULES)
    found = evaluate(rules, packets("20.0.0.0/15"), tags)
    assert [
        ("r100", (interval_of("20.1.2.0/24"),)),
        ("r200", without((interval_of("20.1.0.0/16"),), (interval_of("20.1.2.0/24"),))),
        ("DenyAllInBound", (interval_of("20.0.0.0/16"),)),
    ] == [(match.rule.name if match.rule else "", match.sources) for match in found]
    assert [DENY, ALLOW, DENY] == [match.access for match in found]
