"""What each controller makes, as its own golden files and tests have it: name, type, policy, annotations, ports."""

from typing import Any

import pytest

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import split
from kubectl_akslb.producers.produce import made_of

PREFIX = "service.beta.kubernetes.io/"
INTERNAL = {f"{PREFIX}azure-load-balancer-internal": "true"}
INTERNAL_TEXT = "service.beta.kubernetes.io/azure-load-balancer-internal: 'true'"


def read(text: str) -> list[dict[str, Any]]:
    found = [parse_data(Source(one.text))[1] for one in split(text.encode())]
    return [one for one in found if isinstance(one, dict)]


def made(text: str) -> list[dict[str, Any]]:
    """What is made of the first object, beside the others."""
    objects = read(text)
    return [dict(one.service) for one in made_of(objects[0], Objects(objects))]


def short(service: dict[str, Any]) -> dict[str, Any]:
    """A Service in a few words: a port as ``name port/protocol target appProtocol``."""
    spec, metadata = service["spec"], service["metadata"]
    ports = [
        " ".join(str(one[key]) for key in ("name", "port", "targetPort", "appProtocol") if key in one)
        + ("/UDP" if one["protocol"] == "UDP" else "")
        for one in spec["ports"]
    ]
    found = {"name": f"{metadata['namespace']}/{metadata['name']}", "ports": ports}
    found |= {"annotations": metadata["annotations"]} if metadata["annotations"] else {}
    return found | {key: value for key, value in spec.items() if key not in {"ports", "type"}}


def gateway(class_name: str, infrastructure: str = "", listeners: str = "", metadata: str = "", spec: str = "") -> str:
    listeners = listeners or "{name: http, port: 80, protocol: HTTP}, {name: https, port: 443, protocol: HTTPS}"
    return f"""apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: web, namespace: shop{metadata}}}
spec:
  gatewayClassName: {class_name}
{"  infrastructure: " + infrastructure if infrastructure else ""}
{"  " + spec if spec else ""}
  listeners: [{listeners}]
"""


def gateway_class(name: str, controller: str, more: str = "") -> str:
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {{name: {name}}}
spec: {{controllerName: {controller}{more}}}
"""


ISTIO_PORTS = ["status-port 15021 tcp", "http 80 http", "https 443 https"]
ANNOTATED = f"{{annotations: {{{INTERNAL_TEXT}}}}}"
PRESET = {
    f"{PREFIX}port_{port}_health-probe_{key}": value
    for port in (80, 443)
    for key, value in (("port", "10256"), ("protocol", "http"), ("request-path", "/healthz"))
}
DUAL = {"ipFamilyPolicy": "PreferDualStack"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (gateway("istio"), {"name": "shop/web-istio", "ports": ISTIO_PORTS, **DUAL}),
        (gateway("istio", ANNOTATED), {"name": "shop/web-istio", "ports": ISTIO_PORTS, "annotations": INTERNAL, **DUAL}),
        (
            gateway("istio", metadata=f", annotations: {{{INTERNAL_TEXT}}}"),
            {"name": "shop/web-istio", "ports": ISTIO_PORTS, "annotations": INTERNAL, **DUAL},
        ),
        (
            gateway("istio", "{annotations: {}}", metadata=f", annotations: {{{INTERNAL_TEXT}}}"),
            {"name": "shop/web-istio", "ports": ISTIO_PORTS, **DUAL},
        ),
        (
            gateway("istio", spec="addresses: [{value: 203.0.113.7}]"),
            {"name": "shop/web-istio", "ports": ISTIO_PORTS, "loadBalancerIP": "203.0.113.7", **DUAL},
        ),
        (
            gateway("istio", metadata=", annotations: {gateway.istio.io/name-override: front}"),
            {"name": "shop/front", "ports": ISTIO_PORTS, **DUAL},
        ),
        (
            gateway("istio", listeners="{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}"),
            {"name": "shop/web-istio", "ports": ["status-port 15021 tcp", "a 80 http"], **DUAL},
        ),
        (
            gateway("istio", "{parametersRef: {group: '', kind: ConfigMap, name: options}}")
            + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: options, namespace: shop}\ndata:\n  service: |\n"
            + "    spec: {externalTrafficPolicy: Local, loadBalancerSourceRanges: [198.51.100.0/24]}\n",
            {
                "name": "shop/web-istio", "ports": ISTIO_PORTS, "externalTrafficPolicy": "Local",
                "loadBalancerSourceRanges": ["198.51.100.0/24"], **DUAL,
            },
        ),
        (gateway("approuting-istio"), {"name": "shop/web-approuting-istio", "ports": ISTIO_PORTS, "annotations": PRESET, **DUAL}),
        (
            gateway("eg"),
            {
                "name": "envoy-gateway-system/envoy-shop-web-97375646", "externalTrafficPolicy": "Local",
                "ports": ["tcp-80 80 10080", "tcp-443 443 10443"],
            },
        ),
        (
            gateway("mine", ANNOTATED)
            + gateway_class("mine", "gateway.envoyproxy.io/gatewayclass-controller",
                            ", parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: p, namespace: e}")
            + "---\napiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyProxy\nmetadata: {name: p, namespace: e}\nspec:\n"
            + "  provider: {type: Kubernetes, kubernetes: {envoyService: {annotations: {a: b}, externalTrafficPolicy: Cluster}}}\n",
            {
                "name": "envoy-gateway-system/envoy-shop-web-97375646", "externalTrafficPolicy": "Cluster",
                "ports": ["tcp-80 80 10080", "tcp-443 443 10443"], "annotations": {**INTERNAL, "a": "b"},
            },
        ),
        (
            gateway("eg", listeners="{name: dns, port: 53, protocol: UDP}, {name: d, port: 8080, protocol: HTTP}"),
            {
                "name": "envoy-gateway-system/envoy-shop-web-97375646", "externalTrafficPolicy": "Local",
                "ports": ["udp-53 53 10053/UDP", "tcp-8080 8080 8080"],
            },
        ),
        (
            gateway("nginx", ANNOTATED),
            {
                "name": "shop/web-nginx", "externalTrafficPolicy": "Local", "ports": ["port-80 80 80", "port-443 443 443"],
                "annotations": INTERNAL, **DUAL,
            },
        ),
        (
            gateway("contour", ANNOTATED),
            {
                "name": "shop/envoy-web", "externalTrafficPolicy": "Local",
                "ports": ["http-80 80 8080", "https-443 443 8443"], "annotations": INTERNAL,
            },
        ),
        (
            gateway("cilium", ANNOTATED),
            {
                "name": "shop/cilium-gateway-web", "externalTrafficPolicy": "Cluster", "ports": ["port-80 80", "port-443 443"],
                "annotations": INTERNAL,
            },
        ),
        (
            gateway("kgateway", ANNOTATED),
            {"name": "shop/web", "ports": ["listener-80 80 80", "listener-443 443 443"], "annotations": INTERNAL},
        ),
        (
            gateway("kong", ANNOTATED),
            {
                "name": "shop/dataplane-ingress-web", "ports": ["http 80 8000", "https 443 8443"], "annotations": INTERNAL,
            },
        ),
    ],
    ids=[
        "istio", "istio, infrastructure", "istio, own annotations", "istio, empty infrastructure hides its own",
        "istio, address", "istio, name", "istio, one port twice", "istio, ConfigMap", "app routing", "envoy gateway",
        "envoy gateway, EnvoyProxy of the class", "envoy gateway, UDP", "nginx", "contour", "cilium", "kgateway", "kong",
    ],
)  # fmt: skip
def test_a_gateway(text: str, wanted: dict[str, Any]) -> None:
    assert [wanted] == [short(one) for one in made(text)]


@pytest.mark.parametrize(
    "text",
    [
        gateway("unknown"),
        gateway("istio") + gateway_class("istio", "example.com/other"),
        gateway("istio", spec="addresses: [{type: Hostname, value: a.example}]"),
        gateway("istio", metadata=", annotations: {networking.istio.io/service-type: ClusterIP}"),
        gateway("istio").replace("gateway.networking.k8s.io/v1", "networking.istio.io/v1"),
        "kind: Gateway\nmetadata: {name: []}\nspec: {gatewayClassName: istio, listeners: 3}\napiVersion: gateway.networking.k8s.io/v1\n",
    ],
    ids=["unknown class", "another controller", "given by hand", "ClusterIP", "Istio's own kind", "wrong types"],
)
def test_no_service_is_made(text: str) -> None:
    assert [] == made(text)


NIC = """apiVersion: approuting.kubernetes.azure.com/v1alpha1
kind: NginxIngressController
metadata: {{name: {name}}}
spec: {{ingressClassName: {class_name}{more}}}
"""
NIC_PORTS = ["http 80 http", "https 443 https"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            NIC.format(name="default", class_name="webapprouting.kubernetes.azure.com", more=""),
            {"name": "app-routing-system/nginx", "ports": NIC_PORTS},
        ),
        (
            NIC.format(name="x", class_name="x", more=", controllerNamePrefix: in"),
            {"name": "app-routing-system/in-0", "ports": NIC_PORTS},
        ),
        (
            NIC.format(name="x", class_name="x", more=f", loadBalancerAnnotations: {{{INTERNAL_TEXT}}}"),
            {"name": "app-routing-system/nginx-0", "ports": NIC_PORTS, "annotations": INTERNAL},
        ),
        (
            NIC.format(name="x", class_name="x", more=", httpDisabled: true"),
            {"name": "app-routing-system/nginx-0", "ports": NIC_PORTS[1:]},
        ),
        (
            NIC.format(name="x", class_name="x", more=", loadBalancerSourceRanges: [10.0.0.0/8]"),
            {"name": "app-routing-system/nginx-0", "ports": NIC_PORTS, "loadBalancerSourceRanges": ["10.0.0.0/8"]},
        ),
        (
            NIC.format(name="x", class_name="x", more="}\nstatus: {collisionCount: 2"),
            {"name": "app-routing-system/nginx-2", "ports": NIC_PORTS},
        ),
    ],
)
def test_app_routing(text: str, wanted: dict[str, Any]) -> None:
    assert [{**wanted, "externalTrafficPolicy": "Local"}] == [short(one) for one in made(text)]


RABBIT = "apiVersion: rabbitmq.com/v1beta1\nkind: RabbitmqCluster\nmetadata: {{name: hare, annotations: {{{own}}}}}\nspec: {{{spec}}}\n"
PLAIN = ["amqp 5672 5672 amqp", "management 15672 15672 http", "prometheus 15692 15692 prometheus.io/metrics"]
SECURE = [
    "amqps 5671 5671 amqps",
    "management-tls 15671 15671 https",
    "prometheus-tls 15691 15691 prometheus.io/metrics",
]


@pytest.mark.parametrize(
    ("own", "spec", "wanted"),
    [
        ("", "service: {type: LoadBalancer}", {"ports": PLAIN}),
        (
            "",
            "service: {type: LoadBalancer}, tls: {secretName: s, disableNonTLSListeners: true}",
            {"ports": SECURE},
        ),
        (
            "",
            "service: {type: LoadBalancer}, tls: {secretName: s}",
            {"ports": [PLAIN[0], SECURE[0], PLAIN[1], SECURE[1], SECURE[2]]},
        ),
        (
            f"{INTERNAL_TEXT}, example.com/a: b",
            "service: {type: LoadBalancer}",
            {"ports": PLAIN, "annotations": {"example.com/a": "b"}},
        ),
        (
            "",
            f"service: {{type: LoadBalancer, annotations: {{{INTERNAL_TEXT}}}}}",
            {"ports": PLAIN, "annotations": INTERNAL},
        ),
        (
            "",
            "override: {service: {spec: {type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 15672, appProtocol: tcp}]}}}",
            {"ports": [PLAIN[0], "management 15672 15672 tcp", PLAIN[2]], "externalTrafficPolicy": "Local"},
        ),
        (
            "",
            "service: {type: LoadBalancer}, rabbitmq: {additionalPlugins: [rabbitmq_web_mqtt]}",
            {"ports": [*PLAIN, "web-mqtt 15675 15675 http"]},
        ),
    ],
    ids=["plain", "TLS only", "both", "annotations of Kubernetes are not copied", "annotations", "override", "plugin"],
)
def test_rabbitmq(own: str, spec: str, wanted: dict[str, Any]) -> None:
    found = [short(one) for one in made(RABBIT.format(own=own, spec=spec))]
    assert [{"name": "default/hare", **wanted}] == found


def test_rabbitmq_inside_the_cluster_makes_none() -> None:
    assert [] == made(RABBIT.format(own="", spec="replicas: 3"))


KAFKA = """apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {{name: log, namespace: data}}
spec:
  kafka:
    replicas: 2
    listeners:
      - {{name: plain, port: 9092, type: internal}}
      - {{name: {name}, port: 9094, type: loadbalancer{more}}}
"""
POOL = """---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaNodePool
metadata: {name: brokers, namespace: data, labels: {strimzi.io/cluster: log}}
spec: {replicas: 3, roles: [broker]}
"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (KAFKA.format(name="out", more=""), ["log-kafka-out-bootstrap", "log-kafka-out-0", "log-kafka-out-1"]),
        (
            KAFKA.format(name="out", more="") + POOL,
            ["log-kafka-out-bootstrap", "log-brokers-out-0", "log-brokers-out-1", "log-brokers-out-2"],
        ),
        (
            KAFKA.format(name="external", more="") + POOL,
            ["log-kafka-external-bootstrap", "log-brokers-0", "log-brokers-1", "log-brokers-2"],
        ),
        (
            KAFKA.format(name="out", more=", configuration: {createBootstrapService: false}"),
            ["log-kafka-out-0", "log-kafka-out-1"],
        ),
    ],
)
def test_the_services_of_a_kafka(text: str, names: list[str]) -> None:
    found = [short(one) for one in made(text)]
    assert [f"data/{name}" for name in names] == [one["name"] for one in found]
    assert all("Cluster" == one["externalTrafficPolicy"] for one in found)


@pytest.mark.parametrize(
    ("configuration", "bootstrap", "brokers"),
    [
        (f"bootstrap: {{annotations: {{{INTERNAL_TEXT}}}}}", INTERNAL, [{}, {}]),
        (f"brokers: [{{broker: 1, annotations: {{{INTERNAL_TEXT}}}}}]", {}, [{}, INTERNAL]),
        (f"perBrokerAnnotationsTemplate: {{{INTERNAL_TEXT}}}", {}, [INTERNAL, INTERNAL]),
        (
            f"perBrokerAnnotationsTemplate: {{{INTERNAL_TEXT}}}, brokers: [{{broker: 0, annotations: {{a: b}}}}]",
            {},
            [{"a": "b"}, INTERNAL],
        ),
    ],
)
def test_annotations_of_a_kafka(configuration: str, bootstrap: dict[str, str], brokers: list[dict[str, str]]) -> None:
    found = made(KAFKA.format(name="out", more=f", configuration: {{{configuration}}}"))
    assert [bootstrap, *brokers] == [one["metadata"]["annotations"] for one in found]


def test_fields_of_a_kafka() -> None:
    given = "configuration: {class: x, loadBalancerSourceRanges: [10.0.0.0/8], externalTrafficPolicy: Local, bootstrap: {loadBalancerIP: 203.0.113.1}}"
    first, *others = [short(one) for one in made(KAFKA.format(name="out", more=f", {given}"))]
    fields = {"loadBalancerClass": "x", "loadBalancerSourceRanges": ["10.0.0.0/8"], "externalTrafficPolicy": "Local"}
    assert {**fields, "loadBalancerIP": "203.0.113.1"} == {key: first[key] for key in (*fields, "loadBalancerIP")}
    assert all(fields == {key: one[key] for key in fields} and "loadBalancerIP" not in one for one in others)
    assert ["tcp-out 9094 tcp-out"] == first["ports"]


@pytest.mark.parametrize(
    ("spec", "annotations", "ports"),
    [
        (f"http: {{service: {{metadata: {{annotations: {{{INTERNAL_TEXT}}}}}, spec: {{type: LoadBalancer, ports: [{{port: 9200}}]}}}}}}", INTERNAL, [9200]),
        (f"serviceSpec: {{type: LoadBalancer, annotations: {{{INTERNAL_TEXT}}}}}", INTERNAL, []),
        (f"service: {{type: LoadBalancer, metadata: {{annotations: {{{INTERNAL_TEXT}}}}}}}", INTERNAL, []),
        ("managed: {services: {additional: [{serviceTemplate: {spec: {type: LoadBalancer, ports: [{port: 5432}]}}}]}}", {}, [5432]),
    ],
    ids=["metadata and spec", "flat", "type and metadata", "in a list"],
)  # fmt: skip
def test_a_service_in_a_field(spec: str, annotations: dict[str, str], ports: list[int]) -> None:
    (found,) = made(f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nspec: {{{spec}}}\n")
    assert annotations == found["metadata"]["annotations"]
    assert ports == [one["port"] for one in found["spec"]["ports"]]


@pytest.mark.parametrize(
    "spec",
    [
        "template: {service: {type: LoadBalancer}}", "service: {type: ClusterIP}", "type: LoadBalancer",
        "a: {b: {c: {d: {e: {f: {g: {h: {type: LoadBalancer}}}}}}}}",
    ],
    ids=["pods", "another type", "the object itself", "too deep"],
)  # fmt: skip
def test_no_service_in_a_field(spec: str) -> None:
    assert [] == made(f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: a}}\nspec: {{{spec}}}\n")


def test_the_name_that_envoy_gateway_documents() -> None:
    text = gateway("eg").replace("name: web, namespace: shop", "name: gateway-1, namespace: envoy-gateway")
    assert "envoy-gateway-system/envoy-envoy-gateway-gateway-1-196ae069" == short(made(text)[0])["name"]
