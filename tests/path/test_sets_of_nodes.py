"""A Basic load balancer takes the nodes of one set: which nodes are members, by what is known of their sets."""

from datetime import datetime, timezone
from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.model.cluster import BASIC
from kubectl_akslb.model.service import IPV4
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.pool import members
from tests.given.services import on, service

MODE = "azure-load-balancer-mode"
KNOWN: dict[str, Any] = {"load_balancer_sku": BASIC, "primary_scale_set": "vmss-one"}


def node(name: str, provider: str, pool: str = "") -> dict[str, Any]:
    labels = {"kubernetes.azure.com/agentpool": pool} if pool else {}
    addresses = [{"type": "InternalIP", "address": "10.224.0.4"}]
    status = {"addresses": addresses, "conditions": [{"type": "Ready", "status": "True"}]}
    spec = {"providerID": f"azure:///subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/{provider}"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
        "status": status,
    }


ONE = node("aks-one-vmss000000", "virtualMachineScaleSets/vmss-one/virtualMachines/0", "one")
TWO = node("aks-two-vmss000000", "virtualMachineScaleSets/vmss-two/virtualMachines/0", "two")
SINGLE = [node(f"aks-{name}-0", f"virtualMachines/aks-{name}-0", name) for name in ("one", "two")]


@pytest.mark.parametrize(
    ("nodes", "mode", "settings", "expected"),
    [
        pytest.param([ONE, TWO], None, KNOWN, [None, Cause.OF_OTHER_SET], id="the primary set"),
        pytest.param([ONE, TWO], " VMSS-two ", KNOWN, [Cause.OF_OTHER_SET, None], id="the set that is asked for"),
        pytest.param([ONE, TWO], "__auto__", KNOWN, [Cause.OF_ONE_LOAD_BALANCER] * 2, id="any set"),
        pytest.param([ONE, TWO], None, {"load_balancer_sku": BASIC}, [Cause.OF_ONE_LOAD_BALANCER] * 2, id="primary unknown"),
        pytest.param([ONE, ONE], None, {"load_balancer_sku": BASIC}, [None, None], id="one set"),
        pytest.param([ONE, TWO], "vmss-two", {}, [None, None], id="on Standard all"),
        pytest.param(SINGLE, None, {**KNOWN, "vm_type": "standard"}, [Cause.OF_ONE_LOAD_BALANCER] * 2, id="availability sets unknown"),
    ],
)  # fmt: skip
def test_who_is_a_member(nodes: list[Any], mode: str | None, settings: Any, expected: list[Cause | None]) -> None:
    given = service({} if mode is None else {MODE: mode})
    now = datetime.now(timezone.utc)
    evidence = evidence_of(given, Objects(nodes), EvidenceSource.CLUSTER, now=now, read=frozenset({"Node"}))
    found = members(Context(given, on(**settings)), evidence, IPV4) or ()
    assert expected == [one.because[0].cause if one.because else None for one in found]
    assert [cause is None for cause in expected] == [one.member is True for one in found]
