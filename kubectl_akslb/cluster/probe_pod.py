"""The pod that asks what Azure's probes ask: its manifest, its arguments, and what is read from its log.

It runs curl with a list of arguments and no shell, so that nothing in a path or an address is ever a command.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.answer import Answer, Ended, answer_to
from kubectl_akslb.path.request import TCP, Request

IMAGE = "mcr.microsoft.com/azurelinux/base/core:3.0"
"""It is on the registry that every AKS cluster may reach, and its list of packages has curl."""

LABELS = {"app.kubernetes.io/name": "akslb-verify", "app.kubernetes.io/managed-by": "kubectl-akslb"}
RUN = "akslb.dev/run"
MOST_REQUESTS = 1000
"""More requests are not made by one pod."""

MOST_LOG_BYTES = 4 * 1024 * 1024
_PARALLEL = 100
_NOBODY = 65532
_MARK = "akslb-answer"
_LINE = re.compile(rf"{_MARK} (\d{{1,6}}) (\d{{1,3}}) (\d{{3}}) (\d{{1,6}}[.,]\d+) (\d{{1,6}}[.,]\d+) ?([^\r\n]*)")
_LONGEST_DETAIL = 200
_UNRESERVED = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"#<>\\^`{|}')

# What Azure's probes send, in HTTP/1.1; access logs show the agent. Nothing is followed and nothing is verified.
_CURL = (
    "curl", "--disable", "--silent", "--no-progress-meter", "--parallel", "--parallel-immediate",
    "--parallel-max", str(_PARALLEL), "--globoff", "--path-as-is", "--noproxy", "*", "--http1.1", "--insecure",
    "--max-redirs", "0", "--user-agent", "Load Balancer Agent",
)  # fmt: skip
_WRITE_OUT = f"{_MARK} %{{urlnum}} %{{exitcode}} %{{http_code}} %{{time_connect}} %{{time_total}} %{{errormsg}}\\n"


class ProbePod(NamedTuple):
    """A pod that asks *requests*; on *node*, and then with the node's own network, or anywhere for "".

    *image* has curl 7.75 or later. Pods of one *run* are found by it.
    """

    name: str
    namespace: str
    image: str
    requests: tuple[Request, ...]
    node: str = ""
    seconds: int = 120
    run: str = ""

    @property
    def containers(self) -> tuple[tuple[str, tuple[tuple[int, Request], ...]], ...]:
        """The names of its containers, and of each the requests that it makes, with their numbers."""
        numbered = tuple(enumerate(self.requests))
        parts = (
            ("probe", tuple(pair for pair in numbered if not pair[1].proxy_header)),
            ("probe-with-proxy-header", tuple(pair for pair in numbered if pair[1].proxy_header)),
        )
        return tuple(part for part in parts if part[1])


def url(request: Request) -> str:
    """The request as curl takes it. A connection that says nothing is one of FTP: curl waits there for the server."""
    host = f"[{request.host}]" if ":" in request.host else request.host
    scheme = "ftp" if request.scheme == TCP else request.scheme.lower()
    path = quote(request.path, safe=_UNRESERVED) if request.path.startswith("/") else "/"
    return f"{scheme}://{host}:{request.number}{path}"


def arguments(requests: Sequence[Request]) -> tuple[str, ...]:
    """The words of the container's command."""
    longest = max((one.seconds for one in requests), default=1)
    proxy = ("--haproxy-protocol",) if requests and requests[0].proxy_header else ()
    targets = (word for one in requests for word in ("--output", "/dev/null", "--url", url(one)))
    return (*_CURL, *proxy, "--max-time", str(longest + 1), "--write-out", _WRITE_OUT, *targets)


def manifest(pod: ProbePod) -> dict[str, Any]:
    """The pod, within Kubernetes' standard "restricted"; with the node's network it is not, and cannot be."""
    spec: dict[str, Any] = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "activeDeadlineSeconds": pod.seconds,
        "terminationGracePeriodSeconds": 1,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _NOBODY,
            "runAsGroup": _NOBODY,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(name, pod.image, asked) for name, asked in pod.containers],
    }
    if pod.node:
        spec |= {
            "hostNetwork": True,
            "dnsPolicy": "ClusterFirstWithHostNet",
            "nodeName": pod.node,
            "tolerations": [{"operator": "Exists"}],
        }
        del spec["nodeSelector"]
    metadata = {
        "name": pod.name,
        "namespace": pod.namespace,
        "labels": {**LABELS, RUN: pod.run, "sidecar.istio.io/inject": "false"},
        "annotations": {"linkerd.io/inject": "disabled", "sidecar.istio.io/inject": "false"},
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _container(name: str, image: str, asked: Sequence[tuple[int, Request]]) -> dict[str, Any]:
    words = arguments([request for _, request in asked])
    return {
        "name": name,
        "image": image,
        "command": [words[0]],
        "args": [_literal(word) for word in words[1:]],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {
            "requests": {"cpu": "10m", "memory": "32Mi"},
            "limits": {"cpu": "500m", "memory": "128Mi"},
        },
    }


def _literal(word: str) -> str:
    """A word in which Kubernetes finds no reference to a variable, ``$(NAME)``."""
    return word.replace("$", "$$")


def answers(requests: Sequence[tuple[int, Request]], log: bytes) -> Mapping[int, Answer]:
    """What the log of a container says about its requests; the first line about each counts, and the rest is text."""
    found: dict[int, Answer] = {}
    for match in _LINE.finditer(log[:MOST_LOG_BYTES].decode("utf-8", "replace")):
        place = int(match[1])
        if place < len(requests):
            number, request = requests[place]
            connect, total = (float(part.replace(",", ".")) for part in (match[4], match[5]))
            ended = Ended(int(match[2]), int(match[3]), connect, total, match[6].strip()[:_LONGEST_DETAIL])
            found.setdefault(number, answer_to(request, ended))
    return found
