"""Basic load balancers: which set of nodes a Service's is of. Histories and texts are recorded (conformance/, area basic)."""

from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive_all, derive_on
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import BASIC, Node
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.provenance import ANNOTATION
from tests.given.services import INTERNAL, on, service

MODE = "azure-load-balancer-mode"
SCALE_SETS = (Node("vmss000000", ()), Node("second000001", ()))
SINGLE = (Node("aks-1", (), vm_set="vmss"), Node("aks-2", (), vm_set="Second"))
CONTROL_PLANE = Node("cp000000", (), {"node-role.kubernetes.io/control-plane": ""})


def derived(mode: str | None, annotations: dict[str, str] | None = None, **settings: Any) -> Derivation:
    asked = {} if mode is None else {MODE: mode}
    cluster = on(load_balancer_sku=BASIC, primary_scale_set="vmss", primary_availability_set="vmss", **settings)
    return derive_all([service({**asked, **(annotations or {})})], cluster).derivations[0]


@pytest.mark.parametrize(
    ("mode", "annotations", "settings", "name"),
    [
        pytest.param(None, {}, {"nodes": SCALE_SETS}, "kubernetes", id="not asked"),
        pytest.param("VMSS", {}, {"nodes": SCALE_SETS}, "kubernetes", id="the primary set"),
        pytest.param(" SECOND ", {}, {"nodes": SCALE_SETS}, "second", id="as the scale set is written"),
        pytest.param("second", INTERNAL, {"nodes": SCALE_SETS}, "second-internal", id="internal"),
        pytest.param("SECOND", {}, {"nodes": SINGLE, "vm_type": "standard"}, "SECOND", id="as the annotation is written"),
        pytest.param("__auto__", {}, {"nodes": SINGLE[1:], "vm_type": "standard"}, "second", id="availability sets in lower case"),
        pytest.param("__AUTO__", {}, {"nodes": (CONTROL_PLANE, *SCALE_SETS)}, "kubernetes", id="not the control plane's"),
        pytest.param("second", {}, {}, "second", id="nodes unknown"),
        pytest.param("__auto__", {}, {}, "kubernetes", id="nodes unknown, any"),
        pytest.param("second", {}, {"nodes": (Node("aks-1", ()),), "vm_type": "standard"}, "second", id="sets unknown"),
        pytest.param("other", {}, {"nodes": (Node("aks-pool1-12345678-0", ()),)}, "other", id="no name of a scale set's node"),
        pytest.param("second", {}, {"nodes": SCALE_SETS, "load_balancer_name": "lb"}, "second", id="beside a name"),
        pytest.param("vmss", {}, {"nodes": SCALE_SETS, "load_balancer_name": "lb"}, "lb", id="a name of its own"),
    ],
)  # fmt: skip
def test_whose_load_balancer_it_is(mode: str | None, annotations: dict[str, str], settings: Any, name: str) -> None:
    part = derived(mode, annotations, **settings).load_balancer
    assert part is not None
    assert name == part.name.value
    assert (part.name.origin.kind == ANNOTATION) is (mode is not None or bool(annotations))


@pytest.mark.parametrize("nodes", [None, (), SCALE_SETS, (Node("aks-1", ()),)])
def test_nothing_is_no_set(nodes: tuple[Node, ...] | None) -> None:
    assert derived(" ", nodes=nodes).refusal is not None


@pytest.mark.parametrize(
    ("first", "then", "name"),
    [
        ("vmss", "second", "second"), ("second", "vmss", "kubernetes"), ("second", None, "second"),
        ("second", "__auto__", "second"), ("second", "SECOND", "second"), (None, "vmss", "kubernetes"),
    ],
)  # fmt: skip
def test_who_moves(first: str | None, then: str | None, name: str) -> None:
    """A Service stays where it is unless it names another set; what it leaves is gone."""
    cluster = on(load_balancer_sku=BASIC, primary_scale_set="vmss", nodes=SCALE_SETS)
    azure = Azure(cluster)
    for mode in (first, then):
        derive_on(service({} if mode is None else {MODE: mode}), cluster, azure)
    assert [name] == list(azure.load_balancers)


def test_where_the_primary_set_is_unknown_nobody_moves_off_its_load_balancer() -> None:
    cluster = on(load_balancer_sku=BASIC)
    azure = Azure(cluster)
    for mode in ({}, {MODE: "one"}):
        derive_on(service(mode), cluster, azure)
    assert ["kubernetes"] == list(azure.load_balancers)


def test_what_is_not_known_is_said() -> None:
    part = derived("second").load_balancer
    assert part is not None
    assert any("taken to exist" in note for note in part.name.notes)


def test_on_standard_the_annotation_counts_for_nothing() -> None:
    (found,) = derive_all([service({MODE: "other"})], on(nodes=SCALE_SETS)).derivations
    assert found.load_balancer is not None
    assert "kubernetes" == found.load_balancer.name.value
