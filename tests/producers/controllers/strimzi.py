"""Kafka of Strimzi.

What is seen stands in cluster-operator/src/test/java/io/strimzi/operator/cluster/model (KafkaClusterListenersTest,
ListenersUtilsTest, KafkaPoolTest, nodepools/NodeIdAssignorTest) of strimzi/strimzi-kafka-operator at 8541da1 (1.2).
"""

from tests.given.made import ANNOTATED, INTERNAL, INTERNAL_TEXT, Case, deployment

TEMPLATE = f"perPodService: {{metadata: {ANNOTATED}}}"


def kafka(
    listener: str = "", name: str = "out", template: str = "", replicas: str = "replicas: 2", port: int = 9094
) -> str:
    return f"""apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {{name: log, namespace: shop}}
spec:
  kafka:
    {replicas}
    template: {{{template}}}
    listeners:
      - {{name: plain, port: 9092, type: internal}}
      - {{name: {name}, port: {port}, type: loadbalancer{listener}}}
"""


def pool(
    name: str = "brokers", spec: str = "replicas: 2", roles: str = "broker", more: str = "", status: str = ""
) -> str:
    return f"""---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {{name: {name}, namespace: shop, labels: {{strimzi.io/cluster: log}}{more}}}
spec: {{{spec}, roles: [{roles}]}}
{f"status: {{{status}}}" if status else ""}
"""


def configuration(text: str) -> str:
    return f", configuration: {{{text}}}"


def service(name: str, listener: str = "out", port: int = 9094, **fields: object) -> dict[str, object]:
    own = {"name": f"shop/log-{name}", "ports": [f"tcp-{listener} {port} tcp-{listener}"]}
    return {**own, "externalTrafficPolicy": "Cluster", **fields}


BOOTSTRAP = service("kafka-out-bootstrap")
BROKERS = (service("brokers-out-0"), service("brokers-out-1"))
FIELDS = {
    "loadBalancerClass": "x",
    "loadBalancerSourceRanges": ["88.208.76.87/32"],
    "externalTrafficPolicy": "Local",
    "ipFamilyPolicy": "PreferDualStack",
    "ipFamilies": ["IPv6", "IPv4"],
    "allocateLoadBalancerNodePorts": False,
}
CASES = {
    "without pools": Case(
        "KafkaCluster.java of 0.45: brokers of a Kafka without a pool",
        kafka(),
        (BOOTSTRAP, service("kafka-out-0"), service("kafka-out-1")),
    ),
    "pool": Case("testExternalLoadBalancers", kafka() + pool(), (BOOTSTRAP, *BROKERS)),
    "external at 9094": Case(
        "ListenersUtils.backwardsCompatiblePerBrokerServiceName",
        kafka(name="external") + pool(),
        (
            service("kafka-external-bootstrap", "external"),
            service("brokers-0", "external"),
            service("brokers-1", "external"),
        ),
    ),
    "external at another port": Case(
        "ListenersUtils.backwardsCompatiblePerBrokerServiceName",
        kafka(name="external", port=9095) + pool(spec="replicas: 1"),
        (service("kafka-external-bootstrap", "external", 9095), service("brokers-external-0", "external", 9095)),
    ),
    "no bootstrap": Case(
        "testLoadBalancerWithoutBootstrap",
        kafka(configuration("createBootstrapService: false")) + pool(),
        BROKERS,
    ),
    "annotations": Case(
        "testExternalLoadBalancersWithLabelsAndAnnotations",
        kafka(
            configuration(
                f"bootstrap: {{annotations: {{{INTERNAL_TEXT}}}}}, brokers: [{{broker: 1, annotations: {{a: b}}}}]"
            )
        )
        + pool(),
        ({**BOOTSTRAP, "annotations": INTERNAL}, BROKERS[0], {**BROKERS[1], "annotations": {"a": "b"}}),
    ),
    "annotations of all brokers": Case(
        "ListenersUtilsTest: perBrokerAnnotationsTemplate (1.1), ModelUtils.renderTemplate",
        kafka(
            configuration(
                "perBrokerAnnotationsTemplate: {a: 'pip-{nodeId}-{nodePodName}'}, brokers: [{broker: 0, annotations: {b: c}}]"
            )
        )
        + pool(),
        (
            BOOTSTRAP,
            {**BROKERS[0], "annotations": {"b": "c"}},
            {**BROKERS[1], "annotations": {"a": "pip-1-log-brokers-1"}},
        ),
    ),
    "1.0 has no annotations of all brokers": Case(
        "GenericKafkaListenerConfiguration.java of 1.0.0",
        kafka(configuration("perBrokerAnnotationsTemplate: {a: b}"))
        + pool()
        + deployment("strimzi-cluster-operator", "quay.io/strimzi/operator:1.0.0"),
        (BOOTSTRAP, *BROKERS),
    ),
    "fields": Case(
        "testLoadBalancerSourceRangeFromListener, testLoadBalancerExternalTrafficPolicyLocalFromListener, testLoadBalancerClass",
        kafka(
            configuration(
                "class: x, loadBalancerSourceRanges: [88.208.76.87/32], externalTrafficPolicy: Local, ipFamilyPolicy: "
                "PreferDualStack, ipFamilies: [IPv6, IPv4], allocateLoadBalancerNodePorts: false"
            )
        )
        + pool(spec="replicas: 1"),
        ({**BOOTSTRAP, **FIELDS}, {**BROKERS[0], **FIELDS}),
    ),
    "addresses": Case(
        "testExternalLoadBalancersWithLoadBalancerIPs",
        kafka(configuration("bootstrap: {loadBalancerIP: 10.0.0.1}, brokers: [{broker: 1, loadBalancerIP: 10.0.0.2}]"))
        + pool(),
        ({**BOOTSTRAP, "loadBalancerIP": "10.0.0.1"}, BROKERS[0], {**BROKERS[1], "loadBalancerIP": "10.0.0.2"}),
    ),
    "templates": Case(
        "KafkaClusterListenersTest: templates of the Kafka win over the listener",
        kafka(
            configuration("bootstrap: {annotations: {a: listener}}"),
            template=f"externalBootstrapService: {{metadata: {{annotations: {{a: template}}}}}}, {TEMPLATE}",
        )
        + pool(spec="replicas: 1"),
        ({**BOOTSTRAP, "annotations": {"a": "template"}}, {**BROKERS[0], "annotations": INTERNAL}),
    ),
    "template of the pool": Case(
        "KafkaPoolTest: it stands in place of the one of the Kafka",
        kafka(template=TEMPLATE)
        + pool(spec="replicas: 1, template: {perPodService: {metadata: {annotations: {a: pool}}}}"),
        (BOOTSTRAP, {**BROKERS[0], "annotations": {"a": "pool"}}),
    ),
    "another template of the pool": Case(
        "KafkaPool.java (0.49): what it does not say is taken from the Kafka",
        kafka(template=TEMPLATE) + pool(spec="replicas: 1, template: {pod: {}}"),
        (BOOTSTRAP, {**BROKERS[0], "annotations": INTERNAL}),
    ),
    "another template of the pool, 0.48": Case(
        "KafkaPool.java of 0.48.0: any template of a pool hides that of the Kafka",
        kafka(template=TEMPLATE)
        + pool(spec="replicas: 1, template: {pod: {}}")
        + deployment("strimzi-cluster-operator", "quay.io/strimzi/operator:0.48.0"),
        (BOOTSTRAP, BROKERS[0]),
    ),
    "controllers have numbers too": Case(
        "NodeIdAssignorTest: in the order of the pools, the lowest that are free",
        kafka() + pool("c-brokers", "replicas: 1") + pool("a-controllers", "replicas: 3", "controller"),
        (BOOTSTRAP, service("c-brokers-out-3")),
    ),
    "numbers of the status": Case(
        "NodeIdAssignorTest: those that are assigned stay",
        kafka() + pool(spec="replicas: 3", status="nodeIds: [5, 2]"),
        (BOOTSTRAP, service("brokers-out-2"), service("brokers-out-5"), service("brokers-out-0")),
    ),
    "numbers that are asked for": Case(
        "NodeIdRangeTest, NodeIdAssignorTest: strimzi.io/next-node-ids",
        kafka() + pool(spec="replicas: 3", more=", annotations: {strimzi.io/next-node-ids: '[10, 20-21]'}"),
        (BOOTSTRAP, service("brokers-out-10"), service("brokers-out-20"), service("brokers-out-21")),
    ),
    "pool of another Kafka": Case(
        "label strimzi.io/cluster",
        kafka(replicas="") + pool().replace("cluster: log", "cluster: other"),
        (BOOTSTRAP, service("kafka-out-0")),
    ),
    "internal": Case("listeners of other types", kafka().replace("loadbalancer", "nodeport"), ()),
}  # fmt: skip
