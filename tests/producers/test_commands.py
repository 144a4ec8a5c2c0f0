"""Each command takes the objects of which controllers make Services, also those that a configuration names."""

import json
from pathlib import Path

import pytest

from tests.given.command import akslb
from tests.producers.test_places import ROWS, WRONG
from tests.producers.test_templates import LIST, REGISTRY

#: What an object is called, and one of its Services with a port.
MAKERS = {
    "istio, ConfigMap": ("gateway/web", "web-istio", 5000),
    "app routing": ("gateway/web", "web-approuting-istio", 5000),
    "envoy gateway, EnvoyProxy": ("gateway/web", "envoy-shop-web-97375646", 5000),
    "nginx": ("gateway/web", "web-nginx", 5000),
    "contour": ("gateway/web", "envoy-web", 5000),
    "cilium": ("gateway/web", "cilium-gateway-web", 5000),
    "kgateway": ("gateway/web", "web", 5000),
    "kong": ("gateway/web", "dataplane-ingress-web", 5000),
    "app routing's nginx": ("nginxingresscontroller/one", "nginx-0", 443),
    "rabbitmq": ("rabbitmqcluster/one", "one", 5672),
    "elasticsearch": ("elasticsearch/one", "one-es-http", 9200),
    "knative": ("knativeserving/one", "kourier", 443),
}
OURS = ("registry/images", "images-a", 8443)
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: before, namespace: shop}
spec: {type: LoadBalancer, ports: [{port: 443}]}
"""
LOAD_BALANCERS = [
    {
        "name": "kubernetes",
        "id": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network"
        "/loadBalancers/kubernetes",
        "frontendIPConfigurations": [],
    }
]


def commands(target: str, port: int) -> dict[str, tuple[str, ...]]:
    return {
        "explain": ("explain", "-f", "new.yaml"),
        "lint": ("lint", "new.yaml", "-o", "json"),
        "fix": ("fix", "new.yaml"),
        "upgrade": ("upgrade", "-f", "new.yaml", "--from", "1.29", "--to", "1.34", "-o", "json"),
        "diff": ("diff", "-f", "new.yaml", "--old", "old.yaml"),
        "trace": ("trace", "203.0.113.7", f"{target}:{port}", "-f", "new.yaml"),
        "capacity": ("capacity", "-f", "new.yaml", "-o", "json"),
        "compare": ("compare", "before.yaml", f"new.yaml:{target}"),
        "drift": ("drift", "-f", "new.yaml", "--azure", "lbs.json", "--complete"),
    }


SAYS_NO_NAME = {"fix", "lint", "capacity"}
"""Commands that name the object or count, not the Service."""


def check(folder: Path, text: str, known: tuple[str, str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    target, name, port = known
    (folder / "new.yaml").write_text(text)
    (folder / "old.yaml").write_text(text.replace('"true"', '"false"'))
    (folder / "before.yaml").write_text(SERVICE)
    (folder / "lbs.json").write_text(json.dumps(LOAD_BALANCERS))
    monkeypatch.chdir(folder)
    for command, words in commands(target, port).items():
        done = akslb(*words)
        assert done.code in (0, 1), (command, done.err)
        said = " ".join(f"{done.out} {done.err}".split())
        assert "no Service" not in said, command
        assert "nothing is known" not in said, command
        if command == "capacity":
            assert json.loads(done.out)["services"] >= 1
        elif command not in SAYS_NO_NAME and (command != "compare" or "/" not in target):
            assert name in said.replace(" ", ""), (command, said)
        assert "Traceback" not in said


@pytest.mark.parametrize("row", MAKERS)
def test_every_command_takes_the_objects_of_a_controller(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ROWS[row].replace(WRONG, WRONG.replace("True", "true"))
    check(tmp_path, text, MAKERS[row], monkeypatch)


def test_every_command_reads_the_fields_that_the_configuration_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".akslb.yaml").write_text(LIST)
    check(tmp_path, REGISTRY.replace("{x: z}", f"{{{WRONG.replace('True', 'true')}}}"), OURS, monkeypatch)
    # Without it nothing else is known of the Service than what its field says: neither its name nor its port.
    (tmp_path / ".akslb.yaml").unlink()
    for command in ("upgrade", "trace", "drift"):
        done = akslb(*commands(OURS[0], OURS[2])[command])
        assert OURS[1] not in done.out, command
