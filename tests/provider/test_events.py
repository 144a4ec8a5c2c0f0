"""Each kind of event, by a text as a cluster records it: the row that is found, ARM's code, and whether waiting helps."""

import time

import pytest

from kubectl_akslb.provider.events import CONFIRM, ROWS, EventRow, code_of, explained, row_of
from kubectl_akslb.provider.refusals import REFUSALS

SYNC = "SyncLoadBalancerFailed"
ENSURE = "Error syncing load balancer: failed to ensure load balancer: "
LB = "/subscriptions/s/resourceGroups/MC_shop/providers/Microsoft.Network/loadBalancers/kubernetes"


def new(code: str, message: str = "", status: int = 400) -> str:
    """An error as releases from 1.32 on write it, in several lines."""
    line = "-" * 80
    body = f'{{\n  "error": {{\n    "code": "{code}",\n    "message": "{message}",\n    "details": []\n  }}\n}}'
    head = f"PUT https://management.azure.com{LB}\n{line}\nRESPONSE {status}: {status} Reason\nERROR CODE: {code}\n"
    return f"{ENSURE}{head}{line}\n{body}\n{line}\n"


def old(code: str, message: str = "", status: int = 400) -> str:
    """An error as releases up to 1.31 write it."""
    raw = f'{{\n  "error": {{\n    "code": "{code}",\n    "message": "{message}"\n  }}\n}}'
    return f"{ENSURE}Retriable: false, RetryAfter: 0s, HTTPStatusCode: {status}, RawError: {raw}"


def inner(code: str) -> str:
    """A long operation whose own code stands inside of another."""
    return f'{ENSURE}Code="RetryableError" Message="A retryable error occurred." Details=[{{"code":"{code}","message":"m"}}]'


#: A row, by its id and its place among those of the same id, and an event for it.
SEEN: list[tuple[str, int, str, str]] = [
    ("R-1", 0, SYNC, new("OverlappingSubnetsNotPermittedInSecurityRule", "Security rule has contains overlapping subnets 10.0.0.0/8, 10.1.0.0/16")),
    ("R-2", 0, SYNC, old("SecurityRuleInvalidAddressPrefix", "Security rule has invalid Address prefix. Value provided: 10.0.0.1/24")),
    ("R-3", 0, SYNC, new("SecurityRuleParametersUnsupportedForPortRanges")),
    ("R-4", 0, SYNC, old("SecurityRuleParametersMissing")),
    ("R-5", 0, SYNC, old("ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies")),
    ("R-6", 0, SYNC, old("SecurityRuleCountLimitReached", "Cannot have more than 1000 security rules in network security group")),
    ("R-7", 0, SYNC, new("SecurityRuleAddressesOrPortsPerSecurityGroupLimitReached")),
    ("R-10", 0, SYNC, new("RulesUseSameBackendPortProtocolAndPool")),
    ("R-11", 0, SYNC, new("RulesUseSameBackendPortProtocolAndPoolAndFrontendIPWithFloatingIPEnabled")),
    ("R-12", 1, SYNC, old("NetworkInterfaceUsesMultipleLoadBalancersOfSameType", "Network interface nic references more than one load balancer of the same type (internal or public)")),
    ("R-80", 0, SYNC, ENSURE + 'Code="InvalidRequestFormat" Message="Cannot parse the request." Details=[{"code":"MissingJsonReferenceId"}]'),
    ("R-12", 0, SYNC, new("RulesOfSameLoadBalancerTypeUseSameBackendPortProtocolAndVmssIPConfig")),
    ("R-19", 0, SYNC, new("LoadBalancerRuleCountLimitReachedForNic", "cannot have more than 299 NAT or load balancing rules")),
    ("R-20", 0, SYNC, ENSURE + "selectLoadBalancer: exceeded maximum rule limit"),
    ("R-21", 0, SYNC, old("LoadBalancerFrontendIPConfigurationCountLimitReached")),
    ("R-22", 0, SYNC, new("MaxAvailabilitySetsInLoadBalancerReached")),
    ("R-23", 0, SYNC, new("LoadBalancingRuleMustDisableSNATSinceSameFrontendIPConfigurationIsReferencedByOutboundRule")),
    ("R-25", 0, "DeleteLoadBalancer", new("LoadBalancerInUseByVirtualMachineScaleSet")),
    ("R-26", 0, SYNC, new("LoadBalancerWithoutFrontendIPCantHaveChildResources")),
    ("R-27", 0, "DeleteLoadBalancer", new("InUseLoadBalancerCannotBeDeleted")),
    ("R-28", 0, SYNC, new("AtleastOneIpV4RequiredForIpV6LbFrontendIpConfiguration")),
    ("R-30", 0, SYNC, old("NetworkInterfaceAndInternalLoadBalancerMustUseSameVnet")),
    ("R-31", 0, SYNC, old("DifferentSkuLoadBalancersInAvailabilitySet")),
    ("R-32", 0, SYNC, new("PrivateIPAddressNotInSubnet")),
    ("R-33", 0, SYNC, new("PrivateIPAddressIsAllocated", "IP configuration is using the private IP address 10.0.0.9 which is already allocated to resource")),
    ("R-34", 0, SYNC, new("PrivateIPAddressInReservedRange")),
    ("R-35", 0, SYNC, new("SubnetIsFull", "Subnet apps does not have enough capacity for 1 IP addresses.")),
    ("R-36", 0, SYNC, new("MultipleIpConfigsRequestSamePrivateIpAddress")),
    ("R-37", 0, SYNC, new("SubnetIsDelegated")),
    ("R-38", 0, SYNC, new("ResourceAvailabilityZonesCannotBeModified")),
    ("R-40", 0, SYNC, new("InUseSubnetCannotBeDeleted")),
    ("R-41", 0, SYNC, old("BadRequest", "Standard sku load balancer kubernetes cannot reference Basic sku publicIP web.")),
    ("R-42", 0, SYNC, new("DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed")),
    ("R-43", 0, SYNC, new("InvalidResourceReference", "Resource web was not found. Please make sure that both resources are in the same region.")),
    ("R-44", 0, SYNC, new("PublicIPReferencedByMultipleIPConfigs")),
    ("R-45", 0, SYNC, new("PublicIPAddressInUse")),
    ("R-46", 0, SYNC, inner("ReferencedResourceNotProvisioned")),
    ("R-47", 0, SYNC, old("RetryableErrorDueToAnotherOperation", "The call can be retried in 9 seconds.", 429)),
    ("R-48", 0, "CreateOrUpdatePublicIPAddress", new("PublicIPCountLimitReached", "Cannot create more than 10 public IP addresses for this subscription in this region.")),
    ("R-49", 0, SYNC, new("PublicIpPrefixOutOfIpAddressesForVMScaleSet")),
    ("R-50", 0, SYNC, new("DnsRecordInUse")),
    ("R-51", 0, SYNC, new("InvalidDomainNameLabel")),
    ("R-52", 0, "DeletePublicIPAddress", new("PublicIPAddressCannotBeDeleted", "can not be deleted since it is still allocated to resource")),
    ("R-53", 0, SYNC, new("InvalidTagNameCharacters")),
    ("R-54", 0, SYNC, new("LinkedInvalidPropertyId")),
    ("R-55", 0, SYNC, new("SubnetWithNatGatewayAndBasicSKUResourceNotAllowed")),
    ("R-56", 0, SYNC, new("PrivateLinkServiceCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled")),
    ("R-57", 0, SYNC, new("PrivateLinkServiceIsNotSupportedForIPBasedLoadBalancer")),
    ("R-58", 0, SYNC, new("CannotDeleteLoadBalancerWithPrivateLinkService")),
    ("R-59", 0, SYNC, new("PrivateLinkServiceWithPrivateEndpointConnectionsCannotBeDeleted")),
    ("R-61", 0, SYNC, new("AnotherOperationInProgress", "", 409)),
    ("R-62", 0, SYNC, inner("CanceledAndSupersededDueToAnotherOperation")),
    ("R-63", 0, SYNC, old("PreconditionFailed", "", 412)),
    ("R-64", 0, SYNC, new("OperationNotAllowed", "Operation was preempted by a more recent operation", 409)),
    ("R-65", 0, SYNC, ENSURE + "not an active Virtual Machine Scale Set VM instanceId 4"),
    ("R-66", 0, SYNC, new("LinkedAuthorizationFailed", "has permission to perform action 'Microsoft.Network/publicIPAddresses/write'; however, not 'Microsoft.Network/publicIPPrefixes/join/action'", 403)),
    ("R-66", 1, SYNC, new("LinkedAuthorizationFailed", "no Microsoft.Network/publicIPAddresses/join/action", 403)),
    ("R-66", 2, SYNC, new("LinkedAuthorizationFailed", "no virtualNetworks/subnets/join/action", 403)),
    ("R-66", 3, SYNC, new("LinkedAuthorizationFailed", "no networkSecurityGroups/join/action", 403)),
    ("R-66", 4, SYNC, new("LinkedAuthorizationFailed", "no permission on the linked scope", 403)),
    ("R-67", 0, SYNC, new("DenyAssignmentAuthorizationFailed", "access is denied because of a deny assignment", 403)),
    ("R-68", 0, SYNC, old("AuthorizationFailed", "does not have authorization to perform action Microsoft.Network/virtualNetworks/subnets/read", 403)),
    ("R-68", 1, SYNC, old("AuthorizationFailed", "over scope MC_shop/publicIPAddresses/web", 403)),
    ("R-68", 2, SYNC, new("AuthorizationFailed", "over scope loadBalancers/kubernetes", 403)),
    ("R-69", 0, SYNC, new("ScopeLocked", "the following scope(s) are locked", 409)),
    ("R-70", 0, SYNC, new("RequestDisallowedByPolicy", "Resource web was disallowed by policy.", 403)),
    ("R-71", 0, SYNC, new("ReadOnlyDisabledSubscription", "", 409)),
    ("R-72", 0, SYNC, new("MissingSubscriptionRegistration", "", 409)),
    ("R-73", 0, SYNC, new("ResourceGroupNotFound", "", 404)),
    ("R-79", 0, SYNC, new("SecurityRuleConflict", "Rules cannot have the same Priority and Direction", 400)),
    ("R-74", 0, SYNC, old("SubscriptionRequestsThrottled", "", 429)),
    ("R-75", 0, SYNC, old("OperationNotAllowed", "Number of write requests for subscription s exceeded the limit of 1200 for time interval 01:00:00", 429)),
    ("R-76", 0, SYNC, old("OperationNotAllowed", '"code": "TooManyRequests", "target": "GetVMScaleSet30Min"', 429)),
    ("R-77", 0, SYNC, new("InternalServerError", "An error occurred.", 500)),
    ("R-78", 0, SYNC, new("QuotaExceeded")),
    ("V-19", 0, SYNC, ENSURE + "throttled due to too many requests"),
    ("V-20", 0, SYNC, ENSURE + 'azure cloud provider throttled for operation LBCreateOrUpdate with reason "client throttled"'),
    ("V-21", 0, SYNC, ENSURE + "azure cloud provider rate limited(write) for operation LBCreateOrUpdate"),
    ("V-23", 0, SYNC, ENSURE + "Retriable: true, RetryAfter: 0s, HTTPStatusCode: 429, RawError: {}"),
    ("V-24", 0, SYNC, ENSURE + "Retriable: true, RetryAfter: 217s, HTTPStatusCode: 503, RawError: {}"),
    ("V-25", 0, SYNC, ENSURE + "timed out waiting for the condition"),
    ("V-26", 0, SYNC, ENSURE + "context deadline exceeded"),
    ("V-27", 0, SYNC, ENSURE + "dial tcp: lookup management.azure.com: no such host"),
    ("V-30", 0, "ListLoadBalancers", "AADSTS7000222: The provided client secret keys are expired."),
    ("V-31", 0, "ListLoadBalancers", "AADSTS7000215: Invalid client secret provided."),
    ("V-32", 0, "ListLoadBalancers", "AADSTS700016: Application with identifier x was not found in the directory."),
    ("V-33", 0, "ListLoadBalancers", "AADSTS700213: No matching federated identity record found."),
    ("V-34", 0, "ListLoadBalancers", "AADSTS90002: Tenant x was not found."),
    ("V-35", 0, "ListLoadBalancers", "AADSTS50034: The user account does not exist."),
    ("V-36", 0, "ListLoadBalancers", "azure.BearerAuthorizer: Failed to refresh the Token for request"),
    ("V-37", 0, "ListLoadBalancers", "ManagedIdentityCredential authentication failed"),
    ("V-38", 0, SYNC, "could not init cloud provider azure: no credentials provided for Azure"),
    ("V-39", 0, SYNC, "loadBalancerBackendPoolConfigurationType x is not supported"),
    ("V-40", 0, SYNC, ENSURE + "securityGroupName is not configured"),
    ("V-41", 0, SYNC, ENSURE + "EnsureHostsInPool: instance not found"),
    ("V-41", 0, SYNC, ENSURE + "failed to ensure host in pool: Code=\"ResourceNotFound\" Message=\"The Resource 'Microsoft.Compute/virtualMachines/aci-connector-0' under resource group 'MC_shop' was not found.\""),
    ("V-42", 0, SYNC, ENSURE + "EnsureHostInPool: not a vmss instance"),
    ("V-43", 0, SYNC, ENSURE + "failed to determine the ipconfig(IPv6=true)"),
    ("V-48", 0, SYNC, ENSURE + "Unexpected nil subnet"),
    ("V-45", 0, SYNC, ENSURE + "user supplied IP Address 20.1.1.1 was not found in resource group MC_shop"),
    ("V-50", 0, SYNC, ENSURE + "unable to get lb kubernetes"),
    ("V-53", 0, SYNC, ENSURE + "selectLoadBalancer: service(shop/web): failed to get vmSet"),
    ("V-55", 0, SYNC, "EnsureLoadBalancer failed due to fail to lock azure resources. This may because another component"),
    ("V-56", 0, SYNC, "error when unlocking azure resources"),
    ("V-57", 0, "DeletingFrontendIPConfiguration", "frontend a8f cannot be deleted because it is being referenced by the outbound rule out"),
    ("V-58", 0, "FailedToFindLoadBalancerForNode", "failed to find a lb for node n1"),
    ("V-60", 0, SYNC, ENSURE + "runtime error: invalid memory address or nil pointer dereference"),
    ("V-61", 0, "InvalidAllowedIPRanges", 'Found invalid service.beta.kubernetes.io/azure-allowed-ip-ranges ["x"], ignoring'),
    ("V-61", 1, "InvalidConfiguration", "Found invalid LoadBalancerSourceRanges [x], ignoring and adding a default DenyAll rule"),
    ("V-62", 0, "ConflictConfiguration", "Please use annotation azure-allowed-ip-ranges instead of spec.loadBalancerSourceRanges"),
    ("V-66", 0, SYNC, ENSURE + "LB frontend(f) already has unmanaged private link service(p)"),
    ("V-67", 0, SYNC, ENSURE + "failed to get private link service subnet"),
    ("V-68", 0, "UnsupportedInternalLoadBalancer", "internal load balancers are not supported"),
    ("V-68", 1, "UnsupportedNamedTargetPort", "named targetPort is not supported"),
    ("V-75", 0, "ListLoadBalancers", new("ExpiredAuthenticationToken", "", 401)),
    ("V-76", 0, SYNC, new("SubscriptionNotFound", "The subscription 's' could not be found.", 404)),
    ("V-77", 0, SYNC, new("SomethingForbidden", "", 403)),
    ("V-78", 0, SYNC, new("SomethingBroken", "", 502)),
    ("V-79", 0, SYNC, ENSURE + "the request is being throttled by the resource provider"),
    ("V-80", 0, SYNC, new("NotFound", "Resource /subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/apps not found.", 404)),
    ("V-71", 0, SYNC, new("ParentResourceNotFound", "", 404)),
    ("V-72", 0, SYNC, new("SomeConflict", "", 409)),
    ("V-73", 0, SYNC, new("SomethingNew")),
    ("V-11", 0, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer"),
    ("V-51", 0, SYNC, ENSURE + "ReconcileBackendPools: failed to ensure host in pool: other"),
    ("V-52", 0, SYNC, ENSURE + "cleanOrphanedLoadBalancer(kubernetes, shop/web, kubernetes): safeDeleteLoadBalancer failed"),
    ("V-59", 0, "LoadBalancerBackendPoolUpdateFailed", "could not update"),
    ("V-65", 0, SYNC, ENSURE + "create or update PLS: other"),
    ("V-5", 0, SYNC, "failed to check if load balancer exists before cleanup: other"),
    ("V-6", 0, SYNC, "failed to update load balancer status: other"),
    ("V-8", 0, SYNC, "service status returned by EnsureLoadBalancer is nil"),
    ("V-13", 0, "ListLoadBalancers", "other"),
    ("V-14", 0, "CreateOrUpdatePublicIPAddress", "other"),
    ("V-15", 0, "DeletePublicIPAddress", "other"),
    ("V-10", 0, "DeleteLoadBalancerFailed", "other"),
    ("V-16", 0, "DeleteLoadBalancer", "other"),
    ("V-17", 0, "CreateOrUpdateInterface", "other"),
    ("V-18", 0, "ListPublicIPs", "other"),
    ("V-9", 0, "UpdateLoadBalancerFailed", "Error updating load balancer with new hosts [n1 n2]: other"),
    ("V-4", 0, SYNC, "Error syncing load balancer: failed to delete load balancer: other"),
]  # fmt: skip

#: Rows of the provider's own texts: what stands in refusals.py is found before them.
OF_THE_PROVIDER = ("V-44", "V-47", "V-49", "V-54", "V-63", "V-64")
#: No trouble: nothing is said of them.
QUIET = ("V-1", "V-2", "V-3", "V-69")


@pytest.mark.parametrize(("identifier", "place", "reason", "message"), SEEN)
def test_an_event_is_its_row(identifier: str, place: int, reason: str, message: str) -> None:
    expected = [row for row in ROWS if row.id == identifier][place]
    found = explained(reason, message)
    assert found is not None
    remedy = found.remedy.partition("; Azure asks for ")[0]
    assert (identifier, expected.remedy, expected.confirm) == (found.row, remedy, found.confirm)
    assert found.cause.startswith(expected.cause)


GROUP = "/subscriptions/5f0e/resourceGroups/MC_shop"
SUBNET = "/subscriptions/5f0e/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/aks"
OUTSIDE_ADDRESS = "/subscriptions/5f0e/resourceGroups/net/providers/Microsoft.Network/publicIPAddresses/egress"
IDENTITY = "0b7c2f7e-1111-4222-8333-94bd1a2b3c4d"
ROLE = f"az role assignment create --role 'Network Contributor' --assignee {IDENTITY} --scope "


def lacking(action: str, scope: str, identity: str = IDENTITY) -> str:
    words = f"The client 'x' with object id '{identity}' does not have authorization to perform action '{action}'"
    return old("AuthorizationFailed", f"{words} over scope '{scope}' or the scope is invalid.", 403)


def unlinked(written: str, action: str, scope: str) -> str:
    words = f"The client 'x' with object id '{IDENTITY}' has permission to perform action '{written}' on scope '{LB}'"
    lacks = f"however, it does not have permission to perform action '{action}' on the linked scope(s) '{scope}'"
    return new("LinkedAuthorizationFailed", f"{words}; {lacks} or the linked scope(s) are invalid.", 403)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (lacking("Microsoft.Network/virtualNetworks/subnets/read", SUBNET), ROLE + SUBNET),
        (lacking("Microsoft.Network/loadBalancers/write", LB), ROLE + LB),
        (lacking("Microsoft.Network/publicIPAddresses/read", f"{GROUP}/providers/Microsoft.Network"), ROLE + GROUP),
        (lacking("Microsoft.Network/publicIPAddresses/write", OUTSIDE_ADDRESS), ROLE + "/subscriptions/5f0e/resourceGroups/net"),
        (unlinked("Microsoft.Network/loadBalancers/write", "Microsoft.Network/virtualNetworks/subnets/join/action", SUBNET), ROLE + SUBNET),
        (
            unlinked("Microsoft.Network/loadBalancers/write", "Microsoft.Network/publicIPAddresses/join/action", OUTSIDE_ADDRESS),
            ROLE + "/subscriptions/5f0e/resourceGroups/net",
        ),
        (lacking("Microsoft.Network/loadBalancers/write", LB, "who"), ROLE.replace(IDENTITY, "CLUSTER_IDENTITY") + LB),
        (lacking("Microsoft.Network/loadBalancers/write", f"{LB}; reboot"), ROLE + "THE_SCOPE"),
        (lacking("Microsoft.Network/loadBalancers/write", f"{LB}$(reboot)"), ROLE + "THE_SCOPE"),
        (lacking("Microsoft.Network/loadBalancers/write", LB)[:-20], ROLE + LB),
        (lacking("Microsoft.Network/loadBalancers/write", LB).partition("kubernetes'")[0], ROLE + "THE_SCOPE"),
        (new("LinkedAuthorizationFailed", "has permission to perform action 'Microsoft.Network/publicIPAddresses/write'", 403), ROLE.replace(IDENTITY, "CLUSTER_IDENTITY") + "RESOURCE_IN_THE_MESSAGE"),
    ],
)  # fmt: skip
def test_the_role_is_granted_where_azure_says_that_it_lacks(message: str, expected: str) -> None:
    found = explained(SYNC, message)
    assert found is not None
    assert expected == found.remedy.partition(";")[0]


@pytest.mark.parametrize(
    ("message", "vague"),
    [
        (ENSURE + "timed out waiting for the condition", True),
        (ENSURE + "throttled due to too many requests", True),
        (new("SomethingNew"), True),
        (new("InvalidRequestFormat"), True),
        (new("SubnetIsFull"), False),
        (new("AuthorizationFailed", "over scope loadBalancers/kubernetes", 403), False),
    ],
)
def test_an_event_that_does_not_say_why(message: str, vague: bool) -> None:
    found = explained(SYNC, message)
    assert found is not None
    assert vague is found.vague


def test_every_row_is_tried() -> None:
    tried: set[EventRow] = {[row for row in ROWS if row.id == name][place] for name, place, _, _ in SEEN}
    left = {row.id for row in ROWS if row not in tried}
    assert {*OF_THE_PROVIDER, *QUIET} == left


@pytest.mark.parametrize("identifier", OF_THE_PROVIDER)
def test_texts_of_the_provider_have_rows_of_their_own(identifier: str) -> None:
    """The row among the events is for words of other releases; those that we know are told by their code."""
    import re

    known = [row for row in REFUSALS if re.search(row_of(identifier).pattern, row.template.replace("{count}", "2"))]
    assert known
    for row in known:
        text = row.template.replace("{", "").replace("}", "")
        found = explained(SYNC, ENSURE + text)
        assert found is not None
        assert row.remedy == found.remedy


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("EnsuringLoadBalancer", "Ensuring load balancer"),
        ("EnsuredLoadBalancer", "Ensured load balancer"),
        ("LoadBalancerSourceRanges", "[] -> [10.0.0.0/8]"),
        (SYNC, ENSURE + "what nobody knows"),
    ],
)
def test_what_is_no_trouble_or_not_known(reason: str, message: str) -> None:
    assert explained(reason, message) is None


@pytest.mark.parametrize(
    ("message", "code", "seconds"),
    [
        (new("SubnetIsFull"), "SubnetIsFull", 0),
        (old("PreconditionFailed", "", 412), "PreconditionFailed", 0),
        (inner("ReferencedResourceNotProvisioned"), "ReferencedResourceNotProvisioned", 0),
        (new("BadRequest"), "BadRequest", 0),
        ("Retriable: true, RetryAfter: 217s, HTTPStatusCode: 429, RawError: {}", "", 217),
        ("Please try again after '9' seconds. throttled due to too many requests", "", 9),
    ],
)
def test_code_and_wait(message: str, code: str, seconds: int) -> None:
    found = explained(SYNC, message)
    assert found is not None
    assert code == code_of(message)
    waits = f"; Azure asks for {seconds} seconds before the next call" if seconds else ""
    assert row_of(found.row).remedy + waits == found.remedy


def test_a_refusal_that_nobody_knows_is_told_by_its_code() -> None:
    found = explained(SYNC, new("SomethingNew"))
    assert found is not None
    assert ("V-73", True) == (found.row, "SomethingNew" in found.cause)


def test_combined_events_are_those_inside() -> None:
    assert explained(SYNC, new("SubnetIsFull")) == explained(
        SYNC, "(combined from similar events): " + new("SubnetIsFull")
    )


def test_without_case() -> None:
    assert explained(SYNC, new("SubnetIsFull")) == explained(SYNC, new("subnetisfull"))


def test_the_innermost_code_counts() -> None:
    assert "" == code_of("nothing")
    assert "Canceled" == code_of('Code="Canceled"')
    assert "X" == code_of('ERROR CODE: RetryableError "code": "Canceled" "code": "X"')


def test_commands_are_commands() -> None:
    assert {row.confirm.split()[0] for row in ROWS if row.confirm} == {"az", "kubectl"}
    assert set(CONFIRM) >= {f"K{number}" for number in range(1, 13)}


def test_a_long_message_costs_little() -> None:
    start = time.perf_counter()
    explained(SYNC, "sku load balancer " * 100_000)
    assert time.perf_counter() - start < 2


CODES = {row.code: row.id for row in reversed(ROWS) if row.code}


@pytest.mark.parametrize("code", CODES)
def test_a_code_alone_is_enough_however_it_is_written(code: str) -> None:
    """As releases before and from 1.32 on write it, in a long operation, and in any case."""
    texts = (f"ERROR CODE: {code}", f'"code": "{code}"', f'Code="{code}"', new(code), old(code), inner(code))
    found = {explained(SYNC, spelled) for text in texts for spelled in (text, text.upper(), text.lower())}
    assert {CODES[code]} == {one.row for one in found if one is not None}
    assert None not in found


@pytest.mark.parametrize(
    ("text", "row"),
    [
        *[
            (f"{kind}Public{ip}{of}CountLimitReached", "R-48")
            for kind in ("", "Static", "StandardSku", "IPv4BasicSku", "IPv4StandardSku", "IPv6StandardSku")
            for ip in ("IP", "Ip")
            for of in ("", "Prefix")
        ],
        *[
            (f"{kind}RequestsThrottled", "R-74")
            for kind in ("Subscription", "Tenant", "Resource", "ResourceCollection")
        ],
        ("Number of 'write' requests for subscription 's' actor 'a' exceeded. Please try again after '6' seconds", "R-75"),
        ("TooManyRequests", "R-76"), ("TooManyRequestsReceived", "R-76"),
        ("HTTPStatusCode: 429", "V-23"), ("RESPONSE 429: 429 Too Many Requests", "V-23"), ("Too Many Requests", "V-79"),
        ("the call was throttled", "V-79"), ("HTTPStatusCode: 403", "V-77"), ("RESPONSE 401: 401 Unauthorized", "V-75"),
        ("RESPONSE 404: 404 Not Found", "V-71"), ("RESPONSE 409: 409 Conflict", "V-72"), ("HTTPStatusCode: 409", "V-72"), ("HTTPStatusCode: 412", "R-63"),
        ("RESPONSE 503: 503 Service Unavailable", "V-78"), ("HTTPStatusCode: 500", "V-78"), ("RESPONSE 400: 400 Bad Request", "V-73"),
        ("AADSTS7000222: expired", "V-30"), ("AADSTS7000215", "V-31"), ("AADSTS700016", "V-32"), ("AADSTS700024", "V-33"),
        ("AADSTS700027", "V-33"), ("AADSTS70021", "V-33"), ("AADSTS700211", "V-33"), ("AADSTS90002", "V-34"),
        ("AADSTS53003", "V-34"), ("AADSTS50034", "V-35"), ("invalid_client", "V-35"),
        ("The scope(s) are locked", "R-69"), ("was disallowed by policy", "R-70"), ("because of a deny assignment", "R-67"),
        ("context has been cancelled", "V-26"), ("dial tcp: i/o timeout", "V-27"), ("x509: certificate signed by", "V-27"),
    ],
)  # fmt: skip
def test_every_spelling(text: str, row: str) -> None:
    for spelled in (text, text.lower(), text.upper()):
        found = explained(SYNC, f"{ENSURE}{spelled}")
        assert found is not None
        assert (row, True) == (found.row, bool(found.cause and found.remedy))
