"""Verdicts that were wrong once, or that people bet an outage on: what the Service and its file say, and the one word."""

from typing import Any

import pytest

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import explain
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile
from kubectl_akslb.provider.version import NEWEST
from tests.given.streams import Object, container, deployment, kind, on, path, policy, service

WORKS, DOWN, PENDING = VerdictKind.WORKS, VerdictKind.DOWN, VerdictKind.PENDING
DEPENDS, UNREACHABLE, IGNORED = VerdictKind.DEPENDS, VerdictKind.UNREACHABLE, VerdictKind.IGNORED

NGINX = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
HTTP = {"name": "http", "port": 80, "targetPort": "http", "appProtocol": "http"}
HTTPS = {"name": "https", "port": 443, "targetPort": "https", "appProtocol": "https"}
PROBE = "azure-load-balancer-health-probe"
READY = {"httpGet": {"path": "/ready", "port": 8080}}


def nginx(*ports: Object, **fields: Any) -> Object:
    return service(*(ports or (HTTP, HTTPS)), labels=NGINX, selector=NGINX, **fields)


def ready(path: str, **request: object) -> Object:
    return {"httpGet": {"path": path, "port": 8080, **request}}


def of_cilium(rule: Object) -> Object:
    spec = {"endpointSelector": {}, "ingress": [rule]}
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "p", "namespace": "shop"},
        "spec": spec,
    }


CASES: dict[str, tuple[VerdictKind, tuple[Object, ...], Cluster]] = {
    "nothing special": (WORKS, (service(), deployment(container(80))), on()),
    "a Service alone": (WORKS, (service(),), on()),
    "no node ports": (PENDING, (service(allocateLoadBalancerNodePorts=False),), on()),
    "SCTP without HA ports": (
        PENDING,
        (service({"port": 80, "protocol": "SCTP"}, annotations={"azure-load-balancer-internal": "true"}),),
        on(),
    ),
    "floating IP off beside deny-all": (
        DOWN,
        (
            service(
                annotations={
                    "azure-disable-load-balancer-floating-ip": "true",
                    "azure-allowed-ip-ranges": "198.51.100.0/24",
                    "azure-deny-all-except-load-balancer-source-ranges": "true",
                }
            ),
        ),
        on(),
    ),
    "floating IP off beside HA ports": (
        DEPENDS,
        (
            service(
                annotations={
                    "azure-disable-load-balancer-floating-ip": "true",
                    "azure-load-balancer-internal": "true",
                    "azure-load-balancer-enable-high-availability-ports": "true",
                }
            ),
        ),
        on(),
    ),
    "a probe port that defeats Local": (
        DEPENDS,
        (service(externalTrafficPolicy="Local", annotations={"port_80_health-probe_port": "10256"}),),
        on(),
    ),
    "a policy that lets in only pods": (
        DEPENDS,
        (service(), deployment(container(80)), policy({"from": [{"namespaceSelector": {}}]})),
        on(),
    ),
    "a policy that lets in everybody": (
        WORKS,
        (service(), deployment(container(80)), policy({"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]})),
        on(),
    ),
    "Front Door beside private source ranges": (
        UNREACHABLE,
        (
            service(
                annotations={"azure-allowed-service-tags": "AzureFrontDoor.Backend"},
                loadBalancerSourceRanges=["10.0.0.0/8"],
            ),
        ),
        on(),
    ),
    "a service tag beside one that Azure does not document": (
        DEPENDS,
        (service(annotations={"azure-allowed-service-tags": "Storage,Storag"}),),
        on(),
    ),
    "mixed protocols on 1.23": (
        PENDING,
        (service({"name": "a", "port": 53}, {"name": "b", "port": 53, "protocol": "UDP"}),),
        on("1.23.30"),
    ),
    "mixed protocols on 1.24": (
        WORKS,
        (service({"name": "a", "port": 53}, {"name": "b", "port": 53, "protocol": "UDP"}),),
        on("1.24.22"),
    ),
    "a range that is none": (PENDING, (service(loadBalancerSourceRanges=["10.0.0.0/33"]),), on()),
    "target port by a name that no container has": (
        DOWN,
        (service({"port": 80, "targetPort": "web"}), deployment(container(("http", 8080)))),
        on(),
    ),
    "target port by a number that no container declares": (
        DEPENDS,
        (service({"port": 80, "targetPort": 8081}), deployment(container(8080))),
        on(),
    ),
    "a selector that matches nothing here": (
        DEPENDS,
        (service({"port": 80, "targetPort": 8080}), deployment(labels={"app": "wed"})),
        on(),
    ),
    "a probe port that is no port of the Service": (
        DOWN,
        (service(annotations={"port_80_health-probe_port": "9999"}), deployment(container(80))),
        on(),
    ),
    "ingress-nginx as its chart has it": (DOWN, (nginx(),), on()),
    "ingress-nginx before 1.24": (WORKS, (nginx(),), on("1.23.30")),
    "ingress-nginx with its path": (WORKS, (nginx(annotations={f"{PROBE}-request-path": "/healthz"}),), on()),
    "ingress-nginx with the path of the kubelet's other probe": (
        DOWN,
        (nginx(annotations={f"{PROBE}-request-path": "/livez"}),),
        on(),
    ),
    "ingress-nginx asked over http on its TLS port": (
        DOWN,
        (
            nginx(
                {"name": "http", "port": 80, "targetPort": "http"},
                {"name": "https", "port": 443, "targetPort": "https"},
                annotations={f"{PROBE}-protocol": "http", f"{PROBE}-request-path": "/healthz"},
            ),
        ),
        on(),
    ),
    "an http probe of pods that nobody knows": (
        DEPENDS,
        (service({"port": 80, "appProtocol": "http", "targetPort": 8080}), deployment()),
        on(),
    ),
    "a readiness path is no proof": (
        DEPENDS,
        (
            service(
                {"port": 80, "appProtocol": "http", "targetPort": 8080}, annotations={f"{PROBE}-request-path": "/ready"}
            ),
            deployment(container(8080, readinessProbe=ready("/ready"))),
        ),
        on(),
    ),
    "readiness over https, probe over http": (
        DOWN,
        (
            service(
                {"port": 80, "appProtocol": "http", "targetPort": 8080}, annotations={f"{PROBE}-request-path": "/ready"}
            ),
            deployment(container(8080, readinessProbe=ready("/ready", scheme="HTTPS"))),
        ),
        on(),
    ),
    "internal, but not exactly": (
        UNREACHABLE,
        (service(annotations={"azure-load-balancer-internal": "True"}),),
        on(),
    ),
    "internal in other words": (DEPENDS, (service(annotations={"azure-load-balancer-internal": "yes"}),), on()),
    "another controller's": (IGNORED, (service(loadBalancerClass="example.com/own"),), on()),
    "no rule at all": (UNREACHABLE, (service(annotations={"port_80_no_lb_rule": "true"}),), on()),
    "overlapping ranges that Azure refuses": (
        PENDING,
        (service(loadBalancerSourceRanges=["10.0.0.0/8", "10.1.0.0/16"]),),
        on("1.29.5"),
    ),
    "overlapping ranges that the provider merges": (
        WORKS,
        (service(loadBalancerSourceRanges=["198.51.100.0/24", "198.51.100.128/25"]),),
        on("1.29.12"),
    ),
    "private ranges alone on a public address": (
        DEPENDS,
        (service(loadBalancerSourceRanges=["10.0.0.0/8", "172.16.0.0/12"]),),
        on(),
    ),
    "private ranges beside public ones": (
        WORKS,
        (service(loadBalancerSourceRanges=["10.0.0.0/8", "198.51.100.0/24"]),),
        on(),
    ),
    "a public address for an internal frontend": (
        DEPENDS,
        (service(loadBalancerIP="20.1.2.3", annotations={"azure-load-balancer-internal": "true"}),),
        on(),
    ),
    "IPv6 alone on an internal load balancer": (
        PENDING,
        (service(ipFamilies=["IPv6"], annotations={"azure-load-balancer-internal": "true"}),),
        on(),
    ),
    "a public address in the status of what is internal by now": (
        DEPENDS,
        (
            service(
                annotations={"azure-load-balancer-internal": "true"},
                status={"loadBalancer": {"ingress": [{"ip": "20.76.9.9"}]}},
            ),
        ),
        on(),
    ),
    "a policy of Cilium that closes the pods": (DEPENDS, (service(), of_cilium({})), on()),
    "a policy of Cilium that lets everybody in": (WORKS, (service(), of_cilium({"fromEntities": ["all"]})), on()),
    "a policy of the whole cluster": (
        DEPENDS,
        (service(), {"apiVersion": "projectcalico.org/v3", "kind": "GlobalNetworkPolicy", "metadata": {"name": "p"}}),
        on(),
    ),
    "security rules left to their owner": (
        DEPENDS,
        (service(annotations={"azure-disable-load-balancer-nsg-rule": "true"}),),
        on(str(NEWEST)),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_verdict(case: str) -> None:
    expected, objects, cluster = CASES[case]

    assert expected == kind(*objects, cluster=cluster)


BARE = {"name": "bare", "port": 80, "appProtocol": "http"}
OTHER = {"name": "other", "port": 81, "appProtocol": "http"}
PLAIN = {"name": "plain", "port": 443}


@pytest.mark.parametrize(
    ("ports", "named"), [([BARE], []), ([BARE, PLAIN], [80]), ([BARE, OTHER], []), ([BARE, PLAIN, OTHER], [80, 81])]
)
def test_a_verdict_names_the_ports_that_it_is_about_where_that_is_not_all(
    ports: list[Object], named: list[int]
) -> None:
    found = path(service(*ports), deployment())
    assert DEPENDS is found.verdict.kind
    assert named == [one.port for one in found.verdict.ports]
    probes = [one.hop(HopName.PROBE) for one in found.ports]
    assert [hop.outcome is not Outcome.PASS for hop in probes] == [hop.remedy is not None for hop in probes]


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("web", "1.30.18", VerdictKind.WORKS),
        ("My_Service", str(NEWEST), VerdictKind.PENDING),
        ("a.b", str(NEWEST), VerdictKind.PENDING),
        ("web-", str(NEWEST), VerdictKind.PENDING),
        ("a" * 64, str(NEWEST), VerdictKind.PENDING),
        ("1web", str(NEWEST), VerdictKind.WORKS),
        ("1web", "1.35.0", VerdictKind.PENDING),
    ],
)
def test_a_name_that_no_api_server_takes_is_not_said_to_work(name: str, version: str, expected: VerdictKind) -> None:
    """Asked of kube-apiserver 1.36.1."""
    manifest = (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name!r}, namespace: shop}}\n"
        "spec:\n  type: LoadBalancer\n  ports: [{port: 80}]\n  selector: {app: web}\n"
    )
    cluster = with_flags(default_profile(), provider_version=version).cluster
    (one,) = explain([("web.yaml", manifest.encode())], cluster).services
    assert expected is one.path.verdict.kind
