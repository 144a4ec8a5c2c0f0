"""Two Services of two clusters: each is read in its own context, and a Gateway by the label of its Service."""

import json
from typing import Any

import pytest

from tests.given.command import akslb
from tests.given.programs import Answer, FakeProgram, listed

Json = dict[str, Any]
GATEWAY = {"gateway.networking.k8s.io/gateway-name": "front"}


def live(
    name: str, address: str, annotations: dict[str, str] | None = None, labels: dict[str, str] | None = None
) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": name, "namespace": "shop", "uid": "3f1c6d0a-52b8-4e0e-9a77-1d2b6c9e4f10",
            "annotations": annotations or {}, "labels": labels or {},
        },
        "spec": {
            "type": "LoadBalancer", "ports": [{"port": 80, "nodePort": 30080, "protocol": "TCP"}],
            "ipFamilies": ["IPv4"], "clusterIPs": ["10.0.0.1"], "externalTrafficPolicy": "Cluster",
        },
        "status": {"loadBalancer": {"ingress": [{"ip": address}]}},
    }  # fmt: skip


BLUE = live("web", "20.1.2.3")
GREEN = live("web", "10.224.0.9", {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}, GATEWAY)


@pytest.mark.parametrize("new", ["svc/web", "gateway/front"])
def test_each_is_read_in_its_context(new: str, kubectl: FakeProgram) -> None:
    for context, service in (("blue", BLUE), ("green", GREEN)):
        kubectl.answers(
            Answer([context, "services", "web"], json.dumps(service)), Answer([context, "services"], listed(service))
        )
    kubectl.answers(Answer(["get"], listed()))
    done = akslb(
        "compare", "svc/web", new, "--old-context", "blue", "--context", "green", "-n", "shop",
        "--kubernetes-version", "1.33",
    )  # fmt: skip
    assert done.code == 1, done.err
    assert "public → internal" in done.out
    contexts = [call[call.index("--context") + 1] for call in kubectl.calls]
    assert set(contexts) == {"blue", "green"}
    assert contexts.count("blue") >= 6
    assert not [call for call in kubectl.calls if call[0] != "get"]


def test_a_gateway_of_which_no_service_was_made_is_said(kubectl: FakeProgram) -> None:
    kubectl.answers(Answer(["get"], listed()))
    done = akslb("compare", "gateway/front", "svc/web", "-n", "shop", "--kubernetes-version", "1.33")
    assert done.code > 1
    assert "Gateway front" in done.err
    assert not done.out
