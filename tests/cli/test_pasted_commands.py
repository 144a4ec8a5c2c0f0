"""Whatever names and values a manifest has: somebody pastes a command that we print, and nothing else happens.

All commands that a run prints are noted where they become text, and are run by a real shell in an empty folder, with
programs in place of kubectl and az that write down their arguments.
"""

import itertools
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.cluster import kubectl_errors
from kubectl_akslb.derive.outbound.snat_plan import plan_for
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import Command
from kubectl_akslb.model.outbound_profile import NodePool, OutboundProfile
from kubectl_akslb.profile.load import default_profile
from kubectl_akslb.provider.version import NEWEST
from tests.given.command import akslb

MARK = "evil"
#: What a shell or a program would take for more than a text.
VALUES = (
    "$(touch evil)", "`touch evil`", "'; touch evil; '", '"; touch evil; "', "--kubeconfig=evil.yaml", "-o=evil", "evil\ntouch evil",
    "a' --kubeconfig=evil.yaml '", "$evil", "evil && touch evil", "| touch evil", "evil\x1b[201~touch evil", "\\evil\\'", "!evil",
)  # fmt: skip
PROGRAM = '#!/bin/sh\nfor word in "$0" "$@"; do printf "%s\\0" "$word"; done >> "$AKSLB_LOG"\nprintf "\\n\\0" >> "$AKSLB_LOG"\necho 1\n'
PROGRAMS = ("kubectl", "az", "curl", "nc", "kubelogin")
#: The options of kubectl that take the next word as their value, whatever it begins with.
VALUED = ("-n", "--namespace", "--context", "--patch", "-l", "-H", "-w")
BETA = "service.beta.kubernetes.io/"


def service(value: str, where: str) -> dict[str, Any]:
    """A Service with a hostile value in one of the places that a command can come from."""
    annotations: dict[str, str] = {}
    metadata: dict[str, Any] = {"name": "web", "namespace": "shop", "annotations": annotations}
    spec: dict[str, Any] = {
        "type": "LoadBalancer", "selector": {"app": "web"},
        "ports": [{"name": "http", "port": 80, "appProtocol": "http"}, {"name": "s", "port": 443}],
    }  # fmt: skip
    if where in ("name", "namespace"):
        metadata[where] = value
    elif where == "selector":
        spec["selector"] = {value: value, "app": value}
    elif where == "address":
        spec["loadBalancerIP"] = f"2001:db8::1%{value}"
    elif where == "range":
        spec["loadBalancerSourceRanges"] = [value]
    else:
        annotations[BETA + where] = value
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


PLACES = (
    "name", "namespace", "selector", "address", "range", "azure-load-balancer-ipv4", "azure-pip-name",
    "azure-load-balancer-health-probe-request-path", "azure-load-balancer-resource-group", "port_443_health-probe_port",
    "azure-load-balancer-health-probe-protocol", "azure-pip-prefix-id", "azure-load-balancer-internal-subnet",
)  # fmt: skip


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that have become text."""
    found: list[str] = []
    written = Command.__str__

    def noting(self: Command) -> str:
        text = written(self)
        found.append(text)
        return text

    monkeypatch.setattr(Command, "__str__", noting)
    return found


def pasted(texts: list[str], folder: Path) -> Iterator[list[str]]:
    """Run each command in a shell; the arguments of each program that it starts. Nothing else may come of it."""
    programs, empty, log = folder / "programs", folder / "empty", folder / "log"
    programs.mkdir(exist_ok=True)
    empty.mkdir(exist_ok=True)
    for name in PROGRAMS:
        (programs / name).write_text(PROGRAM)
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "AKSLB_LOG": str(log), "LC_ALL": "C.UTF-8", "HOME": str(empty)}
    for shell, text in itertools.product(("bash", "sh"), dict.fromkeys(texts)):
        assert text.isprintable(), text
        log.write_bytes(b"")
        subprocess.run([shell, "-c", text], cwd=empty, env=environment, capture_output=True, check=False, timeout=60)
        assert not list(empty.iterdir()), text
        for one in log.read_bytes().decode().removesuffix("\0").split("\0\n\0"):
            words = one.split("\0")
            if words != [""]:
                assert os.path.basename(words[0]) in PROGRAMS, text
                yield words[1:]


def harmless(texts: list[str], folder: Path) -> None:
    for words in pasted(texts, folder):
        for before, word in itertools.pairwise(["", *words]):
            is_value = before in VALUED
            assert is_value or not word.startswith(("--kubeconfig=evil", "-o=evil")), words


def left_over(value: Any, texts: list[str]) -> Iterator[str]:
    """The strings of a document in which a command has something hostile in it and was not made of arguments."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from left_over(one, texts)
    elif isinstance(value, str):
        rest = value
        for text in sorted(set(texts), key=len, reverse=True):
            rest = rest.replace(text, "")
        if re.search(rf"\b(?:kubectl|az) (?:[a-z-]+ )*[^ ]*.*{MARK}", rest, re.DOTALL):
            yield value


@pytest.mark.slow
@pytest.mark.parametrize("where", PLACES)
def test_manifests(where: str, printed: list[str], tmp_path: Path) -> None:
    pytest.importorskip("kubectl_akslb.path.hop", reason="the one judge makes its commands of arguments")
    documents = []
    for value in VALUES:
        stream = json.dumps(service(value, where)).encode()
        for version in (str(NEWEST), "1.24.0"):
            for command in ("explain", "lint"):
                ran = akslb(command, "-f", "-", "-o", "json", "--provider-version", version, stdin=stream)
                assert ran.code in {0, 1, 3}
                documents += [json.loads(ran.out)] if ran.out else []
            akslb("explain", "-f", "-", "--provider-version", version, stdin=stream)
            akslb("fix", "-f", "-", "-o", "kubectl", "--provider-version", version, stdin=stream)
    assert list(left_over(documents, printed)) == []
    harmless(printed, tmp_path)


@pytest.mark.parametrize("value", VALUES)
def test_what_a_cluster_says(value: str, printed: list[str], tmp_path: Path) -> None:
    quoted = value.replace("\n", " ")
    said = f'services "{quoted}" is forbidden: User "{quoted}" cannot get resource "{quoted}" in API group "{quoted}" in the namespace "{quoted}"'
    for one in kubectl_errors.forbidden(f"Error from server (Forbidden): {said}"):
        printed.append(one.grant) if not one.grant.startswith("a role for") else None
    kubectl_errors.help_for(Finished(("kubectl", "get", "services", "-n", value, "--context", value), 1, b"", quoted))
    harmless(printed, tmp_path)


@pytest.mark.parametrize("value", VALUES)
def test_the_plan_of_ports(value: str, printed: list[str], tmp_path: Path) -> None:
    base: Cluster = default_profile().cluster
    outbound = OutboundProfile(
        node_pools=(NodePool("a", 3),), public_ips=(value,), aks_name=value, aks_resource_group=value
    )
    plan_for(base._replace(outbound=outbound), ports=1000)
    assert printed
    harmless(printed, tmp_path)
