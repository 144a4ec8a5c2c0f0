"""Policy files: what they can say, and how mistakes are told."""

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.annotation_policy import DEFAULT_POLICY, Policy, PolicyRule
from kubectl_akslb.lint.policy_file import load_policy, schema

HEAD = "apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\n"
WHOLE = """\
metadata: {name: ours, description: Who gets what.}
spec:
  known: path
  unknown: fail
  rules:
  - name: legacy
    match:
      name: web-*
      namespace: sh?p
      class: istio
      labels: {tier: front}
    known: tcp
    unknown: leave
    set:
      example.com/a: b
  - match: {}
"""


def test_a_policy_with_everything() -> None:
    rule = PolicyRule("legacy", "web-*", "sh?p", "istio", {"tier": "front"}, "tcp", "leave", (("example.com/a", "b"),))
    assert Policy((rule, PolicyRule("2")), "path", "fail", "p.yaml") == load_policy((HEAD + WHOLE).encode(), "p.yaml")
    assert DEFAULT_POLICY._replace(name="the policy") == load_policy(HEAD.encode())


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("spec: {unkown: tcp}\n", 3, "spec has no field 'unkown'", "Did you mean unknown?"),
        ("spec:\n  unknown: ignore\n", 4, "spec.unknown must be one of path, tcp, leave, fail", "Write one of"),
        ("spec:\n  known: fail\n", 4, "spec.known must be one of path, tcp, leave", "Write one of"),
        ("spec:\n  rules: {}\n", 4, "spec.rules must be a list, but it is a mapping", "Write a list."),
        ("spec:\n  rules:\n  - set: {}\n", 5, "spec.rules[0] has no match", "Add match."),
        ("spec:\n  rules:\n  - match: {name: ''}\n", 5, "name is empty", "Give it a value"),
        (
            "spec:\n  rules:\n  - match: {}\n    set: {a: true}\n",
            6,
            "must be a string, but it is the boolean true",
            "quotes",
        ),
        (
            "spec:\n  rules:\n  - match: {}\n    set: {'a b': c}\n",
            6,
            "'a b' is no key of spec.rules[0].set",
            "example.com/name",
        ),
        ("spec: [\n", 4, "not valid YAML", ""),
        ("spec:\n", 3, "spec must be a mapping, but it is empty", "Give it a value"),
    ],
)
def test_mistakes(text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_policy((HEAD + text).encode(), "p.yaml")
    assert ("p.yaml", line) == (caught.value.path, caught.value.line)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "data", [b"", b"a: b\n", b"- a\n", b"\xff", b"kind: Service\napiVersion: v1\n", b"x" * 2_000_000]
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        load_policy(data, "p.yaml")


def test_the_schema_is_one_and_says_the_same() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    from ruamel.yaml import YAML

    good = YAML(typ="safe", pure=True).load(HEAD + WHOLE)
    assert [] == list(validator.iter_errors(good))
    assert not validator.is_valid({**good, "spec": {"unkown": "tcp"}})
    assert not validator.is_valid({**good, "spec": {"rules": [{"match": {}, "set": {"a b": "c"}}]}})
    path = Path(__file__).parents[2] / "kubectl_akslb" / "lint" / "policy.schema.json"
    assert json.loads(path.read_text()) == schema()


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", "a", True), ("*", "", True), ("a", "a", True), ("a", "b", False), ("a*", "abc", True), ("*c", "abc", True),
        ("a*c", "abc", True), ("a*c", "abd", False), ("?", "a", True), ("?", "", False), ("a?c", "abc", True),
        ("*a*b*", "xxaxxbxx", True), ("*a*b*", "xxbxxaxx", False), ("[a]", "a", False), ("a.c", "abc", False),
        ("A", "a", False), ("*" * 50 + "b", "a" * 5000, False),
    ],
)  # fmt: skip
def test_patterns(pattern: str, text: str, expected: bool) -> None:
    assert expected == PolicyRule("r", match_name=pattern).matches(text, "", {}, "")


def test_the_first_rule_that_matches_decides() -> None:
    policy = Policy((PolicyRule("a", match_name="x", known="tcp"), PolicyRule("b", unknown="leave")), name="p")
    first, second = policy.choose("x", "n", {}), policy.choose("y", "n", {})
    assert ("tcp", "tcp", "rule 'a' of p") == (first.known, first.unknown, first.name)
    assert ("path", "leave", "rule 'b' of p") == (second.known, second.unknown, second.name)
