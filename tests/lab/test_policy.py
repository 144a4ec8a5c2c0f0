"""What the path says of NetworkPolicies against the engine of kube-network-policies, for clients that keep their address."""

import pytest

from kubectl_akslb.evidence.labels import matches
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.network_policy import PodPort, Sender, opened, selects
from kubectl_akslb.path.policy import policy_hop
from kubectl_akslb.path.verdict import ClientGroup
from lab import policies
from lab.fixed import CLIENTS, PODS
from tests.lab.adapter import Json, evidence_on, prefix_of, read, together

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
    for vector in policies.recorded("policy").values():
        allowed = zip(vector.case["packets"], vector.outcomes[0][0]["allowed"], strict=True)
        measured = together(
            Outcome.PASS if passed else Outcome.DROP
            for packet, passed in allowed
            if packet["source"] == source and packet["destination"] in pods
            and packet["port"] == 8080 and packet["protocol"] == "TCP"
        )  # fmt: skip
        evidence = evidence_on(read(data), [data, *vector.case["objects"]])._replace(engine=PolicyEngine.CALICO)
        hop = policy_hop(read(data), evidence, read(data).ports[0], GROUPS[client], prefix_of(source))
        assert HopName.POLICY is hop.name
        if hop.outcome is not measured:
            wrong.append((vector.id, hop.outcome.name, measured.name))
    assert [] == wrong


# Packet by packet


POLICIES = policies.recorded("policy")


class Pods:
    """The pods and policies of a case, found by address and by label."""

    def __init__(self, objects: list[Json]) -> None:
        self.by_address = {ip["ip"]: one for one in objects if one["kind"] == "Pod" for ip in one["status"]["podIPs"]}
        self.labels = {
            one["metadata"]["name"]: one["metadata"]["labels"] for one in objects if one["kind"] == "Namespace"
        }
        self.policies = [one for one in objects if one["kind"] == "NetworkPolicy"]

    def beside(self, pod: Json) -> list[Json]:
        """The policies of the pod's namespace."""
        return [one for one in self.policies if one["metadata"]["namespace"] == pod["metadata"]["namespace"]]

    def may_send(self, address: str) -> bool:
        """Whether no policy is about what the pod itself sends, which is no question of a Service."""
        pod = self.by_address.get(address)
        return pod is None or not any(
            "Egress" in one["spec"].get("policyTypes", ())
            and matches(one["spec"]["podSelector"], pod["metadata"]["labels"])
            for one in self.beside(pod)
        )

    def sender(self, address: str) -> Sender:
        """Who is behind an address."""
        if address not in self.by_address:
            return Sender(address)
        own = self.by_address[address]["metadata"]
        return Sender(address, own["namespace"], own["labels"], self.labels[own["namespace"]])


def _packets(name: str) -> list[tuple[Json, bool]]:
    pods = Pods(POLICIES[name].case["objects"])
    ((outcome, _),) = POLICIES[name].outcomes
    found = zip(POLICIES[name].case["packets"], outcome["allowed"], strict=True)
    return [(packet, allowed) for packet, allowed in found if pods.may_send(packet["source"])]


@pytest.mark.parametrize("name", POLICIES)
def test_what_network_policies_let_in(name: str) -> None:
    """Every packet that the engine was asked about, whoever sends it."""
    pods = Pods(POLICIES[name].case["objects"])
    for packet, expected in _packets(name):
        pod = pods.by_address[packet["destination"]]
        labels, namespace = pod["metadata"]["labels"], pod["metadata"]["namespace"]
        about = [one for one in pods.beside(pod) if selects(one, labels)]
        port = PodPort(frozenset({packet["port"]}), packet["protocol"])
        rules = opened(about, pod["spec"]["containers"], port)
        assert expected is (not about or rules.admits(pods.sender(packet["source"]), namespace)), packet


def test_policies_are_asked_in_earnest() -> None:
    answers = [allowed for name in POLICIES for _, allowed in _packets(name)]
    assert 5000 < sum(answers) < len(answers) - 2500
