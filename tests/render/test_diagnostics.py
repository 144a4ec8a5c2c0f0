"""Findings in every format: readable for what they are made for, and closed to what manifests put into names."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb import render
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.errors import InputError
from kubectl_akslb.fix.fixer import FixedFile, FixResult
from kubectl_akslb.lint.diagnostic import ERROR, INFO, SAFE, WARNING, Diagnostic, Fix
from kubectl_akslb.lint.engine import LintResult, lint
from kubectl_akslb.lint.registry import ALL_RULES
from kubectl_akslb.manifest.splice import Edit
from kubectl_akslb.model.command import command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.profile.load import default_profile
from kubectl_akslb.render.diagnostics import diagnostics
from kubectl_akslb.render.diagnostics_formats import (
    Format,
    rendered,
    rendered_fix,
)
from kubectl_akslb.render.diagnostics_json import diagnostics_json, fixed_json
from kubectl_akslb.render.diff import diff
from kubectl_akslb.render.sarif import fingerprint, sarif
from kubectl_akslb.render.terminal import Terminal, cells
from tests.given.manifests import linted, mended, service
from tests.given.screens import manifest

WIDE = Terminal(100)
SCHEMA = json.loads((Path(render.__file__).parent / "diagnostics.schema.json").read_text(encoding="utf-8"))
TEXT_OF = service('azure-load-balancer-tcp-idle-timeout: "3"', "azure-tls: a")
RESULT = linted(TEXT_OF)
PROBLEM = InputError("it cannot be read", path="b.yaml", line=3, column=1, hint="Do something.")
NASTY = "a\x1b[31m|`<b>]]>&\u202e\n::error::x,y:z%"
HOSTILE = LintResult(
    (Diagnostic("no-node-ports", ERROR, NASTY, f"shop/{NASTY}", f"{NASTY}.yaml", 1, 1, None, hint=NASTY, verify=command("echo", NASTY), source_line=NASTY),),
    (InputError(NASTY, path=NASTY),),
    1,
)  # fmt: skip


def test_an_edit_that_mends_two_findings_is_shown_once() -> None:
    ports = ("{port: 80, name: a, appProtocol: http}", "{port: 82, name: b, appProtocol: https}")
    given = manifest(*ports, labels="{app.kubernetes.io/name: ingress-nginx}")
    shown = diagnostics(lint([("web.yaml", given.encode())], default_profile().cluster), Terminal(80))
    assert 1 == shown.count("+ service.beta.kubernetes.io/port_82_health-probe_protocol"), shown
    assert "  fix:    the edit above, of probe-path-not-answered\n" in shown


def one(**fields: Any) -> Diagnostic:
    return Diagnostic("no-node-ports", ERROR, "no", "shop/web", "a.yaml", 2, 3)._replace(**fields)


# Text -----------------------------------------------------------------------------------------------------------------


def test_text() -> None:
    assert """\
web.yaml:6:70: error[idle-timeout-out-of-range]: the Service stays pending: error generate lb rule
    for ha mod loadbalancer. err: error parsing idle timeout key:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout, err: error parsing value: idle
    timeout value must be a whole number representing minutes between 4 and 100, actual value: 3
  6 |     service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "3"
    |                                                                      ^^^
  hint:   Azure's pages allow 4 to 30 minutes.
  fix:    set it to 4

web.yaml:7:5: warning[unknown-annotation]: Azure's provider does not know azure-tls
  7 |     service.beta.kubernetes.io/azure-tls: a
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  hint:   Remove it, or look the right one up: docs/annotations.md lists all that are read.

1 error, 1 warning in 1 Service of type LoadBalancer; 1 can be fixed with --fix
""" == diagnostics(RESULT, WIDE)


def test_the_worst_comes_first() -> None:
    found = tuple(one(line=line, severity=severity) for line, severity in enumerate((INFO, WARNING, ERROR, WARNING)))
    heads = re.findall(r"^a\.yaml:(\d):", diagnostics(LintResult(found, (), 1), WIDE), re.MULTILINE)
    assert ["2", "1", "3", "0"] == heads


def test_what_one_edit_mends_is_told_once_with_all_its_places() -> None:
    fix = Fix("annotate a: b", (Edit(5, 5, "  annotations:\n    a: b\n"),), SAFE)
    shown = diagnostics(LintResult((one(fix=fix), one(fix=fix, line=7)), (), 1), WIDE)
    assert "a.yaml:2:3: error[no-node-ports]: no\n  also:   7:3\n  fix:    + a: b\n\n1 error in 1 Service" in shown


def test_services_that_are_open_share_a_line() -> None:
    found = tuple(one(rule="open-to-the-internet", severity=INFO, service=f"shop/{name}") for name in "abcdefg")
    shown = " ".join(diagnostics(LintResult(found, (), 7), WIDE).split())
    assert shown.startswith("info[open-to-the-internet]: everybody on the internet can reach shop/a, shop/b,")
    assert "shop/e and 2 more 7 info in 7 Services" in shown
    assert "a.yaml:2:3: error[open-to-the-internet]" in diagnostics(
        LintResult((found[0]._replace(severity=ERROR),), (), 1), WIDE
    )


def test_an_object_of_a_cluster_has_no_line_but_a_field() -> None:
    live = one(path="shop/web", steps=("spec", "ports", 0, "appProtocol"), source_line="appProtocol: x", column=14)
    shown = diagnostics(LintResult((live,), (), 1), WIDE).split("\n")
    assert ["shop/web spec.ports[0].appProtocol: error[no-node-ports]: no", "   | appProtocol: x"] == shown[:2]


@pytest.mark.parametrize("form", [form for form in get_args(Format) if form != "text"])
def test_every_format_names_the_field_of_an_object_of_a_cluster_and_no_file(form: Format) -> None:
    live = one(path="shop/web", steps=("spec", "externalTrafficPolicy"), line=7)
    shown = rendered(LintResult((live,), (), 1), form, WIDE)
    assert "spec.externalTrafficPolicy" in shown
    assert form == "json" or not re.search(r"web:7|line=|file=|artifactLocation", shown)


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (LintResult((), (), 0), "no findings in 0 Services of type LoadBalancer\n"),
        (LintResult((), (), 2, 1), "no findings in 2 Services of type LoadBalancer; 1 suppressed\n"),
    ],
)
def test_nothing_is_said_in_a_line(found: LintResult, wanted: str) -> None:
    assert wanted == diagnostics(found, WIDE)


def test_fixes_are_counted_by_their_safety() -> None:
    fixes = [Fix("a", (), SAFE), Fix("b", (), "unsafe")]
    found = tuple(one(fix=fix, severity=WARNING, line=line) for line, fix in enumerate(fixes))
    assert "2 warnings in 1 Service of type LoadBalancer; 1 can be fixed with --fix; 1 more with --unsafe-fixes" in (
        diagnostics(LintResult(found, (), 1), WIDE)
    )
    assert "; 1 can be fixed with --unsafe-fixes\n" in diagnostics(LintResult(found[1:], (), 1), WIDE)


@pytest.mark.parametrize(
    ("line", "column", "length", "wanted"),
    [
        ("a: b", 4, 1, "   ^"),
        ("世界: b", 5, 1, "      ^"),
        ("e\u0301: b", 5, 1, "   ^"),
        ("a: 世界", 4, 2, "   ^^^^"),
        ("a: \x1b", 4, 1, "   ^^^^"),
        ("\ta", 2, 1, " ^"),
        ("a", 9, 3, " ^"),
    ],
)
def test_the_caret_is_below_the_place(line: str, column: int, length: int, wanted: str) -> None:
    shown = diagnostics(LintResult((one(source_line=line, column=column, length=length),), (), 1), WIDE).split("\n")
    assert f"    | {wanted}" == shown[2]


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown = diagnostics(LintResult((one(source_line=line, column=501, length=4),), (), 1), WIDE).split("\n")
    at = shown[2].index("^")
    assert ("HERE", "^^^^") == (shown[1][at : at + 4], shown[2][at : at + 4])
    assert len(shown[1]) < 120


def test_a_line_that_may_not_be_shown_is_not() -> None:
    assert "|" not in diagnostics(LintResult((one(),), (), 1), WIDE)


def test_a_narrow_terminal_still_shows_everything() -> None:
    shown = diagnostics(RESULT, Terminal(40))
    assert RESULT.diagnostics[1].message.split() == shown.split("unknown-annotation]:")[1].split("\n  7 |")[0].split()


def test_colours_change_no_text() -> None:
    plain, coloured = diagnostics(RESULT, WIDE), diagnostics(RESULT, Terminal(100, colours=True))
    assert plain == re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert coloured != plain


def test_cells() -> None:
    assert [3, 4, 1, 0] == [cells(text) for text in ("abc", "世界", "e\u0301", "")]


# What is mended -------------------------------------------------------------------------------------------------------


def test_a_hint_that_only_repeats_the_fix_is_left_out() -> None:
    key = "service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges"
    internal = 'azure-load-balancer-internal: "true"', 'azure-allowed-ip-ranges: "198.51.100.0/24"'
    shown = diagnostics(linted(service(*internal)), WIDE)
    assert (1, 0) == (shown.count(f'{key}: "true"'), shown.count("hint:"))
    assert f'  fix:    + {key}: "true"' in shown


def test_a_fix_that_adds_lines_shows_them_with_their_whole_keys() -> None:
    text = rendered_fix(mended(service(ports=["port: 80, appProtocol: http"])), "text", WIDE)
    assert text.startswith(
        "fixed web.yaml:8:31 http-probe-on-unknown-workload\n"
        "  + service.beta.kubernetes.io/port_80_health-probe_protocol: tcp\n\n"
    ), text


def test_where_nothing_could_be_read_nothing_is_counted() -> None:
    assert "" == diagnostics(LintResult((), (PROBLEM,), 0), WIDE)
    assert "no findings" in diagnostics(LintResult((), (PROBLEM,), 1), WIDE)


def test_what_was_fixed_is_told_first() -> None:
    text = rendered_fix(mended(TEXT_OF), "text", WIDE)
    assert text.startswith("fixed web.yaml:6:70 idle-timeout-out-of-range: set it to 4\n\nweb.yaml:7:5: warning")


def test_what_was_declined_is_told() -> None:
    result = FixResult((), (), (one(),), LintResult((), (), 1))
    assert "not fixed a.yaml:2:3 no-node-ports: it would change too much\n" in rendered_fix(result, "text", WIDE)


def test_fixed_as_json() -> None:
    body = json.loads(rendered_fix(mended(TEXT_OF), "json", WIDE))
    jsonschema.validate(body, SCHEMA)
    assert (["web.yaml"], ["idle-timeout-out-of-range"], []) == (
        body["changedFiles"], [one["rule"] for one in body["fixed"]], body["declined"],
    )  # fmt: skip


@pytest.mark.parametrize("form", ["sarif", "github", "junit", "markdown"])
def test_other_formats_tell_what_is_left(form: Format) -> None:
    result = mended(TEXT_OF)
    assert rendered(result.remaining, form, WIDE) == rendered_fix(result, form, WIDE)


# JSON -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", [RESULT, LintResult((), (), 0), LintResult((), (PROBLEM,), 0)])
def test_json_is_as_the_schema_says(result: LintResult) -> None:
    jsonschema.validate(json.loads(diagnostics_json(result)), SCHEMA)


def test_json_has_everything() -> None:
    found = json.loads(diagnostics_json(RESULT))["findings"][0]
    assert {
        "rule": "idle-timeout-out-of-range", "severity": "error", "effect": "stops", "hint": "Azure's pages allow 4 to 30 minutes.",
        "verify": "", "confidence": "certain", "object": "default/web", "path": "web.yaml", "line": 6, "column": 70,
        "field": 'metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout"]',
        "endColumn": 73, "document": 0,
        "fix": {
            "title": "set it to 4", "applicability": "safe",
            "changes": ['metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout"]'],
        },
        "message": RESULT.diagnostics[0].message,
    } == found  # fmt: skip


def test_every_field_of_the_schema_is_described() -> None:
    def properties(node: Any) -> list[Any]:
        if isinstance(node, list):
            return [found for item in node for found in properties(item)]
        if not isinstance(node, dict):
            return []
        own = list(node.get("properties", {}).values())
        return own + [found for item in node.values() for found in properties(item)]

    assert [] == [found for found in properties(SCHEMA) if not found.get("description")]


def test_fixed_json_without_changes() -> None:
    body = json.loads(fixed_json(mended("")))
    assert ([], [], []) == (body["fixed"], body["declined"], body["changedFiles"])


# SARIF ----------------------------------------------------------------------------------------------------------------


def run(result: LintResult) -> Any:
    body = json.loads(sarif(result))
    assert "2.1.0" == body["version"]
    return body["runs"][0]


def test_sarif_results_refer_to_their_rules() -> None:
    found = run(RESULT)
    rules = found["tool"]["driver"]["rules"]
    assert [rule.id for rule in ALL_RULES] == [rule["id"] for rule in rules]
    assert [one.rule for one in RESULT.diagnostics] == [rules[one["ruleIndex"]]["id"] for one in found["results"]]
    assert ["error", "warning"] == [one["level"] for one in found["results"]]
    assert ["note"] == [one["level"] for one in run(linted(service()))["results"]]


def test_sarif_places() -> None:
    place = run(RESULT)["results"][0]["locations"][0]
    assert {"startLine": 6, "startColumn": 70, "endColumn": 73} == place["physicalLocation"]["region"]
    assert "web.yaml" == place["physicalLocation"]["artifactLocation"]["uri"]
    assert "default/web" == place["logicalLocations"][0]["fullyQualifiedName"]


def test_a_file_name_becomes_a_uri() -> None:
    found = run(LintResult((one(path="my charts\\a#b.yaml"),), (), 1))
    assert (
        "my%20charts/a%23b.yaml" == found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    )


def test_a_finding_keeps_its_fingerprint_when_lines_move() -> None:
    assert fingerprint(one()) == fingerprint(one(line=9, column=1, source_line="x"))
    assert 5 == len({fingerprint(one(**change)) for change in (
        {}, {"rule": "a-b"}, {"path": "b"}, {"service": "shop/api"}, {"message": "yes"},
    )})  # fmt: skip


def test_a_problem_is_a_failed_invocation() -> None:
    (invocation,) = run(LintResult((), (PROBLEM,), 0))["invocations"]
    assert not invocation["executionSuccessful"]
    assert "it cannot be read" == invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert run(RESULT)["invocations"] == [{"executionSuccessful": True}]


# GitHub, JUnit, Markdown ----------------------------------------------------------------------------------------------


def test_github() -> None:
    lines = rendered(LintResult((one(hint="Do. So: 100%"), one(severity=INFO)), (PROBLEM,), 1), "github", WIDE).split(
        "\n"
    )
    assert [
        "::error file=a.yaml,line=2,col=3,endColumn=4,title=no-node-ports (shop/web)::no%0ADo. So: 100%25",
        "::notice file=a.yaml,line=2,col=3,endColumn=4,title=no-node-ports (shop/web)::no",
        "::error file=b.yaml,line=3,title=cannot be read::it cannot be read",
        "",
    ] == lines


def test_junit() -> None:
    open_to_all = linted(service()).diagnostics
    result = LintResult((*RESULT.diagnostics, *open_to_all, one(hint="Do.")), (PROBLEM,), 1)
    root = ET.fromstring(rendered(result, "junit", WIDE))  # noqa: S314 - our own text
    suites = [(suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("skipped")) for suite in root]
    assert [("web.yaml", "3", "2", "1"), ("a.yaml", "1", "1", "0"), ("cannot be read", "1", "0", "0")] == suites
    assert "a.yaml:2:3: Do." == root[1][0][0].text


def test_junit_without_findings_has_a_passed_test() -> None:
    root = ET.fromstring(rendered(LintResult((), (), 1), "junit", WIDE))  # noqa: S314 - our own text
    assert [("lint", 0)] == [(case.get("name"), len(case)) for suite in root for case in suite]


def test_markdown() -> None:
    fix = Fix("annotate it", (), SAFE)
    text = rendered(
        LintResult((one(fix=fix, confidence=Confidence.DOCUMENTED, hint="Do."),), (PROBLEM,), 1), "markdown", WIDE
    )
    assert (
        """\
| severity | where | what | rule |
| --- | --- | --- | --- |
| error | shop/web, a.yaml:2 | no (documented). Do. Fix (safe): annotate it. | [no-node-ports](https://github.com/akslb/\
kubectl-akslb/blob/main/docs/rules/no-node-ports.md) |

> **not read**: b.yaml:3: it cannot be read

1 error in 1 Service of type LoadBalancer; 1 can be fixed with --fix.
"""
        == text
    )


# Names that bite ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", get_args(Format))
def test_no_name_acts_on_a_terminal(form: Format) -> None:
    text = rendered(HOSTILE, form, WIDE)
    assert "\x1b" not in text
    assert "\u202e" not in text or form == "junit"


def test_no_name_starts_another_command() -> None:
    lines = rendered(HOSTILE, "github", WIDE).strip().split("\n")
    assert 2 == len(lines)
    properties = lines[0].split("::")[1].removeprefix("error ")
    assert {"file", "line", "col", "endColumn", "title"} == {part.partition("=")[0] for part in properties.split(",")}


def test_no_name_breaks_xml_or_a_table() -> None:
    root = ET.fromstring(rendered(HOSTILE, "junit", WIDE))  # noqa: S314 - our own text
    assert clean(NASTY.partition("\n")[0]) in (root[0].get("name") or "")
    assert (root[0].get("name") or "").isprintable() == ("\n" not in NASTY)
    rows = [line for line in rendered(HOSTILE, "markdown", WIDE).split("\n") if line.startswith("| error")]
    assert [5] == [len(re.findall(r"(?<!\\)\|", row)) for row in rows]


# Diff -----------------------------------------------------------------------------------------------------------------


def test_a_diff_applies_as_it_is() -> None:
    files = [FixedFile("/srv/a.yaml", b"a\r\nb\x85c\r\nd", b"a\r\nb\x85c\r\ne"), FixedFile("b.yaml", b"x\n", b"x\n")]
    assert (
        "--- a/srv/a.yaml\n+++ b/srv/a.yaml\n@@ -1,3 +1,3 @@\n a\r\n b\udc85c\r\n-d\n\\ No newline at end of file\n+e\n"
        "\\ No newline at end of file\n"
    ) == diff(files)


def test_a_diff_of_an_empty_file() -> None:
    assert "--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+b\n" == diff([FixedFile("a", b"", b"b\n")])
