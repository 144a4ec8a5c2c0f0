"""The security groups that stand in Azure: who gets past them, and the rule that would let the others in."""

from typing import Any

import pytest

from kubectl_akslb.azure.resources import NetworkSecurityGroup, NsgRule, PublicIP, Resources
from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.rules_in_azure import in_azure, probes_kept_out
from kubectl_akslb.path.security_group import SourceGroup, sources
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider.annotations import PREFIX
from tests.given.objects import Object, at, live, node, service_object
from tests.given.on_nodes import derived
from tests.given.services import PUBLIC_ADDRESS, on

PASS, DROP, DEPENDS = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS
INTERNET, RANGE, TAG, NETWORK = (
    ClientGroup.INTERNET, ClientGroup.RANGE, ClientGroup.SERVICE_TAG, ClientGroup.VIRTUAL_NETWORK,
)  # fmt: skip
PORTS: Any = [{"name": "http", "port": 80, "nodePort": 30080}, {"name": "https", "port": 443, "nodePort": 30443}]
UDP: Any = [{"name": "dns", "port": 53, "nodePort": 30053, "protocol": "UDP"}]
INTERNAL = {"azure-load-balancer-internal": "true"}
PRIVATE_ADDRESS = "10.224.0.9"


def allow(priority: int = 500, **fields: Any) -> NsgRule:
    given = {"sources": ("Internet",), "destinations": (PUBLIC_ADDRESS,), "destination_ports": ("80", "443"), **fields}
    return NsgRule(f"allow-{priority}", priority, "Inbound", "Allow", **given)


def deny(priority: int = 400, **fields: Any) -> NsgRule:
    return NsgRule(
        f"deny-{priority}", priority, "Inbound", "Deny", **{"sources": ("*",), "destinations": ("*",), **fields}
    )


class Asked:
    """A Service behind a security group with these rules."""

    def __init__(self, *rules: NsgRule, annotations: Object | None = None, ports: Any = PORTS, **more: Any) -> None:
        internal = "azure-load-balancer-internal" in (annotations or {})
        service = service_object(
            status=at(PRIVATE_ADDRESS if internal else PUBLIC_ADDRESS),
            metadata={"annotations": {PREFIX + key: value for key, value in (annotations or {}).items()}},
            ports=ports,
        )
        self.cluster = on()
        self.derivation = derived(service, self.cluster)
        group = NetworkSecurityGroup(
            "nsg", "/subscriptions/S/resourceGroups/MC_shop/providers/Microsoft.Network/networkSecurityGroups/nsg",
            rules, subnets=("/subnets/nodes",),
        )  # fmt: skip
        azure = Resources(security_groups=(group,), public_ips=(PublicIP("p", "", PUBLIC_ADDRESS),), **more)
        self.evidence = live(service, node())._replace(azure=azure)

    @property
    def context(self) -> PathContext:
        """What the hops ask."""
        return PathContext(self.derivation, self.cluster, self.evidence)

    def of(self, group: ClientGroup, name: str = "") -> SourceGroup:
        """What becomes of clients of that kind."""
        found = [one for one in sources(self.derivation, self.cluster) if one.group is group and name in one.name]
        return in_azure(found[0], self.context)


@pytest.mark.parametrize(
    ("rules", "outcome", "cause"),
    [
        ((allow(),), PASS, Cause.RULE_LETS_IN),
        ((allow(), deny()), DROP, Cause.RULE_DENIES),
        ((allow(), deny(600)), PASS, Cause.RULE_LETS_IN),
        ((allow(), deny(destination_ports=("443",))), DEPENDS, Cause.RULE_DENIES_SOME),
        ((allow(), deny(sources=("20.0.0.0/8",))), DEPENDS, Cause.RULE_DENIES_SOME),
        ((allow(), deny(sources=("Storage",))), DEPENDS, Cause.RULE_UNDECIDED),
        ((allow(destination_ports=("80",)),), DEPENDS, Cause.RULE_DENIES_SOME),
        ((allow(destinations=("20.9.9.9",)),), DROP, Cause.SECURITY_RULE_NOT_IN_AZURE),
        ((), DROP, Cause.SECURITY_RULE_NOT_IN_AZURE),
    ],
)
def test_the_internet(rules: tuple[NsgRule, ...], outcome: Outcome, cause: Cause) -> None:
    hop = Asked(*rules).of(INTERNET).hop
    assert (outcome, cause) == (hop.outcome, hop.because[0].cause)


@pytest.mark.parametrize(
    ("rules", "denied"),
    [
        ((allow(), deny(destination_ports=("443",))), ("TCP 443",)),
        ((allow(), deny(sources=("20.0.0.0/8",))), ("20.0.0.0/8",)),
        # one whole port counts more than the addresses of the other
        ((allow(), deny(destination_ports=("443",)), deny(401, sources=("20.0.0.0/8",))), ("TCP 443",)),
    ],
)
def test_what_is_denied_is_named(rules: tuple[NsgRule, ...], denied: tuple[str, ...]) -> None:
    assert denied == Asked(*rules).of(INTERNET).hop.because[0].facts["what"]


RANGES = {"azure-allowed-ip-ranges": "203.0.113.0/24"}
TAGS = {"azure-allowed-service-tags": "AzureFrontDoor.Backend"}


@pytest.mark.parametrize(
    ("annotations", "group", "rules", "outcome"),
    [
        (RANGES, RANGE, (allow(sources=("203.0.113.0/24",)),), PASS),
        (RANGES, RANGE, (allow(sources=("203.0.113.0/25",)),), DEPENDS),
        (RANGES, RANGE, (allow(sources=("198.51.100.0/24",)),), DROP),
        (RANGES, RANGE, (allow(sources=("203.0.113.0/24",)), deny(destination_ports=("80",))), DEPENDS),
        (TAGS, TAG, (allow(sources=("AzureFrontDoor.Backend",)),), PASS),
        (TAGS, TAG, (allow(sources=("Internet",)),), PASS),
        (TAGS, TAG, (allow(sources=("AzureFrontDoor.Backend",)), deny()), DROP),
    ],
)
def test_who_is_named(annotations: Object, group: ClientGroup, rules: tuple[NsgRule, ...], outcome: Outcome) -> None:
    assert outcome is Asked(*rules, annotations=annotations).of(group).hop.outcome


@pytest.mark.parametrize(("kind", "group", "outcome"), [({}, INTERNET, DROP), (INTERNAL, NETWORK, PASS)])
def test_nodes_without_any_security_group(kind: Object, group: ClientGroup, outcome: Outcome) -> None:
    asked = Asked(annotations=kind)
    assert asked.evidence.azure is not None
    asked.evidence = asked.evidence._replace(azure=asked.evidence.azure._replace(security_groups=()))
    assert outcome is asked.of(group).hop.outcome


@pytest.mark.parametrize(
    ("kind", "prefix", "outcome"),
    [
        ({}, "0.0.0.0/0", PASS),
        (INTERNAL, "0.0.0.0/0", DEPENDS),
        ({}, "10.0.0.0/8", DEPENDS),
        (INTERNAL, "10.0.0.0/8", DROP),
    ],
)
def test_of_a_range_only_public_clients_come_to_a_public_address(kind: Object, prefix: str, outcome: Outcome) -> None:
    address = PRIVATE_ADDRESS if kind else PUBLIC_ADDRESS
    rules = allow(sources=("*",), destinations=(address,)), deny(sources=("10.0.0.0/8",))
    asked = Asked(*rules, annotations={**kind, "azure-allowed-ip-ranges": prefix})
    assert outcome is asked.of(RANGE).hop.outcome


@pytest.mark.parametrize(("prefix", "outcome"), [("20.0.0.0/9", DROP), ("20.0.0.0/7", DEPENDS), ("21.0.0.0/8", PASS)])
def test_a_tag_whose_ranges_are_known_is_these(prefix: str, outcome: Outcome) -> None:
    tags = {"azurefrontdoor.backend": (str(parse_cidr(prefix)),)}
    rules = allow(), deny(sources=("20.0.0.0/8",))
    assert outcome is Asked(*rules, annotations=TAGS, service_tags=tags).of(TAG).hop.outcome


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ((), PASS),
        ((deny(),), DROP),
        ((deny(destinations=("10.9.9.9",)),), PASS),
        ((deny(sources=("Internet",)),), PASS),
        # a tag of Azure holds no private address, also where its list is not there
        ((deny(sources=("Storage",)),), PASS),
    ],
)
def test_a_private_address_is_asked_from_the_network(rules: tuple[NsgRule, ...], outcome: Outcome) -> None:
    asked = Asked(*rules, annotations=INTERNAL)
    assert outcome is asked.of(NETWORK).hop.outcome
    derived_only = next(one for one in sources(asked.derivation, asked.cluster) if one.group is INTERNET)
    assert derived_only == asked.of(INTERNET)


@pytest.mark.parametrize("port", ["80", "443"])
def test_the_one_rule_of_ha_ports_is_asked_for_each_port(port: str) -> None:
    ha = {**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}
    hop = Asked(deny(destination_ports=(port,)), annotations=ha).of(NETWORK).hop
    assert (DEPENDS, (f"TCP {port}",)) == (hop.outcome, hop.because[0].facts["what"])


@pytest.mark.parametrize(
    ("rules", "more", "expected"),
    [
        (
            (allow(), deny()), {},
            "az network nsg rule create --resource-group=mc_shop --nsg-name=nsg --name=allow-web --priority=399"
            " --access=Allow --protocol=Tcp --source-address-prefixes=Internet"
            f" --destination-address-prefixes={PUBLIC_ADDRESS} --destination-port-ranges 80 443",
        ),
        (
            (allow(), deny(), allow(399, sources=("10.0.0.0/8",))), {"ports": UDP},
            "az network nsg rule create --resource-group=mc_shop --nsg-name=nsg --name=allow-web --priority=398"
            " --access=Allow --protocol=Udp --source-address-prefixes=Internet"
            f" --destination-address-prefixes={PUBLIC_ADDRESS} --destination-port-ranges 53",
        ),
        (
            (deny(),), {"annotations": {**RANGES, "azure-disable-load-balancer-floating-ip": "true"}},
            "az network nsg rule create --resource-group=mc_shop --nsg-name=nsg --name=allow-web --priority=399"
            " --access=Allow --protocol=Tcp --source-address-prefixes=203.0.113.0/24"
            " --destination-address-prefixes=VirtualNetwork --destination-port-ranges 80 443",
        ),
        ((allow(), deny(100)), {}, None),  # no number is free before it
        ((allow(), deny(101)), {}, "--priority=100"),
        ((allow(), deny(destination_ports=("443",))), {}, None),  # who denies a part may mean it
        ((), {}, None),  # the provider writes its own
    ],
)  # fmt: skip
def test_the_rule_that_lets_them_in(rules: tuple[NsgRule, ...], more: dict[str, Any], expected: str | None) -> None:
    asked = Asked(*rules, **more)
    hop = asked.of(RANGE if "annotations" in more else INTERNET).hop
    made = str(hop.remedy.command) if hop.remedy is not None else None
    assert (made is None) if expected is None else made is not None and expected in made
    assert "az network nsg rule list --resource-group=mc_shop --nsg-name=nsg" in str(hop.verify)


@pytest.mark.parametrize(
    ("rules", "kept_out", "expected"),
    [
        ((), 0, ""),
        ((deny(destinations=("10.9.9.9",)),), 0, ""),
        ((deny(sources=("AzureLoadBalancer",)),), 1, "--source-address-prefixes=AzureLoadBalancer"),
        ((deny(),), 1, "--destination-address-prefixes=* --destination-port-ranges *"),
        ((deny(destination_ports=("30080",)),), 1, "--protocol=*"),
        ((deny(destination_ports=("30443",)),), 0, ""),
        ((deny(sources=("168.63.129.16/32",)),), 1, "--name=allow-probes"),
        ((deny(sources=("168.63.129.15/32",)),), 0, ""),
    ],
)
def test_probes_that_a_rule_keeps_out(rules: tuple[NsgRule, ...], kept_out: int, expected: str) -> None:
    asked = Asked(*rules)
    assert asked.derivation.load_balancer is not None
    found = probes_kept_out(asked.context, asked.derivation.load_balancer.load_balancing_rules[0])
    assert kept_out == len(found)
    for hop in found:
        assert Cause.PROBES_DENIED_BY_RULE is hop.because[0].cause
        assert hop.remedy is not None
        assert expected in str(hop.remedy.command).replace("'", "")
