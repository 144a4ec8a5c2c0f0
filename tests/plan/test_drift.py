"""What becomes of what stands in Azure: every edit in its class, and no drift where nobody edited anything."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from conformance import by_hand, vectors
from conformance.by_hand import settled, split
from conformance.outcome import differences
from conformance.upgrades import nodes_after, standing
from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.derive.addresses import is_private
from kubectl_akslb.derive.state.azure import node_addresses
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.drift.difference import Drift, Fate
from kubectl_akslb.plan.drift.drift import drift
from kubectl_akslb.plan.drift.unfinished import Unfinished
from kubectl_akslb.plan.items import ItemKind
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.render.drift_words import summary
from tests.conformance.adapter import state, stored
from tests.plan import az_output
from tests.plan.edited import stuck, with_status
from tests.plan.known import EDITED, EDITS
from tests.recorded.known import VECTORS, in_sample
from tests.recorded.play import Played, cluster_of, played

Json = dict[str, Any]
#: What a person who compares has said about the cluster.
GIVEN = frozenset({"disable_outbound_snat", "probe_mode", "load_balancer_sku", "subnet_name"})
#: The newest release that is recorded; that the newest known one is, test_recorded.py holds.
RECORDED = vectors.versions_of(VECTORS)[-1]

SURVIVES, REVERTS, ORPHANED, FOREIGN = Fate.SURVIVES, Fate.REVERTS, Fate.ORPHANED, Fate.FOREIGN
Told = tuple[Fate, ItemKind, str]
PROBE, RULE, FRONTEND, SECURITY, ADDRESS = (
    ItemKind.PROBE, ItemKind.RULE, ItemKind.FRONTEND, ItemKind.SECURITY_RULE, ItemKind.PUBLIC_IP,
)  # fmt: skip

#: What is said of each edit of a Service with one port; "" is the thing as a whole. Nothing: it is no drift, or cannot be told.
EXPECTED: dict[str, set[Told]] = {
    "nothing": set(),
    "probe-port": {(REVERTS, PROBE, "port")},
    "probe-http": {(REVERTS, PROBE, "protocol"), (REVERTS, PROBE, "requestPath")},
    "probe-path": {(REVERTS, PROBE, "requestPath")},
    "probe-path-case": {(REVERTS, PROBE, "requestPath")},
    "probe-interval": {(REVERTS, PROBE, "intervalInSeconds")},
    "probe-threshold": {(REVERTS, PROBE, "probeThreshold")},
    "probe-number": {(SURVIVES, PROBE, "numberOfProbes")},
    "probe-deleted": {(REVERTS, PROBE, ""), (REVERTS, RULE, "probe")},
    "probe-last-deleted": set(),
    "probe-added": {(FOREIGN, PROBE, "")},
    "probe-added-named-alike": {(REVERTS, PROBE, "")},
    "rule-idle-timeout": {(REVERTS, RULE, "idleTimeoutInMinutes")},
    "rule-no-idle-timeout": set(),
    "rule-distribution": {(REVERTS, RULE, "loadDistribution")},
    "rule-tcp-reset": {(REVERTS, RULE, "enableTcpReset")},
    "rule-no-tcp-reset": {(REVERTS, RULE, "enableTcpReset")},
    "rule-floating-ip": {(REVERTS, RULE, "enableFloatingIP")},
    "rule-frontend-port": {(REVERTS, RULE, "frontendPort")},
    "rule-backend-port": {(REVERTS, RULE, "backendPort")},
    "rule-snat": {(REVERTS, RULE, "disableOutboundSnat")},
    "rule-no-probe": {(REVERTS, RULE, "probe")},
    "rule-protocol": {(REVERTS, RULE, "protocol")},
    "rule-deleted": {(REVERTS, RULE, "")},
    "rule-last-deleted": set(),
    "rule-added": {(FOREIGN, RULE, "")},
    "rule-added-named-alike": {(REVERTS, RULE, "")},
    "rule-added-on-the-port": {(FOREIGN, RULE, "")},  # the provider refuses the Service for it
    "rule-other-probe": {(FOREIGN, PROBE, ""), (REVERTS, RULE, "probe")},
    "frontend-added": {(FOREIGN, FRONTEND, "")},
    "frontend-other-public-ip": {(REVERTS, FRONTEND, "publicIPAddress")},
    "frontend-deleted": {(REVERTS, FRONTEND, ""), (REVERTS, RULE, "")},
    "pool-added": {(FOREIGN, ItemKind.POOL, "")},
    "balancer-tags": {(FOREIGN, ItemKind.LOAD_BALANCER, "tags.owner")},
    "balancer-deleted": {
        (REVERTS, ItemKind.POOL, ""), (REVERTS, FRONTEND, ""), (REVERTS, RULE, ""), (REVERTS, PROBE, ""),
    },
    "security-priority": set(),
    "security-priority-behind": set(),
    "security-priority-outside": {(SURVIVES, SECURITY, "priority")},
    "security-access": {(REVERTS, SECURITY, "access")},
    "security-protocol": {(REVERTS, SECURITY, "protocol")},
    "security-direction": {(REVERTS, SECURITY, "direction")},
    "security-source": {(REVERTS, SECURITY, "sourceAddressPrefixes")},
    "security-sources": {(SURVIVES, SECURITY, "sourceAddressPrefixes")},
    "security-source-port": {(REVERTS, SECURITY, "sourcePortRanges")},
    "security-ports": {(REVERTS, SECURITY, "destinationPortRanges")},
    "security-any-port": {(REVERTS, SECURITY, "destinationPortRanges")},
    "security-destination": {
        (REVERTS, SECURITY, "destinationAddressPrefixes"), (ORPHANED, SECURITY, "destinationAddressPrefixes"),
    },
    "security-destination-any": {
        (REVERTS, SECURITY, "destinationAddressPrefixes"), (ORPHANED, SECURITY, "destinationAddressPrefixes"),
    },
    "security-destination-added": {(ORPHANED, SECURITY, "destinationAddressPrefixes")},
    "security-description": set(),
    "security-deleted": {(REVERTS, SECURITY, "")},
    "security-last-deleted": set(),
    "security-all-deleted": {(REVERTS, SECURITY, "")},
    **{
        f"security-added{tail}": {(FOREIGN, SECURITY, "")}
        for tail in (
            "", "-before", "-behind", "-free", "-for-address", "-for-address-before", "-for-several", "-for-the-port",
            "-for-group",
        )
    },
    "security-added-named-alike": {(REVERTS, SECURITY, "")},
    "security-tags": {(FOREIGN, SECURITY, "tags.owner")},
    "address-label": {(SURVIVES, ADDRESS, "dnsSettings.domainNameLabel")},
    "address-no-label": set(),
    "address-tag-added": {(FOREIGN, ADDRESS, "tags.owner")},
    "address-service-tag": {(REVERTS, ADDRESS, "tags.k8s-azure-service")},
    "address-no-service-tag": {(SURVIVES, ADDRESS, "tags.k8s-azure-service")},
    "address-no-tags": {(SURVIVES, ADDRESS, "tags.k8s-azure-service")},
    "address-other-tag": {(FOREIGN, ADDRESS, "tags.a")},
    "address-idle-timeout": {(SURVIVES, ADDRESS, "idleTimeoutInMinutes")},
    "address-deleted": {(REVERTS, FRONTEND, ""), (REVERTS, RULE, ""), (REVERTS, ADDRESS, "")},
}  # fmt: skip
#: The same of an internal Service, in a cluster whose subnet is given.
OF_FRONTENDS: dict[str, set[Told]] = {
    "internal/frontend-address": set(),  # Azure gives out the address, so that any may be meant
    "internal/frontend-subnet": {(SURVIVES, FRONTEND, "subnet")},
    "internal-address/frontend-address": {(REVERTS, FRONTEND, "privateIPAddress")},
    "internal-subnet/frontend-subnet": {
        (REVERTS, FRONTEND, "subnet"), (REVERTS, FRONTEND, "privateIPAddress"),
        (REVERTS, FRONTEND, "privateIPAllocationMethod"),
    },
}  # fmt: skip
#: What releases before some behaviour do otherwise.
UNTIL_1_33_2: dict[str, set[Told]] = {
    "security-any-port": {(REVERTS, SECURITY, "destinationPortRanges"), (SURVIVES, SECURITY, "destinationPortRange")},
    "security-destination": {
        (REVERTS, SECURITY, "destinationAddressPrefixes"),
        (ORPHANED, SECURITY, "destinationAddressPrefixes"),
    },
    "security-added-for-address": {(REVERTS, SECURITY, "")},
    "security-added-for-the-port": {(REVERTS, SECURITY, "")},
    "security-added-for-several": {(FOREIGN, SECURITY, ""), (REVERTS, SECURITY, "destinationAddressPrefixes")},
    "security-added-named-alike": {(ORPHANED, SECURITY, "destinationAddressPrefixes")},
}
UNTIL_1_28: dict[str, set[Told]] = {
    "security-sources": {(REVERTS, SECURITY, "sourceAddressPrefixes")},
    "security-destination": {(REVERTS, SECURITY, "destinationAddressPrefixes")},
    "security-destination-any": {(REVERTS, SECURITY, "destinationAddressPrefixes")},
    "security-destination-added": {(REVERTS, SECURITY, "destinationAddressPrefixes")},
    "security-added-named-alike": {(FOREIGN, SECURITY, "")},
}


def _compared(case: Json, before: Played, bodies: list[Json], found: dict[str, Json], release: str) -> Drift:
    version = ProviderVersion.parse(release)
    cluster = cluster_of(case, version, behaviours_of(version))._replace(given=GIVEN)
    services = [with_status(stored(decode(body)), before.azure) for body in bodies]
    services += stuck(services, before.azure)
    return drift(services, cluster, read_resources(az_output.files(found)), complete=True)


def of_history(case: Json, release: str) -> tuple[Drift, Json]:
    """The drift after the edits of a history, and what stands then in the shape of the recordings."""
    steps, edits, after = split(case)
    before = played({**case, "steps": steps}, ProviderVersion.parse(release))
    stands = state(before.azure)
    found = az_output.of_azure(before.azure)
    for change in edits:
        az_output.edit(found, change)
    given = {**case, "nodes": nodes_after({**case, "steps": steps})}
    return _compared(given, before, after, found, release), stands


@pytest.mark.parametrize("release", [RECORDED, "v1.32.4", "v1.28.9"])
def test_every_edit_is_in_its_class(release: str) -> None:
    expected = {**EXPECTED, **{"v1.28.9": UNTIL_1_28, "v1.32.4": UNTIL_1_33_2}.get(release, {})}
    wrong = {}
    for name, told in expected.items():
        found, _ = of_history(EDITS[f"one-port/{name}"], release)
        seen = {(one.fate, one.kind, one.field) for one in found.differences}
        if seen != told:
            wrong[name] = sorted(f"{fate.value} {kind.value} {field}" for fate, kind, field in seen)
    assert not wrong


def test_every_edit_is_expected() -> None:
    assert set(by_hand.EDITS) == {*EXPECTED, *(name.partition("/")[2] for name in OF_FRONTENDS)}


@pytest.mark.parametrize("name", OF_FRONTENDS)
def test_every_edit_of_a_frontend_is_in_its_class(name: str) -> None:
    base, _, edits = name.partition("/")
    case = by_hand.edited(name, by_hand.BASES[base], by_hand.EDITS[edits](by_hand.BASES[base]))
    found, _ = of_history(case.as_json(), RECORDED)
    assert OF_FRONTENDS[name] == {(one.fate, one.kind, one.field) for one in found.differences}


@pytest.mark.parametrize(("release", "goes"), [(RECORDED, True), ("v1.32.4", False)])
def test_says_whether_a_destination_that_nobody_has_goes(release: str, goes: bool) -> None:
    (one,) = of_history(EDITS["one-port/security-destination-added"], release)[0].differences
    assert (one.goes, one.stands) == (goes, ("20.9.0.1", "203.0.113.99"))


def test_a_public_ip_that_is_made_anew_has_another_address() -> None:
    found, _ = of_history(EDITS["one-port/address-deleted"], RECORDED)
    assert ["another address"] == [one.wanted for one in found.differences if one.kind is ADDRESS]


def test_what_cannot_be_told_is_said() -> None:
    found, _ = of_history(EDITS["one-port/security-priority"], RECORDED)
    assert any(one.what.startswith("the priority of") for one in found.unchecked)


def test_what_is_refused_is_said() -> None:
    found, _ = of_history(EDITS["one-port/rule-added-on-the-port"], RECORDED)
    assert ["default/web"] == [one.service for one in found.unchecked if "refuses" in one.why]
    assert found.not_compared == {"default/web"}
    assert "0 of 1 Service compared with what stands in Azure: 1 foreign" == summary(found)


def test_differences_name_what_stands_and_what_is_wanted() -> None:
    (one,) = of_history(EDITS["one-port/probe-port"], RECORDED)[0].differences
    assert (8081, 30080, "default/web") == (one.stands, one.wanted, one.service)
    assert "findProbe" in one.upstream
    assert one.because is not None


def _again(release: str, *, whole: bool) -> Iterator[tuple[str, Json]]:
    for vector in EDITED.values():
        if vector.id.startswith("again/") and (whole or in_sample(vector.id)):
            yield from ((vector.id, outcome) for outcome, names in vector.outcomes if release in names)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("release", [RECORDED, "v1.28.9"])
def test_says_that_it_is_unfinished_where_the_provider_changes_it(release: str, *, whole: bool) -> None:
    """Histories that nobody edited: where the provider changed nothing, there is nothing to say, and only there."""
    wrong = []
    for name, outcome in _again(release, whole=whole):
        found, stands = of_history(EDITS[name], release)
        before = settled({**stands, "errors": outcome["errors"]}, release)
        changed = [path for path, *_ in differences(before, outcome) if not path.endswith("].priority")]
        told = [one for one in found.differences if one.fate is Fate.UNFINISHED or one.goes]
        if bool(changed) != bool(told) or found.of(Fate.SURVIVES) or found.of(Fate.REVERTS):
            wrong.append((name, changed[:3], [(one.fate.value, one.path, one.field) for one in found.differences][:3]))
    assert not wrong


#: Of a service gateway nothing is compared, and who is a member of a pool is not in a list of load balancers.
AREAS = sorted({name.partition("/")[0] for name in VECTORS} - {"gateway", "members"})
#: Of other releases than the newest every so manieth recording, for the time that all of them take.
EVERY = 4
#: Two generations of security rules, with one load balancer and with several; the rest is for the slow tests.
OTHERS = ("v1.28.9", "v1.32.4")
SLOW = ("v1.23.30", "v1.29.4", "v1.34.3")


@pytest.mark.parametrize(("area", "release"), [*((area, RECORDED) for area in AREAS), *(("", one) for one in OTHERS)])
def test_nobody_is_blamed_for_what_nobody_edited(area: str, release: str) -> None:
    """Nothing survives or reverts; what is orphaned is nobody's; what Services alone are made of is done."""
    _nobody_is_blamed([name for name in _names(area) if in_sample(name)], release)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("area", "release"), [*((area, RECORDED) for area in AREAS), *(("", one) for one in (*OTHERS, *SLOW))]
)
def test_nobody_is_blamed_in_all_recordings(area: str, release: str) -> None:
    _nobody_is_blamed(_names(area), release)


def _names(area: str) -> list[str]:
    return [name for name in VECTORS if name.startswith(f"{area}/")] if area else list(VECTORS)[::EVERY]


def _nobody_is_blamed(names: Sequence[str], release: str) -> None:
    told = []
    compared = 0
    for name in names:
        vector = VECTORS[name]
        if vector.outcome_of(release) is None:
            continue
        case = vector.case
        before = played(case, ProviderVersion.parse(release))
        bodies = [one for one in standing(case) if _full_name(one) in before.azure.services]
        if before.error.startswith("the provider does not start"):
            continue
        found = az_output.of_azure(before.azure)
        try:
            drifts = _compared({**case, "nodes": nodes_after(case)}, before, bodies, found, release)
        except AkslbError:
            continue  # nothing stands
        compared += 1
        alone = "steps" not in case and not before.refused
        held = _held(before)
        told += [
            (name, one.fate.value, one.path, one.field)
            for one in drifts.differences
            if one.fate in (Fate.SURVIVES, Fate.REVERTS)
            or (alone and one.fate is not Fate.FOREIGN)
            or (one.fate is Fate.ORPHANED and isinstance(one.stands, tuple) and not held.isdisjoint(one.stands))
        ]
    assert compared
    assert told == []


def _held(before: Played) -> set[str]:
    """The addresses of nodes, and those in a status that there still are: a public IP that was replaced has another one."""
    stand = {one.ip_address.value for one in before.azure.public_ips.values()}
    added = " ".join(one.annotations.get(keys.ADDITIONAL_IPS, "") for one in before.azure.services.values())
    status = {one for texts in before.azure.ingress.values() for one in texts}
    there = {one for one in status if one in stand or one in added or is_private(one)}
    return there | set(node_addresses(before.cluster))


#: Each way in which the provider leaves something to its next reconcile, in a history that nobody edited.
LEFT_UNFINISHED = [
    ("together/after-a-refused-private-link", RECORDED, Unfinished.REFUSED),
    ("history/update-before-ensure", RECORDED, Unfinished.NEW),
    ("history/ip-tags-internet-to-other", RECORDED, Unfinished.MOVED),
    ("history/public-ip-generated-to-by-name", "v1.23.30", Unfinished.MOVED),
    ("fault/deny-all-lost-by-deletion", RECORDED, Unfinished.SHARED),
    ("history/shared-address-second-deleted", "v1.29.4", Unfinished.SHARED),
    ("history/shared-address-second-leaves", RECORDED, Unfinished.LEFT),
    ("edited/0844", RECORDED, Unfinished.NODES),
    ("multiple/empty-one-first", "v1.28.9", Unfinished.BALANCED),
]


@pytest.mark.parametrize(("name", "release", "reason"), LEFT_UNFINISHED)
def test_says_why_the_provider_has_left_it(name: str, release: str, reason: Unfinished) -> None:
    case = VECTORS[name].case
    before = played(case, ProviderVersion.parse(release))
    found = az_output.of_azure(before.azure)
    drifts = _compared({**case, "nodes": nodes_after(case)}, before, standing(case), found, release)
    assert {reason} == {one.unfinished for one in drifts.of(Fate.UNFINISHED)}
    assert not drifts.of(Fate.REVERTS)


def test_every_reason_is_recorded() -> None:
    assert set(Unfinished) == {reason for *_, reason in LEFT_UNFINISHED}


def _full_name(body: Json) -> str:
    return f"{body['metadata']['namespace']}/{body['metadata']['name']}"
