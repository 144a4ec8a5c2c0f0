"""Fields that hold a Service: of ECK, CloudNativePG and Dragonfly.

What is seen stands in pkg/controller/elasticsearch/services/services_test.go and pkg/controller/common/defaults of
elastic/cloud-on-k8s at 7b93383 (3.5), pkg/specs/services_test.go of cloudnative-pg/cloudnative-pg at a95a534 (1.30), and
internal/resources of dragonflydb/dragonfly-operator.
"""

from kubectl_akslb.producers.embedded import TEMPLATES
from tests.given.made import ANNOTATED, INTERNAL, INTERNAL_TEXT, Case

HTTP = "http: {service: {spec: {type: LoadBalancer}}}"
FIELDS = {"externalTrafficPolicy": "Local", "loadBalancerSourceRanges": ["10.0.0.0/8"], "loadBalancerIP": "10.0.0.5"}
GIVEN = (
    "type: LoadBalancer, externalTrafficPolicy: Local, loadBalancerSourceRanges: [10.0.0.0/8], loadBalancerIP: 10.0.0.5"
)


def one(kind: str, spec: str) -> str:
    group = next(each.group for each in TEMPLATES if each.kind == kind)
    return f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: one, namespace: shop}}\nspec: {{{spec}}}\n"


def service(name: str, *ports: str, **fields: object) -> tuple[dict[str, object], ...]:
    return ({"name": f"shop/{name}", "ports": list(ports), **fields},)


def additional(template: str) -> str:
    return one(
        "Cluster", f"managed: {{services: {{additional: [{{selectorType: rw, serviceTemplate: {{{template}}}}}]}}}}"
    )


ECK = {
    "Elasticsearch": Case("TestNewExternalService", one("Elasticsearch", HTTP), service("one-es-http", "https 9200")),
    "Elasticsearch, ports": Case(
        "defaults.SetServiceDefaults: ports that are given stay",
        one("Elasticsearch", "http: {service: {spec: {type: LoadBalancer, ports: [{port: 443, targetPort: 9200}]}}}"),
        service("one-es-http", "443 9200"),
    ),
    "Elasticsearch, metadata": Case(
        "TestNewExternalService: metadata and spec as they are",
        one("Elasticsearch", f"http: {{service: {{metadata: {ANNOTATED}, spec: {{{GIVEN}}}}}}}"),
        service("one-es-http", "https 9200", annotations=INTERNAL, **FIELDS),
    ),
    "Elasticsearch, its name": Case(
        "services.go, NewExternalService: the name is its own",
        one("Elasticsearch", "http: {service: {metadata: {name: x}, spec: {type: LoadBalancer}}}"),
        service("one-es-http", "https 9200"),
    ),
    "transport": Case(
        "TestNewTransportService",
        one("Elasticsearch", "transport: {service: {spec: {type: LoadBalancer}}}"),
        service("one-es-transport", "tls-transport 9300"),
    ),
    "ClusterIP": Case("TestNewExternalService", one("Elasticsearch", "http: {service: {spec: {type: ClusterIP}}}"), ()),
    "Kibana": Case("kibana/name.go", one("Kibana", HTTP), service("one-kb-http", "https 5601")),
    "ApmServer": Case("apmserver/name.go", one("ApmServer", HTTP), service("one-apm-http", "https 8200")),
    "EnterpriseSearch": Case(
        "enterprisesearch/name.go", one("EnterpriseSearch", HTTP), service("one-ent-http", "https 3002")
    ),
    "ElasticMapsServer": Case("maps/name.go", one("ElasticMapsServer", HTTP), service("one-ems-http", "https 8080")),
    "PackageRegistry": Case(
        "packageregistry/name.go", one("PackageRegistry", HTTP), service("one-epr-http", "https 8080")
    ),
    "Agent": Case("agent/name.go: Fleet", one("Agent", HTTP), service("one-agent-http", "https 8220")),
    "Logstash": Case(
        "logstash/name.go: each of spec.services",
        one("Logstash", "services: [{name: beats, service: {spec: {type: LoadBalancer, ports: [{port: 5044}]}}}]"),
        service("one-ls-beats", "5044"),
    ),
}
CLOUD_NATIVE_PG = {
    "additional": Case(
        "cluster-example-managed-services.yaml",
        additional("metadata: {name: pg}, spec: {type: LoadBalancer}"),
        service("pg", "postgres 5432"),
    ),
    "annotations": Case(
        "BuildManagedServices: metadata",
        additional(f"metadata: {{name: pg, annotations: {{{INTERNAL_TEXT}}}}}, spec: {{{GIVEN}}}"),
        service("pg", "postgres 5432", annotations=INTERNAL, **FIELDS),
    ),
    "another port": Case(
        "services.go: 5432 is added",
        additional("metadata: {name: pg}, spec: {type: LoadBalancer, ports: [{name: x, port: 1}]}"),
        service("pg", "x 1", "postgres 5432"),
    ),
    "its port": Case(
        "services.go: unless the number is there",
        additional("metadata: {name: pg}, spec: {type: LoadBalancer, ports: [{name: x, port: 5432}]}"),
        service("pg", "x 5432"),
    ),
    "its name of a port": Case(
        "services.go: unless the name is there",
        additional("metadata: {name: pg}, spec: {type: LoadBalancer, ports: [{name: postgres, port: 15432}]}"),
        service("pg", "postgres 15432"),
    ),
    "Pooler": Case(
        "pgbouncer/services.go",
        one("Pooler", "serviceTemplate: {spec: {type: LoadBalancer}}"),
        service("one", "pgbouncer 5432"),
    ),
    "ClusterIP": Case("BuildManagedServices", additional("metadata: {name: pg}, spec: {type: ClusterIP}"), ()),
}
DRAGONFLY = {
    "service": Case(
        "resources.go", one("Dragonfly", "serviceSpec: {type: LoadBalancer}"), service("one", "redis 6379")
    ),
    "annotations": Case(
        "dragonfly_types.go: annotations beside the type",
        one("Dragonfly", f"serviceSpec: {{type: LoadBalancer, annotations: {{{INTERNAL_TEXT}}}}}"),
        service("one", "redis 6379", annotations=INTERNAL),
    ),
    "ClusterIP": Case("resources.go: the default", one("Dragonfly", "replicas: 2"), ()),
}
