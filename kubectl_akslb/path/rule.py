"""Whether a load-balancing rule takes what comes to a port, and on a frontend of the client's own IP family."""

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.provider.annotations import NO_LB_RULE


def rules_hop(derivation: Derivation) -> Hop:
    """Whether any port has a rule: annotations can take them all away."""
    lb = derivation.load_balancer
    if lb is not None and lb.load_balancing_rules:
        return Hop(HopName.RULE, Outcome.PASS, Confidence.CERTAIN, (Reason(Cause.HAS_RULES),))
    if not derivation.service.ports:  # the API server takes no such Service: it is one that a controller will make
        return Hop(HopName.RULE, Outcome.UNKNOWN, Confidence.UNREAD, (Reason(Cause.PORTS_UNKNOWN),))
    keys = tuple(dict.fromkeys(NO_LB_RULE.for_port(port.port) for port in derivation.service.ports))
    return Hop(HopName.RULE, Outcome.DROP, Confidence.CERTAIN, (Reason(Cause.NO_RULE, {"annotations": keys}),))


def rule_hop(derivation: Derivation, cluster: Cluster, rule: LoadBalancingRule) -> Hop:
    """Whether *rule* stands on a frontend whose address is of the family that its pool serves.

    1.32.0 to 1.32.8, 1.33.0 to 1.33.3, 1.34.0 and 1.34.1 compare two pointers, and can put it on the other one.
    """
    pool_of_ipv6 = backend_pool_name(Context(derivation.service, cluster), IPV6)
    family = IPV6 if rule.backend_pool.value == pool_of_ipv6.value else IPV4
    lb = derivation.load_balancer
    frontends = lb.frontend_ip_configurations if lb is not None else ()
    frontend = next((one for one in frontends if one.name.value == rule.frontend.value), None)
    version = frontend.private_ip_address_version.value if frontend and frontend.private_ip_address_version else ""
    address = frontend.address if frontend is not None else ""
    if frontend is not None and frontend.public_ip_address is not None:
        name = frontend.public_ip_address.value
        version = next((ip.version.value for ip in derivation.public_ips if ip.name.value == name), version)
    if not version and address and not address.startswith("<"):
        version = IPFamily.of(address)
    facts = {"rule": rule.name.value, "family": family, "frontend": rule.frontend.value}
    if version and version != family:
        return Hop(
            HopName.RULE, Outcome.DROP, Confidence.CERTAIN, (Reason(Cause.OTHER_FAMILY, facts, rule.frontend.origin),)
        )
    return Hop(HopName.RULE, Outcome.PASS, Confidence.CERTAIN, (Reason(Cause.HAS_RULES, facts, rule.name.origin),))
