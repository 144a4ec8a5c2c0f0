"""The plugin of Argo CD: its commands as argocd-cmp-server runs them, without Argo CD itself."""

from typing import Any

import pytest

from tests.e2e.recipes.conftest import ADDED, Ran, Shop, annotations, documents

pytestmark = pytest.mark.e2e

GIVEN = {"ARGOCD_APP_NAME": "shop", "ARGOCD_APP_NAMESPACE": "team", "KUBE_VERSION": "1.30.8"}


def plugin(shop: Shop) -> Any:
    return documents((shop.folder / "argocd" / "plugin.yaml").read_text())[0]["spec"]


def generated(shop: Shop, **environment: str) -> Ran:
    """What Argo CD takes for the manifests: init, then generate, in the folder of the application."""
    spec = plugin(shop)
    ran = Ran(0, "", "")
    for step in ("init", "generate"):
        ran = shop.run(*spec[step]["command"], *spec[step]["args"], below="chart", **{**GIVEN, **environment})
        if ran.code:
            return ran
    return ran


def test_manifests_are_mended(shop: Shop) -> None:
    assert (shop.folder / "chart" / plugin(shop)["discover"]["fileName"]).exists()
    ran = generated(shop)
    assert 0 == ran.code, ran.err
    assert ADDED == annotations(ran.out)
    assert ["Deployment", "Service"] == sorted(one["kind"] for one in documents(ran.out))


def test_values_of_the_application(shop: Shop) -> None:
    (shop.folder / "chart" / "more values.yaml").write_text("a: b\n")
    (shop.folder / "chart" / "templates" / "a.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: {{ .Values.a }}}\n"
    )
    ran = generated(shop, ARGOCD_ENV_VALUES="more values.yaml")
    assert {"a": "b"} in [one.get("data") for one in documents(ran.out)]


def test_a_chart_that_fails_gives_no_manifests(shop: Shop) -> None:
    (shop.folder / "chart" / "templates" / "no.yaml").write_text('{{ fail "this is wrong" }}\n')
    ran = generated(shop)
    assert (1, "") == (ran.code, ran.out)
    assert "this is wrong" in ran.err


def test_dependencies_are_built(shop: Shop) -> None:
    chart = shop.folder / "chart" / "Chart.yaml"
    chart.write_text(
        chart.read_text() + "dependencies:\n- {name: other, version: 1.0.0, repository: 'file://../other'}\n"
    )
    other = shop.folder / "other"
    other.mkdir()
    (other / "Chart.yaml").write_text("apiVersion: v2\nname: other\nversion: 1.0.0\n")
    ran = generated(shop)
    assert 0 == ran.code, ran.err
    assert (shop.folder / "chart" / "charts" / "other-1.0.0.tgz").exists()
