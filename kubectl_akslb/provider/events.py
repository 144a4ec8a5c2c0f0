"""Events of a Service: what causes each, which command confirms it, and what a person does about it.

First the refusals of Azure, R-1 and on; then, from V-19 on, what the controller, its client, the identity and the
provider say; last the wrappers, whose own words say nothing. A row is found by a pattern in reason and message, without
case and anywhere; the first that fits is taken. The errors of the provider itself are rows of refusals.py, found after
Azure's. ``azure/`` tells beforehand which of Azure's refusals will come, and names these rows.
"""

import re
from functools import cache

from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.refusals import recognised

ENSURED = ("EnsuredLoadBalancer", "UpdatedLoadBalancer")

#: The commands that confirm a cause; capitals stand for what only the reader knows.
CONFIRM = {
    "K1": "kubectl get events -n NAMESPACE --field-selector involvedObject.name=SERVICE",
    "K2": "az network lb show -g NODE_RESOURCE_GROUP -n kubernetes",
    "K3": "az network nsg rule list -g RESOURCE_GROUP --nsg-name NSG -o table",
    "K4": "az network public-ip show --ids PUBLIC_IP --query"
    ' "{sku:sku.name,zones:zones,region:location,user:ipConfiguration.id}"',
    "K5": "az network list-usages -l REGION -o table",
    "K6": "az network vnet subnet show -g RESOURCE_GROUP --vnet-name VNET -n SUBNET",
    "K7": "az aks show -g RESOURCE_GROUP -n CLUSTER --query identity",
    "K8": "az lock list -g NODE_RESOURCE_GROUP",
    "K13": "az policy assignment list -g NODE_RESOURCE_GROUP --disable-scope-strict-match",
    "K9": "az monitor activity-log list -g NODE_RESOURCE_GROUP --offset 1h --status Failed",
    "K10": "az network private-link-service list -g NODE_RESOURCE_GROUP",
    "K11": "az resource show --ids RESOURCE --query properties.provisioningState",
    "K12": "kubectl get nodes -L node.kubernetes.io/exclude-from-external-load-balancers",
    "lease": "kubectl -n kube-system get lease aks-managed-resource-locker",
    "address": "az network vnet check-ip-address -g RESOURCE_GROUP -n VNET --ip-address ADDRESS",
    "service": "kubectl get svc -n NAMESPACE SERVICE -o yaml",
}


class EventRow(NamedTuple):
    """One kind of event. *pattern* is searched in reason and message.

    *code* is ARM's, "" where none is known. A row without *cause* is no trouble.
    """

    id: str
    pattern: str
    cause: str
    confirm: str = ""
    remedy: str = ""
    code: str = ""


class EventMeaning(NamedTuple):
    """What an event means. *row* is the row's id, or the code of the provider's own error."""

    row: str
    cause: str
    confirm: str
    remedy: str

    @property
    def vague(self) -> bool:
        """Whether it says that Azure refused something, and not why."""
        return self.row in _VAGUE


ROWS: list[EventRow] = []


def _row(
    identifier: str,
    pattern: str,
    cause: str,
    confirm: str = "",
    remedy: str = "",
    code: str = "",
) -> None:
    command = CONFIRM.get(confirm, confirm)
    ROWS.append(EventRow(identifier, pattern, cause, command, remedy, code))


_WAIT = "wait: the provider tries again by itself"
_ROLE = "az role assignment create --role 'Network Contributor' --assignee CLUSTER_IDENTITY --scope"
_GROUP_OF_ADDRESS = "RESOURCE_GROUP_OF_THE_PUBLIC_IP"
_LATE = "it can take 20 minutes until the provider sees it"
_FEWER_CALLS = "wait; fewer clusters in one subscription, and backend pools by address (nodeIP), make fewer calls"
_QUOTA = "delete unused ones, share one address between Services, or ask for a higher quota"
_RENEW = (
    "az aks update-credentials -g RESOURCE_GROUP -n CLUSTER --reset-service-principal --service-principal ID"
    " --client-secret SECRET, or change to a managed identity"
)

# A row is read as one: id, pattern, cause, how to confirm, remedy, code.
# fmt: off
# Security group
_row("R-1", "OverlappingSubnetsNotPermittedInSecurityRule|contains overlapping subnets",
     "one security rule lists a range inside another", "K3",
     f"drop the inner range, or upgrade to {behaviours.AGGREGATED_RANGES.dates}",
     "OverlappingSubnetsNotPermittedInSecurityRule")
_row("R-2", "SecurityRuleInvalidAddressPrefix|has invalid Address prefix",
     "a security rule has a source that is neither range nor service tag", "K3",
     "write network addresses such as 10.0.0.0/24, and service tags as Azure spells them",
     "SecurityRuleInvalidAddressPrefix")
_row("R-3",
     "SecurityRuleParametersUnsupportedForPortRanges|either DestinationPortRange or DestinationPortRanges",
     "a rule k8s-azure-lb_… was edited in the portal or by az, and has its port twice now", "K3",
     f"delete that rule, the provider writes it anew; mended in {behaviours.MANAGED_NSG_RULES_BY_NAME.dates}",
     "SecurityRuleParametersUnsupportedForPortRanges")
_row("R-4", "SecurityRuleParametersMissing|security rule parameters are missing|rule must specify SourceAddressPrefix",
     "a security rule has no source: it was emptied by hand, or a service tag is empty", "K3",
     "delete that rule, and take empty items out of the annotations", "SecurityRuleParametersMissing")
_row("R-5",
     "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies|different address families",
     "one security rule has IPv4 and IPv6 addresses", "K3", "make one Service for each IP family",
     "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies")
_row("R-6", r"SecurityRuleCountLimitReached|cannot have more than \d+ security rules",
     "the security group has as many rules as it may, 1000", "K3",
     f"merge ranges, or upgrade to {behaviours.SHARED_NSG_RULES.dates}",
     "SecurityRuleCountLimitReached")
_row("R-7", "SecurityRuleAddressesOrPortsPerSecurityGroupLimitReached|MaxSecurityRuleAddressesOrPorts",
     "the rules of the security group have more than 4000 addresses together", "K3",
     "keep floating IP on, and use fewer ranges: without floating IP each Service lists every node",
     "SecurityRuleAddressesOrPortsPerSecurityGroupLimitReached")

# Rules, probes, pools
_row("R-10", r"RulesUseSameBackendPortProtocolAndPool\b|floating IP disabled use the same protocol",
     "two load-balancing rules without floating IP use one backend port", "K2",
     "turn floating IP on, or have one Service with HA ports on a load balancer",
     "RulesUseSameBackendPortProtocolAndPool")
_row("R-11",
     "RulesUseSameBackendPortProtocolAndPoolAndFrontendIPWithFloatingIPEnabled|floating IP enabled use "
     "the same protocol", "two load-balancing rules use one backend port on one frontend", "K2",
     "give each Service an address of its own",
     "RulesUseSameBackendPortProtocolAndPoolAndFrontendIPWithFloatingIPEnabled")
_row("R-12", "RulesOfSameLoadBalancerTypeUseSameBackendPort",
     "another load balancer uses the same backend port on the same nodes", "K2",
     "take the nodes out of the pool of the other load balancer")
_row("R-12", "NetworkInterfaceUsesMultipleLoadBalancersOfSameType",
     "the nodes are behind another load balancer of the same kind, public or internal", "K2",
     "take the nodes out of the pool of the other load balancer", "NetworkInterfaceUsesMultipleLoadBalancersOfSameType")
_row("R-19",
     r"LoadBalancerRuleCountLimitReachedForNic|cannot have more than \d+ NAT or (?:LB|load balancing) "
     r"rules|more than 299", "a network card takes part in at most 300 load-balancing rules", "K2",
     "fewer ports, HA ports for internal Services, or a second load balancer",
     "LoadBalancerRuleCountLimitReachedForNic")
_row("R-20", "RulesPerLoadBalancerLimitReached|exceeded maximum rule limit",
     "the load balancer has as many rules as it may", "K2", "fewer ports, or a second load balancer")
_row("R-21",
     r"LoadBalancerFrontendIPConfigurationCountLimitReached|more than \d+ FrontendIPConfigurations",
     "the load balancer has as many frontends as it may", "K2",
     "share one address between Services: service.beta.kubernetes.io/azure-pip-name or loadBalancerIP, with"
     " different ports",
     "LoadBalancerFrontendIPConfigurationCountLimitReached")
_row("R-22", "MaxAvailabilitySetsInLoadBalancerReached",
     "the nodes are in more than 150 availability sets", "K12", "use scale sets",
     "MaxAvailabilitySetsInLoadBalancerReached")
_row("R-23", "LoadBalancingRuleMustDisableSNAT",
     "the Service uses the frontend of an outbound rule, while its rules may be used for outbound traffic too",
     "K2", "give the Service an address of its own, or set disableOutboundSNAT",
     "LoadBalancingRuleMustDisableSNAT")
_row("R-25", "LoadBalancerInUseByVirtualMachineScaleSet",
     "a scale set still names the load balancer that is to go", "K12",
     "update the model of the scale set, and its instances", "LoadBalancerInUseByVirtualMachineScaleSet")
_row("R-26", "LoadBalancerWithoutFrontendIPCantHaveChildResources",
     "the last frontend was removed while rules or pools are left", "K2",
     "delete the load balancer: the provider makes it anew, with new addresses",
     "LoadBalancerWithoutFrontendIPCantHaveChildResources")
_row("R-27", "InUseLoadBalancerCannotBeDeleted",
     "something still refers to the load balancer that is to go", "K2",
     "remove private link services, outbound rules, rules, NAT rules, probes and pools, in this order",
     "InUseLoadBalancerCannotBeDeleted")
_row("R-28", "AtleastOneIpV4RequiredForIpV6LbFrontendIpConfiguration|At least one IPv4 frontend",
     "a load balancer with an IPv6 frontend must have an IPv4 frontend too", "K2",
     "make the Service dual-stack, or create an IPv4 Service first",
     "AtleastOneIpV4RequiredForIpV6LbFrontendIpConfiguration")
_row("R-30", "NetworkInterfaceAndInternalLoadBalancerMustUseSameVnet|MustUseSameVnet",
     "the frontend would be in another virtual network than the nodes", "K6",
     "name a subnet of the nodes' virtual network",
     "NetworkInterfaceAndInternalLoadBalancerMustUseSameVnet")
_row("R-31",
     "DifferentSkuLoadBalancersInAvailabilitySet|DifferentSkuLoadBalancerAndPublicIPAddressNotAllowedInVMSS",
     "the nodes are behind a load balancer of another SKU already", "K2",
     "use one SKU for public and internal load balancers", "DifferentSkuLoadBalancersInAvailabilitySet")

# Private frontend
_row("R-32", "PrivateIPAddressNotInSubnet", "the address that is asked for, or kept, is not in the subnet", "K6",
     "choose an address in it, or name its subnet in service.beta.kubernetes.io/azure-load-balancer-internal-subnet; a"
     " Service that asks for none keeps its old one: name a new one in"
     " service.beta.kubernetes.io/azure-load-balancer-ipv4",
     "PrivateIPAddressNotInSubnet")
_row("R-33", "PrivateIPAddressIsAllocated|PrivateIPAddressInUse|already allocated to res",
     "the address that is asked for is in use", "address",
     "choose a free one: az network vnet check-ip-address", "PrivateIPAddressIsAllocated")
_row("R-34", "PrivateIPAddressInReservedRange",
     "Azure keeps the first four addresses and the last one of a subnet", "K6", "choose another address",
     "PrivateIPAddressInReservedRange")
_row("R-35",
     r"SubnetIsFull|(?:not|n't) have enough capacity for .*IP addresses|InsufficientFreeAddresses",
     "the subnet has no free address", "K6", "use a larger subnet or another one", "SubnetIsFull")
_row("R-36", "MultipleIpConfigsRequestSamePrivateIpAddress",
     "two frontends of one load balancer ask for one address", "K2",
     "let the Services share the frontend: the same address for both, ports that differ",
     "MultipleIpConfigsRequestSamePrivateIpAddress")
_row("R-37", "SubnetIsDelegated", "the subnet belongs to another service of Azure", "K6",
     "use a subnet without delegation", "SubnetIsDelegated")
_row("R-38", "ResourceAvailabilityZonesCannotBeModified|existing availability zone constraint",
     "the zones of a frontend or address that is there differ from those asked for", "K2",
     "have a new frontend made: another service.beta.kubernetes.io/azure-load-balancer-internal-subnet",
     "ResourceAvailabilityZonesCannotBeModified")
_row("R-40", "InUseSubnetCannotBeDeleted", "the subnet is still used; no Service asks for this", "K6",
     "delete the Services and nodes in it first", "InUseSubnetCannotBeDeleted")

# Public IP
_row("R-41", "PublicIPAndLBSkuDoNotMatch|sku load balancer .* cannot reference .* sku publicIP",
     "load balancer and public IP have different SKUs", "K4",
     "make the public IP anew with --sku Standard, in the region of the cluster",
     "PublicIPAndLBSkuDoNotMatch")
_row("R-42", "DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed",
     "load balancer and public IP have different SKUs: nodes may have Basic public IPs of their own",
     "K4", "make the public IPs Standard: that which the Service names, and those of the nodes",
     "DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed")
_row("R-43", "InvalidResourceReference|both resources are in the same region",
     "something that the change refers to is in another region, or does not exist", "K4",
     "create the public IP in the region of the cluster, and check the names in the message",
     "InvalidResourceReference")
_row("R-44", "PublicIPReferencedByMultipleIPConfigs",
     "the public IP has a frontend on this load balancer already; often it is the outbound one", "K2",
     "use another public IP", "PublicIPReferencedByMultipleIPConfigs")
_row("R-45", r"PublicIPAddressInUse\b", "something else uses the public IP", "K4",
     "free it, or name another one in service.beta.kubernetes.io/azure-pip-name", "PublicIPAddressInUse")
_row("R-48", r"PublicIP(?:Prefix)?CountLimitReached|Cannot create more than \d+ .*public IP",
     "the subscription has as many public IPs as it may in this region", "K5", _QUOTA,
     "PublicIPCountLimitReached")
_row("R-49", "PublicIpPrefixOutOfIpAddresses", "the public IP prefix has no free address", "K4",
     "use a larger prefix, or a second one", "PublicIpPrefixOutOfIpAddresses")
_row("R-50", "DnsRecordInUse|DnsRecordIsReserved",
     "the DNS label is taken in this region, or held for a while after its deletion", "K4",
     "choose another service.beta.kubernetes.io/azure-dns-label-name", "DnsRecordInUse")
_row("R-51", "InvalidDomainNameLabel", "the DNS label is not one that Azure takes", "",
     "3 to 63 lower-case letters, digits and hyphens; a letter first, no hyphen last",
     "InvalidDomainNameLabel")
_row("R-52", "PublicIPAddressCannotBeDeleted|can not be deleted since it is still allocated",
     "the public IP is still used, so it stays, and costs", "K4", "detach it, then delete it by hand",
     "PublicIPAddressCannotBeDeleted")
_row("R-53", "InvalidTagNameCharacters", "a tag's name has a character that Azure does not take", "",
     "leave out < > % & \\ ? / in the names of service.beta.kubernetes.io/azure-pip-tags", "InvalidTagNameCharacters")
_row("R-54", "LinkedInvalidPropertyId|InvalidResourceName",
     "a name or an id in an annotation is not what Azure takes", "",
     "give service.beta.kubernetes.io/azure-pip-prefix-id the whole resource id; names have at most 80 letters, "
     "digits, dots, hyphens, underscores", "LinkedInvalidPropertyId")
_row("R-55", "SubnetWithNatGatewa[ty]AndBasicSKUResourceNotAllowed",
     "the subnet has a NAT gateway, which a Basic load balancer or public IP does not go with", "K6",
     "use Standard for both")

_row("R-80", "InvalidRequestFormat|MissingJsonReferenceId",
     "a name or an id that the Service gives is empty, or not one", "service",
     "give each annotation of the Service a value, or take it away: the message names what is missing",
     "InvalidRequestFormat")

# Private link service
_row("R-56", "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
     "the subnet of the private link service has network policies for it turned on", "K6",
     "turn off privateLinkServiceNetworkPolicies of the subnet",
     "PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled")
_row("R-57", "PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer",
     "a private link service does not go with backend pools by address (nodeIP)", "K2",
     "use backend pools by network card (nodeIPConfiguration)",
     "PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer")
_row("R-58", "CannotDeleteLoadBalancerWithPrivateLinkService|referenced by private link service",
     "a private link service still uses the load balancer", "K10", "delete the private link service",
     "CannotDeleteLoadBalancerWithPrivateLinkService")
_row("R-59", "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted",
     "the private link service has connections left", "K10", "reject or delete its connections",
     "PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted")

# State, concurrency, throttling, access
_row("R-46", "ReferencedResourceNotProvisioned|is not in Succeeded state",
     "a resource that the load balancer needs is in state Failed or Updating, often a network card or scale set",
     "K11",
     "az resource show --ids THE_RESOURCE, then update it without a change (az vmss update, az network nic update)",
     "ReferencedResourceNotProvisioned")
_row("R-47", "RetryableErrorDueToAnotherOperation|The call can be retried in",
     "another change is going on; the provider goes on by itself", "K9", "wait",
     "RetryableErrorDueToAnotherOperation")
_row("R-61", "AnotherOperationInProgress|OperationInProgress",
     "another change is going on; the provider goes on by itself", "K9", "wait",
     "AnotherOperationInProgress")
_row("R-62", "CanceledAndSupersededDueToAnotherOperation|canceled and superseded",
     "another change of the same load balancer came in between; the provider goes on by itself", "K9",
     "wait; if it stays, something else changes the load balancer: find it in the activity log",
     "CanceledAndSupersededDueToAnotherOperation")
_row("R-63", r"PreconditionFailed(?:EtagMismatch)?|(?:RESPONSE|HTTPStatusCode:) 412",
     "the resource has changed since the provider read it; it goes on by itself", "K9",
     "wait; if it stays, something else changes the same resource", "PreconditionFailed")
_row("R-64",
     "OperationPreempted|preempted by a more recent|NotLatestOperation|conflict with a concurrent request",
     "two changes of a scale set met, while it is scaled or upgraded; the provider goes on by itself",
     "K9", "wait", "OperationPreempted")
_row("R-65", "not an active Virtual Machine Scale Set VM|marked for deletion",
     "a node's machine is being deleted; the provider skips it", "K12", "wait")
_row("R-66", "LinkedAuthorizationFailed.*publicIPPrefixes/join",
     "the cluster's identity may not join the public IP prefix", "K7", f"{_ROLE} PREFIX; {_LATE}",
     "LinkedAuthorizationFailed")
_row("R-66", "LinkedAuthorizationFailed.*publicIPAddresses/join",
     "the cluster's identity may not join the public IP", "K7",
     f"{_ROLE} {_GROUP_OF_ADDRESS}", "LinkedAuthorizationFailed")
_row("R-66", "LinkedAuthorizationFailed.*subnets/join", "the cluster's identity may not join the subnet",
     "K7", f"{_ROLE} SUBNET; {_LATE}", "LinkedAuthorizationFailed")
_row("R-66", "LinkedAuthorizationFailed.*networkSecurityGroups/join",
     "the cluster's identity may not join the security group", "K7", f"{_ROLE} NSG; {_LATE}",
     "LinkedAuthorizationFailed")
_row("R-66", "LinkedAuthorizationFailed",
     "the cluster's identity may not use a resource that the change refers to", "K7",
     f"{_ROLE} RESOURCE_IN_THE_MESSAGE", "LinkedAuthorizationFailed")
_row("R-67", "DenyAssignment|because of a deny assignment",
     "the resource is managed by somebody else, who denies changes", "K7",
     "change it through what manages it", "DenyAssignmentAuthorizationFailed")
_row("R-68", "AuthorizationFailed.*subnets|does not have authorization to perform action.*subnets",
     "the cluster's identity may not read the subnet", "K7", f"{_ROLE} SUBNET; {_LATE}",
     "AuthorizationFailed")
_row("R-68",
     "AuthorizationFailed.*publicIPAddresses|does not have authorization to perform action.*publicIPAddresses",
     "the cluster's identity may not read or write public IPs in that resource group", "K7",
     f"{_ROLE} {_GROUP_OF_ADDRESS}", "AuthorizationFailed")
_row("R-68", "AuthorizationFailed|does not have authorization to perform action",
     "the cluster's identity lacks a permission; the message names action and scope", "K7",
     f"{_ROLE} THE_SCOPE; {_LATE}", "AuthorizationFailed")
_row("R-69", r"ScopeLocked|scope\(s\) are locked", "a lock forbids changes in the resource group", "K8",
     "remove the lock: az lock list -g NODE_RESOURCE_GROUP", "ScopeLocked")
_row("R-70", "RequestDisallowedByPolicy|disallowed by policy",
     "an Azure Policy forbids the change; often public IPs are denied", "K13",
     'make the Service internal (service.beta.kubernetes.io/azure-load-balancer-internal: "true"), or have the cluster'
     " exempted",
     "RequestDisallowedByPolicy")
_row("V-76", "SubscriptionNotFound|InvalidSubscriptionId|subscription .* could not be found",
     "the subscription in the provider's azure.json does not exist, or the identity does not see it", "K7",
     "correct subscriptionId, or give the identity a role in the subscription", "SubscriptionNotFound")
_row("R-71", "ReadOnlyDisabledSubscription|DisabledSubscription", "the subscription is disabled", "",
     "ask who pays for it", "ReadOnlyDisabledSubscription")
_row("R-72", "MissingSubscriptionRegistration|SubscriptionNotRegistered",
     "the subscription is not registered for Microsoft.Network", "",
     "az provider register -n Microsoft.Network", "MissingSubscriptionRegistration")
_row("R-73", "ResourceGroupNotFound|ResourceGroupBeingDeleted",
     "the resource group does not exist, or is being deleted", "",
     "correct service.beta.kubernetes.io/azure-load-balancer-resource-group", "ResourceGroupNotFound")
_row("R-79", "SecurityRuleConflict|cannot have the same Priority and Direction",
     "a security rule of somebody else has the priority that the provider chose", "K5",
     "give that rule another number, above 4095 or below 500; the message names it", "SecurityRuleConflict")
_row("R-74",
     "(?:Subscription|Tenant|Resource|ResourceCollection)RequestsThrottled|exceeded the backend storage "
     "limit|encountered too many requests",
     "Azure throttles the subscription; the provider goes on by itself", "K9", _FEWER_CALLS,
     "SubscriptionRequestsThrottled")
_row("R-75", r"Number of '?\w+'? requests for .*exceeded",
     "the cluster's identity has made as many calls as it may in an hour; the provider goes on by itself",
     "K9", _FEWER_CALLS)
_row("R-76", "TooManyRequests(?:Received)?|too many requests have been received",
     "Azure throttles calls about machines; the provider goes on by itself", "K9", _FEWER_CALLS,
     "TooManyRequests")
_row("R-77", "GatewayError|InternalServerError|ServiceUnavailable|GatewayTimeout|InternalExecutionError",
     "Azure itself has an error; the provider goes on by itself", "K9",
     "wait, and look at status.azure.com")
_row("R-78", r"QuotaExceeded|exceeding (?:approved|quota)|\w+LimitReached\b|quota .*(?:exceeded|reached)",
     "a quota or a limit of Azure is reached", "K5",
     "delete what is not used, or ask for a higher one; the message names it", "QuotaExceeded")

# What the client, the identity, the controller and the provider say
_row("V-19", "throttled due to too many requests",
     "Azure throttles the provider, or a resource is not ready; newer providers do not tell which",
     "K9", "wait; if it stays, the activity log has the real code")
_row("V-20", r"throttled for operation \w+ with reason",
     "an earlier call was throttled, and the wait that Azure asked for is not over", "K9", _WAIT)
_row("V-21", r"rate limited\((?:read|write)\) for operation|rate limit reached",
     "the provider's own limit on calls is reached", "",
     "raise cloudProviderRateLimitQPS and …Bucket, where you can")
_row("V-23", "HTTPStatusCode: 429|RESPONSE 429|429 Too Many", "Azure throttles the provider", "K9",
     _FEWER_CALLS)
_row("V-24", r"again after '?\d+'? seconds|RetryAfter: [1-9]\d*s", "Azure asks the provider to wait",
     "K9", _WAIT)
_row("V-25", "timed out waiting for the condition",
     "the provider gave up waiting, and its error is lost: a SKU, a role or a quota", "K9",
     "look the code up in the activity log")
_row("V-26", "context deadline exceeded|context canceled|context has been cancelled",
     "a call took too long, or the controller was restarted", "K9", _WAIT)
_row("V-27", r"no such host|i/o timeout|TLS handshake|connection refused|x509:",
     "the provider does not reach Azure", "",
     "open the way to management.azure.com and login.microsoftonline.com")
_row("V-30", "AADSTS7000222", "the secret of the cluster's service principal has expired", "K7", _RENEW)
_row("V-31", "AADSTS7000215", "the secret of the cluster's service principal is wrong", "K7", _RENEW)
_row("V-32", "AADSTS700016", "the cluster's application is deleted, or in another tenant", "K7",
     f"with a new one: {_RENEW}")
_row("V-33", r"AADSTS7000(?:24|27)|AADSTS70021[123]?",
     "certificate, assertion or federation of the identity do not match", "K7",
     "correct the federated credential")
_row("V-34", "AADSTS90002|AADSTS53003",
     "the tenant is wrong, or a conditional access policy blocks the identity", "K7",
     "check tenantId and the policy")
_row("V-35", r"AADSTS|invalid_client|unauthorized_client", "the cluster's identity gets no token", "K7",
     "check the service principal or identity of the cluster: az aks show -g RESOURCE_GROUP -n CLUSTER"
     " --query identity")
_row("V-36", "Failed to refresh the Token|Refresh request failed",
     "the cluster's identity gets no token", "K7", f"renew its secret: {_RENEW}")
_row("V-37", "ManagedIdentityCredential|Identity not found",
     "the identity was taken off the nodes or the control plane", "K7",
     "az aks update -g RESOURCE_GROUP -n CLUSTER --enable-managed-identity")
_row("V-75", r"(?:Invalid|Expired)AuthenticationToken|(?:RESPONSE|HTTPStatusCode:) 401|\b401 Unauthorized",
     "Azure does not take the token of the cluster's identity", "K7", f"renew its secret: {_RENEW}")
_row("V-38",
     "no credentials provided for Azure|useInstanceMetadata must be enabled|could not init cloud provider azure",
     "the provider does not start: its azure.json is wrong",
     "kubectl -n kube-system logs -l component=cloud-controller-manager", "correct azure.json")
_row("V-39",
     "cloudConfigType|loadBalancerBackendPoolConfigurationType|HealthProbeMode .* is not supported|must "
     "have primary VMSet|mutually exclusive",
     "the provider does not start: its azure.json has a value that it does not know",
     "kubectl -n kube-system logs -l component=cloud-controller-manager", "correct the value")
_row("V-40", "securityGroupName is not configured|nsg .* not found",
     "the security group of the cluster was renamed or deleted", "K3", "make it anew under that name")
_row("V-41", r"instance not found|virtualMachines/\S{1,99} under resource group \S{1,99} was not found",
     "a node has no machine, or none any more", "K12",
     "kubectl delete node NODE; one that is no machine of Azure, such as a virtual node, needs a label:"
     " kubectl label node NODE node.kubernetes.io/exclude-from-external-load-balancers=true")
_row("V-42", "not a vmss instance|scale set not found|no scale sets found|no availability sets found",
     "vmType of the provider and the nodes do not fit, or a node is no machine of Azure", "K12",
     "correct vmType; a node that is no machine of Azure, such as a virtual node, needs a label:"
     " kubectl label node NODE node.kubernetes.io/exclude-from-external-load-balancers=true")
_row("V-43", r"failed to find a primary|failed to determine the (?:primary )?ipconfig",
     "a network card has no primary address, or none of that IP family", "K11",
     "correct the network profile of the scale set")
_row("V-44",
     "findMatchedPIPByName: failed to find PIP|reconcilePublicIP for service.*not found|PublicIP from annotation",
     "the public IP that the Service names is not in that resource group", "K4",
     "create it, or name its resource group in service.beta.kubernetes.io/azure-load-balancer-resource-group")
_row("V-45", "cannot find public IP with IP address|user supplied IP Address",
     "no public IP in that resource group has the address that the Service asks for", "K4",
     "create it, or name its resource group in service.beta.kubernetes.io/azure-load-balancer-resource-group")
_row("V-47", "cannot use non-public LoadBalancer IP|has invalid LoadBalancer IP",
     "the address that the Service asks for can be no public IP", "",
     'for a private address add service.beta.kubernetes.io/azure-load-balancer-internal: "true"')
_row("V-48", "failed to get subnet|Unexpected nil subnet",
     "the subnet does not exist, or the cluster's identity may not read it", "K6",
     "check the name of the subnet, and the cluster identity's Network Contributor role on it")
_row("V-49", "checkLoadBalancerResourcesConflicts", "another Service has the port on this address", "K2",
     "use another port, or an address of its own, for one of the two Services")
_row("V-50", "for setting up security rules|unable to get lb|failed to get LB PublicIPAddress",
     "load balancer or public IP are not ready", "K2", _WAIT)
_row("V-53", "selectLoadBalancer:",
     "azure-load-balancer-mode names no availability set, or the load balancers are full", "K2",
     "correct service.beta.kubernetes.io/azure-load-balancer-mode")
_row("V-54",
     r"no configuration named|selects \d+ load balancers|eligible set|cannot migrate from load balancer|"
     r"conflicting load balancer configuration",
     "the Service and the configurations of several load balancers do not fit", "",
     "do as the message says")
_row("V-55", "fail to lock azure resources",
     "another component holds the lock on the load balancer; the provider goes on by itself", "lease",
     "wait; if it stays: kubectl -n kube-system get lease aks-managed-resource-locker")
_row("V-56", "fail to unlock azure resources|when unlocking azure",
     "the provider could not give its lock back", "lease",
     "if it stays, take the stale holder out of the lease")
_row("V-57", "isFrontendIPConfigUnsafeToDelete|DeletingFrontendIPConfiguration",
     "the frontend is still used by rules of others, so it stays", "K2",
     "remove what refers to it, as the message says")
_row("V-58", "FailedToFindLoadBalancerForNode", "no load balancer takes the node", "K12",
     "give one of the load balancers a nodeSelector that fits the node")
_row("V-60", r"runtime error|nil pointer|\bpanic", "the provider itself fails", "",
     "upgrade it, or recreate the Service")
_row("V-61", "InvalidAllowedIPRanges",
     "a range in the annotation cannot be read, so everything is denied", "K3",
     "write ranges such as 10.0.0.0/24, separated by commas")
_row("V-61", "InvalidSourceRanges|Found invalid",
     "a source range cannot be read, so everything is denied", "K3", "write ranges such as 10.0.0.0/24")
_row("V-62", "ConflictConfiguration",
     "spec.loadBalancerSourceRanges is not used together with service tags", "K3",
     "move the ranges to service.beta.kubernetes.io/azure-allowed-ip-ranges")
_row("V-63", r"cannot set both spec\.", "ranges are given in two places", "",
     "keep spec.loadBalancerSourceRanges or the annotation, not both")
_row("V-64", r"exceeds the maximum number of|priorit(?:y|ies) .*exhausted", "the security group is full",
     "K3", "merge ranges or Services: a security group holds 1000 rules and 4000 prefixes")
_row("V-66", "already has (?:unmanaged|existing) private link service",
     "the frontend has a private link service that somebody else owns", "K10",
     "give the Service an address of its own")
_row("V-67",
     r"private link service (?:subnet|ipConfig)|ipConfigCount|not supported for private link|getPLSStaticIPs",
     "an annotation of the private link service is wrong", "", "correct what the message names")
_row("V-68", "UnsupportedInternalLoadBalancer", "container load balancers are public only", "",
     "remove the annotation")
_row("V-68",
     "ServiceGatewayConfigurationRejected|Unsupported.*ServiceGateway|UnsupportedSessionAffinity|"
     "UnsupportedLoadBalancerIP|UnsupportedDualStack|UnsupportedNamedTargetPort|"
     "UnsupportedBackendPortCollision", "the Service uses what container load balancers do not have", "",
     "remove what the message names")
_row("V-80", r"/subnets/.{1,250}?\bnot ?found\b|\bnot ?found\b.{0,250}?/subnets/",
     "the virtual network of the nodes has no subnet of the name that the Service gives", "K6",
     "correct service.beta.kubernetes.io/azure-load-balancer-internal-subnet: the name alone, no id")
_row("V-71", r"NotFound|ResourceNotFound|ParentResourceNotFound|(?:RESPONSE|HTTPStatusCode:) 404",
     "a resource was deleted behind the provider's back", "K9",
     "wait, or make it anew; the message names it")

# Wrappers: the words inside say more, and were not known
_row("V-59", "LoadBalancerBackendPoolUpdateFailed",
     "the provider could not put the nodes into the pool; it goes on by itself", "K2",
     "read the error in the message; if it stays, Local Services lose their nodes")
_row("V-77", r"(?:RESPONSE|HTTPStatusCode:) 403|\b403 Forbidden|\bForbidden\b",
     "Azure forbids the change to the cluster's identity", "K7",
     "read the code in the message: a role, a lock, a policy")
_row("V-72", "Conflict|(?:RESPONSE|HTTPStatusCode:) 409", "another change is going on; the provider goes on by itself",
     "K9", _WAIT)
_row("V-73", "BadRequest|RESPONSE 400|HTTPStatusCode: 400", "Azure refuses what the provider sent", "K9",
     "read the code in the message or in the activity log")
_row("V-78", r"(?:RESPONSE|HTTPStatusCode:) 5\d\d", "Azure itself has an error; the provider goes on by itself", "K9",
     "wait, and look at status.azure.com")
_row("V-79", r"too many requests|throttl|rate ?limit", "Azure throttles the provider", "K9", _FEWER_CALLS)
_row("V-11", "UnAvailableLoadBalancer|no available nodes for LoadBalancer",
     "no node may take traffic: none is there, or all are excluded", "K12",
     "kubectl get nodes -L node.kubernetes.io/exclude-from-external-load-balancers")
_row("V-51", "EnsureHostsInPool|failed to ensure host in pool|ReconcileBackendPools",
     "the provider could not put the nodes into the pool", "K12", "read the error in the message")
_row("V-52", "cleanOrphanedLoadBalancer|safeDeleteLoadBalancer",
     "the load balancer could not be removed: a scale set still refers to it", "K12",
     "update the model of the scale set, and its instances")
_row("V-65", r"(?:create or update|delete|get) PLS(?: PE connection)?:",
     "the private link service could not be changed", "K10", "read the error in the message")
_row("V-5", "if load balancer exists before cleanup",
     "the provider could not list the load balancers on deletion", "K9",
     "check the role and the secret of the cluster's identity")
_row("V-6", "load balancer cleanup finalizer|failed to update load balancer status",
     "the Service could not be patched: a webhook, a role, or a change in between", "K1",
     "check the webhooks")
_row("V-8", "service status returned by EnsureLoadBalancer is nil",
     "the provider leaves the Service to the service gateway")
_row("V-13", "ListLoadBalancers", "the provider could not list the load balancers: mostly its identity",
     "K7", "check the role and the secret of the cluster's identity")
_row("V-14", "CreateOrUpdatePublicIPAddress", "Azure refused the public IP", "K4",
     "read the error in the message")
_row("V-15", "DeletePublicIPAddress", "the public IP could not be deleted, so it stays", "K4",
     "detach it, then delete it by hand")
_row("V-10", "DeleteLoadBalancerFailed|Error deleting load balancer",
     "the load balancer could not be deleted", "K9", "read the error in the message")
_row("V-16", r"\bDeleteLoadBalancer\b", "the load balancer could not be deleted, so it stays", "K2",
     "remove what refers to it")
_row("V-17", "CreateOrUpdateInterface", "Azure refused the network card of a node", "K11",
     "read the error in the message")
_row("V-18",
     "ListPublicIPs|CreateOrUpdateSubnet|DeletePrivateLinkService|DeletePrivateEndpointConnection",
     "Azure refused the change", "K9", "read the error in the message")
_row("V-9", "Error updating load balancer with new hosts",
     "the nodes changed, and the load balancer could not follow", "K12",
     "read the error at the end of the message")
_row("V-4", "failed to delete load balancer:",
     "the load balancer could not be deleted; the Service waits for it", "K9",
     "read the error in the message")
_row("V-3", "failed to ensure load balancer:", "", "", "")
_row("V-1", r"\bEnsuringLoadBalancer\b", "")
_row("V-2",
     r"EnsuredLoadBalancer|UpdatedLoadBalancer|DeletedLoadBalancer|LoadBalancerBackendPoolUpdated\b", "")
# fmt: on
_row("V-69", r"\b(?:LoadbalancerIP|LoadBalancerSourceRanges|ExternalTrafficPolicy)\b", "")

_VAGUE = frozenset({"R-80", "V-9", "V-14", "V-19", "V-25", "V-51", "V-65", "V-73"})
_FIRST_OWN = next(index for index, row in enumerate(ROWS) if row.id.startswith("V"))
_STATUS = r"HTTPStatusCode: (\d{3})|RESPONSE (\d{3})"
_CODE = r'ERROR CODE: (\w+)|"code":\s*"(\w+)"|Code="(\w+)"'
_WORDS = r'"message":\s*"([^"]*)"'
_REQUESTS = ("Retriable:", "PUT https:", "GET https:", "DELETE https:", "POST https:", "PATCH https:", 'Code="')
#: What Azure names in a refusal. Other characters, which names of groups may have, mean something to a shell.
_IDENTITY = r"object id '(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'"
_SCOPE = (
    r"(?:over scope|linked scope\(s\)) '(?P<group>/subscriptions/[-\w]+/resourceGroups/[-\w.]+)"
    r"(?:/providers/[\w.]+'|(?P<resource>/providers/[\w.]+(?:/[\w]+/[-\w.]+)+)'|')"
)
_SECONDS = r"again after '?(\d+)'? seconds|RetryAfter: ([1-9]\d*)s"
#: Codes that say nothing: the one inside counts.
_OUTER_CODES = frozenset({"RetryableError", "Canceled", "BadRequest", "DeploymentFailed"})
#: V-70: what stands before the text of an event that was seen often.
_COMBINED = "(combined from similar events)"
#: Events have at most 1 KB; a message from elsewhere is not searched further.
_MOST = 8192
_PATTERNS: dict[str, re.Pattern[str]] = {}


@cache
def row_of(identifier: str) -> EventRow:
    """The first row of this id."""
    return next(row for row in ROWS if row.id == identifier)


def explained(reason: str, message: str) -> EventMeaning | None:
    """What an event means; None where nothing is known of it, or where it is no trouble."""
    inner = message.removeprefix(_COMBINED).lstrip(": ")
    text = " ".join(f"{reason} {inner}"[:_MOST].split())
    found = _find(ROWS[:_FIRST_OWN], text)
    if found is None:
        refusal = recognised(text)
        if refusal is not None:
            cause = "the provider refuses what the Service asks for"
            return EventMeaning(refusal.code, cause, "", refusal.remedy)
        found = _find(ROWS[_FIRST_OWN:], text)
    if found is None or not found.cause:
        return None
    code = code_of(text)
    cause = f"{found.cause}: {code}" if found.id == "V-73" and code else found.cause
    seconds = _number(_SECONDS, text)
    waits = f"Azure asks for {seconds} seconds before the next call" if seconds else ""
    remedy = "; ".join(filter(None, (_with_scope(found.remedy, text), waits)))
    return EventMeaning(found.id, cause, found.confirm, remedy)


def _with_scope(remedy: str, text: str) -> str:
    """The command that grants a role, with the identity and the scope that Azure names in its refusal."""
    if not remedy.startswith(_ROLE):
        return remedy
    scope, identity = _compiled(_SCOPE).search(text), _compiled(_IDENTITY).search(text)
    command, semicolon, rest = remedy.partition(";")
    words = command.split(" ")
    if scope is not None:
        # All public IPs of a group are read; and a role is given on a group or a resource, on nothing between them.
        whole = scope["resource"] and words[-1] != _GROUP_OF_ADDRESS
        words = [*_ROLE.split(" "), scope["group"] + scope["resource"] if whole else scope["group"]]
    if identity is not None:
        words[words.index("CLUSTER_IDENTITY")] = identity["id"]
    return " ".join(words) + semicolon + rest


def in_short(message: str) -> str:
    """A message for a screen: an error of Azure as its status, code and words, without request, lines and JSON."""
    code, there = code_of(message), [place for part in _REQUESTS if (place := message.find(part)) >= 0]
    if not code or not there:
        return message
    head = message[: min(there)]
    status, words = _number(_STATUS, message), _compiled(_WORDS).findall(message)
    said = f"{status} {code}" if status else code
    text = next((one for one in words if one), "")
    return f"{head}{said}: {text}" if text else f"{head}{said}"


def code_of(text: str) -> str:
    """ARM's code in a message: the first, or the innermost where the first ones only wrap it; "" where none is."""
    codes = [next(filter(None, match.groups())) for match in _compiled(_CODE).finditer(text)]
    return next((code for code in codes if code not in _OUTER_CODES), codes[0] if codes else "")


def _find(rows: list[EventRow], text: str) -> EventRow | None:
    return next((row for row in rows if _compiled(row.pattern).search(text)), None)


def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern not in _PATTERNS:
        _PATTERNS[pattern] = re.compile(pattern, re.IGNORECASE)
    return _PATTERNS[pattern]


def _number(pattern: str, text: str) -> int:
    match = _compiled(pattern).search(text)
    return int(next(filter(None, match.groups()))) if match is not None else 0
