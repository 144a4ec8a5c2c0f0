"""The function of kustomize, in the files of the recipe."""

import pytest

from tests.e2e.conftest import tool
from tests.e2e.recipes.conftest import Shop, annotations

pytestmark = pytest.mark.e2e

BUILD = ("build", "--enable-alpha-plugins", "--enable-exec", "kustomize")
TCP = {"service.beta.kubernetes.io/port_80_health-probe_protocol": "tcp"}


def test_the_build_mends_and_lints(shop: Shop) -> None:
    command = (shop.folder / "kustomize" / "kustomization.yaml").read_text().splitlines()[0]
    assert f"# kustomize {' '.join(BUILD[:-1])} ." == command
    done = shop.run(tool("kustomize"), *BUILD)
    assert (0, {"web": TCP}) == (done.code, annotations(done.out)), done.err


def test_what_is_left_ends_the_build(shop: Shop) -> None:
    web = shop.folder / "kustomize" / "web.yaml"
    web.write_text(web.read_text().replace("spec:\n", "spec:\n  loadBalancerSourceRanges: [10.0.0.300/8]\n"))
    done = shop.run(tool("kustomize"), *BUILD)
    assert (1, "") == (done.code, done.out)
    assert "Service web: invalid-source-range: " in done.err
