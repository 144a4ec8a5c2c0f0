"""Resources as az prints them, with what AKS makes, for tests that read them."""

from pathlib import Path
from typing import Any

SUBSCRIPTION = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"
GROUP = f"{SUBSCRIPTION}/resourceGroups/mc_shop_shop_westeurope"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
SUBNET = f"{NETWORK}/virtualNetworks/aks-vnet-1/subnets/aks-subnet"
CARD = (
    f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-vmss/virtualMachines/0"
    "/networkInterfaces/aks-nodepool1-vmss"
)


def rule(name: str, priority: int, /, **fields: Any) -> dict[str, Any]:
    """A security rule as ``az network nsg show`` prints it: from anywhere, to anywhere, unless *fields* say otherwise."""
    return {
        "access": "Allow",
        "destinationAddressPrefix": "*",
        "destinationAddressPrefixes": [],
        "destinationPortRange": "*",
        "destinationPortRanges": [],
        "direction": "Inbound",
        "etag": 'W/"1"',
        "id": f"{NETWORK}/networkSecurityGroups/nsg/securityRules/{name}",
        "name": name,
        "priority": priority,
        "protocol": "*",
        "provisioningState": "Succeeded",
        "resourceGroup": "mc_shop_shop_westeurope",
        "sourceAddressPrefix": "*",
        "sourceAddressPrefixes": [],
        "sourcePortRange": "*",
        "sourcePortRanges": [],
        "type": "Microsoft.Network/networkSecurityGroups/securityRules",
    } | fields


def default_rules() -> list[dict[str, Any]]:
    """The default rules, as az prints them."""
    network = {"sourceAddressPrefix": "VirtualNetwork", "destinationAddressPrefix": "VirtualNetwork"}
    out = {"direction": "Outbound"}
    deny = {"access": "Deny"}
    return [
        rule("AllowVnetInBound", 65000, **network),
        rule("AllowAzureLoadBalancerInBound", 65001, sourceAddressPrefix="AzureLoadBalancer"),
        rule("DenyAllInBound", 65500, **deny),
        rule("AllowVnetOutBound", 65000, **network, **out),
        rule("AllowInternetOutBound", 65001, destinationAddressPrefix="Internet", **out),
        rule("DenyAllOutBound", 65500, **deny, **out),
    ]


def nsg(name: str, /, *rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A security group as ``az network nsg show`` prints it, on the nodes' subnet unless *fields* say otherwise."""
    return {
        "defaultSecurityRules": default_rules(),
        "etag": 'W/"1"',
        "flushConnection": False,
        "id": f"{NETWORK}/networkSecurityGroups/{name}",
        "location": "westeurope",
        "name": name,
        "networkInterfaces": None,
        "provisioningState": "Succeeded",
        "resourceGroup": "mc_shop_shop_westeurope",
        "securityRules": list(rules),
        "subnets": [{"id": SUBNET, "resourceGroup": "mc_shop_shop_westeurope"}],
        "type": "Microsoft.Network/networkSecurityGroups",
    } | fields


def load_balancer() -> dict[str, Any]:
    """The load balancer of a cluster with one Service, as ``az network lb show`` prints it."""
    own = f"{NETWORK}/loadBalancers/kubernetes"
    frontend = {"id": f"{own}/frontendIPConfigurations/a1"}
    pool = {"id": f"{own}/backendAddressPools/kubernetes"}
    return {
        "backendAddressPools": [
            {
                "name": "kubernetes",
                **pool,
                "backendIPConfigurations": [{"id": f"{CARD}/ipConfigurations/ipconfig1"}],
                "loadBalancerBackendAddresses": [{"name": "n0", "ipAddress": "10.224.0.4", "adminState": "None"}],
            }
        ],
        "frontendIPConfigurations": [
            {
                "name": "a1",
                **frontend,
                "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/kubernetes-a1"},
                "privateIPAllocationMethod": "Dynamic",
            }
        ],
        "id": own,
        "inboundNatRules": [],
        "loadBalancingRules": [
            {
                "name": "a1-TCP-443",
                "protocol": "Tcp",
                "frontendPort": 443,
                "backendPort": 443,
                "enableFloatingIP": True,
                "enableTcpReset": True,
                "idleTimeoutInMinutes": 4,
                "disableOutboundSnat": True,
                "loadDistribution": "Default",
                "frontendIPConfiguration": frontend,
                "backendAddressPool": pool,
                "backendAddressPools": [pool],
                "probe": {"id": f"{own}/probes/a1-TCP-443"},
            }
        ],
        "location": "westeurope",
        "name": "kubernetes",
        "outboundRules": [
            {
                "name": "aksOutboundRule",
                "protocol": "All",
                "allocatedOutboundPorts": 0,
                "idleTimeoutInMinutes": 30,
                "enableTcpReset": True,
                "backendAddressPool": {"id": f"{own}/backendAddressPools/aksOutboundBackendPool"},
                "frontendIPConfigurations": [{"id": f"{own}/frontendIPConfigurations/out"}],
            }
        ],
        "probes": [
            {
                "name": "a1-TCP-443",
                "protocol": "Http",
                "port": 31380,
                "requestPath": "/healthz",
                "intervalInSeconds": 5,
                "numberOfProbes": 2,
                "probeThreshold": 2,
            }
        ],
        "provisioningState": "Succeeded",
        "sku": {"name": "Standard", "tier": "Regional"},
        "tags": {"aks-managed-cluster-name": "shop"},
        "type": "Microsoft.Network/loadBalancers",
    }


def public_ip() -> dict[str, Any]:
    """The address of a Service, as ``az network public-ip show`` prints it."""
    return {
        "dnsSettings": {"domainNameLabel": "shop", "fqdn": "shop.westeurope.cloudapp.azure.com"},
        "id": f"{NETWORK}/publicIPAddresses/kubernetes-a1",
        "idleTimeoutInMinutes": 4,
        "ipAddress": "20.50.1.2",
        "ipConfiguration": {"id": f"{NETWORK}/loadBalancers/kubernetes/frontendIPConfigurations/a1"},
        "ipTags": [],
        "location": "westeurope",
        "name": "kubernetes-a1",
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Static",
        "sku": {"name": "Standard", "tier": "Regional"},
        "tags": {"k8s-azure-service": "shop/web", "k8s-azure-cluster-name": "kubernetes"},
        "type": "Microsoft.Network/publicIPAddresses",
        "zones": ["1", "2", "3"],
    }


def route_table() -> dict[str, Any]:
    """A route table, as ``az network route-table show`` prints it."""
    return {
        "id": f"{NETWORK}/routeTables/aks-routes",
        "name": "aks-routes",
        "routes": [
            {"name": "default", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.1.0.4"},
            {"name": "direct", "addressPrefix": "20.50.1.2/32", "nextHopType": "Internet", "nextHopIpAddress": None},
        ],
        "subnets": [{"id": SUBNET}],
        "type": "Microsoft.Network/routeTables",
    }  # fmt: skip


def network_interface() -> dict[str, Any]:
    """A card of a node, as ``az vmss nic list`` prints it."""
    return {
        "id": CARD,
        "ipConfigurations": [
            {
                "name": "ipconfig1",
                "primary": True,
                "privateIPAddress": "10.224.0.4",
                "subnet": {"id": SUBNET},
                "loadBalancerBackendAddressPools": [
                    {"id": f"{NETWORK}/loadBalancers/kubernetes/backendAddressPools/kubernetes"}
                ],
                "applicationSecurityGroups": [{"id": f"{NETWORK}/applicationSecurityGroups/web"}],
            }
        ],
        "name": "aks-nodepool1-vmss",
        "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/aks-nsg"},
        "virtualMachine": {"id": CARD.rpartition("/networkInterfaces")[0]},
    }


def virtual_network() -> dict[str, Any]:
    """The network of the nodes, as ``az network vnet show`` prints it, peered with another one."""
    return {
        "addressSpace": {"addressPrefixes": ["10.224.0.0/12"]},
        "id": f"{NETWORK}/virtualNetworks/aks-vnet-1",
        "name": "aks-vnet-1",
        "subnets": [
            {
                "addressPrefix": "10.224.0.0/16",
                "id": SUBNET,
                "name": "aks-subnet",
                "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/aks-nsg"},
                "routeTable": {"id": f"{NETWORK}/routeTables/aks-routes"},
            }
        ],
        "type": "Microsoft.Network/virtualNetworks",
        "virtualNetworkPeerings": [
            {"name": "hub", "peeringState": "Connected", "remoteAddressSpace": {"addressPrefixes": ["10.1.0.0/16"]}},
            {"name": "old", "peeringState": "Disconnected", "remoteAddressSpace": {"addressPrefixes": ["10.9.0.0/16"]}},
        ],
    }


def service_tags(**tags: list[str]) -> dict[str, Any]:
    """Service tags, as ``az network list-service-tags`` prints them; a double underscore stands for the dot."""
    values = [
        {"id": name, "name": name.replace("__", "."), "properties": {"addressPrefixes": ranges, "region": ""}}
        for name, ranges in tags.items()
    ]
    return {"changeNumber": "91", "cloud": "Public", "name": "Public", "type": "Microsoft.Network/serviceTags", "values": values}  # fmt: skip


def usage(name: str, current: int, limit: int) -> dict[str, Any]:
    """One row of ``az network list-usages``."""
    return {
        "currentValue": current,
        "id": f"{SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope/usages/{name}",
        "limit": limit,
        "name": {"localizedValue": name, "value": name},
        "unit": "Count",
    }


def recorded(name: str) -> str:
    """What az has printed of a cluster, as it was recorded."""
    return (Path(__file__).parents[1] / "profile" / "data" / f"{name}.json").read_text()
