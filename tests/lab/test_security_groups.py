"""Whom the path lets past the security group against whom the derived rules let in, as rules of nftables."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from kubectl_akslb.derive.addresses import Prefix
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path import security_group
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.verdict import ClientGroup
from lab import security_groups
from lab.security_groups import CLIENTS, Json, cluster_of, destinations, rules_of
from tests.lab.adapter import Derivations, prefix_of, read

INSIDE = {"vnet", "peered"}
#: What no rule of the Service's tells: other rules, other networks, what an Azure of tomorrow knows.
UNTOLD = frozenset({Cause.RULES_DISABLED, Cause.PUBLIC_TO_PRIVATE, Cause.TAG_NOT_DOCUMENTED})


class Asked(NamedTuple):
    """A Service, what is derived for it on a release, and who was let in."""

    case: str
    service: Json
    version: str
    derivation: Derivation
    outcome: Json


@cache
def everything() -> tuple[Asked, ...]:
    """Every Service on every release."""
    found = []
    for line in security_groups.recorded():
        derivations = Derivations(read(line["service"]))
        for outcome in line["outcomes"]:
            for version in outcome["versions"]:
                derivation = derivations.on(cluster(version))
                found.append(Asked(line["case"], line["service"], version, derivation, outcome))
    return tuple(found)


@cache
def cluster(version: str) -> Cluster:
    """The cluster that the recorder takes."""
    return cluster_of(version)


def test_the_recordings_are_those_of_the_cases() -> None:
    assert dict(security_groups.cases()) == {line["case"]: line["service"] for line in security_groups.recorded()}
    versions = sorted(security_groups.VERSIONS)
    for line in security_groups.recorded():
        assert versions == sorted(version for one in line["outcomes"] for version in one["versions"]), line["case"]


def test_the_rules_are_still_those_that_were_asked() -> None:
    for case, service, version, derivation, outcome in everything():
        assert outcome["rules"] == rules_of(derivation), (case, version)
        asked = [f"{address} {port}" for address, port in destinations(service, derivation)]
        assert asked == list(outcome["let in"]), (case, version)


def hops(derivation: Derivation, version: str, client: str, prefix: Prefix) -> Iterator[Hop]:
    """What the path says of a client: by each range that holds it, else as one of its group."""
    sources = security_group.sources(derivation, cluster(version))
    group = ClientGroup.VIRTUAL_NETWORK if client in INSIDE else ClientGroup.INTERNET
    tag = "virtualnetwork" if client in INSIDE else "internet"
    named = [one for one in sources if one.prefix is not None and one.prefix.contains(prefix)]
    named += [one for one in sources if one.tag.lower() == tag]
    yield from (one.hop for one in named or sources if one in named or one.group is group)


def wrong(one: Asked) -> Iterator[tuple[object, ...]]:
    case, _, version, derivation, outcome = one
    for place, by_client in outcome["let in"].items():
        family = 6 if place.count(":") > 1 else 4
        for client, let_in in by_client.items():
            prefix = prefix_of(CLIENTS[client][family])
            found = list(hops(derivation, version, client, prefix))
            causes = {reason.cause for hop in found for reason in hop.because}
            if client in INSIDE and not is_internal(derivation.service):
                continue  # what comes to a public address has a public one by then: no such packet is in Azure
            # A private address is none of the internet's, whatever the rules say.
            if causes & UNTOLD or Cause.PRIVATE_ADDRESS in causes:
                continue
            said = {hop.outcome for hop in found}
            # Nor does a private address come to a public one, but the rules let it in.
            passes = said == {Outcome.PASS} or causes == {Cause.PRIVATE_TO_PUBLIC}
            # Of a group of which only ranges are let in, who is in none of them is not; of one family, who is of that.
            by_family = causes <= {Cause.OPEN_TO_ONE_FAMILY, Cause.DENIED_OVER_ONE_FAMILY}
            only = (
                not let_in
                if causes == {Cause.DENIED_BUT_RANGES}
                else by_family and (family == 4) is (let_in is (Cause.OPEN_TO_ONE_FAMILY in causes))
            )
            depends = said == {Outcome.DEPENDS} and only
            if not depends and passes is not let_in:
                yield case, version, place, client, let_in, sorted(one.name for one in causes)


def all_wrong() -> Iterator[tuple[object, ...]]:
    return (one for given in everything() for one in wrong(given))


def test_who_gets_past_the_security_group() -> None:
    assert [] == list(all_wrong())


def test_both_answers_were_measured_for_each_client() -> None:
    for client in CLIENTS:
        assert {True, False} == {one[client] for given in everything() for one in given.outcome["let in"].values()}


@pytest.mark.parametrize("name", ["_named", "_virtual_network", "_internet"])
def test_a_group_that_is_not_looked_at_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let in without a look at the rules, or not named at all."""
    passing = security_group._passes
    groups = {"_virtual_network": ClientGroup.VIRTUAL_NETWORK, "_internet": ClientGroup.INTERNET}

    def open_to(*arguments: object, **_: object) -> object:
        if name == "_named":
            return ()
        derivation = arguments[0]
        assert isinstance(derivation, Derivation)
        hop = Hop(HopName.SECURITY_GROUP, Outcome.PASS, Confidence.CERTAIN)
        if derivation.security_rules:
            hop = passing(derivation.security_rules[0])
        return security_group.SourceGroup(groups[name], groups[name].value, intended=True, hop=hop)

    monkeypatch.setattr(security_group, name, open_to)
    assert any(True for _ in all_wrong())
