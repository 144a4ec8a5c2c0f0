"""The cluster of the lab: a real API server with the objects of many cases, and a real kube-proxy on each node."""

import http.client
import json
import ssl
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kubectl_akslb.errors import AkslbError
from lab import namespaces
from lab.cases.case import SLOTS, Case, Json, as_json
from lab.fixed import API_SERVER, NODES, POD_RANGE
from lab.packets import Ask, World
from tests.e2e.apiserver.server import USERS, ApiServer

#: What is asked to know that a kube-proxy has seen all objects, and then all changes of them: they are there before it.
SENTINEL, SECOND_SENTINEL = (as_json(Case("sentinel", families=("IPv4", "IPv6")), SLOTS + one) for one in range(2))
_SYNC_SECONDS = 90.0
_COLLECTIONS = {
    "Service": "/api/v1/namespaces/{}/services",
    "Pod": "/api/v1/namespaces/{}/pods",
    "EndpointSlice": "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "Node": "/api/v1/nodes",
}


class Proxy(NamedTuple):
    """A kube-proxy: the release and the mode in which it runs."""

    version: str
    mode: str
    program: Path

    def __str__(self) -> str:
        """As the recordings name it."""
        return f"{self.version} {self.mode}"


class Cluster:
    """An API server inside of the lab."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = ApiServer(
            folder,
            API_SERVER,
            ("--disable-admission-plugins", "NamespaceLifecycle,PodSecurity,LimitRanger,ResourceQuota"),
        )
        self._proxies: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Cluster":  # noqa: PYI034 - Self needs Python 3.11
        """Start the API server."""
        self.server.__enter__()
        context = ssl.create_default_context(cafile=str(self.server.certificate))
        self._connection = http.client.HTTPSConnection(API_SERVER, self.server.port, context=context, timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all of it."""
        self.stop_proxies()
        self.server.__exit__()

    # Objects ----------------------------------------------------------------------------------------------------

    def apply(self, objects: Iterable[Json]) -> None:
        """Create objects, or replace them, with their status; the sentinel comes last."""
        for one in objects:
            self._apply(one)

    def _apply(self, one: Json) -> None:
        collection = _COLLECTIONS[one["kind"]].format(one["metadata"].get("namespace", ""))
        path = f"{collection}/{one['metadata']['name']}"
        if one["kind"] == "Pod":
            # Nobody in the lab reads pods; the API server says whether it would take them.
            self._request("POST", f"{collection}?dryRun=All", one)
            return
        status, made = self._ask("POST", collection, one)
        if status >= 300:
            there, old = self._ask("GET", path)
            if there >= 300:
                raise self._failed("POST", collection, made)
            known = {key: old["metadata"][key] for key in ("uid", "resourceVersion")}
            body = {**one, "metadata": {**one["metadata"], **known}}
            made = self._request("PUT", path, body)
        if "status" in one:
            self._request("PUT", f"{path}/status", {**made, "status": one["status"]})
        if one["metadata"].get("deletionTimestamp"):
            self._request("DELETE", path)

    def _request(self, method: str, path: str, body: object = None) -> Any:
        status, answer = self._ask(method, path, body)
        if status >= 300:
            raise self._failed(method, path, answer)
        return answer

    @staticmethod
    def _failed(method: str, path: str, answer: Any) -> AkslbError:
        return AkslbError(
            f"{method} {path}: {answer.get('message', answer)}", hint="the objects of a case are to be valid ones"
        )

    def _ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {USERS['admin'][0]}", "Content-Type": "application/json"}
        self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    # kube-proxy -------------------------------------------------------------------------------------------------

    def start_proxies(self, proxy: Proxy, world: World, nodes: Sequence[str] = NODES) -> None:
        """Start one on each node, and wait until each has made rules of all objects."""
        ranges = ",".join(POD_RANGE.values())
        options = [
            f"--kubeconfig={self.server.kubeconfig('admin')}", f"--proxy-mode={proxy.mode}", f"--cluster-cidr={ranges}",
            "--conntrack-max-per-core=0", "--conntrack-tcp-timeout-established=0s",
            "--conntrack-tcp-timeout-close-wait=0s", "--iptables-min-sync-period=100ms", "--v=2",
        ]  # fmt: skip
        for node in nodes:
            with (self.folder / f"{node}.log").open("wb") as log:
                self._proxies[node] = subprocess.Popen(
                    ["ip", "netns", "exec", node, str(proxy.program), f"--hostname-override={node}", *options],
                    stdout=log,
                    stderr=log,
                )
        self.wait(world, proxy, nodes)
        # What comes of the labels of its node is in the next sync.
        time.sleep(1.5)

    def wait(self, world: World, proxy: Proxy, nodes: Sequence[str], sentinel: Json = SENTINEL) -> None:
        """Wait until the sentinel, which was made last, answers by way of each node."""
        until = time.monotonic() + _SYNC_SECONDS
        asks = {
            Ask("internet", one["ip"], 80, node=NODES.index(node) + 1): 1
            for one in sentinel["frontends"]
            for node in nodes
        }
        while any("web-a1" not in found[0] for found in world.ask(asks).values()):
            ended = [node for node, process in self._proxies.items() if process.poll() is not None]
            if ended or time.monotonic() > until:
                node = ended[0] if ended else nodes[0]
                said = (self.folder / f"{node}.log").read_text()[-1500:]
                raise AkslbError(
                    f"kube-proxy {proxy} does not serve on {node}: {said}", hint="see lab/README.md, Needs"
                )

    def stop_proxies(self, nodes: Sequence[str] = NODES) -> None:
        """Stop kube-proxy on these nodes; its rules stay."""
        for node in nodes:
            process = self._proxies.pop(node, None)
            if process is not None:
                process.terminate()
                process.wait()


def flush() -> None:
    """Forget connections, so that none is answered as an earlier one was."""
    for name in (namespaces.FABRIC, *NODES):
        namespaces.run("conntrack", "-F", namespace=name)
