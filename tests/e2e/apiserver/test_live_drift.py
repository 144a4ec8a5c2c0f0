"""``drift`` with the Services of a real API server, and what az printed in files: the right Services, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.derive.reconcile import derive_all, ignored
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import IPV6
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import behaviours_of
from tests.conformance.adapter import state
from tests.e2e.apiserver.conftest import Akslb
from tests.e2e.apiserver.server import ApiServer
from tests.plan import az_output

pytestmark = pytest.mark.e2e

Json = dict[str, Any]
RUNNING = ProviderVersion.parse("1.30.8")  # as the cloud provider's DaemonSet in the cluster says


@pytest.fixture
def standing(server: ApiServer) -> dict[str, Json]:
    """What the provider has built of the Services that are there."""
    read = json.loads(server.kubectl("get", "services", "-A", "-o", "json").stdout)["items"]
    services = [one for one in map(with_defaults, map(decode, read)) if ignored(one) is None]
    cluster = Cluster(RUNNING, behaviours_of(RUNNING))
    unknown = [
        one for one in derive_all(services, cluster).azure.public_ips.values()
        if isinstance(one.ip_address.value, Placeholder)
    ]  # fmt: skip
    given = {
        one.name.value: f"2603:1030::{index}" if one.version.value == IPV6 else f"20.3.0.{index}"
        for index, one in enumerate(unknown)
    }
    azure = derive_all(services, cluster._replace(addresses=given)).azure
    return az_output.resources(state(azure), {})


def written(found: dict[str, Json], folder: Path) -> list[str]:
    """The options that name the files of az."""
    options = []
    for name, data in az_output.files(found):
        (folder / name).write_bytes(data)
        options += ["--azure", str(folder / name)]
    return options


def probe_of(found: dict[str, Json], server: ApiServer, name: str) -> Json:
    """The probe of a Service, as it stands."""
    uid = json.loads(server.kubectl("get", "service", name, "-n", "shop", "-o", "json").stdout)["metadata"]["uid"]
    prefix = f"a{uid.replace('-', '')}"[:32]
    probes: list[Json] = found["loadBalancers/kubernetes"]["properties"]["probes"]
    return next(one for one in probes if one["name"].startswith(prefix))


def differing(akslb: Akslb, *arguments: str) -> list[tuple[str, str, str]]:
    done = akslb("drift", *arguments, "-o", "json")
    assert done.returncode in (0, 1), done.stderr
    body = json.loads(done.stdout)
    return [(one["fate"], one["service"], one["field"]) for one in body["differences"]]


def test_what_nobody_edited_does_not_drift(akslb: Akslb, standing: dict[str, Json], tmp_path: Path) -> None:
    assert [] == differing(akslb, "-A", *written(standing, tmp_path))


def test_an_edit_is_told_of_its_service_alone(
    akslb: Akslb, server: ApiServer, standing: dict[str, Json], tmp_path: Path
) -> None:
    probe_of(standing, server, "web")["properties"]["requestPath"] = "/status"
    probe_of(standing, server, "idle")["properties"]["intervalInSeconds"] = 30
    files = written(standing, tmp_path)
    web, idle = ("reverts", "shop/web", "requestPath"), ("reverts", "shop/idle", "intervalInSeconds")
    assert [web] == differing(akslb, "svc/web", "-n", "shop", *files)
    assert {web, idle} == set(differing(akslb, "-n", "shop", *files))
    assert {web, idle} == set(differing(akslb, "-A", *files))
    assert [] == differing(akslb, "svc/both", "-n", "shop", *files)


def test_the_screen_ends_with_the_command_that_settles_it(
    akslb: Akslb, server: ApiServer, standing: dict[str, Json], tmp_path: Path
) -> None:
    probe_of(standing, server, "web")["properties"]["port"] = 8081
    before = server.kubectl("get", "services", "-A", "-o", "json").stdout
    done = akslb("drift", "svc/web", "-n", "shop", *written(standing, tmp_path))
    assert (1, True) == (done.returncode, "port: 8081 → 3" in done.stdout), done.stdout
    settle = next(line for line in done.stdout.splitlines() if line.startswith("settle"))
    assert "kubectl annotate --namespace=shop svc/web --overwrite" in settle
    assert before == server.kubectl("get", "services", "-A", "-o", "json").stdout  # it is printed, and not run


def test_what_stands_has_to_be_said(akslb: Akslb) -> None:
    done = akslb("drift", "-A")
    assert 2 == done.returncode
    assert "what stands in Azure is not said" in done.stderr
