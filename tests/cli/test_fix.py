"""``fix``: what it prints in each form, what it says, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from referencing import Registry, Resource
from ruamel.yaml import YAML

from kubectl_akslb import render
from tests.given.command import akslb

BETA = "service.beta.kubernetes.io/"
WEB = f"""\
# edited by hand
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop,   annotations: {{{BETA}azure-load-balancer-tcp-idle-timeout: 10}}}}
spec:
  type: LoadBalancer
  ports:
  - {{port: 443, name: https}}
""".encode()
MENDED = WEB.replace(b": 10}", b': "10"}')
NOTHING = MENDED
FORMS = ("yaml", "diff", "kustomize", "kustomization", "kubectl", "json")
VERSION = ("--provider-version", "1.30.0")


@pytest.fixture
def web(tmp_path: Path) -> Path:
    path = tmp_path / "web.yaml"
    path.write_bytes(WEB)
    return path


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_files_come_out_mended_and_stay_as_they_are(web: Path) -> None:
    ran = akslb("fix", "-f", str(web), *VERSION)
    assert (0, MENDED.decode()) == (ran.code, ran.out)
    assert WEB == web.read_bytes()
    assert f'fixed {web}:4 unquoted-annotation-value: write "10"\n' in ran.err
    assert "left info open-to-the-internet: everybody on the internet can reach shop/web\n" in ran.err
    assert ran.err.endswith("1 info is left to you: 'kubectl akslb rules RULE' tells why it matters\n")


def test_a_stream_is_read_from_standard_input() -> None:
    ran = akslb("fix", "-f", "-", *VERSION, stdin=WEB)
    assert (0, MENDED.decode()) == (ran.code, ran.out)


def test_several_files_are_one_stream(tmp_path: Path) -> None:
    texts = [WEB.rstrip(b"\n"), b"\xef\xbb\xbf" + WEB, b"%YAML 1.1\n---\n" + WEB, b"---\n" + WEB, b"# a\n---\n" + WEB]
    words = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(text)
        words += ["-f", str(path)]
    ran = akslb("fix", *words, *VERSION)
    head = (
        f"{MENDED.decode()}---\n{MENDED.decode()}...\n%YAML 1.1\n---\n{MENDED.decode()}---\n{MENDED.decode()}# a\n---\n"
    )
    assert head + MENDED.decode() == ran.out


def test_the_difference(web: Path) -> None:
    ran = akslb("fix", "-f", str(web), "-o", "diff", *VERSION)
    assert [line for line in ran.out.splitlines() if line[0] in "+-"][2:] == [
        f"-{WEB.decode().splitlines()[3]}",
        f"+{MENDED.decode().splitlines()[3]}",
    ]


def test_post_renderers_of_flux(web: Path) -> None:
    ran = akslb("fix", "-f", str(web), "-o", "kustomize", *VERSION)
    (renderer,) = loaded(ran.out)["postRenderers"]
    (patch,) = renderer["kustomize"]["patches"]
    assert {"version": "v1", "kind": "Service", "name": "web", "namespace": "shop"} == patch["target"]
    assert loaded(patch["patch"])["metadata"]["annotations"] == {f"{BETA}azure-load-balancer-tcp-idle-timeout": "10"}
    assert '# unquoted-annotation-value: write "10"\n' in ran.out


def test_a_component_of_kustomize(web: Path) -> None:
    flux = loaded(akslb("fix", "-f", str(web), "-o", "kustomize", *VERSION).out)
    component = loaded(akslb("fix", "-f", str(web), "-o", "kustomization", *VERSION).out)
    assert ("Component", flux["postRenderers"][0]["kustomize"]["patches"]) == (component["kind"], component["patches"])


def test_commands_of_kubectl(web: Path) -> None:
    ran = akslb("fix", "-f", str(web), "-o", "kubectl", *VERSION)
    patch = json.dumps({"metadata": {"annotations": {f"{BETA}azure-load-balancer-tcp-idle-timeout": "10"}}})
    patch = patch.replace(": ", ":")
    assert [
        '# unquoted-annotation-value: write "10"',
        f"kubectl patch service/web --namespace=shop --type=merge '--patch={patch}'",
    ] == ran.out.splitlines()


def test_a_namespace_that_only_the_release_knows() -> None:
    text = WEB.replace(b"namespace: shop,", b"")
    ran = akslb("fix", "-f", "-", "-o", "kubectl", "-n", "team-a", *VERSION, stdin=text)
    assert "service/web --namespace=team-a --type" in ran.out
    ran = akslb("fix", "-f", "-", "-o", "kubectl", *VERSION, stdin=text)
    assert "service/web --type" in ran.out


def check_report(text: str) -> dict[str, Any]:
    """The report, which is as its schema says."""
    schemas = [
        json.loads((Path(render.__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("fixed", "diagnostics")
    ]
    for one in schemas:
        jsonschema.Draft202012Validator.check_schema(one)
    registry = Registry().with_resources([(one["$id"], Resource.from_contents(one)) for one in schemas])
    body: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(schemas[0], registry=registry).validate(body)
    return body


def test_a_report(web: Path) -> None:
    report = check_report(akslb("fix", "-f", str(web), "-o", "json", *VERSION).out)
    assert ("akslb.dev/v1alpha1", "FixReport") == (report["apiVersion"], report["kind"])
    assert ["Service shop/web"] == [one["object"] for one in report["patches"]]
    assert [("unquoted-annotation-value", 4)] == [(one["rule"], one["line"]) for one in report["fixed"]]
    assert ["open-to-the-internet"] == [one["rule"] for one in report["left"]]
    assert [] == report["problems"] == report["declined"]


@pytest.mark.parametrize(
    ("form", "out"),
    [
        ("yaml", NOTHING.decode()),
        ("diff", ""),
        ("kustomize", "postRenderers: []\n"),
        ("kustomization", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n"),
        ("kubectl", ""),
    ],
)
def test_nothing_to_fix(form: str, out: str) -> None:
    ran = akslb("fix", "-f", "-", "-o", form, *VERSION, stdin=NOTHING)
    assert (0, out) == (ran.code, ran.out)
    assert ran.err.endswith("nothing to fix in 1 Service of type LoadBalancer\n")


def test_nothing_to_fix_as_a_report() -> None:
    report = check_report(akslb("fix", "-f", "-", "-o", "json", *VERSION, stdin=NOTHING).out)
    assert ([], []) == (report["patches"], report["fixed"])


@pytest.mark.parametrize("form", FORMS)
def test_no_service_at_all(form: str) -> None:
    ran = akslb("fix", "-f", "-", "-o", form, stdin=b"# nothing\n")
    assert 0 == ran.code
    assert "nothing to fix in 0 Services of type LoadBalancer\n" == ran.err


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("error", 0), ("info", 1)])
def test_what_is_left_can_fail(web: Path, fail_on: str, code: int) -> None:
    ran = akslb("fix", "-f", str(web), "--fail-on", fail_on, *VERSION)
    assert (code, MENDED.decode()) == (ran.code, ran.out)


def test_unsafe_fixes_are_offered_and_made() -> None:
    text = WEB.replace(b"tcp-idle-timeout: 10", b'internal: "True"')
    ran = akslb("fix", "-f", "-", *VERSION, stdin=text)
    assert text.decode() == ran.out
    assert "error internal-not-exactly-true: " in ran.err
    assert '(--unsafe-fixes: write "true")\n' in ran.err
    ran = akslb("fix", "-f", "-", "--unsafe-fixes", *VERSION, stdin=text)
    assert text.decode().replace('"True"', '"true"') == ran.out


def test_a_report_of_all_that_can_be_in_it() -> None:
    gateway = (
        b"---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: my.gate}\n"
        b"spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}\n"
    )
    broken = b"---\nkind: Service\nmetadata: [\n"
    report = check_report(akslb("fix", "-f", "-", "-o", "json", *VERSION, stdin=WEB + gateway + broken).out)
    assert ["Service shop/web", "Gateway default/my.gate"] == [one["object"] for one in report["patches"]]
    assert {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "Gateway", "name": r"my\.gate"} == (
        report["patches"][1]["target"]
    )
    assert ["unquoted-annotation-value", "http-probe-on-gateway"] == [one["rule"] for one in report["fixed"]]
    assert 1 == len(report["problems"])


def test_a_document_that_cannot_be_read() -> None:
    broken = b"---\nkind: Service\nmetadata: [\n"
    ran = akslb("fix", "-f", "-", *VERSION, stdin=WEB + broken)
    assert (3, (MENDED + broken).decode()) == (ran.code, ran.out)
    assert "<stdin>:12:1: error: " in ran.err


def test_a_service_without_a_name() -> None:
    ran = akslb("fix", "-f", "-", *VERSION, stdin=WEB.replace(b"name: web", b"generateName: web-"))
    assert 3 == ran.code
    assert "metadata.name is missing" in ran.err
    assert "generateName is not enough" in ran.err


def test_secrets_are_not_shown() -> None:
    secret = b"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n"
    for form in FORMS[1:]:
        ran = akslb("fix", "-f", "-", "-o", form, *VERSION, stdin=WEB + secret)
        assert "hunter2" not in ran.out + ran.err
    assert (MENDED + secret).decode() == akslb("fix", "-f", "-", *VERSION, stdin=WEB + secret).out


def test_a_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\nspec: {unknown: fail}\n")
    text = WEB.replace(b"name: https", b"appProtocol: http")
    ran = akslb("fix", "-f", "-", "--policy", str(policy), *VERSION, stdin=text)
    assert (1, "") == (ran.code, ran.out)
    assert ran.err.startswith("error: <stdin>:2 Service shop/web: port 443 keeps its http(s) probe: ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "yaml"), "-o yaml prints manifests, and a cluster has none"),
        (("-f", "-", "svc/web"), "svc/web asks the cluster, but files are given"),
        (("-f", "-", "-A"), "--all-namespaces asks the cluster, but files are given"),
        (("-f", "-", "--select", "no-such"), "there is no rule 'no-such'"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], message: str) -> None:
    ran = akslb("fix", *words, stdin=WEB)
    assert (2, "") == (ran.code, ran.out)
    assert message in ran.err


def test_nothing_of_a_manifest_acts_on_a_terminal_or_a_shell() -> None:
    name = "$(touch x); '\\u001b[31m"
    text = WEB.replace(b"name: web", f'name: "{name}"'.encode())
    for form in ("kubectl", "kustomize"):
        ran = akslb("fix", "-f", "-", "-o", form, *VERSION, stdin=text)
        assert "\x1b" not in ran.out + ran.err
        told = "is no valid name of a Service\n"
        assert (told in ran.out) is (form == "kubectl")
    ran = akslb("fix", "-f", "-", "-o", "kubectl", *VERSION, stdin=text.replace(b"\\u001b[31m", b""))
    assert "kubectl patch" not in ran.out
