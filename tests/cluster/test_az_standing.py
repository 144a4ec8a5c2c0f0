"""What --az asks of az, word by word, and what is made of recorded answers and of failures."""

import json
from typing import Any

import pytest

from conformance.az_commands import TABLE
from kubectl_akslb.cluster import az_standing
from kubectl_akslb.cluster.az_standing import NodesInAzure, place_of, questions
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.path import hindrances
from kubectl_akslb.path.cause import Cause
from tests.cluster.test_commands import NODES, slices, stored
from tests.given import aks as make
from tests.given import az as shapes
from tests.given.command import akslb
from tests.given.programs import Answer, FakeProgram, listed

SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
ROOT = f"azure:///subscriptions/{SUBSCRIPTION}/resourceGroups/mc_shop_shop_westeurope/providers/Microsoft.Compute"
REGION = {"topology.kubernetes.io/region": "westeurope"}


def node(
    name: str = "n1", provider_id: str | None = f"{ROOT}/virtualMachineScaleSets/aks-nodepool1-vmss/virtualMachines/0"
) -> NodeState:
    return NodeState(name, ("10.224.0.4",), REGION, provider_id=provider_id)


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([node()], NodesInAzure(SUBSCRIPTION, "mc_shop_shop_westeurope", ("aks-nodepool1-vmss",), "westeurope")),
        ([node(provider_id=f"{ROOT}/virtualMachines/aks-0")], NodesInAzure(SUBSCRIPTION, "mc_shop_shop_westeurope", (), "westeurope")),
        ([node(provider_id=None)], None),
        ([node(provider_id="aws:///x")], None),
        ([node(provider_id=f"{ROOT}/virtualMachineScaleSets/--query/virtualMachines/0")], None),
        ([node(provider_id=f"{ROOT}/virtualMachineScaleSets/a b/virtualMachines/0")], None),
        ([node(provider_id=f"{ROOT}/virtualMachineScaleSets/a/virtualMachines/0\n")], None),
        ([node(provider_id=ROOT.replace("mc_shop", "--mc;") + "/virtualMachines/a")], None),
        ([], None),
    ],
)  # fmt: skip
def test_where_the_nodes_are(nodes: list[NodeState], expected: NodesInAzure | None) -> None:
    assert expected == place_of(nodes)


@pytest.mark.parametrize("region", ["", "--help", "West Europe", "x" * 99, "eu;id"])
def test_a_region_that_is_none_is_not_asked_for(region: str) -> None:
    place = place_of([node()._replace(labels={"topology.kubernetes.io/region": region})])
    assert place is not None and "" == place.region
    assert not any("list-usages" in one.words for one in questions(place))


def test_az_takes_all_that_is_asked() -> None:
    known = json.loads(TABLE.read_text())["commands"]
    for place in (NodesInAzure("s", "g", ("v",), "westeurope"), NodesInAzure("s", "g")):
        for one in questions(place):
            name = " ".join(word for word in one.words if not word.startswith("-"))
            given = {word.partition("=")[0] for word in one.words if word.startswith("-")}
            assert given <= set(known[name]["options"])
            assert all(given & set(names) for names in known[name]["required"])
            assert _ONLY_LISTS & set(one.words)


_ONLY_LISTS = {"list", "list-usages", "list-instances"}


def answers(az: FakeProgram, **failed: str) -> None:
    told = {
        "lb": [shapes.load_balancer()], "nsg": [shapes.nsg("aks-nsg", shapes.rule("deny-all", 100, access="Deny"))], "public-ip": [shapes.public_ip()],
        "vnet": [shapes.virtual_network()], "route-table": [], "nic": [shapes.network_interface()], "list-instances": [MACHINE], "list-usages": [shapes.usage("IPv4StandardSkuPublicIpAddresses", 3, 10)],
    }  # fmt: skip
    for word, content in told.items():
        key = word.replace("-", "_")
        if key in failed:
            az.answers(Answer([word], err=failed[key], code=1))
        else:
            az.answers(Answer([word], json.dumps(content)))


def test_recorded_answers(az: FakeProgram) -> None:
    answers(az)
    found = az_standing.read([node()])
    assert () == found.notices
    assert (1, 1, 1, 1, 1, 1, 1) == tuple(
        len(one or ())
        for one in (
            found.load_balancers,
            found.security_groups,
            found.public_ips,
            found.virtual_networks,
            found.network_interfaces,
            found.machines,
            found.usages,
        )
    )
    assert () == found.route_tables, "an empty list says that there is none"
    assert all(call[-3:] == ["--output", "json", "--only-show-errors"] for call in az.calls)
    listing = [call for call in az.calls if "show" not in call]
    assert all(f"--subscription={SUBSCRIPTION}" in call for call in listing)
    assert all(_ONLY_LISTS & set(call) for call in listing)
    (table,) = [call for call in az.calls if "show" in call]
    assert 8 == len(listing)
    assert {"load_balancers", "security_groups", "public_ips"} < found.whole
    assert ["network", "route-table", "show"] == table[:3] and table[3].startswith("--ids=/subscriptions/")


MACHINE = {
    "id": shapes.CARD.rpartition("/networkInterfaces")[0],
    "name": "aks-nodepool1-vmss_0",
    "instanceId": "0",
    "provisioningState": "Succeeded",
    "instanceView": {"statuses": [{"code": "ProvisioningState/succeeded"}, {"code": "PowerState/running"}]},
    "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
}


def test_the_state_of_a_machine(az: FakeProgram) -> None:
    answers(az)
    (one,) = az_standing.read([node()]).machines or ()
    assert ("running", "Succeeded") == (one.power_state, one.provisioning_state)


def test_which_networks_know_a_private_api_server(az: FakeProgram) -> None:
    """The zone is asked for where the cluster is private, and its links where there is one."""
    zone = f"{shapes.NETWORK}/privateDnsZones/x.privatelink.westeurope.azmk8s.io"
    link = {
        "id": f"{zone}/virtualNetworkLinks/own",
        "name": "own",
        "virtualNetwork": {"id": f"{shapes.NETWORK}/virtualNetworks/hub"},
    }
    az.answers(
        Answer(["private-dns", "link"], json.dumps([link])),
        Answer(
            ["private-dns", "zone"],
            json.dumps([{"id": zone, "name": zone.rpartition("/")[2], "numberOfVirtualNetworkLinks": 1}]),
        ),
    )
    answers(az)
    private = [{
        "id": "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/shop",
        "name": "shop", "nodeResourceGroup": "MC_shop_shop_westeurope", "apiServerAccessProfile": {"enablePrivateCluster": True},
    }]  # fmt: skip
    found = az_standing.read([node()], json.dumps(private).encode())
    assert ["shop"] == [one.name for one in found.clusters or ()]
    assert [("own", "hub")] == [(one.name, one.virtual_network.rpartition("/")[2]) for one in found.zone_links or ()]
    (unlinked,) = hindrances.cluster_states(found)
    assert (Cause.ZONE_NOT_LINKED, "aks-vnet-1") == (unlinked.cause, unlinked.facts["network"])
    own = found.zone_links and found.zone_links[0]._replace(
        virtual_network=f"{shapes.NETWORK}/virtualNetworks/aks-vnet-1"
    )
    assert own and [] == list(hindrances.cluster_states(found._replace(zone_links=(own,))))
    assert az_standing.read([node()]).zone_links is None


DENIED = "ERROR: (AuthorizationFailed) The client does not have authorization to perform action"


@pytest.mark.parametrize(
    "word", ["lb", "nsg", "public_ip", "vnet", "route_table", "nic", "list_instances", "list_usages"]
)
def test_what_may_not_be_read_is_not_known(az: FakeProgram, word: str) -> None:
    answers(az, **{word: DENIED})
    found = az_standing.read([node()])
    kind = {
        "lb": "load_balancers",
        "nsg": "security_groups",
        "public_ip": "public_ips",
        "vnet": "virtual_networks",
        "route_table": "route_tables",
        "nic": "network_interfaces",
        "list_instances": "machines",
        "list_usages": "usages",
    }[word]
    assert getattr(found, kind) is None
    assert "may not read" in found.notices[0]
    # Of a subscription's groups only the cards and their subnets tell which are those of the nodes.
    assert (found.security_groups is None) is (word in {"nsg", "nic", "vnet"})


@pytest.mark.parametrize("elsewhere", ["nsg", "vnet"])
def test_groups_that_are_not_all_read_are_not_known(az: FakeProgram, elsewhere: str) -> None:
    """A network or a group of another subscription is in no list: nothing is taken for open because of that."""
    az.answers(Answer([elsewhere], "[]"))
    answers(az)
    found = az_standing.read([node()])
    assert found.security_groups is None
    assert any("security groups" in one for one in found.notices)


def test_without_az(kubectl: FakeProgram) -> None:
    del kubectl
    with pytest.raises(AkslbError, match="az was not found"):
        az_standing.read([node()])


@pytest.mark.parametrize("said", ["no json", "[{}]", '{"id": 1}', "[[[["])
def test_an_answer_that_is_none(az: FakeProgram, said: str) -> None:
    az.answers(Answer(["lb"], said))
    answers(az)
    found = az_standing.read([node()])
    assert found.load_balancers is None
    assert any("az network lb list" in one for one in found.notices)


# On the command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def cluster(kubectl: FakeProgram) -> FakeProgram:
    nodes = [json.loads(json.dumps(one)) for one in NODES]
    for one in nodes:
        one["spec"]["providerID"] = f"{ROOT}/virtualMachineScaleSets/aks-nodepool1-vmss/virtualMachines/0"
        one["metadata"]["labels"] |= REGION
    web = stored("web", ip="20.1.2.3")
    kubectl.answers(
        Answer(["services"], listed(web)),
        Answer(["/api/v1/services"], listed(web)),
        Answer(["endpointslices"], slices(make.endpoint_slice("web", ("web-1", nodes[0]["metadata"]["name"], True)))),
        Answer(["nodes,daemonsets"], listed(*nodes, make.cloud_node_manager("v1.30.8"))),
        Answer(["get"], listed()),
    )
    return kubectl


def traced(*arguments: str) -> dict[str, Any]:
    ran = akslb("trace", "203.0.113.7", "svc/web", "-n", "shop", "-o", "json", *arguments)
    assert ran.code in (0, 1), ran.err
    body: dict[str, Any] = json.loads(ran.out)
    return body


def test_a_foreign_rule_that_denies_is_found_by_trace(cluster: FakeProgram, az: FakeProgram) -> None:
    del cluster
    az.answers(Answer(["aks", "list"], "[]"))
    answers(az)
    body = traced("--az")
    (group,) = [hop for hop in body["legs"][0]["hops"] if hop["name"] == "security group"]
    assert ("dropped", "drop", "observed") == (body["verdict"], group["outcome"], group["confidence"])
    assert "deny-all" in json.dumps(group)
    assert "deny-all" not in json.dumps(traced())


def test_drift_takes_what_az_tells(cluster: FakeProgram, az: FakeProgram) -> None:
    del cluster
    az.answers(Answer(["aks", "list"], "[]"))
    answers(az)
    ran = akslb("drift", "-A", "--az", "-o", "json")
    found = json.loads(ran.out)["differences"]
    assert (1, {"reverts", "unfinished", "foreign"}) == (ran.code, {one["fate"] for one in found}), ran.err
    assert any("deny-all" in one["path"] for one in found)


def test_drift_without_an_answer_of_az_says_so(cluster: FakeProgram, az: FakeProgram) -> None:
    del cluster
    az.answers(Answer(["aks", "list"], "[]"))
    answers(az, lb=DENIED)
    ran = akslb("drift", "-A", "--az")
    assert (3, True) == (ran.code, "may not read" in ran.err), ran.err


def test_capacity_counts_what_stands(cluster: FakeProgram, az: FakeProgram) -> None:
    del cluster
    az.answers(Answer(["aks", "list"], "[]"))
    answers(az)
    ran = akslb("capacity", "--az", "-o", "json")
    quota = [row for row in json.loads(ran.out)["limits"] if row["most"] == 10]
    assert (0, [3]) == (ran.code, [row["now"] for row in quota])
