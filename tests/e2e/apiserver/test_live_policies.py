"""Policies beside Kubernetes' own, on a real API server that has their kinds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.causes.cases import CALICO, CILIUM, LOCAL, NPM
from tests.causes.state import FIRST, Object, daemon_set, load_balancer, state
from tests.e2e.apiserver.conftest import run_akslb
from tests.e2e.apiserver.server import ApiServer, missing
from tests.e2e.apiserver.states import POLICY_KINDS, Cluster

pytestmark = pytest.mark.e2e

NOTHING_RUNS = (daemon_set("kube-proxy"),)
SYSTEM = (*NOTHING_RUNS, daemon_set("calico-node", namespace="calico-system"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server that has policies of Cilium, of Calico and of administrators."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with ApiServer(tmp_path_factory.mktemp("policies")) as server:
        yield Cluster(server, POLICY_KINDS)


def calico(*ingress: Object, kind: str = "GlobalNetworkPolicy", **spec: Any) -> Object:
    body = {"types": ["Ingress"], "ingress": list(ingress), **spec}
    return {"apiVersion": "crd.projectcalico.org/v1", "kind": kind, "metadata": {"name": "closed"}, "spec": body}


def admin(*peers: Object) -> Object:
    rules = [{"action": "Deny", "from": list(peers)}]
    spec = {"priority": 10, "subject": {"namespaces": {}}, "ingress": rules}
    api = "policy.networking.k8s.io/v1alpha1"
    return {"apiVersion": api, "kind": "AdminNetworkPolicy", "metadata": {"name": "closed"}, "spec": spec}


def host(**spec: Any) -> Object:
    body = {"node": FIRST, "interfaceName": "*", **spec}
    api = "crd.projectcalico.org/v1"
    return {"apiVersion": api, "kind": "HostEndpoint", "metadata": {"name": "closed"}, "spec": body}


def cilium(*ingress: Object) -> Object:
    spec = {"endpointSelector": {}, "ingress": list(ingress)}
    return {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "closed"}, "spec": spec}


SHOW = "kubectl get {}/closed --output=yaml"
GLOBAL = SHOW.format("globalnetworkpolicies.crd.projectcalico.org")


@pytest.mark.parametrize(
    ("name", "policy", "daemon_sets", "expected", "verify"),
    [
        ("calico-closed", calico(), CALICO, "unreachable", GLOBAL),
        ("calico-closed-in-its-namespace", calico(), SYSTEM, "unreachable", GLOBAL),
        ("calico-closed-not-seen", calico(), NOTHING_RUNS, "depends", GLOBAL),
        ("calico-open", calico({"action": "Allow"}), CALICO, "works", ""),
        ("calico-closed-nodes", host(), CALICO, "depends", SHOW.format("hostendpoints.crd.projectcalico.org")),
        ("calico-open-nodes", host(profiles=["projectcalico-default-allow"]), CALICO, "works", ""),
        ("calico-other-pods", calico(selector="app == 'api'"), CALICO, "works", ""),
        ("calico-by-label", calico({"action": "Allow", "source": {"selector": "a == 'b'"}}), CALICO, "depends", GLOBAL),
        ("calico-of-namespace", calico(kind="NetworkPolicy"), CALICO, "unreachable", SHOW.replace(" {}", " --namespace=calico-of-namespace {}").format("networkpolicies.crd.projectcalico.org")),
        ("calico-beside-npm", calico(), NPM, "works", ""),
        ("admin-of-pods", admin({"namespaces": {}}), CALICO, "works", ""),
        ("admin-of-more", admin({"networks": ["0.0.0.0/0"]}), CALICO, "depends", SHOW.format("adminnetworkpolicies.policy.networking.k8s.io")),
        ("admin-not-seen", admin({"networks": ["0.0.0.0/0"]}), NOTHING_RUNS, "depends", SHOW.format("adminnetworkpolicies.policy.networking.k8s.io")),
        ("cilium-closed", cilium({}), CILIUM, "unreachable", SHOW.replace(" {}", " --namespace=cilium-closed {}").format("ciliumnetworkpolicies.cilium.io")),
        ("cilium-open", cilium({"fromEntities": ["all"]}), CILIUM, "works", ""),
    ],
)  # fmt: skip
def test_policies_of_every_kind_count(
    cluster: Cluster, name: str, policy: Object, daemon_sets: tuple[Object, ...], expected: str, verify: str
) -> None:
    cluster.play(name, state(policy, service=load_balancer(**LOCAL), daemon_sets=daemon_sets))
    before = len(cluster.server.audited())
    done = run_akslb(cluster.server, "explain", "svc/web", "-n", name, "-o", "json")
    assert 0 == done.returncode, done.stderr
    entries = [one for one in cluster.server.audited()[before:] if one["userAgent"].startswith("kubectl")]
    (service,) = json.loads(done.stdout)["services"]
    in_azure = f"kubectl akslb explain svc/web -n {name} --az"
    assert (expected, verify or in_azure) == (service["verdict"]["kind"], service["verdict"]["verify"])
    if verify:
        shown = cluster.server.kubectl(*verify.split()[1:])
        assert "name: closed" in shown.stdout, shown.stderr
    asked = {entry["auditID"]: entry["requestURI"] for entry in entries if "objectRef" in entry}
    kinds = ("policies", "hostendpoints")
    further = [
        one for one in asked.values() if "networking.k8s.io/v1/" not in one and any(kind in one for kind in kinds)
    ]
    assert len(asked) - len(further) <= 8
    assert len(further) == len(set(further)) <= 5


def test_who_may_not_read_them_is_not_told_that_it_works(cluster: Cluster) -> None:
    cluster.play("viewed", state(calico(), service=load_balancer(**LOCAL), daemon_sets=CALICO))
    bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    subject = {"kind": "User", "name": "viewer", "apiGroup": "rbac.authorization.k8s.io"}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:aggregate-to-view"}
    cluster.server.request("POST", bindings, {"metadata": {"name": "viewer"}, "roleRef": role, "subjects": [subject]})
    cluster.server.wait_for("/api/v1/namespaces/viewed/services", "viewer")
    done = run_akslb(cluster.server, "explain", "svc/web", "-n", "viewed", "-o", "json", user="viewer")
    assert 0 == done.returncode, done.stderr
    (service,) = json.loads(done.stdout)["services"]
    assert "unknown" == service["verdict"]["kind"]
    hops = [hop for client in service["path"]["clients"] for hop in client["hops"] if hop["name"] == "network policy"]
    assert hops
    assert {"unknown"} == {hop["outcome"] for hop in hops}
    assert all("globalnetworkpolicies.crd.projectcalico.org" in hop["verify"] for hop in hops)
    assert "--resource=globalnetworkpolicies.crd.projectcalico.org" in done.stdout
