"""The trace of a client against an evaluator of its own (``packets.py``), for random groups, ranges, policies and packets.

2,000 packets; AKSLB_PACKETS asks for more, as ``make packets`` does, and AKSLB_PACKETS_FROM=1000000000 for others.
"""

import ipaddress
import itertools
import json
import os
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.path.client import parse_client
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.trace import Leg, Subject, service_port, trace_service
from kubectl_akslb.path.walk import walk
from tests.given import az
from tests.given.objects import EVERYTHING, NOW, read
from tests.given.services import on
from tests.path import packets

PACKETS = int(os.environ.get("AKSLB_PACKETS", "2000"))
FROM = int(os.environ.get("AKSLB_PACKETS_FROM", "0"))
EACH = 20
"""Packets for each situation."""
INTERNAL = {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"}


class Situation(NamedTuple):
    """A Service in a cluster, with the security groups before its nodes."""

    service: dict[str, Any]
    policies: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    subject: Subject
    internal: bool
    local: bool
    tags_given: bool

    @property
    def address(self) -> str:
        """The address of the Service."""
        return "10.224.0.100" if self.internal else "20.50.1.2"


def situation(chance: random.Random) -> Situation:
    internal, local, tags_given = chance.random() < 0.4, chance.random() < 0.5, chance.random() < 0.7
    service = _service(chance, internal=internal, local=local)
    policies = packets.random_policies(chance)
    groups = [az.nsg("of-subnet", *packets.random_rules(chance))]
    if chance.random() < 0.6:
        card = {"subnets": None, "networkInterfaces": [{"id": az.CARD}]}
        groups.append(az.nsg("of-card", *packets.random_rules(chance), **card))
        if chance.random() < 0.2:
            groups.pop(0)
    # Azure's probes are the matter of another hop, and so is whether they are let in.
    for group in groups:
        group["securityRules"].insert(0, az.rule("probes", 99, sourceAddressPrefix="AzureLoadBalancer"))
    own = read(service)
    cluster = on("1.30.8")
    evidence = evidence_of(
        own, Objects([service, *policies, *_beside()]), EvidenceSource.CLUSTER, now=NOW, read=EVERYTHING
    )
    evidence = evidence._replace(azure=_azure(groups, tags_given=tags_given))
    derivation = derive(own, cluster)
    subject = Subject(derivation, cluster, evidence, walk(PathContext(derivation, cluster, evidence)))
    return Situation(service, policies, groups, subject, internal, local, tags_given)


def _azure(groups: list[dict[str, Any]], *, tags_given: bool) -> Resources:
    files = [groups, az.virtual_network()]
    if tags_given:
        named = {name.replace(".", "__"): list(ranges) for name, ranges in packets.TAGS.items()}
        files.append(az.service_tags(**named))
    return read_resources((str(index), json.dumps(one).encode()) for index, one in enumerate(files))


def _service(chance: random.Random, *, internal: bool, local: bool) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "type": "LoadBalancer",
        "selector": {"app": "web"},
        "externalTrafficPolicy": "Local" if local else "Cluster",
        "clusterIP": "10.0.3.4",
        "clusterIPs": ["10.0.3.4"],
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "loadBalancerSourceRanges": packets.random_ranges(chance),
        "ports": [{"name": "https", "port": 443, "targetPort": 8443, "nodePort": 30443, "protocol": "TCP"}],
    }
    if local:
        spec["healthCheckNodePort"] = 31000
    ip = "10.224.0.100" if internal else "20.50.1.2"
    metadata = {
        "name": "web", "namespace": "shop", "uid": "8f3c9b1e-1234-4cde-9abc-0123456789ab", "annotations": INTERNAL if internal else {},
    }  # fmt: skip
    status = {"loadBalancer": {"ingress": [{"ip": ip}]}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec, "status": status}


def _beside() -> Iterator[dict[str, Any]]:
    ready = [{"type": "Ready", "status": "True"}]
    container = {
        "name": "c",
        "image": "x",
        "ports": [{"containerPort": 8443}],
        "readinessProbe": {"tcpSocket": {"port": 8443}},
    }
    yield {
        "kind": "Pod",
        "metadata": {"name": "web-1", "namespace": "shop", "labels": {"app": "web"}},
        "spec": {"nodeName": "n1", "containers": [container]},
        "status": {"phase": "Running", "podIP": "10.244.0.5", "conditions": ready},
    }
    yield {
        "kind": "EndpointSlice",
        "metadata": {"name": "web-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}},
        "ports": [{"name": "https", "port": 8443, "protocol": "TCP"}],
        "endpoints": [
            {
                "addresses": ["10.244.0.5"],
                "conditions": {"ready": True},
                "nodeName": "n1",
                "targetRef": {"name": "web-1"},
            }
        ],
    }
    yield {
        "kind": "Node",
        "metadata": {"name": "n1"},
        "spec": {"providerID": "azure:///x"},
        "status": {"addresses": [{"type": "InternalIP", "address": packets.NODE}], "conditions": ready},
    }
    for name in ("kube-proxy", "calico-node"):
        yield {
            "kind": "DaemonSet",
            "metadata": {"name": name, "namespace": "kube-system"},
            "spec": {},
            "status": {"desiredNumberScheduled": 1, "numberReady": 1},
        }


def expected(one: Situation, source: str) -> tuple[Outcome, HopName | None]:
    """What the evaluator says of one packet: the outcome, and the hop that drops it."""
    open_rules = [
        name for group in one.groups for name in packets.doubtful_rules(group, source, tags_given=one.tags_given)
    ]
    passes = {
        all(
            packets.passes_group(g, source, one.address, 443, "Tcp", dict(zip(open_rules, said, strict=True)))
            for g in one.groups
        )
        for said in itertools.product((True, False), repeat=len(open_rules))
    }
    if passes == {False}:
        return Outcome.DROP, HopName.SECURITY_GROUP
    if not packets.passes_source_ranges(one.service, source):
        return Outcome.DROP, HopName.NODE
    seen = source if one.local else packets.NODE
    let_in = packets.passes_policies(one.policies, {"app": "web"}, seen, 8443)
    if not let_in and one.local:
        return Outcome.DROP, HopName.POLICY
    # Through another node only the pods of that node are reached, whatever the policies say.
    return (Outcome.PASS if let_in and passes == {True} else Outcome.DEPENDS), None


def legs(one: Situation, word: str) -> tuple[Leg, ...]:
    client = parse_client(word, one.subject.cluster, one.subject.evidence, one.subject.azure, "shop")
    return trace_service(one.subject, client, service_port(one.subject.service, "443")).legs


def wrong(one: Situation, leg: Leg, source: str) -> str:
    """How a leg differs from what is expected of a packet in it, "" where it does not."""
    outcome, hop = expected(one, source)
    said = leg.deciding
    if said.outcome is not outcome or (outcome is Outcome.DROP and said.name is not hop):
        return f"{source}: {said.name.value} {said.outcome.value}, expected {hop} {outcome.value}"
    return ""


@pytest.mark.parametrize("block", range(10))
def test_a_packet_ends_where_the_evaluator_ends_it(block: int) -> None:
    differing = []
    for number in range(PACKETS // 10 // EACH):
        seed = FROM + block * 1_000_000 + number
        chance = random.Random(seed)  # noqa: S311 - nothing here is secret
        one = situation(chance)
        for _ in range(EACH):
            source = packets.random_source(chance, public=not one.internal)
            (leg,) = legs(one, source)
            differing += [f"seed {seed}: {text}" for text in (wrong(one, leg, source),) if text]
    assert [] == differing


@pytest.mark.parametrize("block", range(10))
def test_every_part_of_a_range_ends_where_its_packets_do(block: int) -> None:
    """The legs of a range hold each of its addresses once, and each as the evaluator has it."""
    differing = []
    for number in range(max(PACKETS // 10 // EACH // 4, 1)):
        seed = FROM + block * 1_000_000 + number + 500_000
        chance = random.Random(seed)  # noqa: S311 - as above
        one = situation(chance)
        word = chance.choice(
            ["10.0.0.0/8", "10.224.0.0/12"] if one.internal else ["203.0.113.0/24", "20.0.0.0/8", "203.0.0.0/8"]
        )
        net = ipaddress.ip_network(word)
        found = legs(one, word)
        assert sum(last - first + 1 for leg in found for _, first, last in leg.spans) == net.num_addresses
        for leg in found:
            for _, first, last in leg.spans:
                for value in {first, last, chance.randint(first, last)}:
                    text = wrong(one, leg, str(ipaddress.ip_address(value)))
                    differing += [f"seed {seed}: {text}"] if text else []
    assert [] == differing


def test_the_situations_are_of_every_kind() -> None:
    """Nothing is proven by packets that all end alike."""
    ends = set()
    for seed in range(60):
        chance = random.Random(seed)  # noqa: S311 - as above
        one = situation(chance)
        ends |= {expected(one, packets.random_source(chance, public=not one.internal)) for _ in range(EACH)}
    assert {
        (Outcome.PASS, None),
        (Outcome.DEPENDS, None),
        (Outcome.DROP, HopName.SECURITY_GROUP),
        (Outcome.DROP, HopName.NODE),
        (Outcome.DROP, HopName.POLICY),
    } == ends
