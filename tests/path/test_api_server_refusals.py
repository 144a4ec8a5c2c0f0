"""Since when the API server refuses what it refuses, and what other Services have to do with it; tests/lab has the table."""

import json
from typing import Any

import pytest

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.pipeline import explain
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile
from lab.cases.changes import changed


def is_refused(body: dict[str, Any], version: str) -> bool:
    cluster = with_flags(default_profile(), provider_version=version).cluster
    found = explain([("web.yaml", json.dumps(body).encode())], cluster)
    causes = {reason.cause for one in found.services for reason in one.path.verdict.because}
    return bool(found.problems) or Cause.REFUSED_BY_API_SERVER in causes


@pytest.mark.parametrize(
    ("change", "version", "refused"),
    [
        ({"spec.trafficDistribution": "x"}, "1.30.18", False),
        ({"spec.trafficDistribution": "x"}, "1.31.14", True),
        ({"spec.loadBalancerSourceRanges": ["10.0.0.1/8"]}, "1.35.0", False),
        ({"metadata.name": "1web"}, "1.35.0", True),
    ],
)
def test_since_when(change: dict[str, Any], version: str, refused: bool) -> None:
    assert refused is is_refused(changed(change), version)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ({"nodePort": 30080}, {"nodePort": 30080}, True),
        ({"nodePort": 30080}, {"nodePort": 30081}, False),
        ({"nodePort": 30080}, {"nodePort": 30080, "protocol": "UDP"}, False),
        ({}, {}, False),
    ],
)
def test_a_node_port_of_another_service(first: dict[str, Any], second: dict[str, Any], refused: bool) -> None:
    """Asked of kube-apiserver 1.36.1: the later one is refused."""
    bodies = [
        changed({"metadata.name": name, "spec.ports": [{"port": 80, **port}]})
        for name, port in (("a", first), ("b", second))
    ]
    stream = "\n---\n".join(map(json.dumps, bodies))
    found = explain([("web.yaml", stream.encode())], default_profile().cluster).services
    said = [Cause.REFUSED_BY_API_SERVER in {reason.cause for reason in one.path.verdict.because} for one in found]
    assert [False, refused] == said


def _quota(namespace: str = "shop", **hard: Any) -> dict[str, Any]:
    limits = {key.replace("_", "."): value for key, value in hard.items()}
    metadata = {"name": "small", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": limits}}


@pytest.mark.parametrize(
    ("quota", "spec", "refused"),
    [
        (_quota(services_loadbalancers="2"), {}, [False, False]),
        (_quota(services_loadbalancers="1"), {}, [False, True]),
        (_quota(services_loadbalancers=0), {}, [True, True]),
        (_quota(services="1"), {}, [False, True]),
        (_quota(services_nodeports="3"), {}, [False, True]),
        (_quota(services_nodeports="4"), {}, [False, False]),
        (_quota(services_nodeports="0"), {"allocateLoadBalancerNodePorts": False}, [False, False]),
        (_quota("other", services_loadbalancers="0"), {}, [False, False]),
        (_quota(pods="0"), {}, [False, False]),
        (_quota(services_loadbalancers="x"), {}, [False, False]),
    ],
)
def test_a_quota_of_the_same_files(quota: dict[str, Any], spec: dict[str, Any], refused: list[bool]) -> None:
    """Services count in the order in which they stand; what else is in the cluster nobody knows here."""
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]
    bodies = [
        changed({"metadata.name": name, "metadata.namespace": "shop", "spec.ports": ports}) for name in ("a", "b")
    ]
    for body in bodies:
        body["spec"] |= spec
    stream = "\n---\n".join(map(json.dumps, (quota, *bodies)))
    found = explain([("web.yaml", stream.encode())], default_profile().cluster).services
    said = [Cause.REFUSED_BY_API_SERVER in {reason.cause for reason in one.path.verdict.because} for one in found]
    assert refused == said
