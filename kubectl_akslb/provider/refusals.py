"""The provider's errors, one row each: code, text, what to do about it, and the lint rule that explains it.

The derivation raises a row; what judges it asks for the code. Only the events of a running cluster are recognised by
their text, and by nothing but these templates.
"""

import re

from kubectl_akslb.model.derivation import RefusalCode
from kubectl_akslb.provider import behaviours

GENERIC = "refused-by-provider"

REFUSALS: list[RefusalCode] = []


def _row(code: str, template: str, remedy: str, rule: str = GENERIC) -> RefusalCode:
    row = RefusalCode(code, template, remedy, rule)
    REFUSALS.append(row)
    return row


# Private link services: first, because their texts hold those of others.
_PLS = "reconcilePrivateLinkService for service({service}): service requiring private link service must be internal"
PLS_NEITHER_INTERNAL_NOR_DIRECT = _row(
    "pls-neither-internal-nor-without-floating-ip",
    f"{_PLS} or disable floating ip",
    "make the Service internal, or disable its floating IP",
)
PLS_NOT_INTERNAL = _row("pls-not-internal", _PLS, "make the Service internal")
PLS_IPV6 = _row(
    "pls-ipv6",
    "IPv6 is not supported for private link service",
    "give the Service an IPv4 frontend, alone or first: private link services have no IPv6",
)
PLS_ADDRESS_COUNT = _row(
    "pls-address-count",
    "error parsing value: {bound} number of private link service ipConfig is {limit}, {count} provided",
    "ask for 1 to 8 addresses",
)
PLS_MORE_ADDRESSES_THAN_COUNT = _row(
    "pls-more-addresses-than-count",
    "checkAndUpdatePLSIPConfigs: ipConfigCount({count}) must be no smaller than number of static IPs"
    " specified({listed})",
    "raise service.beta.kubernetes.io/azure-pls-ip-configuration-ip-address-count to the number of the addresses",
)
PLS_NO_ADDRESS = _row(
    "pls-no-address", "getPLSStaticIPs: {item} is not a valid IP address", "list IPv4 addresses, separated by blanks"
)
PLS_IPV6_ADDRESS = _row(
    "pls-ipv6-address",
    "getPLSStaticIPs: private link service ip config only supports IPv4, {item} provided",
    "list IPv4 addresses, separated by blanks",
)
PLS_OF_ANOTHER_SERVICE = _row(
    "pls-of-another-service",
    "reconcilePrivateLinkService for service({service}) failed: LB frontend({frontend}) already has existing private"
    " link service({link}) owned by service({owner})",
    "leave the azure-pls-* annotations to the Service that made the private link service, but for"
    " service.beta.kubernetes.io/azure-pls-create",
)
PLS_RENAMED = _row(
    "pls-renamed",
    "getPrivateLinkServiceName({service}) failed: cannot change existing private link service name ({name}) to"
    " ({wanted})",
    "keep the name: to change it, delete the Service and make it anew",
)
# Numbers and probes
PROBE_PORT_NOT_FOUND = _row(
    "probe-port-not-found",
    "failed to parse annotation {key}: port {value} not found in service",
    f"name a port of the Service, or from {behaviours.LITERAL_PROBE_PORT.dates} on a port of the node",
    "probe-port-outside-service",
)
PROBE_PORT_OUT_OF_RANGE = _row(
    "probe-port-out-of-range",
    "failed to parse annotation {key}: port {value} is out of range",
    f"name a port of the Service, or from {behaviours.LITERAL_PROBE_PORT.dates} on a port of the node",
    "probe-port-outside-service",
)
IDLE_TIMEOUT_NO_NUMBER = _row(
    "idle-timeout-no-number",
    "error parsing idle timeout value: strconv.ParseInt: parsing {value}: {reason}: idle timeout value must be a whole"
    " number representing minutes between {least} and {most}",
    "set a timeout between 4 and 30 minutes",
    "idle-timeout-out-of-range",
)
IDLE_TIMEOUT_OUT_OF_RANGE = _row(
    "idle-timeout-out-of-range",
    "idle timeout value must be a whole number representing minutes between {least} and {most}",
    "set a timeout between 4 and 30 minutes",
    "idle-timeout-out-of-range",
)
NOT_A_WHOLE_NUMBER = _row(
    "not-a-whole-number",
    "error value: strconv.ParseInt: parsing {quoted}: {reason}: {value} value must be a whole number",
    "write a whole number, in quotes",
    "not-a-whole-number",
)
PROBE_INTERVAL_TOO_SHORT = _row(
    "probe-interval-too-short",
    "the minimum value of interval is {minimum}",
    "set the interval to 5 seconds or more",
    "probe-interval-too-short",
)
PROBE_COUNT_TOO_LOW = _row(
    "probe-count-too-low",
    "the minimum value of num-of-probe is {minimum}",
    "set the count to 2 or more",
    "probe-count-too-low",
)
PROBE_WINDOW_TOO_LONG = _row(
    "probe-window-too-long",
    "total probe should be less than 120, please adjust interval and number of probe accordingly",
    "lower interval or count: their product must stay below 120",
    "probe-window-too-long",
)
PROBE_PROTOCOL_HTTPS_ON_BASIC = _row(
    "https-probe-on-basic",
    "HTTPS protocol is not supported in health probe when basic lb is used",
    f"use a Standard load balancer, or upgrade to {behaviours.PROBE_PROTOCOL_FALLBACK.dates}",
)
PROBE_PROTOCOL_UNSUPPORTED = _row(
    "probe-protocol-unsupported",
    "unsupported protocol {protocol}",
    f"set appProtocol to http, https or tcp, or upgrade to {behaviours.PROBE_PROTOCOL_FALLBACK.dates}",
)
# Rules
SCTP_NOT_INTERNAL = _row(
    "sctp-not-internal",
    "SCTP is only supported on {where}",
    "make the Service internal on a Standard load balancer, with HA ports",
    "sctp-not-internal",
)
TRANSPORT_PROTOCOL = _row(
    "transport-protocol",
    "only TCP, UDP and SCTP are supported for Azure LoadBalancers",
    "set the port's protocol to TCP, UDP or SCTP",
)
FRONTEND_PORT_TAKEN = _row(
    "frontend-port-taken",
    "checkLoadBalancerResourcesConflicts: service port {name} is trying to consume the port {port} which is being"
    " referenced by an existing loadBalancing rule {rule} with the same protocol {protocol} and frontend IP config with"
    " ID {frontend}",
    "use another port, or an address of its own, for one of the two Services",
)
SUBNET_NOT_FOUND = _row(  # only Azure knows which subnets exist
    "subnet-not-found",
    "failed to get subnet",
    "check the name of the subnet, and the cluster identity's Network Contributor role on it",
)
# Public IPs
PUBLIC_IP_OF_ANNOTATION_MISSING = _row(
    "public-ip-of-annotation-missing",
    "PublicIP from annotation {key}={name} for service {service} doesn't exist",
    "create the public IP, or name its resource group in service.beta.kubernetes.io/azure-load-balancer-resource-group",
)
PUBLIC_IP_NAME_NOT_FOUND = _row(
    "public-ip-name-not-found",
    "findMatchedPIPByName: failed to find PIP {name} in resource group {group}",
    "create the public IP, or name its resource group in service.beta.kubernetes.io/azure-load-balancer-resource-group",
)
PUBLIC_IP_GONE = _row(
    "public-ip-gone",
    "The Resource '{path}/publicIPAddresses/{name}' was not found.",
    "wait two minutes: where the provider itself has deleted this public IP and still has it in its cache, it tries"
    " again; else create it again",
)
PUBLIC_IP_NAME_IN_OTHER_CASE = _row(
    "public-ip-name-in-other-case",
    "reconcilePublicIP for service({service}): pip({name}) not found",
    "write the name of the public IP exactly as in Azure, and name one of the IP family: of two families"
    " service.beta.kubernetes.io/azure-pip-name-ipv6 names the one of IPv6",
)
PUBLIC_IP_ADDRESS_NOT_FOUND = _row(
    "public-ip-address-not-found",
    "cannot find public IP with IP address {address} in resource group {group}",
    "create the public IP first, in the node resource group or the one that is named by"
    " service.beta.kubernetes.io/azure-load-balancer-resource-group",
)
PRIVATE_ADDRESS_NOT_FOUND = _row(  # the same text: the provider looks for any address among the public IPs
    "private-address-not-found",
    PUBLIC_IP_ADDRESS_NOT_FOUND.template,
    'for a private address add service.beta.kubernetes.io/azure-load-balancer-internal: "true"',
    "private-address-on-public-service",
)
NON_PUBLIC_ADDRESS = _row(
    "non-public-address",
    'external Service "{service}" cannot use non-public LoadBalancer IP "{address}"; use an internal LoadBalancer'
    " annotation or a valid Azure Public IP address",
    'for a private address add service.beta.kubernetes.io/azure-load-balancer-internal: "true"',
    "private-address-on-public-service",
)
INVALID_ADDRESS = _row(
    "invalid-address",
    'external Service "{service}" has invalid LoadBalancer IP "{address}"',
    "write one IP address, without blanks or mask",
)
DNS_LABEL_OF_ANOTHER_SERVICE = _row(
    "dns-label-of-another-service",
    "there is an existing service {other} consuming the DNS label on the public IP, so the service cannot set the DNS"
    " label annotation with this value",
    "set service.beta.kubernetes.io/azure-dns-label-name on one of the Services only",
)
DNS_LABEL_THERE = _row(
    "dns-label-there",
    "there is an existing DNS label {label} on the public IP",
    "keep the label, or take it off the public IP first; from"
    f" {behaviours.DNS_LABEL_OVERWRITE.dates} on it is overwritten",
)
# Access
TWO_KINDS_OF_RANGES = _row(
    "two-kinds-of-ranges",
    "cannot set both spec.LoadBalancerSourceRanges and service annotation {key}",
    "keep spec.loadBalancerSourceRanges or the annotation, not both",
    "two-kinds-of-ranges",
)
TWO_KINDS_OF_RANGES_UNTIL_1_28 = _row(
    "two-kinds-of-ranges-until-1.28",
    "both of spec.loadBalancerSourceRanges and annotation {key} are specified for service {service}, which is not"
    " allowed",
    "keep spec.loadBalancerSourceRanges or the annotation, not both",
    "two-kinds-of-ranges",
)
INVALID_ADDITIONAL_ADDRESS = _row(
    "invalid-additional-address",
    "invalid service annotation service.beta.kubernetes.io/azure-additional-public-ips:{value}: invalid CIDR `{item}`:"
    " {error}",
    "list addresses without blanks and without empty items",
    "malformed-additional-addresses",
)
ADDITIONAL_ADDRESS_IS_NONE = _row(
    "additional-address-is-none",
    "{item} is not a valid IP address",
    "list addresses only",
    "malformed-additional-addresses",
)
INVALID_CIDR = _row(
    "invalid-cidr", "invalid CIDR `{item}`: {error}", "write ranges such as 10.0.0.0/24", "invalid-source-range"
)
INVALID_IP_RANGE = _row(
    "invalid-ip-range", "invalid IP range {item}: {error}", "write ranges such as 10.0.0.0/24", "invalid-source-range"
)
UNREADABLE_SOURCE_RANGES = _row(
    "unreadable-source-ranges",
    "{what} is not valid. Expecting {kind}",
    "write ranges such as 10.0.0.0/24",
    "invalid-source-range",
)
SECURITY_GROUP_FULL = _row(
    "security-group-full",
    "exceeds the maximum number of {what} ({count} > {limit})",
    "merge ranges or Services: a security group holds 1000 rules and 4000 prefixes",
)
PRIORITIES_EXHAUSTED = _row(
    "priorities-exhausted",
    "security rule priority exhausted",
    "merge ranges or Services: a security group has 3596 priorities for the provider",
)
PRIORITIES_EXHAUSTED_UNTIL_1_28 = _row(
    "priorities-exhausted-until-1.28",
    "securityGroup priorities are exhausted",
    "merge ranges or Services: a security group has 3596 priorities for the provider",
)
NO_ADDRESS_FOR_SECURITY_RULES = _row(
    "no-address-for-security-rules",
    "no load balancer IP for setting up security rules for service {service}",
    "set spec.ipFamilies, as the API server does",
)
# Sets of nodes, of which each can have a Basic load balancer of its own
_NO_SET = "name a set that has nodes, or __auto__, or leave the annotation out"
SCALE_SET_NOT_FOUND = _row("scale-set-not-found", "scale set not found", _NO_SET)
NAMED_SCALE_SET_NOT_FOUND = _row("named-scale-set-not-found", "scale set ({name}) - not found", _NO_SET)
AVAILABILITY_SET_NOT_FOUND = _row("availability-set-not-found", "availability set ({name}) - not found", _NO_SET)
_NO_NODES = "add nodes, or leave the annotation service.beta.kubernetes.io/azure-load-balancer-mode out"
NO_SCALE_SETS = _row("no-scale-sets", "no scale sets found for nodes, node count({count})", _NO_NODES)
NO_AVAILABILITY_SETS = _row(
    "no-availability-sets", "no availability sets found for nodes, node count({count})", _NO_NODES
)
# Several load balancers
PINNED_ELSEWHERE = _row(
    "pinned-elsewhere",
    "service {service} specifies an IP that resides on load balancer {current}, which is not in the eligible set"
    " [{eligible}]; check or adjust the load balancer eligibility configuration (ServiceLabelSelector,"
    " ServiceNamespaceSelector, or AllowServicePlacement)",
    "let the Service's selectors and annotation allow the load balancer of its address",
)
CANNOT_MIGRATE = _row(
    "cannot-migrate",
    "service {service} cannot migrate from load balancer {current} to {target} because frontend IP {frontend} is also"
    " referenced by other resources; remove the {key} annotation to stay on load balancer {current}",
    "keep the Service where it is, or give it an address of its own",
)
NO_DEFAULT_CONFIGURATION = _row(
    "no-default-configuration",
    "multiple standard load balancers are enabled but no configuration named {name} is found",
    "name one of the load balancer configurations like the cluster",
)
NO_LOAD_BALANCER_LEFT = _row(
    "no-load-balancer-left",
    "parameter loadBalancerName cannot be empty",
    "let label and namespace selector of one configuration match together",
)
INTERNAL_LOAD_BALANCER_WITHOUT_NAME = _row(
    "internal-load-balancer-without-name",
    "Azure accepts no load balancer named {name}: {reason}",
    "let label and namespace selector of one configuration match together",
)
NO_CONFIGURATION_SELECTED = _row(
    "no-configuration-selected",
    "service {service} selects {count} load balancers by annotation, but none of them is defined in cloud provider"
    " configuration",
    "name a load balancer that the cluster has, and that accepts Services",
)
NO_ELIGIBLE_CONFIGURATION = _row(
    "no-eligible-configuration",
    "service {service} selects {count} load balancers ({names}), but {placement} have AllowServicePlacement set to"
    " false and the service is not using any of them, {labels} do not match the service label selector, and {namespace}"
    " do not match the service namespace selector",
    "name a load balancer that the cluster has, and that accepts Services",
)
CONFLICTING_CONFIGURATION = _row(
    "conflicting-configuration",
    "service {service} has conflicting load balancer configuration: both a load balancer name ({key}) and an IP address"
    " are specified. When an IP address is specified (via spec.loadBalancerIP, azure-load-balancer-ipv4/ipv6, or"
    " azure-pip-name), the service must use the load balancer where that IP resides. To fix, either (1) remove the"
    " {key} annotation to stay on the load balancer where the IP resides, or (2) remove the IP annotation to move to"
    " the specified load balancer (external services only)",
    "drop the address or the list of load balancers",
)
INVALID_SELECTOR_OPERATOR = _row(
    "invalid-selector-operator",
    "{operator} is not a valid label selector operator",
    "use In, NotIn, Exists or DoesNotExist in the selectors of the load balancer configurations",
)
INVALID_SELECTOR_VALUES = _row(
    "invalid-selector-values",
    "values: Invalid value: {values}: {reason}",
    "give In and NotIn values, and Exists and DoesNotExist none",
)
# Container load balancers, which a service gateway serves
_GATEWAY = "when ServiceGateway is enabled"
GATEWAY_INTERNAL = _row(
    "gateway-internal",
    f'internal load balancer is not supported {_GATEWAY}; remove the "{{key}}" annotation',
    "remove the annotation: container load balancers are public",
)
GATEWAY_SESSION_AFFINITY = _row(
    "gateway-session-affinity",
    f"sessionAffinity: ClientIP is not implemented {_GATEWAY}; the Service would be balanced as sessionAffinity: None",
    "remove spec.sessionAffinity",
)
GATEWAY_LOAD_BALANCER_IP = _row(
    "gateway-load-balancer-ip",
    f"spec.loadBalancerIP is not implemented {_GATEWAY}; a new Public IP is always allocated",
    "remove spec.loadBalancerIP; the address is a new one",
)
GATEWAY_DUAL_STACK = _row(
    "gateway-dual-stack",
    f"dual-stack Services are not supported {_GATEWAY} (ipFamilies=[{{families}}]); use a single-stack Service",
    "make one Service for each IP family",
)
GATEWAY_IDLE_TIMEOUT = _row(
    "gateway-idle-timeout",
    'annotation "{key}" value {value} is invalid; it must be a whole number of minutes between {least} and {most}',
    "set a timeout between 4 and 30 minutes",
    "idle-timeout-out-of-range",
)
GATEWAY_NAMED_TARGET_PORT = _row(
    "gateway-named-target-port",
    f"named targetPort(s) [{{listed}}] are not supported {_GATEWAY}; use a numeric targetPort",
    "write the number of the pods' port",
)
GATEWAY_PROTOCOL = _row(
    "gateway-protocol",
    f"protocol {{protocol}} is not supported {_GATEWAY} (service port {{port}}); use TCP or UDP",
    "use TCP or UDP",
)
GATEWAY_PORT_COLLISION = _row(
    "gateway-port-collision",
    "service ports {first} and {second} both map to backend port {backend} over {protocol}, which is not supported"
    f" {_GATEWAY}; distinct service ports must use distinct targetPorts",
    "let the pods listen on another port for one of the two",
)
GATEWAY_FRONTEND_PORT = _row(
    "gateway-frontend-port",
    "frontend port {port} out of range (1-{last}) for service {uid}",
    "use a port below 65535",
)
# The provider fails
SLICE_BOUNDS = _row(
    "slice-bounds",
    "runtime error: slice bounds out of range [{index}:{length}]",
    "the provider itself fails here: upgrade it, or recreate the Service instead of moving it",
)
INDEX_OUT_OF_RANGE = _row(
    "index-out-of-range",
    "runtime error: index out of range [{index}] with length {length}",
    "the provider itself fails here: upgrade it, or recreate the Service instead of moving it",
)


def recognised(message: str) -> RefusalCode | None:
    """The row whose text an event's *message* holds: the first one, and None where no text is there."""
    return next((row for row in REFUSALS if _pattern(row).search(message)), None)


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(row: RefusalCode) -> re.Pattern[str]:
    if row.code not in _PATTERNS:
        literals = filter(None, re.split(r"\{\w+\}", row.template))
        _PATTERNS[row.code] = re.compile(".*?".join(map(re.escape, literals)), re.DOTALL | re.IGNORECASE)
    return _PATTERNS[row.code]
