"""``diff`` and ``compare`` against a real API server: what stands there, by whom it was applied, and nothing is written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.apiserver.conftest import Akslb
from tests.e2e.apiserver.server import ApiServer

pytestmark = pytest.mark.e2e

INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def manifest(name: str, annotations: "dict[str, str] | None" = None, **spec: object) -> dict[str, Any]:
    return {
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": name, "annotations": annotations or {}, "labels": {"app": name}},
        "spec": {"type": "LoadBalancer", "selector": {"app": name}, "ports": [{"name": "http", "port": 80}], **spec},
    }  # fmt: skip


@pytest.fixture
def applied(server: ApiServer, tmp_path: Path) -> Path:
    """A file with a Service that kubectl has applied, and that has an address."""
    file = tmp_path / "new.yaml"
    file.write_text(json.dumps(manifest("applied", {"x/y": "1"}, loadBalancerSourceRanges=["192.0.2.0/24"])))
    assert 0 == server.kubectl("apply", "-f", str(file)).returncode
    status = {"status": {"loadBalancer": {"ingress": [{"ip": "20.7.7.7"}]}}}
    server.request("PATCH", "/api/v1/namespaces/shop/services/applied/status", status)
    by_hand = {"metadata": {"annotations": {"service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "20"}}}
    server.request("PATCH", "/api/v1/namespaces/shop/services/applied", by_hand)
    return file


def differing(akslb: Akslb, *arguments: str, user: str = "admin") -> dict[str, Any]:
    done = akslb("diff", *arguments, "-o", "json", user=user)
    assert done.returncode in (0, 1), done.stderr
    body: dict[str, Any] = json.loads(done.stdout)
    return {one["name"]: one for one in body["services"] if one["effect"] != "same"} | {"": body}


def test_what_is_applied_already_changes_nothing(akslb: Akslb, applied: Path) -> None:
    done = akslb("diff", "-f", str(applied))
    assert (0, "none differs" in done.stdout) == (done.returncode, True), done.stdout + done.stderr


def test_the_address_of_the_status_is_the_one_that_goes(akslb: Akslb, applied: Path) -> None:
    applied.write_text(json.dumps(manifest("applied", {INTERNAL: "true"}, loadBalancerSourceRanges=["192.0.2.0/24"])))
    found = differing(akslb, "-f", str(applied))["applied"]
    (moved,) = found["addresses"]
    assert ("20.7.7.7", "internal", False, True) == (
        moved["old"]["address"], moved["new"]["kind"], moved["kept"], found["interrupted"],
    )  # fmt: skip
    assert [INTERNAL] == [edit["path"][-1] for edit in found["edits"] if edit["decisive"]]


def test_what_kubectl_applied_goes_and_what_others_wrote_stays(akslb: Akslb, applied: Path) -> None:
    applied.write_text(json.dumps(manifest("applied")))
    found = differing(akslb, "-f", str(applied))["applied"]
    assert "exposes" == found["effect"]
    assert "spec.loadBalancerSourceRanges" in {".".join(edit["path"]) for edit in found["edits"]}
    assert not [edit for edit in found["edits"] if "idle-timeout" in edit["path"][-1]]
    assert [True] == [each["kept"] for each in found["addresses"]]


def test_the_same_as_what_kubectl_diff_says_is_stored(server: ApiServer, akslb: Akslb, applied: Path) -> None:
    for spec in ({"externalTrafficPolicy": "Local"}, {"sessionAffinity": "ClientIP"}, {"loadBalancerIP": "20.1.1.1"}):
        applied.write_text(
            json.dumps(manifest("applied", {"x/y": "1"}, loadBalancerSourceRanges=["192.0.2.0/24"], **spec))
        )
        dry = json.loads(server.kubectl("apply", "--dry-run=server", "-o", "json", "-f", str(applied)).stdout)
        found = differing(akslb, "-f", str(applied))["applied"]
        (field,) = spec
        assert [(["spec", field], dry["spec"][field])] == [(edit["path"], edit["new"]) for edit in found["edits"]]


@pytest.mark.parametrize("spec", [{"loadBalancerClass": "a.b/c"}, {"ipFamilies": ["IPv6"]}, {"clusterIP": "10.96.7.7"}])
def test_what_the_api_server_refuses_is_refused(
    server: ApiServer, akslb: Akslb, applied: Path, spec: dict[str, object]
) -> None:
    applied.write_text(json.dumps(manifest("applied", {"x/y": "1"}, loadBalancerSourceRanges=["192.0.2.0/24"], **spec)))
    assert 0 != server.kubectl("apply", "--dry-run=server", "-f", str(applied)).returncode
    found = differing(akslb, "-f", str(applied))["applied"]
    assert ("breaks", "apply") == (found["effect"], found["changes"][0]["field"])


def test_a_service_goes_only_where_that_is_asked(akslb: Akslb, applied: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(json.dumps(manifest("web-of-another-kind", {INTERNAL: "true"})))
    found = differing(akslb, "-f", str(other))
    assert {"", "web-of-another-kind"} == set(found)
    pruned = differing(akslb, "-f", str(other), "--prune", "-l", "app=applied")
    assert "deleted" == pruned["applied"]["fate"]
    assert applied.exists()


def test_who_may_read_one_namespace_is_told_so(akslb: Akslb, applied: Path) -> None:
    body = differing(akslb, "-f", str(applied), user="viewer")[""]
    assert [text for text in body["notices"] if "Services of other namespaces than shop were not read" in text]


def test_who_may_read_nothing_is_told_what_is_missing(akslb: Akslb, applied: Path) -> None:
    done = akslb("diff", "-f", str(applied), user="nobody")
    assert (3, "") == (done.returncode, done.stdout)
    assert "services" in done.stderr


def test_nothing_is_written(server: ApiServer, akslb: Akslb, applied: Path) -> None:
    before = len(server.audited())
    akslb("diff", "-f", str(applied))
    verbs = {one["verb"] for one in server.audited()[before:] if one["user"]["username"] == "admin"}
    assert verbs <= {"get", "list"}


def test_two_services_of_the_cluster_are_compared(akslb: Akslb) -> None:
    done = akslb("compare", "svc/web", "svc/shop/local", "-o", "json")
    assert 0 == done.returncode, done.stderr
    body = json.loads(done.stdout)
    found = {one["of"]: (one["old"], one["new"]) for one in body["differences"]}
    assert ("20.1.2.3", "20.1.2.4") == found["IPv4"]
    assert ("a node's", "the client's own") == found["what pods see"]
    assert [["spec", "externalTrafficPolicy"]] == [one["path"] for one in body["keep"] if one["path"][0] == "spec"]


def test_a_gateway_means_the_service_that_was_made_of_it(server: ApiServer, akslb: Akslb) -> None:
    labelled = manifest("edge-istio")
    labelled["metadata"]["labels"] = {"gateway.networking.k8s.io/gateway-name": "edge"}
    server.create("/api/v1/namespaces/shop/services", labelled)
    body = json.loads(akslb("compare", "svc/web", "gateway/edge", "-o", "json").stdout)
    assert "edge-istio" == body["new"]["name"]
    missing = akslb("compare", "svc/web", "gateway/nothing")
    assert (3, "", True) == (missing.returncode, missing.stdout, "error: " in missing.stderr), missing.stderr


def test_an_unknown_service_is_told(akslb: Akslb) -> None:
    done = akslb("compare", "svc/web", "svc/nothing")
    assert (3, "", True) == (done.returncode, done.stdout, "nothing" in done.stderr)
