"""What the provider made for Services that are gone: what the next reconcile removes of it, and who removes the rest."""

import re
from typing import Any

import pytest

from conformance import by_hand
from conformance.cases.case import DUAL_NODES, ensure, history, port, service
from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.drift.difference import Drift, Fate
from kubectl_akslb.plan.drift.drift import drift
from kubectl_akslb.plan.items import ItemKind
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.render.drift_removal import removals
from tests.conformance.adapter import stored
from tests.plan import az_output
from tests.plan.edited import with_status
from tests.recorded.play import cluster_of, played

Json = dict[str, Any]
INTERNAL = {"azure-load-balancer-internal": "true"}
WEB, OLD, OLD_INTERNAL = service(name="web"), service(name="old"), service(INTERNAL, name="old")
WHOLE_OLD = {ItemKind.FRONTEND, ItemKind.RULE, ItemKind.PROBE, ItemKind.PUBLIC_IP, ItemKind.SECURITY_RULE}


def found(
    steps: tuple[Json, ...],
    left: tuple[Json, ...],
    *,
    release: str = "v1.34.3",
    complete: bool = True,
    nodes: bool = True,
    built: bool = True,
    added: Json | None = None,
) -> Drift:
    """The drift of a cluster in which Services were made, and of which only some are left; nobody told the provider."""
    version = ProviderVersion.parse(release)
    case = history("left", *map(ensure, steps), nodes=DUAL_NODES, public_ips=by_hand.MINE).as_json()
    case.setdefault("steps", [{"ensure": one} for one in steps])
    before = played(case, version)
    stands = az_output.of_azure(before.azure)
    stands.update(added or {})
    cluster = cluster_of(case, version, behaviours_of(version))
    services = [stored(decode(body)) for body in left]
    if built:
        services = [with_status(one, before.azure) for one in services]
    cluster = cluster if nodes else cluster._replace(nodes=None)
    return drift(services, cluster, read_resources(az_output.files(stands)), complete=complete)


def kinds(drifts: Drift, *, goes: bool = False) -> set[ItemKind]:
    return {one.kind for one in drifts.of(Fate.ORPHANED) if one.goes is goes}


def commands(drifts: Drift) -> list[str]:
    """What removes it: the words before the first option, and the name of what goes."""
    return [f"{str(one).partition(' --')[0]} {re.split('[/=]', str(one))[-1]}" for one in removals(drifts)]


@pytest.mark.parametrize("nodes", [True, False])
def test_all_of_a_service_that_was_deleted_is_orphaned(nodes: bool) -> None:
    drifts = found((WEB, OLD), (WEB,), nodes=nodes)
    assert WHOLE_OLD == kinds(drifts)
    assert {Fate.ORPHANED} == {one.fate for one in drifts.differences if one.fate is not Fate.FOREIGN}
    assert all("default/web" != one.service for one in drifts.differences)


def test_a_load_balancer_with_nothing_else_is_orphaned_as_a_whole() -> None:
    drifts = found((WEB, OLD_INTERNAL), (WEB,))
    assert ["az network lb delete kubernetes-internal"] == commands(drifts)[:1]
    assert not any("rule delete" in one or "frontend-ip" in one for one in commands(drifts))


def test_nothing_is_removed_before_what_uses_it() -> None:
    prefix = decode(OLD).uid
    assert prefix is not None
    name = f"a{prefix.replace('-', '')}"[:32]
    assert [
        f"az network lb rule delete {name}-TCP-80",
        f"az network lb probe delete {name}-TCP-80",
        f"az network lb frontend-ip delete {name}",
        f"az network public-ip delete kubernetes-{name}",
    ] == commands(found((WEB, OLD), (WEB,)))[:4]


def test_a_destination_of_a_shared_rule_goes_and_the_others_stay() -> None:
    last = list(map(str, removals(found((WEB, OLD), (WEB,)))))[-1]
    assert last.startswith("az network nsg rule update --ids=/subscriptions/")
    assert last.endswith(" --destination-address-prefixes 20.0.0.1")


def test_the_last_service_leaves_everything_behind() -> None:
    drifts = found((OLD,), ())
    assert {*WHOLE_OLD, ItemKind.LOAD_BALANCER} == kinds(drifts)
    assert ["az network lb delete", "az network public-ip delete", "az network nsg rule delete"] == [
        one.rpartition(" ")[0] for one in commands(drifts)
    ]
    assert not any(one.kind is ItemKind.POOL for one in drifts.differences)


def test_without_all_services_nothing_is_called_orphaned() -> None:
    assert not found((WEB, OLD), (WEB,), complete=False).of(Fate.ORPHANED)


def test_a_frontend_that_somebody_shares_is_in_use() -> None:
    """The Service that the frontend is named after is gone, and another one has rules on it."""
    named = {"azure-pip-name": "mine"}
    owner, guest = service(named, name="owner"), service(named, port(81), name="guest")
    drifts = found((owner, guest), (guest,))
    assert ItemKind.FRONTEND not in kinds(drifts)
    assert ItemKind.RULE in kinds(drifts)
    assert not any("frontend-ip" in one for one in commands(drifts))


def test_what_a_service_of_the_same_name_left_goes_with_the_next_reconcile() -> None:
    """A namespace was deleted by force and made anew: the public IP is tagged with the name of the new Service."""
    again = {**WEB, "metadata": {**WEB["metadata"], "uid": "11111111-2222-4333-8444-555555555555"}}
    drifts = found((WEB,), (again,), built=False)
    assert ItemKind.PUBLIC_IP in kinds(drifts, goes=True)
    assert not any("public-ip" in one for one in commands(drifts))
    (address,) = (one for one in drifts.of(Fate.ORPHANED) if one.kind is ItemKind.PUBLIC_IP)
    assert "default/web" == address.service


def test_a_destination_that_may_be_an_option_gets_no_command() -> None:
    rule = {
        "name": "k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77",
        "properties": {
            "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "priority": 500, "sourcePortRange": "*",
            "sourceAddressPrefix": "Internet", "destinationAddressPrefixes": ["20.0.0.1", "--debug", "20.0.0.99"],
            "destinationPortRanges": ["80"],
        },
    }  # fmt: skip
    group = {"id": f"{by_hand.ROOT}networkSecurityGroups/nsg", "name": "nsg", "properties": {"securityRules": [rule]}}
    drifts = found(
        (WEB,),
        (WEB,),
        added={"networkSecurityGroups/nsg": {**group, "type": "Microsoft.Network/networkSecurityGroups"}},
    )
    assert not any("--debug" in str(one).split(" ") and "update" in str(one) for one in removals(drifts))
