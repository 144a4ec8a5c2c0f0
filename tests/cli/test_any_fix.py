"""Whatever stands in a file, ``fix`` and ``krm`` give a whole result or none, and never a traceback."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.given.command import Ran, akslb
from tests.given.damaged import TEXTS, damaged, few, survives
from tests.given.merge_patch import merged, without_empty

HEAD = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n"


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def fixed(data: bytes, form: str) -> Ran:
    ran = akslb("fix", "-f", "-", "-o", form, "--unsafe-fixes", "--provider-version", "1.30.8", stdin=data)
    if form != "yaml":
        survives(ran)
    assert ran.code in {0, 3}
    return ran


@few
@given(damaged() | st.binary(max_size=100))
@example(b"")
def test_manifests_come_out_whole(data: bytes) -> None:
    ran = fixed(data, "yaml")
    again = fixed(ran.out.encode(), "yaml")
    assert ran.out == again.out
    if ran.code == 0:
        assert "nothing to fix" in again.err or ran.out == data.decode()


@few
@given(damaged())
def test_patches_are_yaml_that_holds_what_the_report_holds(data: bytes) -> None:
    ran = fixed(data, "json")
    if not ran.out:
        return
    patches = json.loads(ran.out)["patches"]
    (flux,) = loaded(fixed(data, "kustomize").out)["postRenderers"] or [{"kustomize": {"patches": []}}]
    listed = [(one["target"], loaded(one["patch"])) for one in flux["kustomize"]["patches"]]
    merges = [(target, body) for target, body in listed if isinstance(body, dict)]
    assert [one["target"] for one in patches] == [target for target, _ in merges]
    for one, (_, body) in zip(patches, merges, strict=True):
        annotations = body["metadata"].get("annotations", {})
        expected = one["patch"]["metadata"].get("annotations", {})
        assert {key: value or "" for key, value in expected.items()} == annotations
    assert loaded(fixed(data, "kustomization").out)["patches"] == flux["kustomize"]["patches"]


@pytest.mark.parametrize("text", [text for text in TEXTS if "---" not in text])
def test_merging_the_patch_makes_the_manifest(text: str) -> None:
    after = loaded(fixed(text.encode(), "yaml").out)
    merge: dict[str, Any] = {}
    for one in json.loads(fixed(text.encode(), "json").out)["patches"]:
        merge = one["patch"]
    if after.get("kind") == "Service":
        assert without_empty(after) == without_empty(merged(loaded(text), merge))


@few
@given(damaged())
def test_a_function_gives_back_a_list(data: bytes) -> None:
    lines = data.decode("utf-8", "surrogatepass").split("\n")
    items = "- " + "\n  ".join(lines) + "\n"
    ran = akslb("krm", stdin=(HEAD + items).encode("utf-8", "surrogatepass"))
    assert ran.code in {0, 1, 3}
    assert ran.err.replace("\n", "").isprintable()
    if ran.code == 3:
        assert ("", True) == (ran.out, "error: " in ran.err)
    else:
        assert ran.out.startswith(HEAD)
        assert ("[error]" in ran.err) >= (ran.code == 1)
