"""Our derivation says what the provider did when another release took over: every recorded upgrade, all that stands."""

import pytest

from conformance import upgrades, vectors
from conformance.cases.case import DUAL_NODES, Case, ensure, history, port, service
from conformance.cases.multiple import TWO
from conformance.outcome import differences
from conformance.upgrades import Upgrade
from tests.plan import random_order
from tests.plan.known import UPGRADED
from tests.plan.upgraded import answer
from tests.recorded.known import CASES, in_sample

SHOWN = 5

#: What differs, and why.
UNLIKE = {
    "multiple/empty-one-first-later": "the recorder shows a load balancer to which no rules were sent without a list of"
    " rules, Azure with an empty one: to the provider that is another number of rules",
}


def _names() -> list[str]:
    return sorted({one for vector in UPGRADED.values() for _, names in vector.outcomes for one in names})


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _names())
def test_says_what_the_new_release_made_of_it(name: str, *, whole: bool) -> None:
    upgrade = Upgrade.parse(name)
    asked = wrong = 0
    texts = []
    for vector in UPGRADED.values():
        if vector.id in UNLIKE or not (whole or in_sample(vector.id)):
            continue
        for outcome, names in vector.outcomes:
            if name not in names:
                continue
            asked += 1
            services = upgrades.standing(CASES[vector.id])
            recorded = random_order.settled_upgrade(outcome, services, *upgrade)
            ours = random_order.settled_upgrade(answer(CASES[vector.id], upgrade), services, *upgrade)
            if ours != recorded:
                wrong += 1
                places = list(differences(recorded, ours))[:3]
                texts.append(f"{vector.id}: {places}")
    assert asked > 0
    assert not wrong, f"{wrong} of {asked} answers differ\n" + "\n".join(texts[:SHOWN])


def test_the_recordings_are_of_the_cases() -> None:
    stale = [name for name, vector in UPGRADED.items() if vector.digest != upgrades.digest(CASES.get(name) or {})]
    assert not stale, f"python -m conformance.upgrades: {len(stale)} cases have changed, first {stale[:SHOWN]}"


def test_only_what_is_recorded_is_excused() -> None:
    assert set(UNLIKE) <= set(UPGRADED)


def test_every_upgrade_between_minors_is_recorded() -> None:
    minors = {(int(one.old.split(".")[1]), int(one.new.split(".")[1])) for one in map(Upgrade.parse, _names())}
    covered = {minor for old, new in minors for minor in range(old, new)}
    assert set(range(23, 36)) <= covered


def test_the_files_hold_nothing_but_the_recordings() -> None:
    before = {path.name: path.read_bytes() for path in upgrades.FOLDER.glob("*.jsonl.gz")}
    assert before == upgrades.written(UPGRADED.values())
    assert not [path for path in vectors.FOLDER.glob("*.jsonl.gz") if path.name.startswith("upgrades")]


def _rules(case: Case, upgrade: str) -> set[tuple[str, str, tuple[str, ...]]]:
    """What each security rule does after an upgrade: its name without the hash, its access and its ports."""
    body = answer(case.as_json(), Upgrade.parse(upgrade))
    return {
        (rule["name"].rpartition("_")[0], rule["access"], tuple(rule.get("destinationPortRanges") or ()))
        for rule in body["securityRules"]
    }


def test_rules_of_the_older_generation_go_whatever_the_order_of_their_destinations() -> None:
    added = service({"azure-additional-public-ips": "2001:db8::9"}, families=("IPv6", "IPv4"))
    case = history("added", ensure(added), nodes=DUAL_NODES)
    shared = {(f"k8s-azure-lb_allow_{family}", "Allow", ("80",)) for family in ("IPv4", "IPv6")}
    assert shared == _rules(case, "v1.28.9>v1.32.4")


def test_a_denial_of_the_older_generation_that_others_need_in_part_lets_in() -> None:
    """As recorded: the provider splits the rule, and what comes of it is no denial any more."""
    taken = {"azure-load-balancer-ipv6": "2603:1030::1"}
    beside = service(taken, name="beside", families=("IPv6",))
    other = {"azure-load-balancer-ipv4": "20.9.0.3", "azure-allowed-ip-ranges": "192.0.2.1/24"}
    closed = service(taken | other, port(80), port(8080), name="closed", families=("IPv6",))
    owner = service(name="owner", families=("IPv6", "IPv4"))
    case = history("closed", *map(ensure, (beside, owner, closed)), nodes=DUAL_NODES)
    body = answer(case.as_json(), Upgrade.parse("v1.28.9>v1.32.4"))
    to_anybody = [rule for rule in body["securityRules"] if rule["sourceAddressPrefix"] == "*"]
    told = {(rule["access"], tuple(rule.get("destinationPortRanges") or ())) for rule in to_anybody}
    assert {("Allow", ("80", "80")), ("Deny", ())} == told


def test_pools_that_are_empty_at_the_start_stay_so() -> None:
    """With several load balancers: one that never had a node lists all, unless the provider has just seen it empty."""
    on_nodes = service({"azure-disable-load-balancer-floating-ip": "true"}, name="api")
    case = history("empty", ensure(service()), ensure(on_nodes), nodes=DUAL_NODES, config=TWO)
    for old, opened in (("v1.28.9", False), ("v1.32.4", True)):
        body = answer(case.as_json(), Upgrade.parse(f"{old}>v1.32.4"))
        ports = {port for rule in body["securityRules"] for port in rule.get("destinationPortRanges") or ()}
        assert opened is ("30080" in ports)
