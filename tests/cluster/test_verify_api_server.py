"""``verify --api-server``: each way to the API server, and where the one that does not work breaks."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.cli import probe_pods
from kubectl_akslb.cluster import pod_run
from tests.cluster.test_commands import FIRST, NODES, SECOND
from tests.cluster.test_verify import RUN, did, state
from tests.given.command import Ran, akslb
from tests.given.programs import Answer, FakeProgram, listed

ROOT = Path(__file__).parents[2]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "kubectl_akslb/render/reach.schema.json").read_text()))
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "kubernetes", "namespace": "default"},
    "spec": {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]},
}
SLICE = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {"name": "kubernetes", "namespace": "default"},
    "ports": [{"name": "https", "port": 443}],
    "endpoints": [{"addresses": ["20.1.2.3"]}],
}
OUTSIDE = "https://shop-dns-1a2b.hcp.westeurope.azmk8s.io:443"
# The order of the requests: by name, by ClusterIP, to the endpoint, by the kubeconfig.
NAME, CLUSTER_IP, ENDPOINT, KUBECONFIG = range(4)


@pytest.fixture(autouse=True)
def same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_pods, "token_hex", lambda _: RUN)
    monkeypatch.setattr(pod_run, "_PAUSE", 0.1)


def line(number: int, code: int = 0, status: int = 401) -> str:
    return f"akslb-answer {number} {code} {status:03} 0.01 0.02 said\n"


def cluster(kubectl: FakeProgram, log: str, server: str = OUTSIDE, *pods: dict[str, Any]) -> None:
    kubectl.answers(
        Answer(["create"], "pod/x"),
        Answer(["delete"]),
        Answer(["logs"], log),
        Answer(["-l", f"akslb.dev/run={RUN}"], listed(*(pods or (state(),)))),
        Answer(["config", "view"], server),
        Answer(["services", "kubernetes"], json.dumps(SERVICE)),
        Answer(["endpointslices"], listed(SLICE)),
        Answer(["nodes"], listed(*NODES)),
    )


def reach(*arguments: str) -> tuple[Ran, dict[str, Any]]:
    ran = akslb("verify", "--api-server", "--yes", *arguments, "-o", "json")
    body = json.loads(ran.out)
    SCHEMA.validate(body)
    return ran, body


NO_NAME, REFUSED, LATE, RESET = (6, 0), (7, 0), (28, 0), (56, 0)
FINE, DENIED, ILL = (0, 200), (0, 403), (0, 500)


@pytest.mark.parametrize(
    ("seen", "breaks", "code"),
    [
        ((FINE, FINE, FINE, FINE), "nowhere", 0),
        ((DENIED, (0, 401), DENIED, DENIED), "nowhere", 0),
        ((NO_NAME, DENIED, DENIED, DENIED), "cluster-dns", 1),
        ((NO_NAME, LATE, DENIED, DENIED), "kube-proxy", 1),
        ((REFUSED, REFUSED, DENIED, DENIED), "kube-proxy", 1),
        ((LATE, LATE, LATE, LATE), "route", 1),
        ((NO_NAME, RESET, RESET, NO_NAME), "route", 1),
        ((DENIED, DENIED, DENIED, NO_NAME), "private-dns", 1),
        ((DENIED, DENIED, DENIED, LATE), "outside", 1),
        ((DENIED, DENIED, LATE, LATE), "outside", 1),
        ((ILL, ILL, ILL, ILL), "unhealthy", 1),
    ],
)
def test_where_it_breaks(kubectl: FakeProgram, seen: tuple[tuple[int, int], ...], breaks: str, code: int) -> None:
    cluster(kubectl, "".join(line(number, *one) for number, one in enumerate(seen)))
    ran, body = reach()
    (sender,) = body["senders"]
    assert (code, breaks, "pod") == (ran.code, sender["breaks"], sender["from"])
    assert [
        "kubernetes.default.svc:443",
        "10.0.0.1:443",
        "20.1.2.3:443",
        "shop-dns-1a2b.hcp.westeurope.azmk8s.io:443",
    ] == [one["address"] for one in sender["ways"]]
    assert 1 == len(did(kubectl, "create")) == len(did(kubectl, "delete"))


def test_a_pod_that_said_nothing_reached_nothing_for_sure(kubectl: FakeProgram) -> None:
    cluster(kubectl, line(0))
    ran, body = reach()
    assert (1, "not-seen", False) == (ran.code, body["senders"][0]["breaks"], body["reached"])


def test_from_nodes(kubectl: FakeProgram) -> None:
    pods = [state(f"akslb-verify-{RUN}-{number}") for number in (0, 1)]
    cluster(kubectl, "".join(map(line, range(4))), OUTSIDE, *pods)
    ran, body = reach("--from-nodes", "--pod-namespace", "kube-system")
    assert (0, [FIRST, SECOND]) == (ran.code, [one["from"] for one in body["senders"]])


@pytest.mark.parametrize(
    "server", ["", "not a url", "http://x.example", "https://$(id)/", "https://[::1", "https://a:99999/"]
)
def test_a_kubeconfig_that_does_not_say_where(kubectl: FakeProgram, server: str) -> None:
    cluster(kubectl, "".join(map(line, range(3))), server)
    _, body = reach()
    assert 3 == len(body["senders"][0]["ways"])
    assert any("kubeconfig" in one for one in body["notices"])


def test_the_screen(kubectl: FakeProgram) -> None:
    cluster(kubectl, "".join(line(number, 28, 0) for number in range(4)))
    ran = akslb("verify", "--api-server", "--yes")
    assert ran.out.startswith("FAILS     from a pod: it does not answer on any way")
    assert "az aks show" in ran.out and "kubectl get --namespace=default endpointslices" in ran.out
    assert all(len(one) <= 80 for one in ran.out.splitlines() if not one.startswith(("look", "    ")))


def test_consent(kubectl: FakeProgram) -> None:
    cluster(kubectl, "")
    ran = akslb("verify", "--api-server")
    assert (2, "") == (ran.code, ran.out)
    assert [] == did(kubectl, "create")
    assert 2 == akslb("verify", "svc/web", "--api-server", "--yes").code
