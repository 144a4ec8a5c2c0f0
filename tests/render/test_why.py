"""The trail of a value: which source won, which it shadowed, which were not set."""

from typing import Any

import pytest

from kubectl_akslb.model.provenance import (
    ANNOTATION,
    CLUSTER_SETTING,
    DEFAULT,
    PROVIDER,
    SPEC,
    Derived,
    Origin,
    Placeholder,
)
from kubectl_akslb.render.terminal import Terminal
from kubectl_akslb.render.text import Detail, explanation
from kubectl_akslb.render.why import in_short, matching, shown, trail, unmatched
from tests.given import screens as services
from tests.given.screens import PREFIX, explained, manifest

ABSENT = Origin(ANNOTATION, "port", None)
SPOKEN = Origin(SPEC, "spec.ports[0].appProtocol", "grpc")
SHADOWED = Origin(ANNOTATION, "all-ports", "http")
FALLBACK = Origin(DEFAULT, "probe protocol", "Tcp")
PROTOCOL = Derived(
    "Tcp",
    SPOKEN,
    considered=(ABSENT, SPOKEN, SHADOWED, FALLBACK),
    notes=("'grpc' is no probe protocol",),
    upstream="buildHealthProbeRulesForPort",
)


def test_a_whole_trail() -> None:
    assert [
        "probes[0].protocol = Tcp",
        "    port: not set",
        "  → spec.ports[0].appProtocol: 'grpc'",
        "    all-ports: 'http'  (shadowed)",
        "    default of probe protocol: 'Tcp'",
        "    note: 'grpc' is no probe protocol",
        "    decided by buildHealthProbeRulesForPort",
    ] == trail("probes[0].protocol", PROTOCOL, Terminal(80))


@pytest.mark.parametrize(
    ("value", "origin", "expected"),
    [
        ("x", Origin(PROVIDER, "name", None), "  → provider: name: decides"),
        ("x", Origin(PROVIDER, "name", "x"), "  → provider: name: 'x'"),
        ("x", Origin(CLUSTER_SETTING, "loadBalancerSku", "basic"), "  → cluster: loadBalancerSku: 'basic'"),
        ("x", Origin(DEFAULT, "path", "/"), "  → default of path: '/'"),
        ("x", Origin(SPEC, "spec.type", ""), "  → spec.type: ''"),
        ("x", Origin(SPEC, "spec.type", None), "  → spec.type: not set"),
        (
            Placeholder("nodePort of 80"),
            Origin(SPEC, "spec.ports[0].nodePort", None),
            "  → spec.ports[0].nodePort: not set; only the cluster can tell",
        ),
        ("a<uid of x/y>", Origin(SPEC, "metadata.uid", None), "  → metadata.uid: not set; only the cluster can tell"),
    ],
)
def test_the_winner(value: str, origin: Origin, expected: str) -> None:
    assert expected == trail("x", Derived(value, origin), Terminal(80))[1]


def test_a_winner_that_is_not_among_the_considered_stands_first() -> None:
    lines = trail("x", Derived("a", FALLBACK, considered=(ABSENT,)), Terminal(80))
    assert ["  → default of probe protocol: 'Tcp'", "    port: not set"] == lines[1:]


def test_the_same_place_wins_once() -> None:
    lines = trail("x", Derived("a", SPOKEN, considered=(SPOKEN, SPOKEN)), Terminal(80))
    assert 1 == sum("→" in line for line in lines)


def test_a_long_note_is_folded_under_itself() -> None:
    lines = trail("x", Derived("a", FALLBACK, notes=("one two three four five six seven",)), Terminal(30))
    assert ["    note: one two three four", "      five six seven"] == lines[-2:]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"), (False, "false"), (5, "5"), ("a b", "a b"), (("1", "2"), "1, 2"), ((), "(none)"),
        ((("RoutingPreference", "Internet"),), "RoutingPreference, Internet"),
    ],
)  # fmt: skip
def test_values_stand_as_in_arm(value: object, expected: str) -> None:
    assert expected == shown(value)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (Origin(ANNOTATION, f"{PREFIX}azure-x", "1"), "azure-x '1'"),
        (Origin(DEFAULT, "path", "/"), "default"),
        (Origin(PROVIDER, "shared probe", "x"), "shared probe"),
        (Origin(SPEC, "spec.type", None), "spec.type"),
    ],
)
def test_in_few_words(origin: Origin, expected: str) -> None:
    assert expected == in_short(Derived("x", origin), PREFIX)


PATHS: dict[str, Derived[Any]] = dict.fromkeys(
    [
        "loadBalancer.name",
        "loadBalancer.probes[0].name",
        "loadBalancer.probes[0].port",
        "loadBalancer.probes[1].port",
        "loadBalancer.probes[10].port",
        "loadBalancer.loadBalancingRules[0].name",
        "loadBalancer.loadBalancingRules[0].probe",
        "publicIPAddresses[0].tags.a.b",
    ],
    PROTOCOL,
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("all", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("loadBalancer.probes[0].port", [2]),
        ("probes[0].port", [2]),
        ("port", [2, 3, 4]),
        ("name", [0, 1, 5]),
        ("probes[0]", [1, 2]),
        ("probes[1]", [3]),
        ("probes", [1, 2, 3, 4]),
        ("probe", [6]),
        ("loadBalancer", [0, 1, 2, 3, 4, 5, 6]),
        ("probes[*]", [1, 2, 3, 4]),
        ("probes[*].port", [2, 3, 4]),
        ("loadBalancingRules[*]", [5, 6]),
        ("*.tags.*", [7]),
        ("*", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("nope", []),
        ("", []),
        ("probes[", []),
        ("[0]", []),
        ("por?", []),
        ("probes[?].port*", []),
        ("[!x]*", []),
    ],
)
def test_what_a_path_means(wanted: str, expected: list[int]) -> None:
    paths = list(PATHS)
    assert [paths[index] for index in expected] == matching(PATHS, wanted)


def why(given: str, *wanted: str) -> str:
    return explanation(explained(given), Terminal(80), Detail(why=wanted or ("all",)))


def test_one_value_of_a_service() -> None:
    expected = """\
shop/web
loadBalancer.probes[0].port = <nodePort of 80>
    service.beta.kubernetes.io/port_80_health-probe_port: not set
  → spec.ports[0].nodePort: not set; only the cluster can tell
    decided by buildHealthProbeRulesForPort
"""
    assert expected == why(services.PLAIN, "probes[0].port")


def test_a_loser_is_shadowed() -> None:
    given = manifest(
        annotations={"port_80_health-probe_interval": '"10"', "azure-load-balancer-health-probe-interval": '"15"'}
    )
    lines = why(given, "intervalInSeconds").splitlines()
    assert f"  → {PREFIX}port_80_health-probe_interval: '10'" == lines[2]
    assert [f"    {PREFIX}azure-load-balancer-health-probe-interval:", "      '15'  (shadowed)"] == lines[3:5]


def test_values_that_two_paths_mean_stand_once() -> None:
    assert why(services.PLAIN, "probes[0].port") == why(services.PLAIN, "probes[0].port", "probes[*].port")


def test_an_ignored_service_says_why() -> None:
    expected = """\
shop/web
ignored = loadBalancerClass 'example.com/own' hands the Service to another
    controller
  → spec.loadBalancerClass: 'example.com/own'
    decided by wantsLoadBalancer
"""
    assert expected == why(services.OTHER_CLASS)


def test_a_refused_service_says_why_first() -> None:
    lines = why(services.REFUSED).splitlines()
    assert [
        "shop/web",
        "refusal = SCTP is only supported on standard loadbalancer in internal mode",
        "  → spec.ports[0].protocol: 'SCTP'",
    ] == lines[:3]
    assert "publicIPAddresses[0].name = kubernetes-a<uid>" in lines


@pytest.mark.parametrize("name", services.ALL)
def test_every_value_has_a_trail_with_one_winner(name: str) -> None:
    blocks = why(services.ALL[name]).partition("\n")[2].split("\n\n")
    for block in blocks:
        head, *rest = block.splitlines()
        assert " =" in head, block
        assert 1 == sum(line.startswith("  → ") for line in rest), block


def test_paths_that_mean_nothing_are_named() -> None:
    result = explained(services.PLAIN, services.HA_PORTS)
    assert ["nope", "probes[9]"] == unmatched(result, ["nope", "probes[0].port", "probes[9]", "all"])
