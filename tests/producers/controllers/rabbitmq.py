"""RabbitmqCluster.

What is seen stands in internal/resource/service_test.go of rabbitmq/cluster-operator at 06cda8e (2.22.3) and its tags.
The order of ports is random there.
"""

from tests.given.made import INTERNAL, INTERNAL_TEXT, Case, deployment

PLAIN = ["amqp 5672 5672 amqp", "management 15672 15672 http", "prometheus 15692 15692 prometheus.io/metrics"]
SECURE = [
    "amqps 5671 5671 amqps",
    "management-tls 15671 15671 https",
    "prometheus-tls 15691 15691 prometheus.io/metric-tls",
]
TYPE = "service: {type: LoadBalancer}"
TLS = f"{TYPE}, tls: {{secretName: s}}"
ONLY_TLS = f"{TYPE}, tls: {{secretName: s, disableNonTLSListeners: true}}"


def cluster(spec: str, annotations: str = "") -> str:
    return (
        "apiVersion: rabbitmq.com/v1beta1\nkind: RabbitmqCluster\n"
        f"metadata: {{name: hare, namespace: shop, annotations: {{{annotations}}}}}\nspec: {{{spec}}}\n"
    )


def plugins(*names: str) -> str:
    return f", rabbitmq: {{additionalPlugins: [{', '.join(names)}]}}"


def version(tag: str) -> str:
    return deployment("rabbitmq-cluster-operator", f"rabbitmqoperator/cluster-operator:{tag}")


def service(*ports: str, **fields: object) -> tuple[dict[str, object], ...]:
    return ({"name": "shop/hare", "ports": list(ports), **fields},)


CASES = {
    "ClusterIP": Case("Service Type: the default", cluster("replicas: 3"), ()),
    "plain": Case("Service Type: LoadBalancer", cluster(TYPE), service(*PLAIN)),
    "TLS only": Case("TLS: disableNonTLSListeners", cluster(ONLY_TLS), service(*SECURE)),
    "both": Case(
        "TLS: both, and one port of metrics",
        cluster(TLS),
        service(PLAIN[0], SECURE[0], PLAIN[1], SECURE[1], SECURE[2]),
    ),
    "TLS of Vault": Case(
        "rabbitmqcluster_types.go, TLSEnabled",
        cluster(f"{TYPE}, secretBackend: {{vault: {{tls: {{pkiIssuerPath: pki}}}}}}"),
        service(PLAIN[0], SECURE[0], PLAIN[1], SECURE[1], SECURE[2]),
    ),
    "MQTT and STOMP": Case(
        "Ports: plugins",
        cluster(TYPE + plugins("rabbitmq_mqtt", "rabbitmq_stomp")),
        service(*PLAIN, "mqtt 1883 1883 mqtt", "stomp 61613 61613 stomp.github.io/stomp"),
    ),
    "web": Case(
        "Ports: plugins (web-amqp from 2.20 on)",
        cluster(TYPE + plugins("rabbitmq_web_mqtt", "rabbitmq_web_stomp", "rabbitmq_web_amqp")),
        service(*PLAIN, "web-mqtt 15675 15675 http", "web-stomp 15674 15674 http", "web-amqp 15678 15678 http"),
    ),
    "plugins with TLS": Case(
        "Ports: plugins with TLS only",
        cluster(
            ONLY_TLS
            + plugins("rabbitmq_mqtt", "rabbitmq_stomp", "rabbitmq_web_mqtt", "rabbitmq_web_stomp", "rabbitmq_stream")
        ),
        service(
            *SECURE,
            "mqtts 8883 8883 mqtts",
            "stomps 61614 61614 stomp.github.io/stomp-tls",
            "streams 5551 5551 rabbitmq.com/stream-tls",
            "web-mqtt-tls 15676 15676 https",
            "web-stomp-tls 15673 15673 https",
        ),
    ),
    "stream by another plugin": Case(
        "rabbitmqcluster_types.go, StreamNeeded",
        cluster(TYPE + plugins("rabbitmq_multi_dc_replication")),
        service(*PLAIN, "stream 5552 5552 rabbitmq.com/stream"),
    ),
    "annotations of Kubernetes are not copied": Case(
        "Annotations: those of kubernetes.io and k8s.io stay",
        cluster(TYPE, f"{INTERNAL_TEXT}, my-annotation: b, k8s.io/a: c"),
        service(*PLAIN, annotations={"my-annotation": "b"}),
    ),
    "annotations": Case(
        "Annotations: those of spec.service win",
        cluster(f"service: {{type: LoadBalancer, annotations: {{{INTERNAL_TEXT}, a: service}}}}", "a: own"),
        service(*PLAIN, annotations={**INTERNAL, "a": "service"}),
    ),
    "family": Case(
        "IPFamilyPolicy (2.6)",
        cluster("service: {type: LoadBalancer, ipFamilyPolicy: PreferDualStack}"),
        service(*PLAIN, ipFamilyPolicy="PreferDualStack"),
    ),
    "override": Case(
        "Override: a strategic merge, ports by their number",
        cluster(
            "override: {service: {metadata: {annotations: {a: b}}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, "
            "loadBalancerSourceRanges: [1000::/64], ports: [{name: m, port: 15672, appProtocol: tcp}, "
            "{name: additional-port, protocol: TCP, port: 12345}]}}}"
        ),
        service(
            PLAIN[0],
            "m 15672 15672 tcp",
            PLAIN[2],
            "additional-port 12345",
            annotations={"a": "b"},
            externalTrafficPolicy="Local",
            loadBalancerSourceRanges=["1000::/64"],
        ),
    ),
    "1.10 has no appProtocol": Case(
        "service.go of v1.10.0",
        cluster(TYPE) + version("1.10.0"),
        service("amqp 5672 5672", "management 15672 15672", "prometheus 15692 15692"),
    ),
    "2.5 has no family": Case(
        "service.go of v2.5.0",
        cluster("service: {type: LoadBalancer, ipFamilyPolicy: PreferDualStack}") + version("2.5.0"),
        service(*PLAIN),
    ),
    "2.19 has no web-amqp": Case(
        "service.go of v2.19.0",
        cluster(TYPE + plugins("rabbitmq_web_amqp")) + version("2.19.1"),
        service(*PLAIN),
    ),
}
