"""What in Azure keeps a Service pending: its public IP, a quota, the state of the cluster, a zone that is not linked."""

from typing import Any

import pytest

from kubectl_akslb.azure.resources import (
    AgentPool,
    IPConfiguration,
    ManagedCluster,
    NetworkInterface,
    PublicIP,
    Resources,
    Usage,
    ZoneLink,
)
from kubectl_akslb.derive.context import Context
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hindrances import hindrances
from kubectl_akslb.provider.annotations import PREFIX
from tests.given.objects import live, read, service_object
from tests.given.services import on

GROUP = {"resource_group": "MC_shop"}
BY_NAME = {"azure-pip-name": "Own"}
BY_ADDRESS = {"azure-load-balancer-ipv4": "20.0.0.7"}
BALANCER = "/subscriptions/S/resourceGroups/mc_shop/providers/Microsoft.Network/loadBalancers/kubernetes/f"
GATEWAY = "/subscriptions/S/resourceGroups/mc_shop/providers/Microsoft.Network/natGateways/nat"


def public_ip(group: str = "mc_shop", name: str = "own", **fields: Any) -> PublicIP:
    kind = "Microsoft.Network/publicIPAddresses"
    found = f"/subscriptions/S/resourceGroups/{group}/providers/{kind}/{name}"
    return PublicIP(name, found, **{"ip_address": "20.0.0.7", **fields})


def causes(azure: Resources | None, annotations: dict[str, str] | None = None, **settings: Any) -> list[Cause]:
    spelled = {PREFIX + key: value for key, value in (annotations or {}).items()}
    service = service_object(metadata={"annotations": spelled})
    evidence = live(service)._replace(azure=azure)
    return [one.cause for one in hindrances(Context(read(service), on(**settings)), evidence)]


ELSEWHERE, IN_USE = Cause.PUBLIC_IP_ELSEWHERE, Cause.PUBLIC_IP_IN_USE


@pytest.mark.parametrize(
    ("found", "annotations", "settings", "expected"),
    [
        ((public_ip(),), BY_NAME, GROUP, []),
        ((public_ip("shop"),), BY_NAME, GROUP, [ELSEWHERE]),
        ((public_ip("shop"),), BY_ADDRESS, GROUP, [ELSEWHERE]),
        ((public_ip("shop"), public_ip()), BY_NAME, GROUP, []),
        ((public_ip("shop"), public_ip("other")), BY_NAME, GROUP, [ELSEWHERE]),
        ((public_ip("shop", "more", ip_address="20.0.0.8"),), BY_NAME, GROUP, []),
        ((public_ip("shop", "more", ip_address="20.0.0.8"),), BY_ADDRESS, GROUP, []),
        ((public_ip("shop"),), BY_NAME, {}, []),  # nobody knows where the provider looks
        ((public_ip("shop"),), BY_NAME | {"azure-load-balancer-resource-group": "rg"}, {}, [ELSEWHERE]),
        ((public_ip("shop"),), BY_NAME | {"azure-load-balancer-internal": "true"}, GROUP, []),
        ((public_ip(ip_configuration=BALANCER),), BY_NAME, GROUP, []),
        ((public_ip(ip_configuration="/x/networkInterfaces/n"),), BY_NAME, GROUP, [IN_USE]),
        ((public_ip(nat_gateway=GATEWAY),), BY_NAME, GROUP, [IN_USE]),
        ((public_ip("shop", nat_gateway=GATEWAY),), BY_NAME, GROUP, [ELSEWHERE]),
    ],
)  # fmt: skip
def test_the_public_ip(
    found: tuple[PublicIP, ...], annotations: dict[str, str], settings: dict[str, str], expected: list[Cause]
) -> None:
    assert expected == causes(Resources(public_ips=found), annotations, **settings)


@pytest.mark.parametrize(
    ("name", "current", "internal", "hindered"),
    [
        ("PublicIPAddresses", 10, False, True),
        ("IPv4StandardSkuPublicIpAddresses", 11, False, True),
        ("PublicIPAddresses", 9, False, False),
        ("PublicIPAddresses", 10, True, False),
        ("VirtualNetworks", 10, False, False),
    ],
)
def test_the_quota(name: str, current: int, internal: bool, hindered: bool) -> None:
    annotations = {"azure-load-balancer-internal": "true"} if internal else {}
    found = causes(Resources(usages=(Usage(name, current, 10),)), annotations)
    assert ([Cause.QUOTA_IS_USED_UP] if hindered else []) == found


@pytest.mark.parametrize(
    ("cluster", "number"),
    [
        (ManagedCluster("c", provisioning_state="Succeeded", power_state="Running"), 0),
        (ManagedCluster("c"), 0),
        (ManagedCluster("c", provisioning_state="Failed", power_state="Running"), 1),
        (ManagedCluster("c", provisioning_state="Succeeded", power_state="Stopped"), 1),
        (ManagedCluster("c", pools=(AgentPool("a", "Failed", "Stopped"), AgentPool("b", "Succeeded", "Running"))), 2),
    ],
)
def test_the_states_of_the_cluster(cluster: ManagedCluster, number: int) -> None:
    assert [Cause.CLUSTER_STATE] * number == causes(Resources(clusters=(cluster,)))


NET = "/subscriptions/S/virtualNetworks/net"
CARD = NetworkInterface("n", configurations=(IPConfiguration("a", subnet=f"{NET}/subnets/nodes"), IPConfiguration("b")))


@pytest.mark.parametrize(
    ("private", "links", "hindered"),
    [
        (True, (ZoneLink("l", "zone", NET.upper() + "/"),), False),
        (True, (ZoneLink("l", "zone", f"{NET}2"),), True),
        (False, (ZoneLink("l", "zone", f"{NET}2"),), False),
        (True, (), False),
        (True, None, False),
    ],
)
def test_the_zone_of_a_private_api_server(private: bool, links: Any, hindered: bool) -> None:
    azure = Resources(
        clusters=(ManagedCluster("c", private=private),), zone_links=links, network_interfaces=(CARD, CARD)
    )
    assert ([Cause.ZONE_NOT_LINKED] if hindered else []) == causes(azure)


def test_nothing_is_said_where_nobody_asked() -> None:
    assert [] == causes(None, BY_NAME, **GROUP)
