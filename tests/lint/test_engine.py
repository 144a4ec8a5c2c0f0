"""The engine: places, order, suppressions, options, exit codes, and input of every shape."""

import json

import pytest

from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.lint.diagnostic import ERROR, INFO, WARNING
from kubectl_akslb.lint.engine import NEVER, LintOptions, LintResult, exit_code, lint
from kubectl_akslb.lint.suppress import Suppression, suppressions
from tests.given.manifests import PREFIX, cluster, found, linted, service

HTTP = "name: http, port: 80, appProtocol: http"
BAD = service('azure-load-balancer-tcp-idle-timeout: "3"')
WARNED = service('azure-load-balancer-tcp-idle-timeout: "60"')


def test_a_finding_names_its_place() -> None:
    (one,) = (d for d in linted(BAD).diagnostics if d.severity == ERROR)
    assert ("web.yaml", 6, 70, 3, "default/web", 0) == (
        one.path, one.line, one.column, one.length, one.service, one.document,
    )  # fmt: skip
    assert BAD.split("\n")[5] == one.source_line


def test_a_key_is_marked_in_full() -> None:
    (one,) = (d for d in linted(service("azure-tls: a")).diagnostics if d.rule == "unknown-annotation")
    assert (5, len(PREFIX + "azure-tls")) == (one.column, one.length)


def test_findings_are_in_the_order_of_files_and_lines() -> None:
    inputs = [("b.yaml", BAD.encode()), ("a.yaml", f"{WARNED}---\n{BAD.replace('web', 'api')}".encode())]
    places = [(one.path, one.line) for one in lint(inputs, cluster()).diagnostics]
    assert sorted(places) == places
    assert {"a.yaml", "b.yaml"} == {path for path, _ in places}


def test_services_of_all_files_share_addresses() -> None:
    one = service("azure-pip-name: shared")
    inputs = [("a.yaml", one.encode()), ("b.yaml", one.replace("name: web", "name: api").encode())]
    (refused,) = (d for d in lint(inputs, cluster()).diagnostics if d.severity == ERROR)
    assert ("b.yaml", "refused-by-provider") == (refused.path, refused.rule)
    assert "service port" in refused.message


def test_what_cannot_be_read_is_a_problem_and_the_rest_is_linted() -> None:
    result = linted(f"{BAD}---\nkind: Service\napiVersion: v1\nspec: [\n")
    assert (1, 1, 3) == (len(result.problems), result.services, exit_code(result))
    assert "idle-timeout-out-of-range" in {one.rule for one in result.diagnostics}


def test_no_text_at_all_raises() -> None:
    with pytest.raises(InputError, match="UTF-16"):
        lint([("a", b"\xff\xfe")], cluster())


def test_a_service_that_is_wrong_in_more_than_its_annotations_is_a_problem() -> None:
    result = linted(service("azure-load-balancer-internal: true").replace("port: 80", "port: eighty"))
    assert (0, 1) == (result.services, len(result.problems))


def test_a_list_of_annotations_is_a_problem() -> None:
    result = linted(service().replace("  name: web", "  name: web\n  annotations: [a]"))
    assert ["metadata.annotations must be a mapping, but it is a list"] == [p.message for p in result.problems]


def test_unquoted_values_in_a_list_are_found_where_they_are() -> None:
    items = [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "annotations": annotations},
         "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
        for name, annotations in (("a", {}), ("b", {PREFIX + "azure-load-balancer-internal": True}), ("c", {}))
    ]  # fmt: skip
    result = linted(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1))
    assert (3, ()) == (result.services, result.problems)
    (one,) = (d for d in result.diagnostics if d.rule == "unquoted-annotation-value")
    assert (("items", 1), "default/b") == (one.at, one.service)


def test_secrets_are_neither_read_nor_quoted() -> None:
    document = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n"
    result = linted(f"{document}---\n{BAD}")
    assert "hunter2" not in repr(result)


def test_a_list_with_a_secret_quotes_no_line() -> None:
    text = """apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: hunter2}}
  - apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: LoadBalancer, ports: [{port: 80}]}
"""
    result = linted(text)
    assert [""] == [one.source_line for one in result.diagnostics]
    assert "hunter2" not in repr(result)


# Options --------------------------------------------------------------------------------------------------------------


def _ids(text: str, options: LintOptions) -> list[str]:
    return [one.rule for one in linted(text, options=options).diagnostics]


def test_rules_are_selected_and_ignored_by_patterns() -> None:
    text = service('azure-load-balancer-tcp-idle-timeout: "31"', "azure-tls: a")
    assert ["idle-timeout-over-30"] == _ids(text, LintOptions(select=("idle-*",)))
    assert ["idle-timeout-over-30", "open-to-the-internet"] == _ids(text, LintOptions(ignore=("unknown-annotation",)))
    assert [] == _ids(text, LintOptions(select=("idle-*",), ignore=("*",)))


def test_severities_can_be_changed() -> None:
    (one,) = linted(service(), options=LintOptions(severities=(("open-to-the-internet", ERROR),))).diagnostics
    assert ERROR == one.severity


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (LintOptions(select=("idle-timeout-over-3O",)), "Did you mean idle-timeout-over-30?"),
        (LintOptions(ignore=("no-such-*",)), "kubectl akslb rules lists all"),
        (LintOptions(severities=(("nothing", INFO),)), "kubectl akslb rules lists all"),
    ],
)
def test_a_rule_that_does_not_exist_is_wrong_usage(options: LintOptions, hint: str) -> None:
    with pytest.raises(AkslbError) as caught:
        linted(service(), options=options)
    assert hint == caught.value.hint


@pytest.mark.parametrize(
    ("text", "fail_on", "wanted"),
    [
        (BAD, ERROR, 1), (BAD, NEVER, 0), (WARNED, ERROR, 0), (WARNED, WARNING, 1), (service(), WARNING, 0),
        (service(), INFO, 1), ("", INFO, 0),
    ],
)  # fmt: skip
def test_exit_code(text: str, fail_on: str, wanted: int) -> None:
    assert wanted == exit_code(linted(text), fail_on)


def test_a_problem_is_worse_than_a_finding() -> None:
    problem = InputError("no")
    assert 3 == exit_code(LintResult((), (problem,), 0), NEVER)


# Suppressions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, ()),
        ("", ()),
        ("a-rule: because", (("a-rule", "because"),)),
        ("a-rule: one, two; three", (("a-rule", "one, two; three"),)),
        ("a-rule: one, b-rule: two", (("a-rule", "one"), ("b-rule", "two"))),
        ("a-rule, b-rule", (("a-rule", ""), ("b-rule", ""))),
        ("a-rule:", (("a-rule", ""),)),
        ("a-rule: see RFC 1918: private,\n b-rule: two\n", (("a-rule", "see RFC 1918: private"), ("b-rule", "two"))),
        ("a-rule: b,c", (("a-rule", "b,c"),)),
        ("a-rule: x, y: z", (("a-rule", "x, y: z"),)),
        ("a-rule: well-known, long-lived", (("a-rule", "well-known, long-lived"),)),
        ("a-rule, b-rule: two", (("a-rule", ""), ("b-rule", "two"))),
        ("nohyphen: why", (("nohyphen", "why"),)),
        (", a-rule: why,", (("a-rule", "why"),)),
    ],
)
def test_entries_of_a_suppression(value: str | None, wanted: tuple[tuple[str, str], ...]) -> None:
    assert tuple(Suppression(*one) for one in wanted) == suppressions(value)


def test_a_suppression_with_a_reason_silences_its_rule_only() -> None:
    text = service('akslb.dev/ignore: "http-probe-on-unknown-workload: it answers 200"', "azure-tls: a", ports=[HTTP])
    result = linted(text)
    assert ["unknown-annotation"] == found(text)
    assert 1 == result.suppressed


def test_all_findings_of_a_rule_are_silenced() -> None:
    text = service(
        'akslb.dev/ignore: "http-probe-on-unknown-workload: fine"',
        ports=[HTTP, "name: https, port: 443, appProtocol: https"],
    )
    assert ([], 2) == (found(text), linted(text).suppressed)


def test_a_suppression_of_a_rule_that_did_not_run_is_not_unused() -> None:
    text = service('akslb.dev/ignore: "no-node-ports: we set them"')
    assert ["unused-suppression"] == found(text)
    assert () == linted(text, options=LintOptions(select=("unused-suppression",))).diagnostics


def test_suppressions_cannot_be_suppressed() -> None:
    text = service('akslb.dev/ignore: "unused-suppression: no, no-node-ports: no"')
    assert ["unused-suppression"] * 2 == found(text)


def test_an_id_that_does_not_exist_gets_a_suggestion() -> None:
    text = service('akslb.dev/ignore: "open-to-the-internets: yes"')
    (one,) = (d for d in linted(text).diagnostics if d.rule == "unused-suppression")
    assert ("Did you mean open-to-the-internet?", None) == (one.hint, one.fix)
