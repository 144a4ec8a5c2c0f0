"""The post-renderer of helmfile, with Helm as helmfile calls it; helmfile itself takes minutes to build."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Helm
from tests.e2e.recipes.conftest import ADDED, RECIPES, annotations, documents


def recipe(major: int) -> Path:
    return RECIPES / "helmfile" / ("helmfile-helm3.yaml" if major == 3 else "helmfile.yaml")


@pytest.mark.e2e
def test_helm_takes_the_flags_that_helmfile_makes_of_it(helm: Helm) -> None:
    (content,) = documents(recipe(helm.major).read_text())
    flags = ["--post-renderer", content["helmDefaults"]["postRenderer"]]
    for one in content["helmDefaults"]["postRendererArgs"]:
        flags += ["--post-renderer-args", one]
    done = helm("template", "shop", str(RECIPES / "chart"), *flags)
    assert ADDED == annotations(done.stdout)
