"""Made Services in the commands: explained and linted at the place of the object, fixed there, and left out where they stand."""

import json
from pathlib import Path

import pytest

from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.lint.engine import lint
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import explain
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.of_inputs import plan_upgrade
from kubectl_akslb.provider.annotations import PREFIX
from tests.given.command import akslb
from tests.given.makers import FLAT, GATEWAY, INTERNAL, KAFKA, NIC, RABBIT
from tests.given.manifests import cluster
from tests.given.services import on

ALL = [
    pytest.param(text, id=name)
    for name, text in (("gateway", GATEWAY), ("nic", NIC), ("kafka", KAFKA), ("rabbitmq", RABBIT), ("other", FLAT))
]
ON = cluster(())


@pytest.mark.parametrize("text", ALL)
def test_a_finding_stands_where_the_annotation_stands(text: str) -> None:
    found = [
        one for one in lint([("a.yaml", text.encode())], ON).diagnostics if one.rule == "internal-not-exactly-true"
    ]
    wanted = next(number for number, line in enumerate(text.split("\n"), 1) if '"True"' in line)
    assert [wanted] == [one.line for one in found]


@pytest.mark.parametrize("text", ALL)
def test_the_fix_is_made_in_the_object(text: str) -> None:
    result = fix([("a.yaml", text.encode())], ON, unsafe=True)
    after = result.files[0].after.decode()
    assert f'{INTERNAL}: "true"' in after
    assert [] == [one for one in result.remaining.diagnostics if one.rule == "internal-not-exactly-true"]
    assert text.replace('"True"', '"true"').split("\n")[0] == after.split("\n")[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (GATEWAY, VerdictKind.UNREACHABLE), (NIC, VerdictKind.UNREACHABLE), (KAFKA, VerdictKind.UNREACHABLE),
        (RABBIT, VerdictKind.UNREACHABLE), (FLAT, VerdictKind.UNKNOWN), (GATEWAY.replace("True", "true"), VerdictKind.WORKS),
        (NIC.replace("True", "true"), VerdictKind.WORKS), (FLAT.replace("True", "true"), VerdictKind.UNKNOWN),
    ],
)  # fmt: skip
def test_the_verdict(text: str, kind: VerdictKind) -> None:
    first = explain([("a.yaml", text.encode())], ON).services[0]
    assert (kind, 1) == (first.path.verdict.kind, first.found.line)
    assert first.found.made_of


def test_the_probe_of_a_made_service_is_mended_in_the_object() -> None:
    text = RABBIT.replace(f'    annotations:\n      {INTERNAL}: "True"\n', "")
    result = fix([("a.yaml", text.encode())], ON)
    added = f"    annotations:\n      {PREFIX}port_15672_health-probe_protocol: tcp\n"
    assert text.rstrip("\n") + "\n" + added == result.files[0].after.decode()
    (found,) = explain([("a.yaml", result.files[0].after)], ON).services
    assert VerdictKind.WORKS is found.path.verdict.kind


def test_a_service_that_is_there_counts_in_place_of_the_one_that_would_be_made() -> None:
    service = """---
apiVersion: v1
kind: Service
metadata: {name: hare, namespace: default}
spec: {type: LoadBalancer, ports: [{port: 5672}]}
"""
    (found,) = explain([("a.yaml", (RABBIT + service).encode())], ON).services
    assert ("", 5672) == (found.found.made_of, found.derivation.service.ports[0].port)


def test_an_object_of_another_file_counts() -> None:
    gateway_class = """apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: eg}
spec: {controllerName: example.com/mine}
"""
    files = [("a.yaml", GATEWAY.encode()), ("b.yaml", gateway_class.encode())]
    assert () == explain(files, ON).services
    assert 1 == len(explain(files[:1], ON).services)


def test_an_upgrade_looks_at_made_services() -> None:
    text = RABBIT.replace(f'    annotations:\n      {INTERNAL}: "True"\n', "")
    (one,) = plan_upgrade([("a.yaml", text.encode())], on("1.23.30"), on("1.24.22")).services
    assert Effect.MAY_BREAK is one.effect


def test_capacity_counts_made_services(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(KAFKA)
    assert 2 == json.loads(akslb("capacity", "-f", str(file), "-o", "json").out)["services"]


def test_of_very_many_brokers_the_first_are_shown() -> None:
    many = KAFKA.replace("    listeners:", "    replicas: 1000000000\n    listeners:")
    services = explain([("a.yaml", many.encode())], ON).services
    assert 101 == len(services)
    assert any("not shown" in note for note in services[-1].found.notes)


MISSING = GATEWAY.replace("True", "true").replace(
    "  infrastructure:\n",
    "  infrastructure:\n    parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: p}\n",
)
PROXY = """---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: p, namespace: shop}
spec: {provider: {kubernetes: {envoyService: {}}}}
"""
OVERLAY = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: p, namespace: shop}
data:
  service: |
    metadata: {annotations: {example.com/a: b}}
"""


@pytest.mark.parametrize(
    ("text", "kind", "confidence"),
    [
        (MISSING, VerdictKind.UNKNOWN, Confidence.UNREAD), (MISSING + PROXY, VerdictKind.WORKS, Confidence.ASSUMED),
        (MISSING + PROXY.replace("{}", "{patch: {type: JSONPatch, value: []}}"), VerdictKind.UNKNOWN, Confidence.UNREAD),
        (KAFKA.replace("True", "true"), VerdictKind.WORKS, Confidence.ASSUMED),
        (FLAT.replace("type: LoadBalancer", "type: LoadBalancer\n    ports: [{port: 80}]").replace("True", "true"),
         VerdictKind.UNKNOWN, Confidence.UNREAD),
    ],
    ids=["what it refers to is not here", "it is", "a patch is not applied", "counted brokers", "controller not known"],
)  # fmt: skip
def test_what_is_not_known_of_a_controller_lowers_the_verdict(
    text: str, kind: VerdictKind, confidence: Confidence
) -> None:
    verdict = explain([("a.yaml", text.encode())], ON).services[0].path.verdict
    assert (kind, confidence) == (verdict.kind, verdict.confidence)
    assert (verdict.verify is not None) is (kind is VerdictKind.UNKNOWN)


def test_a_config_map_that_a_gateway_refers_to_is_read() -> None:
    text = GATEWAY.replace("gatewayClassName: eg", "gatewayClassName: istio").replace(
        "  infrastructure:\n", "  infrastructure:\n    parametersRef: {group: '', kind: ConfigMap, name: p}\n"
    )
    (alone,) = explain([("a.yaml", text.encode())], ON).services
    (both,) = explain([("a.yaml", (text + OVERLAY).encode())], ON).services
    assert (True, False) == (bool(alone.found.unknown), bool(both.found.unknown))
    assert "b" == both.derivation.service.annotations["example.com/a"]
