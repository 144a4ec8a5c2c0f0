"""Each value of what is read from Azure and from a cluster, replaced by what it should not be: a result or a sentence."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.errors import AkslbError
from tests.given import az
from tests.given.command import akslb

ROOT = Path(__file__).parents[2]
HUGE = "a number of 5,000 digits"
DEEP = json.loads('{"a":' * 60 + "1" + "}" * 60)
HOSTILE: tuple[Any, ...] = (
    None, True, -1, 2**70, HUGE, 1e308, float("inf"), "", "x" * 5000, "\x1b[2J\n::error::x", "$(touch x)", "\ud800", [], {}, [None], [[1]],
    {"a": None}, {"": ""}, ["a", 1, {}], {"properties": {"id": 1}}, DEEP,
)  # fmt: skip
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


def replaced(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values."""
    yield at
    if isinstance(value, dict):
        for key in value:
            yield from replaced(value[key], (*at, key))
    elif isinstance(value, list) and value:
        yield from replaced(value[0], (*at, 0))


def damaged(value: Any) -> Iterator[Any]:
    """*value* with one of its values replaced by a hostile one, for each of them."""
    for number, at in enumerate(replaced(value)):
        for hostile in HOSTILE[number % 3 :: 3]:
            whole = [copy.deepcopy(value)]
            holder: Any = whole
            for step in (0, *at)[:-1]:
                holder = holder[step]
            holder[(0, *at)[-1]] = hostile
            yield whole[0]


def written(value: Any) -> bytes:
    """*value* as JSON."""
    return json.dumps(value).replace(json.dumps(HUGE), "9" * 5000).encode()


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
    for number, one in enumerate(damaged(content)):
        if number % 40:
            continue
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
    for number, one in enumerate(damaged(stream)):
        if number % 23:
            continue
        ran = akslb(command, "-f", "-", "-o", "json" if command != "fix" else "yaml", stdin=written(one))
        assert ran.code in {0, 1, 3}, (ran, one)
        assert ran.err.replace("\n", "").isprintable()
