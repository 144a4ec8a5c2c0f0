"""Random streams: a Service with what may stand beside it."""

import json

from hypothesis import strategies as st

from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.provider.version import NEWEST
from tests.given.streams import PREFIX, Object, container, deployment, on, policy

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
