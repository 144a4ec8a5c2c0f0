"""The output of ``az aks show -o json``, as it is: one recorded shape after the other."""

from pathlib import Path

import pytest

from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.profile.load import load_profile
from kubectl_akslb.profile.settings import AKS_CLUSTER, LoadedProfile

DATA = Path(__file__).parent / "data"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
SCALE_SETS = "VirtualMachineScaleSets"


def load(name: str) -> LoadedProfile:
    return load_profile((DATA / f"{name}.json").read_bytes(), f"{name}.json")


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("defaults", "outbound_type", "loadBalancer"),
        ("defaults", "managed_ip_count", 1),
        ("defaults", "allocated_outbound_ports", 0),
        ("defaults", "idle_timeout_in_minutes", None),
        ("defaults", "private_cluster", False),
        ("defaults", "node_pools", (NodePool("system", 3, None, "10%", kind=SCALE_SETS),)),
        ("managed-ips", "managed_ip_count", 3),
        ("managed-ips", "allocated_outbound_ports", 4000),
        ("managed-ips", "idle_timeout_in_minutes", 10),
        (
            "managed-ips",
            "node_pools",
            (NodePool("system", 3, None, "10%", kind=SCALE_SETS), NodePool("shop", 12, 24, "33%", kind=SCALE_SETS)),
        ),
        ("managed-ips", "aks_name", "shop-prod"),
        ("managed-ips", "aks_resource_group", "shop"),
        ("nat-gateway-managed", "outbound_type", "managedNATGateway"),
        ("nat-gateway-managed", "managed_ip_count", 2),
        ("nat-gateway-managed", "idle_timeout_in_minutes", 7),
        ("nat-gateway-own", "outbound_type", "userAssignedNATGateway"),
        ("nat-gateway-own", "effective_ips", ()),
        ("routed-private", "outbound_type", "userDefinedRouting"),
        ("routed-private", "private_cluster", True),
        ("none", "outbound_type", "none"),
    ],
)
def test_outbound(name: str, field: str, expected: object) -> None:
    assert expected == getattr(load(name).cluster.outbound, field)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("own-ips", "public_ips", ["egress-1", "egress-2"]),
        ("own-ips", "effective_ips", ["egress-1", "egress-2"]),
        ("arm", "public_ips", ["egress-1"]),
        ("prefixes", "prefixes", ["egress"]),
        ("nat-gateway-managed", "effective_ips", ["nat-1", "nat-2"]),
    ],
)
def test_outbound_addresses(name: str, field: str, expected: list[str]) -> None:
    ids = getattr(load(name).cluster.outbound, field)
    assert expected == [resource.rpartition("/")[2] for resource in ids]


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("defaults", "load_balancer_sku", "standard"),
        ("defaults", "cluster_name", "kubernetes"),
        ("defaults", "zones", None),
        ("defaults", "nodes", None),
        ("defaults", "probe_mode", "servicenodeport"),
        ("defaults", "shared_probe_port", 10256),
        ("defaults", "pool_type", "nodeIPConfiguration"),
        ("defaults", "subnet_name", "aks-subnet"),
        ("defaults", "resource_group", "MC_shop_shop-prod_westeurope"),
        ("defaults", "subscription", SUBSCRIPTION),
        ("own-ips", "subnet_name", "nodes"),
        ("node-ip-shared-probe", "pool_type", "nodeIP"),
        ("node-ip-shared-probe", "probe_mode", "shared"),
        ("node-ip-shared-probe", "shared_probe_port", 10356),
        ("basic", "load_balancer_sku", "basic"),
        ("arm", "load_balancer_sku", "standard"),
        ("arm", "subscription", SUBSCRIPTION),
    ],
)
def test_cluster(name: str, field: str, expected: object) -> None:
    assert expected == getattr(load(name).cluster, field)


@pytest.mark.parametrize(("name", "minor"), [("defaults", 33), ("basic", 29), ("arm", 33)])
def test_the_version_is_that_of_the_current_kubernetes(name: str, minor: int) -> None:
    assert minor == load(name).cluster.provider_version.minor


def test_the_choice_of_the_version_is_told() -> None:
    loaded = load("defaults")
    assert "1.33" in loaded.version_notice
    assert loaded.version_notice in loaded.notices


def test_what_the_file_says_is_given_and_the_rest_is_assumed() -> None:
    loaded = load("own-ips")
    told = {"load_balancer_sku", "outbound.public_ips", "subnet_name", "provider_version", "resource_group"}
    assumed = {"cluster_name", "zones", "nodes", "disable_outbound_snat", "outbound.managed_ip_count"}
    assert told <= loaded.cluster.given
    assert not assumed & loaded.cluster.given
    assert loaded.cluster.given == set(loaded.sources)


def test_a_source_is_a_line_of_the_file() -> None:
    source = load("defaults").sources["load_balancer_sku"]
    file, line, field = source.replace(":", " ").split(" ")
    assert ("defaults.json", "networkProfile.loadBalancerSku") == (file, field)
    assert '"loadBalancerSku": "standard"' in (DATA / file).read_text().splitlines()[int(line) - 1]


def test_a_source_of_arm_is_below_properties() -> None:
    assert load("arm").sources["load_balancer_sku"].endswith(" properties.networkProfile.loadBalancerSku")


def test_shared_probe_mode_is_told() -> None:
    assert any("10356" in notice for notice in load("node-ip-shared-probe").notices)


def test_several_load_balancers_are_told() -> None:
    assert any("several load balancers" in notice for notice in load("several-load-balancers").notices)


def test_all_are_recognised_as_aks() -> None:
    names = [path.stem for path in DATA.glob("*.json") if not path.stem.startswith("azure")]
    assert 12 == len(names)
    assert {AKS_CLUSTER} == {load(name).platform for name in names}


def test_a_null_and_an_unknown_field_are_passed_over() -> None:
    data = b'{"networkProfile": {"loadBalancerSku": null, "newIn2030": {"a": [1]}}, "agentPoolProfiles": null}'
    cluster = load_profile(data).cluster
    assert "standard" == cluster.load_balancer_sku
    assert "load_balancer_sku" not in cluster.given


def test_utf16_of_windows_powershell_is_read() -> None:
    data = (DATA / "defaults.json").read_text().encode("utf-16")
    assert "shop-prod" == load_profile(data).cluster.outbound.aks_name
