"""Who answers the probe of a rule, and whether Azure takes it."""

from collections.abc import Sequence
from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.state import DaemonSet, Endpoint
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.probe import probe_hop
from tests.given.derived import balancer
from tests.given.objects import ALONE
from tests.given.services import local, on, port, service, udp
from tests.given.workloads import HTTP, HTTPS, NAME, NGINX, PROXY, TARGET, WEB, beside, config, ingress, reads, workload

PASS, DROP, DEPENDS = Outcome.PASS, Outcome.DROP, Outcome.DEPENDS
CERTAIN, DOCUMENTED, ASSUMED, OBSERVED = (
    Confidence.CERTAIN, Confidence.DOCUMENTED, Confidence.ASSUMED, Confidence.OBSERVED,
)  # fmt: skip
KNOWN = Confidence.WELL_KNOWN
PATH = "azure-load-balancer-health-probe-request-path"
PROTOCOL = "azure-load-balancer-health-probe-protocol"


def hops(given: Service, evidence: Evidence = ALONE, cluster: Cluster | None = None) -> list[Hop]:
    on_cluster = cluster or on()
    derivation = derive(given, on_cluster)
    rules = balancer(derivation).load_balancing_rules
    return [probe_hop(PathContext(derivation, on_cluster, evidence), rule) for rule in rules]


def said(given: Service, evidence: Evidence = ALONE, cluster: Cluster | None = None) -> tuple[Any, ...]:
    """Outcome, confidence and cause of the first rule."""
    hop = hops(given, evidence, cluster)[0]
    assert hop.name is HopName.PROBE
    return hop.outcome, hop.confidence, hop.because[0].cause


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(None, udp(53)), on(), (PASS, CERTAIN, Cause.NOT_PROBED)),
        (service(), on(), (PASS, ASSUMED, Cause.LISTENS)),
        (service({"port_80_health-probe_port": "443"}, port(80), port(443)), on(), (PASS, ASSUMED, Cause.LISTENS)),
        (service(None, HTTP), on(probe_mode="shared"), (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        (service(None, HTTP), on(probe_mode="shared", shared_probe_port=8000),
         (DEPENDS, ASSUMED, Cause.PROBE_PORT_OF_OTHERS)),
        (service({"port_80_health-probe_port": "10256"}), on(), (PASS, CERTAIN, Cause.KUBE_PROXY_ACCEPTS)),
        (service({"port_80_health-probe_port": "10256"}, HTTP), on(), (DROP, CERTAIN, Cause.KUBE_PROXY_REFUSES_REQUEST)),
        (service({"port_80_health-probe_port": "10256", PATH: "/healthz"}, HTTP), on(),
         (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        (service({"port_80_health-probe_port": "10256", PATH: "/livez"}, HTTP), on(),
         (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        (service({"port_80_health-probe_port": "10256", PATH: "/livez"}, HTTP), on("1.27.9"),
         (DROP, CERTAIN, Cause.KUBE_PROXY_REFUSES_REQUEST)),
        (service({"port_443_health-probe_port": "10256", PATH: "/healthz"}, HTTPS), on(),
         (DROP, CERTAIN, Cause.KUBE_PROXY_REFUSES_REQUEST)),
        (service({"port_80_health-probe_port": "10356", PATH: "/healthz"}, HTTP), on(),
         (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        (local(), on(), (PASS, CERTAIN, Cause.HEALTH_CHECK_ANSWERS)),
        (local({"port_80_health-probe_port": "31000"}), on(), (PASS, CERTAIN, Cause.HEALTH_CHECK_ACCEPTS)),
        (local({"port_80_health-probe_port": "31000"}, HTTP), on(), (PASS, CERTAIN, Cause.HEALTH_CHECK_ANSWERS)),
        (local({"port_443_health-probe_port": "31000"}, HTTPS), on(),
         (DROP, CERTAIN, Cause.KUBE_PROXY_REFUSES_REQUEST)),
        (service({"port_80_health-probe_port": "8080"}), on(), (DROP, DOCUMENTED, Cause.PROBE_PORT_OUTSIDE)),
        (service({"port_80_health-probe_port": "15021"}, HTTP), on(), (DROP, DOCUMENTED, Cause.PROBE_PORT_OUTSIDE)),
        (service({"port_80_health-probe_port": "22"}), on(), (DEPENDS, DOCUMENTED, Cause.PROBE_PORT_OF_NODE)),
        (service({"port_80_health-probe_port": "10250"}, HTTP), on(), (DROP, DOCUMENTED, Cause.PROBE_PORT_OF_NODE)),
        (service({"port_80_health-probe_port": "30999"}), on(), (DEPENDS, ASSUMED, Cause.PROBE_PORT_OF_OTHERS)),
        (service({"port_80_health-probe_port": "30080"}), on(), (PASS, ASSUMED, Cause.LISTENS)),
        (service(None, port(80)._replace(node_port=None), allocate_load_balancer_node_ports=False), on(),
         (DROP, DOCUMENTED, Cause.NO_NODE_PORT)),
        (service(None, port(80), allocate_load_balancer_node_ports=False), on(), (PASS, ASSUMED, Cause.LISTENS)),
        (service(None, HTTP), on(), (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
    ],
)  # fmt: skip
def test_who_answers(given: Service, cluster: Cluster, expected: tuple[Any, ...]) -> None:
    assert expected == said(given, cluster=cluster)


@pytest.mark.parametrize(
    ("given", "cluster", "expected"),
    [
        (service(PROXY), on(), (PASS, ASSUMED, Cause.LISTENS)),
        (service(PROXY, HTTP), on(), (DEPENDS, DOCUMENTED, Cause.PROXY_HEADER_TO_PODS)),
        (service({**PROXY, PATH: "/healthz"}, HTTP, labels=NGINX), on(),
         (DEPENDS, DOCUMENTED, Cause.PROXY_HEADER_TO_PODS)),
        (service(PROXY), on(probe_mode="shared"), (DROP, DOCUMENTED, Cause.PROXY_HEADER_TO_KUBE_PROXY)),
        (service(PROXY), on(probe_mode="shared", shared_probe_port=10356), (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        (service({**PROXY, "port_80_health-probe_port": "10256"}), on(), (PASS, CERTAIN, Cause.KUBE_PROXY_ACCEPTS)),
        (service({**PROXY, "azure-pls-create": "false"}, HTTP), on(), (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
    ],
)  # fmt: skip
def test_header_of_the_proxy_protocol(given: Service, cluster: Cluster, expected: tuple[Any, ...]) -> None:
    assert expected == said(given, cluster=cluster)


def test_local_probe_with_a_proxy_header_before_the_provider_avoided_it() -> None:
    assert (DROP, DOCUMENTED, Cause.PROXY_HEADER_TO_KUBE_PROXY) == said(local(PROXY), cluster=on("1.24.0"))


@pytest.mark.parametrize(
    ("objects", "given", "expected"),
    [
        ((workload({"containerPort": 8080, "hostPort": 8080}, kind="DaemonSet"),), service({"port_80_health-probe_port": "8080"}),
         (PASS, ASSUMED, Cause.PROBE_PORT_OF_PODS)),
        ((workload({"containerPort": 8080}, pod={"hostNetwork": True}),), service({"port_80_health-probe_port": "8080"}),
         (DEPENDS, ASSUMED, Cause.PROBE_PORT_OF_PODS)),
        ((workload({"containerPort": 8080}, kind="DaemonSet", pod={"hostNetwork": True}),),
         service({"port_80_health-probe_port": "8080"}, HTTP), (DEPENDS, ASSUMED, Cause.PROBE_PORT_OF_PODS)),
        ((workload({"containerPort": 8080}),), service({"port_80_health-probe_port": "8080"}),
         (DROP, DOCUMENTED, Cause.PROBE_PORT_OUTSIDE)),
        (({"kind": "Service", "metadata": {"name": "other"}, "spec": {"ports": [{"nodePort": 29000}]}},),
         service({"port_80_health-probe_port": "29000"}), (DEPENDS, ASSUMED, Cause.PROBE_PORT_OF_OTHERS)),
    ],
)  # fmt: skip
def test_ports_of_the_node(objects: tuple[Any, ...], given: Service, expected: tuple[Any, ...]) -> None:
    assert expected == said(given, beside(*objects))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({PATH: "/healthz"}, [(PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)] * 2),
        ({}, [(DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)] * 2),
        ({PATH: "/livez"}, [(DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)] * 2),
        ({PATH: "/other"}, [(DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)] * 2),
        ({PATH: "/healthz", "port_443_health-probe_protocol": "http"},
         [(PASS, KNOWN, Cause.WELL_KNOWN_ANSWER), (DROP, KNOWN, Cause.TLS_PORT_ASKED_PLAINLY)]),
        ({PATH: "/healthz", "port_80_health-probe_protocol": "https"},
         [(DROP, KNOWN, Cause.PLAIN_PORT_ASKED_FOR_TLS), (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)]),
        ({PATH: "/healthz", "port_443_health-probe_protocol": "http", "port_443_health-probe_port": "80"},
         [(PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)] * 2),
    ],
)  # fmt: skip
def test_every_port_of_ingress_nginx(given: dict[str, str], expected: list[tuple[Any, ...]]) -> None:
    found = hops(service(given, HTTP, HTTPS, labels=NGINX))
    assert expected == [(one.outcome, one.confidence, one.because[0].cause) for one in found]


def test_the_container_port_decides_what_is_spoken() -> None:
    """TLS ends before the Service: its port 443 leads to the plain port."""
    plain = port(443, name="https")._replace(target_port="http")
    given = service({PATH: "/healthz", PROTOCOL: "http"}, plain, labels=NGINX)
    assert (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER) == said(given)


@pytest.mark.parametrize(
    ("labels", "given", "annotations", "expected"),
    [
        ({NAME: "kong"}, port(8001, "http", name="kong-admin"), {}, (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ({NAME: "kong"}, port(8000, "http", name="kong-proxy"), {}, (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ({NAME: "kong"}, port(9999, "http", name="own"), {}, (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
        ({NAME: "kubernetes-ingress"}, port(1024, "http", name="stat"), {}, (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ({NAME: "kubernetes-ingress"}, port(80, "http", name="http"), {PATH: "/healthz"},
         (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ({NAME: "traefik"}, port(443, "http", name="websecure")._replace(target_port="websecure"), {PATH: "/ping"},
         (DROP, KNOWN, Cause.TLS_PORT_ASKED_PLAINLY)),
        ({NAME: "qdrant"}, port(6333, "http", name="http"), {PATH: "/readyz"}, (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ({NAME: "qdrant"}, port(6333, "https", name="http"), {PATH: "/readyz"},
         (DEPENDS, KNOWN, Cause.MAY_SPEAK_OTHERWISE)),
        ({NAME: "argocd-server"}, port(80, "http", name="http"), {PATH: "/healthz"},
         (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
        ({NAME: "argocd-server"}, port(443, "https", name="https"), {PATH: "/healthz"},
         (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
        ({NAME: "grafana"}, port(80, "http", name="service"), {PATH: "/api/health"},
         (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ({NAME: "grafana"}, port(80, "http", name="service"), {}, (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
        ({NAME: "prometheus"}, port(9090, "http", name="web"), {}, (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ({NAME: "nats"}, port(8222, "http", name="monitor"), {}, (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ({NAME: "influxdb"}, port(8086, "http", name="http"), {PATH: "/ping"}, (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ({NAME: "nginx-ingress"}, HTTP, {}, (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ({}, port(443, "http", name="https"), {}, (DEPENDS, ASSUMED, Cause.MAY_SPEAK_OTHERWISE)),
        ({}, port(8443, "http"), {}, (DEPENDS, ASSUMED, Cause.MAY_SPEAK_OTHERWISE)),
        ({}, port(443, "https", name="https"), {}, (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
    ],
)  # fmt: skip
def test_ports_decide(
    labels: dict[str, str], given: Any, annotations: dict[str, str], expected: tuple[Any, ...]
) -> None:
    assert expected == said(service(annotations, given, labels=labels))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--config.file=/etc/prometheus.yml"], (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ([], (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        (["--web.route-prefix=/metrics"], (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
        (["-c", "exec prometheus --web.external-url=http://x/y"], (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
        (None, (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
    ],
)
def test_arguments_of_the_pods_settle_what_an_answer_rests_on(
    arguments: list[str] | None, expected: tuple[Any, ...]
) -> None:
    given = service({PATH: "/-/healthy"}, port(9090, "http", name="web"), labels={NAME: "prometheus"})
    found = () if arguments is None else (workload({"name": "web", "containerPort": 9090}, args=arguments),)
    assert expected == said(given, beside(*found))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((), (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
        ((9093,), (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ((9093, 9093), (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ((9093, 9999), (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
    ],
)
def test_pods_tell_the_number_behind_a_name_where_they_agree(
    numbers: tuple[int, ...], expected: tuple[Any, ...]
) -> None:
    given = service(None, port(80, "http", name="own")._replace(target_port="special"), labels={NAME: "alertmanager"})
    pods = [workload({"name": "special", "containerPort": number}) for number in numbers]
    assert expected == said(given, beside(*pods))


@pytest.mark.parametrize(
    ("annotations", "labels", "origin"),
    [
        ({PATH: "/other"}, {}, PATH),
        ({PATH: "/other"}, NGINX, PATH),
        ({"port_80_health-probe_request-path": "/other"}, {}, "port_80_health-probe_request-path"),
    ],
)
def test_an_answer_is_about_what_asks_for_the_path(
    annotations: dict[str, str], labels: dict[str, str], origin: str
) -> None:
    found = hops(service(annotations, HTTP, labels=labels))[0].because[0].origin
    assert found is not None
    assert found.path.endswith(origin)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_program_that_speaks_both_is_not_judged_by_its_readiness(scheme: str) -> None:
    """The kubelet's plain request is redirected to TLS and counts; Azure asks over TLS at once."""
    given = service({PATH: "/healthz"}, port(443, scheme, name="server"), labels={NAME: "argocd-server"})
    pods = workload({"name": "server", "containerPort": 8080}, **reads("/healthz", "server"))
    assert (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS) == said(given, beside(pods))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--ping=true"], (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        (["--entryPoints.traefik.address=:8080/tcp"], (DEPENDS, KNOWN, Cause.WELL_KNOWN_UNLESS)),
    ],
)
def test_pods_tell_whether_what_an_answer_needs_is_switched_on(args: list[str], expected: tuple[Any, ...]) -> None:
    given = port(8080, "http", name="traefik")
    pods = workload({"name": "traefik", "containerPort": 8080}, image="traefik:v3.1", args=args)
    assert expected == said(service({PATH: "/ping"}, given, selector={"app": "web"}), beside(pods))


@pytest.mark.parametrize(
    ("labels", "number", "cause"),
    [
        ({"istio": "edge"}, 15021, Cause.LISTENS),
        ({"istio": "edge"}, 80, Cause.LISTENS_WITH_ROUTES),
        ({NAME: "contour", "app.kubernetes.io/component": "envoy"}, 80, Cause.LISTENS_WITH_ROUTES),
        ({}, 80, Cause.LISTENS),
    ],
)
def test_some_listen_only_with_routes(labels: dict[str, str], number: int, cause: Cause) -> None:
    given = service(None, port(number), port(15021, name="status-port"), labels=labels)
    assert (PASS, ASSUMED, cause) == said(given)


@pytest.mark.parametrize(
    ("objects", "path", "expected"),
    [
        ((config(use_proxy_protocol="true"),), "/healthz", (DROP, KNOWN, Cause.SETTING_STOPS_PROBE)),
        ((config(use_proxy_protocol="true"),), "/", (DROP, KNOWN, Cause.SETTING_STOPS_PROBE)),
        ((config(server_snippet="return 403;"),), "/healthz", (DEPENDS, KNOWN, Cause.SETTING_MAY_STOP_PROBE)),
        ((config(block_user_agents="x"),), "/", (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ((ingress("/healthz"),), "/healthz", (DEPENDS, KNOWN, Cause.INGRESS_CAPTURES_PROBE)),
        ((ingress("/"),), "/healthz", (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ((ingress("/"),), "/", (DEPENDS, KNOWN, Cause.INGRESS_CAPTURES_PROBE)),
        ((ingress("/", ingressClassName="traefik"),), "/", (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
        ((workload(args=["--health-check-path=/up"]),), "/up", (PASS, KNOWN, Cause.WELL_KNOWN_ANSWER)),
        ((workload(args=["--health-check-path=/up"]),), "/healthz", (DROP, KNOWN, Cause.WELL_KNOWN_FAILURE)),
    ],
)
def test_what_stands_beside_ingress_nginx(objects: tuple[Any, ...], path: str, expected: tuple[Any, ...]) -> None:
    assert expected == said(service({PATH: path}, HTTP, labels=NGINX), beside(*objects))


@pytest.mark.parametrize(
    ("found", "given", "expected"),
    [
        (workload(WEB, **reads("/ready")), service({PATH: "/ready"}, TARGET),
         (DEPENDS, ASSUMED, Cause.READINESS_ASKS_THE_SAME)),
        (workload(WEB, **reads("/other")), service({PATH: "/ready"}, TARGET), (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
        (workload(WEB, **reads("/ready", scheme="HTTPS")), service({PATH: "/ready"}, TARGET),
         (DROP, DOCUMENTED, Cause.TLS_PORT_ASKED_PLAINLY)),
        (workload(WEB, **reads("/ready")), service({PATH: "/ready", "port_80_health-probe_protocol": "https"}, TARGET),
         (DROP, DOCUMENTED, Cause.PLAIN_PORT_ASKED_FOR_TLS)),
        (workload(WEB, **reads("/ready")), service(None, TARGET._replace(app_protocol=None)),
         (PASS, CERTAIN, Cause.LISTENS)),
        (workload(WEB, **reads("/ready", 9090)), service(None, TARGET._replace(app_protocol=None)),
         (PASS, ASSUMED, Cause.LISTENS)),
        (workload({**WEB, "name": "https"}), service(None, port(80, "http")._replace(target_port="https")),
         (DEPENDS, ASSUMED, Cause.MAY_SPEAK_OTHERWISE)),
        (workload(WEB), service(None, port(443, "http", name="https")._replace(target_port="http")),
         (DEPENDS, ASSUMED, Cause.ANSWER_NOT_PROVEN)),
    ],
)  # fmt: skip
def test_what_the_pods_tell(found: Any, given: Service, expected: tuple[Any, ...]) -> None:
    assert expected == said(given, beside(found))


def event(message: str, name: str = "web-7d9c-x", reason: str = "ProbeWarning") -> dict[str, Any]:
    return {"kind": "Event", "reason": reason, "message": message, "involvedObject": {"kind": "Pod", "name": name}}


WARNING = "Readiness probe warning: Probe terminated redirects, Response body: "


@pytest.mark.parametrize(
    ("found", "path", "cause"),
    [
        (event(WARNING), "/ready", Cause.READINESS_IS_REDIRECTED),
        (event(WARNING), "/other", Cause.ANSWER_NOT_PROVEN),
        (event(WARNING, "other-7d9c-x"), "/ready", Cause.READINESS_ASKS_THE_SAME),
        (event("Liveness probe warning: x"), "/ready", Cause.READINESS_ASKS_THE_SAME),
        (event(WARNING, reason="Unhealthy"), "/ready", Cause.READINESS_ASKS_THE_SAME),
    ],
)
def test_the_kubelet_tells_of_redirects(found: dict[str, Any], path: str, cause: Cause) -> None:
    evidence = beside(workload(WEB, **reads("/ready")), found, source=EvidenceSource.CLUSTER)
    outcome, confidence, said_cause = said(service({PATH: path}, TARGET), evidence)
    assert cause is said_cause
    assert (outcome is DROP and confidence is OBSERVED) == (cause is Cause.READINESS_IS_REDIRECTED)


def test_ready_pods_that_listen_are_seen() -> None:
    endpoints = (Endpoint("web-x", ("10.0.0.1",), "n", ready=True, serving=True, terminating=False),)
    evidence = beside(workload(WEB, **reads("/ready")), source=EvidenceSource.CLUSTER, endpoints=endpoints)
    given = service(None, TARGET._replace(app_protocol=None))
    assert (PASS, OBSERVED, Cause.LISTENS) == said(given, evidence)


SIDECAR = DaemonSet("cloud-node-manager", 3, 3, ("cloud-node-manager", "health-probe-proxy"))


@pytest.mark.parametrize(
    ("sets", "number", "expected"),
    [
        ((DaemonSet("kube-proxy", 3, 3),), 10256, (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        ((DaemonSet("kube-proxy", 3, 0),), 10256, (DROP, OBSERVED, Cause.NO_KUBE_PROXY)),
        ((DaemonSet("cilium", 3, 3),), 10256, (DEPENDS, OBSERVED, Cause.NO_KUBE_PROXY_WITH_CILIUM)),
        ((SIDECAR, DaemonSet("cilium", 3, 3)), 10356, (DEPENDS, OBSERVED, Cause.NO_KUBE_PROXY_WITH_CILIUM)),
        ((), 10256, (DEPENDS, OBSERVED, Cause.NO_KUBE_PROXY)),
        ((SIDECAR, DaemonSet("kube-proxy", 3, 3)), 10356, (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        ((SIDECAR._replace(ready=2), DaemonSet("kube-proxy", 3, 2)), 10356, (PASS, CERTAIN, Cause.KUBE_PROXY_ANSWERS)),
        ((SIDECAR, DaemonSet("kube-proxy", 3, 0)), 10356, (DROP, OBSERVED, Cause.NO_KUBE_PROXY)),
        ((SIDECAR._replace(ready=0), DaemonSet("kube-proxy", 3, 3)), 10356, (DROP, OBSERVED, Cause.NO_KUBE_PROXY)),
        ((DaemonSet("cloud-node-manager", 3, 3, ("cloud-node-manager",)),), 10356,
         (DEPENDS, OBSERVED, Cause.NO_KUBE_PROXY)),
    ],
)  # fmt: skip
def test_shared_probe_on_a_cluster(sets: Sequence[DaemonSet], number: int, expected: tuple[Any, ...]) -> None:
    evidence = beside(source=EvidenceSource.CLUSTER, daemon_sets=tuple(sets))
    assert expected == said(service(), evidence, on(probe_mode="shared", shared_probe_port=number))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (service(None, HTTP), "kubectl akslb verify svc/web -n shop"),
        (service({PATH: "/a b'c"}, HTTPS), "kubectl akslb verify svc/web -n shop"),
        (service({"port_80_health-probe_port": "22"}), "kubectl akslb verify svc/web -n shop"),
        (service(None, HTTP, namespace=""), "kubectl akslb verify svc/web"),
        (service(None, HTTP, name="Not Valid"), None),
        (service(None, HTTP, namespace="$(x)"), None),
        (service(), None),
    ],
)
def test_command_that_verifies(given: Service, expected: str | None) -> None:
    found = hops(given)[0].verify
    assert expected == (str(found) if found else None)


@pytest.mark.parametrize(
    "given", [service(None, HTTP), service({"port_80_health-probe_port": "22"}), service(PROXY, HTTP)]
)
def test_what_depends_can_be_verified_on_another_cluster(given: Service) -> None:
    (hop,) = hops(given)
    assert hop.outcome is DEPENDS
    assert hop.verify is not None
    assert "kubectl akslb verify --context=prod svc/web -n shop" == str(hop.verify.on(("--context=prod",)))
