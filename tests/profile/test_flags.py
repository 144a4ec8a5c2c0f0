"""Flags on top of a profile or of the defaults."""

import json
from typing import Any

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile, load_profile
from kubectl_akslb.profile.settings import BASIC_IS_RETIRED, BY_ADDRESS
from kubectl_akslb.provider.version import NEWEST

PROFILE = b"""apiVersion: akslb.dev/v1alpha1
kind: ClusterProfile
spec:
  kubernetesVersion: "1.30"
  networkProfile:
    loadBalancerSku: standard
    loadBalancerProfile:
      outboundIPs:
        publicIPs:
        - id: one
        - id: two
  agentPoolProfiles:
  - name: a
    count: 3
  - name: b
    count: 5
    upgradeSettings: {maxSurge: 33%}
"""


def test_without_a_profile_all_is_assumed() -> None:
    loaded = default_profile()
    assert frozenset() == loaded.cluster.given
    assert NEWEST == loaded.cluster.provider_version
    assert (f"no version given: assuming the newest known provider, {NEWEST}",) == loaded.notices


@pytest.mark.parametrize(
    ("flags", "field", "expected"),
    [
        ({"sku": "Basic"}, "load_balancer_sku", "basic"),
        ({"sku": "STANDARD"}, "load_balancer_sku", "standard"),
        ({"probe_mode": "Shared"}, "probe_mode", "shared"),
        ({"probe_mode": "ServiceNodePort"}, "probe_mode", "servicenodeport"),
        ({"backend_pool_type": "nodeip"}, "pool_type", "nodeIP"),
        ({"zones": ["1", "2"]}, "zones", ("1", "2")),
        ({"zones": []}, "zones", ()),
        ({"outbound_type": "userdefinedrouting"}, "outbound.outbound_type", "userDefinedRouting"),
        ({"nodes": 4}, "outbound.node_pools", (NodePool("nodes", 4),)),
    ],
)
def test_a_flag_sets_one_thing(flags: dict[str, Any], field: str, expected: object) -> None:
    loaded = with_flags(default_profile(), **flags)
    holder, name = (loaded.cluster.outbound, field[9:]) if field.startswith("outbound.") else (loaded.cluster, field)
    assert expected == getattr(holder, name)
    assert field in loaded.cluster.given
    assert loaded.sources[field].startswith("--")


def test_a_flag_beats_the_profile_and_leaves_the_rest_alone() -> None:
    loaded = with_flags(load_profile(PROFILE, "c.yaml"), sku="basic")
    assert "basic" == loaded.cluster.load_balancer_sku
    assert "--sku" == loaded.sources["load_balancer_sku"]
    assert "c.yaml:4 spec.kubernetesVersion" == loaded.sources["provider_version"]
    assert ("one", "two") == loaded.cluster.outbound.public_ips


def test_no_flag_changes_nothing() -> None:
    loaded = load_profile(PROFILE)
    assert loaded == with_flags(loaded)


@pytest.mark.parametrize(
    ("flags", "notice"),
    [
        ({"provider_version": "1.28.5"}, ""),
        ({"kubernetes_version": "1.28"}, "Kubernetes 1.28: assuming the newest known provider of it, 1.28.14"),
        ({"provider_version": "1.28.5", "kubernetes_version": "1.30"}, ""),
    ],
)
def test_a_version_replaces_the_notice_of_the_profile(flags: dict[str, Any], notice: str) -> None:
    loaded = with_flags(load_profile(PROFILE), **flags)
    assert (1, 28) == loaded.cluster.provider_version[:2]
    assert ((notice,) if notice else ()) == loaded.notices


def test_the_version_changes_the_behaviours() -> None:
    old, new = (with_flags(default_profile(), provider_version=text).cluster for text in ("1.23.0", "1.30.0"))
    assert old.behaviours < new.behaviours


@pytest.mark.parametrize(("profile", "port"), [(PROFILE, 10356), (b"", 10256)])
def test_shared_probe_mode_on_aks_has_its_own_port(profile: bytes, port: int) -> None:
    loaded = with_flags(load_profile(profile) if profile else default_profile(), probe_mode="shared")
    assert port == loaded.cluster.shared_probe_port
    assert any("10356" in notice for notice in loaded.notices)


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        ({"sku": "gateway"}, "--sku must be one of standard, basic, but it is 'gateway'", "Write standard or basic."),
        ({"probe_mode": "share"}, "--probe-mode must be one of servicenodeport, shared, but it is 'share'",
         "Did you mean shared?"),
        ({"provider_version": "latest"}, "'latest' is not a provider version", "write it as 1.30 or 1.30.4"),
        ({"kubernetes_version": "1.20"}, "1.20 is older than 1.23.0, the oldest provider version that is known",
         "use 1.23.0 or later; earlier providers lived inside Kubernetes and behave differently"),
        ({"nodes": -1}, "--nodes must be from 0 to 100,000, but it is -1", "give --nodes a number between them"),
        ({"aks_release": ""}, "--aks-release is empty", "give --aks-release a value, or leave it out"),
        ({"kubernetes_version": " "}, "--kubernetes-version is empty", "give --kubernetes-version a value, or leave it out"),
        ({"provider_version": ""}, "--provider-version is empty", "give --provider-version a value, or leave it out"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused(flags: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(AkslbError) as caught:
        with_flags(default_profile(), **flags)
    assert (message, hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize(("skus", "said"), [(("basic",), True), (("standard",), False), (("basic", "standard"), False)])
def test_who_names_a_retired_sku_is_told(skus: tuple[str, ...], said: bool) -> None:
    loaded = default_profile()
    for sku in skus:
        loaded = with_flags(loaded, sku=sku)
    assert said is (BASIC_IS_RETIRED in loaded.notices)


def test_container_load_balancers_are_not_told_to_be_retired() -> None:
    assert BASIC_IS_RETIRED not in with_flags(default_profile(), what_if="service-gateway").notices


@pytest.mark.parametrize(
    ("steps", "lacks"),
    [
        (({"backend_pool_type": "nodeIP"},), None),
        (({"sku": "basic"},), None),
        (({"backend_pool_type": "nodeIP"}, {"sku": "basic"}), "this one is Basic"),
        (({"backend_pool_type": "nodeIP", "sku": "basic"}, {"sku": "standard"}), None),
    ],
)
def test_pools_by_address_need_standard(steps: tuple[dict[str, Any], ...], lacks: str | None) -> None:
    loaded = default_profile()
    for one in steps:
        loaded = with_flags(loaded, **one)
    said = [notice for notice in loaded.notices if notice.startswith(BY_ADDRESS[:20])]
    assert ([BY_ADDRESS.format(lacks)] if lacks is not None else []) == said


def test_pools_by_address_need_scale_sets() -> None:
    pools = [
        {"name": name, "type": kind} for name, kind in (("a", "VirtualMachineScaleSets"), ("b", "AvailabilitySet"))
    ]
    network = {"loadBalancerSku": "standard", "loadBalancerProfile": {"backendPoolType": "nodeIP"}}
    aks = {"id": "/subscriptions/s/resourceGroups/g/x", "networkProfile": network, "agentPoolProfiles": pools}
    loaded = load_profile(json.dumps(aks).encode(), "aks.json")
    assert BY_ADDRESS.format("b is an availability set") in loaded.notices
