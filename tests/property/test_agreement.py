"""explain, lint, fix and post-render never contradict each other: Services, workloads, policies and clusters are random.

AKSLB_EXAMPLES sets how many streams are tried; `make agreement` tries 20,000.
"""

import json
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.lint.diagnostic import SAFE, Effect
from kubectl_akslb.lint.engine import lint
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import Explained, explain
from kubectl_akslb.provider.version import NEWEST
from tests.path.given import PREFIX, Object, container, deployment, on, policy

EXAMPLES = int(os.environ.get("AKSLB_EXAMPLES", "60"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

VERSIONS = ["1.23.0", "1.23.30", "1.24.22", "1.25.24", "1.28.5", "1.29.5", "1.30.18", "1.33.2", str(NEWEST)]
LABELS = [
    {"app": "web"},
    {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"},
    {"app.kubernetes.io/name": "traefik"},
    {"app.kubernetes.io/name": "kong"},
    {"istio": "ingressgateway"},
]
ANNOTATIONS = {
    "azure-load-balancer-internal": ["true", "True", "yes", "false"],
    "azure-load-balancer-health-probe-protocol": ["http", "https", "tcp"],
    "azure-load-balancer-health-probe-request-path": ["/", "/healthz", "/ready", "/livez"],
    "azure-allowed-ip-ranges": ["10.0.0.0/8", "198.51.100.0/24", "10.0.0.0/33", "10.0.0.0/8,10.1.0.0/16"],
    "azure-allowed-service-tags": ["AzureFrontDoor.Backend", "", "VirtualNetwork"],
    "azure-deny-all-except-load-balancer-source-ranges": ["true"],
    "azure-disable-load-balancer-floating-ip": ["true"],
    "azure-load-balancer-enable-high-availability-ports": ["true"],
    "azure-pls-create": ["true"],
    "azure-pls-proxy-protocol": ["true"],
    "port_80_health-probe_port": ["80", "443", "9999", "10256"],
    "port_80_health-probe_protocol": ["http", "tcp"],
    "port_80_no_lb_rule": ["true"],
    "port_443_no_probe_rule": ["true"],
}
READY = [
    {},
    {"httpGet": {"path": "/", "port": 8080}},
    {"httpGet": {"path": "/ready", "port": "http"}},
    {"httpGet": {"path": "/ready", "port": 8080, "scheme": "HTTPS"}},
    {"httpGet": {"path": "/a#b", "port": 8080}},
    {"tcpSocket": {"port": 8080}},
]
PEERS: list[Object] = [{}, {"from": [{"podSelector": {}}]}, {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]


@st.composite
def ports(draw: st.DrawFn) -> list[Object]:
    found = []
    for number, name in draw(st.sampled_from([[(80, "http")], [(80, "http"), (443, "https")], [(53, "dns")]])):
        port: Object = {"name": name, "port": number}
        protocol = draw(st.sampled_from(["", "", "", "UDP", "SCTP"]))
        app = draw(st.sampled_from(["", "", "http", "https", "tcp"]))
        target = draw(st.sampled_from([None, name, "http", 8080, 9090]))
        port |= {key: value for key, value in (("protocol", protocol), ("appProtocol", app)) if value}
        found.append(port if target is None else {**port, "targetPort": target})
    return found


@st.composite
def services(draw: st.DrawFn, labels: dict[str, str]) -> Object:
    keys = draw(st.lists(st.sampled_from(sorted(ANNOTATIONS)), unique=True, max_size=4))
    annotations = {PREFIX + key: draw(st.sampled_from(ANNOTATIONS[key])) for key in keys}
    spec: Object = {"type": "LoadBalancer", "selector": labels, "ports": draw(ports())}
    if draw(st.booleans()):
        spec["externalTrafficPolicy"] = draw(st.sampled_from(["Local", "Cluster"]))
    if draw(st.integers(0, 5)) == 0:
        spec["loadBalancerSourceRanges"] = draw(st.sampled_from([["10.0.0.0/8"], ["203.0.113.0/24"], ["x"]]))
    if draw(st.integers(0, 8)) == 0:
        spec["allocateLoadBalancerNodePorts"] = False
    if draw(st.integers(0, 8)) == 0:
        spec["ipFamilies"] = ["IPv6"]
    metadata: Object = {"name": "web", "namespace": "shop", "labels": labels}
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """A Service with what may stand beside it: a workload that fits or not, and a NetworkPolicy."""
    labels = draw(st.sampled_from(LABELS))
    objects = [draw(services(labels))]
    if draw(st.booleans()):
        ready = draw(st.sampled_from(READY))
        own = draw(st.sampled_from([labels, labels, labels, {"app": "other"}]))
        probe: Object = {"readinessProbe": ready} if ready else {}
        network: Object = {"hostNetwork": True} if draw(st.integers(0, 6)) == 0 else {}
        objects.append(deployment(container(("http", 8080), ("https", 8443), **probe), labels=own, **network))
    if draw(st.integers(0, 3)) == 0:
        objects.append(policy(draw(st.sampled_from(PEERS)), selector={"matchLabels": labels}))
    if draw(st.booleans()):
        return "---\n".join(block_text(one) for one in objects).encode()
    return (json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}, indent=2) + "\n").encode()


clusters = st.builds(
    lambda version, mode: on(version, probe_mode=mode),
    st.sampled_from(VERSIONS),
    st.sampled_from(["servicenodeport", "servicenodeport", "shared"]),
)


def _explained(data: bytes, cluster: Cluster) -> Explained:
    (one,) = explain([("web.yaml", data)], cluster).services
    return one


def _findings(data: bytes, cluster: Cluster) -> Any:
    return lint([("web.yaml", data)], cluster).diagnostics


@many
@given(data=streams(), cluster=clusters)
def test_works_is_never_said_beside_a_finding_that_stops_traffic(data: bytes, cluster: Cluster) -> None:
    verdict = _explained(data, cluster).path.verdict
    stopping = [one.rule for one in _findings(data, cluster) if one.effect is Effect.STOPS and one.severity != "info"]

    assert not (stopping and verdict.kind is VerdictKind.WORKS), (stopping, verdict)


@many
@given(data=streams(), cluster=clusters)
def test_what_is_down_or_refused_is_a_finding(data: bytes, cluster: Cluster) -> None:
    verdict = _explained(data, cluster).path.verdict
    stopping = [one.rule for one in _findings(data, cluster) if one.effect in {Effect.STOPS, Effect.EXPOSES}]

    assert stopping or verdict.kind not in {VerdictKind.DOWN, VerdictKind.PENDING}, verdict


@many
@given(data=streams(), cluster=clusters)
def test_a_verdict_is_no_surer_than_its_hops(data: bytes, cluster: Cluster) -> None:
    path = _explained(data, cluster).path
    hops = [*path.common, *(hop for one in path.ports for hop in one.hops)]
    if path.verdict.kind is VerdictKind.WORKS:
        assert {hop.outcome for hop in hops} == {Outcome.PASS}
        order = list(Confidence)
        assert order.index(path.verdict.confidence) >= max(order.index(hop.confidence) for hop in hops)


@many
@given(data=streams(), cluster=clusters)
def test_the_remedy_that_is_shown_is_what_fix_does_and_the_hop_passes_then(data: bytes, cluster: Cluster) -> None:
    before = _explained(data, cluster).path
    probes = [hop for one in before.ports for hop in one.hops if hop.name is HopName.PROBE]
    shown = {pair for hop in probes if hop.remedy is not None and hop.remedy.safe for pair in hop.remedy.annotations}
    if not shown:
        return
    result = fix([("web.yaml", data)], cluster)
    done = [one for one in result.applied if one.fix is not None and one.fix.applicability == SAFE]
    assert done, shown
    after = _explained(result.files[0].after, cluster)
    annotations = after.derivation.service.annotations
    assert shown <= set(annotations.items())
    for path, old in zip(after.path.ports, before.ports, strict=True):
        remedy = old.hop(HopName.PROBE).remedy
        if remedy is not None and remedy.safe and remedy.annotations:
            assert path.hop(HopName.PROBE).outcome is Outcome.PASS
