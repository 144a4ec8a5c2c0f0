"""An API server that knows kinds and nothing else: Helm 3 asks one even for ``install --dry-run=client``."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

KINDS = {
    "v1": ("Service", "ConfigMap", "Secret", "Pod"),
    "apps/v1": ("Deployment",),
    "batch/v1": ("Job",),
    "gateway.networking.k8s.io/v1": ("Gateway",),
}


def plural(kind: str) -> str:
    return kind.lower() + "s"


def answers() -> dict[str, Any]:
    """What each path answers."""
    groups = []
    found: dict[str, Any] = {
        "/version": {"major": "1", "minor": "33", "gitVersion": "v1.33.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
    }
    for version, kinds in KINDS.items():
        resources = [
            {"name": plural(kind), "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ["get"]}
            for kind in kinds
        ]
        listed = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources}
        found[f"/apis/{version}" if "/" in version else f"/api/{version}"] = listed
        group, slash, short = version.partition("/")
        if slash:
            named = {"groupVersion": version, "version": short}
            groups.append({"name": group, "versions": [named], "preferredVersion": named})
    return found | {"/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}}


class _Handler(BaseHTTPRequestHandler):
    known: ClassVar[dict[str, Any]] = answers()

    def do_GET(self) -> None:
        found = self.known.get(self.path.partition("?")[0])
        missing = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        body = json.dumps(found or missing).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Keep quiet."""


@contextmanager
def discovery() -> Iterator[str]:
    """The address of such a server, as long as the context lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
