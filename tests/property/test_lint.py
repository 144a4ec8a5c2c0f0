"""What holds for rules and fixes whatever stands in a manifest: Services, clusters and values are random."""

import difflib
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_akslb.derive import derived_values
from kubectl_akslb.errors import InputError
from kubectl_akslb.fix.fixer import FixResult, fix
from kubectl_akslb.lint.diagnostic import SAFE, SEVERITIES, UNSAFE
from kubectl_akslb.lint.engine import ALL, Linted, lint, lint_services
from kubectl_akslb.lint.registry import ALL_RULES, IDS
from kubectl_akslb.lint.rule import Rule
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from tests.given.manifests import cluster
from tests.given.random_services import clusters, services

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def manifest(service: Service) -> dict[str, Any]:
    """The Service as a person would write it down."""
    ports = [
        {
            "port": port.port,
            "protocol": port.protocol if port.protocol != "DCCP" else "TCP",
            **({"name": port.name} if port.name else {}),
            **({"nodePort": port.node_port} if port.node_port is not None else {}),
            **({"targetPort": port.target_port} if port.target_port is not None else {}),
            **({"appProtocol": port.app_protocol} if port.app_protocol is not None else {}),
        }
        for port in service.ports
    ]
    spec: dict[str, Any] = {"type": "LoadBalancer", "ports": ports, "selector": {"app": "web"}}
    if service.external_traffic_policy in {"Cluster", "Local"}:
        spec["externalTrafficPolicy"] = service.external_traffic_policy
    if service.load_balancer_ip:
        spec["loadBalancerIP"] = service.load_balancer_ip
    if service.load_balancer_source_ranges:
        spec["loadBalancerSourceRanges"] = list(service.load_balancer_source_ranges)
    if service.ip_families:
        spec["ipFamilies"] = list(service.ip_families)
    if not service.allocate_load_balancer_node_ports:
        spec["allocateLoadBalancerNodePorts"] = False
    if service.load_balancer_class is not None:
        spec["loadBalancerClass"] = service.load_balancer_class
    annotations = dict(service.annotations)
    metadata = {"name": service.name, **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Files of one or two Services, as YAML, as JSON or as a List."""
    bodies = [manifest(draw(services(name))) for name in draw(st.sampled_from([["web"], ["web", "api"]]))]
    shape = draw(st.sampled_from(["yaml", "json", "list"]))
    if shape == "list":
        return block_text({"apiVersion": "v1", "kind": "List", "items": bodies}).encode()
    write = block_text if shape == "yaml" else _json
    return "---\n".join(write(body) for body in bodies).encode()


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=2) + "\n"


def _fixed(data: bytes, on: Cluster, *, unsafe: bool) -> FixResult:
    return fix([("web.yaml", data)], on, unsafe=unsafe)


def _linted(data: bytes, on: Cluster) -> Linted:
    return lint_services([("web.yaml", data)], on, ALL)


ANY = cluster()
RULES: dict[str, Rule] = {rule.id: rule for rule in ALL_RULES}


@few
@given(data=streams(), on=clusters())
def test_findings_are_where_they_say(data: bytes, on: Cluster) -> None:
    result = lint([("web.yaml", data)], on)
    lines = data.decode().split("\n")
    for one in result.diagnostics:
        assert one.rule in IDS
        assert one.severity in SEVERITIES
        assert lines[one.line - 1].rstrip("\r") == one.source_line
        assert 1 <= one.column <= len(one.source_line) + 1
        assert one.message
        assert one.fix is None or RULES[one.rule].fix in (one.fix.applicability, SAFE)


@few
@given(data=streams(), on=clusters(), unsafe=st.booleans())
def test_fixes_are_idempotent_and_never_declined(data: bytes, on: Cluster, *, unsafe: bool) -> None:
    once = _fixed(data, on, unsafe=unsafe)
    again = _fixed(once.files[0].after, on, unsafe=unsafe)
    assert (once.files[0].after, ()) == (again.files[0].after, again.applied)
    assert () == once.declined
    allowed = {SAFE, UNSAFE} if unsafe else {SAFE}
    assert {one.fix.applicability for one in once.applied if one.fix is not None} <= allowed


@few
@given(data=streams(), on=clusters())
def test_a_safe_fix_changes_only_what_it_intends(data: bytes, on: Cluster) -> None:
    before = _linted(data, on)
    result = _fixed(data, on, unsafe=False)
    after = _linted(result.files[0].after, on)
    intended = [path for one in result.applied if one.fix is not None for path in one.fix.intended]
    if all(subject.derivation.refusal is None for subject in before.contexts.values()):
        for key, subject in before.contexts.items():
            changed = derived_values.differences(subject.derivation, after.contexts[key].derivation)
            assert () == derived_values.unintended(changed, intended)
    assert len(result.remaining.diagnostics) == len(after.result.diagnostics)


@few
@given(data=streams(), on=clusters(), unsafe=st.booleans())
def test_only_annotations_and_their_lines_change(data: bytes, on: Cluster, *, unsafe: bool) -> None:
    result = _fixed(data, on, unsafe=unsafe)
    changes = difflib.ndiff(data.decode().split("\n"), result.files[0].after.decode().split("\n"))
    touched = [line[2:].strip() for line in changes if line[0] in "+-"]
    names = ("annotations", "kubernetes.io/", "akslb.dev/", "loadBalancerIP", "metadata", '"name"')
    assert [] == [line for line in touched if not any(name in line for name in names) and not _is_item(line)]


def _is_item(line: str) -> bool:
    """An item of loadBalancerSourceRanges, a bracket, or the rest of a value over several lines."""
    return line.startswith(("- ", '"')) or not line.strip("{}[],")


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    try:
        result = fix([("x", data)], ANY, unsafe=True)
    except InputError:
        return  # no text at all
    assert data == result.files[0].after or result.applied


@settings(max_examples=150, deadline=None)
@given(data=streams(), at=st.integers(0, 10_000), junk=st.text(max_size=6))
def test_a_damaged_manifest_is_read_or_reported(data: bytes, at: int, junk: str) -> None:
    text = data.decode()
    place = at % (len(text) + 1)
    damaged = text[:place] + junk + text[place + len(junk) // 2 :]
    result = fix([("x", damaged.encode())], ANY)
    assert all(problem.message and problem.path == "x" for problem in result.remaining.problems)
    assert (damaged.encode() == result.files[0].after) == (not result.applied)
