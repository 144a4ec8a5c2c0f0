"""Events of a Service, and the errors of Azure in them: what causes each, and what a person does about it.

The texts of the provider itself have their fixes in refusals.py; here is what comes from ARM, from the controller that
calls the provider, and from the provider's own events. A row is found by a part of an event's reason or message; the
first that fits is taken, so that the special ones stand before the general ones.
"""

from typing import NamedTuple

from kubectl_akslb.provider.refusals import recognised

ENSURED = ("EnsuredLoadBalancer", "UpdatedLoadBalancer")


class Cause(NamedTuple):
    """*texts* are parts of a reason or message, all of which must be there."""

    texts: tuple[str, ...]
    cause: str
    fix: str


_NETWORK_ROLE = "az role assignment create --role 'Network Contributor' --assignee CLUSTER_IDENTITY --scope"

CAUSES = (
    # Permissions
    Cause(
        ("LinkedAuthorizationFailed", "publicIPAddresses"),
        "the cluster's identity may not join the public IP",
        f"{_NETWORK_ROLE} RESOURCE_GROUP_OF_THE_PUBLIC_IP",
    ),
    Cause(
        ("LinkedAuthorizationFailed", "subnets"),
        "the cluster's identity may not join the subnet",
        f"{_NETWORK_ROLE} SUBNET; it can take 20 minutes until the provider sees it",
    ),
    Cause(
        ("LinkedAuthorizationFailed",),
        "the cluster's identity may not use a resource that the change refers to",
        f"{_NETWORK_ROLE} THE_RESOURCE (its name is in the message)",
    ),
    Cause(
        ("AuthorizationFailed", "subnets"),
        "the cluster's identity may not read the subnet",
        f"{_NETWORK_ROLE} SUBNET; it can take 20 minutes until the provider sees it",
    ),
    Cause(
        ("AuthorizationFailed", "publicIPAddresses"),
        "the cluster's identity may not read or write public IPs in that resource group",
        f"{_NETWORK_ROLE} RESOURCE_GROUP_OF_THE_PUBLIC_IP",
    ),
    Cause(
        ("AuthorizationFailed",),
        "the cluster's identity lacks a permission; the message names action and scope",
        f"{_NETWORK_ROLE} THE_SCOPE",
    ),
    Cause(
        ("AADSTS7000222",),
        "the secret of the cluster's service principal has expired",
        "az aks update-credentials --reset-service-principal, or change to a managed identity",
    ),
    Cause(
        ("AADSTS",),
        "the cluster's identity gets no token",
        "check the service principal or identity of the cluster: az aks show --query identity",
    ),
    Cause(("ScopeLocked",), "a lock forbids changes in the resource group", "az lock list -g NODE_RESOURCE_GROUP"),
    Cause(
        ("RequestDisallowedByPolicy",),
        "an Azure Policy forbids the change; often public IPs are denied",
        'make the Service internal (azure-load-balancer-internal: "true"), or have the cluster exempted',
    ),
    # SKU and region
    Cause(
        ("tandard sku", "asic sku"),
        "load balancer and public IP have different SKUs",
        "make the public IP anew with --sku Standard, in the region of the cluster",
    ),
    Cause(
        ("DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed",),
        "load balancer and public IP have different SKUs",
        "make the public IP anew with --sku Standard, in the region of the cluster",
    ),
    Cause(
        ("DifferentSkuLoadBalancersInAvailabilitySet",),
        "the nodes are behind a load balancer of another SKU already",
        "use one SKU for public and internal load balancers",
    ),
    Cause(
        ("InvalidResourceReference",),
        "something that the change refers to is in another region, or does not exist",
        "create the public IP in the region of the cluster, and check the names in the message",
    ),
    # Addresses and subnets
    Cause(
        ("PrivateIPAddressNotInSubnet",),
        "the address that is asked for is not in the subnet",
        "choose an address in it, or name its subnet in azure-load-balancer-internal-subnet",
    ),
    Cause(
        ("PrivateIPAddressIsAllocated",),
        "the address that is asked for is in use",
        "choose a free one: az network vnet check-ip-address",
    ),
    Cause(
        ("PrivateIPAddressInReservedRange",),
        "Azure keeps the first four addresses and the last one of a subnet",
        "choose another address",
    ),
    Cause(("SubnetIsFull",), "the subnet has no free address", "use a larger subnet or another one"),
    Cause(
        ("MustUseSameVnet",),
        "the frontend would be in another virtual network than the nodes",
        "name a subnet of the nodes' virtual network",
    ),
    Cause(
        ("PublicIPAddressInUse",), "something else uses the public IP", "free it, or name another one in azure-pip-name"
    ),
    Cause(("DnsRecordInUse",), "the DNS label is taken in this region", "choose another azure-dns-label-name"),
    Cause(("DnsRecordIsReserved",), "the DNS label is reserved by Azure", "choose another azure-dns-label-name"),
    # Quotas
    Cause(
        ("PublicIPCountLimitReached",),
        "the subscription has as many public IPs as it may in this region",
        "delete unused ones, share one address between Services, or ask for a higher quota",
    ),
    Cause(
        ("StandardSkuPublicIPCountLimitReached",),
        "the subscription has as many Standard public IPs as it may in this region",
        "delete unused ones, share one address between Services, or ask for a higher quota",
    ),
    Cause(
        ("more than 299",),
        "a network card takes part in at most 300 load-balancing rules",
        "fewer ports, HA ports for internal Services, or a second load balancer",
    ),
    Cause(
        ("RulesPerLoadBalancerLimitReached",),
        "the load balancer has as many rules as it may",
        "fewer ports, or a second load balancer",
    ),
    Cause(
        ("FrontendIPConfigurations", "Limit"),
        "the load balancer has as many frontends as it may",
        "share one address between Services: azure-pip-name or loadBalancerIP with different ports",
    ),
    Cause(("QuotaExceeded",), "a quota of the subscription is used up", "ask for a higher one; the message names it"),
    Cause(
        ("TooManyRequests",),
        "Azure throttles the subscription; the provider goes on by itself",
        "wait; fewer clusters in one subscription, and backend pools by address (nodeIP), make fewer calls",
    ),
    Cause(
        ("OperationNotAllowed", "throttl"),
        "Azure throttles the subscription; the provider goes on by itself",
        "wait; fewer clusters in one subscription make fewer calls",
    ),
    # State
    Cause(
        ("CanceledAndSupersededDueToAnotherOperation",),
        "another change of the same load balancer came in between; the provider goes on by itself",
        "wait; if it stays, something else changes the load balancer",
    ),
    Cause(("AnotherOperationInProgress",), "another change is going on; the provider goes on by itself", "wait"),
    Cause(
        ("ReferencedResourceNotProvisioned",),
        "a resource that the load balancer needs is in state Failed, often a network card or scale set",
        "az resource show --ids THE_RESOURCE, then update it without a change (az vmss update, az network nic update)",
    ),
    Cause(
        ("fail to lock azure resources",),
        "another component holds the lock on the load balancer; the provider goes on by itself",
        "wait; if it stays: kubectl -n kube-system get lease aks-managed-resource-locker",
    ),
    Cause(
        ("ResourceGroupNotFound",), "the resource group does not exist", "correct azure-load-balancer-resource-group"
    ),
    # The controller and the provider
    Cause(
        ("UnAvailableLoadBalancer",),
        "no node may take traffic: none is there, or all are excluded",
        "kubectl get nodes -L node.kubernetes.io/exclude-from-external-load-balancers",
    ),
    Cause(
        ("FailedToFindLoadBalancerForNode",),
        "no load balancer takes the node",
        "give one of the load balancers a nodeSelector that fits the node",
    ),
    Cause(
        ("DeletingFrontendIPConfiguration",),
        "the frontend is still used by rules of others, so it stays",
        "remove what refers to it, as the message says",
    ),
    Cause(
        ("InvalidSourceRanges",),
        "a range in spec.loadBalancerSourceRanges cannot be read, so everything is denied",
        "write ranges such as 10.0.0.0/24",
    ),
    Cause(
        ("InvalidAllowedIPRanges",),
        "a range in the annotation cannot be read, so everything is denied",
        "write ranges such as 10.0.0.0/24, separated by commas",
    ),
    Cause(
        ("Found invalid LoadBalancerSourceRanges",),
        "a source range cannot be read, so everything is denied",
        "write ranges such as 10.0.0.0/24",
    ),
    Cause(
        ("ConflictConfiguration",),
        "spec.loadBalancerSourceRanges is not used together with service tags",
        "move the ranges to azure-allowed-ip-ranges",
    ),
    Cause(("UnsupportedInternalLoadBalancer",), "container load balancers are public only", "remove the annotation"),
    Cause(
        ("LoadBalancerBackendPoolUpdateFailed",),
        "the provider could not put the nodes into the pool; it goes on by itself",
        "read the error in the message; if it stays, Local Services lose their nodes",
    ),
    Cause(
        ("Unsupported", "ServiceGateway"),
        "the Service uses what container load balancers do not have",
        "remove what the message names",
    ),
)
"""Sources: provider-azure's events, ARM's error codes, and learn.microsoft.com/troubleshoot/azure for AKS."""


def cause_of(reason: str, message: str) -> tuple[str, str]:
    """The cause and the fix of an event; "" where they are not known, or where the message says the cause itself."""
    text = f"{reason} {message}"
    for row in CAUSES:
        if all(part in text for part in row.texts):
            return row.cause, row.fix
    refusal = recognised(message)
    return ("", "") if refusal is None else ("the provider refuses what the Service asks for", refusal.remedy)
