"""Each value of what is read from Azure and from a cluster, replaced by what it should not be: a result or a sentence."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.errors import AkslbError
from tests.given import az
from tests.given.command import akslb
from tests.given.hostile import damaged, written

ROOT = Path(__file__).parents[2]
RESOURCES = {
    "load balancer": az.load_balancer(),
    "public IP": az.public_ip(),
    "route table": az.route_table(),
    "network card": az.network_interface(),
    "network": az.virtual_network(),
    "service tags": az.service_tags(AzureLoadBalancer=["168.63.129.16/32"]),
    "security group": az.nsg("nsg", az.rule("a", 500)),
    "usages": [az.usage("PublicIPAddresses", 1, 10)],
}
PROFILES = sorted(path.name for path in (ROOT / "tests" / "profile" / "data").glob("*.json"))


@pytest.mark.parametrize("name", RESOURCES)
def test_what_az_prints_of_the_network(name: str) -> None:
    for one in damaged(RESOURCES[name]):
        try:
            read_resources([("x.json", written(one))])
        except AkslbError as error:
            assert str(error).isprintable(), one
            assert len(str(error)) < 1000, one


@pytest.mark.parametrize("name", PROFILES)
def test_what_az_prints_of_the_cluster(name: str, tmp_path: Path) -> None:
    content = json.loads((ROOT / "tests" / "profile" / "data" / name).read_text())
    for one in damaged(content, every=40):
        path = tmp_path / "x.json"
        path.write_bytes(written(one))
        ran = akslb("explain", "--profile", str(path), str(ROOT / "examples" / "web.yaml"))
        assert ran.code in {0, 3}, (ran, one)
        assert ran.err.replace("\n", "").isprintable()
        assert ran.out.replace("\n", "").isprintable()


@pytest.mark.parametrize("name", ["istio-gateway.yaml", "ingress-nginx.yaml", "web.yaml"])
@pytest.mark.parametrize("command", ["explain", "lint", "fix"])
def test_objects_beside_a_service(name: str, command: str) -> None:
    objects = [json.loads(json.dumps(one)) for one in YAML(typ="safe").load_all((ROOT / "examples" / name).read_text())]
    stream = {"apiVersion": "v1", "kind": "List", "items": [one for one in objects if one]}
    for one in damaged(stream, every=61):
        ran = akslb(command, "-f", "-", "-o", "json" if command != "fix" else "yaml", stdin=written(one))
        assert ran.code in {0, 1, 3}, (ran, one)
        assert ran.err.replace("\n", "").isprintable()
