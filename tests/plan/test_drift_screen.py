"""Drift in a terminal of 80 columns: Service by Service where there are few, what differs once where there are many."""

from conformance.cases.case import service
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.plan.drift.difference import Difference, Drift, Fate
from kubectl_akslb.plan.drift.unfinished import Unfinished
from kubectl_akslb.plan.items import ItemKind
from kubectl_akslb.render.drift_text import MOST_SERVICES, drift_text
from kubectl_akslb.render.drift_words import services_to_reconcile
from kubectl_akslb.render.terminal import Terminal

SERVICE = decode(service(name="web"))
PROBE = Difference(Fate.REVERTS, ItemKind.PROBE, "loadBalancers/kubernetes/probes/a-TCP-80", "port", 8081, 30080)


def of_many(count: int, one: Difference = PROBE) -> Drift:
    services = [SERVICE._replace(name=f"web-{place:03}") for place in range(count)]
    return Drift(tuple(services), tuple(one._replace(service=each.full_name) for each in services))


def screen(found: Drift, *, verbose: bool = False) -> list[str]:
    lines = drift_text(found, Terminal(80), (), verbose=verbose).splitlines()
    assert max(map(len, lines)) <= 80 or any("touched" in line for line in lines)
    return lines


def test_few_services_are_shown_each() -> None:
    lines = screen(of_many(3))
    assert 3 == sum("8081 → 30080" in line for line in lines)
    assert 3 == sum(line.startswith(("settle", " ")) and "touched" in line for line in lines)


def test_many_services_fit_on_a_screen() -> None:
    lines = screen(of_many(200))
    assert len(lines) < 24
    assert any("200 times" in line for line in lines)
    assert any("197 more" in line for line in lines)


def test_verbose_shows_all_of_many() -> None:
    assert 200 == sum("8081 → 30080" in line for line in screen(of_many(200), verbose=True))
    assert 200 > MOST_SERVICES


def test_what_the_provider_has_left_says_so() -> None:
    left = of_many(1, PROBE._replace(fate=Fate.UNFINISHED, unfinished=Unfinished.SHARED))
    assert any("nobody need have edited it" in line for line in screen(left))
    assert ["default/web-000"] == list(services_to_reconcile(left))


def test_a_refused_service_is_not_reconciled_in_vain() -> None:
    refused = of_many(1, PROBE._replace(fate=Fate.UNFINISHED, unfinished=Unfinished.REFUSED))
    assert not list(services_to_reconcile(refused))
