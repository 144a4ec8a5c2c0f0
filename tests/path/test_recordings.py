"""The hops against what the real kube-proxy did (``lab/``): who answers probes, and what becomes of a client's packet."""

from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_akslb.derive.addresses import Prefix, parse_cidr
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence, Source
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.network_policy import ContainerPort, Sender, matches, opened, selects
from kubectl_akslb.path.node import node_hop
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.path.probed import asks_kube_proxy, probe_of
from kubectl_akslb.path.rotation import family_of, rotation, rotation_hop
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import worst
from kubectl_akslb.provider.version import NEWEST, NEWEST_PATCH
from lab.policies import FOLDER as POLICY_FOLDER
from lab.vectors import Vector
from lab.vectors import read as recorded
from tests.doc_claims.row import on
from tests.path.objects import EVERYTHING, NOW, Object, read

PASS, DROP, DEPENDS = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS
VECTORS = recorded()
_BY_NO_OBJECT = ("nothing listens", "listens on the loopback", "PROXY protocol", "after 40 seconds", "udp")
"""What the servers of a case do that no object of a cluster tells."""


class Situation:
    """A case with what is derived for it and the evidence that its objects give."""

    def __init__(self, vector: Vector, version: str, **settings: Any) -> None:
        stopped = [_proxy(node) for node in vector.case.get("kubeProxyStopped", ())]
        objects = [*vector.case["objects"], *stopped]
        (service,) = (one for one in objects if one["kind"] == "Service")
        own = read({**service, "metadata": {**service["metadata"], "uid": "8f3c9b1e-1234-4cde-9abc-0123456789ab"}})
        self.cluster: Cluster = on(version, **settings)
        self.derivation: Derivation = derive(own, self.cluster)
        kinds = EVERYTHING - {"DaemonSet", "Event"}
        self.evidence: Evidence = evidence_of(own, Objects(objects), Source.CLUSTER, now=NOW, read=kinds)
        self.case = vector.case

    @property
    def rules(self) -> tuple[LoadBalancingRule, ...]:
        """The load-balancing rules of TCP, which the lab probes."""
        lb = self.derivation.load_balancer
        rules = lb.load_balancing_rules if lb is not None else ()
        return tuple(one for one in rules if one.protocol.value == "Tcp")

    def place(self, rule: LoadBalancingRule) -> tuple[str, bool]:
        """Where the answers about a rule stand, and whether its floating IP is on."""
        ipv6 = family_of(self.derivation.service, rule) == "IPv6"
        (frontend,) = (one for one in self.case["frontends"] if (":" in one["ip"]) is ipv6)
        return f"{frontend['ip']}:{rule.frontend_port.value}/TCP", frontend["floatingIP"]

    def rotation(self, rule: LoadBalancingRule) -> dict[str, bool | None]:
        """Each node, with what its probe comes to."""
        rows = rotation(self.derivation, self.cluster, self.evidence, rule)
        assert rows is not None
        return {row.name: row.up for row in rows}

    def client(self, rule: LoadBalancingRule, address: str) -> Hop:
        """What becomes of the packets of one client: the hops from the load balancer to the pod."""
        width = 128 if ":" in address else 32
        prefix: Prefix = parse_cidr(f"{address}/{width}")
        port = self.derivation.service.ports[rule.service_port]
        probed = rotation_hop(self.derivation, self.cluster, self.evidence, rule)
        return worst(
            (
                *((probed,) if probed is not None else ()),
                node_hop(self.derivation, self.cluster, self.evidence, rule, ClientGroup.RANGE, prefix),
                pod_hop(self.derivation.service, self.cluster, self.evidence, port),
            )
        )


def _proxy(node: str) -> Object:
    metadata = {"name": f"kube-proxy-{node}", "namespace": "kube-system", "labels": {"component": "kube-proxy"}}
    status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}]}
    return {"kind": "Pod", "metadata": metadata, "spec": {"nodeName": node}, "status": status}


def _outcomes(name: str) -> Iterator[tuple[Object, tuple[str, ...], str]]:
    """Each outcome, with the kube-proxies that gave it and a provider of each of their minors."""
    for outcome, proxies in VECTORS[name].outcomes:
        minors = {min(int(proxy.split(".")[1]), NEWEST.minor) for proxy in proxies}
        yield from ((outcome, proxies, f"1.{minor}.{NEWEST_PATCH[minor]}") for minor in sorted(minors))


def _told(vector: Vector) -> bool:
    """Whether objects alone tell what the servers do: pods are there and answer on their port."""
    gone = any(
        endpoint["targetRef"]["name"] == "gone"
        for piece in vector.case["objects"]
        if piece["kind"] == "EndpointSlice"
        for endpoint in piece["endpoints"]
    )
    return not gone and not any(what in server for server in vector.case["servers"].values() for what in _BY_NO_OBJECT)


def _is_ipv6(place: str) -> bool:
    return place.count(":") > 1


def _up(outcome: Object, place: str, node: str) -> bool:
    """Whether the node's probe was answered: its health check where it has one, else its node port."""
    asked = "healthCheckNodePort over IPv6" if _is_ipv6(place) else "healthCheckNodePort"
    if asked in outcome:
        return bool(outcome[asked][node] == ["200"])
    return bool(outcome[place]["probe tcp"][node] == ["open"])


def _data(vector: Vector) -> bool:
    """Whether data and probes of the case are what its objects say now.

    A stopped kube-proxy goes on by what it knew, a stale status is stale only to who knows the load balancer, and an
    empty one is pending, which an earlier hop says. One without node ports has no probe.
    """
    (service,) = (one for one in vector.case["objects"] if one["kind"] == "Service")
    known = {one["ip"] for one in service["status"]["loadBalancer"].get("ingress", ())}
    told = known == {one["ip"] for one in vector.case["frontends"]} and not vector.case.get("kubeProxyStopped")
    return _told(vector) and told and service["spec"]["allocateLoadBalancerNodePorts"]


def test_there_are_recordings() -> None:
    assert len(VECTORS) > 300
    assert 200 < sum(map(_data, VECTORS.values()))


@pytest.mark.parametrize("name", [name for name, one in VECTORS.items() if _data(one)])
def test_which_nodes_answer_the_probe(name: str) -> None:
    for outcome, proxies, version in _outcomes(name):
        here = Situation(VECTORS[name], version)
        for rule in here.rules:
            place, _ = here.place(rule)
            expected = {node: _up(outcome, place, node) for node in ("node-a", "node-b", "node-c")}
            found = {
                node: up
                for node, up in here.rotation(rule).items()
                if up is not None or not (_is_ipv6(place) or here.derivation.service.is_local)
            }
            assert {node: expected[node] for node in found} == found, (proxies, place)


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("nodes/")])
def test_the_health_of_kube_proxy_itself(name: str) -> None:
    for outcome, _, version in _outcomes(name):
        here = Situation(VECTORS[name], version, probe_mode="shared", shared_probe_port=10256)
        asked = "healthCheckNodePort" if here.derivation.service.is_local else "10256/healthz"
        expected = {node: answer == ["200"] for node, answer in outcome[asked].items()}
        for rule in here.rules:
            probe = probe_of(here.derivation, rule)
            if not (here.derivation.service.is_local or asks_kube_proxy(probe)):
                continue  # a release without the shared probe
            found = here.rotation(rule)
            known = {node: up for node, up in found.items() if not VECTORS[name].case.get("before") or up is False}
            assert {node: expected[node] for node in known} == known


def _answered(answer: str) -> bool:
    return answer == "always the same pod" or (" from " in answer and not answer.startswith("left "))


@pytest.mark.parametrize("name", [name for name, one in VECTORS.items() if _data(one)])
@pytest.mark.parametrize("client", ["internet", "vnet"])
def test_what_becomes_of_packets(name: str, client: str) -> None:
    """Azure sends to the nodes in rotation alone; a hop must not promise more than all of them did, nor less than any."""
    for outcome, proxies, version in _outcomes(name):
        here = Situation(VECTORS[name], version)
        for rule in here.rules:
            place, floating = here.place(rule)
            (address,) = (one for one in VECTORS[name].case["clients"][client] if (":" in one) is _is_ipv6(place))
            asked = outcome[place].get(client if floating else f"{client} to the node port")
            # The node port is asked by one client; before dual stack the provider takes all ports for one family's.
            if asked is None or rule.enable_floating_ip.value is not floating:
                continue
            served = [any(map(_answered, asked[node])) for node in asked if _up(outcome, place, node)]
            clean = [all(map(_answered, asked[node])) for node in asked if _up(outcome, place, node)]
            expected = PASS if served and all(clean) else DEPENDS if any(served) else DROP
            found = here.client(rule, address)
            where = (proxies, place, asked, found)
            if found.outcome is not DEPENDS or found.confidence is Confidence.OBSERVED:
                assert expected is found.outcome, where


def _pods_and_sources(answers: list[str]) -> list[tuple[str, str]]:
    return [
        (pod, source)
        for one in answers
        if " from " in one and not one.startswith("left ")
        for pod, _, source in [one.partition(" from ")]
    ]


def test_whom_pods_see() -> None:
    """With Local the client, with Cluster the node that received the packet; but the node's own network sees clients."""
    seen = 0
    for vector in VECTORS.values():
        (service,) = (one for one in vector.case["objects"] if one["kind"] == "Service")
        local = service["spec"]["externalTrafficPolicy"] == "Local"
        for outcome, _ in vector.outcomes:
            for place, asked in outcome.items():
                for who, source_of_local in (("internet", "internet"), ("vnet", "vnet"), ("probe seen", "probe")):
                    for node, answers in asked.get(who, {}).items() if place.endswith("/TCP") else ():
                        for pod, source in _pods_and_sources(answers):
                            here = pod == node  # the node's own server stands for a hostNetwork pod
                            assert (source_of_local if local or here else node) == source, (vector.id, place, who, node)
                            seen += 1
    assert seen > 1000


POLICIES = recorded(POLICY_FOLDER)


class Pods:
    """The pods and policies of a case, found by address and by label."""

    def __init__(self, objects: list[Object]) -> None:
        self.by_address = {ip["ip"]: one for one in objects if one["kind"] == "Pod" for ip in one["status"]["podIPs"]}
        self.labels = {
            one["metadata"]["name"]: one["metadata"]["labels"] for one in objects if one["kind"] == "Namespace"
        }
        self.policies = [one for one in objects if one["kind"] == "NetworkPolicy"]

    def beside(self, pod: Object) -> list[Object]:
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


def _packets(name: str) -> list[tuple[Object, bool]]:
    pods = Pods(POLICIES[name].case["objects"])
    ((outcome, _),) = POLICIES[name].outcomes
    found = zip(POLICIES[name].case["packets"], outcome["allowed"], strict=True)
    return [(packet, allowed) for packet, allowed in found if pods.may_send(packet["source"])]


@pytest.mark.parametrize("name", POLICIES)
def test_what_network_policies_let_in(name: str) -> None:
    """Every packet that a real engine was asked about; which source pods see is the question above."""
    pods = Pods(POLICIES[name].case["objects"])
    for packet, expected in _packets(name):
        pod = pods.by_address[packet["destination"]]
        labels, namespace = pod["metadata"]["labels"], pod["metadata"]["namespace"]
        about = [one for one in pods.beside(pod) if selects(one, labels)]
        port = ContainerPort(frozenset({packet["port"]}), packet["protocol"])
        rules = opened(about, pod["spec"]["containers"], port)
        assert expected is (not about or rules.admits(pods.sender(packet["source"]), namespace)), packet


def test_policies_are_asked_in_earnest() -> None:
    answers = [allowed for name in POLICIES for _, allowed in _packets(name)]
    assert 5000 < sum(answers) < len(answers) - 2500
