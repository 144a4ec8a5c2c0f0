"""What answers a probe, and the command that shows it."""

import pytest

from kubectl_akslb.derive.answer import NODE_ADDRESS, Answer, answer, probe_of, service_port_of, shell_quoted
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.reach import CERTAIN, KNOWN_WORKLOAD, UNKNOWN
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.workloads import recognise
from tests.derive.given import INTERNAL, balancer
from tests.doc_rows.row import local, on, port, service, udp

NGINX = {"app.kubernetes.io/name": "ingress-nginx"}
HTTP = port(80, "http", name="http")
KUBE_PROXY = "kube-proxy answers for the node; it knows nothing of this application"
CURL = (
    "kubectl run akslb-probe --rm -i --restart=Never --image=curlimages/curl --command --"
    " curl -s{} -o /dev/null -w '%{{http_code}}\\n' {}://"
    + NODE_ADDRESS.replace("{", "{{").replace("}", "}}")
    + ":{}{}"
)


def first(given: Service, cluster: Cluster | None = None) -> Answer:
    derivation = derive(given, cluster or on())
    rule = balancer(derivation).load_balancing_rules[0]
    return answer(derivation, rule, recognise(given.labels, given.selector))


@pytest.mark.parametrize(
    ("given", "cluster", "text", "up", "confidence"),
    [
        (service(), on(), "accepted as soon as a pod behind port 80 listens", True, CERTAIN),
        (service(None, udp(53)), on(), "nothing is probed: every node counts as up, with or without a working pod", True, CERTAIN),
        (service({"port_80_health-probe_port": "443"}, port(80), port(443)), on(), "accepted as soon as a pod behind port 443 listens", True, CERTAIN),
        (service({"port_80_health-probe_port": "22"}), on(), "whatever listens on port 22 of the node must accept the connection", None, UNKNOWN),
        (service({"port_80_health-probe_port": "15021"}, HTTP), on(), "whatever listens on port 15021 of the node must answer 200 to GET /", None, UNKNOWN),
        (service(None, HTTP), on(), "the pods behind port 80 must answer 200, and only 200, to GET /", None, UNKNOWN),
        (service(None, HTTP, labels=NGINX), on(), "ingress-nginx answers 404 to GET /, only 200 counts as up", False, KNOWN_WORKLOAD),
        (service({"azure-load-balancer-health-probe-request-path": "/healthz"}, HTTP, labels=NGINX), on(), "ingress-nginx answers 200 to GET /healthz", True, KNOWN_WORKLOAD),
        (service({"azure-load-balancer-health-probe-request-path": "/other"}, HTTP, selector=NGINX), on(), "the pods behind port 80 must answer 200, and only 200, to GET /other", None, UNKNOWN),
        (local(), on(), "kube-proxy answers 200 where the node has a ready pod of this Service", True, CERTAIN),
        (service(None, HTTP), on(probe_mode="shared"), KUBE_PROXY, True, CERTAIN),
        (service({"port_80_health-probe_port": "10256"}), on(), "kube-proxy accepts the connection, whatever the application does", True, CERTAIN),
        (service({"port_80_health-probe_port": "10256"}, HTTP), on(), "kube-proxy answers 200 only on http /healthz, not on Http /", False, CERTAIN),
        (service({"port_80_health-probe_port": "10356", "port_80_health-probe_request-path": "/healthz"}, HTTP), on(), KUBE_PROXY, True, CERTAIN),
        (service({**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}, HTTP), on(), "the pods behind port 80 must answer 200, and only 200, to GET /", None, UNKNOWN),
    ],
    ids=[
        "Tcp", "no probe", "another port of the Service", "port of the node", "port of the node over http", "http",
        "known to fail", "known to answer", "not known of the workload", "Local", "shared", "kube-proxy over Tcp",
        "kube-proxy at another path", "health-probe-proxy", "HA ports",
    ],
)  # fmt: skip
def test_answer(given: Service, cluster: Cluster, text: str, up: bool | None, confidence: str) -> None:  # noqa: FBT001
    found = first(given, cluster)
    assert (text, up, confidence) == found[:3]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (service(None, HTTP), CURL.format("", "http", "30080", "/")),
        (service({"azure-load-balancer-health-probe-request-path": "/a b'c"}, port(443, "https")), CURL.format("k", "https", "30443", "'/a b'\\''c'")),
        (service(None, HTTP._replace(node_port=None)), CURL.format("", "http", "$(kubectl get svc -n shop web -o jsonpath='{.spec.ports[0].nodePort}')", "/")),
        (service({"port_80_health-probe_port": "15021"}, HTTP), CURL.format("", "http", "15021", "/")),
        (service({"port_80_health-probe_port": "22"}), f"kubectl run akslb-probe --rm -i --restart=Never --image=busybox -- nc -zv {NODE_ADDRESS} 22"),
        (service(), ""),
    ],
    ids=["http", "https, quoted for the shell", "unknown node port", "port of the node", "connection", "nothing to verify"],
)  # fmt: skip
def test_command_that_verifies(given: Service, expected: str) -> None:
    assert expected == first(given).verify


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("", ""), ("/healthz", "/healthz"), ("a b", "'a b'"), ("$(rm)", "'$(rm)'"), ("it's", "'it'\\''s'")],
)
def test_shell_quoted(text: str, quoted: str) -> None:
    assert quoted == shell_quoted(text)


def test_rule_of_ha_ports_has_no_service_port() -> None:
    given = service({**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"})
    derivation = derive(given, on())
    rule = balancer(derivation).load_balancing_rules[0]
    assert service_port_of(given, rule) is None
    assert f"{rule.name.value}" == getattr(getattr(probe_of(derivation, rule), "name", None), "value", None)


def test_rule_without_load_balancer_has_no_probe() -> None:
    derivation = derive(service(), on())
    rule = balancer(derivation).load_balancing_rules[0]
    assert probe_of(derivation._replace(load_balancer=None), rule) is None
