"""Fields of other objects that hold a Service: known ones, and those that a configuration or a policy names."""

from pathlib import Path

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.service_templates import ServiceTemplate
from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.lint.config import read_config
from kubectl_akslb.lint.engine import LintOptions
from kubectl_akslb.lint.policy_file import load_policy
from kubectl_akslb.postrender.render import PostRenderOptions, postrender
from kubectl_akslb.producers.produce import made_of
from kubectl_akslb.provider.annotations import PREFIX
from tests.given.command import akslb
from tests.given.made import read, short
from tests.given.manifests import cluster

ON = cluster(())
IDLE = f"{PREFIX}azure-load-balancer-tcp-idle-timeout"
REGISTRY = """apiVersion: registry.example.com/v1
kind: Registry
metadata: {name: images, namespace: shop}
spec:
  web:
    - name: a
      svc:
        type: LoadBalancer
        extra: {x: z}
"""
LIST = """producers:
  - kind: Registry
    group: registry.example.com
    path: spec.web.*.svc
    name: "{name}-{item}"
    ports: [{name: https, port: 8443}]
    controller: ours
    annotations: extra
"""


def test_a_field_that_the_configuration_names() -> None:
    (template,) = read_config(LIST.encode(), "a/.akslb.yaml").templates
    objects = read(REGISTRY)
    (made,) = made_of(objects[0], Objects(objects, templates=(template,)))
    assert {"name": "shop/images-a", "ports": ["https 8443"], "annotations": {"x": "z"}} == short(dict(made.service))
    assert ("ours", ()) == (made.controller, made.unknown)


def test_every_command_takes_it(tmp_path: Path) -> None:
    """With the configuration the controller is known; without it nothing but what the object says."""
    (tmp_path / "a.yaml").write_text(REGISTRY)
    assert "UNKNOWN" in akslb("explain", "-f", str(tmp_path / "a.yaml")).out
    (tmp_path / ".akslb.yaml").write_text(LIST)
    assert "WORKS" in akslb("explain", "-f", str(tmp_path / "a.yaml")).out
    policy = (
        f"apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\nspec:\n  {LIST.replace(chr(10), chr(10) + '  ')}\n"
    )
    policy += f'  rules:\n    - match: {{}}\n      set: {{{IDLE}: "15"}}\n'
    wanted = REGISTRY.replace("{x: z}", f'{{x: z, {IDLE}: "15"}}')
    given = load_policy(policy.encode())
    assert wanted == postrender(REGISTRY.encode(), PostRenderOptions(ON, given)).output.decode()
    assert wanted == fix([("a.yaml", REGISTRY.encode())], ON, LintOptions(policy=given)).files[0].after.decode()


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("producers: 3\n", 1),
        ("producers:\n  - 3\n", 2),
        ("producers:\n  - {kind: A, path: spec.a}\n", 2),
        ("producers:\n  - kind: A\n    group: a.example\n    path: spec..a\n", 4),
        ("producers:\n  - kind: A\n    group: a.example\n    path: '*.a'\n", 4),
        ("producers:\n  - kind: A\n    group: a.example\n    path: spec.a\n    name: '{other}'\n", 5),
        ("producers:\n  - kind: A\n    group: a.example\n    path: spec.a\n    ports: [{port: 0}]\n", 5),
        ("producers:\n  - kind: A\n    group: a.example\n    path: spec.a\n    port: 1\n", 5),
        ("producers:\n  - kind: A\n    group: A Group\n    path: spec.a\n", 3),
        ("producers:\n  - kind: A\n    group: a.example\n    path: " + ".".join("a" * 20) + "\n", 4),
    ],
)
def test_what_is_wrong_is_told_with_its_line(wrong: str, line: int) -> None:
    with pytest.raises(AkslbError) as caught:
        read_config(wrong.encode(), ".akslb.yaml")
    assert line == getattr(caught.value, "line", 0)
    assert caught.value.hint


def test_one_object_makes_no_more_services_than_that() -> None:
    """A list of a hundred thousand items is no reason to fill the memory."""
    template = ServiceTemplate("example.com", "Many", ("spec", "all", "*"))
    many = {"apiVersion": "example.com/v1", "kind": "Many", "metadata": {"name": "a"}}
    many["spec"] = {"all": [{"type": "LoadBalancer"}] * 100_000}
    assert 200 == len(made_of(many, Objects((many,), templates=(template,))))
