"""Fixes: what they leave alone, in what order they are made, and what becomes of one that cannot be proven."""

import difflib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from kubectl_akslb.fix import fixer
from kubectl_akslb.fix.fixer import fix, target_of
from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, WARNING, Diagnostic, Fix
from kubectl_akslb.lint.engine import Linted, LintOptions
from kubectl_akslb.lint.registry import ALL_RULES
from kubectl_akslb.lint.rules import udp_without_probe
from kubectl_akslb.manifest.splice import Edit
from tests.given.manifests import PREFIX, after, cluster, linted, mended, service

HTTP = "name: http, port: 80, appProtocol: http"
HTTPS = "name: https, port: 443, appProtocol: https"


def added(text: str, result: str) -> list[str]:
    """The lines that are new; nothing else may differ."""
    changes = [line for line in difflib.ndiff(text.splitlines(), result.splitlines()) if line[0] in "+-"]
    assert not [line for line in changes if line.startswith("-")]
    return [line[2:].strip() for line in changes]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_and_byte_order_marks_stay(end: str, mark: str) -> None:
    text = mark + service(ports=[HTTP]).replace("\n", end)
    result = after(mended(text))
    assert [PREFIX + "port_80_health-probe_protocol: tcp"] == added(text.replace("  ports", "  ports"), result)[1:]
    assert result.count(end) == text.count(end) + 2
    assert result.startswith(mark)


def test_two_ports_are_mended_in_the_order_of_the_manifest() -> None:
    text = service('azure-load-balancer-tcp-idle-timeout: "10"', ports=[HTTP, HTTPS])
    lines = [PREFIX + f"port_{port}_health-probe_protocol: tcp" for port in (80, 443)]
    assert lines == added(text, after(mended(text)))


def test_annotations_come_into_being_once() -> None:
    text = service(ports=[HTTP, HTTPS])
    result = after(mended(text))
    assert 1 == result.count("annotations:")
    assert ["annotations:", *(PREFIX + f"port_{port}_health-probe_protocol: tcp" for port in (80, 443))] == added(
        text, result
    )


def test_one_cure_for_two_findings_is_made_once() -> None:
    text = service(ports=[HTTP, HTTPS], metadata=["labels: {app.kubernetes.io/name: ingress-nginx}"])
    result = mended(text)
    assert 2 == len(result.applied)
    assert 1 == after(result).count("request-path: /healthz")


def test_a_fix_can_uncover_another_finding() -> None:
    text = service(
        'azure-load-balancer-health-probe-interval: "3s"', 'azure-load-balancer-health-probe-num-of-probe: "1"'
    )
    result = mended(text)
    assert ["not-a-whole-number", "probe-count-too-low", "probe-interval-too-short"] == sorted(
        d.rule for d in result.applied
    )
    assert 'interval: "5"' in after(result)


def test_unsafe_fixes_need_consent() -> None:
    text = service('azure-load-balancer-internal: "True"')
    by_default = fix([("web.yaml", text.encode())], cluster())
    assert (text, (), ()) == (after(by_default), by_default.applied, by_default.declined)
    assert text.replace("True", "true") == after(mended(text, unsafe=True))


def test_unsafe_fixes_wait_for_the_safe_ones() -> None:
    text = service("azure-allowed-ip-ranges: 10.0.0.1/24", ports=[HTTP]) + "---\n" + service(
        "azure-allowed-ip-ranges: 10.0.0.0/24", ports=[HTTP]
    ).replace("name: web", "name: api")  # fmt: skip
    result = mended(text, unsafe=True)
    assert () == result.declined
    kinds = [one.fix.applicability for one in result.applied if one.fix is not None]
    assert kinds == sorted(kinds)
    assert {SAFE, UNSAFE} == set(kinds)


def test_an_unquoted_boolean_is_written_as_it_is_meant() -> None:
    text = service("azure-load-balancer-internal: yes", "azure-load-balancer-tcp-idle-timeout: 0x10")
    result = after(mended(text, options=LintOptions(select=("unquoted-*",))))
    assert text.replace(": yes", ': "true"').replace(": 0x10", ': "0x10"') == result


def test_flow_and_json_documents_are_mended_in_their_style() -> None:
    text = (
        '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"type": "LoadBalancer",'
        ' "ports": [{"port": 80, "appProtocol": "http"}]}}'
    )
    wanted = text.replace(
        '{"name": "web"}',
        f'{{"name": "web", "annotations": {{"{PREFIX}port_80_health-probe_protocol": "tcp"}}}}',
    )
    assert wanted == after(mended(text))


def test_an_item_of_a_list_is_mended_where_it_is() -> None:
    text = """apiVersion: v1
kind: List
items:
  # first
  - apiVersion: v1
    kind: Service
    metadata:
      name: a
    spec:
      type: LoadBalancer
      ports:
        - port: 80
          appProtocol: http
  - apiVersion: v1
    kind: Service
    metadata:
      name: b   # second
      annotations:
        a: b
    spec:
      type: LoadBalancer
      ports:
        - port: 81
          appProtocol: http
"""
    result = after(mended(text))
    assert ["annotations:", *(PREFIX + f"port_{port}_health-probe_protocol: tcp" for port in (80, 81))] == added(
        text, result
    )


def test_what_is_shared_by_an_anchor_is_left_alone() -> None:
    text = service(ports=[HTTP], metadata=["annotations: &shared", "  a: b"])
    result = mended(text)
    assert (text, ()) == (after(result), result.applied)
    (one,) = (d for d in result.remaining.diagnostics if d.rule.startswith("http-probe"))
    assert one.fix is None


def test_the_deprecated_field_stays_where_it_cannot_be_taken_out_alone() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: LoadBalancer, loadBalancerIP: 20.1.1.1, ports: [{port: 80}]}\n"
    assert text == after(mended(text))


def test_a_removed_annotation_takes_its_line_only() -> None:
    text = service(
        'azure-load-balancer-tcp-idle-timeout: "10"', "azure-load-balancer-internal-subnet: apps  # old", "a/b: c"
    )
    wanted = text.replace(f"    {PREFIX}azure-load-balancer-internal-subnet: apps  # old\n", "")
    assert wanted == after(mended(text))


def test_removal_of_what_another_version_reads_needs_consent_where_no_version_is_given() -> None:
    text = service('port_80_health-probe_interval: "10"', spec=["externalTrafficPolicy: Local"])
    assert text == after(mended(text))
    assert text != after(mended(text, unsafe=True))
    assert text != after(mended(text, cluster(provider="1.30.4")))


def test_mending_twice_changes_nothing() -> None:
    text = service(
        "azure-load-balancer-tcp-idle-timeout: 3", 'azure-load-balancer-internal: "True"', ports=[HTTP, HTTPS]
    )
    once = after(mended(text, unsafe=True))
    again = mended(once, unsafe=True)
    assert (once, ()) == (after(again), again.applied)


def test_files_without_findings_keep_their_bytes() -> None:
    clean = b"# nothing\n---\n{}\n"
    result = fix([("a.yaml", clean), ("b.yaml", service(ports=[HTTP]).encode())], cluster())
    assert ("a.yaml", clean, clean) == result.files[0]
    assert ["b.yaml"] == list(fixer.changed(result.files))


# Fixes that lie -------------------------------------------------------------------------------------------------------

TEXT = service(ports=["port: 53, protocol: UDP"])


def _offering(monkeypatch: pytest.MonkeyPatch, made: Fix) -> None:
    """Let a rule offer this fix."""
    real = udp_without_probe.check
    rules = tuple(
        rule._replace(check=lambda subject: (one._replace(fix=made) for one in real(subject)))
        if rule.id == "udp-without-probe"
        else rule
        for rule in ALL_RULES
    )
    monkeypatch.setattr("kubectl_akslb.lint.engine.ALL_RULES", rules)


def _edit(old: str, new: str) -> Edit:
    start = TEXT.index(old)
    return Edit(start, start + len(old), new)


LIES = {
    "it changes the derivation": Fix("lie", (_edit("port: 53", "port: 54"),), SAFE, (("spec", "ports"),)),
    "it changes another place than it says": Fix("lie", (_edit("name: web", "name: api"),), SAFE, (("spec",),), ("*",)),
    "it is no YAML any more": Fix("lie", (_edit("type: LoadBalancer", "type: ["),), SAFE, (("spec",),), ("*",)),
    "it takes the Service away": Fix("lie", (_edit("kind: Service", "kind: Nothing"),), SAFE, (("kind",),), ("*",)),
}


@pytest.mark.parametrize("made", LIES.values(), ids=LIES.keys())
def test_a_fix_that_changes_more_than_it_says_is_declined(monkeypatch: pytest.MonkeyPatch, made: Fix) -> None:
    _offering(monkeypatch, made)
    result = mended(TEXT)
    assert (TEXT, ()) == (after(result), result.applied)
    assert ["udp-without-probe"] == [one.rule for one in result.declined]


def test_a_lie_does_not_stop_the_honest_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    _offering(monkeypatch, Fix("lie", (_edit("port: 53", "port: 54"),), SAFE, (("spec", "ports"),)))
    text = f"{TEXT}---\n{service('azure-load-balancer-internal: true', ports=[HTTP]).replace('name: web', 'name: api')}"
    result = mended(text)
    assert text.partition("---")[0] == after(result).partition("---")[0]
    assert {"unquoted-annotation-value", "http-probe-on-unknown-workload"} == {one.rule for one in result.applied}


@pytest.mark.parametrize(
    ("annotations", "ports", "honest"),
    [
        (["azure-load-balancer-internal: true"], ["port: 53, protocol: UDP"], "unquoted-annotation-value"),
        ([], ["port: 53, protocol: UDP", HTTP], "http-probe-on-unknown-workload"),
    ],
    ids=["the honest one first", "the lie first"],
)
def test_of_the_fixes_of_a_service_only_the_lie_is_declined(
    monkeypatch: pytest.MonkeyPatch, annotations: list[str], ports: list[str], honest: str
) -> None:
    text = service(*annotations, ports=ports)
    start = text.index("port: 53")
    _offering(monkeypatch, Fix("lie", (Edit(start, start + 8, "port: 54"),), SAFE, (("spec", "ports"),)))
    result = mended(text)
    assert ["udp-without-probe"] == [one.rule for one in result.declined]
    assert [honest] == [one.rule for one in result.applied]
    assert "port: 53" in after(result)


ADDS, CREATES = (Fix("", (Edit(5, 5, "x"),), SAFE, (("a",),), creates=creates) for creates in (False, True))


@pytest.mark.parametrize(
    ("one", "other", "touch"),
    [
        (ADDS, ADDS._replace(paths=(("b",),)), False),  # two lines at one place
        (CREATES, ADDS._replace(paths=(("b",),)), True),  # the first makes the place
        (ADDS, CREATES._replace(paths=(("b",),)), True),
        (ADDS, ADDS, True),  # one place of the object, whatever the text
        (CREATES, Fix("", (Edit(6, 6, "y"),), SAFE, creates=True), False),
        (ADDS, Fix("", (Edit(5, 8, ""),), SAFE), False),  # before what the other takes out, behind it, and within
        (ADDS, Fix("", (Edit(2, 5, ""),), SAFE), False),
        (ADDS, Fix("", (Edit(4, 6, ""),), SAFE), True),
        (Fix("", (Edit(2, 5, ""),), SAFE), Fix("", (Edit(5, 8, ""),), SAFE), False),
        (Fix("", (Edit(2, 6, ""),), SAFE), Fix("", (Edit(5, 8, ""),), SAFE), True),
        (Fix("", (Edit(2, 5, ""),), SAFE), Fix("", (Edit(2, 5, ""),), SAFE), True),
        (Fix("", (Edit(0, 1, ""), Edit(2, 5, "")), SAFE), Fix("", (Edit(8, 9, ""), Edit(4, 5, "")), SAFE), True),
    ],
)
def test_which_fixes_wait_for_each_other(one: Fix, other: Fix, touch: bool) -> None:
    assert [touch, touch] == [fixer._overlap(one, other), fixer._overlap(other, one)]


def test_what_two_fixes_add_at_one_place_is_added_in_the_order_of_the_findings() -> None:
    first, second = Edit(5, 5, "first\n"), Edit(5, 5, "second\n")
    removal, before = Edit(7, 9, ""), Edit(7, 7, "before")
    findings = [
        Diagnostic("rule", WARNING, "", "", fix=None if not edits else Fix("", edits, SAFE))
        for edits in [(first, removal), (first, removal), (), (second, before)]
    ]
    assert [Edit(5, 5, "first\nsecond\n"), removal, before] == fixer._edits(findings)


def test_fixes_that_undo_each_other_do_not_go_round_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    def turned(linted: Linted, declined: Sequence[Diagnostic], *, unsafe: bool) -> tuple[Diagnostic, ...]:
        del unsafe
        (one, *_) = linted.result.diagnostics
        (subject,) = linted.contexts.values()
        start = subject.text.index("port: ") + 6
        end = subject.text.index("}", start)
        edit = Edit(start, end, "8" if "port: 80" in subject.text else "80")
        turn = one._replace(fix=Fix("turn", (edit,), UNSAFE, (("spec",),), ("*",)))
        return () if declined else (turn,)

    monkeypatch.setattr(fixer, "_fixable", turned)
    result = mended(service(), unsafe=True)
    assert (1, 1) == (len(result.applied), len(result.declined))


def test_a_finding_without_a_fix_stays() -> None:
    text = service('azure-load-balancer-tcp-idle-timeout: "60"')
    assert [one.rule for one in linted(text).diagnostics] == [one.rule for one in mended(text).remaining.diagnostics]


def test_a_long_list_is_mended_in_few_rounds() -> None:
    item = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "", "annotations": {"a": "b"}},
            "spec": {"type": "LoadBalancer", "ports": [{"port": port, "appProtocol": "http"} for port in (80, 443)]}}  # fmt: skip
    items = [{**item, "metadata": {**item["metadata"], "name": f"web-{i}"}} for i in range(fixer.MAX_ROUNDS + 10)]  # type: ignore[dict-item]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1)
    result = mended(text)
    assert 2 * len(items) == len(result.applied)
    assert 2 * len(items) == after(result).count("health-probe_protocol")


def test_what_is_fixed_is_called_by_the_object_that_is_edited() -> None:
    """A Service that a controller makes is mended where it comes from; any other is named itself."""
    text = (Path(__file__).parents[2] / "examples" / "gateway.yaml").read_bytes()
    done = fix([("gateway.yaml", text)], cluster(), unsafe=True)
    assert {"Gateway shop/web"} == {one.target for one in done.fixed}
    made = done.applied[0]
    assert "Gateway shop/web" == target_of(made)
    assert {made.service} == {
        target_of(one).removeprefix("Service ") for one in (made._replace(made_of=""), made._replace(fix=None))
    }
