"""What is stored when a manifest is applied is what a real API server stored: kube-apiserver 1.36.1, by kubectl apply."""

import json
from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.plan.applied import FieldEdit, applied, edits, undone

ROWS = {row["name"]: row for row in json.loads((Path(__file__).parent / "data/applied.json").read_text())}
ADDED = frozenset({"to dual"})
"""Where the API server allocates a second cluster IP."""


#: Whether a cluster has a second family is not for a manifest to say: PreferDualStack counts as what stands.
UNKNOWN = frozenset({"to prefer dual"})


@pytest.mark.parametrize("name", sorted(ROWS.keys() - UNKNOWN))
def test_is_what_the_api_server_stores(name: str) -> None:
    row = ROWS[name]
    found = applied(row["before"], row["manifest"])
    assert bool(row["refused"]) == bool(found.refused), (row["refused"], found.refused)
    one, other = (with_defaults(decode(body)) for body in (row["after"], found.data))
    if name in ADDED:
        one, other = (each._replace(cluster_ips=()) for each in (one, other))
    if name == "to local":
        one, other = (each._replace(health_check_node_port=None) for each in (one, other))
    if name == "port more":  # a node port that is new
        one, other = (
            each._replace(ports=tuple(p._replace(node_port=None) for p in each.ports)) for each in (one, other)
        )
    if one.type != "LoadBalancer":
        one, other = (each._replace(ports=(), external_traffic_policy="") for each in (one, other))
    same = {key: value for key, value in one.annotations.items() if "last-applied" not in key}
    assert same == {key: value for key, value in other.annotations.items() if "last-applied" not in key}
    assert one._replace(annotations={}) == other._replace(annotations={})


BASE: dict[str, Any] = {
    "apiVersion": "v1", "kind": "Service",
    "metadata": {"name": "web", "uid": "1", "annotations": {"service.beta.kubernetes.io/by-hand": "x"}},
    "spec": {"type": "LoadBalancer", "loadBalancerIP": "20.1.1.1", "ports": [{"port": 80, "nodePort": 30080}]},
}  # fmt: skip
MANIFEST = {**BASE, "metadata": {"name": "web"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}


def test_what_nobody_is_known_to_have_applied_stays_and_is_named() -> None:
    found = applied(BASE, MANIFEST)
    assert [("metadata", "annotations", "service.beta.kubernetes.io/by-hand"), ("spec", "loadBalancerIP")] == list(
        found.assumed
    )
    assert "20.1.1.1" == found.data["spec"]["loadBalancerIP"]
    assert [30080] == [port["nodePort"] for port in found.data["spec"]["ports"]]


def test_what_helm_has_applied_goes_with_the_chart() -> None:
    labels = {"app.kubernetes.io/managed-by": "Helm"}
    found = applied({**BASE, "metadata": {**BASE["metadata"], "labels": labels}}, MANIFEST)
    assert "loadBalancerIP" not in found.data["spec"]


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row["refused"]])
def test_without_all_edits_it_is_as_it_was(name: str) -> None:
    row = ROWS[name]
    after = applied(row["before"], row["manifest"]).data
    back = after
    for edit in edits(row["before"], after):
        assert isinstance(edit, FieldEdit)
        back = undone(back, edit)
    assert () == edits(row["before"], back)
