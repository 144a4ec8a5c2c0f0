"""The flags that Skaffold hands to the program that stands between Helm and its own post-renderer."""

import pytest

from tests.e2e.recipes.conftest import ADDED, Shop, annotations, documents

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("command", ["install", "upgrade"])
def test_helm_takes_the_flags(shop: Shop, command: str) -> None:
    (content,) = documents((shop.folder / "skaffold" / "skaffold.yaml").read_text())
    (release,) = content["deploy"]["helm"]["releases"]
    flags = content["deploy"]["helm"]["flags"][command]
    done = shop.run("helm", "template", release["name"], release["chartPath"], *flags, below="skaffold")
    assert ADDED == annotations(done.out), done.err
