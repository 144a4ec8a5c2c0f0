"""``explain`` and ``profile`` on a cluster, from arguments to output, with a kubectl that answers by a table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.cli.run import run
from kubectl_akslb.cluster.rbac import ACCESS
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import HopName
from kubectl_akslb.provider.events import explained
from kubectl_akslb.render import document as explanation
from tests.given import aks as make
from tests.given.az import recorded
from tests.given.objects import daemon_set
from tests.given.programs import Answer, FakeProgram, listed

NODES = [make.node(0), make.node(1)]
FIRST, SECOND = (node["metadata"]["name"] for node in NODES)
FORBIDDEN = 'Error from server (Forbidden): {what} is forbidden: User "jane" cannot list resource "{what}" in API group "{group}" {where}'


class Judged(NamedTuple):
    """What explain says of one Service, as codes, with the fields that hold a name or a number."""

    kind: str
    causes: set[str]
    verdict: dict[str, Any]
    service: dict[str, Any]


class Output(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """What it printed, without the layout."""
        return " ".join(self.out.split())


Command = Callable[..., Output]


@pytest.fixture
def akslb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments: str) -> Output:
        code = run(list(arguments))
        return Output(code, *capsys.readouterr())

    return call


def judged(akslb: Command, *words: str) -> Judged:
    (service,) = json.loads(akslb("explain", *words, "-o", "json").out)["services"]
    verdict = service["verdict"]
    return Judged(verdict["kind"], set(verdict["causes"]), verdict, service)


def stored(name: str, *, uid: str = "0a1b2c3d-0000-1111-2222-333344445555", **more: Any) -> dict[str, Any]:
    """A Service as the API server has it."""
    body = make.service(name, **more)
    body["metadata"].update(namespace="shop", uid=uid, creationTimestamp="2026-05-29T10:00:00Z")
    for port in body["spec"]["ports"]:
        port.setdefault("nodePort", 31234)
        port.setdefault("protocol", "TCP")
    body["spec"].update(clusterIP="10.0.0.1", clusterIPs=["10.0.0.1"], ipFamilies=["IPv4"])
    body["spec"].setdefault("ipFamilyPolicy", "SingleStack")
    if body["spec"].get("externalTrafficPolicy") == "Local":
        body["spec"]["healthCheckNodePort"] = 32000
    return body


def slices(*pieces: dict[str, Any]) -> str:
    for piece in pieces:
        piece["metadata"]["namespace"] = "shop"
    return listed(*pieces)


PODS = "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb"
ALL_PODS = "/api/v1/namespaces/shop/pods?limit=500"
CALICO = "/apis/apps/v1/namespaces/calico-system/daemonsets"
EXPLAINED = {"endpointslices", "events", "nodes,daemonsets", "networkpolicies"}


def pod(name: str = "web-1", *, app: str = "web", ready: bool = True, waiting: str = "") -> dict[str, Any]:
    """A pod that is asked for readiness on the port that the Service leads to."""
    container = {
        "name": "web", "image": "web", "ports": [{"containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/", "port": 8080}},
    }  # fmt: skip
    status: dict[str, Any] = {"phase": "Running", "conditions": [{"type": "Ready", "status": str(ready)}]}
    if waiting:
        status["containerStatuses"] = [{"state": {"waiting": {"reason": waiting}}}]
    metadata = {"name": name, "namespace": "shop", "labels": {"app": app}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [container]},
        "status": status,
    }


def meshed() -> dict[str, Any]:
    """A pod with a proxy of Istio beside its application."""
    one = pod()
    one["spec"]["containers"].append({"name": "istio-proxy"})
    return one


def api_groups(**versions: str) -> str:
    """What the API server says that it has, beside its own API groups."""
    named = {"apps": "v1", **{name.replace("_", "."): version for name, version in versions.items()}}
    groups = [{"name": name, "versions": [{"version": version}]} for name, version in named.items()]
    return json.dumps({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})


def cluster(kubectl: FakeProgram, *services: dict[str, Any], **answers: str) -> None:
    """A kubectl that knows these Services; *answers* replace what it says of the rest."""
    known = {
        "endpointslices": slices(make.endpoint_slice("web", ("web-1", FIRST, True))),
        "events": listed(),
        "nodes,daemonsets": listed(*NODES, make.cloud_node_manager("v1.30.8"), daemon_set("kube-proxy")),
        "networkpolicies": listed(),
        "/apis": api_groups(),
        PODS: listed(pod()),
        ALL_PODS: listed(),
        CALICO: listed(),
        "deployments,statefulsets": listed(),
        **answers,
    }
    body = json.dumps(services[0]) if len(services) == 1 else listed(*services)
    kubectl.answers(Answer(["get", "services"], body), *(Answer(["get", kind], out) for kind, out in known.items()))


@pytest.mark.parametrize(
    "words",
    [["svc/web"], ["service/web"], ["services/web"], ["svc", "web"], ["web"], ["Service", "web"], ["web", "web"]],
)
def test_every_way_to_name_a_service(kubectl: FakeProgram, akslb: Command, words: list[str]) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"))
    done = akslb("explain", *words)
    assert (0, "") == (done.code, done.err)
    assert ["get", "services", "web", "-o", "json"] in kubectl.calls


def test_flags_are_passed_on_to_every_call(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"))
    flags = ["--context", "c", "--kubeconfig", "k", "--cluster", "l", "--user", "u", "--as", "jane", "--as-group", "g",
             "--request-timeout", "9s"]  # fmt: skip
    akslb("explain", "web", "-n", "shop", *flags)
    assert 8 == len(kubectl.calls)
    assert [flags] * 8 == [call[-len(flags) :] for call in kubectl.calls]
    assert 4 == sum(
        call[call.index("-n") + 1] == "shop" for call in kubectl.calls if "-n" in call and "kube-system" not in call
    )


def test_all_load_balancers_of_the_namespace(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"), stored("inside", type="ClusterIP"), stored("api", ip="20.1.2.4"))
    done = akslb("explain")
    words = {word for line in done.out.splitlines() for word in line.split()}
    assert {"shop/web", "shop/api"} == {word for word in words if word.startswith("shop/")}
    assert "Services of other types" in done.out


def test_what_the_api_knows_takes_the_place_of_placeholders(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"))
    (service,) = json.loads(akslb("explain", "web", "-o", "json").out)["services"]
    # The zones of a region are Azure's to tell.
    assert ["<every zone of the region>"] == service["placeholders"]
    assert "a0a1b2c3d00001111222233334444555-TCP-80" == service["ports"][0]["rule"]


@pytest.mark.parametrize("ip", ["20.1.2.3", ""])
def test_json_is_what_the_published_schema_says(kubectl: FakeProgram, akslb: Command, ip: str) -> None:
    schema = json.loads((Path(explanation.__file__).parent / "explanation.schema.json").read_text())
    cluster(kubectl, stored("web", ip=ip), stored("inside", type="ClusterIP"), events=failure("SubnetIsFull"))
    body = json.loads(akslb("explain", "web", "inside", "-o", "json").out)
    jsonschema.Draft202012Validator(schema).validate(body)
    assert [ip] * bool(ip) == body["services"][0]["live"]["addresses"]
    assert ["SubnetIsFull"] == [event["message"] for event in body["services"][0]["live"]["events"]]


def test_findings_are_there_for_services_of_a_cluster_too(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3", annotations={f"{make.PREFIX}azure-pip-nmae": "x"}))
    (service,) = json.loads(akslb("explain", "web", "-o", "json").out)["services"]
    assert "misspelt-annotation" in [one["rule"] for one in service["findings"]]
    assert "  lint         1 warning more: kubectl akslb lint svc/web --namespace=shop\n" in akslb("explain", "web").out


def test_state_beside_the_configuration(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"))
    found = judged(akslb, "web")
    assert "works" == found.kind
    assert [(FIRST, 1), (SECOND, 0)] == [(node["node"], node["ready"]) for node in found.service["live"]["nodes"]]
    done = akslb("explain", "web")
    assert f"{FIRST}: 1 ready" in done.said
    assert "provider 1.30.8" in done.said


def test_local_says_which_nodes_pass_the_probe(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3", externalTrafficPolicy="Local"))
    (service,) = json.loads(akslb("explain", "web", "-o", "json").out)["services"]
    assert [(FIRST, True), (SECOND, False)] == [(node["node"], node["passes"]) for node in service["live"]["nodes"]]


def test_a_local_service_with_a_probe_of_its_own_drops_on_nodes_without_a_pod(
    kubectl: FakeProgram, akslb: Command
) -> None:
    port = {f"{make.PREFIX}port_80_health-probe_port": "10256", f"{make.PREFIX}port_80_health-probe_protocol": "tcp"}
    cluster(kubectl, stored("web", ip="20.1.2.3", externalTrafficPolicy="Local", annotations=port))
    found = judged(akslb, "web")
    assert [True, True] == [node["passes"] for node in found.service["live"]["nodes"]]
    assert ("depends", {Cause.NODES_WITHOUT_POD_DROP.value}) == (found.kind, found.causes)
    assert SECOND in found.verdict["headline"]


def test_a_local_service_whose_node_port_is_probed_passes_where_its_pods_are(
    kubectl: FakeProgram, akslb: Command
) -> None:
    port = {f"{make.PREFIX}port_80_health-probe_port": "80"}
    cluster(kubectl, stored("web", ip="20.1.2.3", externalTrafficPolicy="Local", annotations=port))
    (service,) = json.loads(akslb("explain", "web", "-o", "json").out)["services"]
    assert [True, False] == [node["passes"] for node in service["live"]["nodes"]]


@pytest.mark.parametrize(
    ("endpoints", "pods", "near", "cause", "named", "verify"),
    [
        ([], [], [], Cause.NO_ENDPOINTS, "", "--selector=app=web"),
        ([], [], [pod(app="webb")], Cause.SELECTOR_MATCHES_NOTHING, "Pod/web-1", "--show-labels"),
        ([("web-1", FIRST, False)], [pod(ready=False)], [], Cause.NOT_READY, "web-1", "--selector=app=web"),
        ([("web-1", FIRST, False)], [pod(ready=False, waiting="CrashLoopBackOff")], [], Cause.NOT_READY, "CrashLoopBackOff", "--selector=app=web"),
    ],
)  # fmt: skip
def test_no_ready_pod_is_down(
    kubectl: FakeProgram, akslb: Command, endpoints: list[tuple[str, str, bool]], pods: list[Any], near: list[Any],
    cause: Cause, named: str, verify: str,
) -> None:  # fmt: skip
    own = slices(make.endpoint_slice("web", *endpoints))
    cluster(
        kubectl, stored("web", ip="20.1.2.3"), **{"endpointslices": own, PODS: listed(*pods), ALL_PODS: listed(*near)}
    )
    found = judged(akslb, "web")
    assert ("down", {cause.value}) == (found.kind, found.causes)
    assert named in found.verdict["headline"]
    done = akslb("explain", "web", "--context", "prod", "--as", "jane")
    assert f"kubectl --context=prod --as=jane get --namespace=shop pods {verify}" in done.said


def failure(message: str, minute: int = 5) -> str:
    about = stored("web")
    one = make.event(about, "SyncLoadBalancerFailed", message)
    time = f"2026-05-29T10:{minute:02}:00Z"
    return listed({**one, "firstTimestamp": time, "lastTimestamp": time})


def test_a_pending_service_tells_cause_and_fix_of_its_event(kubectl: FakeProgram, akslb: Command) -> None:
    message = 'Error syncing load balancer: ... Code="SubnetIsFull" Message="Subnet x is full"'
    cluster(kubectl, stored("web"), events=failure(message))
    meaning = explained("SyncLoadBalancerFailed", message)
    assert meaning is not None
    found = judged(akslb, "web")
    assert ("pending", {Cause.SYNC_FAILED.value}) == (found.kind, found.causes)
    assert meaning.cause in found.verdict["headline"]
    done = akslb("explain", "web")
    assert meaning.cause in done.out.splitlines()[1]
    assert f"fix {meaning.remedy}" in done.said


def test_a_failure_after_the_first_success_leads(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"), events=failure("SubnetIsFull"))
    found = judged(akslb, "web")
    assert ("pending", {Cause.SYNC_FAILED_SINCE.value}) == (found.kind, found.causes)
    assert [] == found.service["path"]["clients"]


def test_a_failure_that_a_success_followed_is_over(kubectl: FakeProgram, akslb: Command) -> None:
    later = "2026-05-29T10:09:00Z"
    success = {
        **make.event(stored("web"), "EnsuredLoadBalancer", "Ensured", "Normal"),
        "firstTimestamp": later, "lastTimestamp": later,
    }  # fmt: skip
    cluster(
        kubectl, stored("web", ip="20.1.2.3"), events=listed(*json.loads(failure("SubnetIsFull"))["items"], success)
    )
    assert "works" == judged(akslb, "web").kind


def test_a_service_that_is_being_deleted(kubectl: FakeProgram, akslb: Command) -> None:
    gone = stored("web", ip="20.1.2.3")
    gone["metadata"]["deletionTimestamp"] = "2026-05-29T10:00:00Z"
    cluster(kubectl, gone, events=failure("failed to delete load balancer: ScopeLocked"))
    found = judged(akslb, "web")
    assert ("pending", {Cause.BEING_DELETED.value, Cause.SYNC_FAILED.value}) == (found.kind, found.causes)


def test_an_address_that_is_still_public(kubectl: FakeProgram, akslb: Command) -> None:
    internal = {f"{make.PREFIX}azure-load-balancer-internal": "true"}
    cluster(kubectl, stored("web", ip="20.76.9.9", annotations=internal))
    found = judged(akslb, "web")
    assert ("depends", {Cause.STATUS_IS_STALE.value}) == (found.kind, found.causes)
    assert "20.76.9.9" in found.verdict["headline"]


def test_a_pending_service_without_events_says_what_to_look_at(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web"))
    found = judged(akslb, "web")
    assert ("pending", {Cause.NO_EVENT.value}) == (found.kind, found.causes)
    assert "az aks show" in akslb("explain", "web").said


def test_a_refused_service_that_has_an_address_keeps_it(kubectl: FakeProgram, akslb: Command) -> None:
    bad = {f"{make.PREFIX}azure-load-balancer-health-probe-num-of-probe": "1"}
    cluster(kubectl, stored("web", ip="20.1.2.3", annotations=bad))
    found = judged(akslb, "web")
    assert ("pending", {Cause.REFUSED_BY_PROVIDER.value, Cause.KEEPS_WHAT_IT_HAD.value}) == (found.kind, found.causes)
    assert "20.1.2.3" in found.verdict["headline"]
    assert [] == found.service["path"]["clients"]


def test_a_public_ip_that_is_in_use_exists(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3", annotations={f"{make.PREFIX}azure-pip-name": "edge"}))
    assert "works" == judged(akslb, "web").kind


def test_a_public_ip_that_azure_does_not_find_does_not_exist(kubectl: FakeProgram, akslb: Command) -> None:
    message = "PublicIP from annotation azure-pip-name(-IPv6)=edge for service shop/web doesn't exist"
    cluster(kubectl, stored("web", annotations={f"{make.PREFIX}azure-pip-name": "edge"}), events=failure(message))
    found = judged(akslb, "web")
    assert ("pending", {Cause.REFUSED_BY_PROVIDER.value}) == (found.kind, found.causes)


def test_what_may_not_be_read_is_left_out_and_said(kubectl: FakeProgram, akslb: Command) -> None:
    here, everywhere = 'in the namespace "shop"', "at the cluster scope"
    kubectl.answers(
        Answer(["services"], json.dumps(stored("web", ip="20.1.2.3"))),
        Answer(["events"], listed(), FORBIDDEN.format(what="events", group="", where=here), 1),
        Answer(["endpointslices"], listed(), FORBIDDEN.format(what="endpointslices", group="discovery.k8s.io", where=here), 1),
        Answer(["nodes,daemonsets"], listed(make.cloud_node_manager("v1.30.8", sidecar=True)),
               FORBIDDEN.format(what="nodes", group="", where=everywhere), 1),
        Answer(["networkpolicies"], listed(), FORBIDDEN.format(what="networkpolicies", group="networking.k8s.io", where=here), 1),
        Answer([PODS], "", FORBIDDEN.format(what="pods", group="", where=here), 1),
        Answer(["/apis"], api_groups()),
    )  # fmt: skip
    done = akslb("explain", "web")
    assert 0 == done.code
    assert "UNKNOWN " in done.said
    assert "not allowed to list pods in namespace shop: why pods are not ready" in done.said
    assert (
        "not allowed to list networkpolicies.networking.k8s.io in namespace shop: whether a NetworkPolicy" in done.said
    )
    assert (
        "not allowed to list endpointslices.discovery.k8s.io in namespace shop: whether any pod is ready" in done.said
    )
    assert "not allowed to list events in namespace shop: why a Service is pending, or whether" in done.said
    assert "not allowed to list nodes in the whole cluster: which nodes are in rotation" in done.said
    assert "probe mode shared" in done.said
    assert "endpoints could not be read" in done.said


def test_a_name_that_is_not_there(kubectl: FakeProgram, akslb: Command) -> None:
    missing = 'Error from server (NotFound): services "wbe" not found'
    kubectl.answers(
        Answer(["services", "wbe"], "", missing, 1),
        Answer(["/api/v1/services?fieldSelector=metadata.name%3Dwbe"], listed()),
        Answer(["services", "name"], "service/web\nservice/api\n"),
        Answer(["get"], listed()),
    )
    done = akslb("explain", "wbe", "-n", "shop")
    assert (3, "") == (done.code, done.out)
    assert "error: there is no Service 'wbe' in namespace shop\n  hint: Did you mean web?\n" == done.err


def test_a_name_of_another_namespace(kubectl: FakeProgram, akslb: Command) -> None:
    missing = 'Error from server (NotFound): services "web" not found'
    kubectl.answers(
        Answer(["services", "web"], "", missing, 1),
        Answer(["/api/v1/services?fieldSelector=metadata.name%3Dweb"], listed(stored("web"))),
        Answer(["get"], listed()),
    )
    assert "there is one in namespace shop: -n shop" in akslb("explain", "web", "-n", "default").err


def test_one_of_two_names_is_not_there(kubectl: FakeProgram, akslb: Command) -> None:
    missing = 'Error from server (NotFound): services "wbe" not found'
    kubectl.answers(Answer(["services", "web", "wbe"], listed(stored("web", ip="20.1.2.3")), missing, 1))
    cluster(kubectl, stored("web", ip="20.1.2.3"))
    done = akslb("explain", "web", "wbe")
    assert 3 == done.code
    assert "shop/web" in done.out
    assert "svc/wbe: error: there is no Service 'wbe'" in done.err


@pytest.mark.parametrize("words", [["explain", "web"], ["lint", "web", "api"], ["upgrade", "web", "--to", "1.35"]])
def test_a_name_in_a_namespace_that_is_not_there(words: list[str], kubectl: FakeProgram, akslb: Command) -> None:
    missing = 'Error from server (NotFound): namespaces "shopp" not found'
    kubectl.answers(
        Answer(["namespaces"], "namespace/shop\nnamespace/default\n"),
        Answer(["services", "web"], "", missing, 1),
        Answer(["get"], listed()),
    )
    done = akslb(*words, "-n", "shopp")
    assert (3, "error: there is no namespace 'shopp'\n  hint: Did you mean shop?\n") == (done.code, done.err)


def test_a_namespace_that_is_not_there(kubectl: FakeProgram, akslb: Command) -> None:
    kubectl.answers(Answer(["namespaces"], "namespace/shop\nnamespace/default\n"), Answer(["get"], listed()))
    done = akslb("explain", "-n", "shopp")
    assert (3, "error: there is no namespace 'shopp'\n  hint: Did you mean shop?\n") == (done.code, done.err)


def test_a_context_that_is_not_there(kubectl: FakeProgram, akslb: Command) -> None:
    kubectl.answers(
        Answer(["config"], "prod\ntest\n"), Answer(["get"], err='error: context "prd" does not exist\n', code=1)
    )
    done = akslb("explain", "--context", "prd")
    assert (3, "error: the kubeconfig has no context 'prd'\n  hint: Did you mean prod?\n") == (done.code, done.err)


def test_without_kubectl(akslb: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    done = akslb("explain", "web")
    assert 3 == done.code
    assert "error: kubectl was not found\n  hint: install kubectl" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["web", "-A"], "-A chooses Services, and so do names"),
        (["web", "-l", "a=b"], "-l chooses Services, and so do names"),
        (["deploy/web"], "'deploy/web' is no Service"),
        (["svc/--all"], "cannot be the name of a Service"),
        (["--aks", "x"], "--aks cannot be 'x'"),
        (["--profile", "p", "--az"], "--profile and az describe the same cluster"),
        (["-f", "x.yaml", "svc/web"], "svc/web asks the cluster, but files are given"),
        (["-f", "x.yaml", "-A"], "--all-namespaces asks the cluster"),
        (["-f", "x.yaml", "--as", "jane"], "--as asks the cluster"),
        (["-f", "x.yaml", "--az"], "--az asks the cluster"),
    ],
)
def test_wrong_usage(kubectl: FakeProgram, akslb: Command, arguments: list[str], message: str) -> None:
    done = akslb("explain", *arguments)
    assert (2, "", []) == (done.code, done.out, kubectl.calls)
    assert message in done.err


def test_profile_is_a_file_for_offline_use(kubectl: FakeProgram, akslb: Command) -> None:
    kubectl.answers(
        Answer(["--raw", "/version"], '{"gitVersion": "v1.30.11"}'),
        Answer(["nodes,daemonsets"], listed(*NODES, make.cloud_node_manager("v1.30.8", sidecar=True))),
    )
    done = akslb("profile")
    assert 0 == done.code
    assert done.out.startswith("# assumed: load balancer SKU standard")
    assert '  providerVersion: "1.30.8"  # image of DaemonSet cloud-node-manager\n' in done.out
    assert "  kubernetesVersion: v1.30.11  # the API server\n" in done.out
    assert (
        "clusterServiceLoadBalancerHealthProbeMode: Shared  # a container health-probe-proxy in DaemonSet" in done.out
    )


def test_profile_with_az(kubectl: FakeProgram, az: FakeProgram, akslb: Command) -> None:
    kubectl.answers(
        Answer(["--raw"], '{"gitVersion": "v1.30.11"}'),
        Answer(["nodes,daemonsets"], listed(*NODES, make.cloud_node_manager("v1.30.8"))),
    )
    az.answers(Answer(["aks", "show"], recorded("managed-ips")))
    body = json.loads(akslb("profile", "--aks", "shop/shop-prod", "-o", "json").out)
    assert 4000 == body["spec"]["networkProfile"]["loadBalancerProfile"]["allocatedOutboundPorts"]
    assert "1.30.8" == body["spec"]["providerVersion"]
    assert 2 == len(body["spec"]["nodes"])


def test_profile_where_nothing_can_be_read(kubectl: FakeProgram, akslb: Command) -> None:
    kubectl.answers(Answer(["get"], err="error: You must be logged in to the server (Unauthorized)\n", code=1))
    done = akslb("profile")
    assert (3, "") == (done.code, done.out)
    assert "(401)" in done.err


def resource(call: list[str]) -> str:
    """What a call of kubectl asks for."""
    if call[1] != "--raw":
        return call[1]
    path = call[2].partition("?")[0]
    return path if path in {"/version", "/apis"} else path.rpartition("/")[2]


def test_only_what_the_table_of_access_says_is_read(kubectl: FakeProgram, akslb: Command) -> None:
    nginx = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
    proxy = stored("web", ip="20.1.2.3", selector=nginx)
    cluster(kubectl, proxy, ingresses=listed())
    akslb("explain", "web")
    kubectl.forget()
    cluster(
        kubectl,
        stored("web", ip="20.1.2.3"),
        **{PODS: listed(meshed()), TLS: listed(), MESH: listed()},
    )
    akslb("explain", "web")
    kubectl.forget()
    groups = api_groups(cilium_io="v2", crd_projectcalico_org="v1", policy_networking_k8s_io="v2")
    further = {one: listed() for one in (NAMESPACED, WIDE, *CALICO_POLICIES, *ADMIN_POLICIES)}
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{"/apis": groups, **further})
    akslb("explain", "web")
    kubectl.forget()
    cluster(kubectl, stored("web", ip="20.1.2.3"), stored("api", ip="20.1.2.4"))
    akslb("explain")
    akslb("lint")
    akslb("fix")
    akslb("profile")
    read = {word.partition(".")[0] for call in kubectl.calls for word in resource(call).split(",")}
    assert {row.resource for row in ACCESS} == read


NAMESPACED, WIDE = "ciliumnetworkpolicies.cilium.io", "ciliumclusterwidenetworkpolicies.cilium.io"
CALICO_POLICIES = tuple(
    f"{one}.crd.projectcalico.org" for one in ("networkpolicies", "globalnetworkpolicies", "hostendpoints")
)
ADMIN_POLICIES = tuple(
    f"{kind}networkpolicies.policy.networking.k8s.io" for kind in ("admin", "baselineadmin", "cluster")
)


def with_cilium(kubectl: FakeProgram, policies: str, err: str = "") -> None:
    """A cluster of one Service in which Cilium runs, with these *policies* of its own, or an error in their place."""
    kubectl.answers(Answer(["get", NAMESPACED], policies, err, bool(err)), Answer(["get", WIDE], listed()))
    seen = listed(*NODES, make.cloud_node_manager("v1.30.8"), daemon_set("kube-proxy"), daemon_set("cilium"))
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{"nodes,daemonsets": seen, "/apis": api_groups(cilium_io="v2")})


@pytest.mark.parametrize(
    ("spec", "cause"),
    [
        ({"endpointSelector": {}, "ingress": [{}]}, "other-policies"),
        ({"endpointSelector": {"matchLabels": {"app": "other"}}, "ingress": [{}]}, "no-policy"),
        ({"endpointSelector": {}, "ingress": [{"fromEntities": ["world", "cluster"]}]}, "policies-let-in"),
    ],
)
def test_policies_of_cilium_are_read_where_it_runs(
    kubectl: FakeProgram, akslb: Command, spec: dict[str, Any], cause: str
) -> None:
    metadata = {"name": "closed", "namespace": "shop"}
    with_cilium(kubectl, listed({"kind": "CiliumNetworkPolicy", "metadata": metadata, "spec": spec}))
    assert [cause] == policy_causes(akslb("explain", "web", "-o", "json").out)


def test_policies_of_cilium_that_may_not_be_read(kubectl: FakeProgram, akslb: Command) -> None:
    with_cilium(kubectl, "", FORBIDDEN_POLICIES)
    done = akslb("explain", "web", "-o", "json")
    assert ["policies-unread"] == policy_causes(done.out)
    assert "kubectl create clusterrole akslb-ciliumnetworkpolicies --verb=list" in done.out


def test_an_api_server_without_these_policies_has_none(kubectl: FakeProgram, akslb: Command) -> None:
    with_cilium(kubectl, "", 'error: the server doesn\'t have a resource type "ciliumnetworkpolicies"\n')
    done = akslb("explain", "web", "-o", "json")
    assert ["no-policy"] == policy_causes(done.out)
    assert "cilium" not in done.err


ADMIN = {"kind": "AdminNetworkPolicy", "metadata": {"name": "strict"}, "spec": {}}
GLOBAL = {"kind": "GlobalNetworkPolicy", "metadata": {"name": "strict"}, "spec": {"ingress": [{"action": "Deny", "source": {"selector": "a == 'b'"}}]}}  # fmt: skip
OF_CALICO = {"apiVersion": "crd.projectcalico.org/v1", "kind": "NetworkPolicy", "metadata": {"name": "strict", "namespace": "shop"}, "spec": {}}  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "asked", "verify"),
    [
        ({}, {}, "kubectl akslb explain svc/web -n shop --az"),
        (
            {"crd_projectcalico_org": "v1", "projectcalico_org": "v3"},
            {CALICO_POLICIES[0]: OF_CALICO, CALICO_POLICIES[1]: None, CALICO_POLICIES[2]: None},
            "kubectl get --namespace=shop networkpolicies.crd.projectcalico.org/strict --output=yaml",
        ),
        (
            {"projectcalico_org": "v3"},
            {"networkpolicies.projectcalico.org": None, "globalnetworkpolicies.projectcalico.org": {**GLOBAL, "apiVersion": "projectcalico.org/v3"}, "hostendpoints.projectcalico.org": None},
            "kubectl get globalnetworkpolicies.projectcalico.org/strict --output=yaml",
        ),
        (
            {"policy_networking_k8s_io": "v1alpha1"},
            {ADMIN_POLICIES[0]: {**ADMIN, "apiVersion": "policy.networking.k8s.io/v1alpha1"}, ADMIN_POLICIES[1]: None},
            "kubectl get adminnetworkpolicies.policy.networking.k8s.io/strict --output=yaml",
        ),
        (
            {"policy_networking_k8s_io": "v1alpha2"},
            {ADMIN_POLICIES[2]: {**ADMIN, "kind": "ClusterNetworkPolicy", "apiVersion": "policy.networking.k8s.io/v1alpha2"}},
            "kubectl get clusternetworkpolicies.policy.networking.k8s.io/strict --output=yaml",
        ),
    ],
)  # fmt: skip
def test_policies_are_read_of_the_kinds_that_there_are(
    kubectl: FakeProgram, akslb: Command, groups: dict[str, str], asked: dict[str, Any], verify: str
) -> None:
    answers = {resource: listed(*([one] if one else [])) for resource, one in asked.items()}
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{"/apis": api_groups(**groups), **answers})
    done = akslb("explain", "web", "-o", "json")
    assert ["other-policies" if asked else "no-policy"] == policy_causes(done.out)
    assert verify == (json.loads(done.out)["services"][0]["verdict"].get("verify") or "")
    kinds = ("polic", "hostendpoints")
    policies = {one for one in map(resource, kubectl.calls) if any(kind in one for kind in kinds)}
    assert set(asked) == policies - {"networkpolicies"}


def test_policies_that_may_not_be_read_are_no_policies_that_are_not_there(kubectl: FakeProgram, akslb: Command) -> None:
    refused = FORBIDDEN.format(
        what="globalnetworkpolicies", group="crd.projectcalico.org", where="at the cluster scope"
    )
    kubectl.answers(Answer([CALICO_POLICIES[1]], "", refused, 1))
    groups = api_groups(crd_projectcalico_org="v1")
    cluster(
        kubectl,
        stored("web", ip="20.1.2.3"),
        **{"/apis": groups, CALICO_POLICIES[0]: listed(), CALICO_POLICIES[2]: listed()},
    )
    done = akslb("explain", "web", "-o", "json")
    verdict = json.loads(done.out)["services"][0]["verdict"]
    verify = "kubectl get --namespace=shop globalnetworkpolicies.crd.projectcalico.org"
    assert ("unknown", ["policies-unread"], verify) == (verdict["kind"], verdict["causes"], verdict["verify"])
    assert "akslb-globalnetworkpolicies --verb=list --resource=globalnetworkpolicies.crd.projectcalico.org" in done.out


def test_an_api_server_that_does_not_say_what_it_has(kubectl: FakeProgram, akslb: Command) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{"/apis": "no JSON"})
    assert ["policies-unread"] == policy_causes(akslb("explain", "web", "-o", "json").out)


FORBIDDEN_POLICIES = (
    'Error from server (Forbidden): ciliumnetworkpolicies.cilium.io is forbidden: User "jane" cannot list resource'
    ' "ciliumnetworkpolicies" in API group "cilium.io" in the namespace "shop"\n'
)


def policy_causes(out: str) -> list[str]:
    """The causes of the first hop that is about policies."""
    path = json.loads(out)["services"][0]["path"]
    hops = (hop for each in path["clients"] for hop in each["hops"])
    return next([each["cause"] for each in hop["because"]] for hop in hops if hop["name"] == HopName.POLICY.value)


POLICY = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p", "namespace": "shop"}}


@pytest.mark.parametrize(
    ("policies", "pods", "last"),
    [
        ([], [pod()], "/api/v1/services?fieldSelector=spec.type%3DLoadBalancer"),
        ([POLICY], [pod()], "/apis/apps/v1/namespaces/calico-system/daemonsets"),
        ([POLICY], [], ALL_PODS),
    ],
)
def test_at_most_eight_requests_for_one_service(
    kubectl: FakeProgram, akslb: Command, policies: list[Any], pods: list[Any], last: str
) -> None:
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{"networkpolicies": listed(*policies), PODS: listed(*pods)})
    akslb("explain", "web")
    requests = [word for call in kubectl.calls for word in resource(call).split(",") if word != "/apis"]
    assert 8 == len(requests)
    assert last in {word for call in kubectl.calls for word in call}


TLS, MESH = "peerauthentications.security.istio.io", "authorizationpolicies.security.istio.io"


def lintable(kubectl: FakeProgram, *services: dict[str, Any], around: str = listed()) -> None:
    """A kubectl for ``lint``."""
    kubectl.answers(
        Answer(["get", "services"], listed(*services)),
        Answer(["get", "deployments,statefulsets,ingresses,networkpolicies"], around),
        Answer(["get", "nodes,daemonsets"], listed(*NODES, make.cloud_node_manager("v1.30.8"))),
    )


PATH = {f"{make.PREFIX}azure-load-balancer-health-probe-request-path": "/healthz"}


def test_lint_finds_in_the_cluster_what_it_finds_in_a_file(kubectl: FakeProgram, akslb: Command) -> None:
    lintable(kubectl, stored("web", ip="20.1.2.3", annotations=PATH))
    done = akslb("lint", "web", "--fail-on", "warning")
    assert 1 == done.code
    assert done.out.startswith(
        f'shop/web metadata.annotations["{make.PREFIX}azure-load-balancer-health-probe-request-path"]:'
        " warning[probe-path-without-protocol]: "
    )
    assert "this cluster: provider 1.30.8" in done.err


def test_lint_knows_the_pods_behind_a_service(kubectl: FakeProgram, akslb: Command) -> None:
    own = f"{make.PREFIX}port_80_health-probe_"
    http = {f"{own}protocol": "http", f"{own}request-path": "/ready"}
    labels = {"app": "web"}
    get = {"path": "/ready", "port": 8080}
    container = {"name": "web", "image": "web", "readinessProbe": {"httpGet": get}}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}},
    }
    service = stored("web", ip="20.1.2.3", annotations=http)
    lintable(kubectl, service)
    assert "asks for /ready too" not in akslb("lint", "web").out
    kubectl.forget()
    lintable(kubectl, service, around=listed(deployment))
    assert "asks for /ready too" in akslb("lint", "web").out


def test_lint_does_not_change_a_cluster(kubectl: FakeProgram, akslb: Command) -> None:
    done = akslb("lint", "web", "--fix")
    assert (2, [], "") == (done.code, kubectl.calls, done.out)
    assert "Services of a cluster are not changed" in done.err


def test_fix_prints_commands_for_a_cluster_and_runs_none(kubectl: FakeProgram, akslb: Command) -> None:
    pods = stored("web", ip="20.1.2.3", ports=[{"name": "http", "port": 80, "appProtocol": "http"}])
    lintable(kubectl, pods)
    done = akslb("fix", "web", "-n", "shop", "--context", "prod", "--as", "jane")
    body = {"metadata": {"annotations": {f"{make.PREFIX}port_80_health-probe_protocol": "tcp"}}}
    patch = json.dumps(body, separators=(",", ":"))
    assert 0 == done.code
    assert (
        f"\nkubectl --context=prod --as=jane patch service/web --namespace=shop --type=merge '--patch={patch}'\n"
        in done.out
    )
    assert {"get"} == {call[0] for call in kubectl.calls}
    assert "fixed shop/web metadata.annotations[" in done.err


def test_lint_says_what_it_may_not_read(kubectl: FakeProgram, akslb: Command) -> None:
    refused = FORBIDDEN.format(what="deployments", group="apps", where='in the namespace "shop"')
    kubectl.answers(
        Answer(["services"], listed(stored("web", ip="20.1.2.3"))),
        Answer(["deployments,statefulsets,ingresses,networkpolicies"], listed(), refused.replace("deployments is", "deployments.apps is"), 1),
        Answer(["nodes,daemonsets"], listed(*NODES)),
    )  # fmt: skip
    done = akslb("lint", "-o", "json")
    assert 0 == done.code
    assert "note: not allowed to list deployments.apps in namespace shop: what the pods answer is not known" in done.err


def test_lint_with_a_name_that_is_not_there(kubectl: FakeProgram, akslb: Command) -> None:
    missing = 'Error from server (NotFound): services "wbe" not found'
    kubectl.answers(
        Answer(["services", "web", "wbe"], listed(stored("web", ip="20.1.2.3")), missing, 1),
        Answer(["services", "name"], "service/web\n"),
        Answer(["get"], listed()),
    )
    done = akslb("lint", "web", "wbe")
    assert 3 == done.code
    assert "svc/wbe: error: there is no Service 'wbe'" in done.err


def test_sidecars_that_refuse_plain_connections(kubectl: FakeProgram, akslb: Command) -> None:
    strict = {
        "kind": "PeerAuthentication",
        "metadata": {"name": "default", "namespace": "istio-system"},
        "spec": {"mtls": {"mode": "STRICT"}},
    }
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{PODS: listed(meshed()), TLS: listed(strict)})
    found = judged(akslb, "web")
    assert ("depends", {Cause.MUTUAL_TLS_ONLY.value}) == (found.kind, found.causes)
    assert "istio-system/default" in found.verdict["headline"]


def test_sidecars_that_take_nobody_from_outside(kubectl: FakeProgram, akslb: Command) -> None:
    nobody = {
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "nobody", "namespace": "shop"},
        "spec": {},
    }
    cluster(kubectl, stored("web", ip="20.1.2.3"), **{PODS: listed(meshed()), TLS: listed(), MESH: listed(nobody)})
    found = judged(akslb, "web")
    assert ("depends", {Cause.MESH_IDENTITY_ONLY.value}) == (found.kind, found.causes)


def test_a_pod_without_an_address_tells_why_in_its_events(kubectl: FakeProgram, akslb: Command) -> None:
    stuck = pod("web-1", ready=False, waiting="ContainerCreating")
    about = {"kind": "Pod", "name": "web-1", "namespace": "shop"}
    message = "Failed to create pod sandbox: Failed to allocate address: No available addresses"
    happened = {
        "kind": "Event",
        "involvedObject": about,
        "type": "Warning",
        "reason": "FailedCreatePodSandBox",
        "message": message,
    }
    asked = "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.kind%3DPod%2CinvolvedObject.name%3Dweb-1"
    own = slices(make.endpoint_slice("web", ("web-1", FIRST, False)))
    cluster(
        kubectl, stored("web", ip="20.1.2.3"), **{"endpointslices": own, PODS: listed(stuck), asked: listed(happened)}
    )
    assert f"DOWN no pod answers: web-1: FailedCreatePodSandBox {message}" in akslb("explain", "web").said


def test_a_namespace_whose_services_may_not_be_listed_is_not_said_to_have_none(
    kubectl: FakeProgram, akslb: Command
) -> None:
    refused = FORBIDDEN.format(what="services", group="", where='in the namespace "shop"')
    kubectl.answers(
        Answer(["services", "web"], "", 'Error from server (NotFound): services "web" not found', 1),
        Answer(["services", "name"], "", refused, 1),
        Answer(["--raw"], "", refused, 1),
        Answer(["get"], listed()),
    )
    done = akslb("explain", "web", "-n", "shop")
    assert (3, "") == (done.code, done.out)
    assert "hint: its Services may not be listed" in done.err


def test_what_lint_prints_to_verify_asks_the_cluster_that_was_read(kubectl: FakeProgram, akslb: Command) -> None:
    port = {"name": "http", "port": 80, "targetPort": 8080, "appProtocol": "http"}
    lintable(kubectl, stored("web", ip="20.1.2.3", ports=[port]))
    findings = json.loads(akslb("lint", "web", "--context", "prod", "-o", "json").out)["findings"]
    printed = [one["verify"] for one in findings if one["verify"]]
    assert printed
    assert all(one.startswith(("kubectl --context=prod ", "kubectl akslb verify --context=prod ")) for one in printed)
