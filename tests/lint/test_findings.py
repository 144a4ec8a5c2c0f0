"""What is found beyond the examples on the rules' pages: one row each."""

import pytest

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import explain
from tests.given.manifests import PREFIX, after, cluster, found, linted, mended, service

HTTP = "name: http, port: 80, targetPort: 8080, appProtocol: http"
HTTPS = "name: https, port: 443, targetPort: 8443, appProtocol: https"
INTERNAL = 'azure-load-balancer-internal: "true"'
LOCAL = ("externalTrafficPolicy: Local",)
NGINX = ("labels: {app.kubernetes.io/name: ingress-nginx}",)
DUAL = ("ipFamilyPolicy: RequireDualStack", "ipFamilies: [IPv4, IPv6]")

FOUND = {
    # Probes
    "both ports of ingress-nginx are down": (
        service(ports=[HTTP, HTTPS], metadata=NGINX), ["probe-path-not-answered"] * 2,
    ),
    "a path of its own that is known to fail": (
        service("azure-load-balancer-health-probe-request-path: /", ports=[HTTP], metadata=NGINX),
        ["probe-path-not-answered"],
    ),
    "a known workload under an annotation": (
        service("port_80_health-probe_protocol: http", ports=["name: http, port: 80"], metadata=NGINX),
        ["probe-path-not-answered"],
    ),
    "kube-proxy serves no https": (
        service('port_80_health-probe_port: "10256"', "port_80_health-probe_protocol: https",
                "port_80_health-probe_request-path: /healthz"),
        ["probe-path-not-answered"],
    ),
    "kong has no path": (
        service(ports=[HTTP], metadata=["labels: {app.kubernetes.io/name: kong}"]), ["probe-path-not-answered"],
    ),
    "two ports nobody knows": (service(ports=[HTTP, HTTPS]), ["http-probe-on-unknown-workload"] * 2),
    "one of two ports has a path": (
        service("port_80_health-probe_request-path: /up", ports=[HTTP, HTTPS]), ["http-probe-on-unknown-workload"],
    ),
    "a protocol for all ports": (
        service("azure-load-balancer-health-probe-protocol: http"), ["probe-protocol-without-path"],
    ),
    "a relative path for all ports": (
        service("azure-load-balancer-health-probe-request-path: healthz", ports=[HTTP]), ["probe-path-not-absolute"],
    ),
    "an empty path": (
        service('azure-load-balancer-health-probe-request-path: ""', ports=[HTTP]), ["probe-path-not-absolute"],
    ),
    "an empty protocol": (service('port_80_health-probe_protocol: ""'), ["unknown-probe-protocol"]),
    "a container's port is probed": (
        service('port_80_health-probe_port: "10254"'), ["probe-port-outside-service"],
    ),
    "a name that no port has": (
        service("port_80_health-probe_port: status"), ["probe-port-outside-service"],
    ),
    "a probe port in blanks": (service('port_80_health-probe_port: " 80"'), ["probe-port-outside-service"]),
    "Local is defeated by the health of kube-proxy": (
        service('port_80_health-probe_port: "10256"', spec=LOCAL), ["probe-port-defeats-local"],
    ),
    "Local, and a path for all ports": (
        service("azure-load-balancer-health-probe-request-path: /up", ports=[HTTP], spec=LOCAL),
        ["probe-annotation-under-local"],
    ),
    "two faults that are refused": (
        service('azure-load-balancer-health-probe-interval: "3"', 'azure-load-balancer-health-probe-num-of-probe: "1"'),
        ["probe-interval-too-short", "probe-count-too-low"],
    ),
    "a refusal does not hide the rest": (
        service('azure-load-balancer-tcp-idle-timeout: "3"', "port_443_health-probe_protocol: tcp", ports=[HTTP]),
        ["idle-timeout-out-of-range", "annotation-for-missing-port", "http-probe-on-unknown-workload"],
    ),
    "exactly 120 seconds": (
        service('azure-load-balancer-health-probe-interval: "40"', 'azure-load-balancer-health-probe-num-of-probe: "3"'),
        ["probe-window-too-long"],
    ),
    "a count in words": (service("azure-load-balancer-health-probe-num-of-probe: two"), ["not-a-whole-number"]),
    "proxy protocol under a path": (
        service(INTERNAL, 'azure-pls-create: "true"', 'azure-pls-proxy-protocol: "true"',
                "port_80_health-probe_request-path: /up", ports=[HTTP]),
        ["pls-proxy-protocol-with-http-probe"],
    ),
    "no node port under a name": (
        service("port_80_health-probe_port: b", ports=["name: a, port: 80, nodePort: 30080", "name: b, port: 81"],
                spec=["allocateLoadBalancerNodePorts: false"]),
        ["no-node-ports"],
    ),
    "no node port, and rules go to it": (
        service('azure-disable-load-balancer-floating-ip: "true"', 'port_80_no_probe_rule: "true"',
                spec=["allocateLoadBalancerNodePorts: false"]),
        ["floating-ip-disabled", "no-node-ports"],
    ),
    # Placement and addresses
    "internal in capitals": (service('azure-load-balancer-internal: "TRUE"'), ["internal-not-exactly-true"]),
    "internal with a blank": (service('azure-load-balancer-internal: " true"'), ["internal-not-exactly-true"]),
    "internal, yes": (service('azure-load-balancer-internal: "yes"'), ["internal-not-exactly-true"]),
    "internal, unquoted and in capitals": (
        service("azure-load-balancer-internal: True"), ["unquoted-annotation-value"],
    ),
    "a private address in the deprecated field": (
        service(spec=["loadBalancerIP: 10.1.2.3"]),
        ["deprecated-load-balancer-ip", "private-address-on-public-service"],
    ),
    "an empty additional address": (
        service('azure-additional-public-ips: "20.50.1.2,"'), ["malformed-additional-addresses"],
    ),
    "an address that is none": (service("azure-load-balancer-ipv4: nope"), ["refused-by-provider"]),
    # Rules
    "a TCP and a UDP rule are taken away": (
        service('port_53_no_lb_rule: "true"', INTERNAL,
                ports=["name: a, port: 53", "name: b, port: 53, protocol: UDP", "name: c, port: 80"]),
        ["port-annotation-for-two-protocols"],
    ),
    "a number that means the UDP port": (
        service('port_80_health-probe_port: "53"', INTERNAL,
                ports=["name: a, port: 53, protocol: UDP", "name: b, port: 53", "name: c, port: 80"]),
        ["port-annotation-for-two-protocols", "udp-without-probe"],
    ),
    "deny-all for a bad range, on the nodes": (
        service('azure-disable-load-balancer-floating-ip: "true"', "azure-allowed-ip-ranges: 10.0.0.1/24"),
        ["floating-ip-disabled-with-deny-all", "host-bits-in-range"],
    ),
    # Access
    "host bits and an empty item": (
        service('azure-allowed-ip-ranges: "10.0.0.1/24,"'), ["empty-range-item", "host-bits-in-range"],
    ),
    "Kubernetes' own annotation": (
        service("load-balancer-source-ranges: 10.0.0.0"), ["invalid-source-range"],
    ),
    "a range in the field that is none": (
        service(spec=["loadBalancerSourceRanges: [AzureCloud]"]), ["invalid-source-range"],
    ),
    "tags alone, and deny-all": (
        service("azure-allowed-service-tags: Storage", 'azure-deny-all-except-load-balancer-source-ranges: "true"'),
        ["annotation-without-effect"],
    ),
    "both families, IPv6 open": (
        service("azure-allowed-ip-ranges: ::/0", spec=DUAL), ["open-range-of-one-family"],
    ),
    "a metrics port": (
        service(ports=["name: http, port: 80", "name: metrics, port: 9113"]), ["status-port-published"],
    ),
    # Effect
    "tcp for all ports does not undo appProtocol": (
        service("azure-load-balancer-health-probe-protocol: tcp", ports=[HTTP]),
        ["shadowed-annotation", "http-probe-on-unknown-workload"],
    ),
    "ranges, and no security rules": (
        service('azure-disable-load-balancer-nsg-rule: "true"', "azure-allowed-ip-ranges: 198.51.100.0/24"),
        ["annotation-without-effect"],
    ),
    "a subnet that is not read": (
        service("azure-load-balancer-internal-subnet: apps"), ["annotation-without-effect"],
    ),
    "HA ports in public": (
        service('azure-load-balancer-enable-high-availability-ports: "true"'), ["annotation-without-effect"],
    ),
    "a public IP's name on an internal Service": (
        service(INTERNAL, "azure-pip-name: web"), ["annotation-without-effect"],
    ),
    "private link settings without the switch": (
        service(INTERNAL, "azure-pls-name: web", 'azure-pls-visibility: "*"'), ["annotation-without-effect"] * 2,
    ),
    "a probe of a UDP port": (
        service('port_53_health-probe_interval: "10"', INTERNAL, ports=["name: a, port: 53, protocol: UDP", "name: b, port: 80"]),
        ["annotation-without-effect", "udp-without-probe"],
    ),
    "availability sets on Standard": (
        service('azure-load-balancer-mode: "__auto__"'), ["annotation-without-effect"],
    ),
    # Keys and values
    "a switch, enabled": (service("azure-load-balancer-disable-tcp-reset: enabled"), ["boolean-not-understood"]),
    "a name with a blank": (
        service(INTERNAL, 'azure-load-balancer-internal-subnet: "apps "'), ["blank-padded-value"],
    ),
    "a private link service with a blank": (
        service(INTERNAL, 'azure-pls-create: "true "'), ["blank-padded-value"],
    ),
    "numbers and booleans without quotes": (
        service("azure-load-balancer-tcp-idle-timeout: 10", "azure-load-balancer-internal: true"),
        ["unquoted-annotation-value"] * 2,
    ),
    "mixed protocols": (
        service('azure-load-balancer-mixed-protocols: "true"'), ["obsolete-annotation"],
    ),
    "two suppressions without a reason": (
        service("akslb.dev/ignore: open-to-the-internet, udp-without-probe"), ["suppression-without-reason"] * 2,
    ),
    "a suppression of no rule": (
        service('akslb.dev/ignore: "open-to-internet: it is a web site"'), ["unused-suppression"],
    ),
}  # fmt: skip

ON_CLUSTER = {
    "1.23.4 reads appProtocol": (
        service(ports=[HTTP]), cluster(provider="1.23.4"), ["http-probe-on-unknown-workload"],
    ),
    "1.24.0 has nothing to undo it with": (
        service(ports=[HTTP]), cluster(provider="1.24.0"), ["http-probe-on-unknown-workload"],
    ),
    "1.24.0 ignores the port's annotation": (
        service("port_80_health-probe_protocol: tcp", ports=[HTTP]), cluster(provider="1.24.0"),
        ["annotation-too-new", "http-probe-on-unknown-workload"],
    ),
    "1.23.8 refuses grpc": (
        service(ports=["port: 80, appProtocol: grpc"]), cluster(provider="1.23.8"), ["refused-by-provider"],
    ),
    "1.27.6 refuses a literal port": (
        service('port_80_health-probe_port: "10256"'), cluster(provider="1.27.6"), ["probe-port-outside-service"],
    ),
    "1.25.16 refuses 31 minutes": (
        service('azure-load-balancer-tcp-idle-timeout: "31"'), cluster(provider="1.25.16"),
        ["idle-timeout-out-of-range"],
    ),
    "1.29.0 refuses a bad range": (
        service("azure-allowed-ip-ranges: 10.0.0.0"), cluster(provider="1.29.0"), ["invalid-source-range"],
    ),
    "1.26.10 refuses a bad range": (
        service(spec=["loadBalancerSourceRanges: [nope]"]), cluster(provider="1.26.10"), ["invalid-source-range"],
    ),
    "1.28.14 has shared rules no longer than asked for": (
        service('azure-shared-securityrule: "true"'), cluster(provider="1.29.0"), ["obsolete-annotation"],
    ),
    "1.28.5 lets everybody in for internal: True": (
        service('azure-load-balancer-internal: "True"'), cluster(provider="1.25.10"), ["internal-not-exactly-true"],
    ),
    "SCTP on Basic": (
        service(INTERNAL, ports=["port: 3868, protocol: SCTP"]), cluster(sku="basic"), ["sctp-not-internal"],
    ),
    "HA ports on Basic": (
        service(INTERNAL, 'azure-load-balancer-enable-high-availability-ports: "true"'), cluster(sku="basic"),
        ["annotation-without-effect"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FOUND.values(), ids=FOUND.keys())
def test_found(text: str, wanted: list[str]) -> None:
    assert sorted(wanted) == sorted(found(text))
    assert () == linted(text).problems


@pytest.mark.parametrize(("text", "on", "wanted"), ON_CLUSTER.values(), ids=ON_CLUSTER.keys())
def test_found_on_this_cluster(text: str, on: Cluster, wanted: list[str]) -> None:
    assert sorted(wanted) == sorted(found(text, on))


BESIDE = {
    "on an Ingress": "networking.k8s.io/v1 Ingress",
    "on a Deployment": "apps/v1 Deployment",
    "on a Gateway of another controller": "gateway.networking.k8s.io/v1 Gateway",
}


@pytest.mark.parametrize("what", BESIDE.values(), ids=BESIDE.keys())
def test_an_annotation_on_another_object_is_misplaced(what: str) -> None:
    version, kind = what.split()
    text = f"""apiVersion: {version}
kind: {kind}
metadata:
  name: web
  annotations:
    {PREFIX}azure-load-balancer-internal: "true"
spec: {{gatewayClassName: nginx}}
"""
    (one,) = linted(text).diagnostics
    assert ("misplaced-annotation", f"{kind} default/web", 6, 5) == (one.rule, one.service, one.line, one.column)


def test_an_annotation_on_a_pod_template_is_misplaced() -> None:
    text = f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    metadata:
      annotations:
        {PREFIX}port_80_health-probe_protocol: tcp
        {PREFIX}port_443_health-probe_protocol: tcp
"""
    (one,) = linted(text).diagnostics
    assert ("misplaced-annotation", 8) == (one.rule, one.line)
    assert "port_80_health-probe_protocol and 1 more on Deployment" in one.message


def test_a_suppression_silences_bystanders_too() -> None:
    text = f"""apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    akslb.dev/ignore: "misplaced-annotation: the type is patched later"
    {PREFIX}azure-load-balancer-internal: "true"
spec: {{type: ClusterIP, ports: [{{port: 80}}]}}
"""
    assert () == linted(text).diagnostics


GATEWAY = """apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: web
  annotations: {{{own}}}
spec:
  gatewayClassName: {name}
  infrastructure: {{{infrastructure}}}
  listeners:
    - {{name: a, port: 80, protocol: HTTP}}
    - {{name: b, port: 443, protocol: HTTPS}}
    - {{name: c, port: 443, protocol: HTTPS, hostname: c.example.com}}
    - {{name: d, port: 9000, protocol: TCP}}
"""
PATH = f"{PREFIX}azure-load-balancer-health-probe-request-path: /up"
TCP_80 = f"{PREFIX}port_80_health-probe_protocol: tcp"


@pytest.mark.parametrize(
    ("own", "infrastructure", "name", "lines"),
    [
        ("", "", "istio", [10, 11]),
        ("", f"annotations: {{{TCP_80}}}", "istio", [11]),
        (TCP_80, "", "istio", [11]),
        ("", f"annotations: {{{PATH}}}", "istio", []),
        ("networking.istio.io/service-type: ClusterIP", "", "istio", []),
        ("", "parametersRef: {kind: ConfigMap, name: a}", "istio", [10, 11]),
        ("", "", "nginx", []),
    ],
)
def test_listeners_of_a_gateway(own: str, infrastructure: str, name: str, lines: list[int]) -> None:
    text = GATEWAY.format(own=own, infrastructure=infrastructure, name=name)
    assert lines == [one.line for one in linted(text).diagnostics if one.rule == "http-probe-on-gateway"]


def test_a_gateway_whose_parameters_make_its_service_local() -> None:
    text = GATEWAY.format(own="", infrastructure="parametersRef: {kind: ConfigMap, name: a}", name="istio")
    beside = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
    beside += 'data: {service: "spec: {externalTrafficPolicy: Local}"}\n'
    assert "http-probe-on-gateway" not in found(text + beside.replace("NAME", "a"))
    assert "http-probe-on-gateway" in found(text + beside.replace("NAME", "b"))


def test_a_gateway_on_a_cluster_that_does_not_probe_listeners() -> None:
    text = GATEWAY.format(own="", infrastructure="", name="istio")
    assert [] == found(text, cluster(provider="1.23.30")) + found(text, cluster(probe_mode="shared"))


@pytest.mark.parametrize(
    ("setting", "annotation", "blocked"),
    [
        ('use-proxy-protocol: "true"', "", True),
        ('use-proxy-protocol: "false"', "", False),
        ("server-snippet: return 403;", "", True),
        ("server-snippet: return 403;", "port_80_health-probe_protocol: tcp", False),
        ('ssl-reject-handshake: "true"', "", False),
        ("proxy-body-size: 8m", "", False),
    ],
)
def test_a_setting_of_ingress_nginx_can_block_the_probe(setting: str, annotation: str, blocked: bool) -> None:
    keys = ["azure-load-balancer-health-probe-request-path: /healthz", *filter(None, [annotation])]
    text = service(*keys, ports=[HTTP], metadata=NGINX)
    text += f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  {setting}\n"
    assert blocked == ("nginx-setting-blocks-probe" in found(text))


HOSTLESS = """---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations: {{{annotations}}}
spec:
  ingressClassName: {name}
  rules:
    - http: {{paths: [{{path: "{path}", pathType: {kind}}}]}}
"""
REGEX = 'nginx.ingress.kubernetes.io/use-regex: "true"'


@pytest.mark.parametrize(
    ("path", "kind", "annotations", "name", "captured"),
    [
        ("/.*", "Prefix", REGEX, "nginx", True),
        ("/(.*)", "ImplementationSpecific", "nginx.ingress.kubernetes.io/rewrite-target: /", "nginx-public", True),
        ("/healthz", "Exact", "", "nginx", True),
        ("/HEALTH", "Prefix", REGEX, "nginx", True),
        ("/app/(.*)", "Prefix", REGEX, "nginx", False),
        ("/", "Prefix", "", "nginx", False),
        ("/.*", "Prefix", REGEX, "traefik", False),
        ("/.*", "Prefix", REGEX, "public", True),
        ("/(", "Prefix", REGEX, "nginx", True),
        ("/(h*)*(e*)*(a*)*z", "Prefix", REGEX, "nginx", True),
    ],
)
def test_an_ingress_can_capture_the_probe(path: str, kind: str, annotations: str, name: str, captured: bool) -> None:
    text = service("azure-load-balancer-health-probe-request-path: /healthz", ports=[HTTP], metadata=NGINX)
    text += HOSTLESS.format(path=path, kind=kind, annotations=annotations, name=name)
    assert captured == ("ingress-captures-probe-path" in found(text))


def test_readiness_of_the_pods_is_no_proof_of_200() -> None:
    text = (
        service(ports=[HTTP], spec=["selector: {app: web}"])
        + """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          ports: [{containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: 8080}}
"""
    )
    assert "service.beta.kubernetes.io/port_80_health-probe_protocol: tcp" in after(mended(text))
    chosen = text.replace(
        "spec:", "  annotations: {service.beta.kubernetes.io/port_80_health-probe_request-path: /ready}\nspec:", 1
    )
    messages = [one.message for one in linted(chosen).diagnostics if one.rule == "http-probe-not-proven"]
    assert [
        "the readiness probe of Deployment/web asks for /ready too, but it takes 200 to 399 for ready, and Azure takes"
        " 200 only"
    ] == messages


def test_an_old_provider_has_no_fix_for_an_unknown_workload() -> None:
    on = cluster(provider="1.24.0")
    text = service(ports=[HTTP])
    assert text == after(mended(text, on))
    hints = [one.hint for one in linted(text, on).diagnostics if one.rule == "http-probe-on-unknown-workload"]
    assert "ignores" in hints[0]


def test_a_probe_port_that_is_a_target_port_can_be_mended() -> None:
    text = service('port_80_health-probe_port: "8080"', ports=["name: http, port: 80, targetPort: 8080"])
    assert 'port_80_health-probe_port: "80"' in after(mended(text, unsafe=True))
    assert text == after(mended(text))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [('"30s"', "30"), ("15 seconds", "15"), ('"10.0"', "10"), ('"1m"', None), ("soon", None), ('"5,5"', None)],
)
def test_a_unit_is_taken_off_a_number(value: str, wanted: str | None) -> None:
    text = service(f"azure-load-balancer-health-probe-interval: {value}")
    mark = value[0] if value[0] == '"' else '"'
    expected = text.replace(value, f"{mark}{wanted}{mark}") if wanted else text
    assert expected == after(mended(text))


@pytest.mark.parametrize(("value", "wanted"), [('"3"', '"4"'), ('"101"', '"30"'), ('"-5"', '"4"'), ("'2'", "'4'")])
def test_an_idle_timeout_is_moved_into_the_range(value: str, wanted: str) -> None:
    text = service(f"azure-load-balancer-tcp-idle-timeout: {value}")
    assert text.replace(value, wanted) == after(mended(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (service(), True),
        (service("azure-load-balancer-health-probe-num-of-probe: '1'"), False),  # refused by the provider
        (service('azure-load-balancer-tcp-idle-timeout: "200"'), False),
        (service(spec=("loadBalancerClass: example.com/x",)), False),
    ],
)
def test_nobody_reaches_a_service_that_gets_no_address(text: str, told: bool) -> None:
    assert told is any(one.rule == "open-to-the-internet" for one in linted(text).diagnostics)


def test_an_autoscaler_in_the_same_file_may_start_pods() -> None:
    """KEDA's ScaledObject is read beside the workloads."""
    body = "{{apiVersion: {}, kind: {}, metadata: {{name: web}}, spec: {}}}"
    pods = "{replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}"
    workload = body.format("apps/v1", "Deployment", pods)
    scaler = body.format("keda.sh/v1alpha1", "ScaledObject", "{scaleTargetRef: {name: web}}")
    balancer = body.format("v1", "Service", "{type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}")
    for beside, kind in (((workload,), VerdictKind.DOWN), ((workload, scaler), VerdictKind.DEPENDS)):
        (one,) = explain([("web.yaml", "\n---\n".join((*beside, balancer)).encode())], cluster()).services
        assert kind is one.path.verdict.kind
