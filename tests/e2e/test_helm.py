"""The post-renderer under real Helm 3 and Helm 4: what is rendered, and what a user sees when it fails."""

import difflib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.e2e.conftest import Helm

pytestmark = pytest.mark.e2e

BETA = "service.beta.kubernetes.io/"
PATH = f"{BETA}azure-load-balancer-health-probe-request-path"


def tcp(port: int) -> tuple[str, str]:
    return f"{BETA}port_{port}_health-probe_protocol", "tcp"


#: What the chart "shop" is given. Hooks reach a post-renderer under Helm 4 only.
EXPECTED = {
    ("Service", "rel-web"): dict([tcp(80), tcp(8081)]),
    ("Service", "rel-api"): dict([tcp(443)]),
    ("Service", "rel-edge"): {PATH: "/healthz"},
    ("Service", "rel-json"): dict([tcp(80)]),
    ("Service", "rel-listed"): dict([tcp(8080)]),
    ("Service", "rel-anchors"): dict([tcp(80), tcp(8080)]),
    ("Gateway", "rel-gateway"): dict([tcp(80), tcp(443)]),
}
HOOKS = {("Service", "rel-early"): dict([tcp(80)])}


def objects(text: str) -> dict[tuple[str, str], Any]:
    """Every object of a stream by kind and name; those of a List too."""
    found: dict[tuple[str, str], Any] = {}
    for document in YAML(typ="safe", pure=True).load_all(text):
        for one in document["items"] if document and document["kind"] == "List" else [document]:
            if one:
                found[one["kind"], one["metadata"]["name"]] = one
    return found


def take_added(kind: str, before: Any, after: Any) -> dict[str, str]:
    """The annotations that are new in *after*, which is left without them."""
    if kind not in ("Service", "Gateway"):
        return {}
    was = before["metadata"] if kind == "Service" else before["spec"].get("infrastructure", {})
    holder = after["metadata"] if kind == "Service" else after["spec"].get("infrastructure", {})
    old, new = was.get("annotations") or {}, holder.get("annotations") or {}
    added = {key: new.pop(key) for key in list(new) if key not in old}
    if added and not new and "annotations" not in was:
        del holder["annotations"]
    if kind == "Gateway" and not holder:
        after["spec"].pop("infrastructure", None)
    return added


def test_template_gains_nothing_but_the_annotations(helm: Helm) -> None:
    plain = objects(helm("template", "rel", "shop").stdout)
    done = objects(helm.rendered("template", "rel", "shop").stdout)
    added = {key: found for key, after in done.items() if (found := take_added(key[0], plain[key], after))}
    assert added == EXPECTED | (HOOKS if helm.major == 4 else {})
    assert plain == done


def test_install_renders_the_same(helm: Helm, api_server: str) -> None:
    shown = helm.install(api_server, "rel", "shop").stdout
    manifest = shown.partition("MANIFEST:\n")[2].partition("\nNOTES:")[0]
    found = objects(manifest)
    for (kind, name), wanted in EXPECTED.items():
        one = found[kind, name]
        holder = one["metadata"] if kind == "Service" else one["spec"]["infrastructure"]
        assert wanted.items() <= holder["annotations"].items()
    assert ("notes never reach a post-renderer" in shown) is True


def test_no_other_line_changes(helm: Helm) -> None:
    done = helm.rendered("template", "rel", "shop").stdout
    assert "# Source: shop/templates/web.yaml" in done
    assert "postrenderer.helm.sh" not in done
    if helm.major == 4:
        return  # it writes all YAML anew for a post-renderer
    plain = helm("template", "rel", "shop").stdout.split("\n")
    changed = [line for line in difflib.ndiff(plain, done.split("\n")) if line[0] in "+-"]
    json_document = ' "metadata": {"name": "rel-json", "annotations": {"example.com/a": "b"'
    assert [f"- {json_document}}}}},"] == [line for line in changed if line[0] == "-"]
    added = [line[2:] for line in changed if line[0] == "+"]
    assert [f'{json_document}, "{BETA}port_80_health-probe_protocol": "tcp"}}}},'] == [
        line for line in added if "rel-json" in line
    ]
    assert [f"    {PATH}: /healthz\r", "  annotations:\r"] == sorted(line for line in added if line.endswith("\r"))
    assert {"annotations:", "infrastructure:"} >= {line.strip() for line in added if BETA not in line}


def test_crds_pass(helm: Helm) -> None:
    done = helm.rendered("template", "rel", "shop", "--include-crds").stdout
    assert ("CustomResourceDefinition", "coupons.shop.example.com") in objects(done)


def test_show_only_still_finds_templates(helm: Helm) -> None:
    done = helm.rendered("template", "rel", "shop", "--show-only", "templates/ingress.yaml").stdout
    assert {("Service", "rel-edge")} == set(objects(done))


def test_a_chart_that_renders_nothing(helm: Helm) -> None:
    assert {} == objects(helm.rendered("template", "rel", "empty").stdout)


def test_what_cannot_be_read_is_passed_on(helm: Helm) -> None:
    # kyaml, which Helm 4 reads with, keeps both keys; the text is still there.
    done = helm.rendered("template", "rel", "broken").stdout
    assert "app: one" in done
    assert "app: two" in done
    assert f"{BETA}port_80_health-probe_protocol: " in done  # in the document beside it


def said(helm: Helm, stderr: str) -> str:
    """What a user sees of the post-renderer's own words."""
    start = "error output:" if helm.major == 3 else "node contents:"
    assert start in stderr, stderr
    return stderr.partition(start)[2]


@pytest.mark.parametrize("command", ["template", "install"])
def test_strict_says_which_document_cannot_be_read(helm: Helm, api_server: str, command: str) -> None:
    wanted = ("rel", "broken", "--", "--strict")
    install = command == "install"
    done = helm.install(api_server, *wanted, code=1) if install else helm.rendered(command, *wanted, code=1)
    text = said(helm, done.stderr)
    assert "1 error, so nothing is passed on (warnings count, by --strict)" in text
    assert "broken/templates/service.yaml" in text or helm.major == 4
    assert "the key 'app' stands twice in this mapping" in text
    assert "Remove one of them" in text
    assert "" == done.stdout


def test_strict_names_what_was_declined(helm: Helm) -> None:
    done = helm.rendered("template", "rel", "shared", "--", "--strict", code=1)
    text = said(helm, done.stderr)
    assert "Service rel-shared" in text
    assert "port_80_health-probe_protocol cannot be set without touching more than is meant" in text


def test_unknown_workloads_can_fail(helm: Helm) -> None:
    done = helm.rendered("template", "rel", "shop", "--", "--unknown=fail", code=1)
    text = said(helm, done.stderr)
    assert "Service rel-api (shop/templates/api.yaml" in text
    assert "the command line says to fail then" in text


def test_wrong_usage_is_seen(helm: Helm) -> None:
    done = helm.rendered("template", "rel", "shop", "--", "--strikt", code=1)
    told = said(helm, done.stderr)
    assert "no such option: --strikt" in told
    assert "Did you mean --strict?" in told


def test_a_bad_policy_is_shown_with_its_place(helm: Helm, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\nspec:\n  unkown: tcp\n")
    done = helm.rendered("template", "rel", "shop", "--", f"--policy={policy}", code=1)
    text = said(helm, done.stderr)
    assert f"{policy}:4:3: error: spec has no field 'unkown'" in text
    assert "Did you mean unknown?" in text


def test_report(helm: Helm, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    helm.rendered("template", "rel", "shop", "--", "--report", str(path))
    report = json.loads(path.read_text())
    changed = {tuple(one["target"].split()) for one in report["changes"]}
    assert set(EXPECTED | (HOOKS if helm.major == 4 else {})) == changed
    assert "shop/templates/web.yaml" in {one["source"] for one in report["changes"]}


def test_provider_version_decides(helm: Helm) -> None:
    plain = helm("template", "rel", "shop").stdout
    done = helm.rendered("template", "rel", "shop", "--", "--kubernetes-version=1.23").stdout
    assert objects(plain) == objects(done)


def test_helm_3_needs_no_arguments(helm: Helm) -> None:
    if helm.major != 3:
        return  # there the plugin says which arguments there are
    short = helm("template", "rel", "shop", *helm.render[:2]).stdout
    assert helm.rendered("template", "rel", "shop").stdout == short


def test_a_program_that_is_not_installed_is_named(helm: Helm) -> None:
    without = helm._replace(environment={**helm.environment, "PATH": os.devnull})
    done = without.rendered("template", "rel", "shop", code=1)
    assert "kubectl-akslb" in done.stderr
    assert "executable file not found in $PATH" in done.stderr


def test_a_second_time_changes_nothing(helm: Helm, tmp_path: Path) -> None:
    templates = tmp_path / "twice" / "templates"
    templates.mkdir(parents=True)
    (templates.parent / "Chart.yaml").write_text("apiVersion: v2\nname: twice\nversion: 0.1.0\n")
    once = helm.rendered("template", "rel", "shop").stdout
    (templates / "all.yaml").write_text(once.replace("{{", "{{ `{{` }}"))
    report = tmp_path / "report.json"
    again = helm.rendered("template", "rel", str(templates.parent), "--", f"--report={report}").stdout
    assert [] == json.loads(report.read_text())["changes"]
    assert objects(once).keys() == objects(again).keys()


def test_values_of_secrets_are_never_shown(helm: Helm, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = helm.rendered("template", "rel", "shop", "--", "--unknown=fail", f"--report={report}", code=1)
    assert "the-secret-text" not in done.stderr
    assert "the-secret-text" not in report.read_text()
    assert "the-secret-text" in helm.rendered("template", "rel", "shop").stdout


@pytest.mark.parametrize(
    ("argument", "expected"), [("--dry-run", f"+    {BETA}port_443_health-probe_protocol: "), ("--help", "Options:")]
)
def test_what_is_for_a_person_is_shown_and_nothing_goes_on(helm: Helm, argument: str, expected: str) -> None:
    done = helm.rendered("template", "rel", "shop", "--", argument, code=1 if helm.major == 4 else 0)
    assert expected in (said(helm, done.stderr) if helm.major == 4 else done.stdout)


def test_a_folder_of_output_is_post_rendered_by_helm_4_alone(helm: Helm, tmp_path: Path) -> None:
    helm.rendered("template", "rel", "shop", "--output-dir", str(tmp_path))
    written = (tmp_path / "shop/templates/web.yaml").read_text()
    assert (helm.major == 4) is (f"{BETA}port_8081_health-probe_protocol" in written)
