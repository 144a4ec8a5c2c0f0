"""Microsoft's page on network problems in AKS clusters: tables that kubectl prints, and causes that are not Azure's."""

from kubectl_akslb.manifest.decode import service_objects
from kubectl_akslb.provider.errata import NETWORK_GUIDE
from tests.doc_claims.row import LIST, OUTPUT, Check, Row, Table, built, case, same
from tests.given.services import local, on, port, service

ENDPOINTS = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "kubernetes-internal"}}

EVENTS = Table(NETWORK_GUIDE, "events", "Pod fails to allocate the IP address", OUTPUT, tuple(
    Row(
        reason, f"event {reason} of the kubelet",
        (case(local(load_balancer_source_ranges=("10.0.0.1/24",)), events=("InvalidSourceRanges",)),),
        not_derived="an event about a pod: the derivation has only events of azure-cloud-provider",
    )
    for reason in ("SandboxChanged", "FailedCreatePodSandBox")
))  # fmt: skip

GET_SERVICE = Table(NETWORK_GUIDE, "get-service", "Nodes can't reach the API server, kubectl get service", OUTPUT, (
    Row(
        "kubernetes-internal", "a Service of type ClusterIP with port 443/TCP and no external address",
        (case(service({}, port(443), type="ClusterIP"), ignored="type is ClusterIP, not LoadBalancer"),),
    ),
))  # fmt: skip

GET_ENDPOINTS = Table(NETWORK_GUIDE, "get-endpoints", "Nodes can't reach the API server, kubectl get endpoints", OUTPUT, (
    Row(
        "kubernetes-internal", "Endpoints with one address and port 6443",
        checks=(Check("Services in it", [], lambda: list(service_objects(ENDPOINTS))),),
        not_derived="Endpoints are no Service: they are passed over",
    ),
))  # fmt: skip

_TARGET = Check("another targetPort", True, lambda: same(service({}, port()._replace(target_port=9999)), service()))
_NOT_READ = "the provider does not read targetPort"

REACHABLE = Table(NETWORK_GUIDE, "service-checks", "Service not accessible within Pods", LIST, (
    Row("container-port", "are the ports of container and Service equal", checks=(_TARGET,), not_derived=_NOT_READ),
    Row("pod-address", "does the pod's own address answer", checks=(_TARGET,), not_derived=_NOT_READ),
))  # fmt: skip

CAUSES = Table(NETWORK_GUIDE, "service-causes", "Service not accessible within Pods", LIST, (
    Row("not-listening", "the container does not listen on its port", checks=(_TARGET,), not_derived=_NOT_READ),
    Row(
        "network-plugin", "a fault of the network plugin or of a route",
        checks=(Check("no nodes", "Tcp 30080", lambda: built(service(), on(nodes=()))["probe"]),),
        not_derived="the state of nodes: the probe is the same with none",
    ),
    Row(
        "kube-proxy", "kube-proxy does not run",
        (case(service(), on(probe_mode="shared"), probe="Http 10256 /healthz"), case(service(), probe="Tcp 30080")),
        not_derived="the state of nodes; in shared probe mode it is kube-proxy that is probed",
    ),
    Row(
        "network-policy", "a NetworkPolicy drops the traffic",
        checks=(Check("other labels and selector", True,
                      lambda: same(service(labels={"a": "b"}, selector={"a": "b"}), service())),),
        not_derived="the provider reads no NetworkPolicy, and no labels with a single load balancer",
    ),
))  # fmt: skip

TABLES = (EVENTS, GET_SERVICE, GET_ENDPOINTS, REACHABLE, CAUSES)
