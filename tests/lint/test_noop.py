"""What is no finding: the longer table. A rule that cries wolf is switched off, and then finds nothing at all."""

import pytest

from kubectl_akslb.lint.diagnostic import INFO
from kubectl_akslb.model.cluster import Cluster
from tests.given.manifests import PREFIX, cluster, found, linted, service

HTTP = "name: http, port: 80, targetPort: 8080, appProtocol: http"
INTERNAL = 'azure-load-balancer-internal: "true"'
NGINX = ("labels: {app.kubernetes.io/name: ingress-nginx}",)
LOCAL = ("externalTrafficPolicy: Local",)


def deployment(*probe: str, container: str = "containerPort: 8080", extra: str = "") -> str:
    """A Deployment whose one container has a readiness probe of these lines."""
    lines = "".join(f"            {line}\n" for line in probe)
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels: {{app: web}}
    spec:
{extra}      containers:
        - name: web
          image: example.com/web:1
          ports:
            - {{{container}}}
          readinessProbe:
{lines}"""


CLEAN = {
    "the plain Service": service(),
    "an internal one": service(INTERNAL),
    "not internal, and said so": service('azure-load-balancer-internal: "false"'),
    "an empty internal annotation": service('azure-load-balancer-internal: ""'),
    "Local without annotations": service(spec=LOCAL),
    # Probes
    "a Tcp port by appProtocol": service(ports=["port: 80, appProtocol: tcp"]),
    "an appProtocol that is none of Azure's": service(ports=["port: 80, appProtocol: grpc"]),
    "an appProtocol of Kubernetes": service(ports=["port: 80, appProtocol: kubernetes.io/h2c"]),
    "http with a path of its own": service("port_80_health-probe_request-path: /up", ports=[HTTP]),
    "http with a path for all ports": service("azure-load-balancer-health-probe-request-path: /up", ports=[HTTP]),
    "http undone for the port": service("port_80_health-probe_protocol: tcp", ports=[HTTP]),
    "http undone in another case": service('port_80_health-probe_protocol: " TCP "', ports=[HTTP]),
    "http without a probe": service('port_80_no_probe_rule: "true"', ports=[HTTP]),
    "http under Local": service(ports=[HTTP], spec=LOCAL),
    "ingress-nginx at its own path": service(
        "azure-load-balancer-health-probe-request-path: /healthz", ports=[HTTP], metadata=NGINX
    ),
    "ingress-nginx over Tcp": service(ports=["name: http, port: 80"], metadata=NGINX),
    "a path for one port, Tcp for the other": service(
        "azure-load-balancer-health-probe-request-path: /up", ports=[HTTP, "name: raw, port: 9000"]
    ),
    "another Service port is probed": service(
        'port_443_health-probe_port: "80"', "azure-load-balancer-health-probe-request-path: /up",
        ports=[HTTP, "name: https, port: 443, appProtocol: https"],
    ),
    "a Service port by name is probed": service(
        "port_443_health-probe_port: HTTP", ports=["name: http, port: 80", "name: https, port: 443"]
    ),
    "kube-proxy is probed": service(
        'port_80_health-probe_port: "10256"', "port_80_health-probe_request-path: /healthz", ports=[HTTP]
    ),
    "a node port of the Service is probed": service(
        'port_80_health-probe_port: "30080"', ports=["port: 80, nodePort: 30080"]
    ),
    "an interval of five seconds": service('azure-load-balancer-health-probe-interval: "5"'),
    "a number with blanks": service('azure-load-balancer-health-probe-interval: " 15 "'),
    "an interval of all ports under Local": service('azure-load-balancer-health-probe-interval: "10"', spec=LOCAL),
    "an interval of the health check's port": service(
        'port_31000_health-probe_interval: "10"', spec=(*LOCAL, "healthCheckNodePort: 31000")
    ),
    "an interval of a port that may be the health check's": service(
        'port_32123_health-probe_interval: "10"', spec=LOCAL
    ),
    "Local, a port probed at its health check": service(
        'port_80_health-probe_port: "31000"', spec=(*LOCAL, "healthCheckNodePort: 31000")
    ),
    "proxy protocol and a Tcp probe": service(
        INTERNAL, 'azure-pls-create: "true"', 'azure-pls-proxy-protocol: "true"'
    ),
    "proxy protocol without a private link service": service(INTERNAL, 'azure-pls-proxy-protocol: "false"', ports=["port: 80"]),
    # Pods beside it
    "a port that pods open on the node": service('port_80_health-probe_port: "9000"')
    + deployment("httpGet: {path: /, port: 9000}", container="containerPort: 9000, hostPort: 9000"),
    "a port of pods in the node's network": service('port_80_health-probe_port: "9000"')
    + deployment("tcpSocket: {port: 9000}", container="containerPort: 9000", extra="      hostNetwork: true\n"),
    # Load-balancing rules
    "an idle timeout of 30 minutes": service('azure-load-balancer-tcp-idle-timeout: "30"'),
    "a switch that is off": service('azure-load-balancer-disable-tcp-reset: "false"'),
    "a switch that is off in another word": service('azure-load-balancer-disable-tcp-reset: "no"'),
    "a switch in another case": service('azure-load-balancer-disable-tcp-reset: "True"'),
    "HA ports": service(INTERNAL, 'azure-load-balancer-enable-high-availability-ports: "true"'),
    "HA ports with the first port's probe": service(
        INTERNAL, 'azure-load-balancer-enable-high-availability-ports: "true"', 'port_80_health-probe_interval: "10"'
    ),
    "a port without a rule on an internal Service": service(
        INTERNAL, 'port_443_no_lb_rule: "true"', ports=["name: a, port: 80", "name: b, port: 443"]
    ),
    "UDP with Local": service(ports=["port: 53, protocol: UDP"], spec=LOCAL),
    "TCP and UDP on one port, Local": service(
        ports=["name: a, port: 53", "name: b, port: 53, protocol: UDP"], spec=LOCAL
    ),
    "no node ports, and no need of them": service(spec=(*LOCAL, "allocateLoadBalancerNodePorts: false")),
    "a node port of its own": service(
        ports=["port: 80, nodePort: 30080"], spec=["allocateLoadBalancerNodePorts: false"]
    ),
    "no node port, and no probe": service(
        'port_80_no_probe_rule: "true"', spec=["allocateLoadBalancerNodePorts: false"]
    ),
    "no node port, kube-proxy is probed": service(
        'port_80_health-probe_port: "10256"', spec=["allocateLoadBalancerNodePorts: false"]
    ),
    # Addresses
    "an existing public IP by name": service("azure-pip-name: web-ip"),
    "an existing public IP by address": service("azure-load-balancer-ipv4: 20.50.1.2"),
    "a prefix": service("azure-pip-prefix-id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/publicIPPrefixes/p"),
    "a probe of a Local Service's own node port": service('port_80_health-probe_port: "80"', spec=LOCAL),
    "a DNS label": service("azure-dns-label-name: web"),
    "tags": service('azure-pip-tags: "team=web,env=prod"'),
    "IP tags": service('azure-pip-ip-tags: "RoutingPreference=Internet"'),
    "a resource group": service("azure-load-balancer-resource-group: addresses", "azure-pip-name: web-ip"),
    "a private address in a subnet": service(
        INTERNAL, "azure-load-balancer-ipv4: 10.1.0.9", "azure-load-balancer-internal-subnet: apps"
    ),
    "further addresses": service('azure-additional-public-ips: "20.50.1.2,20.50.1.3"'),
    "dual stack": service(spec=["ipFamilyPolicy: RequireDualStack", "ipFamilies: [IPv4, IPv6]"]),
    "a private link service": service(
        INTERNAL, 'azure-pls-create: "true"', "azure-pls-name: web", 'azure-pls-ip-configuration-ip-address-count: "2"',
        "azure-pls-ip-configuration-subnet: pls", 'azure-pls-visibility: "*"', "azure-pls-fqdns: a.example.com",
    ),
    # Access
    "ranges that kube-proxy enforces": service(spec=["loadBalancerSourceRanges: [10.0.0.0/8, 198.51.100.0/24]"]),
    "ranges of an internal Service that kube-proxy enforces": service(
        INTERNAL, spec=["loadBalancerSourceRanges: [10.0.0.0/8]"]
    ),
    "ranges with deny-all": service(
        'azure-allowed-ip-ranges: "198.51.100.0/24, 203.0.113.0/24"',
        'azure-deny-all-except-load-balancer-source-ranges: "true"',
    ),
    "ranges of an internal Service with deny-all": service(
        INTERNAL, "azure-allowed-ip-ranges: 10.20.0.0/16", 'azure-deny-all-except-load-balancer-source-ranges: "true"'
    ),
    "everybody, and said so": service("azure-allowed-ip-ranges: 0.0.0.0/0"),
    "service tags": service("azure-allowed-service-tags: AzureFrontDoor.Backend, Storage.WestEurope"),
    "service tags with ranges for the NSG": service(
        "azure-allowed-service-tags: AzureFrontDoor.Backend", "azure-allowed-ip-ranges: 198.51.100.0/24",
        'azure-deny-all-except-load-balancer-source-ranges: "true"',
    ),
    "both families are open": service(
        'azure-allowed-ip-ranges: "0.0.0.0/0,::/0"',
        spec=["ipFamilyPolicy: RequireDualStack", "ipFamilies: [IPv4, IPv6]"],
    ),
    "a status port of an internal Service": service(
        INTERNAL, ports=["name: status-port, port: 15021", "name: http, port: 80"]
    ),
    "a Service for metrics alone": service(ports=["name: metrics, port: 9090"]),
    # Keys
    "annotations of other clouds": service(
        INTERNAL,
        'service.beta.kubernetes.io/aws-load-balancer-internal: "true"',
        'networking.gke.io/load-balancer-type: "Internal"',
        "service.beta.kubernetes.io/do-loadbalancer-protocol: http",
        "service.beta.kubernetes.io/aws-load-balancer-backend-protocol: tcp",
        'service.beta.kubernetes.io/linode-loadbalancer-throttle: "4"',
        "service.kubernetes.io/topology-mode: Auto",
        "external-dns.alpha.kubernetes.io/hostname: web.example.com",
        "metallb.universe.tf/address-pool: web",
        'kubernetes.azure.com/set-kube-service-host-fqdn: "true"',
        "azure.workload.identity/client-id: abc",
        'prometheus.io/port: "9090"',
    ),
    "a null value": service("azure-dns-label-name: null"),
    "a Service of another controller": service(spec=["loadBalancerClass: example.com/lb"]),
    "no Service at all": "kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n",
    "an empty file": "",
    "a Service of another type": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n",
    "an Ingress of its own": service() + """---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, annotations: {nginx.ingress.kubernetes.io/rewrite-target: /}}
spec: {rules: [{host: a.example.com, http: {paths: [{path: /(.*)}]}}]}
""",
    "a Gateway whose controller copies its annotations": f"""apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: a, annotations: {{{PREFIX}azure-load-balancer-internal: "true"}}}}
spec: {{gatewayClassName: istio}}
""",
}  # fmt: skip

LIMITED = {
    "1.23 probes over Tcp whatever appProtocol says": (service(ports=[HTTP]), cluster(provider="1.23.30")),
    "1.23.3 does not read appProtocol": (service(ports=[HTTP]), cluster(provider="1.23.3")),
    "a shared probe": (service(ports=[HTTP]), cluster(probe_mode="shared")),
    "a shared probe for UDP": (service(ports=["port: 53, protocol: UDP"]), cluster(probe_mode="shared")),
    "a shared probe needs no node ports": (
        service(spec=["allocateLoadBalancerNodePorts: false"]), cluster(probe_mode="shared"),
    ),
    "host bits that 1.26.10 clears": (
        service(spec=["loadBalancerSourceRanges: [10.0.0.1/8, 198.51.100.0/24]"]), cluster(provider="1.26.10"),
    ),
    "blanks among addresses before 1.29": (
        service('azure-additional-public-ips: "20.50.1.2, 20.50.1.3"'), cluster(provider="1.28.14"),
    ),
    "empty service tags before access control": (
        service('azure-allowed-service-tags: "Storage,"'), cluster(provider="1.27.12"),
    ),
    "shared security rules before 1.29": (
        service('azure-shared-securityrule: "true"'), cluster(provider="1.28.14"),
    ),
    "a set of availability sets on Basic": (
        service('azure-load-balancer-mode: "__auto__"'), cluster(sku="basic"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN.keys())
def test_nothing_is_found(text: str) -> None:
    result = linted(text)
    assert ([], ()) == (found(text), result.problems)


@pytest.mark.parametrize(("text", "on"), LIMITED.values(), ids=LIMITED.keys())
def test_nothing_is_found_on_this_cluster(text: str, on: Cluster) -> None:
    assert [] == found(text, on)


def test_a_public_service_is_worth_knowing_only() -> None:
    assert {INFO} == {one.severity for one in linted(service()).diagnostics}
