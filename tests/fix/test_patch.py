"""The patches of a stream: whose they are, and that merging one makes the object that mending made."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubectl_akslb.fix.fixer import Fixed, FixedFile
from kubectl_akslb.fix.patch import Patch, difference, patches
from tests.given.merge_patch import merged, without_empty

WEB = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"


def of(before: str, after: str) -> tuple[Patch, ...]:
    return patches([FixedFile("all.yaml", before.encode(), after.encode())], ())


scalars = st.sampled_from(["", "x", "1", 0, 1, 1.0, True, False])
objects = st.recursive(
    scalars, lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3) | st.lists(scalars, max_size=2)
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), objects), st.dictionaries(st.sampled_from("abc"), objects))
def test_merging_the_difference_makes_the_new_object(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert repr(without_empty(new)) == repr(without_empty(reordered(merged(old, difference(old, new)), new)))


def reordered(value: Any, like: Any) -> Any:
    """*value* with its keys in the order of *like*; those that it has more stay behind."""
    if not isinstance(value, dict) or not isinstance(like, dict):
        return value
    keys = [key for key in like if key in value] + [key for key in value if key not in like]
    return {key: reordered(value[key], like.get(key)) for key in keys}


def test_no_difference() -> None:
    assert {} == difference({"a": {"b": 1}}, {"a": {"b": 1}})
    assert () == of(WEB, WEB)


@pytest.mark.parametrize(
    ("old", "new", "patch"),
    [
        ({"a": 10}, {"a": "10"}, {"a": "10"}),
        ({"a": 1}, {"a": True}, {"a": True}),
        ({"a": "x", "b": "y"}, {"b": "y"}, {"a": None}),
        ({"a": {"x": "1"}}, {}, {"a": {"x": None}}),
        ({}, {"a": {"x": "1"}}, {"a": {"x": "1"}}),
        ({"a": None}, {"a": {"x": "1"}}, {"a": {"x": "1"}}),
        ({"a": [1]}, {"a": [1, 2]}, {"a": [1, 2]}),
    ],
    ids=str,
)
def test_a_difference(old: dict[str, Any], new: dict[str, Any], patch: dict[str, Any]) -> None:
    assert repr(patch) == repr(difference(old, new))


def test_items_of_lists_have_patches_of_their_own() -> None:
    item = "- metadata: {name: web, namespace: one}\n  spec: {a: 1}\n"
    text = f"apiVersion: v1\nkind: ServiceList\nitems:\n{item}{item.replace('one', 'two')}"
    (patch,) = of(text, text.replace("two}\n  spec: {a: 1}", "two}\n  spec: {a: 2}"))
    assert ("v1", "Service", "web", "two", {"spec": {"a": 2}}) == patch[:5]


def test_only_changed_documents_are_read() -> None:
    other = "---\napiVersion: v1\nkind: Secret\nmetadata: [not, an, object\n"
    (patch,) = of(WEB + other, WEB.replace("kind", "spec: {a: 1}\nkind") + other)
    assert "Service default/web" == patch.target


def test_an_object_without_a_name_has_no_patch() -> None:
    nameless = WEB.replace("name: web", 'name: ""')
    assert () == of(nameless, nameless.replace("kind", "spec: {a: 1}\nkind"))


@pytest.mark.parametrize(("other", "others"), [("web", True), ("app", False)])
def test_a_namesake_elsewhere_is_seen(other: str, *, others: bool) -> None:
    spec = "spec:\n  type: LoadBalancer\n  ports: [{port: 80}]\n"
    beside = f"---\n{WEB.replace('web', other)}  namespace: elsewhere\n{spec}"
    (patch,) = of(WEB + spec + beside, WEB + spec.replace("80", "81") + beside)
    assert (others, "") == (patch.others, patch.namespace)


def test_a_patch_has_the_reasons_of_its_object_in_its_file() -> None:
    new = WEB.replace("kind", "spec: {a: 1}\nkind")
    files = [FixedFile("a.yaml", WEB.encode(), new.encode()), FixedFile("b.yaml", WEB.encode(), WEB.encode())]
    first, *others = (
        Fixed("rule", target, path, 1, "", (("spec", "a"),))
        for target, path in (
            ("Service default/web", "a.yaml"), ("Service default/web", "b.yaml"), ("Service shop/web", "a.yaml"),
        )
    )  # fmt: skip
    (patch,) = patches(files, [first, *others])
    assert ((first,), {"spec": {"a": 1}}, False) == (patch.reasons, patch.changes, patch.others)


def test_the_same_change_of_an_object_that_stands_there_twice_is_one_patch() -> None:
    new = WEB.replace("kind", "spec: {a: 1}\nkind")
    (patch,) = of(f"{WEB}---\n{WEB}", f"{new}---\n{new}")
    assert "Service default/web" == patch.target
    assert 2 == len(of(f"{WEB}---\n{WEB}", f"{new}---\n{new.replace('a: 1', 'a: 2')}"))


def test_an_object_without_a_version_is_of_the_first() -> None:
    text = WEB.replace("apiVersion: v1\n", "")
    (patch,) = of(text, text.replace("metadata", "spec: {a: 1}\nmetadata"))
    assert ("v1", "Service", "web") == patch[:3]


def test_a_gateway_elsewhere_is_a_namesake_of_a_gateway_only() -> None:
    gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: web\n"
    beside = f"---\n{gateway}  namespace: elsewhere\n"
    (patch,) = of(gateway + beside, gateway.replace("kind", "spec: {a: 1}\nkind") + beside)
    assert ("Gateway", True) == (patch.kind, patch.others)
    (patch,) = of(WEB + beside, WEB.replace("kind", "spec: {a: 1}\nkind") + beside)
    assert not patch.others
