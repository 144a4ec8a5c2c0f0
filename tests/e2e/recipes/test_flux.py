"""The HelmRelease of Flux: what fix prints is what it holds, and kustomize applies it."""

import json

import pytest

from tests.e2e.conftest import tool
from tests.e2e.recipes.conftest import ADDED, Shop, annotations, documents

pytestmark = pytest.mark.e2e


def test_the_release_holds_what_fix_prints(shop: Shop) -> None:
    text = (shop.folder / "flux" / "helmrelease.yaml").read_text()
    (command,) = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   ")]
    assert "kubectl akslb" in command
    ran = shop.run("sh", "-ec", command.replace("kubectl akslb", "kubectl-akslb"), below="flux")
    assert 0 == ran.code, ran.err
    assert "".join(f"  {line}\n" for line in ran.out.splitlines()) == text[text.index("  postRenderers:") :]


def test_kustomize_applies_it_as_flux_does(shop: Shop) -> None:
    (release,) = documents((shop.folder / "flux" / "helmrelease.yaml").read_text())
    (renderer,) = release["spec"]["postRenderers"]
    below = shop.folder / "build"
    below.mkdir()
    (below / "all.yaml").write_text(shop.run("helm", "template", "shop", "chart").out)
    (below / "kustomization.yaml").write_text(
        json.dumps({"resources": ["all.yaml"], "patches": renderer["kustomize"]["patches"]})
    )
    done = shop.run(tool("kustomize"), "build", ".", below="build")
    assert 0 == done.code, done.err
    assert ADDED == annotations(done.out)
