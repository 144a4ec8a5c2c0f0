"""What other Services do to one: in the verdict, for the clients, and in what lint finds."""

import re
from typing import Any

import pytest

from kubectl_akslb.azure.deviations import Deviation, DeviationKind
from kubectl_akslb.lint.engine import lint
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.model.provenance import ANNOTATION, Origin
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.other_services import _and, reason_of
from kubectl_akslb.path.sentences import sentence, sentences
from kubectl_akslb.path.verdict import ClientGroup, VerdictKind
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained, explain
from kubectl_akslb.provider.version import NEWEST
from tests.given.streams import Object, on, service

DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
SHARED = {"azure-pip-name": "pip"}
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
RANGE = {"azure-allowed-ip-ranges": "203.0.113.0/24"}
DENYING = service(annotations={**SHARED, **DENY, **RANGE})
OF_KUBE_PROXY: dict[str, Any] = {"loadBalancerSourceRanges": ["203.0.113.0/24"]}
API = service({"port": 443}, name="api", annotations=SHARED)


def text(objects: tuple[Object, ...]) -> bytes:
    return "---\n".join(map(block_text, objects)).encode()


def explained(*objects: Object, version: str = str(NEWEST)) -> dict[str, Explained]:
    found = explain([("x.yaml", text(objects))], on(version)).services
    return {one.found.service.name: one for one in found}


def rules(*objects: Object, version: str = str(NEWEST)) -> set[tuple[str, str]]:
    found = lint([("x.yaml", text(objects))], on(version)).diagnostics
    return {(one.service.partition("/")[2], one.rule) for one in found if "than-asked" in one.rule}


@pytest.mark.parametrize(
    ("objects", "version", "name", "kind", "cause", "found"),
    [
        pytest.param((DENYING, API), str(NEWEST), "web", VerdictKind.DEPENDS, Cause.NOT_KEPT_OUT, "lets-in-more-than-asked", id="denial lost"),
        pytest.param((API, DENYING), str(NEWEST), "web", VerdictKind.DEPENDS, Cause.NOT_KEPT_OUT, "lets-in-more-than-asked", id="denial lost next time"),
        pytest.param((DENYING, API), "1.29.3", "web", VerdictKind.UNREACHABLE, Cause.NOT_LET_IN, "lets-in-less-than-asked", id="rule lost"),
        pytest.param((DENYING, API), "1.29.3", "api", VerdictKind.DEPENDS, Cause.NOT_LET_IN, "lets-in-less-than-asked", id="rule lost next time"),
        pytest.param((service(annotations={**DENY, **NO_FLOATING_IP, **RANGE}), service(name="api")), str(NEWEST), "api", VerdictKind.DOWN, Cause.PROBES_DENIED_BY_OTHERS, "lets-in-less-than-asked", id="probes of all"),
        pytest.param((service(annotations={**SHARED, **DENY}, **OF_KUBE_PROXY), API), str(NEWEST), "web", VerdictKind.WORKS, None, "", id="kube-proxy keeps them out"),
        pytest.param((DENYING, API), "1.28.14", "api", VerdictKind.WORKS, None, "", id="rules were per Service"),
        pytest.param((service(annotations={**DENY, **RANGE}), API), str(NEWEST), "web", VerdictKind.WORKS, None, "", id="addresses of their own"),
    ],
)  # fmt: skip
def test_verdict_and_finding(
    objects: tuple[Object, ...], version: str, name: str, kind: VerdictKind, cause: Cause | None, found: str
) -> None:
    path = explained(*objects, version=version)[name].path
    assert kind is path.verdict.kind
    causes = {reason.cause for reason in path.verdict.because}
    assert cause is None or cause in causes
    assert {(name, found)} - {(name, "")} <= rules(*objects, version=version)
    assert found or name not in {of for of, _ in rules(*objects, version=version)}


def outcomes(one: Explained) -> dict[ClientGroup, Outcome]:
    return {client.group: deciding(client).outcome for client in one.path.clients}


def test_whom_the_neighbour_shuts_out() -> None:
    """The rule of one denies every port of the address that they share."""
    internal = {"azure-load-balancer-internal": "true", "azure-load-balancer-ipv4": "10.224.0.9"}
    api = service({"port": 443}, name="api", annotations=internal)
    denying = service(annotations={**internal, **DENY, **RANGE})
    found = explained(api, denying)
    assert VerdictKind.UNREACHABLE is found["api"].path.verdict.kind
    assert Cause.KEPT_OUT_UNASKED is found["api"].path.verdict.because[0].cause
    assert Outcome.DROP is outcomes(found["api"])[ClientGroup.VIRTUAL_NETWORK]
    assert ("api", "lets-in-less-than-asked") in rules(api, denying)


def test_who_gets_in_past_a_lost_denial() -> None:
    """To a public address the virtual network comes with public ones, which no default rule lets in."""
    internal = {"azure-load-balancer-internal": "true", "azure-load-balancer-ipv4": "10.224.0.9"}
    api = service({"port": 443}, name="api", annotations=internal)
    found = explained(service(annotations={**internal, **DENY, **RANGE}), api)["web"]
    assert Outcome.PASS is outcomes(found)[ClientGroup.VIRTUAL_NETWORK]
    public = explained(DENYING, API)["web"]
    assert Outcome.DEPENDS is outcomes(public)[ClientGroup.VIRTUAL_NETWORK]
    assert Outcome.DROP is outcomes(public)[ClientGroup.INTERNET]


@pytest.mark.parametrize(
    "address", [SHARED, {"azure-load-balancer-internal": "true", "azure-load-balancer-ipv4": "10.224.0.9"}]
)
def test_what_a_lost_denial_comes_to(address: dict[str, str]) -> None:
    """At a public address only a default route makes a difference, and a command tells; lint says the same."""
    objects = (
        service(annotations={**address, **DENY, **RANGE}),
        service({"port": 443}, name="api", annotations=address),
    )
    hop = next(one for one in explained(*objects)["web"].path.common if one.because[0].cause is Cause.NOT_KEPT_OUT)
    public = address == SHARED
    assert public is (Cause.OPEN_BY_DEFAULT_ROUTE in {reason.cause for reason in hop.because})
    assert public is (hop.verify is not None and "route-table" in str(hop.verify))
    (said,) = (
        one.message
        for one in lint([("x.yaml", text(objects))], on(str(NEWEST))).diagnostics
        if one.rule == "lets-in-more-than-asked"
    )
    assert sentences(hop.because) == said


def test_a_range_of_one_family_is_mended_by_the_other() -> None:
    both = service(ipFamilyPolicy="RequireDualStack", loadBalancerSourceRanges=["0.0.0.0/0"])
    remedy = explained(both)["web"].path.verdict.remedy
    assert remedy is not None
    assert remedy.reason is not None
    assert "0.0.0.0/0 and ::/0; providers do this" in sentence(remedy.reason)


def test_the_releases_are_named() -> None:
    (hint,) = [
        one.hint
        for one in lint([("x.yaml", text((DENYING, API)))], on(str(NEWEST))).diagnostics
        if one.rule == "lets-in-more-than-asked"
    ]
    assert ["1.25.24", str(NEWEST)] == re.findall(r"\d+\.\d+\.\d+", hint)


@pytest.mark.parametrize("versions", [["1.27.4"], ["1.27.4", "1.28.0"], ["1.26.9", "1.27.4", "1.28.0"]])
def test_each_version_is_named(versions: list[str]) -> None:
    assert versions == re.findall(r"\d+\.\d+\.\d+", _and([ProviderVersion.parse(one) for one in versions]))


@pytest.mark.parametrize("kind", DeviationKind)
def test_each_deviation_has_a_cause_and_a_clause(kind: DeviationKind) -> None:
    origin = Origin(ANNOTATION, "azure-load-balancer-internal", "True")
    found = reason_of(Deviation(kind, "shop/web", origin, "20.0.0.4", ("shop/api",)))
    assert found.cause.name in {kind.name, *RENAMED.get(kind, ())}
    assert "" != sentence(found)


#: Causes that say more than the deviation is called.
RENAMED = {
    DeviationKind.PROBES_DENIED: (Cause.PROBES_DENIED_BY_OTHERS.name,),
    DeviationKind.PUBLIC_THOUGH_INTERNAL: (Cause.PUBLIC_NOT_INTERNAL.name,),
}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (("a",), "a has"), (("a", "b"), "a and b have"), (("a", "b", "c"), "a and b and c have"),
        (("a", "b", "c", "d", "e"), "a, b, c and 2 more have"),
    ],
)  # fmt: skip
def test_who_has_the_address_too(others: tuple[str, ...], expected: str) -> None:
    origin = Origin(ANNOTATION, "azure-pip-name", "pip")
    found = reason_of(Deviation(DeviationKind.NOT_LET_IN, "shop/web", origin, "20.0.0.4", others))
    assert f", which {expected} too" == found.facts["where"]
