"""A profile that is written can be read again, and means the same cluster."""

from pathlib import Path

import pytest

from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.outbound_profile import OutboundProfile
from kubectl_akslb.profile.load import default_profile, load_profile
from kubectl_akslb.profile.settings import CLOUD_CONFIG_ONLY, LoadedProfile
from kubectl_akslb.profile.write import document, text

DATA = Path(__file__).parent / "data"
EXAMPLE = Path(__file__).parents[2] / "examples" / "cluster.yaml"
FILES = (*sorted(DATA.glob("*.json")), EXAMPLE)


def comparable(loaded: LoadedProfile) -> Cluster:
    """The cluster without what only says how it is known; an azure.json knows nothing of the way out."""
    cluster = loaded.cluster._replace(given=frozenset())
    return cluster._replace(outbound=OutboundProfile()) if loaded.platform == CLOUD_CONFIG_ONLY else cluster


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_written_means_the_same(file: Path) -> None:
    loaded = load_profile(file.read_bytes(), str(file))
    again = load_profile(text(loaded).encode(), "profile.yaml")
    assert comparable(loaded) == comparable(again)
    assert loaded.platform == again.platform


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_text_and_data_are_the_same(file: Path) -> None:
    loaded = load_profile(file.read_bytes(), str(file))
    assert document(loaded) == parse_data(Source(text(loaded)))[1]


def test_every_setting_says_where_it_was_seen() -> None:
    loaded = load_profile((DATA / "managed-ips.json").read_bytes(), "aks.json")
    written = text(loaded)
    assert "allocatedOutboundPorts: 4000  # aks.json:" in written
    assert "networkProfile.loadBalancerProfile.allocatedOutboundPorts" in written


def test_assumptions_are_not_written() -> None:
    assert {"apiVersion": "akslb.dev/v1alpha1", "kind": "ClusterProfile"} == document(default_profile())


def test_comments_come_first_in_one_line_each() -> None:
    assert text(default_profile(), comments=("one\ntwo",)).startswith("# one two\napiVersion: ")


def test_values_that_yaml_would_read_otherwise_are_quoted() -> None:
    loaded = default_profile()
    cluster = loaded.cluster._replace(cluster_name="yes", subnet_name="on: #1", zones=("1", "2"))
    loaded = loaded._replace(cluster=cluster, sources=dict.fromkeys(("cluster_name", "subnet_name", "zones"), "p"))
    again = load_profile(text(loaded).encode(), "p")
    assert ("yes", "on: #1", ("1", "2")) == (again.cluster.cluster_name, again.cluster.subnet_name, again.cluster.zones)


def test_subnets_have_their_ranges() -> None:
    head = "apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\n"
    given = (
        head + "spec: {subnets: [{name: a, addressPrefix: 10.1.0.0/24}, {name: b, addressPrefixes: ['fd00::/64']}]}\n"
    )
    loaded = load_profile(given.encode(), "p")
    assert {"a": ("10.1.0.0/24",), "b": ("fd00::/64",)} == loaded.cluster.subnets
    assert loaded.cluster.subnets == load_profile(text(loaded).encode(), "p").cluster.subnets
