"""Producers whose fields are not what they should be: nothing, or a sentence; and what is said once of one field."""

import copy
import json
from typing import Any

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.lint.engine import lint
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.pipeline import explain
from tests.given.hostile import damaged
from tests.given.makers import FLAT, GATEWAY, INTERNAL, KAFKA, NIC, RABBIT
from tests.given.manifests import cluster

ON = cluster(())
POOL = """apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {name: pool, labels: {strimzi.io/cluster: log}}
spec: {roles: [broker], replicas: 2}
"""
PER_BROKER = KAFKA.replace("  kafka:\n", "  kafka:\n    replicas: 3\n").replace(
    "          bootstrap:", f'          perBrokerAnnotationsTemplate: {{{INTERNAL}: "True"}}\n          bootstrap:'
)
BROKERS = KAFKA.replace(
    "          bootstrap:", "          brokers: [{broker: 0, annotations: {}}]\n          bootstrap:"
)
PLUGINS = (
    RABBIT + "  rabbitmq: {additionalPlugins: [rabbitmq_mqtt]}\n  override: {service: {spec: {ports: [{port: 1}]}}}\n"
)


def data(text: str) -> Any:
    return parse_data(Source(text))[1]


def stream(*objects: object) -> bytes:
    return "".join(f"---\n{json.dumps(one)}\n" for one in objects).encode()


@pytest.mark.parametrize(
    ("text", "beside"),
    [(GATEWAY.replace(": eg", ": istio"), ""), (GATEWAY, ""), (NIC, ""), (BROKERS, POOL), (POOL, KAFKA), (PLUGINS, ""), (FLAT, "")],
    ids=["istio", "envoy gateway", "nic", "kafka", "pool", "rabbitmq", "other"],
)  # fmt: skip
def test_a_value_that_is_none_is_no_fault_of_the_program(text: str, beside: str) -> None:
    others = [data(beside)] if beside else []
    for one in damaged(data(text), every=6):
        try:
            explain([("a.yaml", stream(one, *others))], ON)
        except AkslbError as error:
            assert error.message


@pytest.mark.parametrize("wrong", [[], {}, True, 1, "broker", None])
@pytest.mark.parametrize(
    ("text", "beside", "at"),
    [
        (GATEWAY.replace(": eg", ": istio"), "", ("spec", "listeners", 0, "port")),
        (BROKERS, "", ("spec", "kafka", "listeners", 0, "configuration", "brokers", 0, "broker")),
        (POOL, KAFKA, ("spec", "roles")),
        (PLUGINS, "", ("spec", "rabbitmq", "additionalPlugins")),
        (PLUGINS, "", ("spec", "override", "service", "spec", "ports", 0, "port")),
    ],
    ids=["listener", "broker", "roles", "plugins", "override"],
)
def test_wrong_types_where_a_producer_looks_things_up(
    text: str, beside: str, at: tuple[Any, ...], wrong: object
) -> None:
    one = copy.deepcopy(data(text))
    holder = one
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = wrong
    lint([("a.yaml", stream(one, *([data(beside)] if beside else [])))], ON)


def test_an_entry_that_is_no_mapping_does_not_move_the_place_of_the_next() -> None:
    text = KAFKA.replace("listeners:\n", "listeners:\n      - 1\n")
    result = fix([("a.yaml", text.encode())], ON, unsafe=True)
    assert text.replace('"True"', '"true"') == result.files[0].after.decode()


def test_one_field_that_many_services_are_made_of_is_told_and_mended_once() -> None:
    found = lint([("a.yaml", PER_BROKER.encode())], ON).diagnostics
    assert [13, 16] == [one.line for one in found]
    result = fix([("a.yaml", PER_BROKER.encode())], ON, unsafe=True)
    assert PER_BROKER.replace('"True"', '"true"') == result.files[0].after.decode()
    assert () == result.remaining.diagnostics


def test_a_value_of_another_object_is_quoted_there() -> None:
    proxy = f"""---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {{name: p, namespace: shop}}
spec: {{provider: {{kubernetes: {{envoyService: {{annotations: {{{INTERNAL}: "true"}}}}}}}}}}
"""
    reference = "  infrastructure:\n    parametersRef: {group: gateway.envoyproxy.io, kind: EnvoyProxy, name: p}\n"
    text = GATEWAY.replace(f'  infrastructure:\n    annotations:\n      {INTERNAL}: "True"\n', reference)
    assert () == lint([("a.yaml", (text + proxy).encode())], ON).diagnostics


def test_a_service_that_an_alias_repeats_is_mended_with_the_first() -> None:
    text = FLAT.replace("serviceSpec:", "first: &s") + "  second: *s\n"
    result = fix([("a.yaml", text.encode())], ON, unsafe=True)
    assert text.replace('"True"', '"true"') == result.files[0].after.decode()
