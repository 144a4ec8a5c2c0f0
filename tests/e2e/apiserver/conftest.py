"""An API server for the tests of a file, with the objects of a small cluster; each test only adds to it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.causes.state import daemon_set
from tests.e2e.apiserver.server import ROOT, ApiServer, missing
from tests.given import aks as make

Akslb = Callable[..., "subprocess.CompletedProcess[str]"]
SERVICES = "/api/v1/namespaces/shop/services"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    yield from running_server(tmp_path_factory)


def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """An API server with these objects, as long as the caller goes on."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with ApiServer(tmp_path_factory.mktemp("api")) as running:
        fill(running)
        yield running


def fill(server: ApiServer) -> None:
    """Nodes, the cloud provider's DaemonSet, and Services of every kind of trouble."""
    server.create("/api/v1/namespaces", make.namespace("shop"), make.namespace("empty"))
    nodes = server.create(
        "/api/v1/nodes",
        make.node(0), make.node(1), make.node(2, "shop"),
        make.node(3, "shop", {"node.kubernetes.io/exclude-from-external-load-balancers": ""}),
    )  # fmt: skip
    first, second = (node["metadata"]["name"] for node in nodes[:2])
    daemon_sets = make.cloud_node_manager("v1.30.8"), daemon_set("kube-proxy")
    server.create("/apis/apps/v1/namespaces/kube-system/daemonsets", *daemon_sets)
    path = f"{make.PREFIX}azure-load-balancer-health-probe-request-path"
    server.create(
        SERVICES,
        make.service("web", ip="20.1.2.3", annotations={path: "/healthz"}),
        make.service("local", ip="20.1.2.4", externalTrafficPolicy="Local"),
        make.service("idle", ip="20.1.2.5"),
        make.service("both", ip="20.1.2.6", ipFamilyPolicy="PreferDualStack"),
        make.service("inside", type="ClusterIP"),
    )
    slices = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"
    server.create(
        slices,
        make.endpoint_slice("web", ("web-1", first, True), ("web-2", second, True), ("web-3", second, False)),
        make.endpoint_slice("local", ("local-1", first, True), ("local-2", second, False)),
        make.endpoint_slice("both", ("both-1", first, True)),
        # The controller makes a slice for every Service with a selector, if with nothing in it.
        make.endpoint_slice("idle"), make.endpoint_slice("stuck"),
    )  # fmt: skip
    (stuck,) = server.create(SERVICES, make.service("stuck", loadBalancerIP="20.9.9.9"))
    message = (
        "Error syncing load balancer: failed to ensure load balancer: findMatchedPIPByLoadBalancerIP: cannot find"
        " public IP with IP address 20.9.9.9 in resource group rg"
    )
    server.create("/api/v1/namespaces/shop/events", make.event(stuck, "SyncLoadBalancerFailed", message, count=7))
    bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings"
    # The role "view" is put together from this one by a controller, which does not run here.
    server.create(bindings, make.role_binding("viewer", "system:aggregate-to-view", "viewer"))
    server.wait_for(SERVICES, "viewer")


@pytest.fixture
def akslb(server: ApiServer) -> Akslb:
    """Run ``kubectl akslb`` against the server."""
    return lambda *arguments, **options: run_akslb(server, *arguments, **options)


def run_akslb(
    server: ApiServer, *arguments: str, user: str = "admin", path: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run the plugin as *user*; *path* is a folder of programs that come first."""
    environment = {**server.environment(user), "COLUMNS": "200", "PYTHONPATH": str(ROOT)}
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "kubectl_akslb", *arguments]
    return subprocess.run(
        command, cwd=server.folder, env=environment, capture_output=True, text=True, check=False, timeout=120,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="session")
def data() -> Path:
    """Recorded shapes of ``az aks show``."""
    return ROOT / "tests" / "profile" / "data"
