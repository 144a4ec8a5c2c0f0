"""What stands in Azure for the Service of a state, as az prints it, and what somebody has made otherwise there."""

import json
import shlex
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from tests.causes.state import ADDRESS, GROUP, POOL, SUBSCRIPTION, Object
from tests.given import az
from tests.given.programs import Answer

Told: TypeAlias = dict[str, list[Object]]
"""What az lists, by the word of its command."""
Change: TypeAlias = Callable[[Told], None]
InAzure: TypeAlias = Callable[[Object], Told]
"""What az tells of a Service that the API server has."""

_ROOT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP.lower()}/providers"
_NETWORK = f"{_ROOT}/Microsoft.Network"
_BALANCER = f"{_NETWORK}/loadBalancers/kubernetes"
_GROUP = f"{_NETWORK}/networkSecurityGroups/aks-agentpool-nsg"
_NET = f"{_NETWORK}/virtualNetworks/aks-vnet"
_SUBNET = f"{_NET}/subnets/aks-subnet"
_MACHINES = f"{_ROOT}/Microsoft.Compute/virtualMachineScaleSets/{POOL}/virtualMachines"


def in_azure(*changes: Change) -> InAzure:
    """All as the provider makes it, but for the *changes*."""

    def of(service: Object) -> Told:
        told = _healthy(service)
        for change in changes:
            change(told)
        return told

    return of


def answers(told: Told) -> list[Answer]:
    """The answers of a program that stands in for az."""
    words = {"nic": ("vmss", "nic"), "machines": ("list-instances",)}
    return [Answer(words.get(word, (word,)), json.dumps(content)) for word, content in told.items()]


def _healthy(service: Object) -> Told:
    prefix = "a" + service["metadata"]["uid"].replace("-", "")[:31]
    spec = service["spec"]
    number = spec.get("healthCheckNodePort") or spec["ports"][0].get("nodePort")
    frontend = {"id": f"{_BALANCER}/frontendIPConfigurations/{prefix}"}
    address = {"id": f"{_NETWORK}/publicIPAddresses/kubernetes-{prefix}"}
    own = f"{prefix}-TCP-80"
    nodes = (1, 2)
    return {
        "lb": [
            {
                "id": _BALANCER,
                "name": "kubernetes",
                "sku": {"name": "Standard"},
                "provisioningState": "Succeeded",
                "frontendIPConfigurations": [{"name": prefix, **frontend, "publicIPAddress": address}],
                "backendAddressPools": [
                    {
                        "name": "kubernetes",
                        "id": f"{_BALANCER}/backendAddressPools/kubernetes",
                        "backendIPConfigurations": [{"id": f"{_card(one)}/ipConfigurations/ipconfig1"} for one in nodes],
                    }
                ],
                "loadBalancingRules": [
                    {
                        "name": own,
                        "protocol": "Tcp",
                        "frontendPort": 80,
                        "backendPort": 80,
                        "enableFloatingIP": True,
                        "frontendIPConfiguration": frontend,
                        "backendAddressPool": {"id": f"{_BALANCER}/backendAddressPools/kubernetes"},
                        "probe": {"id": f"{_BALANCER}/probes/{own}"},
                    }
                ],
                "probes": [
                    {
                        "name": own,
                        "protocol": "Http" if spec.get("healthCheckNodePort") else "Tcp",
                        "port": number,
                        "requestPath": "/healthz" if spec.get("healthCheckNodePort") else None,
                        "intervalInSeconds": 5,
                        "probeThreshold": 2,
                    }
                ],
                "outboundRules": [],
                "inboundNatRules": [],
                "type": "Microsoft.Network/loadBalancers",
            }
        ],
        "nsg": [
            az.nsg(
                "aks-agentpool-nsg",
                az.rule(
                    "k8s-azure-lb_allow_IPv4_1", 500,
                    protocol="Tcp", sourceAddressPrefix="Internet", destinationAddressPrefix=ADDRESS, destinationPortRange="80",
                ),
                id=_GROUP, subnets=None, networkInterfaces=[{"id": _card(one)} for one in nodes],
            )
        ],
        "public-ip": [
            {
                **address,
                "name": f"kubernetes-{prefix}",
                "ipAddress": ADDRESS,
                "sku": {"name": "Standard"},
                "ipConfiguration": frontend,
                "tags": {"k8s-azure-service": f"{service['metadata'].get('namespace', 'shop')}/web"},
                "type": "Microsoft.Network/publicIPAddresses",
            }
        ],
        "vnet": [
            {
                "id": _NET,
                "name": "aks-vnet",
                "addressSpace": {"addressPrefixes": ["10.224.0.0/12"]},
                "subnets": [{"id": _SUBNET, "name": "aks-subnet", "addressPrefix": "10.224.0.0/16"}],
                "type": "Microsoft.Network/virtualNetworks",
            }
        ],
        "route-table": [],
        "nic": [_nic(one) for one in nodes],
        "machines": [_machine(one, "running") for one in nodes],
        "list-usages": [az.usage("IPv4StandardSkuPublicIpAddresses", 3, 10)],
        "aks": [_cluster("Succeeded")],
    }  # fmt: skip


def _card(number: int) -> str:
    return f"{_MACHINES}/{number}/networkInterfaces/nic"


def _nic(number: int) -> Object:
    address = {"name": "ipconfig1", "privateIPAddress": f"10.224.0.{number + 3}", "subnet": {"id": _SUBNET}}
    group, machine = {"id": _GROUP}, {"id": f"{_MACHINES}/{number}"}
    body = {"id": _card(number), "name": "nic", "ipConfigurations": [address]}
    return {**body, "networkSecurityGroup": group, "virtualMachine": machine}


def _machine(number: int, power: str) -> Object:
    """An instance as ``az vmss list-instances --expand instanceView`` prints it."""
    codes = ("ProvisioningState/succeeded", f"PowerState/{power}")
    return {
        "id": f"{_MACHINES}/{number}",
        "instanceId": str(number),
        "name": f"{POOL}_{number}",
        "provisioningState": "Succeeded",
        "instanceView": {"statuses": [{"code": code, "level": "Info"} for code in codes]},
        "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
    }


def _cluster(state: str) -> Object:
    name = "shop-prod"
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/{name}",
        "name": name,
        "nodeResourceGroup": GROUP,
        "provisioningState": state,
        "powerState": {"code": "Running"},
        "currentKubernetesVersion": "1.33.4",
        "agentPoolProfiles": [
            {"name": "pool", "provisioningState": "Succeeded", "powerState": {"code": "Running"}, "type": "VirtualMachineScaleSets"}
        ],
        "networkProfile": {"loadBalancerSku": "standard", "outboundType": "loadBalancer"},
    }  # fmt: skip


# What somebody has made otherwise


def balancer(**fields: Any) -> Change:
    """Other values of the load balancer."""
    return lambda told: told["lb"][0].update(fields)


def rule(**fields: Any) -> Change:
    """Other values of the load-balancing rule."""
    return lambda told: told["lb"][0]["loadBalancingRules"][0].update(fields)


def probe(**fields: Any) -> Change:
    """Other values of the probe."""
    return lambda told: told["lb"][0]["probes"][0].update(fields)


def pool(*numbers: int) -> Change:
    """Only these nodes in the backend pool."""
    cards = [{"id": f"{_card(one)}/ipConfigurations/ipconfig1"} for one in numbers]
    return lambda told: told["lb"][0]["backendAddressPools"][0].update(backendIPConfigurations=cards)


def named_address(**fields: Any) -> Change:
    """Other values of the public IP."""
    return lambda told: told["public-ip"][0].update(fields)


def own_address(group: str = GROUP.lower(), used_by: str = "") -> Change:
    """A public IP of the name ``shop-ip`` in a resource group, in use by something of the network."""
    body: Object = {
        "id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/publicIPAddresses/shop-ip",
        "name": "shop-ip",
        "ipAddress": "20.7.7.7",
        "sku": {"name": "Standard"},
        "ipConfiguration": {"id": f"{_NETWORK}/{used_by}/ipConfigurations/one"} if used_by else None,
        "type": "Microsoft.Network/publicIPAddresses",
    }
    return lambda told: told["public-ip"].append(body)


def without(what: str) -> Change:
    """Without the load balancer, or without the provider's security rule."""

    def change(told: Told) -> None:
        if what == "lb":
            told["lb"] = []
        else:
            told["nsg"][0]["securityRules"] = []

    return change


def denied(name: str, priority: int, **fields: Any) -> Change:
    """A rule of somebody else that denies, in the group of the cards."""
    return lambda told: told["nsg"][0]["securityRules"].append(az.rule(name, priority, access="Deny", **fields))


def created(command: str) -> Change:
    """What ``az network nsg rule create`` makes: the options of *command* as Azure keeps them."""
    words = dict(word.partition("=")[::2] for word in shlex.split(command) if word.startswith("--"))
    made = az.rule(
        words["--name"], int(words["--priority"]),
        access=words["--access"], protocol=words["--protocol"], sourceAddressPrefix=words["--source-address-prefixes"],
        destinationAddressPrefix=words["--destination-address-prefixes"], destinationPortRange=shlex.split(command)[-1],
    )  # fmt: skip

    def change(told: Told) -> None:
        (group,) = (one for one in told["nsg"] if one["name"] == words["--nsg-name"])
        group["securityRules"].append(made)

    return change


def own_group() -> Change:
    """A security group of your own on the subnet, without a rule for the Service."""

    def change(told: Told) -> None:
        mine = f"{_NETWORK}/networkSecurityGroups/corp-nsg"
        told["nsg"].append(az.nsg("corp-nsg", id=mine, subnets=[{"id": _SUBNET}]))
        told["vnet"][0]["subnets"][0]["networkSecurityGroup"] = {"id": mine}

    return change


def machine(power: str, numbers: Iterable[int] = (1, 2)) -> Change:
    """The power state of machines."""
    return lambda told: told.update(machines=[_machine(one, power) for one in numbers])


def route(prefix: str) -> Change:
    """A route of the nodes' subnet to a firewall."""
    hop = {"nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.225.0.4"}
    body = {
        "id": f"{_NETWORK}/routeTables/out",
        "name": "out",
        "routes": [{"name": "to-firewall", "addressPrefix": prefix, **hop}],
        "subnets": [{"id": _SUBNET}],
        "type": "Microsoft.Network/routeTables",
    }
    return lambda told: told["route-table"].append(body)


def pod_routes(**next_hops: str) -> Change:
    """The routes of kubenet to the pods of nodes: by the names of routes, the last part of range and next hop."""
    body = {
        "id": f"{_NETWORK}/routeTables/aks-routetable",
        "name": "aks-routetable",
        "routes": [
            {
                "name": name, "addressPrefix": f"10.244.{name[1:]}.0/24", "nextHopType": "VirtualAppliance",
                "nextHopIpAddress": f"10.224.0.{last}",
            }
            for name, last in next_hops.items()
        ],
        "subnets": [{"id": _SUBNET}],
        "type": "Microsoft.Network/routeTables",
    }  # fmt: skip

    def change(told: Told) -> None:
        told["route-table"].append(body)
        told["aks"][0]["networkProfile"]["networkPlugin"] = "kubenet"

    return change


def cluster(state: str) -> Change:
    """The provisioning state of the cluster."""
    return lambda told: told.update(aks=[_cluster(state)])


def used_up() -> Change:
    """No public IP is left by the quota."""
    return lambda told: told.update({"list-usages": [az.usage("IPv4StandardSkuPublicIpAddresses", 10, 10)]})
