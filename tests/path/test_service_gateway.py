"""The walk to a Service with a container load balancer: to its pods, past nodes, probes and security rules."""

from typing import Any

import pytest

from kubectl_akslb.model.cluster import POD_IP, SERVICE
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.verdict import ClientGroup, Path, VerdictKind
from kubectl_akslb.path.walk import walk
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, endpoint, live, node, piece, service_object
from tests.given.on_nodes import derived
from tests.given.services import on

GATEWAY: dict[str, Any] = {"service_gateway": True, "load_balancer_sku": SERVICE, "pool_type": POD_IP}
PREFIX = "service.beta.kubernetes.io/"
ADDRESS: Object = {"loadBalancer": {"ingress": [{"ip": "20.0.0.1"}]}}


def walked(*objects: Object, version: str = str(NEWEST), annotations: Object | None = None, **spec: Any) -> Path:
    keys = {PREFIX + key: value for key, value in (annotations or {}).items()}
    cluster, service = on(version, **GATEWAY), service_object(status=ADDRESS, metadata={"annotations": keys}, **spec)
    return walk(PathContext(derived(service, cluster), cluster, live(service, *objects)))


def test_who_gets_in_is_not_known() -> None:
    """Nothing that was read says what Azure does at the subnet, so that WORKS would be a guess."""
    path = walked(node(), piece(endpoint("a")))
    assert VerdictKind.UNKNOWN is path.verdict.kind
    assert [Cause.NO_RULE_BY_GATEWAY] == [reason.cause for reason in path.verdict.because]
    assert path.verdict.verify is not None
    network = next(client for client in path.clients if client.group is ClientGroup.VIRTUAL_NETWORK)
    assert Outcome.UNKNOWN is network.hops[0].outcome


def test_ranges_make_no_difference() -> None:
    ranges = walked(node(), piece(endpoint("a")), loadBalancerSourceRanges=["198.51.100.0/24"])
    assert VerdictKind.UNKNOWN is ranges.verdict.kind
    assert {ClientGroup.INTERNET, ClientGroup.VIRTUAL_NETWORK} == {client.group for client in ranges.clients}


@pytest.mark.parametrize(
    "excluded", [{"node.kubernetes.io/exclude-from-external-load-balancers": "true"}, {"type": "virtual-kubelet"}]
)
def test_nodes_do_not_matter(excluded: Object) -> None:
    path = walked(node(labels=excluded), piece(endpoint("a")))
    pool = next(hop for hop in path.common if hop.name is HopName.POOL)
    assert (Outcome.PASS, Confidence.CERTAIN) == (pool.outcome, pool.confidence)
    assert Cause.PODS_IN_THE_POOL is pool.because[0].cause
    assert Cause.PODS_NOT_PROBED is path.ports[0].hop(HopName.PROBE).because[0].cause
    assert Cause.PAST_KUBE_PROXY is path.clients[0].hops[1].because[0].cause


def test_without_a_ready_pod_nothing_arrives() -> None:
    path = walked(node(), piece(endpoint("a", ready=False)))
    assert VerdictKind.DOWN is path.verdict.kind
    assert path.verdict.hop is not None
    assert HopName.POD is path.verdict.hop.name


def test_what_it_refuses_is_pending() -> None:
    path = walked(node(), piece(endpoint("a")), sessionAffinity="ClientIP")
    assert VerdictKind.PENDING is path.verdict.kind
    assert Cause.REFUSED_BY_PROVIDER is path.verdict.because[0].cause


def test_an_older_provider_makes_an_ordinary_one() -> None:
    path = walked(node(), piece(endpoint("a")), version="1.35.3")
    assert Cause.PODS_NOT_PROBED is not path.ports[0].hop(HopName.PROBE).because[0].cause
