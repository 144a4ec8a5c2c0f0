"""Meshes whose proxies refuse clients that are none of them."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.pod import pod_hop
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, container, endpoint, files, live, piece, pod, read, service_object, workload
from tests.given.services import on

PASS, DEPENDS = Outcome.PASS, Outcome.DEPENDS
ASKS = {"readinessProbe": {"httpGet": {"port": 8080, "path": "/"}}}


def hop(evidence: Evidence, service: Object) -> Hop:
    own = read(service)
    return pod_hop(Context(own, on(str(NEWEST))), evidence, own.ports[0])


def in_files(*objects: Object, **spec: Any) -> Hop:
    service = service_object(**spec)
    return hop(files(service, *objects), service)


def strict(*, namespace: str = "default", mode: str = "STRICT", **spec: Any) -> Object:
    return {
        "kind": "PeerAuthentication",
        "metadata": {"name": "tls", "namespace": namespace},
        "spec": {"mtls": {"mode": mode}, **spec},
    }


def annotated(one: Object, key: str, value: str) -> Object:
    template = one["spec"]["template"]
    metadata = {**template["metadata"], "annotations": {key: value}}
    return {**one, "spec": {"template": {**template, "metadata": metadata}}}


MESHED = workload(containers=[container(8080), {"name": "istio-proxy"}])
GATEWAY = workload(containers=[{"name": "istio-proxy"}])
INJECTED = workload(labels={"app": "web", "sidecar.istio.io/inject": "true"})
UNLABELLED = {"kind": "Namespace", "metadata": {"name": "default"}}
LABELLED = {"kind": "Namespace", "metadata": {"name": "default", "labels": {"istio-injection": "enabled"}}}


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([MESHED, strict()], DEPENDS),
        ([MESHED, strict(namespace="istio-system")], DEPENDS),
        ([MESHED, strict(namespace="aks-istio-system")], DEPENDS),
        ([MESHED, strict(namespace="istio-ingress")], PASS),
        ([MESHED, strict(namespace="aks-istio-ingress")], PASS),
        ([MESHED, strict(namespace="shop")], PASS),
        ([MESHED, strict(mode="PERMISSIVE")], PASS),
        ([MESHED, strict(namespace="istio-system"), strict(mode="PERMISSIVE")], PASS),
        ([MESHED, strict(selector={"matchLabels": {"app": "db"}})], PASS),
        ([MESHED, strict(selector={"matchLabels": {"app": "web"}})], DEPENDS),
        ([MESHED, strict(portLevelMtls={"8080": {"mode": "PERMISSIVE"}})], PASS),
        ([MESHED, strict(mode="PERMISSIVE", portLevelMtls={"8080": {"mode": "STRICT"}})], DEPENDS),
        ([workload(), strict()], DEPENDS),
        ([workload(), strict(namespace="istio-system")], PASS),
        ([workload(), strict(), UNLABELLED], PASS),
        ([GATEWAY, strict()], PASS),
        ([INJECTED, strict()], DEPENDS),
        ([workload(), LABELLED, strict()], DEPENDS),
        ([MESHED, strict(namespace="istio-system"), strict(mode="UNSET")], DEPENDS),
        ([annotated(MESHED, "traffic.sidecar.istio.io/excludeInboundPorts", "9090,8080"), strict()], PASS),
        ([annotated(MESHED, "traffic.sidecar.istio.io/excludeInboundPorts", "8000-8100"), strict()], PASS),
        ([annotated(MESHED, "traffic.sidecar.istio.io/excludeInboundPorts", "80"), strict()], DEPENDS),
    ],
)
def test_a_mesh_that_refuses_plain_connections(objects: list[Object], expected: Outcome) -> None:
    assert expected is in_files(*objects).outcome


def authorization(*rules: Object, namespace: str = "default", **spec: Any) -> Object:
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "who", "namespace": namespace},
        "spec": {"rules": list(rules), **spec},
    }


def of(**source: Any) -> Object:
    return {"from": [{"source": source}]}


MEMBERS = of(principals=["cluster.local/ns/shop/sa/web"])
RANGE = of(remoteIpBlocks=["203.0.113.0/24"])


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([MESHED, authorization()], DEPENDS),
        ([GATEWAY, authorization()], DEPENDS),
        ([GATEWAY, authorization(namespace="istio-system")], DEPENDS),
        ([workload(), authorization()], PASS),
        ([MESHED, authorization({})], PASS),
        ([MESHED, authorization(MEMBERS)], DEPENDS),
        ([MESHED, authorization(of(namespaces=["shop"]))], DEPENDS),
        ([MESHED, authorization(RANGE)], PASS),
        ([MESHED, authorization(MEMBERS, RANGE)], PASS),
        ([MESHED, authorization(MEMBERS), authorization({"to": [{"operation": {"paths": ["/"]}}]})], PASS),
        ([MESHED, authorization({}, action="DENY")], DEPENDS),
        ([MESHED, authorization(RANGE, action="DENY")], PASS),
        ([MESHED, authorization({}), authorization({}, action="DENY")], DEPENDS),
        ([MESHED, authorization(action="AUDIT")], PASS),
        ([MESHED, authorization(selector={"matchLabels": {"app": "db"}})], PASS),
        ([MESHED, authorization(selector={"matchLabels": {"app": "web"}})], DEPENDS),
        ([MESHED, authorization(namespace="shop")], PASS),
        ([MESHED, authorization(targetRefs=[{"kind": "Gateway", "name": "g"}])], PASS),
        ([MESHED, authorization() | {"apiVersion": "policy.linkerd.io/v1alpha1"}], PASS),
    ],
)
def test_an_authorization_policy_that_takes_nobody_from_outside(objects: list[Object], expected: Outcome) -> None:
    found = in_files(*objects)
    assert expected is found.outcome
    assert (Cause.MESH_IDENTITY_ONLY is found.because[0].cause) is (expected is DEPENDS)


def linkerd(policy: str = "", **more: str) -> Object:
    given = {"linkerd.io/inject": "enabled"} | ({"config.linkerd.io/default-inbound-policy": policy} if policy else {})
    found = workload()
    found["spec"]["template"]["metadata"]["annotations"] = given | {
        f"config.linkerd.io/{k}": v for k, v in more.items()
    }
    return found


def server(port: object = 8080, **spec: Any) -> Object:
    return {
        "apiVersion": "policy.linkerd.io/v1beta3",
        "kind": "Server",
        "metadata": {"name": "web"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "port": port, **spec},
    }


@pytest.mark.parametrize(
    ("objects", "spec", "expected"),
    [
        ([linkerd()], {}, PASS),
        ([linkerd("all-unauthenticated")], {}, PASS),
        ([linkerd("deny")], {}, DEPENDS),
        ([linkerd("all-authenticated")], {}, DEPENDS),
        ([linkerd("cluster-unauthenticated")], {}, PASS),
        ([linkerd("cluster-unauthenticated")], {"externalTrafficPolicy": "Local"}, DEPENDS),
        ([linkerd("deny", **{"skip-inbound-ports": "8080"})], {}, PASS),
        ([linkerd(), server()], {}, DEPENDS),
        ([linkerd(), server("http")], {}, PASS),
        ([linkerd(), server(9090)], {}, PASS),
        ([linkerd(), server(accessPolicy="all-unauthenticated")], {}, PASS),
        ([workload(), server()], {}, PASS),
    ],
)
def test_what_linkerd_refuses(objects: list[Object], spec: Object, expected: Outcome) -> None:
    assert expected is in_files(*objects, **spec).outcome


def test_a_running_pod_shows_its_proxy() -> None:
    service = service_object()
    proxied = pod(containers=[container(8080, **ASKS), {"name": "linkerd-proxy"}])
    proxied["metadata"]["annotations"] = {"config.linkerd.io/default-inbound-policy": "deny"}
    found = hop(live(service, piece(endpoint("web-1")), proxied), service)
    assert (DEPENDS, Cause.MESH_POLICY_REFUSES) == (found.outcome, found.because[0].cause)
