"""``trace`` against a real API server: the same walk as from files, and no more requests than explain."""

import json
from typing import Any

import pytest

from tests.e2e.apiserver.conftest import Akslb
from tests.e2e.apiserver.server import ApiServer

pytestmark = pytest.mark.e2e

NAMESPACE = "/api/v1/namespaces/shop"


@pytest.fixture(scope="module")
def sender(server: ApiServer) -> str:
    """The name of a pod that sends."""
    node = server.request("GET", "/api/v1/nodes")["items"][0]["metadata"]["name"]
    body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "sender", "namespace": "shop", "labels": {"app": "sender"}},
        "spec": {"nodeName": node, "containers": [{"name": "c", "image": "example.com/sender:1"}], "serviceAccountName": "default", "automountServiceAccountToken": False},
        "status": {"phase": "Running", "podIP": "10.244.9.9", "podIPs": [{"ip": "10.244.9.9"}]},
    }  # fmt: skip
    if not any(one["metadata"]["name"] == "sender" for one in server.request("GET", f"{NAMESPACE}/pods")["items"]):
        server.create(f"{NAMESPACE}/pods", body)
    return "sender"


def traced(akslb: Akslb, *arguments: str, **options: Any) -> tuple[int, dict[str, Any]]:
    done = akslb("trace", *arguments, "-n", "shop", "-o", "json", **options)
    assert "" == done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("client", "target", "hops"),
    [
        ("203.0.113.7", "svc/web:80", ["accepted", "address", "security group", "rule", "pool", "probe", "node", "network policy", "pod", "way back"]),
        ("internet", "svc/local", ["accepted", "address", "security group", "rule", "pool", "probe", "node", "network policy", "pod", "way back"]),
        ("pod/sender", "svc/web", ["accepted", "address", "rule", "node", "network policy", "pod"]),
        ("pod/sender", "mcr.microsoft.com:443", ["pod", "network policy", "security group", "outbound", "way back"]),
    ],
)  # fmt: skip
def test_each_hop_of_a_running_cluster(akslb: Akslb, sender: str, client: str, target: str, hops: list[str]) -> None:
    del sender
    code, body = traced(akslb, client, target)
    assert (code == 0) is (body["verdict"] == "arrives")
    for leg in body["legs"]:
        assert hops == [hop["name"] for hop in leg["hops"]]


def test_who_gets_in_is_told_by_the_status_that_is_stored(akslb: Akslb) -> None:
    _, body = traced(akslb, "203.0.113.7", "svc/web")
    (group,) = [hop for hop in body["legs"][0]["hops"] if hop["name"] == "security group"]
    assert ("rule-lets-in", 500) == (group["code"], group["rules"][0]["priority"])


@pytest.mark.parametrize(
    ("client", "target"),
    [("203.0.113.7", "svc/web"), ("pod/sender", "svc/web"), ("pod/sender", "1.2.3.4:443"), ("vnet", "svc/both")],
)
def test_at_most_eight_requests_that_only_read(
    server: ApiServer, akslb: Akslb, sender: str, client: str, target: str
) -> None:
    del sender
    traced(akslb, client, target)  # kubectl has discovered the API by then
    before = len(server.audited())
    traced(akslb, client, target)
    asked = {
        entry["auditID"]: (entry["verb"], entry["requestURI"])
        for entry in server.audited()[before:]
        if "objectRef" in entry and entry["user"]["username"] == "admin"
    }
    assert 0 < len(asked) <= 8, asked
    assert {"get", "list"} >= {verb for verb, _ in asked.values()}
    assert not any("secrets" in uri or "configmaps" in uri for _, uri in asked.values())


def test_a_name_that_is_not_there(akslb: Akslb) -> None:
    done = akslb("trace", "internet", "svc/wob", "-n", "shop")
    assert (3, "") == (done.returncode, done.stdout)
    done = akslb("trace", "pod/nobody", "svc/web", "-n", "shop")
    assert 2 == done.returncode
    assert "no pod 'nobody' in the namespace shop" in done.stderr


def test_with_few_rights_less_is_certain(akslb: Akslb) -> None:
    """Who may only read the namespace is told what is missing, and nothing is taken for certain."""
    code, body = traced(akslb, "203.0.113.7", "svc/web", user="viewer")
    assert (1, "unknown") == (code, body["outcome"]) or body["notices"]
