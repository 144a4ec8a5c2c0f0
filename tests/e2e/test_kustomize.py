"""The real kustomize: the patches that fix prints, and krm as its transformer and validator."""

import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.e2e.conftest import ROOT, program_folder, tool

pytestmark = pytest.mark.e2e

BETA = "service.beta.kubernetes.io/"
PROBE = f"{BETA}port_80_health-probe_protocol"
VERSION = ("--provider-version", "1.30.8")
#: One of everything that a patch has to be right for.
STREAM = f"""\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata:
    name: web
    namespace: one
    annotations:
      {BETA}azure-load-balancer-tcp-idle-timeout: 10
  spec:
    type: LoadBalancer
    loadBalancerIP: 20.1.2.3
    ports:
    - {{port: 443, name: https}}
- apiVersion: v1
  kind: Service
  metadata: {{name: web, namespace: two, annotations: {{example.com/a: "b"}}}}
  spec: {{type: LoadBalancer, ports: [{{port: 80, appProtocol: http}}]}}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
  - {{port: 80, appProtocol: http}}
---
apiVersion: v1
kind: Service
metadata:
  name: last-annotation-goes
  annotations:
    {BETA}azure-load-balancer-internal-subnet: "unused"
spec:
  type: LoadBalancer
  ports:
  - {{port: 80}}
---
apiVersion: v1
kind: Service
metadata:
  name: odd
  annotations:
    {BETA}azure-load-balancer-tcp-idle-timeout: "2"
    {BETA}azure-pip-tags: "a=it's \\"quoted\\": yes # no\\n  b=`$(x)`"
    {BETA}azure-additional-public-ips: " 20.1.2.4, ,20.1.2.5 "
spec:
  type: LoadBalancer
  ports:
  - {{port: 80}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: my.gate
spec:
  gatewayClassName: istio
  listeners:
  - {{name: http, port: 80, protocol: HTTP}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: my-gate
spec:
  gatewayClassName: other
  listeners:
  - {{name: http, port: 80, protocol: HTTP}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  a: "yes"
"""
POLICY = """\
apiVersion: akslb.dev/v1alpha1
kind: AnnotationPolicy
spec:
  rules:
  - match: {name: web, namespace: two}
    set:
      example.com/a: "line one\\nline two: 'x' \\"y\\" # z"
      example.com/b: "0777"
      example.com/c: "yes"
      example.com/d: ""
      example.com/e: "{{ .Values.x }} &a *b !c %d |"
      example.com/f: "é中 \\t\\x07 end "
"""


class Ran(NamedTuple):
    """What a program did."""

    code: int
    out: str
    err: str


def run(*command: str | Path, cwd: Path, stdin: str = "") -> Ran:
    environment = {**os.environ, "PATH": os.pathsep.join([str(program_folder()), os.environ["PATH"]])}
    done = subprocess.run(
        command, cwd=cwd, env=environment, input=stdin.encode(), capture_output=True, check=False, timeout=60
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def fixed(folder: Path, form: str, *more: str) -> str:
    done = run("kubectl-akslb", "fix", "-f", "all.yaml", "-o", form, *VERSION, *more, cwd=folder)
    assert 0 == done.code, done.err
    return done.out


def build(folder: Path, kustomization: str, *flags: str) -> Ran:
    (folder / "kustomization.yaml").write_text(kustomization)
    return run(tool("kustomize"), "build", *flags, ".", cwd=folder)


def objects(text: str) -> dict[tuple[str, ...], Any]:
    """Every object of a stream by what names it; without ``annotations`` where there are none."""
    found: dict[tuple[str, ...], Any] = {}
    for one in YAML(typ="safe", pure=True).load_all(text):
        metadata = one["metadata"]
        if not metadata.get("annotations", True):
            del metadata["annotations"]
        found[one["kind"], metadata.get("namespace", ""), metadata["name"]] = one
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "all.yaml").write_text(STREAM)
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


@pytest.fixture(params=[(), ("--policy", "policy.yaml")], ids=["default", "policy"])
def mended(request: pytest.FixtureRequest, folder: Path) -> dict[tuple[str, ...], Any]:
    """The objects that ``fix`` makes, as kustomize reads them; and its arguments in the folder."""
    (folder / "arguments").write_text("\n".join(request.param))
    (folder / "mended.yaml").write_text(fixed(folder, "yaml", *request.param))
    done = build(folder, "resources: [mended.yaml]\n")
    assert 0 == done.code, done.err
    return objects(done.out)


def arguments(folder: Path) -> tuple[str, ...]:
    return tuple((folder / "arguments").read_text().split())


def test_mending_does_what_the_tests_below_compare_with(folder: Path, mended: dict[tuple[str, ...], Any]) -> None:
    plain = objects(build(folder, "resources: [all.yaml]\n").out)
    changed = {key for key in plain if plain[key] != mended[key]}
    assert {
        ("Service", "one", "web"),
        ("Service", "two", "web"),
        ("Service", "", "web"),
        ("Service", "", "last-annotation-goes"),
        ("Service", "", "odd"),
        ("Gateway", "", "my.gate"),
    } == changed
    assert "loadBalancerIP" not in mended["Service", "one", "web"]["spec"]
    if arguments(folder):
        assert "é中 \t\x07 end " == mended["Service", "two", "web"]["metadata"]["annotations"]["example.com/f"]


def test_patches_for_flux(folder: Path, mended: dict[tuple[str, ...], Any]) -> None:
    """Flux hands a post-renderer's patches and the rendered objects to kustomize, as is done here."""
    printed = YAML(typ="safe", pure=True).load(fixed(folder, "kustomize", *arguments(folder)))
    (renderer,) = printed["postRenderers"]
    whole = {"resources": ["all.yaml"], "patches": renderer["kustomize"]["patches"]}
    with (folder / "flux.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(whole, file)
    done = build(folder, (folder / "flux.yaml").read_text(encoding="utf-8"))
    assert 0 == done.code, done.err
    assert mended == objects(done.out)


def test_a_component(folder: Path, mended: dict[tuple[str, ...], Any]) -> None:
    (folder / "akslb").mkdir()
    (folder / "akslb" / "kustomization.yaml").write_text(fixed(folder, "kustomization", *arguments(folder)))
    done = build(folder, "resources: [all.yaml]\ncomponents: [akslb]\n")
    assert 0 == done.code, done.err
    assert mended == objects(done.out)


@pytest.mark.parametrize(
    ("form", "kustomization"),
    [("kustomization", "resources: [all.yaml]\ncomponents: [akslb]\n"), ("kustomize", "resources: [all.yaml]\n")],
)
def test_no_patches_are_none(folder: Path, form: str, kustomization: str) -> None:
    (folder / "all.yaml").write_text(
        STREAM.partition("kind: ConfigMap")[2].join(["apiVersion: v1\nkind: ConfigMap", ""])
    )
    (folder / "akslb").mkdir()
    printed = fixed(folder, form)
    (folder / "akslb" / "kustomization.yaml").write_text(printed)
    if form == "kustomize":
        assert {"postRenderers": []} == YAML(typ="safe", pure=True).load(printed)
    done = build(folder, kustomization)
    assert (0, [("ConfigMap", "", "web")]) == (done.code, [*objects(done.out)])


FUNCTION = """\
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: kubectl-akslb
        args: [krm, --provider-version, 1.30.8]
"""
EXEC = ("--enable-alpha-plugins", "--enable-exec")


def transformer(folder: Path, text: str) -> None:
    """A functionConfig with the annotation that names the program."""
    head, _, rest = text.partition("kind: ")
    kind, _, body = rest.partition("\n")
    body = body.removeprefix("metadata:\n  name: akslb\n")
    (folder / "akslb.yaml").write_text(f"{head}kind: {kind}\nmetadata:\n  name: akslb\n{FUNCTION}{body}")


def config_map(**data: str) -> str:
    lines = "".join(f"  {key.replace('_', '-')}: {value}\n" for key, value in data.items())
    return "apiVersion: v1\nkind: ConfigMap\n" + (f"data:\n{lines}" if lines else "")


def test_transformer(folder: Path, mended: dict[tuple[str, ...], Any]) -> None:
    transformer(folder, POLICY if arguments(folder) else config_map())
    done = build(folder, "resources: [all.yaml]\ntransformers: [akslb.yaml]\n", *EXEC)
    assert 0 == done.code, done.err
    assert mended == objects(done.out)
    assert "open-to-the-internet" not in done.err


def test_transformer_leaves_comments_and_order_to_kustomize(folder: Path) -> None:
    text = "# above\napiVersion: v1\nkind: Service\nmetadata:\n  name: web # here\nspec: # and here\n  type: LoadBalancer\n  ports:\n  - {port: 80, appProtocol: http}\n"
    (folder / "all.yaml").write_text(text)
    plain = build(folder, "resources: [all.yaml]\n").out
    transformer(folder, config_map())
    done = build(folder, "resources: [all.yaml]\ntransformers: [akslb.yaml]\n", *EXEC).out
    added = [line for line in done.splitlines() if line not in plain.splitlines()]
    assert ["  annotations:", f"    {PROBE}: tcp"] == added
    assert plain.splitlines() == [line for line in done.splitlines() if line not in added]


def test_lint_as_a_transformer(folder: Path) -> None:
    transformer(folder, config_map(mode="lint", fail_on="warning"))
    failing = build(folder, "resources: [all.yaml]\ntransformers: [akslb.yaml]\n", *EXEC)
    assert (1, "") == (failing.code, failing.out)
    assert "[warning] Service two/web: http-probe-on-unknown-workload: appProtocol http" in failing.err
    transformer(folder, config_map(mode="lint", fail_on="never"))
    passing = build(folder, "resources: [all.yaml]\ntransformers: [akslb.yaml]\n", *EXEC)
    assert 0 == passing.code, passing.err
    assert build(folder, "resources: [all.yaml]\n").out == passing.out


def test_kustomize_takes_no_function_for_a_validator(folder: Path) -> None:
    """What the recipe says of validators: kustomize annotates what a function returns, and then complains of it."""
    transformer(folder, config_map(mode="lint", fail_on="never"))
    config = folder / "akslb.yaml"
    config.write_text(
        config.read_text()
        .replace("path: kubectl-akslb", "path: cat")
        .replace("[krm", "[-u")
        .replace(", --provider-version, 1.30.8", "")
    )
    done = build(folder, "resources: [all.yaml]\nvalidators: [akslb.yaml]\n", *EXEC)
    assert 1 == done.code
    assert "validator shouldn't modify the resource map" in done.err


def test_a_policy_that_fails_ends_the_build(folder: Path) -> None:
    transformer(folder, "apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\nspec: {unknown: fail}\n")
    done = build(folder, "resources: [all.yaml]\ntransformers: [akslb.yaml]\n", *EXEC)
    assert (1, "") == (done.code, done.out)
    assert "[error] Service two/web: port 80 keeps its http(s) probe: " in done.err


def test_a_bad_function_config_is_named(folder: Path) -> None:
    transformer(folder, "apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\nspec: {unkown: tcp}\n")
    done = build(folder, "resources: [all.yaml]\ntransformers: [akslb.yaml]\n", *EXEC)
    assert (1, "") == (done.code, done.out)
    assert "[error]: the functionConfig: spec has no field 'unkown'. Did you mean unknown?" in done.err


def test_files_are_mended_in_place_with_results(folder: Path) -> None:
    transformer(folder, config_map())
    (folder / "shop").mkdir()
    (folder / "results").mkdir()
    web = folder / "shop" / "web.yaml"
    text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web # here\nspec:\n  type: LoadBalancer\n  ports:\n  - {port: 80, appProtocol: http}\n"
    web.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n" + text)
    words = ("fn", "run", "shop", "--enable-exec", "--fn-path", "akslb.yaml", "--results-dir", "results")
    done = run(tool("kustomize"), *words, cwd=folder)
    assert 0 == done.code, done.err
    mended = text.replace("spec:", f"  annotations:\n    {PROBE}: 'tcp'\nspec:")
    assert web.read_text().endswith("---\n" + mended)
    (first, _) = YAML(typ="safe", pure=True).load((folder / "results" / "results-0.yaml").read_text())
    assert {"path": "web.yaml", "index": 1} == first["file"]
    assert {"path": f'metadata.annotations["{PROBE}"]', "proposedValue": "tcp"} == first["field"]


def test_kubectl_runs_no_functions(folder: Path) -> None:
    """What the recipe warns of: kubectl has no flag for it and passes over the transformer without a word."""
    transformer(folder, config_map())
    (folder / "kustomization.yaml").write_text("resources: [all.yaml]\ntransformers: [akslb.yaml]\n")
    done = run(tool("kubectl"), "kustomize", "--enable-alpha-plugins", ".", cwd=folder)
    assert (0, False) == (done.code, PROBE in done.out)
    assert "--enable-exec" not in run(tool("kubectl"), "kustomize", "--help", cwd=ROOT).out
