"""What az prints, in every shape that it has had, and what it never prints."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from kubectl_akslb.azure.az_output import MAX_BYTES, read_resources
from kubectl_akslb.azure.resources import DEFAULT_RULES, Resources
from kubectl_akslb.errors import InputError
from tests.given import az

EVERYTHING = {
    "security_groups": az.nsg("aks-nsg", az.rule("k8s-azure-lb_allow", 500)),
    "load_balancers": az.load_balancer(),
    "public_ips": az.public_ip(),
    "route_tables": az.route_table(),
    "network_interfaces": az.network_interface(),
    "subnets": az.virtual_network()["subnets"][0],
    "virtual_networks": az.virtual_network(),
    "usages": az.usage("IPv4StandardSkuPublicIpAddresses", 9, 10),
}


def read(*contents: Any) -> Resources:
    return read_resources((f"{index}.json", json.dumps(one).encode()) for index, one in enumerate(contents))


def as_arm(one: dict[str, Any]) -> dict[str, Any]:
    """The same with what ARM has below ``properties`` there, at every depth, as az rest prints it."""
    outside = {"name", "id", "type", "location", "tags", "sku", "zones"}
    inner = {key: value for key, value in one.items() if key not in outside}
    inner = {
        key: [as_arm(each) if isinstance(each, dict) and "name" in each else each for each in value]
        if isinstance(value, list)
        else value
        for key, value in inner.items()
    }
    return {key: value for key, value in one.items() if key in outside} | {"properties": inner}


def in_lower_case(one: Any) -> Any:
    if isinstance(one, dict):
        return {
            key.lower() if key != "tags" else key: in_lower_case(value) if key != "tags" else value
            for key, value in one.items()
        }
    return [in_lower_case(each) for each in one] if isinstance(one, list) else one


def test_what_az_prints_is_read() -> None:
    found = read(*EVERYTHING.values())
    (group,) = found.security_groups or ()
    assert ("aks-nsg", DEFAULT_RULES, (az.SUBNET,)) == (group.name, group.default_rules, group.subnets)
    assert [("k8s-azure-lb_allow", 500, ("*",), ("*",))] == [
        (rule.name, rule.priority, rule.sources, rule.destination_ports) for rule in group.rules
    ]
    balancer = found.load_balancer("KUBERNETES")
    assert balancer is not None
    (rule,) = balancer.rules
    assert ("a1", ("kubernetes",), "a1-TCP-443", True) == (rule.frontend, rule.pools, rule.probe, rule.floating_ip)
    frontend, probe, pool = balancer.frontend("A1"), balancer.probe(rule.probe), balancer.pool("kubernetes")
    assert frontend is not None
    assert probe is not None
    assert pool is not None
    assert ("Http", 31380, "/healthz", 2) == (probe.protocol, probe.port, probe.path, probe.threshold)
    assert ((f"{az.CARD}/ipConfigurations/ipconfig1",), "10.224.0.4") == (
        pool.ip_configurations,
        pool.addresses[0].ip_address,
    )
    address = found.public_ip(frontend.public_ip.upper())
    assert address is not None
    assert ("20.50.1.2", "shop", "shop/web") == (
        address.ip_address,
        address.domain_name_label,
        (address.tags or {})["k8s-azure-service"],
    )
    (outbound,) = balancer.outbound_rules
    assert (("out",), "aksOutboundBackendPool", 0) == (outbound.frontends, outbound.pool, outbound.allocated_ports)
    (table,) = found.route_tables or ()
    assert [("0.0.0.0/0", "VirtualAppliance", "10.1.0.4"), ("20.50.1.2/32", "Internet", "")] == [
        (route.prefix, route.next_hop_type, route.next_hop) for route in table.routes
    ]
    (card,) = found.network_interfaces or ()
    assert (az.SUBNET, "10.224.0.4") == (card.configurations[0].subnet, card.configurations[0].private_ip)
    (network,) = found.virtual_networks or ()
    assert (("10.224.0.0/12",), ("10.1.0.0/16",)) == (network.prefixes, network.peered)
    subnet = found.subnet(az.SUBNET)
    assert subnet is not None
    assert found.security_group(subnet.security_group) == group
    assert [("IPv4StandardSkuPublicIpAddresses", 9, 10, "westeurope")] == [tuple(one) for one in found.usages or ()]


@pytest.mark.parametrize("kind", EVERYTHING)
@pytest.mark.parametrize(
    "shape",
    [
        lambda one: [one],
        lambda one: {"value": [one]},
        as_arm,
        in_lower_case,
        lambda one: {key: value for key, value in one.items() if key != "type"},
        lambda one: one | {"someday": {"new": [1, None]}},
    ],
    ids=["list", "page", "arm", "lower-case", "without-type", "more-keys"],
)
def test_every_shape_is_the_same(kind: str, shape: Callable[[dict[str, Any]], Any]) -> None:
    assert getattr(read(EVERYTHING[kind]), kind) == getattr(read(shape(EVERYTHING[kind])), kind)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace('"name"', '\x1b[94m"name"\x1b[39;49;00m').encode(),
    ],
    ids=["mark", "powershell", "jsonc"],
)
def test_what_shells_make_of_it_is_read(encode: Callable[[str], bytes]) -> None:
    found = read_resources([("pip.json", encode(json.dumps(az.public_ip())))])
    assert read(az.public_ip()).public_ips == found.public_ips


def test_what_no_file_holds_is_not_read() -> None:
    notices = ("0.json is an empty list, which does not say of what",)
    assert Resources(empty_lists=1, notices=notices, sources=("0.json",)) == read([])
    found = read([az.public_ip()])
    assert (None, None, None) == (found.load_balancers, found.security_groups, found.service_tags)


def test_the_later_file_counts() -> None:
    found = read([az.public_ip()], az.public_ip() | {"ipAddress": "20.0.0.9"})
    assert ["20.0.0.9"] == [one.ip_address for one in found.public_ips or ()]


def test_service_tags_are_found_in_any_case() -> None:
    found = read(az.service_tags(Storage=["20.60.0.0/16"], Storage__WestEurope=["20.60.1.0/24", "2603:1020::/32"]))
    assert ("20.60.1.0/24", "2603:1020::/32") == found.prefixes_of("storage.westeurope")
    assert found.prefixes_of("Sql") is None


def test_a_group_without_default_rules_has_those_of_azure() -> None:
    (group,) = read(az.nsg("aks-nsg", defaultSecurityRules=None)).security_groups or ()
    assert DEFAULT_RULES == group.default_rules


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"Name    ResourceGroup\n----", "this is no JSON"),
        (b"{", "this is no JSON"),
        (b'{"name": NaN}', "NaN is no number of JSON"),
        (b"\xff\x00\xfe", "this is no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"9" * 10_000, "this is"),
        (b"null", "this is null, not an object"),
        (b'"x"', "this is 'x', not an object"),
        (b"[[]]", "[0] is a list, not an object"),
        (b"{}", "this is no resource that is read"),
        (b'{"agentPoolProfiles": []}', "is missing"),
        (b'[{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/bastionHosts/b"}]', "'bastionhosts'"),
    ],
)
def test_what_is_no_output_of_az_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_resources([("some.json", data)])
    assert (True, "some.json", True) == (said in error.value.message, error.value.path, bool(error.value.hint))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"priority": "500"}, "[0].securityRules[0].priority must be a whole number, but it is '500'"),
        ({"priority": True}, "[0].securityRules[0].priority must be a whole number, but it is true"),
        ({"priority": None}, "[0].securityRules[0].priority is missing"),
        ({"access": "Maybe"}, "[0].securityRules[0].access must be Allow or Deny, but it is 'Maybe'"),
        ({"direction": {}}, "[0].securityRules[0].direction must be text, but it is an object"),
        ({"sourceAddressPrefixes": "10.0.0.0/8"}, "[0].securityRules[0].sourceAddressPrefixes must be a list"),
        ({"sourceAddressPrefixes": [1]}, "[0].securityRules[0].sourceAddressPrefixes[0] must be text, but it is 1"),
        ({"name": ""}, "[0].securityRules[0].name is missing"),
        ({"sourceApplicationSecurityGroups": ["x"]}, "sourceApplicationSecurityGroups[0] is 'x', not an object"),
    ],
)
def test_a_wrong_type_is_refused_with_its_place(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        read([az.nsg("aks-nsg", az.rule("r", 500, **fields))])
    assert said in error.value.message


def test_more_than_the_limit_is_not_read() -> None:
    with pytest.raises(InputError, match="are not read"):
        read_resources([("big.json", b" " * (MAX_BYTES + 1))])


def test_half_a_surrogate_pair_can_be_printed() -> None:
    data = json.dumps(az.public_ip() | {"name": "x\ud800", "tags": {"\udfff": "\ud800"}}).encode()
    (address,) = read_resources([("pip.json", data)]).public_ips or ()
    assert ("x?", {"?": "?"}) == (address.name, address.tags)


def test_a_cluster_and_the_state_of_its_parts() -> None:
    body = {
        "name": "shop",
        "nodeResourceGroup": "MC_shop_shop_westeurope",
        "provisioningState": "Failed",
        "powerState": {"code": "Running"},
        "agentPoolProfiles": [{"name": "pool", "provisioningState": "Succeeded", "powerState": {"code": "Stopped"}}],
        "apiServerAccessProfile": {"enablePrivateCluster": True},
    }
    (one,) = read_resources([("aks.json", json.dumps(body).encode())]).clusters or ()
    assert ("Failed", "Running", True) == (one.provisioning_state, one.power_state, one.private)
    assert [("pool", "Stopped")] == [(pool.name, pool.power_state) for pool in one.pools]
