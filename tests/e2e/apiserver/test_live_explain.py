"""``explain`` and ``profile`` against a real API server, through the real kubectl."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from kubectl_akslb.cluster.rbac import ACCESS
from tests.e2e.apiserver.conftest import SERVICES, Akslb
from tests.e2e.apiserver.server import ROOT, ApiServer
from tests.given import aks as make
from tests.given.programs import Answer, FakeProgram

pytestmark = pytest.mark.e2e

DAEMON_SETS = "/apis/apps/v1/namespaces/kube-system/daemonsets"


def explained(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert 0 == done.returncode, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def one(akslb: Akslb, name: str) -> dict[str, Any]:
    (service,) = explained(akslb("explain", f"svc/{name}", "-o", "json"))["services"]
    return dict(service)


def test_as_a_plugin_of_kubectl(server: ApiServer, tmp_path: Path) -> None:
    plugin = tmp_path / "kubectl-akslb"
    plugin.write_text(f'#!/bin/sh\nexec env PYTHONPATH={ROOT} {sys.executable} -m kubectl_akslb "$@"\n')
    plugin.chmod(0o755)
    environment = server.environment()
    environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["kubectl", "akslb", "explain", "svc/web", "-n", "shop"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    assert ["✓", "shop/web", "public", "WORKS"] == done.stdout.split()[:4]


def test_completion_through_kubectl(server: ApiServer, tmp_path: Path) -> None:
    for name, more in (("kubectl-akslb", ""), ("kubectl_complete-akslb", " __complete")):
        script = tmp_path / name
        script.write_text(f'#!/bin/sh\nexec env PYTHONPATH={ROOT} {sys.executable} -m kubectl_akslb{more} "$@"\n')
        script.chmod(0o755)
    environment = server.environment()
    environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["kubectl", "__complete", "akslb", "explain", "svc/w"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "svc/web\t20.1.2.3\n:0\n" == done.stdout


def test_a_name_a_namespace_a_selector_and_everything(akslb: Akslb) -> None:
    def names(*arguments: str) -> list[str]:
        found = explained(akslb("explain", *arguments, "-o", "json"))["services"]
        return [service["name"] for service in found]

    assert ["web"] == names("web")
    assert ["web", "inside"] == names("svc/web", "service/inside")
    assert ["web"] == names("-l", "app=web", "-n", "shop")
    assert [] == names("-n", "empty")
    assert ["both", "idle", "local", "stuck", "web"] == names()
    assert {"both", "idle", "local", "stuck", "web"} <= set(names("-A"))


EVERYTHING = ("endpointslices", "events", "networkpolicies", "pods")


@pytest.mark.parametrize("name", ["web", "local", "idle", "both", "stuck"])
def test_a_file_and_the_api_give_the_same_walk(server: ApiServer, akslb: Akslb, tmp_path: Path, name: str) -> None:
    """The file holds what the API server has; only how sure each hop is may differ, because a file may lack something."""
    file, profile = tmp_path / "objects.yaml", tmp_path / "profile.yaml"
    listed = [server.kubectl("get", "service", name, "-o", "yaml").stdout]
    listed += [server.kubectl("get", kind, "-o", "yaml").stdout for kind in EVERYTHING]
    listed.append(server.kubectl("get", "nodes,daemonsets", "-n", "kube-system", "-o", "yaml").stdout)
    file.write_text("---\n".join(listed))
    profile.write_text(akslb("profile").stdout)
    done = akslb("explain", "-f", str(file), "--profile", str(profile), "-o", "json")
    (from_file,) = explained(done)["services"]
    from_api = one(akslb, name)
    for key in ("azure", "reasons", "egress", "refusal", "placeholders"):
        assert from_api[key] == from_file[key], key
    assert from_api["verdict"]["kind"] == from_file["verdict"]["kind"]
    assert _walk(from_api["path"]) == _walk(from_file["path"])


def _walk(path: dict[str, Any]) -> dict[str, Any]:
    """The hops with outcome and causes."""

    def hops(found: list[dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
        return [(hop["name"], hop["outcome"], [reason["cause"] for reason in hop["because"]]) for hop in found]

    return {
        "hops": hops(path["hops"]),
        "ports": [hops(port["hops"]) for port in path["ports"]],
        "clients": [(client["name"], hops(client["hops"])) for client in path["clients"]],
    }


def test_uid_node_port_and_address_are_the_api_servers(server: ApiServer, akslb: Akslb) -> None:
    stored = server.request("GET", f"{SERVICES}/local")
    uid = "a" + stored["metadata"]["uid"].replace("-", "")[:31]
    service = one(akslb, "local")
    assert f"{uid}-TCP-80" == service["ports"][0]["rule"]
    text = json.dumps(service["azure"])
    assert str(stored["spec"]["healthCheckNodePort"]) in text
    assert "20.1.2.4" in text
    assert "nodePort" not in "".join(service["placeholders"])


def test_a_dual_stack_service_has_both_families(akslb: Akslb) -> None:
    assert 2 == len(one(akslb, "both")["ports"])


def test_local_nodes_that_pass_the_probe(akslb: Akslb) -> None:
    nodes = {node["node"]: node["passes"] for node in one(akslb, "local")["live"]["nodes"]}
    assert [False, False, False, True] == sorted(nodes.values())
    assert nodes["aks-system-12345678-vmss000000"]


def test_no_ready_pod(akslb: Akslb) -> None:
    service = one(akslb, "idle")
    assert ("down", 0) == (service["verdict"]["kind"], service["live"]["readyEndpoints"])


def test_a_stuck_service_with_the_cause_and_fix_of_its_event(akslb: Akslb) -> None:
    service = one(akslb, "stuck")
    assert "pending" == service["verdict"]["kind"]
    # The API server may tell of the Service too, of the address that it takes again after its start.
    (event,) = (one for one in service["live"]["events"] if one["reason"] == "SyncLoadBalancerFailed")
    assert 7 == event["count"]
    assert "create the public IP first" in event["fix"]


def test_the_profile_and_where_it_was_seen(akslb: Akslb) -> None:
    profile = akslb("profile").stdout
    assert '  providerVersion: "1.30.8"  # image of DaemonSet cloud-node-manager\n' in profile
    assert "kubernetesVersion: v1." in profile
    assert f"nodeResourceGroup: {make.NODE_GROUP}  # provider ID of the nodes" in profile
    assert "HealthProbeMode: ServiceNodePort  # DaemonSet cloud-node-manager has no health-probe-proxy" in profile


def test_the_sidecar_turns_on_the_shared_probe(server: ApiServer, akslb: Akslb) -> None:
    server.request("DELETE", f"{DAEMON_SETS}/cloud-node-manager")
    server.create(DAEMON_SETS, make.cloud_node_manager("v1.31.2", sidecar=True))
    try:
        service = one(akslb, "web")
        probe = service["azure"]["loadBalancer"]["probes"][0]
        assert (10356, "/healthz") == (probe["port"], probe["requestPath"])
        assert "Shared  # a container health-probe-proxy" in akslb("profile").stdout
    finally:
        server.request("DELETE", f"{DAEMON_SETS}/cloud-node-manager")
        server.create(DAEMON_SETS, make.cloud_node_manager("v1.30.8"))


def test_az_fills_in_what_the_api_does_not_show(akslb: Akslb, tmp_path: Path, data: Path) -> None:
    az = FakeProgram(tmp_path, "az")
    az.answers(Answer(["aks", "show"], (data / "managed-ips.json").read_text()))
    done = akslb("explain", "web", "--aks", "shop/shop-prod", "-o", "json", path=str(az.folder))
    assert 4000 == explained(done)["outbound"]["rule"]["allocatedOutboundPorts"]


def test_a_reader_of_the_namespace_gets_all_but_the_nodes(akslb: Akslb) -> None:
    done = akslb("explain", "web", user="viewer")
    assert 0 == done.returncode
    assert "2 ready on 2 nodes" in done.stdout
    assert "not allowed to list nodes in the whole cluster" in done.stdout
    assert "kubectl create clusterrole akslb-nodes --verb=list --resource=nodes" in " ".join(done.stdout.split())


def test_nobody_is_told_which_role_to_ask_for(akslb: Akslb) -> None:
    done = akslb("explain", "web", user="nobody")
    assert (3, "") == (done.returncode, done.stdout)
    assert "the API server refuses to nobody (403): get services in namespace shop" in done.stderr
    assert "--clusterrole=view --user=nobody --namespace=shop" in done.stderr


def test_the_role_that_is_named_does_it(server: ApiServer, akslb: Akslb) -> None:
    told = akslb("explain", "web", user="viewer").stdout
    start = told.index("kubectl create clusterrole akslb-nodes")
    command = " ".join(told[start:].split("\nnote")[0].split())
    for part in command.split(" && "):
        done = server.kubectl(*part.split()[1:])
        assert 0 == done.returncode, done.stderr
    try:
        assert "list nodes" not in akslb("explain", "web", user="viewer").stdout
    finally:
        server.kubectl("delete", "clusterrole,clusterrolebinding", "akslb-nodes")


def test_impersonation_is_passed_on(akslb: Akslb) -> None:
    done = akslb("explain", "web", "--as", "nobody")
    assert "(403): get services in namespace shop" in done.stderr


def test_a_wrong_token_is_a_401(server: ApiServer, akslb: Akslb) -> None:
    config = json.loads(server.kubeconfig("nobody").read_text())
    config["users"][0]["user"]["token"] = "wrong"
    file = server.folder / "wrong.kubeconfig"
    file.write_text(json.dumps(config))
    done = akslb("explain", "web", "--kubeconfig", str(file))
    assert 3 == done.returncode
    assert "does not accept the login (401)" in done.stderr


def test_a_server_that_is_not_there(server: ApiServer, akslb: Akslb) -> None:
    config = json.loads(server.kubeconfig("admin").read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    file = server.folder / "gone.kubeconfig"
    file.write_text(json.dumps(config))
    done = akslb("explain", "web", "--kubeconfig", str(file))
    assert 3 == done.returncode
    assert "nothing answers at the address of the API server" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["wbe"], "there is no Service 'wbe'", "Did you mean web?"),
        (["web", "-n", "default"], "there is no Service 'web' in namespace default", "-n shop"),
        (["-n", "shopp"], "there is no namespace 'shopp'", "Did you mean shop?"),
        (["web", "--context", "tset"], "the kubeconfig has no context 'tset'", "Did you mean test?"),
        (["-l", "a=b,,"], "the selector cannot be read", "-l app=web"),
    ],
)
def test_near_misses(akslb: Akslb, arguments: list[str], message: str, hint: str) -> None:
    done = akslb("explain", *arguments)
    assert 3 == done.returncode
    assert message in done.stderr
    assert hint in done.stderr


def test_nothing_secret_is_read(server: ApiServer, akslb: Akslb) -> None:
    before = len(server.audited())
    for arguments in (
        ["explain"],
        ["explain", "-A"],
        ["explain", "web"],
        ["explain", "wbe"],
        ["lint"],
        ["lint", "-A"],
        ["profile"],
    ):
        akslb(*arguments)
    seen = {
        (entry["verb"], entry["objectRef"]["resource"])
        for entry in server.audited()[before:]
        if "objectRef" in entry and entry["user"]["username"] == "admin"
    }
    assert ("list", "services") in seen
    allowed = {row.resource for row in ACCESS} | {"namespaces"}
    assert {"get", "list"} >= {verb for verb, _ in seen}
    assert allowed >= {resource for _, resource in seen}


@pytest.mark.parametrize("name", ["web", "local", "idle", "stuck"])
def test_one_service_takes_at_most_eight_requests(server: ApiServer, akslb: Akslb, name: str) -> None:
    before = len(server.audited())
    akslb("explain", name)
    seen = {
        entry["auditID"]: entry["requestURI"]
        for entry in server.audited()[before:]
        if "objectRef" in entry and entry["user"]["username"] == "admin"
    }
    assert 7 <= len(seen) <= 8, seen


def test_a_thousand_services(server: ApiServer, akslb: Akslb) -> None:
    server.create("/api/v1/namespaces", make.namespace("many"))
    path = SERVICES.replace("/shop/", "/many/")
    internal = {f"{make.PREFIX}azure-load-balancer-internal": "true"}
    for number in range(1000):
        server.create(
            path, make.service(f"web-{number:04}", ip=f"10.224.{number // 250}.{number % 250}", annotations=internal)
        )
    found = explained(akslb("explain", "-n", "many", "-o", "json"))["services"]
    assert [f"web-{number:04}" for number in range(1000)] == [service["name"] for service in found]
    everywhere = explained(akslb("explain", "-A", "-o", "json"))["services"]
    assert 1005 == len(everywhere)


def test_lint_of_the_cluster(akslb: Akslb) -> None:
    done = akslb("lint", "-n", "shop", "-o", "json", "--fail-on", "warning")
    assert 1 == done.returncode, done.stderr
    found = {(one["object"], one["rule"]) for one in json.loads(done.stdout)["findings"]}
    assert ("shop/web", "probe-path-without-protocol") in found
    assert ("shop/stuck", "deprecated-load-balancer-ip") in found


def test_lint_by_a_reader_of_the_namespace(akslb: Akslb) -> None:
    done = akslb("lint", "web", user="viewer")
    assert 0 == done.returncode
    assert "not allowed to list nodes in the whole cluster" in done.stderr


def test_a_watch_tells_what_changes_by_requests_that_only_read(server: ApiServer, tmp_path: Path) -> None:
    server.create(SERVICES, make.service("watched", ip="20.1.2.99"))
    before = len(server.audited())
    command = [sys.executable, "-m", "kubectl_akslb", "explain", "svc/watched", "-n", "shop", "-w", "--interval", "1"]
    environment = {**server.environment(), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as running:
        late = Timer(90, running.kill)
        late.start()
        assert running.stdout is not None
        heads = (line.strip() for line in running.stdout if line.startswith("--- "))
        assert next(heads, "").endswith("first look, then every 1 s")
        server.create(
            "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices",
            make.endpoint_slice("watched", ("watched-1", "aks-system-12345678-vmss000000", True)),
        )
        assert next(heads, "").partition(" shop/watched: ")[2].startswith("DOWN → WORKS, endpoints 0 ready → 1 ready")
        running.send_signal(signal.SIGINT)
        assert 0 == running.wait()
        late.cancel()
    mine = [one for one in server.audited()[before:] if one["userAgent"].startswith("kubectl")]
    assert {"get", "list"} >= {one["verb"] for one in mine}
