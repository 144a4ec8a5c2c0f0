"""A real API server with its etcd, started in a folder; see build.sh for where the programs come from."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
TOOLS = Path(os.environ.get("AKSLB_TOOLS", ROOT / ".cache" / "bin"))
PROGRAMS = ("etcd", "kube-apiserver")

#: Users by their tokens; system:masters may do everything, the others what RBAC gives them.
USERS = {
    "admin": ("admin-token", "system:masters"),
    "viewer": ("viewer-token", ""),
    "nobody": ("nobody-token", ""),
}
AUDIT_POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "Metadata"}]}
START_SECONDS = 120


def missing() -> str:
    """What is not there to start a server with, and how to get it; "" where all is."""
    lacking = [name for name in PROGRAMS if not os.access(TOOLS / name, os.X_OK)]
    if lacking:
        return f"no {' and '.join(lacking)} in {TOOLS}: run tests/e2e/apiserver/build.sh (needs Go, takes minutes)"
    if kubectl() is None:
        return "no kubectl: run tests/e2e/apiserver/build.sh, or install one"
    return "" if shutil.which("openssl") else "no openssl: install it"


def kubectl() -> str | None:
    """The kubectl of the same release, or the one that is installed."""
    built = TOOLS / "kubectl"
    return str(built) if os.access(built, os.X_OK) else shutil.which("kubectl")


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ApiServer:
    """A running API server; use it in a ``with`` statement."""

    def __init__(self, folder: Path, address: str = "127.0.0.1", options: Sequence[str] = ()) -> None:
        self.folder = folder
        self.address, self._options = address, options
        self.port = free_port()
        self.audit_log = folder / "audit.log"
        self._stack = ExitStack()

    def __enter__(self) -> "ApiServer":  # noqa: PYI034 - Self needs Python 3.11
        """Start it, and wait until it answers."""
        try:
            self._start_etcd()
            self._start_server()
        except BaseException:
            self._stack.close()
            raise
        for user in USERS:
            self.kubeconfig(user)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it, and its etcd."""
        self._stack.close()

    # Requests ---------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, body: object = None, user: str = "admin") -> Any:
        """The API's answer; HTTPError where it refuses."""
        data = json.dumps(body).encode() if body is not None else None
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Authorization": f"Bearer {USERS[user][0]}", "Content-Type": kind}
        asked = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(asked, context=self._tls(), timeout=30) as answer:
            return json.load(answer)

    def create(self, path: str, *bodies: Mapping[str, Any]) -> list[Any]:
        """Create objects in the collection at *path*, with the status that they bring."""
        made = []
        for body in bodies:
            one = self.request("POST", path, body)
            if "status" in body and path.rpartition("/")[2] in {"services", "nodes"}:
                one = self.request("PATCH", f"{path}/{body['metadata']['name']}/status", {"status": body["status"]})
            made.append(one)
        return made

    def kubectl(self, *arguments: str, user: str = "admin") -> subprocess.CompletedProcess[str]:
        """Run kubectl against this server."""
        program = kubectl() or "kubectl"
        return subprocess.run(
            [program, *arguments], env=self.environment(user), capture_output=True, text=True, check=False, timeout=120
        )

    def environment(self, user: str = "admin") -> dict[str, str]:
        """The environment in which kubectl talks to this server as *user*."""
        folder = str(Path(kubectl() or "/usr/bin/kubectl").parent)
        return {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "KUBECONFIG": str(self.kubeconfig(user)),
            "KUBECACHEDIR": str(self.folder / "cache"),
        }

    def kubeconfig(self, user: str, namespace: str = "shop") -> Path:
        """A kubeconfig file with one context, ``test``."""
        file = self.folder / f"{user}.kubeconfig"
        if not file.exists():
            cluster = {"server": self.url, "certificate-authority": str(self.certificate)}
            context = {"cluster": "test", "user": user, "namespace": namespace}
            content = {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "test",
                "clusters": [{"name": "test", "cluster": cluster}],
                "contexts": [{"name": "test", "context": context}],
                "users": [{"name": user, "user": {"token": USERS[user][0]}}],
            }
            file.write_text(json.dumps(content))
        return file

    def wait_for(self, path: str, user: str) -> None:
        """Wait until *user* may read *path*: access control sees a new binding a little later."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.request("GET", path, user=user)
            except urllib.error.HTTPError as error:
                if error.code != 403 or time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return

    def audited(self) -> list[dict[str, Any]]:
        """All requests so far that the audit log has."""
        return [json.loads(line) for line in self.audit_log.read_text().splitlines()]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://{self.address}:{self.port}"

    @property
    def certificate(self) -> Path:
        """The certificate that it made for itself."""
        return self.folder / "certificates" / "apiserver.crt"

    # Processes --------------------------------------------------------------------------------------------------

    def _start_etcd(self) -> None:
        self.etcd_url = f"http://127.0.0.1:{free_port()}"
        peer = f"http://127.0.0.1:{free_port()}"
        self._run(
            "etcd", "--data-dir", str(self.folder / "etcd"), "--unsafe-no-fsync",
            "--listen-client-urls", self.etcd_url, "--advertise-client-urls", self.etcd_url,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
        )  # fmt: skip

    def _start_server(self) -> None:
        key, policy, tokens = (self.folder / name for name in ("service-account.key", "audit.json", "tokens.csv"))
        subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
        policy.write_text(json.dumps(AUDIT_POLICY))
        lines = (f'{token},{user},{user},"{group}"' for user, (token, group) in USERS.items())
        tokens.write_text("\n".join(lines) + "\n")
        self._run(
            "kube-apiserver", "--etcd-servers", self.etcd_url, "--secure-port", str(self.port),
            "--bind-address", self.address, "--cert-dir", str(self.folder / "certificates"),
            "--service-cluster-ip-range", "10.96.0.0/12,fd00:10:96::/112", "--authorization-mode", "RBAC",
            "--token-auth-file", str(tokens), "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-key-file", str(key), "--service-account-signing-key-file", str(key),
            "--disable-admission-plugins", "ServiceAccount,TaintNodesByCondition",
            "--audit-policy-file", str(policy), "--audit-log-path", str(self.audit_log),
            *self._options,
        )  # fmt: skip
        self._wait()

    def _run(self, program: str, *arguments: str) -> None:
        log = self._stack.enter_context((self.folder / f"{program}.log").open("wb"))
        process = subprocess.Popen([str(TOOLS / program), *arguments], stdout=log, stderr=log, cwd=self.folder)
        self._stack.callback(_stop, process)
        self._processes = (*getattr(self, "_processes", ()), process)

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.request("GET", "/api/v1/namespaces/default")
                self.request("GET", "/api", user="nobody")  # the roles of every cluster are there
            except (OSError, urllib.error.URLError, ssl.SSLError) as error:
                ended = [str(process.args) for process in self._processes if process.poll() is not None]
                if ended or time.monotonic() > until:
                    message = f"the API server does not start ({error}); see {self.folder}/*.log"
                    raise RuntimeError(message) from error
                time.sleep(0.2)
            else:
                return

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def names(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of objects."""
    return [one["metadata"]["name"] for one in found]
