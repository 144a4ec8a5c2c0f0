"""The pod that stands in for Azure's probes: what it may do, what it runs, and what its log says."""

import http.server
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from kubectl_akslb.cluster.probe_pod import MOST_LOG_BYTES, ProbePod, answers, arguments, manifest, url
from kubectl_akslb.path.answer import AnswerCode
from kubectl_akslb.path.request import Request

HTTP = Request("HTTP", "10.224.0.4", 31234, "/healthz")
TCP = Request("TCP", "10.224.0.4", 31234)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (HTTP, "http://10.224.0.4:31234/healthz"),
        (HTTP._replace(scheme="HTTPS"), "https://10.224.0.4:31234/healthz"),
        (TCP, "ftp://10.224.0.4:31234/"),
        (HTTP._replace(host="fd00::4"), "http://[fd00::4]:31234/healthz"),
        (HTTP._replace(path="/a b?c=d&e#f"), "http://10.224.0.4:31234/a%20b?c=d&e%23f"),
        (HTTP._replace(path="/../a/./b"), "http://10.224.0.4:31234/../a/./b"),
        (HTTP._replace(path="/%2e"), "http://10.224.0.4:31234/%2e"),
        (HTTP._replace(path="/\n--config=x"), "http://10.224.0.4:31234/%0A--config=x"),
        (HTTP._replace(path="--config=x"), "http://10.224.0.4:31234/"),
        (HTTP._replace(path="@evil.example/"), "http://10.224.0.4:31234/"),
    ],
)
def test_urls(request_: Request, expected: str) -> None:
    assert expected == url(request_)


HOSTILE = ("/$(KUBERNETES_SERVICE_HOST)", "/`id`", "/'; rm -rf / #", "/a\x1b[2J", "/" + "x" * 3000, "/\U0001f600")


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_stays_one_argument_that_nobody_expands(path: str) -> None:
    (container,) = manifest(ProbePod("p", "shop", "curl", (HTTP._replace(path=path),)))["spec"]["containers"]
    place = container["args"].index("--url") + 1
    assert container["args"][place].startswith("http://10.224.0.4:31234/")
    assert place == len(container["args"]) - 1
    assert container["args"][place].isascii() and " " not in container["args"][place]
    assert "$(" not in container["args"][place].replace("$$", "")


@pytest.mark.parametrize("node", ["", "n1"])
def test_what_the_pod_may_do(node: str) -> None:
    spec = manifest(ProbePod("p", "shop", "curl", (HTTP, TCP, HTTP._replace(proxy_header=True)), node, 77))["spec"]
    assert (False, "Never", 77) == (
        spec["automountServiceAccountToken"],
        spec["restartPolicy"],
        spec["activeDeadlineSeconds"],
    )
    assert spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["seccompProfile"] == {
        "type": "RuntimeDefault"
    }
    assert ["probe", "probe-with-proxy-header"] == [one["name"] for one in spec["containers"]]
    for one in spec["containers"]:
        context = one["securityContext"]
        assert ["ALL"] == context["capabilities"]["drop"] and context["readOnlyRootFilesystem"]
        assert not context["allowPrivilegeEscalation"] and not context["privileged"]
        assert {"cpu", "memory"} == set(one["resources"]["limits"])
        assert ("--haproxy-protocol" in one["args"]) is (one["name"] != "probe")
    assert (node or None, bool(node)) == (spec.get("nodeName"), spec.get("hostNetwork", False))


def line(
    number: int, code: int = 0, status: int = 200, connect: str = "0.01", total: str = "0.02", said: str = ""
) -> str:
    return f"akslb-answer {number} {code} {status:03} {connect} {total} {said}\n"


LATE = "28 000"


@pytest.mark.parametrize(
    ("asked", "log", "code", "status"),
    [
        (HTTP, line(0), AnswerCode.ANSWERED, 200),
        (HTTP, line(0, status=204), AnswerCode.STATUS, 204),
        (HTTP, line(0, status=301), AnswerCode.STATUS, 301),
        (HTTP, line(0, total="6.5"), AnswerCode.SLOW, 200),
        (HTTP, line(0, 28, 200, total="6.5"), AnswerCode.NO_ANSWER, 200),
        (HTTP, line(0, 7, 0, "0.0"), AnswerCode.REFUSED, None),
        (HTTP, line(0, 7, 0, "0.0", said="Failed to connect: No route to host"), AnswerCode.NO_ANSWER, None),
        (HTTP, line(0, 28, 0, "0.0"), AnswerCode.NO_ANSWER, None),
        (HTTP, line(0, 52, 0), AnswerCode.RESET, None),
        (HTTP, line(0, 56, 0), AnswerCode.RESET, None),
        (HTTP._replace(scheme="HTTPS"), line(0, 35, 0), AnswerCode.TLS, None),
        (HTTP, line(0, 99, 0), AnswerCode.FAILED, None),
        (TCP, line(0, 28, 0), AnswerCode.ANSWERED, None),
        (TCP, line(0, 8, 0), AnswerCode.ANSWERED, None),
        (TCP, line(0, 7, 0, "0.0"), AnswerCode.REFUSED, None),
        (TCP, line(0, 28, 0, "0.0"), AnswerCode.NO_ANSWER, None),
        (TCP, line(0, 28, 0, "5.5"), AnswerCode.SLOW, None),
    ],
)  # fmt: skip
def test_what_an_answer_means_to_azure(asked: Request, log: str, code: AnswerCode, status: int | None) -> None:
    found = answers([(4, asked)], log.encode())[4]
    assert (code, status) == (found.code, found.status)


@pytest.mark.parametrize(
    "log",
    [b"", b"akslb-answer 0 0 200", b"akslb-answer 1 0 200 0.1 0.1 \n", b"akslb-answer 99999999999 0 200 0.1 0.1", b"akslb-answer -1 0 200 0.1 0.1", b"\xff\x00" * 1000,
     b"x" * MOST_LOG_BYTES + line(0).encode(), b"akslb-answer 0 0 200 " + b"9" * 5000 + b".1 0.1 \n"],
)  # fmt: skip
def test_a_log_that_says_nothing_about_it(log: bytes) -> None:
    assert {} == dict(answers([(0, HTTP)], log))


def test_only_the_first_line_about_a_request_counts_wherever_it_stands() -> None:
    log = f"\rDL% UL%  Dled{line(0, 7, 0, '0.0', said='x' * 900)}{line(0)}"
    found = answers([(0, HTTP)], log.encode())[0]
    assert (AnswerCode.REFUSED, 200) == (found.code, len(found.detail))


# With the real curl ------------------------------------------------------------------------------------------------


class _Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, str]] = []  # noqa: RUF012 - of the one server

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Host"], self.headers["User-Agent"]))
        status = {"/moved": 301, "/missing": 404, "/none": 204}.get(self.path, 200)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/fine")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        del format, args


@pytest.fixture
def pages() -> Iterator[int]:
    _Pages.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that accepts and says nothing, as databases do."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_real_curl_asks_as_azure_does(pages: int, silent: int) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl: install it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    here = Request("HTTP", "127.0.0.1", pages, "/fine", 1)
    asked = [
        here, here._replace(path="/moved"), here._replace(path="/missing"), here._replace(path="/none"),
        here._replace(scheme="HTTPS"), here._replace(number=closed), here._replace(number=silent),
        Request("TCP", "127.0.0.1", silent, seconds=1), Request("TCP", "127.0.0.1", closed, seconds=1),
        here._replace(path="/a/../b?c=d e"),
    ]  # fmt: skip
    words = arguments(asked)
    done = subprocess.run([curl, *words[1:]], capture_output=True, check=False, timeout=60, stdin=subprocess.DEVNULL)
    found = answers(list(enumerate(asked)), done.stdout + done.stderr)
    expected = [
        (AnswerCode.ANSWERED, 200), (AnswerCode.STATUS, 301), (AnswerCode.STATUS, 404), (AnswerCode.STATUS, 204),
        (AnswerCode.TLS, None), (AnswerCode.REFUSED, None), (AnswerCode.NO_ANSWER, None),
        (AnswerCode.ANSWERED, None), (AnswerCode.REFUSED, None), (AnswerCode.ANSWERED, 200),
    ]  # fmt: skip
    assert expected == [(found[number].code, found[number].status) for number in range(len(asked))]
    assert {f"127.0.0.1:{pages}"} == {host for _, host, _ in _Pages.seen}
    assert {"Load Balancer Agent"} == {agent for _, _, agent in _Pages.seen}
    assert {"/fine", "/moved", "/missing", "/none", "/a/../b?c=d%20e"} == {path for path, _, _ in _Pages.seen}
