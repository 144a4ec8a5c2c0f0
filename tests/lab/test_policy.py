"""What the path says of NetworkPolicies against the engine of kube-network-policies, for clients that keep their address."""

import pytest

from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.policy import policy_hop
from kubectl_akslb.path.verdict import ClientGroup
from lab import policies, vectors
from lab.fixed import CLIENTS, PODS
from tests.lab.adapter import Json, cluster_of, evidence_on, prefix_of, read, together

GROUPS = {"internet": ClientGroup.INTERNET, "vnet": ClientGroup.VIRTUAL_NETWORK}
BEHIND = ("web-a1", "web-b1")


def service(family: int) -> Json:
    """The Service before the pods that the packets are sent to."""
    spec = {
        "type": "LoadBalancer",
        "selector": {"app": "web"},
        "externalTrafficPolicy": "Local",
        "healthCheckNodePort": 30090,
        "ipFamilies": [f"IPv{family}"],
        "ports": [{"port": 80, "targetPort": 8080, "protocol": "TCP", "nodePort": 30080}],
    }
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": spec}


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("client", GROUPS)
def test_policies_let_in_whom_the_engine_lets_in(client: str, family: int) -> None:
    source, pods = CLIENTS[client][family], {PODS[name].addresses[family] for name in BEHIND}
    data, wrong = service(family), []
    for vector in vectors.read(policies.FOLDER).values():
        allowed = zip(vector.case["packets"], vector.outcomes[0][0]["allowed"], strict=True)
        measured = together(
            Outcome.PASS if passed else Outcome.DROP
            for packet, passed in allowed
            if packet["source"] == source and packet["destination"] in pods
            and packet["port"] == 8080 and packet["protocol"] == "TCP"
        )  # fmt: skip
        evidence = evidence_on(read(data), [data, *vector.case["objects"]])._replace(engine=PolicyEngine.CALICO)
        cluster = cluster_of("v1.37.1", shared=False)
        hop = policy_hop(read(data), cluster, evidence, read(data).ports[0], GROUPS[client], prefix_of(source))
        assert HopName.POLICY is hop.name
        if hop.outcome is not measured:
            wrong.append((vector.id, hop.outcome.name, measured.name))
    assert [] == wrong
