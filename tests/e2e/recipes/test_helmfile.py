"""The post-renderer of helmfile: with Helm as helmfile calls it, and with helmfile itself where somebody has it."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import TOOLS, Helm
from tests.e2e.recipes.conftest import PATH_KEY, RECIPES, Shop, annotations, documents


def recipe(major: int) -> Path:
    return RECIPES / "helmfile" / ("helmfile-helm3.yaml" if major == 3 else "helmfile.yaml")


@pytest.mark.e2e
def test_helm_takes_the_flags_that_helmfile_makes_of_it(helm: Helm) -> None:
    (content,) = documents(recipe(helm.major).read_text())
    flags = ["--post-renderer", content["helmDefaults"]["postRenderer"]]
    for one in content["helmDefaults"]["postRendererArgs"]:
        flags += ["--post-renderer-args", one]
    done = helm("template", "shop", str(RECIPES / "chart"), *flags)
    assert {"shop-web": {PATH_KEY: "/ready"}} == annotations(done.stdout)


def test_helmfile(helm: Helm, shop: Shop) -> None:
    """Not marked e2e: helmfile takes nine minutes to build, so that CI does without."""
    program = shutil.which("helmfile") or shutil.which("helmfile", path=str(TOOLS))
    if program is None:
        pytest.skip("helmfile is not on the PATH: https://github.com/helmfile/helmfile has releases")
    file = shop.folder / "helmfile" / recipe(helm.major).name
    done = shop.run(program, "-f", file, "--helm-binary", helm.path, "template", **helm.environment)
    assert 0 == done.code, done.err
    assert {"shop-web": {PATH_KEY: "/ready"}} == annotations(done.out)
