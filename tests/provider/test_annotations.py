"""The registry of annotations: every row is used, its default is what is derived, and its date is a behaviour's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kubectl_akslb
from kubectl_akslb.azure.refusals import _CHECKS as CHECKS
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.path.sentences import REMEDIES
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.annotations import ANNOTATIONS, PREFIX, Annotation, PortAnnotation
from kubectl_akslb.provider.behaviours import BEHAVIOURS
from kubectl_akslb.provider.events import ROWS
from kubectl_akslb.provider.refusals import REFUSALS
from tests.given.derived import bare, frontend, probe, rule
from tests.given.services import INTERNAL, on, port, service

CONSTANTS = {name: row for name, row in vars(keys).items() if isinstance(row, Annotation)}
DERIVE = Path(kubectl_akslb.__file__).parent / "derive"


def used_in_derive() -> Iterator[str]:
    """The names of the constants that the derivation reads, as ``keys.NAME`` or imported by name."""
    for path in DERIVE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "keys":
                yield node.attr
            if isinstance(node, ast.ImportFrom) and node.module == keys.__name__:
                yield from (alias.name for alias in node.names)


def test_every_row_has_a_constant() -> None:
    assert sorted(ANNOTATIONS) == sorted(CONSTANTS.values())
    assert len(set(ANNOTATIONS)) == len(ANNOTATIONS)


def test_every_row_is_used_by_the_derivation() -> None:
    unused = set(CONSTANTS) - set(used_in_derive())
    assert set() == unused


def test_every_key_is_spelled_in_one_place() -> None:
    for path in DERIVE.rglob("*.py"):
        literals = [
            node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
        ]
        assert [] == [text for text in literals if isinstance(text, str) and text.startswith(PREFIX)], path.name


@pytest.mark.parametrize("row", ANNOTATIONS, ids=lambda row: row.short)
def test_rows_are_complete(row: Annotation) -> None:
    assert row.startswith(PREFIX)
    assert row == PREFIX + row.short
    assert row.meaning
    assert not row.meaning.endswith(".")
    assert row.reading in {
        keys.TRUE_EXACT, keys.TRUE_ANY_CASE, keys.TRUE_TRIMMED, keys.INT32, keys.RAW, keys.TRIMMED, keys.COMMA_LIST,
        keys.BLANK_LIST, keys.PROTOCOL, keys.KEY_VALUES, keys.PORT_REFERENCE,
    }  # fmt: skip
    assert row.scope in {keys.SCOPE, keys.ADDRESS, keys.RULE, keys.PROBE, keys.ACCESS, keys.PRIVATE_LINK}
    assert isinstance(row, PortAnnotation) == ("{port}" in row)


def test_key_of_a_port() -> None:
    assert f"{PREFIX}port_80_health-probe_interval" == keys.PORT_PROBE_INTERVAL.for_port(80)
    assert f"{PREFIX}port_<healthCheckNodePort>_no_lb_rule" == keys.NO_LB_RULE.for_port("<healthCheckNodePort>")


# Dates


def test_every_date_is_that_of_a_behaviour() -> None:
    """By reference: a date that is written twice would be another tuple."""
    known = {id(row.since) for row in BEHAVIOURS}
    dated = [row for row in ANNOTATIONS if row.since]
    assert [] == [row for row in sorted(dated) if id(row.since) not in known]
    assert {keys.SHARED_SECURITY_RULE: behaviours.SHARED_NSG_RULES.since} == {
        r: r.until for r in ANNOTATIONS if r.until
    }


@pytest.mark.parametrize(
    ("row", "version", "expected"),
    [
        (keys.INTERNAL, "1.23.0", True),
        (keys.DISABLE_NSG_RULE, "1.35.5", False),
        (keys.DISABLE_NSG_RULE, "1.35.6", True),
        (keys.DISABLE_NSG_RULE, "1.36.1", False),
        (keys.DISABLE_NSG_RULE, "1.37.0", True),
        (keys.SHARED_SECURITY_RULE, "1.28.14", True),
        (keys.SHARED_SECURITY_RULE, "1.29.0", False),
        (keys.PLS_RESOURCE_GROUP, "1.27.8", False),
        (keys.PLS_RESOURCE_GROUP, "1.27.9", True),
    ],
)
def test_which_releases_read_a_row(row: Annotation, version: str, expected: bool) -> None:
    assert expected is row.is_read(ProviderVersion.parse(version))


# Defaults


def defaults(cluster: Cluster, given: Service) -> dict[Annotation, object]:
    """What is derived where none of the annotations is set, by the annotation that would change it."""
    found, asked, private = rule(given, cluster), probe(given, cluster), frontend(service(INTERNAL), cluster)
    http = probe(service(None, port(80, "http")), cluster)
    load_balancer = derive(given, cluster).load_balancer
    return {
        keys.INTERNAL: bare(load_balancer.name if load_balancer else None) != "kubernetes",
        keys.INTERNAL_SUBNET: "the subnet of the cluster" if bare(private.subnet) == cluster.subnet_name else "",
        keys.IDLE_TIMEOUT: bare(found.idle_timeout_in_minutes),
        keys.DISABLE_TCP_RESET: not bare(found.enable_tcp_reset),
        keys.HA_PORTS: bare(found.protocol) == "All",
        keys.DISABLE_FLOATING_IP: not bare(found.enable_floating_ip),
        keys.NO_LB_RULE: load_balancer is None or not load_balancer.load_balancing_rules,
        keys.PROBE_PROTOCOL: str(bare(asked.protocol)).lower(),
        keys.PROBE_INTERVAL: bare(asked.interval_in_seconds),
        keys.PROBE_COUNT: bare(asked.threshold),
        keys.PROBE_PATH: bare(http.request_path),
        keys.PORT_PROBE_PORT: "the node port" if bare(asked.port) == given.ports[0].node_port else "",
        keys.NO_PROBE_RULE: found.probe is None,
        keys.DENY_ALL: any(each.access.value == "Deny" for each in derive(given, cluster).security_rules),
        keys.DISABLE_NSG_RULE: not derive(given, cluster).security_rules,
    }


#: Defaults of what no derivation shows.
TOLD_ONLY = {
    keys.MODE, keys.CONFIGURATIONS, keys.RESOURCE_GROUP, keys.SHARED_SECURITY_RULE, keys.PLS_CREATE, keys.PLS_NAME,
    keys.PLS_RESOURCE_GROUP, keys.PLS_SUBNET, keys.PLS_IP_COUNT, keys.PLS_PROXY_PROTOCOL,
}  # fmt: skip


def test_defaults_are_what_is_derived() -> None:
    derived = {row: str(value).lower() for row, value in defaults(on(), service()).items()}
    assert {row: row.default for row in ANNOTATIONS if row.default and row not in TOLD_ONLY} == derived


WHAT_TO_DO = [
    *(row.remedy for row in REFUSALS),
    *(row.remedy for row in ROWS),
    *(check.remedy for check in CHECKS),
    *REMEDIES.values(),
]


def test_what_to_do_names_annotations_in_full() -> None:
    names = [row.short for row in ANNOTATIONS if isinstance(row, Annotation)]
    bare = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    assert [] == [text for text in WHAT_TO_DO if bare.search(text)]
