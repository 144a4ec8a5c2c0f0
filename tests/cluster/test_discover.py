"""The profile of a cluster from its API: every setting with its source, and who wins where two speak."""

from typing import Any

import pytest

from kubectl_akslb.cluster.discover import Seen, discover, overlay
from kubectl_akslb.cluster.summary import assumptions, summary
from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile, load_profile
from kubectl_akslb.profile.settings import AKS_CLUSTER, CLOUD_CONFIG_ONLY, LoadedProfile
from tests.given import aks as make

NODES = [make.node(0), make.node(1), make.node(2, "shop")]
MANAGER = make.cloud_node_manager("v1.30.8")
SHARED = make.cloud_node_manager("v1.30.8", sidecar=True)


def profile(seen: Seen, base: LoadedProfile | None = None) -> LoadedProfile:
    return overlay(base or default_profile(), discover(seen))


def image(tag: str) -> dict[str, Any]:
    return make.cloud_node_manager(tag)


@pytest.mark.parametrize(
    ("seen", "version", "source"),
    [
        (Seen(NODES, [MANAGER], "v1.30.11"), "1.30.8", "image of DaemonSet cloud-node-manager"),
        (Seen(NODES, [image("v1.27.16-hotfix.20240101")]), "1.27.16", "image of DaemonSet cloud-node-manager"),
        (Seen(NODES, [image("latest")], "v1.29.2"), "1.29.15", "version of Kubernetes"),
        (Seen(NODES, [image("v1.28.5@sha256:" + 64 * "a")]), "1.28.5", "image of DaemonSet cloud-node-manager"),
        (Seen(NODES, [], "v1.29.2-aks.1"), "1.29.15", "version of Kubernetes"),
        (Seen(NODES, None, ""), "1.30.14", "version of Kubernetes"),  # by the kubelets, what AKS has announced
        (Seen(None, None, "v1.31.0"), "1.31.14", "version of Kubernetes"),
    ],
)
def test_version(seen: Seen, version: str, source: str) -> None:
    loaded = profile(seen)
    assert (version, source) == (str(loaded.cluster.provider_version), loaded.sources["provider_version"])
    assert loaded.cluster.provider_assumed == (source == "version of Kubernetes")
    assert loaded.cluster.provider_assumed == with_flags(loaded, probe_mode="shared").cluster.provider_assumed


def test_nothing_seen_is_assumed() -> None:
    loaded = profile(Seen())
    assert {} == dict(loaded.sources)
    assert default_profile().notices == loaded.notices


def test_the_image_tells_which_release_is_newer_than_any_known() -> None:
    loaded = profile(Seen(NODES, [image("v1.30.99")]))
    assert "1.30.99 is not known, the newest of 1.30 is" in loaded.version_notice


@pytest.mark.parametrize(
    ("sets", "mode", "port", "given"),
    [
        ([MANAGER], "servicenodeport", 10256, True),
        ([SHARED], "shared", 10356, True),
        ([], "servicenodeport", 10256, False),
        (None, "servicenodeport", 10256, False),
    ],
)
def test_probe_mode(sets: list[Any] | None, mode: str, port: int, given: bool) -> None:
    loaded = profile(Seen(NODES, sets))
    found = (loaded.cluster.probe_mode, loaded.cluster.shared_probe_port, "probe_mode" in loaded.sources)
    assert (mode, port, given) == found


def test_another_port_of_the_sidecar() -> None:
    sidecar = make.cloud_node_manager("v1.30.8", sidecar=True)
    sidecar["spec"]["template"]["spec"]["containers"][1]["args"] = ["--health-check-port", "10999"]
    assert 10999 == profile(Seen(NODES, [sidecar])).cluster.shared_probe_port


def test_nodes_pools_and_the_place_in_azure() -> None:
    loaded = profile(Seen(NODES, [MANAGER]))
    cluster = loaded.cluster
    assert cluster.nodes is not None
    assert [("10.224.0.4",), ("10.224.0.5",), ("10.224.0.6",)] == [node.addresses for node in cluster.nodes]
    assert (NodePool("system", 2), NodePool("shop", 1)) == cluster.outbound.node_pools
    # The provider ID is in lower case; the label of AKS keeps the name as it is.
    assert (make.SUBSCRIPTION, make.NODE_GROUP) == (cluster.subscription, cluster.resource_group)
    assert (AKS_CLUSTER, "aks-subnet") == (loaded.platform, cluster.subnet_name)


def test_a_cluster_in_azure_that_is_not_aks() -> None:
    node = make.node(0)
    del node["metadata"]["labels"]["kubernetes.azure.com/cluster"]
    loaded = profile(Seen([node], [image("v1.26.22")]))
    assert (CLOUD_CONFIG_ONLY, "basic") == (loaded.platform, loaded.cluster.load_balancer_sku)
    assert "probe_mode" not in loaded.sources


def test_a_cluster_elsewhere_is_questioned() -> None:
    node = make.node(0)
    node["spec"]["providerID"] = "kind://docker/kind/kind-control-plane"
    assert any("is it the one you mean" in notice for notice in profile(Seen([node])).notices)


def test_a_file_wins_over_what_is_seen() -> None:
    file = load_profile(
        b"apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\nspec:\n  providerVersion: 1.28.3\n"
        b"  networkProfile:\n    loadBalancerProfile:\n      clusterServiceLoadBalancerHealthProbeMode: Shared\n",
        "p.yaml",
    )
    loaded = profile(Seen(NODES, [MANAGER]), file)
    assert ("1.28.3", "shared") == (str(loaded.cluster.provider_version), loaded.cluster.probe_mode)
    assert any("no health-probe-proxy" in notice and "10356" in notice for notice in loaded.notices)


def test_the_image_wins_over_the_kubernetes_version_of_az() -> None:
    file = load_profile(
        b'{"kubernetesVersion": "1.30", "networkProfile": {"loadBalancerSku": "standard"}, "name": "x"}', "az aks show"
    )
    loaded = profile(Seen(NODES, [MANAGER]), file)
    assert "1.30.8" == str(loaded.cluster.provider_version)
    assert "image of DaemonSet cloud-node-manager" == loaded.sources["provider_version"]


def test_flags_win_over_everything() -> None:
    loaded = with_flags(profile(Seen(NODES, [SHARED])), probe_mode="servicenodeport", provider_version="1.29.3")
    assert ("servicenodeport", "1.29.3") == (loaded.cluster.probe_mode, str(loaded.cluster.provider_version))


def test_damaged_objects_do_no_harm() -> None:
    found = discover(Seen([{}, {"metadata": None, "spec": None, "status": None}], [{}, {"spec": {"template": None}}]))
    assert ["nodes"] == [fact.field for fact in found.facts]


def test_summary_says_what_is_seen_and_what_is_assumed() -> None:
    known, assumed = summary(profile(Seen(NODES, [MANAGER])))
    assert "provider 1.30.8 (image of DaemonSet cloud-node-manager)" in known
    assert known.endswith(", nodes 3")
    assert assumed.startswith("assumed: AKS' defaults for load balancer SKU, backend pools, outbound type and 3 more; ")
    (all_of_them,) = assumptions(profile(Seen(NODES, [MANAGER])))
    assert all_of_them.startswith("assumed: load balancer SKU standard, backend pools nodeIPConfiguration, ")
    assert "max surge of each pool 1 node" in all_of_them


def test_summary_of_nothing() -> None:
    (assumed,) = summary(profile(Seen()))
    assert "nodes unknown" in assumed
    (listed,) = assumptions(profile(Seen()))
    assert "nodes unknown" in listed
