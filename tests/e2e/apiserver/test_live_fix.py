"""``fix`` on a cluster prints commands: they are run here, and the API server has what they promise."""

import subprocess

import pytest

from tests.e2e.apiserver.conftest import Akslb
from tests.e2e.apiserver.server import ApiServer
from tests.given import aks as make

pytestmark = pytest.mark.e2e

HTTP = {"name": "http", "port": 80, "targetPort": 8080, "appProtocol": "http"}
TIMEOUT, TAGS = f"{make.PREFIX}azure-load-balancer-tcp-idle-timeout", f"{make.PREFIX}azure-pip-tags"


def test_the_commands_mend_the_services(server: ApiServer, akslb: Akslb) -> None:
    server.create("/api/v1/namespaces", make.namespace("mend"))
    given = {TIMEOUT: "2", TAGS: 'a=it\'s "$(odd)" `here`'}
    services = "/api/v1/namespaces/mend/services"
    server.create(
        services,
        make.service("bare", ports=[HTTP]),
        make.service("odd", annotations=given),
        make.service("fine", annotations={TIMEOUT: "10"}),
    )
    done = akslb("fix", "-n", "mend")
    assert 0 == done.returncode, done.stderr
    commands = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert ["service/bare", "service/odd"] == sorted(line.split()[2] for line in commands)
    subprocess.run(
        ["sh", "-eu"], input=done.stdout, env=server.environment(), capture_output=True, text=True, check=True
    )
    found = {
        one["metadata"]["name"]: one["metadata"].get("annotations", {})
        for one in server.request("GET", services)["items"]
    }
    assert {
        "bare": {f"{make.PREFIX}port_80_health-probe_protocol": "tcp"},
        "odd": {**given, TIMEOUT: "4"},
        "fine": {TIMEOUT: "10"},
    } == found
    again = akslb("fix", "-n", "mend")
    assert (0, "") == (again.returncode, again.stdout)
    assert "nothing to fix in 3 Services" in again.stderr
