"""Objects of which a controller makes a Service, on a real API server: the CRDs are minimal ones of our own."""

import json
import subprocess
from pathlib import Path
from time import sleep
from typing import Any
from urllib.error import HTTPError

import pytest

from kubectl_akslb.producers.kinds import GROUPS
from tests.e2e.apiserver.conftest import SERVICES, Akslb
from tests.e2e.apiserver.server import ApiServer
from tests.given import aks as make

pytestmark = pytest.mark.e2e

PREFIX = make.PREFIX
INTERNAL = f"{PREFIX}azure-load-balancer-internal"
#: kind: plural, version, scope.
KINDS = {
    "Gateway": ("gateways", "v1", "Namespaced"),
    "GatewayClass": ("gatewayclasses", "v1", "Cluster"),
    "NginxIngressController": ("nginxingresscontrollers", "v1alpha1", "Cluster"),
    "Kafka": ("kafkas", "v1", "Namespaced"),
    "RabbitmqCluster": ("rabbitmqclusters", "v1beta1", "Namespaced"),
}


def crd(kind: str) -> dict[str, Any]:
    plural, version, scope = KINDS[kind]
    group = GROUPS["Gateway" if kind == "GatewayClass" else kind]
    own = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}", "annotations": {"api-approved.kubernetes.io": "unapproved, a test"}},
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "versions": [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": own}}],
        },
    }


def create(server: ApiServer, kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    plural, version, scope = KINDS[kind]
    group = GROUPS["Gateway" if kind == "GatewayClass" else kind]
    inside = "/namespaces/shop" if scope == "Namespaced" else ""
    one = {"apiVersion": f"{group}/{version}", "kind": kind, "metadata": {"name": name}, "spec": spec}
    for _ in range(60):
        try:
            (made,) = server.create(f"/apis/{group}/{version}{inside}/{plural}", one)
        except HTTPError as error:
            if error.code not in (404, 429):
                raise
            sleep(0.5)  # what stores a new kind is not there at once
        else:
            return dict(made)
    raise TimeoutError(kind)


@pytest.fixture(scope="module")
def filled(server: ApiServer) -> ApiServer:
    """An API server with one of each kind; of the first Gateway its Service stands there, too."""
    server.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", *(crd(kind) for kind in KINDS))
    server.create("/api/v1/namespaces", make.namespace("app-routing-system"))
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    create(server, "GatewayClass", "istio", {"controllerName": "istio.io/gateway-controller"})
    there = create(server, "Gateway", "there", {"gatewayClassName": "istio", "listeners": listeners})
    create(server, "Gateway", "alone", {"gatewayClassName": "istio", "listeners": listeners})
    create(server, "Gateway", "other", {"gatewayClassName": "unknown", "listeners": listeners})
    create(server, "NginxIngressController", "inside", {"loadBalancerAnnotations": {INTERNAL: "True"}})
    create(server, "Kafka", "log", {"kafka": {"listeners": [{"name": "out", "port": 9094, "type": "loadbalancer"}]}})
    create(server, "RabbitmqCluster", "hare", {"service": {"type": "LoadBalancer"}})
    owner = {"apiVersion": there["apiVersion"], "kind": "Gateway", "name": "there", "uid": there["metadata"]["uid"]}
    service = make.service("there-istio", ip="20.1.2.9")
    service["metadata"]["ownerReferences"] = [owner]
    service["spec"]["ports"] = [{"name": "http", "port": 80, "appProtocol": "http"}]
    server.create(SERVICES, service)
    return server


def shown(akslb: Akslb, *words: str) -> dict[str, Any]:
    done = akslb("explain", *words, "-o", "json")
    assert 0 == done.returncode, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_service_that_stands_there_counts_and_the_gateway_is_the_place_to_edit(
    filled: ApiServer, akslb: Akslb
) -> None:
    (one,) = shown(akslb, "gateway/there")["services"]
    assert ("there-istio", "Gateway shop/there") == (one["name"], one["madeOf"]["object"])
    assert "live" in one
    assert "spec.infrastructure.annotations" == one["madeOf"]["annotationsAt"]
    assert "kubectl annotate" not in akslb("explain", "gateway/there").stdout
    del filled


def test_a_service_names_its_owner(filled: ApiServer, akslb: Akslb) -> None:
    (one,) = shown(akslb, "svc/there-istio")["services"]
    assert "Gateway shop/there" == one["madeOf"]["object"]
    everything = shown(akslb, "-A")["services"]
    assert ["Gateway shop/there"] == [one["madeOf"]["object"] for one in everything if "madeOf" in one]
    assert "kubectl annotate" not in akslb("explain", "svc/there-istio").stdout
    del filled


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("gateway/alone", ["alone-istio"]),
        ("gtw/alone", ["alone-istio"]),
        ("nginxingresscontroller/inside", ["nginx-0"]),
        ("kafka/log", ["log-kafka-out-bootstrap", "log-kafka-out-0"]),
        ("rabbitmqclusters/hare", ["hare"]),
    ],
)
def test_what_nothing_has_been_made_of_yet_is_explained_as_it_would_be(
    filled: ApiServer, akslb: Akslb, word: str, names: list[str]
) -> None:
    found = shown(akslb, word)
    assert names == [one["name"] for one in found["services"]]
    assert any("none of the Services" in notice for notice in found["notices"])
    del filled


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("gateway/missing",), 3, "there is no Gateway missing"),
        (("gateway/other",), 3, "nothing is known to make a Service"),
        (("elasticsearch/one",), 3, "no Elasticsearch"),
        (("gateways/a", "svc/b"), 2, "one object at a time"),
        (("gatway/a",), 2, "gateway"),
        (("gateway/--all",), 2, "cannot be the name"),
    ],
)
def test_what_cannot_be_explained_says_what_to_do(
    filled: ApiServer, akslb: Akslb, words: tuple[str, ...], code: int, said: str
) -> None:
    done = akslb("explain", *words)
    assert (code, "") == (done.returncode, done.stdout), done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    del filled


def test_somebody_who_may_read_only_the_gateway(filled: ApiServer, akslb: Akslb) -> None:
    roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop"
    rule = {"apiGroups": ["gateway.networking.k8s.io"], "resources": ["gateways"], "verbs": ["get"]}
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "gateways"},
        "rules": [rule],
    }
    filled.create(f"{roles}/roles", role)
    binding = make.role_binding("gateways", "gateways", "viewer")
    binding["roleRef"]["kind"] = "Role"
    filled.create(f"{roles}/rolebindings", binding)
    done = akslb("explain", "gateway/alone", "-o", "json", user="viewer")
    assert 0 == done.returncode, done.stderr
    found = json.loads(done.stdout)
    assert any("not allowed" in notice for notice in found["notices"])
    (one,) = found["services"]
    assert "certain" != one["verdict"]["confidence"]


GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network"
LOAD_BALANCERS = [{"name": "kubernetes", "id": f"{GROUP}/loadBalancers/kubernetes", "frontendIPConfigurations": []}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lint", "gateway/there"), "there-istio"),
        (("lint", "gateway/alone"), "Gateway shop/alone"),
        (("lint", "gateways", "there"), "there-istio"),
        (("lint", "kafka/log"), "Kafka shop/log"),
        (("lint", "nginxingresscontroller/inside"), "internal-not-exactly-true"),
        (("lint", "rabbitmqcluster/hare"), "RabbitmqCluster shop/hare"),
        (("lint", "-A"), "there-istio"),
        (("upgrade", "gateway/there", "--to", "1.34"), "there-istio"),
        (("upgrade", "gateway/alone", "--to", "1.34"), "alone-istio"),
        (("upgrade", "kafka/log", "--to", "1.34"), "log-kafka-out-bootstrap"),
        (("upgrade", "-A", "--to", "1.34"), "6 Services"),
        (("trace", "203.0.113.7", "gateway/there:80"), "there-istio:80"),
        (("trace", "203.0.113.7", "gateway/alone:80"), "alone-istio:80"),
        (("trace", "203.0.113.7", "rabbitmqcluster/hare:5672"), "hare:5672"),
        (("compare", "svc/web", "gateway/there"), "Gateway shop/there"),
        (("compare", "svc/web", "gateway/alone"), "Gateway shop/alone"),
        (("compare", "nginxingresscontroller/inside", "gateway/alone"), "NginxIngressController"),
        (("drift", "gateway/there", "--azure", "lbs.json"), "there-istio"),
        (("verify", "gateway/there", "--dry-run"), "akslb-verify"),
        (("capacity",), "Services"),
        (("explain", "-A"), "there-istio"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_every_command_takes_the_object(filled: ApiServer, akslb: Akslb, words: tuple[str, ...], said: str) -> None:
    Path(filled.folder, "lbs.json").write_text(json.dumps(LOAD_BALANCERS))
    done = akslb(*words)
    assert said in done.stdout, done.stderr
    assert done.returncode in (0, 1), done.stderr
    assert "no Service" not in done.stderr
    assert "--selector= " not in done.stdout
    assert "--selector=\n" not in done.stdout


def test_drift_of_an_object_without_a_service_says_so(filled: ApiServer, akslb: Akslb) -> None:
    Path(filled.folder, "lbs.json").write_text(json.dumps(LOAD_BALANCERS))
    done = akslb("drift", "gateway/alone", "--azure", "lbs.json")
    assert (3, "") == (done.returncode, done.stdout)
    assert "no Service that comes of Gateway alone is there" in done.stderr


def test_applying_a_gateway_again_is_compared_with_the_service_that_stands(filled: ApiServer, akslb: Akslb) -> None:
    """What a controller will write over is told from what it leaves."""
    gateway = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "there", "namespace": "shop"},
        "spec": {
            "gatewayClassName": "istio",
            "infrastructure": {"annotations": {INTERNAL: "true"}},
            "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}],
        },
    }
    file = Path(filled.folder, "gateway.json")
    file.write_text(json.dumps(gateway))
    done = akslb("diff", "-f", str(file), "-o", "json")
    assert 1 == done.returncode, done.stderr
    found = {one["name"]: one for one in json.loads(done.stdout)["services"]}
    assert any("azure-load-balancer-internal" in str(edit) for edit in found["there-istio"]["edits"]), found


@pytest.mark.parametrize(
    ("word", "at"),
    [
        ("gateway/alone", ("spec", "infrastructure", "annotations")),
        ("rabbitmqcluster/hare", ("spec", "service", "annotations")),
    ],
)
def test_the_patch_that_is_printed_can_be_pasted(
    filled: ApiServer, akslb: Akslb, word: str, at: tuple[str, ...]
) -> None:
    """Pasted, it writes where the controller copies from, and what it would make then works better."""
    (before,) = shown(akslb, word)["services"]
    pasted = before["verdict"]["apply"]
    assert pasted.startswith("kubectl patch "), before["verdict"]
    done = subprocess.run(
        ["bash", "-c", pasted],
        env=filled.environment("admin"),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert 0 == done.returncode, done.stderr
    read = [
        "kubectl",
        "get",
        word.replace("gateway/", "gateway.gateway.networking.k8s.io/"),
        "-n",
        "shop",
        "-o",
        "json",
    ]
    found = json.loads(subprocess.run(read, env=filled.environment("admin"), capture_output=True, check=True).stdout)
    for step in at:
        found = found[step]
    assert found
    assert all(key.startswith(PREFIX) for key in found)
    (after,) = shown(akslb, word)["services"]
    assert "" == after["verdict"]["apply"]
