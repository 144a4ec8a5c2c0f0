"""The real kustomize: the patches that fix prints."""

import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.e2e.conftest import program_folder, tool

pytestmark = pytest.mark.e2e

BETA = "service.beta.kubernetes.io/"
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
    found = {}
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
