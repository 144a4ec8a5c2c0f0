"""Where a fix lands: in the field that the controller copies, wherever that is written, and nowhere else.

Each row is a stream whose Service has a wrong value, and what takes its place. The Service that is derived afterwards
is the proof: the controllers would make another one of it.
"""

import pytest

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.fix.krm import run as krm
from kubectl_akslb.lint.annotation_policy import Policy, PolicyRule
from kubectl_akslb.lint.engine import LintOptions, lint
from kubectl_akslb.lint.stream import Stream, services_of
from kubectl_akslb.manifest.stream import split
from kubectl_akslb.pipeline import explain
from kubectl_akslb.postrender.render import PostRenderOptions, postrender
from kubectl_akslb.provider.annotations import PREFIX
from tests.given.manifests import cluster

ON = cluster(())
INTERNAL = f"{PREFIX}azure-load-balancer-internal"
IDLE = f"{PREFIX}azure-load-balancer-tcp-idle-timeout"
WRONG = f'{INTERNAL}: "True"'
RIGHT = f'{INTERNAL}: "true"'


def gateway(class_name: str, infrastructure: str = "") -> str:
    return f"""apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: web   # the front
  namespace: shop
spec:
  gatewayClassName: {class_name}
{infrastructure}  listeners:
    - name: tcp
      port: 5000
      protocol: TCP
"""


def own(annotation: str) -> str:
    return f"  infrastructure:\n    annotations:\n      {annotation}\n"


def refers(group: str, kind: str) -> str:
    return f"  infrastructure:\n    parametersRef: {{group: {group!r}, kind: {kind}, name: p}}\n"


def of_class(name: str, controller: str, group: str, kind: str) -> str:
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: {name}
spec:
  controllerName: {controller}
  parametersRef: {{group: {group}, kind: {kind}, name: p, namespace: shop}}
"""


def other(version: str, kind: str, spec: str) -> str:
    return f"---\napiVersion: {version}\nkind: {kind}\nmetadata:\n  name: p\n  namespace: shop\n{spec}"


CONFIG_MAP = other("v1", "ConfigMap", f"data:\n  service: |\n    metadata:\n      annotations:\n        {WRONG}\n")
ENVOY_PROXY = other(
    "gateway.envoyproxy.io/v1alpha1",
    "EnvoyProxy",
    f"spec:\n  provider:\n    kubernetes:\n      envoyService:\n        annotations:\n          {WRONG}\n",
)
CONTOUR = other(
    "projectcontour.io/v1alpha1",
    "ContourDeployment",
    f"spec:\n  envoy:\n    networkPublishing:\n      serviceAnnotations:\n        {WRONG}\n",
)
KGATEWAY = other(
    "gateway.kgateway.dev/v1alpha1",
    "GatewayParameters",
    f"spec:\n  kube:\n    serviceOverlay:\n      metadata:\n        annotations:\n          {WRONG}\n",
)
KONG = other(
    "gateway-operator.konghq.com/v2beta1",
    "GatewayConfiguration",
    "spec:\n  dataPlaneOptions:\n    network:\n      services:\n        ingress:\n          name: front\n"
    f"          annotations:\n            {WRONG}\n",
)
NGINX_PROXY = other(
    "gateway.nginx.org/v1alpha2",
    "NginxProxy",
    "spec:\n  kubernetes:\n    service:\n      patches:\n        - type: StrategicMerge\n          value:\n"
    f"            metadata:\n              annotations:\n                {WRONG}\n",
)
POOL = other("kafka.strimzi.io/v1", "KafkaNodePool", "").replace(
    "  name: p", "  name: p\n  labels: {strimzi.io/cluster: log}"
)
POOL += f"spec:\n  roles: [broker]\n  replicas: 2\n  template:\n    perPodService:\n      metadata:\n        annotations:\n          {WRONG}\n"


def simple(version: str, kind: str, spec: str, name: str = "one") -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: shop\nspec:\n{spec}"


KAFKA = simple(
    "kafka.strimzi.io/v1",
    "Kafka",
    "  kafka:\n    listeners:\n      - name: out\n        port: 9094\n        type: loadbalancer\n        configuration:\n{}",
    "log",
)
ROWS = {
    "istio": gateway("istio", own(WRONG)),
    "istio, its own": gateway("istio").replace("namespace: shop", f"namespace: shop\n  annotations:\n    {WRONG}"),
    "istio, ConfigMap": gateway("istio", refers("", "ConfigMap")) + CONFIG_MAP,
    "app routing": gateway("approuting-istio", own(WRONG)),
    "app routing, ConfigMap": gateway("approuting-istio", refers("", "ConfigMap")) + CONFIG_MAP,
    "envoy gateway": gateway("eg", own(WRONG)),
    "envoy gateway, EnvoyProxy": gateway("eg", refers("gateway.envoyproxy.io", "EnvoyProxy")) + ENVOY_PROXY,
    "envoy gateway, EnvoyProxy of the class": gateway("mine")
    + of_class("mine", "gateway.envoyproxy.io/gatewayclass-controller", "gateway.envoyproxy.io", "EnvoyProxy")
    + ENVOY_PROXY,
    "nginx": gateway("nginx", own(WRONG)),
    "nginx, NginxProxy": gateway("nginx", refers("gateway.nginx.org", "NginxProxy")) + NGINX_PROXY,
    "contour": gateway("contour", own(WRONG)),
    "contour, ContourDeployment": gateway("mine")
    + of_class("mine", "projectcontour.io/gateway-controller", "projectcontour.io", "ContourDeployment")
    + CONTOUR,
    "cilium": gateway("cilium", own(WRONG)),
    "kgateway": gateway("kgateway", own(WRONG)),
    "kgateway, GatewayParameters": gateway("kgateway", refers("gateway.kgateway.dev", "GatewayParameters")) + KGATEWAY,
    "kong": gateway("kong", own(WRONG)),
    "kong, GatewayConfiguration": gateway("mine")
    + of_class("mine", "konghq.com/gateway-operator", "gateway-operator.konghq.com", "GatewayConfiguration")
    + KONG,
    "DataPlane": simple(
        "gateway-operator.konghq.com/v1beta1",
        "DataPlane",
        f"  network:\n    services:\n      ingress:\n        annotations:\n          {WRONG}\n",
    ),
    "app routing's nginx": simple(
        "approuting.kubernetes.azure.com/v1alpha1",
        "NginxIngressController",
        f"  loadBalancerAnnotations:\n    {WRONG}\n",
    ),
    "kafka, bootstrap": KAFKA.format(f"          bootstrap:\n            annotations:\n              {WRONG}\n"),
    "kafka, all brokers": KAFKA.format(f"          perBrokerAnnotationsTemplate:\n            {WRONG}\n"),
    "kafka, one broker": KAFKA.format(
        f"          brokers:\n            - broker: 0\n              annotations:\n                {WRONG}\n"
    ),
    "kafka, pool": KAFKA.format("          createBootstrapService: false\n") + POOL,
    "rabbitmq": simple(
        "rabbitmq.com/v1beta1",
        "RabbitmqCluster",
        f"  service:\n    type: LoadBalancer\n    annotations:\n      {WRONG}\n",
    ),
    "rabbitmq, override": simple(
        "rabbitmq.com/v1beta1",
        "RabbitmqCluster",
        "  override:\n    service:\n      spec:\n        type: LoadBalancer\n      metadata:\n        annotations:\n"
        f"          {WRONG}\n",
    ),
    "cilium's ingress": simple("networking.k8s.io/v1", "Ingress", "  ingressClassName: cilium\n").replace(
        "namespace: shop", f"namespace: shop\n  annotations:\n    {WRONG}"
    ),
    "elasticsearch": simple(
        "elasticsearch.k8s.elastic.co/v1",
        "Elasticsearch",
        "  http:\n    service:\n      spec:\n        type: LoadBalancer\n      metadata:\n        annotations:\n"
        f"          {WRONG}\n",
    ),
    "cloudnative-pg": simple(
        "postgresql.cnpg.io/v1",
        "Cluster",
        "  managed:\n    services:\n      additional:\n        - selectorType: rw\n          serviceTemplate:\n"
        f"            metadata:\n              name: pg\n              annotations:\n                {WRONG}\n"
        "            spec:\n              type: LoadBalancer\n",
    ),
    "knative": simple(
        "operator.knative.dev/v1beta1",
        "KnativeServing",
        f"  ingress:\n    kourier:\n      enabled: true\n  services:\n    - name: kourier\n      annotations:\n        {WRONG}\n",
    ),
    "any other": simple(
        "example.com/v1", "Thing", f"  svc:\n    type: LoadBalancer\n    annotations:\n      {WRONG}\n"
    ),
}
ALL = pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ROWS.items()])


def annotations(text: str) -> list[dict[str, str]]:
    """Those of the Services that are made of a stream."""
    streams = [Stream("a.yaml", text.encode())]
    found = services_of(streams, Objects(one for stream in streams for one in stream.objects))
    return [dict(one.service.annotations) for one in found]


@ALL
def test_a_wrong_value_is_found_and_mended_where_it_is_written(text: str) -> None:
    lines = text.split("\n")
    inside = "service: |" in text
    found = [
        one for one in lint([("a.yaml", text.encode())], ON).diagnostics if one.rule == "internal-not-exactly-true"
    ]
    wanted = next(number for number, line in enumerate(lines, 1) if WRONG in line)
    assert [wanted - 3 if inside else wanted] == [one.line for one in found]
    result = fix([("a.yaml", text.encode())], ON, LintOptions(select=("internal-not-exactly-true",)), unsafe=True)
    assert text.replace(WRONG, RIGHT) == result.files[0].after.decode()
    assert all("True" != one.get(INTERNAL) for one in annotations(result.files[0].after.decode()))
    assert any("true" == one.get(INTERNAL) for one in annotations(result.files[0].after.decode()))


@ALL
def test_lint_fix_writes_the_same_into_the_file(text: str) -> None:
    result = fix([("a.yaml", text.encode())], ON, unsafe=True)
    assert WRONG not in result.files[0].after.decode()
    assert [] == [one for one in result.remaining.diagnostics if one.rule == "internal-not-exactly-true"]


POLICY = Policy((PolicyRule("r", known="leave", unknown="leave", annotations=((IDLE, "15"),)),), name="p")


@ALL
def test_a_policy_sets_its_annotation_there_too(text: str) -> None:
    """As ``fix`` does, so does ``post-render``, byte for byte; and only lines come, none goes."""
    made = fix([("a.yaml", text.encode())], ON, LintOptions(select=("annotation-*",), policy=POLICY))
    after = made.files[0].after.decode()
    has_own = "kind: Thing" not in text
    if has_own:
        assert after == postrender(text.encode(), PostRenderOptions(ON, POLICY)).output.decode()
    assert all("15" == one.get(IDLE) for one in annotations(after))
    lines = iter(after.split("\n"))
    assert all(line in lines for line in text.split("\n"))


@ALL
def test_krm_does_the_same_in_its_list(text: str) -> None:
    items = "".join(
        "- " + "\n  ".join(one.text.removeprefix("---\n").rstrip("\n").split("\n")) + "\n"
        for one in split(text.encode())
    )
    head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
    config = (
        "functionConfig:\n  apiVersion: akslb.dev/v1alpha1\n  kind: AnnotationPolicy\n  metadata: {name: c}\n"
        f'  spec:\n    rules:\n    - match: {{}}\n      set:\n        {IDLE}: "15"\n'
    )
    done = krm(f"{head}{config}items:\n{items}".encode(), lambda _: ON)
    assert done.output.decode().count(f'{IDLE}: "15"') >= 2, done.output.decode()


PROBED = {
    "istio": gateway("istio").replace("TCP", "HTTP"),
    "istio, its own": gateway("istio").replace("TCP", "HTTP").replace("shop", "shop\n  annotations: {a: b}"),
    "app routing": gateway("approuting-istio").replace("TCP", "HTTP"),
    "rabbitmq": simple("rabbitmq.com/v1beta1", "RabbitmqCluster", "  service:\n    type: LoadBalancer\n"),
    "istio, full": gateway(
        "istio",
        "  infrastructure:\n    parametersRef: {group: '', kind: ConfigMap, name: p}\n    annotations:\n"
        + "".join(f"      example.com/{number}: a\n" for number in range(8)),
    ).replace("TCP", "HTTP")
    + CONFIG_MAP.replace(WRONG, RIGHT),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in PROBED.items()])
def test_probes_are_mended_there_by_all_of_them(text: str) -> None:
    """Of a Gateway that is full (eight annotations are all that it may have), in its ConfigMap."""
    done = postrender(text.encode(), PostRenderOptions(ON))
    assert done.changes and not done.warnings
    assert done.output == fix([("a.yaml", text.encode())], ON).files[0].after
    ports = {port for one in done.changes for port in one.ports}
    (service,) = explain([("a.yaml", done.output)], ON).services
    assert all(
        service.derivation.service.annotations.get(f"{PREFIX}port_{port}_health-probe_protocol") == "tcp"
        for port in ports
    )
    assert done.output == postrender(done.output, PostRenderOptions(ON)).output


def test_where_nothing_is_copied_from_the_finding_stays_and_says_where() -> None:
    """An ArgoCD has no field for annotations."""
    text = simple("argoproj.io/v1beta1", "ArgoCD", "  server:\n    service:\n      type: LoadBalancer\n")
    made = fix([("a.yaml", text.encode())], ON, LintOptions(policy=POLICY))
    assert text == made.files[0].after.decode()
    (warning,) = postrender(text.encode(), PostRenderOptions(ON, POLICY)).warnings
    assert "nothing in this stream is copied" in warning.message
