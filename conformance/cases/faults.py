"""What the provider's own issues tell, as histories: each is recorded where it goes wrong and where it does not.

The names are those of the table in the README of this folder's parent. What asks and what stands is compared in
``tests/azure/test_faults.py``.
"""

from collections.abc import Iterator

from conformance.cases.case import DUAL_NODES, Case, Json, delete, ensure, history, port, public_ip, service

MINE = (public_ip("mine", "20.9.0.1"), public_ip("mine6", "2603:1030:9::1"))
SHARED = {"azure-pip-name": "mine"}
INSIDE = {"azure-load-balancer-internal": "true", "azure-load-balancer-ipv4": "10.224.0.200"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
ALLOWED = {"azure-allowed-ip-ranges": "192.0.2.0/24"}
NODES = {"azure-disable-load-balancer-floating-ip": "true"}
ADDITIONAL = {"azure-additional-public-ips": "203.0.113.9"}
SEVERAL: Json = {
    "loadBalancerBackendPoolConfigurationType": "nodeIP",
    "multipleStandardLoadBalancerConfigurations": [
        {"name": "kubernetes", "primaryVMSet": "vmss"},
        {"name": "second", "primaryVMSet": "second"},
    ],
}


def _case(name: str, *steps: Json, config: Json | None = None) -> Case:
    return history(f"fault/{name}", *steps, config=config or {}, nodes=DUAL_NODES, public_ips=MINE)


def cases() -> Iterator[Case]:
    """All of them."""
    denying = service({**SHARED, **DENY, **ALLOWED})
    api = service(SHARED, port(443), name="api")
    yield _case("deny-all-lost", ensure(denying), ensure(api))
    yield _case("deny-all-back", ensure(denying), ensure(api), ensure(denying))
    yield _case("deny-all-lost-by-deletion", ensure(api), ensure(denying), delete(api))
    yield _case("deny-all-alone", ensure(denying))
    nodes = service({**NODES, **DENY, **ALLOWED})
    yield _case("deny-all-on-nodes-lost", ensure(nodes), ensure(service(NODES, port(443), name="api")))
    yield _case("deny-all-on-nodes", ensure(service(None, port(443), name="api")), ensure(nodes))
    sctp = service(INSIDE, port(5060, "SCTP"), name="api")
    inside = service({**INSIDE, **DENY, **ALLOWED})
    yield _case("deny-all-stays", ensure(sctp), ensure(inside), ensure(service({**INSIDE, **ALLOWED})))
    yield _case("deny-all-on-all-ports", ensure(service(INSIDE, port(443), name="api")), ensure(inside))
    yield _case("rules-on-shared-public-ip", ensure(service(SHARED)), ensure(api))
    six = {"azure-pip-name-ipv6": "mine6"}
    first = service({**six, "azure-pip-name": "mine6"}, families=("IPv6",))
    second = service({**six, "azure-pip-name": "mine6"}, port(443), name="api", families=("IPv6",))
    yield _case("shared-ipv6", ensure(first), ensure(second))
    pinned = service({"azure-load-balancer-ipv4": "20.9.0.1"}, port(443), name="api")
    two = service(SHARED, port(80), port(81))
    yield _case("frontend-taken-along", ensure(two), ensure(pinned), config=SEVERAL)
    web, hidden = service(), service({"azure-load-balancer-internal": "true"})
    more = ensure(service(None, port(443), name="api"))
    yield _case("moved-when-internal", ensure(web), more, ensure(hidden), ensure(hidden), config=SEVERAL)
    yield _case("nodes-per-service", *(ensure(service(NODES, port(80 + n), name=f"svc{n}")) for n in range(3)))
    host_bits = service(None, loadBalancerSourceRanges=["198.51.100.7/24"])
    yield _case("host-bits", ensure(service()), ensure(host_bits))
    additional = service(ADDITIONAL)
    yield _case("shared-additional-address", ensure(additional), ensure(service(ADDITIONAL, port(443), name="api")))
    yield _case("floating-ip-back", ensure(service(NODES)), ensure(service()))
