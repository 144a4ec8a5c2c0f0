"""What the real kubectl says when it cannot reach the API server, and what becomes of it."""

import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, tool

pytestmark = pytest.mark.e2e


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does *answer* with each connection."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.close()


def closes(connection: socket.socket) -> None:
    connection.recv(1)
    connection.shutdown(socket.SHUT_RDWR)


def resets(connection: socket.socket) -> None:
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_silent(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def speaks_http(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def refuses_proxy(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")


def run(
    folder: Path, url: str, user: dict[str, object] | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """``explain`` with the real kubectl and a kubeconfig for *url*."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": url, "insecure-skip-tls-verify": True}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": user or {"token": "x"}}],
    }
    (folder / "config").write_text(json.dumps(content))
    given = {
        "PATH": f"{tool('kubectl').parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "KUBECONFIG": str(folder / "config"),
        "PYTHONPATH": str(ROOT),
        **environment,
    }
    command = [sys.executable, "-m", "kubectl_akslb", "explain", "svc/web", "--request-timeout", "2s"]
    return subprocess.run(
        command,
        env=given,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        stdin=subprocess.DEVNULL,
    )


def said(done: "subprocess.CompletedProcess[str]") -> str:
    assert (3, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("error: ")
    return done.stderr


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (closes, "was closed before it answered"),
        (resets, "was reset on the way"),
        (is_silent, "in time"),
        (speaks_http, "does not speak TLS"),
    ],
)  # fmt: skip
def test_a_server_that_is_none(tmp_path: Path, answer: Callable[[socket.socket], None], expected: str) -> None:
    with server(answer) as port:
        told = said(run(tmp_path, f"https://127.0.0.1:{port}"))
    assert expected in told


def test_a_port_where_nothing_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "nothing answers at the address" in said(run(tmp_path, f"https://127.0.0.1:{port}"))


@pytest.mark.parametrize("name", ["gone.invalid", "x.privatelink.westeurope.invalid"])
def test_a_name_that_nobody_resolves(tmp_path: Path, name: str) -> None:
    told = said(run(tmp_path, f"https://{name}"))
    assert ("cluster is private" if "privatelink" in name else "cannot be resolved") in told


def test_a_proxy_that_wants_a_login(tmp_path: Path) -> None:
    with server(refuses_proxy) as port:
        assert "the proxy on the way" in said(run(tmp_path, "https://20.0.0.1", HTTPS_PROXY=f"http://127.0.0.1:{port}"))


def test_a_proxy_that_is_not_there(tmp_path: Path) -> None:
    assert "the proxy on the way" in said(run(tmp_path, "https://20.0.0.1", HTTPS_PROXY="http://127.0.0.1:9"))


PLUGIN = {"apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never"}


def test_a_plugin_that_is_not_installed(tmp_path: Path) -> None:
    told = said(run(tmp_path, "https://127.0.0.1:9", {"exec": {**PLUGIN, "command": "kubelogin-that-is-not-there"}}))
    assert "is not installed" in told


def test_what_an_expired_plugin_says_is_quoted_and_acts_on_no_terminal(tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    plugin.write_text(
        "#!/bin/sh\nprintf 'AADSTS700082: The refresh token has expired \\033[2J due to inactivity.\\n' >&2\nexit 1\n"
    )
    plugin.chmod(0o755)
    told = said(run(tmp_path, "https://127.0.0.1:9", {"exec": {**PLUGIN, "command": str(plugin)}}))
    assert "the login has expired: AADSTS700082: The refresh token has expired" in told
    assert "\x1b" not in told


def test_a_certificate_of_somebody_else(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
        "-days",
        "1",
        "-subj",
        "/CN=other",
    ]
    try:
        subprocess.run(made, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl: install it")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def greets(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with server(greets) as port:
        folder = tmp_path / "home"
        folder.mkdir()
        run(folder, f"https://127.0.0.1:{port}")
        config = json.loads((folder / "config").read_text())
        del config["clusters"][0]["cluster"]["insecure-skip-tls-verify"]
        (folder / "other").write_text(json.dumps(config))
        done = subprocess.run(
            [sys.executable, "-m", "kubectl_akslb", "explain", "svc/web", "--kubeconfig", str(folder / "other")],
            env={"PATH": f"{tool('kubectl').parent}:{os.environ['PATH']}", "HOME": str(folder), "PYTHONPATH": str(ROOT)},
            cwd=folder, capture_output=True, text=True, check=False, timeout=100, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    assert "the certificates do not fit" in said(done)
