"""``verify`` from arguments to output, with a kubectl that answers by a table."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.cli import probe_pods as command
from kubectl_akslb.cluster import pod_run
from tests.cluster.test_commands import FIRST, NODES, SECOND, slices, stored
from tests.given import aks as make
from tests.given.command import Ran, akslb
from tests.given.programs import Answer, FakeProgram, listed

ROOT = Path(__file__).parents[2]
RUN = "0a1b2c3d"
POD = f"akslb-verify-{RUN}"
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((ROOT / "kubectl_akslb/render/verification.schema.json").read_text())
)


@pytest.fixture(autouse=True)
def same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "token_hex", lambda _: RUN)
    monkeypatch.setattr(pod_run, "_PAUSE", 0.1)


def state(name: str = POD, container: dict[str, Any] | None = None, **status: Any) -> dict[str, Any]:
    """The pod as it is when it is done, or in another *state* of its container."""
    found = {"name": "probe", "state": container or {"terminated": {"exitCode": 0, "reason": "Completed"}}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "status": {"phase": "Succeeded", "containerStatuses": [found], **status},
    }


def answer(number: int, status: int = 200, code: int = 0, connect: str = "0.01", said: str = "") -> str:
    return f"akslb-answer {number} {code} {status:03} {connect} 0.02 {said}\n"


def cluster(
    kubectl: FakeProgram,
    *services: dict[str, Any],
    log: str = "",
    pod: dict[str, Any] | None = None,
    made: Answer | None = None,
) -> None:
    names = [one["metadata"]["name"] for one in services]
    kubectl.answers(
        made or Answer(["create"], f"pod/{POD}"),
        Answer(["delete"]),
        Answer(["logs"], log),
        Answer(["-l", f"akslb.dev/run={RUN}"], listed(pod if pod is not None else state())),
        Answer(["services"], listed(*services)),
        Answer(["endpointslices"], slices(*(make.endpoint_slice(name, (f"{name}-1", FIRST, True)) for name in names))),
        Answer(["nodes,daemonsets"], listed(*NODES, make.cloud_node_manager("v1.30.8"))),
        Answer(["get"], listed()),
    )


def did(kubectl: FakeProgram, verb: str) -> list[list[str]]:
    return [call for call in kubectl.calls if call[0] == verb]


def verified(*arguments: str) -> tuple[Ran, dict[str, Any]]:
    ran = akslb("verify", "svc/web", "-n", "shop", "--yes", *arguments, "-o", "json")
    body = json.loads(ran.out)
    SCHEMA.validate(body)
    return ran, body


HTTP = "service.beta.kubernetes.io/azure-load-balancer-health-probe-protocol"
WEB = {HTTP: "http"}


@pytest.mark.parametrize(
    ("log", "code", "verdict", "comparisons"),
    [
        (answer(0) + answer(1), 0, "answered", {"not-explained"}),
        (answer(0, 404) + answer(1, 404), 1, "fails", {"not-explained"}),
        (answer(0) + answer(1, 404), 1, "partly", {"not-explained"}),
        (answer(0) + answer(1, 0, 7, "0.0", "refused"), 1, "partly", {"not-explained"}),
        (answer(0), 1, "unknown", {"not-explained", "not-seen"}),
        ("garbage \x1b[2J ::error::x", 1, "unknown", {"not-seen"}),
    ],
)
def test_what_the_answers_come_to(
    kubectl: FakeProgram, log: str, code: int, verdict: str, comparisons: set[str]
) -> None:
    cluster(kubectl, stored("web", annotations=WEB), log=log)
    ran, body = verified()
    (service,) = body["services"]
    assert (code, verdict, verdict) == (ran.code, body["verdict"], service["verdict"])
    assert comparisons == {one["comparison"] for one in service["requests"]}
    assert {("10.224.0.4", 31234), ("10.224.0.5", 31234)} == {
        (one["address"], one["port"]) for one in service["requests"]
    }
    assert 1 == len(did(kubectl, "create")) == len(did(kubectl, "delete"))
    assert POD in did(kubectl, "delete")[0]


NGINX = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}


@pytest.mark.parametrize(
    ("status", "verdict", "comparison"),
    [(404, "fails", "as-explained"), (200, "answered", "differs"), (301, "fails", "differs")],
)
def test_what_explain_expects_stands_beside_it(
    kubectl: FakeProgram, status: int, verdict: str, comparison: str
) -> None:
    service = stored("web", annotations=WEB)
    service["metadata"]["labels"] = NGINX
    cluster(kubectl, service, log=answer(0, status) + answer(1, status))
    _, body = verified()
    (found,) = body["services"]
    assert (verdict, {comparison}) == (found["verdict"], {one["comparison"] for one in found["requests"]})
    assert {404} == {one["expected"]["status"] for one in found["requests"]}


def test_a_node_without_a_pod_of_a_local_service_is_out_as_meant(kubectl: FakeProgram) -> None:
    cluster(kubectl, stored("web", externalTrafficPolicy="Local"), log=answer(0) + answer(1, 503))
    ran, body = verified()
    (service,) = body["services"]
    by_node = {one["node"]: one for one in service["requests"]}
    assert (0, "answered") == (ran.code, service["verdict"])
    assert {32000} == {one["port"] for one in service["requests"]}
    assert ("as-explained", 503) == (by_node[SECOND]["comparison"], by_node[SECOND]["expected"]["status"])


def test_the_node_port_of_a_local_service_proves_nothing_from_a_pod(kubectl: FakeProgram) -> None:
    port = "service.beta.kubernetes.io/port_80_health-probe_port"
    cluster(
        kubectl,
        stored("web", externalTrafficPolicy="Local", annotations={port: "31234"}),
        log=answer(0, 0, 28) + answer(1, 0, 28),
    )
    ran, body = verified()
    (service,) = body["services"]
    assert (1, "unknown") == (ran.code, service["verdict"])
    assert {"proves-nothing"} == {one["comparison"] for one in service["requests"]}


def test_from_each_node(kubectl: FakeProgram) -> None:
    cluster(kubectl, stored("web", annotations=WEB), log=answer(0) + answer(1))
    kubectl.change(3, out=listed(state(f"{POD}-0"), state(f"{POD}-1")))
    ran, body = verified("--from-nodes", "--pod-namespace", "kube-system")
    (service,) = body["services"]
    assert 0 == ran.code
    assert {(a, b) for a in (FIRST, SECOND) for b in (FIRST, SECOND)} == {
        (one["from"], one["node"]) for one in service["requests"]
    }
    assert 2 == len(did(kubectl, "create"))
    assert {f"{POD}-0", f"{POD}-1"} <= set(did(kubectl, "delete")[0])


# Consent ---------------------------------------------------------------------------------------------------------


def test_without_yes_and_without_a_terminal_nothing_is_created(kubectl: FakeProgram) -> None:
    cluster(kubectl, stored("web"))
    ran = akslb("verify", "svc/web", "-n", "shop")
    assert (2, "") == (ran.code, ran.out)
    assert "--yes" in ran.err and POD in ran.err and "mcr.microsoft.com" in ran.err
    assert [] == did(kubectl, "create") + did(kubectl, "delete")


@pytest.mark.parametrize(
    ("said", "code", "created"), [("y\n", 0, 1), ("yes\n", 0, 1), ("n\n", 2, 0), ("\n", 2, 0), ("", 2, 0)]
)
def test_a_terminal_is_asked(
    kubectl: FakeProgram, monkeypatch: pytest.MonkeyPatch, said: str, code: int, created: int
) -> None:
    cluster(kubectl, stored("web", annotations=WEB), log=answer(0) + answer(1))

    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return said

    monkeypatch.setattr("sys.stdin", Terminal())
    from kubectl_akslb.cli.run import run

    assert code == run(["verify", "svc/web", "-n", "shop"])
    assert created == len(did(kubectl, "create")) == len(did(kubectl, "delete"))


def test_a_dry_run_prints_the_pod_and_creates_nothing(kubectl: FakeProgram) -> None:
    from kubectl_akslb.lint.stream import Stream

    cluster(kubectl, stored("web", annotations=WEB))
    ran = akslb(
        "verify", "svc/web", "-n", "shop", "--dry-run", "--image", "registry.example.com/curl:8", "--timeout", "33"
    )
    assert 0 == ran.code
    assert [] == did(kubectl, "create") + did(kubectl, "delete")
    (pod,) = Stream("-", ran.out.encode()).objects
    assert ("Pod", "shop", 33) == (pod["kind"], pod["metadata"]["namespace"], pod["spec"]["activeDeadlineSeconds"])
    assert "registry.example.com/curl:8" == pod["spec"]["containers"][0]["image"]


def test_the_image_of_the_configuration_is_named(
    kubectl: FakeProgram, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".akslb.yaml").write_text("verifyImage: registry.example.com/curl:9\n")
    monkeypatch.chdir(tmp_path)
    cluster(kubectl, stored("web", annotations=WEB))
    ran = akslb("verify", "svc/web", "-n", "shop", "--dry-run")
    assert "registry.example.com/curl:9" in ran.out
    assert str(tmp_path / ".akslb.yaml") in ran.err


# What goes wrong ---------------------------------------------------------------------------------------------------

WAITING = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}
NO_CURL = {
    "terminated": {
        "exitCode": 128,
        "reason": "StartError",
        "message": 'exec: "curl": executable file not found in $PATH',
    }
}
OLD = {"terminated": {"exitCode": 2, "reason": "Error"}}


@pytest.mark.parametrize(
    ("container", "status", "words"),
    [
        (WAITING, {"phase": "Pending"}, ("cannot be pulled", "--image")),
        (NO_CURL, {"phase": "Failed"}, ("has no curl", "--image")),
        (OLD, {"phase": "Failed"}, ("does not know an option", "7.75")),
        ({"running": {}}, {"phase": "Failed", "reason": "DeadlineExceeded"}, ("DeadlineExceeded",)),
        ({"running": {}}, {"phase": "Running"}, ("was not done after 1 s", "--timeout")),
        (
            {"waiting": {"reason": "CreateContainerConfigError", "message": "x"}},
            {"phase": "Pending"},
            ("does not start",),
        ),
    ],
)
def test_a_pod_that_does_not_ask(
    kubectl: FakeProgram, container: dict[str, Any], status: dict[str, Any], words: tuple[str, ...]
) -> None:
    cluster(kubectl, stored("web", annotations=WEB), pod=state(container=container, **status))
    ran = akslb("verify", "svc/web", "-n", "shop", "--yes", "--timeout", "1")
    assert (3, "") == (ran.code, ran.out)
    assert all(one in ran.err for one in words), ran.err
    assert 1 == len(did(kubectl, "delete"))


def test_no_node_takes_the_pod(kubectl: FakeProgram) -> None:
    conditions = [
        {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/2 nodes are available"}
    ]
    cluster(kubectl, stored("web"), pod=state(phase="Pending", containerStatuses=[], conditions=conditions))
    ran = akslb("verify", "svc/web", "-n", "shop", "--yes", "--timeout", "1")
    assert 3 == ran.code and "0/2 nodes are available" in ran.err


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('Error from server (Forbidden): error when creating "STDIN": pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "shop"', ("jane", "create pods in namespace shop", "--verb=create")),
        ('Error from server (Forbidden): error when creating "STDIN": pods "x" is forbidden: violates PodSecurity "restricted:latest": host namespaces', ("violates PodSecurity", "--pod-namespace")),
        ('Error from server (Forbidden): error when creating "STDIN": admission webhook "validation.gatekeeper.sh" denied the request: image not allowed', ("image not allowed", "--image")),
        ('Error from server (NotFound): error when creating "STDIN": namespaces "shop" not found', ('namespaces "shop" not found',)),
    ],
)  # fmt: skip
def test_a_pod_that_is_refused(kubectl: FakeProgram, said: str, words: tuple[str, ...]) -> None:
    cluster(kubectl, stored("web"), made=Answer(["create"], err=said, code=1))
    ran = akslb("verify", "svc/web", "-n", "shop", "--yes")
    assert (3, "") == (ran.code, ran.out)
    assert all(one in ran.err for one in words), ran.err
    assert 1 == len(did(kubectl, "delete")), "it may be there all the same"


def test_what_cannot_be_removed_is_named_with_the_command(kubectl: FakeProgram) -> None:
    cluster(kubectl, stored("web", annotations=WEB), log=answer(0) + answer(1))
    kubectl.change(1, err="error: connection reset by peer", code=1)
    ran = akslb("verify", "svc/web", "-n", "shop", "--context", "prod", "--yes")
    assert 3 == ran.code
    assert f"kubectl --context=prod delete pod --namespace=shop {POD}" in ran.err
    assert "ANSWERED" in ran.out


@pytest.mark.parametrize("bad", [("--timeout", "0"), ("--image", "a b"), ("--pod-namespace", "A"), ("--node", "n9")])
def test_wrong_usage(kubectl: FakeProgram, bad: tuple[str, str]) -> None:
    cluster(kubectl, stored("web"))
    ran = akslb("verify", "svc/web", "-n", "shop", "--yes", *bad)
    assert (2, "") == (ran.code, ran.out)
    assert [] == did(kubectl, "create")


def test_one_node(kubectl: FakeProgram) -> None:
    cluster(kubectl, stored("web", annotations=WEB), log=answer(0))
    ran, body = verified("--node", SECOND)
    assert 0 == ran.code
    assert {SECOND} == {one["node"] for one in body["services"][0]["requests"]}


def test_the_screen_at_80_columns(kubectl: FakeProgram) -> None:
    cluster(kubectl, stored("web", annotations=WEB), log=answer(0) + answer(1, 404))
    ran = akslb("verify", "svc/web", "-n", "shop", "--yes")
    assert ran.out.startswith("PARTLY    svc/shop/web: 1 of 2 nodes answer GET :31234/ with 200\n")
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    yaml = akslb("verify", "svc/web", "-n", "shop", "--yes", "-o", "yaml")
    assert "verdict: partly" in yaml.out
