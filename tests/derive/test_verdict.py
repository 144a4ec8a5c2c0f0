"""The one sentence: does the Service work, and if not, why and what now."""

import pytest

from kubectl_akslb.derive.reach import reach
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.derive.verdict import DEPENDS, DOWN, IGNORED, PENDING, UNREACHABLE, WORKS, Verdict, verdict
from kubectl_akslb.model.reach import CERTAIN, KNOWN_WORKLOAD, UNKNOWN
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.workloads import recognise
from tests.derive.given import INTERNAL
from tests.doc_rows.row import on, port, service, udp

NGINX = {"app.kubernetes.io/name": "ingress-nginx"}
KONG = {"app.kubernetes.io/name": "kong"}
HTTP, HTTPS = port(80, "http", name="http"), port(443, "https", name="https")
PATH = "azure-load-balancer-health-probe-request-path"
HA_PORTS = {**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}


def judged(given: Service, version: str = "1.36.5") -> Verdict:
    cluster = on(version)
    derivation = derive(given, cluster)
    return verdict(derivation, cluster, reach(derivation, cluster), recognise(given.labels, given.selector))


@pytest.mark.parametrize(
    ("given", "version", "kind", "headline", "confidence", "fix"),
    [
        (service(), "1.36.5", WORKS, "nothing stands in the way", CERTAIN, ""),
        (service(None, udp(53)), "1.36.5", WORKS, "nothing stands in the way: nothing is probed", CERTAIN, ""),
        (service({PATH: "/healthz"}, HTTP, labels=NGINX), "1.36.5", WORKS, "nothing stands in the way", KNOWN_WORKLOAD, ""),
        (service(type="ClusterIP"), "1.36.5", IGNORED, "Azure's provider does not act on it: type is ClusterIP, not LoadBalancer", CERTAIN, ""),
        (service(load_balancer_class="x/y"), "1.36.5", IGNORED, "Azure's provider does not act on it: loadBalancerClass 'x/y' hands", CERTAIN, ""),
        (service({"azure-load-balancer-tcp-idle-timeout": "1"}), "1.36.5", PENDING, "EXTERNAL-IP stays <pending>: error generate lb rule", CERTAIN, "set a timeout between 4 and 30 minutes"),
        (service({"port_80_no_lb_rule": "true"}), "1.36.5", UNREACHABLE, "no port has a load-balancing rule", CERTAIN, ""),
        (service({"azure-load-balancer-internal": "True"}), "1.36.5", UNREACHABLE, "public address, but closed: 'True' is not exactly 'true'", CERTAIN, f'{keys.INTERNAL}: "true"'),
        (service(None, HTTP), "1.36.5", DEPENDS, "port 80 works only if the pods behind port 80 answer 200, and only 200, to GET /", UNKNOWN, ""),
        (service(None, HTTP, HTTPS), "1.36.5", DEPENDS, "port 80, 443 works only if", UNKNOWN, ""),
        (service({"port_80_health-probe_port": "22"}), "1.36.5", DEPENDS, "port 80 works only if whatever listens on port 22 of the node accepts the connection", UNKNOWN, ""),
        (service({"port_80_health-probe_port": "22", "port_80_health-probe_protocol": "http"}), "1.36.5", DEPENDS, "port 80 works only if whatever listens on port 22 of the node answers 200 to GET /", UNKNOWN, ""),
        (service(HA_PORTS, HTTP), "1.36.5", DEPENDS, "every port works only if", UNKNOWN, ""),
        (service(None, HTTP, HTTPS, labels=NGINX), "1.36.5", DOWN, "every port is down: all nodes leave rotation, clients time out; ingress-nginx answers 404 to GET /", KNOWN_WORKLOAD, f"{keys.PROBE_PATH}: /healthz"),
        (service(None, HTTP, port(8443), labels=NGINX), "1.36.5", DOWN, "port 80 is down", KNOWN_WORKLOAD, f"{keys.PROBE_PATH}: /healthz"),
        (service(None, HTTP, labels=KONG), "1.36.5", DOWN, "every port is down", KNOWN_WORKLOAD, f"{keys.PORT_PROBE_PROTOCOL.for_port(80)}: tcp"),
        (service(None, HTTP, labels=KONG), "1.24.11", DOWN, "every port is down", KNOWN_WORKLOAD, "remove appProtocol from port 80"),
        (service(HA_PORTS, HTTP, labels=KONG), "1.36.5", DOWN, "every port is down", KNOWN_WORKLOAD, f"{keys.PORT_PROBE_PROTOCOL.for_port(80)}: tcp"),
        (service({"port_80_health-probe_port": "10256"}, HTTP), "1.36.5", DOWN, "every port is down: all nodes leave rotation, clients time out; kube-proxy answers 200 only on http /healthz", CERTAIN, f"{keys.PORT_PROBE_PROTOCOL.for_port(80)}: tcp"),
    ],
    ids=[
        "Tcp", "no probe", "known path", "other type", "other class", "refused", "no rule", "public and closed", "http",
        "two ports", "port of the node", "http on a port of the node", "HA ports", "known to fail", "one port of two", "back to Tcp",
        "back to Tcp before 1.24.12", "HA ports that fail", "kube-proxy at another path",
    ],
)  # fmt: skip
def test_verdict(given: Service, version: str, kind: str, headline: str, confidence: str, fix: str) -> None:
    found = judged(given, version)
    assert headline == found.headline[: len(headline)]
    assert (kind, confidence, fix) == (found.kind, found.confidence, found.fix.partition("  #")[0])


@pytest.mark.parametrize(
    ("annotations", "detail"),
    [
        (
            {"azure-load-balancer-tcp-idle-timeout": "1"},
            "stops at the load balancer: the load balancer keeps what it had",
        ),
        (
            {"azure-additional-public-ips": "x"},
            "stops at the status: frontend and rules are there, but no security rule",
        ),
        (
            {"azure-allowed-service-tags": ",".join(map(str, range(1001)))},
            "stops at the security group: frontend and rules are there",
        ),
        ({"azure-pls-create": "true"}, "stops at the private link service: load balancer and security rules are there"),
    ],
)
def test_pending_says_how_far_it_got(annotations: dict[str, str], detail: str) -> None:
    assert judged(service(annotations)).detail.startswith(detail)


def test_verdict_without_anybody_who_gets_in() -> None:
    cluster = on()
    derivation = derive(service(), cluster)
    found = reach(derivation, cluster)
    closed = found._replace(
        clients=tuple(c._replace(verdict=c.verdict.with_value(False), because="closed") for c in found.clients)
    )
    expected = Verdict(UNREACHABLE, "probes can pass, but nobody gets in: closed")
    assert expected == verdict(derivation, cluster, closed, None)


def test_what_depends_comes_with_a_command() -> None:
    assert "curl" in judged(service(None, HTTP)).verify
