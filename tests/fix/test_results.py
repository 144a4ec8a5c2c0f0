"""The results of a KRM function: which object, which field, which file."""

from typing import Any

import pytest

from kubectl_akslb.fix import results
from kubectl_akslb.fix.fixer import Fixed
from kubectl_akslb.lint.diagnostic import WARNING, Diagnostic

WEB: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"ports": [{"port": 80}]},
}
SHOP = {**WEB, "metadata": {"name": "web", "namespace": "shop"}}
CONTENT = {"items": [WEB, SHOP]}
REFERENCE = {"apiVersion": "v1", "kind": "Service", "name": "web"}


def at(number: int, *steps: str | int, hint: str = "") -> Diagnostic:
    return Diagnostic("rule", WARNING, "message", "default/web", hint=hint, at=("items", number), steps=steps)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (at(0), {"resourceRef": REFERENCE}),
        (at(1), {"resourceRef": {**REFERENCE, "namespace": "shop"}}),
        (at(2), {}),
        (at(0, "spec", "ports", 0, "port"), {"resourceRef": REFERENCE, "field": {"path": "spec.ports[0].port", "currentValue": 80}}),
        (at(0, "spec", "ports", 1, "port"), {"resourceRef": REFERENCE, "field": {"path": "spec.ports[1].port"}}),
        (at(0, "spec", "type"), {"resourceRef": REFERENCE, "field": {"path": "spec.type"}}),
    ],
)  # fmt: skip
def test_which_object_and_field(given: Diagnostic, expected: dict[str, Any]) -> None:
    whole = {"message": "rule: message", "severity": WARNING, "tags": {"rule": "rule"}, **expected}
    assert whole == results.of_finding(given, CONTENT)


def test_the_hint_is_part_of_the_message() -> None:
    assert "rule: message. Do it." == results.of_finding(at(0, hint="Do it."), CONTENT)["message"]


@pytest.mark.parametrize(
    ("annotations", "file"),
    [
        ({"config.kubernetes.io/path": "a.yaml"}, {"path": "a.yaml", "index": 0}),
        ({"config.kubernetes.io/path": "a.yaml", "config.kubernetes.io/index": "2"}, {"path": "a.yaml", "index": 2}),
        ({"config.kubernetes.io/path": "a.yaml", "config.kubernetes.io/index": "x"}, {"path": "a.yaml", "index": 0}),
        ({"internal.config.kubernetes.io/path": "b.yaml", "config.kubernetes.io/path": "a.yaml"}, {"path": "b.yaml", "index": 0}),
        ({"config.kubernetes.io/index": "2"}, None),
        (["no mapping"], None),
    ],
)  # fmt: skip
def test_in_which_file(annotations: object, file: dict[str, Any] | None) -> None:
    item = {**WEB, "metadata": {"name": "web", "annotations": annotations}}
    assert file == results.of_finding(at(0), {"items": [item]}).get("file")


def test_each_field_that_changed_of_the_object_that_is_meant() -> None:
    annotated = {**SHOP, "metadata": {**SHOP["metadata"], "annotations": {"a": "b"}}}
    fields = (("metadata", "annotations", "a"), ("spec", "type"))
    fixed = [
        Fixed("rule", target, "f.yaml", 1, "title", fields) for target in ("Service default/web", "Service shop/web")
    ]
    told = list(results.of_fixes(CONTENT, {"items": [WEB, annotated]}, fixed))
    assert [
        {
            "message": "rule: fixed: title",
            "severity": "info",
            "resourceRef": {**REFERENCE, "namespace": "shop"},
            "field": {"path": "metadata.annotations.a", "proposedValue": "b"},
        }
    ] == told
    (back,) = results.of_fixes({"items": [WEB, annotated]}, CONTENT, fixed)
    assert {"path": "metadata.annotations.a", "currentValue": "b"} == back["field"]


@pytest.mark.parametrize("content", [{}, {"items": None}, {"items": ["text"]}])
def test_no_items(content: dict[str, Any]) -> None:
    assert [] == list(results.of_fixes(content, content, []))
