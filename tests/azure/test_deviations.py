"""Asked and got: each kind of difference where the provider makes it, and beside it where all is as asked."""

from functools import cache
from typing import Any

import pytest

from kubectl_akslb.azure.dated_deviations import by_service, releases
from kubectl_akslb.azure.deviations import Deviation, DeviationKind, Releases, deviations
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP, LoadBalancerConfiguration, Node
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.version import NEWEST
from tests.given.services import INTERNAL, dual, ipv6, on, other, port, service
from tests.recorded.known import VECTORS
from tests.recorded.play import played

DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
SHARED = {"azure-pip-name": "pip"}
ONE = (ExistingPublicIP("pip", "20.9.0.1"),)
RANGE: dict[str, Any] = {"load_balancer_source_ranges": ("203.0.113.0/24",)}
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
DENYING = service({**DENY, **SHARED}, **RANGE)
NEIGHBOUR = other(SHARED, port(443))
NODES = (Node("n1", ("10.224.0.4",)),)
SEVERAL: dict[str, Any] = {
    "load_balancers": (
        LoadBalancerConfiguration("kubernetes", primary_vm_set="a"),
        LoadBalancerConfiguration("lb2", primary_vm_set="b"),
    ),
    "pool_type": "nodeIP",
    "existing_public_ips": ONE,
}
OTHER: dict[str, Any] = {"name": "other", "uid": "b" * 32}
IPV6_PIP = (ExistingPublicIP("pip", "2603::1", "IPv6"),)


def found(cluster: Cluster, *services: Service) -> tuple[Deviation, ...]:
    result = derive_all(services, cluster)
    refused = [each.service.full_name for each in result.derivations if each.refusal is not None]
    return deviations(result.azure, cluster, refused)


#: A kind, who is hit, where it comes, and the releases: the first that shows it, and those that do not any more.
MADE: list[Any] = [
    pytest.param(DeviationKind.NOT_KEPT_OUT, "shop/web", on(existing_public_ips=ONE), (DENYING, NEIGHBOUR), "1.29.0", (), id="the neighbour is the last writer"),
    pytest.param(DeviationKind.KEPT_OUT_UNASKED, "shop/other", on(existing_public_ips=ONE), (NEIGHBOUR, DENYING), "1.29.0", (), id="the neighbour's ports are denied too"),
    pytest.param(DeviationKind.NOT_LET_IN, "shop/web", on("1.29.3", existing_public_ips=ONE), (service(SHARED), NEIGHBOUR), "1.29.0", ("1.29.5", "1.30.1"), id="the neighbour's address is cleaned"),
    pytest.param(DeviationKind.NOT_LET_IN, "shop/web", on(), (dual(load_balancer_source_ranges=("0.0.0.0/0",)),), "1.30.14", (), id="everybody, but of one family"),
    pytest.param(DeviationKind.PUBLIC_THOUGH_INTERNAL, "shop/web", on(), (service({"azure-load-balancer-internal": "True"}),), "1.23.0", (), id="True is not true"),
    pytest.param(DeviationKind.NOT_SERVED, "shop/web", on("1.27.7"), (dual(),), "1.23.0", ("1.27.8",), id="dual-stack"),
    pytest.param(DeviationKind.NOT_SERVED, "shop/other", on("1.34.1", existing_public_ips=IPV6_PIP), (ipv6(SHARED), dual({"azure-pip-name-ipv6": "pip"}, port(81), **OTHER)), "1.23.0", ("1.27.8", "1.32.9", "1.33.4", "1.34.2"), id="IPv6 taken for IPv4"),
    pytest.param(DeviationKind.NOT_SERVED, "shop/web", on("1.32.20", **SEVERAL), (service(SHARED, port(80), port(81, name="b")), NEIGHBOUR), "1.28.0", ("1.33.12", "1.34.9", "1.35.4"), id="the neighbour takes the frontend along"),
    pytest.param(DeviationKind.NOT_KEPT_OUT, "shop/web", on(), (service({**DENY, "azure-allowed-service-tags": "Sql"}),), "1.23.0", (), id="service tags deny nobody"),
    pytest.param(DeviationKind.PROBES_DENIED, "shop/other", on(), (service({**DENY, **NO_FLOATING_IP}, **RANGE), other(None, port(443))), "1.29.5", (), id="the nodes are denied"),
    pytest.param(DeviationKind.LET_IN_UNASKED, "", on(nodes=NODES), (service(NO_FLOATING_IP), service()), "1.29.5", (), id="floating IP is back"),
]  # fmt: skip

AS_ASKED: list[Any] = [
    pytest.param(on(existing_public_ips=ONE), (DENYING,), id="alone with a denial"),
    pytest.param(on("1.28.14", existing_public_ips=ONE), (DENYING, NEIGHBOUR), id="denials were per port"),
    pytest.param(on(existing_public_ips=ONE), (service(SHARED), NEIGHBOUR), id="two on one address"),
    pytest.param(on(), (dual(load_balancer_source_ranges=("0.0.0.0/0", "::/0")),), id="everybody, of both families"),
    pytest.param(on(), (service(INTERNAL),), id="internal"),
    pytest.param(on("1.27.8"), (dual(),), id="dual-stack"),
    pytest.param(on("1.34.2", existing_public_ips=IPV6_PIP), (ipv6(SHARED), dual({"azure-pip-name-ipv6": "pip"}, port(81), **OTHER)), id="families told apart"),
    pytest.param(on(str(NEWEST), **SEVERAL), (service(SHARED), NEIGHBOUR), id="one load balancer"),
    pytest.param(on(nodes=NODES), (service(NO_FLOATING_IP),), id="no floating IP"),
    pytest.param(on(), (service({**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}, port(80), port(443)),), id="HA ports"),
    pytest.param(on(), (service({"port_443_no_lb_rule": "true"}, port(80), port(443)),), id="no rule on purpose"),
    pytest.param(on(), (service(load_balancer_source_ranges=("198.51.100.0/25", "198.51.100.128/25")),), id="ranges that are merged"),
    pytest.param(on(), (service({"azure-disable-load-balancer-nsg-rule": "true"}),), id="no security rules on purpose"),
    pytest.param(on(), (service({"azure-load-balancer-health-probe-interval": "1"}),), id="refused"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "cluster", "services", "first", "mended"), MADE)
def test_made(
    kind: DeviationKind, name: str, cluster: Cluster, services: tuple[Service, ...], first: str, mended: tuple[str, ...]
) -> None:
    seen = [each for each in found(cluster, *services) if each.kind == kind]
    assert {name} == {each.service for each in seen}
    dates = releases(services, cluster, seen[0])
    assert (first, mended) == (str(dates.first), tuple(map(str, dates.mended)))


def test_releases_are_those_of_what_is_asked() -> None:
    """What is known of Services is taken on any release of their cluster, and for no others."""
    wrong, right = service({"azure-load-balancer-internal": "True"}), service(INTERNAL)
    (seen,) = found(on(), wrong)
    assert releases((wrong,), on("1.27.7"), seen) is releases((wrong,), on(), seen)
    assert Releases(None, ()) == releases((right,), on(), seen)


@pytest.mark.parametrize(("cluster", "services"), AS_ASKED)
def test_as_asked(cluster: Cluster, services: tuple[Service, ...]) -> None:
    assert () == found(cluster, *services)


def test_every_kind_is_made() -> None:
    assert {
        DeviationKind.NOT_LET_IN, DeviationKind.NOT_KEPT_OUT, DeviationKind.LET_IN_UNASKED, DeviationKind.KEPT_OUT_UNASKED, DeviationKind.NOT_SERVED,
        DeviationKind.PUBLIC_THOUGH_INTERNAL, DeviationKind.PROBES_DENIED,
    } == {param.values[0] for param in MADE}  # fmt: skip


def test_others_on_the_address_are_named() -> None:
    (deviation,) = found(on(existing_public_ips=ONE), DENYING, NEIGHBOUR)
    assert ("20.9.0.1", ("shop/other",)) == (deviation.address, deviation.others)


def by_name(cluster: Cluster, *services: Service) -> dict[str, tuple[Deviation, ...]]:
    return dict(by_service(derive_all(services, cluster), cluster))


def test_the_other_order_is_looked_at() -> None:
    """The denial stands as long as nobody touches the neighbour."""
    cluster = on(existing_public_ips=ONE)
    assert () == tuple(one for one in found(cluster, NEIGHBOUR, DENYING) if one.kind is DeviationKind.NOT_KEPT_OUT)
    (lost,) = by_name(cluster, NEIGHBOUR, DENYING)["shop/web"]
    assert (DeviationKind.NOT_KEPT_OUT, "shop/other") == (lost.kind, lost.last)
    standing = [
        one for one in by_name(cluster, DENYING, NEIGHBOUR)["shop/web"] if one.kind is DeviationKind.NOT_KEPT_OUT
    ]
    assert [""] == [one.last for one in standing]
    assert standing[0].releases is not None
    assert "1.29.0" == str(standing[0].releases.first)


def test_services_apart_are_not_looked_at_again() -> None:
    assert {} == by_name(on(), service(), other(None, port(443)))


def test_a_rule_from_the_frontend_of_another() -> None:
    """No release does this; somebody with az can."""
    cluster = on()
    azure = derive_all((service(), other(None, port(443))), cluster).azure
    state = azure.load_balancers["kubernetes"]
    first, second = state.rules.values()
    state.rules[second.name.value] = second._replace(frontend=Derived(first.frontend.value, first.frontend.origin))
    assert [DeviationKind.FOREIGN_FRONTEND] == [each.kind for each in deviations(azure, cluster)]


@cache
def _of_recordings() -> dict[str, set[DeviationKind]]:
    """The kinds by recording: what one Service alone gets in the newest release."""
    kinds_of = {}
    for name, vector in VECTORS.items():
        if "service" in vector.case:
            state = played(vector.case, NEWEST)
            if not state.error:
                kinds_of[name] = {each.kind for each in deviations(state.azure, state.cluster)}
    return kinds_of


def test_recordings_of_one_service_are_as_asked() -> None:
    """But for those that ask what the provider reads otherwise."""
    unexpected = {
        name: kinds_found
        for name, kinds_found in _of_recordings().items()
        if kinds_found and not _is_known(VECTORS[name].case["service"], kinds_found)
    }
    assert {} == unexpected
    assert len([name for name, kinds_found in _of_recordings().items() if not kinds_found]) > 600


def _is_known(body: dict[str, Any], kinds_found: set[DeviationKind]) -> bool:
    annotations = {key.partition("/")[2]: value for key, value in body["metadata"].get("annotations", {}).items()}
    spelled = annotations.get("azure-load-balancer-internal", "")
    everybody = "/0" in str((annotations, body["spec"].get("loadBalancerSourceRanges")))
    known: set[DeviationKind] = set()
    if spelled.strip().lower() == "true" and spelled != "true":
        known.add(DeviationKind.PUBLIC_THOUGH_INTERNAL)
    if everybody:  # of one family only
        known.add(DeviationKind.NOT_LET_IN)
    if "azure-allowed-service-tags" in annotations:  # they deny nobody
        known.add(DeviationKind.NOT_KEPT_OUT)
    return kinds_found <= known
