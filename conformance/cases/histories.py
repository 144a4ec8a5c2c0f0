"""What happens to a Service over time: it is edited, its nodes change, it is deleted; others stay."""

from collections.abc import Iterator
from typing import Any

from conformance.cases.case import (
    DUAL_NODES,
    NODES,
    Case,
    Json,
    delete,
    ensure,
    history,
    local,
    port,
    public_ip,
    service,
    update,
)

INTERNAL = {"azure-load-balancer-internal": "true"}
SUBNET = {**INTERNAL, "azure-load-balancer-internal-subnet": "apps"}
STATIC = {**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.200"}
NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
HTTP = (port(80, app="http"), port(443, app="https"))
MINE = (public_ip("mine", "20.9.0.1"), public_ip("yours", "20.9.0.2"))
BY_NAME = {"azure-pip-name": "mine"}
BY_ADDRESS = {"azure-load-balancer-ipv4": "20.9.0.1"}
RANGE = ["192.0.2.0/24"]
OTHER = ["198.51.100.0/24"]
DUAL = ("IPv4", "IPv6")
PREFIX = {"azure-pip-prefix-id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPPrefixes/p"}
MORE_NODES = (*NODES, {"name": "vmss000002", "addresses": ["10.224.0.6"]})
ONE_NODE = NODES[:1]

#: What a Service may look like: it is edited from the first of its row into each other, and back.
EDITS: dict[str, tuple[tuple[str, Json], ...]] = {
    "kind": (("public", service()), ("internal", service(INTERNAL)), ("subnet", service(SUBNET)), ("static", service(STATIC))),
    "policy": (("cluster", service({}, *HTTP)), ("local", local({}, *HTTP))),
    "ports": (
        ("one", service({}, port(80))), ("two", service({}, port(80), port(443))), ("udp", service({}, port(80, "UDP"))),
        ("node-port", service({}, port(80, node=31999))),
    ),
    "ranges": (
        ("open", service()), ("range", service({}, loadBalancerSourceRanges=RANGE)),
        ("other-range", service({}, loadBalancerSourceRanges=OTHER)),
        ("deny-all", service(DENY, loadBalancerSourceRanges=RANGE)),
        ("tags", service({"azure-allowed-service-tags": "Sql"})),
        ("closed", service({"azure-disable-load-balancer-nsg-rule": "true"})),
    ),
    "floating-ip": (("on", service()), ("off", service(NO_FLOATING_IP)), ("off-internal", service({**INTERNAL, **NO_FLOATING_IP}))),
    "public-ip": (
        ("generated", service()), ("by-name", service(BY_NAME)), ("by-address", service(BY_ADDRESS)),
        ("other-name", service({"azure-pip-name": "yours"})), ("prefix", service(PREFIX)),
    ),
    "families": (("ipv4", service()), ("dual", service({}, families=DUAL))),
    "dns-label": (
        ("none", service()), ("web", service({"azure-dns-label-name": "web"})), ("api", service({"azure-dns-label-name": "api"})),
        ("empty", service({"azure-dns-label-name": ""})),
    ),
    "tags": (("none", service()), ("a", service({"azure-pip-tags": "a=b"})), ("b", service({"azure-pip-tags": "a=c,d=e"}))),
    "ip-tags": (
        ("none", service()), ("internet", service({"azure-pip-ip-tags": "RoutingPreference=Internet"})),
        ("other", service({"azure-pip-ip-tags": "FirstPartyUsage=/Sql"})),
    ),
    "probe": (
        ("plain", service({}, *HTTP)), ("path", service({"azure-load-balancer-health-probe-request-path": "/x"}, *HTTP)),
        ("no-probe", service({"port_80_no_probe_rule": "true"}, *HTTP)), ("no-rule", service({"port_80_no_lb_rule": "true"}, *HTTP)),
        ("interval", service({"azure-load-balancer-health-probe-interval": "9"}, *HTTP)),
    ),
    "ha-ports": (
        ("off", service(INTERNAL, *HTTP)),
        ("on", service({**INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}, *HTTP)),
    ),
    "rule": (
        ("plain", service()), ("idle", service({"azure-load-balancer-tcp-idle-timeout": "10"})),
        ("affinity", service({}, sessionAffinity="ClientIP")), ("additional", service({"azure-additional-public-ips": "203.0.113.9"})),
    ),
}  # fmt: skip


#: Rows where it matters between which two.
_BETWEEN_ALL = ("kind", "public-ip", "ip-tags", "floating-ip", "dns-label")


def _edits() -> Iterator[Case]:
    for row, looks in EDITS.items():
        nodes = DUAL_NODES if row == "families" else NODES
        for before, first in looks:
            for after, second in looks:
                if before != after and (looks[0][0] in (before, after) or row in _BETWEEN_ALL):
                    name = f"history/{row}-{before}-to-{after}"
                    yield history(name, ensure(first), ensure(second), nodes=nodes, public_ips=MINE)


def _neighbour(annotations: dict[str, str] | None = None, **spec: Any) -> Json:
    return service(annotations, port(8080), name="neighbour", **spec)


def _beside_others() -> Iterator[Case]:
    for kind, annotations in (("public", {}), ("internal", INTERNAL)):
        mine, other = service(annotations), _neighbour(annotations)
        yield history(f"history/again-{kind}", ensure(mine), ensure(mine))
        yield history(f"history/again-beside-{kind}", ensure(mine), ensure(other), ensure(mine))
        yield history(f"history/deleted-{kind}", ensure(mine), delete(mine))
        yield history(f"history/deleted-beside-{kind}", ensure(mine), ensure(other), delete(mine))
        yield history(f"history/deleted-and-back-{kind}", ensure(mine), ensure(other), delete(mine), ensure(mine))
        yield history(f"history/deleted-twice-{kind}", ensure(mine), ensure(other), delete(mine), delete(mine))
        moved = service(INTERNAL if kind == "public" else {})
        yield history(f"history/{kind}-switched-beside", ensure(mine), ensure(other), ensure(moved))
        yield history(f"history/{kind}-switched-and-back", ensure(mine), ensure(moved), ensure(mine))
        yield history(f"history/{kind}-switched-and-deleted", ensure(mine), ensure(moved), delete(moved))
    for name, shared in (("address", BY_ADDRESS), ("name", BY_NAME), ("private-address", STATIC)):
        first, second = service(shared), _neighbour(shared)
        both = (ensure(first), ensure(second))
        yield history(f"history/shared-{name}-first-deleted", *both, delete(first), public_ips=MINE)
        yield history(f"history/shared-{name}-second-deleted", *both, delete(second), public_ips=MINE)
        yield history(f"history/shared-{name}-both-deleted", *both, delete(first), delete(second), public_ips=MINE)
        yield history(f"history/shared-{name}-first-again", *both, ensure(first), public_ips=MINE)
        leaves = service(INTERNAL if name != "private-address" else {})
        yield history(f"history/shared-{name}-first-leaves", *both, ensure(leaves), public_ips=MINE)
        left = _neighbour({})
        yield history(f"history/shared-{name}-second-leaves", *both, ensure(left), public_ips=MINE)
    for name, annotations in (
        ("name", BY_NAME),
        ("address", BY_ADDRESS),
        ("dns-label", {"azure-dns-label-name": "web"}),
    ):
        body = service(annotations)
        yield history(f"history/deleted-with-{name}", ensure(body), delete(body), public_ips=MINE)
    owner, guest = service(), _neighbour({"azure-load-balancer-ipv4": "20.0.0.1"})
    yield history("history/guest-then-owner-deleted", ensure(owner), ensure(guest), delete(owner))
    yield history("history/guest-deleted", ensure(owner), ensure(guest), delete(guest))


def _security_rules() -> Iterator[Case]:
    ranged = service({}, loadBalancerSourceRanges=RANGE)
    denied = service(DENY, port(80), port(443), loadBalancerSourceRanges=RANGE)
    same = service(DENY, port(80), port(443), name="same", loadBalancerSourceRanges=RANGE)
    yield history("history/priority-is-kept", ensure(ranged), ensure(_neighbour()), ensure(ranged))
    yield history("history/priority-is-freed", ensure(ranged), ensure(_neighbour()), delete(ranged), ensure(same))
    yield history("history/deny-all-deleted", ensure(denied), ensure(same), delete(denied))
    yield history("history/deny-all-of-one-deleted", ensure(denied), ensure(_neighbour()), delete(denied))
    for name, annotations in (
        ("shared-rule", {"azure-shared-securityrule": "true"}),
        ("no-floating-ip", NO_FLOATING_IP),
    ):
        first, second = service(annotations), service(annotations, name="same")
        yield history(f"history/{name}-deleted", ensure(first), ensure(second), delete(first))
        yield history(f"history/{name}-alone-deleted", ensure(first), delete(first))
        yield history(f"history/{name}-switched-off", ensure(first), ensure(second), ensure(service()))
        other = service(annotations, port(443), name="other")
        yield history(f"history/{name}-other-port-deleted", ensure(first), ensure(other), delete(first))
        yield history(
            f"history/{name}-port-changed", ensure(first), ensure(second), ensure(service(annotations, port(443)))
        )
    bad = service({}, loadBalancerSourceRanges=["192.0.2.1/24"])
    yield history("history/bad-range-deleted", ensure(bad), delete(bad))
    yield history("history/bad-range-mended", ensure(bad), ensure(ranged))
    tagged = service({"azure-allowed-service-tags": "Sql"}, loadBalancerSourceRanges=RANGE)
    yield history("history/conflict-deleted", ensure(tagged), delete(tagged))
    refused = service({"azure-pls-create": "true"})
    yield history("history/refused-private-link-mended", ensure(refused), ensure(service()))
    yield history("history/refused-private-link-deleted", ensure(refused), delete(refused))
    yield history(
        "history/refused-private-link-beside",
        ensure(refused),
        ensure(_neighbour()),
        ensure(refused),
        ensure(_neighbour({}, loadBalancerSourceRanges=RANGE)),
    )
    broken = service({"azure-load-balancer-health-probe-interval": "1"})
    yield history("history/refused-probe-mended", ensure(broken), ensure(service()))
    yield history("history/good-then-refused-then-deleted", ensure(service()), ensure(broken), delete(broken))
    yield history("history/good-then-refused-beside", ensure(service()), ensure(broken), ensure(_neighbour()))


def _nodes() -> Iterator[Case]:
    for name, body in (
        ("public", service()), ("internal", service(INTERNAL)), ("local", local({})), ("no-floating-ip", service(NO_FLOATING_IP)),
        ("no-floating-ip-deny-all", service({**NO_FLOATING_IP, **DENY}, loadBalancerSourceRanges=RANGE)),
    ):  # fmt: skip
        yield history(f"history/node-added-{name}", ensure(body), update(body, MORE_NODES))
        yield history(f"history/node-removed-{name}", ensure(body), update(body, ONE_NODE))
        if "floating" not in name:  # the members of a pool that nobody empties are the recorder's, not the provider's
            yield history(f"history/no-node-left-{name}", ensure(body), update(body, ()))
    for pool_type in ("nodeIP", "nodeIPConfiguration"):
        config = {"loadBalancerBackendPoolConfigurationType": pool_type}
        body = service(NO_FLOATING_IP)
        yield history(f"history/node-added-{pool_type}".lower(), ensure(body), update(body, MORE_NODES), config=config)
    yield history("history/update-before-ensure", update(service(), MORE_NODES))
    edited = service({}, port(81))
    yield history("history/update-with-an-edit", ensure(service()), update(edited, MORE_NODES))


def _cluster_settings() -> Iterator[Case]:
    shared = {"clusterServiceLoadBalancerHealthProbeMode": "shared"}
    cluster, to_local = service({}, *HTTP), local({}, *HTTP)
    yield history("history/shared-probe-to-local", ensure(cluster), ensure(to_local), config=shared)
    yield history("history/shared-probe-from-local", ensure(to_local), ensure(cluster), config=shared)
    yield history(
        "history/shared-probe-to-local-beside", ensure(cluster), ensure(_neighbour()), ensure(to_local), config=shared
    )
    yield history("history/shared-probe-deleted", ensure(cluster), delete(cluster), config=shared)
    yield history(
        "history/shared-probe-deleted-beside", ensure(cluster), ensure(_neighbour()), delete(cluster), config=shared
    )
    yield history(
        "history/shared-probe-of-two-services-to-local",
        ensure(cluster),
        ensure(_neighbour()),
        ensure(to_local),
        ensure(local({}, port(8080), name="neighbour")),
        config=shared,
    )
    mutable = {"enableIPTagMutationForExistingPublicIP": True}
    plain, tagged = service(), service({"azure-pip-ip-tags": "RoutingPreference=Internet"})
    other = service({"azure-pip-ip-tags": "FirstPartyUsage=/Sql"})
    yield history("history/ip-tags-in-place", ensure(tagged), ensure(other), config=mutable)
    yield history("history/ip-tags-added-in-place", ensure(plain), ensure(tagged), config=mutable)
    yield history("history/ip-tags-removed-in-place", ensure(tagged), ensure(plain), config=mutable)
    basic = {"loadBalancerSku": "basic"}
    for name, bodies in (("switched", (service(), service(INTERNAL))), ("ports", (service(), service({}, port(443))))):
        yield history(f"history/basic-{name}", *(ensure(body) for body in bodies), config=basic)
    yield history("history/basic-deleted", ensure(service()), delete(service()), config=basic)
    node_ip = {"loadBalancerBackendPoolConfigurationType": "nodeIP"}
    yield history("history/node-ip-switched", ensure(service()), ensure(service(INTERNAL)), config=node_ip)
    yield history("history/node-ip-deleted", ensure(service()), ensure(_neighbour()), delete(service()), config=node_ip)
    dual, dual_inside = service({}, families=DUAL), service(INTERNAL, families=DUAL)
    yield history("history/dual-stack-switched", ensure(dual), ensure(dual_inside), nodes=DUAL_NODES)
    yield history("history/dual-stack-switched-back", ensure(dual_inside), ensure(dual), nodes=DUAL_NODES)
    yield history("history/dual-stack-deleted", ensure(dual), ensure(_neighbour()), delete(dual), nodes=DUAL_NODES)


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_edits, _beside_others, _security_rules, _nodes, _cluster_settings):
        yield from table()
