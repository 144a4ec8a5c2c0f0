"""What to do about each error of the provider: one row each, found by a part of its text.

The texts themselves are made where the provider's functions are modelled; here is only what a person does next.
"""

from typing import NamedTuple


class Remedy(NamedTuple):
    """*text* is a part of the provider's error, *fix* what to do about it."""

    text: str
    fix: str


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        "health-probe_port: port", "name a port of the Service, or from 1.25.17, 1.26.13, 1.27.7 on a port of the node"
    ),
    Remedy("the minimum value of interval is", "set the interval to 5 seconds or more"),
    Remedy("the minimum value of num-of-probe is", "set the count to 2 or more"),
    Remedy("total probe should be less than 120", "lower interval or count: their product must stay below 120"),
    Remedy("idle timeout value must be", "set a timeout between 4 and 30 minutes"),
    Remedy("value must be a whole number", "write a whole number, in quotes"),
    Remedy("SCTP is only supported", "make the Service internal on a Standard load balancer, with HA ports"),
    Remedy("existing loadBalancing rule", "use another port, or an address of its own, for one of the two Services"),
    Remedy(
        "failed to get subnet",
        "check the name of the subnet, and the cluster identity's Network Contributor role on it",
    ),
    Remedy(
        "PublicIP from annotation",
        "create the public IP, or name its resource group in azure-load-balancer-resource-group",
    ),
    Remedy("reconcilePublicIP for service", "write the name of the public IP exactly as in Azure"),
    Remedy(
        "cannot find public IP with IP address",
        "create the public IP first, in the node resource group or the one named by azure-load-balancer-resource-group",
    ),
    Remedy("cannot use non-public LoadBalancer IP", 'for a private address add azure-load-balancer-internal: "true"'),
    Remedy("has invalid LoadBalancer IP", "write one IP address, without blanks or mask"),
    Remedy("consuming the DNS label", "set azure-dns-label-name on one of the Services only"),
    Remedy(
        "cannot set both spec.LoadBalancerSourceRanges",
        "keep spec.loadBalancerSourceRanges or the annotation, not both",
    ),
    Remedy("both of spec.loadBalancerSourceRanges", "keep spec.loadBalancerSourceRanges or the annotation, not both"),
    Remedy("azure-additional-public-ips", "list addresses without blanks and without empty items"),
    Remedy("is not a valid IP address", "list addresses only"),
    Remedy("is not valid. Expecting", "write ranges such as 10.0.0.0/24"),
    Remedy("invalid IP range", "write ranges such as 10.0.0.0/24"),
    Remedy("invalid CIDR", "write ranges such as 10.0.0.0/24"),
    Remedy(
        "exceeds the maximum number of", "merge ranges or Services: a security group holds 1000 rules and 4000 prefixes"
    ),
    Remedy("priority exhausted", "merge ranges or Services: a security group has 3596 priorities for the provider"),
    Remedy(
        "priorities are exhausted", "merge ranges or Services: a security group has 3596 priorities for the provider"
    ),
    Remedy("must be internal or disable floating ip", "make the Service internal, or disable its floating IP"),
    Remedy("must be internal", "make the Service internal"),
    Remedy("private link service ipConfig", "ask for 1 to 8 addresses"),
    Remedy(
        "specifies an IP that resides",
        "let the Service's selectors and annotation allow the load balancer of its address",
    ),
    Remedy("cannot migrate from load balancer", "keep the Service where it is, or give it an address of its own"),
    Remedy("no configuration named", "name one of the load balancer configurations like the cluster"),
    Remedy("loadBalancerName cannot be empty", "let label and namespace selector of one configuration match together"),
    Remedy("runtime error", "the provider itself fails here: upgrade it, or recreate the Service instead of moving it"),
    Remedy("selects", "name a load balancer that the cluster has, and that accepts Services"),
    Remedy("conflicting load balancer configuration", "drop the address or the list of load balancers"),
    Remedy("unsupported protocol", "set appProtocol to http, https or tcp, or upgrade to 1.23.9"),
    Remedy("HTTPS protocol is not supported", "use a Standard load balancer, or upgrade to 1.23.9"),
)


def remedy(message: str) -> str:
    """What to do about the provider's error *message*; "" where no row fits."""
    return next((row.fix for row in REMEDIES if row.text in message), "")
