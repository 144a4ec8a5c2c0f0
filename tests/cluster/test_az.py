"""az: what it is asked, recorded answers of it, and help where it fails."""

import json

import pytest

from kubectl_akslb.cluster import az as azure
from kubectl_akslb.cluster.az_answer import AzureAnswer
from kubectl_akslb.cluster.discover import Discovered, DiscoveredSetting
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.errors import AkslbError
from tests.given.az import recorded
from tests.given.programs import Answer, FakeProgram

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
NODE_GROUP = "MC_shop_shop-prod_westeurope"
NAME = azure.AksName("shop", "shop-prod")
HERE = (DiscoveredSetting("subscription", SUBSCRIPTION, ""), DiscoveredSetting("resource_group", NODE_GROUP, ""))


def found(*facts: DiscoveredSetting) -> Discovered:
    return Discovered(facts or HERE, (), True, True, "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop/shop-prod", NAME),
        (
            f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/shop-prod",
            NAME._replace(subscription=SUBSCRIPTION),
        ),
        (
            f"/subscriptions/{SUBSCRIPTION}/resourcegroups/shop/providers/x/managedClusters/shop-prod/",
            NAME._replace(subscription=SUBSCRIPTION),
        ),
    ],
)
def test_name(text: str, expected: azure.AksName) -> None:
    assert expected == azure.parse_name(text)


@pytest.mark.parametrize("text", ["shop", "shop/", "/shop", "a/b/c", "", "-g/x"])
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(AkslbError, match="--aks cannot be"):
        azure.parse_name(text)


@pytest.mark.parametrize(
    ("shape", "field", "expected"),
    [
        ("managed-ips", "managed_ip_count", 3),
        ("managed-ips", "allocated_outbound_ports", 4000),
        ("own-ips", "outbound_type", "loadBalancer"),
        ("prefixes", "outbound_type", "loadBalancer"),
        ("nat-gateway-managed", "outbound_type", "managedNATGateway"),
        ("nat-gateway-own", "outbound_type", "userAssignedNATGateway"),
        ("routed-private", "outbound_type", "userDefinedRouting"),
        ("routed-private", "private_cluster", True),
    ],
)
def test_recorded_shapes(az: FakeProgram, shape: str, field: str, expected: object) -> None:
    az.answers(Answer(["aks", "show"], recorded(shape)))
    loaded, _ = AzureAnswer(NAME).profile(found())
    assert loaded is not None
    assert expected == getattr(loaded.cluster.outbound, field)
    assert [
        ["aks", "show", "--resource-group=shop", "--name=shop-prod", "-o", "json", "--only-show-errors"]
    ] == az.calls


@pytest.mark.parametrize(
    ("shape", "field", "expected"),
    [
        ("basic", "load_balancer_sku", "basic"),
        ("node-ip-shared-probe", "pool_type", "nodeIP"),
        ("node-ip-shared-probe", "probe_mode", "shared"),
        ("node-ip-shared-probe", "shared_probe_port", 10356),
    ],
)
def test_recorded_settings(az: FakeProgram, shape: str, field: str, expected: object) -> None:
    az.answers(Answer(["aks", "show"], recorded(shape)))
    loaded, notices = AzureAnswer(NAME).profile(found())
    assert loaded is not None
    assert (expected, ()) == (getattr(loaded.cluster, field), notices)


def test_the_cluster_that_the_nodes_belong_to(az: FakeProgram) -> None:
    other = {**json.loads(recorded("basic")), "nodeResourceGroup": "MC_other"}
    mine = {**json.loads(recorded("managed-ips")), "nodeResourceGroup": NODE_GROUP.upper()}
    az.answers(Answer(["aks", "list"], json.dumps([other, mine])))
    loaded, notices = AzureAnswer(None).profile(found())
    assert loaded is not None
    assert (4000, ()) == (loaded.cluster.outbound.allocated_outbound_ports, notices)
    assert [["aks", "list", f"--subscription={SUBSCRIPTION}", "-o", "json", "--only-show-errors"]] == az.calls


def test_a_cluster_that_is_not_in_the_list(az: FakeProgram) -> None:
    az.answers(Answer(["aks", "list"], "[]"))
    assert (None, (f"none of the 0 clusters that az aks list shows has its nodes in {NODE_GROUP}"
                   " (name the cluster: --aks GROUP/NAME)",)) == AzureAnswer(None).profile(found())  # fmt: skip


def test_without_a_node_nothing_is_asked(az: FakeProgram) -> None:
    loaded, (notice,) = AzureAnswer(None).profile(found(DiscoveredSetting("zones", (), "")))
    assert (None, []) == (loaded, az.calls)
    assert "--aks GROUP/NAME" in notice


def test_the_subscription_of_the_nodes_is_tried_next(az: FakeProgram) -> None:
    missing = "ERROR: (ResourceNotFound) The Resource 'managedClusters/shop-prod' was not found"
    az.answers(
        Answer(["aks", "show", f"--subscription={SUBSCRIPTION}"], recorded("managed-ips")),
        Answer(["aks", "show"], err=missing, code=3),
    )
    loaded, _ = AzureAnswer(NAME).profile(found())
    assert loaded is not None
    assert 2 == len(az.calls)


def test_another_cluster_than_kubectl_talks_to(az: FakeProgram) -> None:
    az.answers(Answer(["aks", "show"], recorded("managed-ips")))
    _, (notice,) = AzureAnswer(NAME).profile(found(DiscoveredSetting("resource_group", "MC_test", "")))
    assert "kubectl config current-context" in notice


@pytest.mark.parametrize(
    ("err", "message", "hint"),
    [
        ("ERROR: Please run 'az login' to setup account.", "az is not logged in (shop/shop-prod)", "az login"),
        ("ERROR: AADSTS700082: The refresh token has expired", "az is not logged in", "az login"),
        ("ERROR: (ResourceGroupNotFound) Resource group 'shop' could not be found.", "finds no such cluster", "az aks list"),
        ("ERROR: (AuthorizationFailed) The client 'x' does not have authorization to perform action "
         "'Microsoft.ContainerService/managedClusters/read'", "may not read the cluster", "--role Reader"),
        ("ERROR: (SubscriptionNotFound) The subscription 'x' could not be found.", "no such subscription", "az account"),
        ("ERROR: HTTPSConnectionPool: Max retries exceeded with url", "cannot reach Azure", "HTTPS_PROXY"),
        ("ERROR: 'aks' is misspelled or not recognized by the system.", "too old", "az upgrade"),
        ("WARNING: x\nERROR: something new", "az failed (shop/shop-prod): something new", "az aks show"),
        ("", "said nothing", "az aks show"),
    ],
)  # fmt: skip
def test_help(err: str, message: str, hint: str) -> None:
    with pytest.raises(AkslbError) as caught:
        azure.profile_of(Finished(("az", "aks", "show"), 1, b"", err), NAME)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_az_that_gives_no_answer() -> None:
    with pytest.raises(AkslbError, match="no answer within"):
        azure.profile_of(Finished(("az",), 124, b"", ""), NAME)


def test_az_is_not_installed(kubectl: FakeProgram) -> None:
    assert [] == kubectl.calls
    loaded, (notice,) = AzureAnswer(NAME).profile(found())
    assert loaded is None
    assert "az was not found" in notice
    assert "--profile aks.json" in notice


def test_an_answer_that_is_no_cluster(az: FakeProgram) -> None:
    az.answers(Answer(["aks", "show"], "[]"))
    loaded, notices = AzureAnswer(NAME).profile(found())
    assert (None, 1) == (loaded, len(notices))
