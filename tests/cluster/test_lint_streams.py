"""What stands around a Service of a cluster, as lint sees it."""

import random
from typing import Any

import pytest

from kubectl_akslb.cluster.lint_streams import Around

LABELS = tuple((key, value) for key in ("app", "tier") for value in ("a", "b", "c"))
KINDS = ("Deployment", "StatefulSet", "NetworkPolicy", "Ingress", "EndpointSlice")


def thing(kind: str, name: str, namespace: str, labels: dict[str, str]) -> dict[str, Any]:
    """An object whose pods bear *labels*; an EndpointSlice has none."""
    spec = {"template": {"metadata": {"labels": labels}}} if kind in {"Deployment", "StatefulSet"} else {}
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def service(selector: dict[str, str], labels: dict[str, str] | None = None) -> dict[str, Any]:
    return {"metadata": {"namespace": "shop", "labels": labels}, "spec": {"selector": selector}}


def names(found: list[Any]) -> list[str]:
    return [one["metadata"]["name"] for one in found]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_selected_is_what_each_workload_says_of_itself(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - cases, no secrets
    found = [
        thing(
            rng.choice(KINDS), f"o{number}", rng.choice(("shop", "other")), dict(rng.sample(LABELS, rng.randint(0, 3)))
        )
        for number in range(40)
    ]
    around = Around(found)
    policies = [one for one in found if one["kind"] == "NetworkPolicy" and one["metadata"]["namespace"] == "shop"]
    for _ in range(10):
        selector = dict(rng.sample(LABELS, rng.randint(0, 2)))
        workloads = [
            one
            for one in found
            if selector
            and one["metadata"]["namespace"] == "shop"
            and one["spec"]
            and all(one["spec"]["template"]["metadata"]["labels"].get(key) == value for key, value in selector.items())
        ]
        assert names(workloads + policies) == names(around.of(service(selector)))


def test_ingresses_stand_around_the_controller_that_serves_them() -> None:
    around = Around([thing("Ingress", "site", "other", {})])
    assert [] == around.of(service({"app": "web"}))
    assert ["site"] == names(around.of(service({}, {"app.kubernetes.io/name": "ingress-nginx"})))


def test_a_value_that_is_no_text_selects_nothing_by_its_looks() -> None:
    around = Around([thing("Deployment", "web", "shop", {"app": "1"})])
    assert [] == around.of(service({"app": 1}))  # type: ignore[dict-item]
