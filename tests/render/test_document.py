"""The document for machines: its published schema, and a reason for every value in the Azure part."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.lint.diagnostic import SEVERITIES
from kubectl_akslb.lint.engine import lint
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.manifest.nodes import PLAIN, Scalar, Source
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.live_state import LiveState, NodeEndpoints, ServiceEvent
from kubectl_akslb.model.service import Service
from kubectl_akslb.pipeline import Explanation, Read, explain, explain_services
from kubectl_akslb.render.arm import to_arm
from kubectl_akslb.render.document import document
from kubectl_akslb.render.json_text import json_text
from tests.given import screens as services
from tests.given.document import PUBLISHED, SCHEMA, VALIDATOR, check
from tests.given.random_services import clusters
from tests.given.random_services import services as random_services
from tests.given.screens import NASTY, explained, hostile

ROOT = Path(__file__).parents[2]


def body_of(result: Explanation) -> Any:
    """The document after a trip through JSON, which is what a reader sees."""
    return json.loads(json_text(document(result)))


@pytest.mark.parametrize("name", services.ALL)
def test_our_services(name: str) -> None:
    check(body_of(explained(services.ALL[name])))


@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/*.yaml")), ids=lambda path: path.name)
def test_the_examples(path: Path) -> None:
    body = body_of(explain([(path.name, path.read_bytes())], services.cluster()))
    check(body)
    assert [] == body["problems"]


@pytest.mark.parametrize("endpoints", [None, (), (NodeEndpoints("node-0", 1, 0, True, "a ready pod"),)])
@pytest.mark.parametrize("given_service", [services.PLAIN, services.OTHER_CLASS])
def test_the_state_of_a_running_cluster(given_service: str, endpoints: tuple[NodeEndpoints, ...] | None) -> None:
    events = (ServiceEvent("Warning", "SyncLoadBalancerFailed", "no", 3, None, "service-controller"),)
    result = explained(given_service)
    (one,) = result.services
    for state in (LiveState(("20.0.0.1",), 5, 1, 0, endpoints, events), LiveState((), endpoints=endpoints)):
        check(body_of(result._replace(services=(one._replace(live=state),))))


def test_findings_are_those_of_lint_the_worst_first() -> None:
    given = services.manifest(annotations={"azure-load-balancer-internal": '"True"', "azure-pip-nmae": "x"})
    found = body_of(explained(given))["services"][0]["findings"]
    expected = lint([("web.yaml", given.encode())], services.cluster()).diagnostics
    assert {(one.rule, one.line) for one in expected} == {(one["rule"], one["line"]) for one in found}
    ranks = [SEVERITIES.index(one["severity"]) for one in found]
    assert len(ranks) > 1
    assert sorted(ranks) == ranks


def test_problems() -> None:
    body = body_of(explained(services.PLAIN, services.PLAIN.replace("port: 80", "port: x")))
    check(body)
    assert [("web.yaml", 22, 12)] == [(p["path"], p["line"], p["column"]) for p in body["problems"]]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_acts_on_a_terminal(nasty: str) -> None:
    result = hostile(nasty)
    text = json_text(document(result))
    assert text.replace("\n", "").isprintable()
    body = json.loads(text)
    check(body)
    assert [f"w{nasty}"] == [service["name"] for service in body["services"]]


def test_readable_letters_stay_as_they_are() -> None:
    assert '{\n  "a": "caf\u00e9 \u65e5\u672c"\n}\n' == json_text({"a": "caf\u00e9 \u65e5\u672c"})


def found(service: Service) -> FoundService:
    return FoundService(service, 0, "web.yaml", 1, "", Scalar("", PLAIN, 0, 0), (), Source(""))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(random_services(), min_size=1, max_size=2), clusters())
def test_random_services_on_random_clusters(given_services: list[Service], cluster: Cluster) -> None:
    explained_services = explain_services([found(service) for service in given_services], cluster, Read(Objects()))
    check(body_of(Explanation(cluster, (), explained_services, ())))


@pytest.mark.parametrize("flags", [{"provider_version": "1.23.0"}, {"sku": "basic"}, {"probe_mode": "shared"}])
def test_other_clusters(flags: dict[str, object]) -> None:
    check(body_of(explained(*services.ALL.values(), **flags)))


def test_assumed_settings_are_named() -> None:
    cluster = body_of(explained(services.PLAIN, sku="basic", provider_version="1.30.4"))["cluster"]
    assert "basic" == cluster["loadBalancerSku"]
    assert {"clusterName", "healthProbeMode", "backendPoolType", "disableOutboundSnat", "zones", "nodes"} == set(
        cluster["assumed"]
    )


def test_every_placeholder_is_listed_once() -> None:
    (service,) = body_of(explained(services.LOCAL))["services"]
    uid = "<uid of shop/web>"
    assert {
        uid,
        "<healthCheckNodePort>",
        f"<address of kubernetes-a{uid}>",
        "<every zone of the region>",
    } == set(service["placeholders"])


def test_the_azure_part_has_the_shape_of_arm() -> None:
    (service,) = body_of(explained(services.APP_PROTOCOL))["services"]
    (probe,) = service["azure"]["loadBalancer"]["probes"]
    name = "a<uid of shop/web>-TCP-80"
    assert {
        "name": name, "protocol": "Http", "port": "<nodePort of 80>", "requestPath": "/", "intervalInSeconds": 5,
        "probeThreshold": 2,
    } == probe  # fmt: skip
    (rule,) = service["azure"]["loadBalancer"]["loadBalancingRules"]
    home = "/subscriptions/subscription/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/kubernetes"
    assert {"id": f"{home}/probes/{name}"} == rule["probe"]


def test_a_path_leads_to_its_value() -> None:
    arm = to_arm(explained(services.LOCAL).services[0].derivation, services.cluster())
    assert "Http" == arm.reasons["loadBalancer.probes[0].protocol"].value
    assert "Http" == arm.body["loadBalancer"]["probes"][0]["protocol"]


def schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all schemas in it."""
    if not isinstance(schema, dict):
        return
    yield schema
    parts = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", [])]
    for part in (*parts, schema.get("items"), schema.get("additionalProperties")):
        yield from schemas(part)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_object_of_the_schema_is_closed() -> None:
    open_ones = [s for s in schemas(SCHEMA) if s.get("type") == "object" and "additionalProperties" not in s]
    assert [] == open_ones


def test_every_field_is_described() -> None:
    bare = [
        name
        for schema in schemas(SCHEMA)
        for name, part in schema.get("properties", {}).items()
        if isinstance(part, dict) and not part.get("description")
    ]
    assert [] == bare


def test_every_definition_is_used() -> None:
    used = set(re.findall(r'"#/\$defs/(\w+)"', PUBLISHED.read_text()))
    assert set(SCHEMA["$defs"]) == used


def test_a_field_that_is_not_described_is_refused() -> None:
    body = body_of(explained(services.PLAIN))
    for part in (body, body["services"][0], body["services"][0]["azure"]["loadBalancer"]["probes"][0]):
        part["extra"] = 1
        assert not VALIDATOR.is_valid(body)
        del part["extra"]
    assert VALIDATOR.is_valid(body)


def test_the_address_in_the_docs_leads_to_the_schema() -> None:
    docs = ROOT / "docs"
    published = json.loads((docs / "explanation.schema.json").read_text())
    assert SCHEMA == json.loads((docs / published["$ref"]).read_text())
    assert published["$id"].endswith("/docs/explanation.schema.json")


@pytest.mark.parametrize("name", services.ALL)
def test_yaml_says_the_same(name: str) -> None:
    from ruamel.yaml import YAML

    from kubectl_akslb.manifest.block import block_text

    body = document(explained(services.ALL[name]))
    assert json.loads(json_text(body)) == YAML(typ="safe", pure=True).load(block_text(body))
