"""A running API server that is put into one state after the other, each in a namespace of its own."""

import time
import urllib.error
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from tests.causes.state import Object, State, placed
from tests.e2e.apiserver.server import ApiServer

_COLLECTIONS = {
    "Pod": "/api/v1/namespaces/{}/pods",
    "Event": "/api/v1/namespaces/{}/events",
    "Service": "/api/v1/namespaces/{}/services",
    "EndpointSlice": "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "Ingress": "/apis/networking.k8s.io/v1/namespaces/{}/ingresses",
    "PeerAuthentication": "/apis/security.istio.io/v1/namespaces/{}/peerauthentications",
}
NODES = "/api/v1/nodes"
DAEMON_SETS = "/apis/apps/v1/namespaces/{}/daemonsets"
_SECONDS = 60
_FINALIZER = "service.kubernetes.io/load-balancer-cleanup"
MESH = (("security.istio.io", "v1", "PeerAuthentication"),)
#: Kinds of policies; those of the whole cluster are in no namespace.
POLICY_KINDS = (
    ("cilium.io", "v2", "CiliumNetworkPolicy"),
    ("crd.projectcalico.org", "v1", "NetworkPolicy"),
    ("crd.projectcalico.org", "v1", "GlobalNetworkPolicy"),
    ("crd.projectcalico.org", "v1", "HostEndpoint"),
    ("policy.networking.k8s.io", "v1alpha1", "AdminNetworkPolicy"),
)
_OF_CLUSTER = frozenset({"GlobalNetworkPolicy", "HostEndpoint", "AdminNetworkPolicy"})


class Cluster:
    """An API server, and what stands in it; it knows the kinds that are *defined*, by API group, version and kind."""

    def __init__(self, server: ApiServer, defined: Iterable[tuple[str, str, str]] = MESH) -> None:
        self.server = server
        self._nodes: tuple[Object, ...] = ()
        self._daemon_sets: tuple[Object, ...] = ()
        self._services: list[str] = []
        self._wide: list[str] = []
        for group, version, kind in defined:
            self._define(group, version, kind)

    def play(self, namespace: str, state: State, *, anew: bool = False) -> None:
        """Put the cluster into *state*; its Service is in *namespace*. *anew*: somebody else has changed nodes."""
        self.clear()
        if anew:
            self._replace(NODES, self._nodes, ())
            self._nodes = ()
        now = datetime.now(timezone.utc)
        self._infrastructure(state)
        self._ensure_namespace(namespace)
        there = state.placed(namespace, now)
        services = _COLLECTIONS["Service"].format(namespace)
        service = there.service
        earlier = [one for one in there.objects if one["kind"] == "Service"]
        for one in earlier:
            self._create(services, one)
        if earlier:
            time.sleep(1.1)  # the order in which Services are reconciled is told by seconds
        if state.deleted:
            service = {**service, "metadata": {**service["metadata"], "finalizers": [_FINALIZER]}}
        self._create(services, service)
        for one in there.objects:
            if one["kind"] == "Service":
                continue
            self._ensure_namespace(one["metadata"]["namespace"])
            self._create(_collection(one), one)
            if one["kind"] in _OF_CLUSTER or one["metadata"]["namespace"] != namespace:
                self._wide.append(f"{_collection(one)}/{one['metadata']['name']}")
        if state.deleted:
            self.server.request("DELETE", f"{services}/{service['metadata']['name']}")
        self._services = [f"{services}/{one['metadata']['name']}" for one in (*earlier, service)]

    def put(self, namespace: str, *objects: Object) -> None:
        """Have *objects* stand as they are given, in the place of those of their name."""
        for one in (placed(one, namespace, datetime.now(timezone.utc)) for one in objects):
            path = _collection(one)
            self._gone(f"{path}/{one['metadata']['name']}")
            self._create(path, one)

    def change(self, state: State) -> None:
        """Have the nodes and the DaemonSets of *state*."""
        self._infrastructure(state)

    def _gone(self, path: str) -> None:
        try:
            self.server.request("DELETE", path, {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0})
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise

    def clear(self) -> None:
        """Take away what the last state had for the whole cluster, and its Services: the next one's stand alone."""
        for path in self._wide:
            self.server.request("DELETE", path)
        self._wide = []
        for path in self._services:
            try:
                self.server.request("PATCH", path, {"metadata": {"finalizers": None}})
                self.server.request("DELETE", path)
            except urllib.error.HTTPError as error:
                if error.code != 404:
                    raise
        self._services = []

    def _infrastructure(self, state: State) -> None:
        if state.nodes != self._nodes:
            self._replace(NODES, self._nodes, state.nodes)
            self._nodes = state.nodes
        if state.daemon_sets != self._daemon_sets:
            for one in self._daemon_sets:
                path = DAEMON_SETS.format(one["metadata"]["namespace"])
                self.server.request("DELETE", f"{path}/{one['metadata']['name']}")
            for one in state.daemon_sets:
                namespace = one["metadata"]["namespace"]
                self._ensure_namespace(namespace)
                self._create(DAEMON_SETS.format(namespace), one)
            self._daemon_sets = state.daemon_sets

    def _replace(self, path: str, old: Iterable[Object], new: Iterable[Object]) -> None:
        for one in old:
            self.server.request("DELETE", f"{path}/{one['metadata']['name']}")
        for one in new:
            self._create(path, one)

    def _ensure_namespace(self, name: str) -> None:
        self._ensure("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def _ensure(self, path: str, body: Object) -> None:
        try:
            self.server.request("POST", path, body)
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise

    def _create(self, path: str, body: Object) -> Any:
        """Create an object, and write its status as those do that do not run here."""
        made = self.server.request("POST", path, body)
        if "status" in body:
            place = f"{path}/{body['metadata']['name']}/status"
            made = self.server.request("PATCH", place, {"status": body["status"]})
        return made

    def _define(self, group: str, version: str, kind: str) -> None:
        """Make the API server know a kind that it does not have by itself."""
        plural = _plural(kind)
        schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        versions = [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]
        scope = "Cluster" if kind in _OF_CLUSTER else "Namespaced"
        names = {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"}
        body = {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            # The API server takes groups of Kubernetes' own only with a word on who has approved them.
            "metadata": {
                "name": f"{plural}.{group}",
                "annotations": {"api-approved.kubernetes.io": "unapproved, a test"},
            },
            "spec": {"group": group, "scope": scope, "names": names, "versions": versions},
        }
        self._ensure("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)
        self._served(f"/apis/{group}/{version}/{plural}")

    def _served(self, path: str) -> None:
        """Wait until the API server serves a kind that it has just been told of."""
        until = time.monotonic() + _SECONDS
        while True:
            try:
                self.server.request("GET", path)
            except urllib.error.HTTPError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                return


def _plural(kind: str) -> str:
    return kind.lower()[:-1] + "ies" if kind.endswith("y") else kind.lower() + "s"


def _collection(one: Object) -> str:
    """Where objects of a kind are: what the API server has of itself by the table, others by their group."""
    kind, namespace, api = one["kind"], one["metadata"]["namespace"], one["apiVersion"]
    if kind in _COLLECTIONS and (kind != "NetworkPolicy" or api.startswith("networking.k8s.io")):
        return _COLLECTIONS[kind].format(namespace)
    inside = "" if kind in _OF_CLUSTER else f"/namespaces/{namespace}"
    return f"/apis/{api}{inside}/{_plural(kind)}"
