"""Which annotations a Service gets, and which it does not."""

from typing import Any

import pytest

from kubectl_akslb.lint.annotation_policy import Policy, PolicyRule
from kubectl_akslb.model.cluster import BASIC, SHARED
from kubectl_akslb.path.choice import KnownChoice, UnknownChoice
from kubectl_akslb.provider.version import NEWEST
from tests.given.charts import BETA, PATH, added, cluster, deployment, objects, path_of, protocol_of, render, service

HTTP = "name: http, port: 80, targetPort: http, appProtocol: http"
HTTPS = "name: https, port: 443, targetPort: https, appProtocol: https"
PROTOCOL = f"{BETA}azure-load-balancer-health-probe-protocol"
NGINX = "  labels: {app.kubernetes.io/name: ingress-nginx}\n"
READY = "ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: http}}"
TCP_80 = {protocol_of(80): "tcp"}
READINESS = Policy(unknown="path")


def by_readiness(text: str, **options: Any) -> dict[str, str]:
    """What is added where somebody wants the path of the readiness probe."""
    return added(text, policy=READINESS, **options)


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        (HTTP, {80: "tcp"}),
        (f"{HTTP}; {HTTPS}", {80: "tcp", 443: "tcp"}),
        ("port: 80, appProtocol: HTTP", {80: "tcp"}),
        ("port: 80, appProtocol: ' http '", {80: "tcp"}),
        ("port: 80", {}),
        ("port: 80, name: http", {}),
        ("port: 80, appProtocol: tcp", {}),
        ("port: 80, appProtocol: ''", {}),
        ("port: 80, appProtocol: grpc", {}),
        ("port: 80, appProtocol: kubernetes.io/h2c", {}),
        ("port: 443, protocol: UDP, appProtocol: https", {}),
        ("port: 443, protocol: UDP, appProtocol: https, name: u; port: 443, appProtocol: https, name: t", {443: "tcp"}),
    ],
)
def test_ports_of_an_unknown_workload(ports: str, expected: dict[int, str]) -> None:
    assert {protocol_of(port): value for port, value in expected.items()} == added(service(ports))


@pytest.mark.parametrize(
    ("metadata", "spec"),
    [
        ("", "  externalTrafficPolicy: Local\n"),
        ("", "  loadBalancerClass: example.com/other\n"),
        (f"  annotations: {{{PATH}: /mine}}\n", ""),
        (f"  annotations: {{{PATH}: ''}}\n", ""),
        (f"  annotations: {{{path_of(80)}: /mine}}\n", ""),
        (f"  annotations: {{{protocol_of(80)}: tcp}}\n", ""),
        (f"  annotations: {{{BETA}port_80_health-probe_port: '10256'}}\n", ""),
        (f"  annotations: {{{BETA}port_80_no_probe_rule: 'true'}}\n", ""),
        (f"  annotations: {{{BETA}port_80_no_lb_rule: 'true'}}\n", ""),
    ],
)
def test_nothing_where_it_has_no_effect_or_somebody_chose(metadata: str, spec: str) -> None:
    text = service(HTTP, metadata, spec)
    assert text.encode() == render(text).output


@pytest.mark.parametrize("kind", ["ClusterIP", "NodePort", "ExternalName"])
def test_other_types_are_left_alone(kind: str) -> None:
    text = service(HTTP).replace("LoadBalancer", kind) + "# LoadBalancer\n"
    assert text.encode() == render(text).output


def test_interval_and_count_are_no_choice_of_what_is_asked() -> None:
    metadata = f"  annotations: {{{BETA}azure-load-balancer-health-probe-interval: '10'}}\n"
    assert TCP_80 == added(service(HTTP, metadata))


def test_shared_probe_and_basic() -> None:
    assert {} == added(service(HTTP), probe_mode=SHARED)
    assert TCP_80 == added(service(f"{HTTP}; {HTTPS}"), load_balancer_sku=BASIC)  # https is Tcp there


@pytest.mark.parametrize(
    ("version", "unknown", "nginx"),
    [
        ("1.23.3", {}, {}),
        ("1.23.8", None, {PATH: "/healthz"}),
        ("1.23.30", {}, {}),
        ("1.24.0", None, {PATH: "/healthz"}),
        ("1.24.11", None, {PATH: "/healthz"}),
        ("1.24.12", TCP_80, {PATH: "/healthz"}),
        ("1.25.5", None, {PATH: "/healthz"}),
        ("1.25.6", TCP_80, {PATH: "/healthz"}),
        ("1.26.0", TCP_80, {PATH: "/healthz"}),
        (str(NEWEST), TCP_80, {PATH: "/healthz"}),
    ],
)
def test_versions(version: str, unknown: dict[str, str] | None, nginx: dict[str, str]) -> None:
    """None: this provider ignores what would help, so the port keeps its probe, with a warning."""
    done = render(service(HTTP), version)
    assert (unknown is None) == bool(done.warnings)
    assert (unknown or {}) == {one.annotation: one.value for one in done.changes}
    assert all("ignores port_80_health-probe_protocol" in one.message for one in done.warnings)
    # On 1.23.8 and before 1.23.9 the default path is /healthz already.
    wanted = {} if version == "1.23.8" else nginx
    assert wanted == added(service(HTTP, NGINX), version)


@pytest.mark.parametrize(
    ("metadata", "ports", "expected"),
    [
        (NGINX, f"{HTTP}; {HTTPS}", {PATH: "/healthz"}),
        (NGINX, f"{HTTP}; name: tcp-5432, port: 5432", {PATH: "/healthz"}),
        (
            NGINX,
            f"{HTTP}; name: extra, port: 8000, appProtocol: http",
            {path_of(80): "/healthz", protocol_of(8000): "tcp"},
        ),
        (
            "  labels: {app.kubernetes.io/name: kong}\n",
            f"{HTTP}; {HTTPS}",
            {protocol_of(80): "tcp", protocol_of(443): "tcp"},
        ),
        ("  labels: {app.kubernetes.io/name: kubernetes-ingress}\n", HTTP, TCP_80),
        ("  labels: {app.kubernetes.io/component: jenkins-controller}\n", HTTP, {PATH: "/login"}),
    ],
)
def test_known_workloads(metadata: str, ports: str, expected: dict[str, str]) -> None:
    assert expected == added(service(ports, metadata))


def test_a_path_for_all_must_not_reach_a_probe_that_somebody_chose() -> None:
    metadata = NGINX + f"  annotations: {{{path_of(8000)}: /own}}\n"
    ports = f"{HTTP}; name: own, port: 8000, appProtocol: http"
    assert {PATH: "/healthz"} == added(service(ports, metadata))


@pytest.mark.parametrize(
    ("annotations", "ports", "labels", "expected"),
    [
        ({protocol_of(80): "http"}, "name: http, port: 80", "", {protocol_of(80): "tcp"}),
        ({protocol_of(80): "http"}, HTTP, "", {protocol_of(80): "tcp"}),
        ({PROTOCOL: "http"}, "name: http, port: 80", "", {PROTOCOL: "http", protocol_of(80): "tcp"}),
        ({PROTOCOL: "http"}, "name: a, port: 80; name: b, port: 81", "",
         {PROTOCOL: "http", protocol_of(80): "tcp", protocol_of(81): "tcp"}),
        ({PROTOCOL: "http"}, "name: http, port: 80", NGINX, {PROTOCOL: "http", PATH: "/healthz"}),
        ({PROTOCOL: "http"}, "name: http, port: 80; name: https, port: 443", NGINX,
         {PROTOCOL: "http", PATH: "/healthz", protocol_of(443): "https"}),
        ({PROTOCOL: "http", PATH: "/own"}, "name: a, port: 80", "", {PROTOCOL: "http", PATH: "/own"}),
    ],
)  # fmt: skip
def test_probes_that_annotations_make(
    annotations: dict[str, str], ports: str, labels: str, expected: dict[str, str]
) -> None:
    lines = "".join(f"    {key}: {value}\n" for key, value in annotations.items())
    done = render(service(ports, f"{labels}  annotations:\n{lines}"))
    assert expected == objects(done.output)[0]["metadata"]["annotations"]


def test_the_status_port_of_istio_is_asked_for_all_ports() -> None:
    ports = f"name: status-port, port: 15021; {HTTP}; {HTTPS}"
    expected = {
        PATH: "/healthz/ready",
        **{f"{BETA}port_{port}_health-probe_port": "15021" for port in (80, 443)},
        protocol_of(443): "http",
    }
    assert expected == added(service(ports, "  labels: {istio: edge}\n"))
    assert {protocol_of(80): "tcp", protocol_of(443): "tcp"} == added(
        service(f"{HTTP}; {HTTPS}", "  labels: {istio: ingressgateway}\n")
    )


def test_a_workload_is_recognised_by_its_image() -> None:
    pods = deployment("ports: [{name: http, containerPort: 8080}]").replace(
        "example.com/x", '"registry.example.com/jenkins/jenkins:2.5-lts@sha256:0"'
    )
    assert {PATH: "/login"} == added(service(HTTP) + pods)


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ("kind: ConfigMap\nmetadata: {name: a}\ndata: {use-proxy-protocol: 'true'}\n", (80, 443)),
        ("kind: ConfigMap\nmetadata: {name: a}\ndata: {use-proxy-protocol: 'false'}\n", ()),
        ("kind: ConfigMap\nmetadata: {name: a}\ndata: {server-snippet: 'return 200;'}\n", (80, 443)),
        ("kind: ConfigMap\nmetadata: {name: a}\ndata: {whitelist-source-range: 10.0.0.0/8}\n", (80, 443)),
        ("kind: ConfigMap\nmetadata: {name: a}\ndata: {other: use-proxy-protocol}\n", ()),
        (
            "kind: Ingress\nmetadata: {name: a, annotations: {nginx.ingress.kubernetes.io/use-regex: 'true'}}\n"
            "spec: {rules: [{http: {paths: [{path: '/(.*)'}]}}]}\n",
            (80, 443),
        ),
        (
            "kind: Ingress\nmetadata: {name: a, annotations: {nginx.ingress.kubernetes.io/use-regex: 'true'}}\n"
            "spec: {rules: [{host: a.example.com}]}\n",
            (),
        ),
        (
            "kind: Ingress\nmetadata: {name: a, annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$1}}\n"
            "spec: {rules: [{http: {}}]}\n",
            (80, 443),
        ),
    ],
)
def test_what_keeps_ingress_nginx_from_answering(beside: str, expected: tuple[int, ...]) -> None:
    text = service(f"{HTTP}; {HTTPS}", NGINX) + "---\napiVersion: v1\n" + beside
    wanted = {protocol_of(port): "tcp" for port in expected} or {PATH: "/healthz"}
    assert wanted == added(text)


def test_a_rejected_handshake_concerns_https_only() -> None:
    beside = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {ssl-reject-handshake: 'true'}\n"
    text = service(f"{HTTP}; {HTTPS}", NGINX) + beside
    assert {path_of(80): "/healthz", protocol_of(443): "tcp"} == added(text)


@pytest.mark.parametrize("arguments", ["[--health-check-path=/up]", "[--v=2, --health-check-path, /up]"])
def test_a_health_check_that_was_moved(arguments: str) -> None:
    assert {PATH: "/up"} == added(service(HTTP, NGINX) + deployment(f"args: {arguments}"))


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/login", "/login"), ("/ci/login", "/ci/login"), ("/ci/logout", "/login"), ("/ci/other", "/login")],
)
def test_a_known_path_below_a_prefix(path: str, expected: str) -> None:
    pods = deployment(READY.replace("/ready", path) + ", env: [{name: A, value: /x/login}]")
    labels = "  labels: {app.kubernetes.io/component: jenkins-controller}\n"
    assert {PATH: expected} == added(service(HTTP, labels) + pods)


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        (READY, {PATH: "/ready"}),
        (READY.replace("port: http}", "port: 8080}"), {PATH: "/ready"}),
        (READY.replace("path: /ready, ", ""), TCP_80),
        (READY.replace("/ready", "'/ready?full=1'"), {PATH: "/ready?full=1"}),
        (READY.replace("/ready", "ready"), TCP_80),
        (READY.replace("port: http}", "port: 9090}"), TCP_80),
        (READY.replace("port: http}", "port: other}"), TCP_80),
        (READY.replace("port: http}", "port: http, scheme: HTTPS}"), TCP_80),
        (READY.replace("port: http}", "port: http, host: example.com}"), TCP_80),
        (READY.replace("port: http}", "port: http, httpHeaders: [{name: Host, value: a}]}"), TCP_80),
        (READY.replace("readinessProbe", "livenessProbe"), TCP_80),
        (READY.replace("httpGet: {path: /ready, port: http}", "tcpSocket: {port: http}"), TCP_80),
        (READY.replace("name: http, containerPort", "name: web, containerPort"), TCP_80),
        (READY.replace("containerPort: 8080", "containerPort: 8080, protocol: UDP"), TCP_80),
        ("", TCP_80),
    ],
)
def test_readiness_of_the_pods_in_the_stream(container: str, expected: dict[str, str]) -> None:
    container = container or "ports: []"
    assert expected == by_readiness(service(HTTP) + deployment(container))


@pytest.mark.parametrize(
    "kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout"]
)
def test_kinds_of_workloads(kind: str) -> None:
    assert {PATH: "/ready"} == by_readiness(service(HTTP) + deployment(READY, kind=kind))


def test_a_pod_of_its_own_and_a_list() -> None:
    pod = f"kind: Pod, metadata: {{name: a, labels: {{app: web}}}}, spec: {{containers: [{{name: a, {READY}}}]}}"
    assert {PATH: "/ready"} == by_readiness(service(HTTP) + f"---\n{{{pod}}}\n")
    assert {PATH: "/ready"} == by_readiness(service(HTTP) + f"---\n{{kind: List, items: [{{{pod}}}]}}\n")


@pytest.mark.parametrize("other", ["kind: Job", "annotations: {helm.sh/hook: test}"])
def test_jobs_and_hooks_are_no_workload(other: str) -> None:
    job = other == "kind: Job"
    beside = deployment("ports: []", "" if job else f"  {other}\n", kind="Job" if job else "Deployment")
    assert {PATH: "/ready"} == by_readiness(service(HTTP) + deployment(READY) + beside)


def test_a_number_needs_no_declared_container_port() -> None:
    container = "readinessProbe: {httpGet: {path: /up, port: 8080}}"
    assert {PATH: "/up"} == by_readiness(
        service("port: 80, targetPort: 8080, appProtocol: http") + deployment(container)
    )


def test_the_target_port_is_the_port_where_none_is_given() -> None:
    container = "readinessProbe: {httpGet: {path: /up, port: 8080}}"
    assert {PATH: "/up"} == by_readiness(service("port: 8080, appProtocol: http") + deployment(container))


def test_workloads_must_agree() -> None:
    second = deployment(READY.replace("/ready", "/other")).replace("  name: web\n", "  name: two\n", 1)
    assert TCP_80 == by_readiness(service(HTTP) + deployment(READY) + second)
    assert {PATH: "/ready"} == by_readiness(service(HTTP) + deployment(READY) + second.replace("/other", "/ready"))


@pytest.mark.parametrize(
    ("service_in", "pods_in", "release", "expected"),
    [
        ("", "", "", {PATH: "/ready"}),
        ("shop", "shop", "", {PATH: "/ready"}),
        ("shop", "other", "", TCP_80),
        ("shop", "", "", TCP_80),
        ("", "shop", "", TCP_80),
        ("shop", "", "shop", {PATH: "/ready"}),
        ("", "shop", "shop", {PATH: "/ready"}),
        ("", "shop", "other", TCP_80),
    ],
)
def test_namespaces(service_in: str, pods_in: str, release: str, expected: dict[str, str]) -> None:
    text = service(HTTP, f"  namespace: {service_in}\n" if service_in else "")
    text += deployment(READY, f"  namespace: {pods_in}\n" if pods_in else "")
    assert expected == by_readiness(text, namespace=release)


def test_a_service_without_a_selector_has_no_pods() -> None:
    text = service(HTTP).replace("  selector: {app: web}\n", "") + deployment(READY)
    assert TCP_80 == by_readiness(text)


def test_https_needs_a_readiness_probe_over_https() -> None:
    container = (
        "ports: [{name: https, containerPort: 8443}],"
        " readinessProbe: {httpGet: {path: /ready, port: https, scheme: HTTPS}}"
    )
    assert {PATH: "/ready"} == by_readiness(service(HTTPS) + deployment(container))


def test_one_path_for_each_port() -> None:
    first, second = (
        f"readinessProbe: {{httpGet: {{path: /{name}, port: {port}}}}}" for name, port in (("a", 81), ("b", 82))
    )
    ports = "name: a, port: 1, targetPort: 81, appProtocol: http; name: b, port: 2, targetPort: 82, appProtocol: http"
    pods = deployment(f"{first}}}\n      - {{name: second, {second}")
    assert {path_of(1): "/a", path_of(2): "/b"} == by_readiness(service(ports) + pods)


def test_high_availability_ports_have_one_probe() -> None:
    metadata = (
        f"  annotations: {{{BETA}azure-load-balancer-internal: 'true',"
        f" {BETA}azure-load-balancer-enable-high-availability-ports: 'true'}}\n"
    )
    assert TCP_80 == added(service(f"{HTTP}; {HTTPS}", metadata))


def test_dual_stack() -> None:
    assert TCP_80 == added(service(HTTP, spec="  ipFamilyPolicy: RequireDualStack\n"))


def test_a_service_that_is_refused_is_left_alone_with_a_warning() -> None:
    metadata = f"  annotations: {{{BETA}azure-load-balancer-health-probe-interval: often}}\n"
    done = render(service(HTTP, metadata))
    assert () == done.changes
    assert f"provider {NEWEST} refuses it: " in done.warnings[0].message


CHOICES = Policy(
    (
        PolicyRule("by name", match_name="web-*", unknown="leave"),
        PolicyRule("by namespace", match_namespace="s?op", unknown="tcp"),
        PolicyRule("by label", match_labels={"tier": "front"}, known="tcp", annotations=(("example.com/set", "yes"),)),
        PolicyRule("by class", match_class="example.com/*", annotations=(("example.com/class", "a"),)),
    ),
    unknown="fail",
    name="the policy",
)


@pytest.mark.parametrize(
    ("name", "metadata", "spec", "expected"),
    [
        ("web-1", "", "", {}),
        ("api", "  namespace: shop\n", "", TCP_80),
        ("api", NGINX.replace("{", "{tier: front, "), "", {**TCP_80, "example.com/set": "yes"}),
        ("api", "", "  loadBalancerClass: example.com/other\n", {"example.com/class": "a"}),
        ("api", NGINX, "", {PATH: "/healthz"}),
        ("api", "", "", None),
    ],
)
def test_policies(name: str, metadata: str, spec: str, expected: dict[str, str] | None) -> None:
    text = service(HTTP, metadata, spec, name) + deployment(READY, name=name)
    if expected is None:
        done = render(text, policy=CHOICES)
        assert b"" == done.output
        assert "the policy says to fail then" in done.errors[0].message
        return
    assert expected == added(text, policy=CHOICES)


@pytest.mark.parametrize(
    ("choice", "expected"), [("path", {PATH: "/ready"}), ("tcp", TCP_80), ("leave", {}), ("fail", None)]
)
def test_choices_for_unknown_workloads(choice: UnknownChoice, expected: dict[str, str] | None) -> None:
    done = render(service(HTTP) + deployment(READY), policy=Policy(unknown=choice))
    assert (expected is None) == bool(done.errors)
    assert (expected or {}) == {one.annotation: one.value for one in done.changes}


@pytest.mark.parametrize(("choice", "expected"), [("path", {PATH: "/healthz"}), ("tcp", TCP_80), ("leave", {})])
def test_choices_for_known_workloads(choice: KnownChoice, expected: dict[str, str]) -> None:
    assert expected == added(service(HTTP, NGINX), policy=Policy(known=choice, unknown="fail"))


def test_a_policy_replaces_what_is_there() -> None:
    policy = Policy((PolicyRule("all", annotations=((PATH, "/set"),)),))
    text = service(HTTP, f"  annotations:\n    {PATH}: /old\n")
    done = render(text, policy=policy)
    assert text.replace("/old", "/set").encode() == done.output
    assert ("policy", "rule 'all' of the default") == (done.changes[0].evidence, done.changes[0].reason)


def test_every_change_says_why() -> None:
    done = render(service(HTTP) + deployment(READY), policy=READINESS)
    change = done.changes[0]
    assert ("Service web", 2, (80,), "readiness probe") == (change.target, change.line, change.ports, change.evidence)
    assert "the readiness probe of Deployment/web asks the same port for it" == change.reason
    assert cluster().provider_version >= cluster(str(NEWEST)).provider_version
