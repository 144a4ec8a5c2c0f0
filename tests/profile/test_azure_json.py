"""The provider's own configuration, an azure.json."""

from pathlib import Path

import pytest

from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.errors import InputError
from kubectl_akslb.model.outbound_profile import UNKNOWN
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import load_profile

DATA = Path(__file__).parent / "data"
FULL = (DATA / "azure.cloud.json").read_bytes()
WITHOUT_SKU = (DATA / "azure.without-sku.json").read_bytes()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("load_balancer_sku", "standard"),
        ("load_balancer_name", "edge"),
        ("disable_outbound_snat", True),
        ("subnet_name", "workers"),
        ("resource_group", "nodes"),
        ("subscription", "11111111-2222-3333-4444-555555555555"),
        ("pool_type", "nodeIP"),
        ("probe_mode", "shared"),
        ("shared_probe_port", 10256),
        ("tags", {"a": "b", "c": "d", "e": "f=g"}),
    ],
)
def test_settings(field: str, expected: object) -> None:
    assert expected == getattr(load_profile(FULL).cluster, field)


def test_it_does_not_say_how_nodes_get_out() -> None:
    cluster = load_profile(FULL).cluster
    assert UNKNOWN == cluster.outbound.outbound_type
    assert "outbound.outbound_type" not in cluster.given


@pytest.mark.parametrize(("version", "sku"), [("1.26.22", "basic"), ("1.27.0", "standard"), ("1.30.4", "standard")])
def test_no_sku_means_what_the_provider_takes_it_for(version: str, sku: str) -> None:
    loaded = with_flags(load_profile(WITHOUT_SKU), provider_version=version)
    assert sku == loaded.cluster.load_balancer_sku
    assert (sku == "basic") == any("takes that for Basic" in notice for notice in loaded.notices)


def test_several_load_balancers() -> None:
    data = b"""{"vmType": "vmss", "multipleStandardLoadBalancerConfigurations": [
      {"name": "kubernetes", "primaryVMSet": "a"},
      {"name": "team", "primaryVMSet": "b", "allowServicePlacement": false,
       "serviceLabelSelector": {"matchLabels": {"lb": "team"}}}]}"""
    first, second = load_profile(data).cluster.load_balancers
    assert ("kubernetes", True, "a") == (first.name, first.allow_service_placement, first.primary_vm_set)
    assert ("team", False) == (second.name, second.allow_service_placement)
    assert {"matchLabels": {"lb": "team"}} == second.service_label_selector


def test_a_secret_in_it_is_never_quoted() -> None:
    data = b'{"aadClientSecret": "hunter2", "disableOutboundSNAT": "yes", "vmType": "vmss"}'
    with pytest.raises(InputError) as caught:
        load_profile(data, "azure.json")
    error = caught.value
    assert "disableOutboundSNAT must be true or false, but it is the string 'yes'" == error.message
    assert "" == error.source_line
    assert "hunter2" not in f"{error.message}{error.hint}{error.source_line}"


_GATEWAY = (
    '"serviceGatewayEnabled": true, "loadBalancerBackendPoolConfigurationType": "podIP", "loadBalancerSku": "service"'
)


def test_a_service_gateway_is_read() -> None:
    loaded = load_profile(f'{{"tenantId": "t", "vnetName": "vnet", {_GATEWAY}}}'.encode(), "azure.json")
    assert loaded.cluster.service_gateway
    assert serves(loaded.cluster)


def test_an_older_provider_does_not_read_it() -> None:
    spec = f'{{"providerVersion": "1.35.3", "cloudConfig": {{{_GATEWAY}}}}}'
    profile = f'{{"apiVersion": "akslb.dev/v1alpha1", "kind": "ClusterProfile", "spec": {spec}}}'
    loaded = load_profile(profile.encode(), "profile.json")
    assert not serves(loaded.cluster)
    assert any("serviceGatewayEnabled" in notice for notice in loaded.notices)


def test_a_gateway_that_is_off_changes_nothing() -> None:
    text = '{"tenantId": "t", "vnetName": "vnet", "serviceGatewayEnabled": false}'
    assert load_profile(text.encode(), "azure.json").cluster.is_standard
