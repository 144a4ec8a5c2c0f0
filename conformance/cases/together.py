"""Several Services one after the other: addresses, load balancers, security rules and priorities that they share."""

from collections.abc import Iterator
from typing import Any

from conformance.cases.case import DUAL_NODES, Case, Json, case, generated_public_ip, local, port, public_ip, service

INTERNAL = {"azure-load-balancer-internal": "true"}
MINE = (public_ip("mine", "20.9.0.1"), public_ip("mine6", "2603:1030:9::1"))
BY_ADDRESS = {"azure-load-balancer-ipv4": "20.9.0.1"}
BY_NAME = {"azure-pip-name": "mine"}
PRIVATE = {**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.200"}
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
SHARED_RULE = {"azure-shared-securityrule": "true"}
RANGE = ["192.0.2.0/24"]
OTHER = ["198.51.100.0/24"]


def one(annotations: dict[str, str] | None = None, *numbers: int, **spec: Any) -> Json:
    """The first Service."""
    return service(annotations, *(port(number) for number in numbers or (80,)), name="one", **spec)


def two(annotations: dict[str, str] | None = None, *numbers: int, **spec: Any) -> Json:
    """The second."""
    return service(annotations, *(port(number) for number in numbers or (80,)), name="two", **spec)


def _addresses() -> Iterator[Case]:
    for name, shared in (("address", BY_ADDRESS), ("name", BY_NAME), ("private-address", PRIVATE)):
        yield case(f"together/same-{name}", two(shared, 443), before=(one(shared),), public_ips=MINE)
        yield case(f"together/same-{name}-same-port", two(shared), before=(one(shared),), public_ips=MINE)
        local_second = two(shared, 443, externalTrafficPolicy="Local")
        yield case(f"together/same-{name}-local", local_second, before=(one(shared),), public_ips=MINE)
        third = service(shared, port(8080), name="three")
        before = (one(shared), two(shared, 443))
        yield case(f"together/same-{name}-thrice", third, before=before, public_ips=MINE)
        udp = service(shared, port(80, "UDP"), name="two")
        yield case(f"together/same-{name}-other-protocol", udp, before=(one(shared),), public_ips=MINE)
        ranged = two(shared, 443, loadBalancerSourceRanges=RANGE)
        yield case(f"together/same-{name}-ranges", ranged, before=(one(shared),), public_ips=MINE)
        denied = two({**shared, **DENY}, 443, loadBalancerSourceRanges=RANGE)
        yield case(f"together/same-{name}-deny-all", denied, before=(one(shared),), public_ips=MINE)
        skipped = two({**shared, "port_80_no_lb_rule": "true"})
        yield case(f"together/same-{name}-no-rule-port", skipped, before=(one(shared),), public_ips=MINE)
    spec = one({}, loadBalancerIP="20.9.0.1")
    yield case("together/address-by-spec-and-annotation", two(BY_ADDRESS, 443), before=(spec,), public_ips=MINE)
    yield case("together/address-and-name", two(BY_NAME, 443), before=(one(BY_ADDRESS),), public_ips=MINE)
    yield case("together/name-and-address", two(BY_ADDRESS, 443), before=(one(BY_NAME),), public_ips=MINE)
    yield case("together/address-of-the-first", two({"azure-load-balancer-ipv4": "20.0.0.1"}, 443), before=(one(),))
    yield case(
        "together/address-of-the-first-internal",
        two({**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.100"}, 443),
        before=(one(INTERNAL),),
    )
    taken = two({**INTERNAL, "azure-load-balancer-ipv4": "20.0.0.1"}, 443)
    yield case("together/public-address-of-the-first-internal", taken, before=(one(),))
    yield case("together/last-frontend-taken", taken, before=(one({"port_80_no_lb_rule": "true"}),))
    labels = {**BY_ADDRESS, "azure-dns-label-name": "web"}
    yield case("together/dns-label-twice", two(labels, 443), before=(one(labels),), public_ips=MINE)
    other_label = {**BY_ADDRESS, "azure-dns-label-name": "other"}
    yield case("together/two-dns-labels", two(other_label, 443), before=(one(labels),), public_ips=MINE)
    owned = {"azure-load-balancer-ipv4": "20.0.0.1", "azure-dns-label-name": "other"}
    yield case("together/dns-label-of-the-first", two(owned, 443), before=(one({"azure-dns-label-name": "web"}),))
    six = {"azure-pip-name": "mine6"}
    yield case("together/ipv6-name-on-both-ipv4", two(six, 443), before=(one(six),), public_ips=MINE, nodes=DUAL_NODES)
    named = {"azure-pip-name": generated_public_ip("one"), "azure-load-balancer-tcp-idle-timeout": "long"}
    refused = (one({}, families=("IPv6",)), two(named, 443))
    yield case(
        "together/generated-ipv6-name-on-ipv4", service({}, port(8080), name="three"), before=refused, nodes=DUAL_NODES
    )
    mixed = {"azure-pip-name": "mine", "azure-pip-name-ipv6": "mine6"}
    yield case(
        "together/both-names-on-ipv4",
        two(mixed, 443),
        before=(one(six, families=("IPv6",)),),
        public_ips=MINE,
        nodes=DUAL_NODES,
    )
    both = {"azure-load-balancer-ipv4": "20.9.0.1", "azure-load-balancer-ipv6": "2603:1030:9::1"}
    families = ("IPv4", "IPv6")
    yield case(
        "together/dual-stack",
        two(both, 443, families=families),
        before=(one(both, families=families),),
        public_ips=MINE,
        nodes=DUAL_NODES,
    )


def _security_rules() -> Iterator[Case]:
    yield case("together/same-ports", two(), before=(one(),))
    yield case("together/other-ports", two({}, 443), before=(one(),))
    yield case(
        "together/same-ranges",
        two({}, loadBalancerSourceRanges=RANGE),
        before=(one({}, loadBalancerSourceRanges=RANGE),),
    )
    yield case(
        "together/other-ranges",
        two({}, loadBalancerSourceRanges=OTHER),
        before=(one({}, loadBalancerSourceRanges=RANGE),),
    )
    denied = (one(DENY, loadBalancerSourceRanges=RANGE),)
    yield case("together/deny-all-twice", two(DENY, loadBalancerSourceRanges=RANGE), before=denied)
    yield case("together/deny-all-once", two(), before=denied)
    yield case("together/public-and-internal", two(INTERNAL), before=(one(),))
    yield case("together/three-priorities", service({}, port(9), name="three"), before=(one(), two({}, 443)))
    sctp = (one(INTERNAL, 80, 443), service(INTERNAL, port(80, "SCTP"), name="two"))
    yield case("together/sctp", service({}, port(53, "UDP"), name="three"), before=sctp)
    yield case("together/shared-rule", two(SHARED_RULE), before=(one(SHARED_RULE),))
    yield case(
        "together/shared-rule-ranges",
        two(SHARED_RULE, loadBalancerSourceRanges=RANGE),
        before=(one(SHARED_RULE, loadBalancerSourceRanges=RANGE),),
    )
    yield case("together/shared-rule-once", two(), before=(one(SHARED_RULE),))
    yield case("together/no-floating-ip", two(NO_FLOATING_IP, 443), before=(one(NO_FLOATING_IP),))
    yield case("together/no-floating-ip-same-ports", two(NO_FLOATING_IP), before=(one(NO_FLOATING_IP),))
    yield case("together/no-floating-ip-once", two(), before=(one(NO_FLOATING_IP),))
    denying = {**NO_FLOATING_IP, **DENY}
    yield case(
        "together/no-floating-ip-deny-all",
        two(NO_FLOATING_IP, 443),
        before=(one(denying, loadBalancerSourceRanges=RANGE),),
    )
    additional = {"azure-additional-public-ips": "203.0.113.9"}
    yield case("together/same-additional-ip", two(additional, 443), before=(one(additional),))
    yield case("together/closed-in-nsg", two({"azure-disable-load-balancer-nsg-rule": "true"}), before=(one(),))


def _failed() -> Iterator[Case]:
    failures = {
        "private-link": one({"azure-pls-create": "true"}),
        "probe": one({"azure-load-balancer-health-probe-interval": "1"}),
        "ranges": one({"azure-allowed-ip-ranges": "192.0.2.0/24"}, loadBalancerSourceRanges=RANGE),
        "additional-ips": one({"azure-additional-public-ips": "x"}),
        "sctp": service({}, port(80, "SCTP"), name="one"),
        "subnet": one({"azure-load-balancer-ipv4": "20.9.9.9"}),
    }
    for name, failed in failures.items():
        yield case(f"together/after-a-refused-{name}", two(), before=(failed,))
        yield case(
            f"together/after-a-refused-{name}-deny-all",
            two(DENY, 443, loadBalancerSourceRanges=RANGE),
            before=(failed,),
        )


def _probes() -> Iterator[Case]:
    shared = {"clusterServiceLoadBalancerHealthProbeMode": "shared"}
    yield case("together/shared-probe", two({}, 443), before=(one(),), config=shared)
    after = local({}, port(443), name="two")
    yield case("together/shared-probe-then-local", after, before=(one(),), config=shared)
    yield case("together/local-then-shared-probe", two(), before=(local({}, name="one"),), config=shared)
    no_probe = two({"port_443_no_probe_rule": "true"}, 443)
    yield case("together/shared-probe-then-none", no_probe, before=(one(),), config=shared)
    apart = local({"port_443_health-probe_port": "443"}, port(443), name="two")
    yield case("together/shared-probe-then-local-probe-port", apart, before=(one(),), config=shared)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_addresses, _security_rules, _failed, _probes):
        yield from table()
