"""Broad random histories: more kinds of Services and clusters than ``random_histories``, and Services unlike each other.

Each Service has its own IP families, namespace and labels, and may get or lose a family. There are public IPs in two resource
groups, prefixes, DNS labels, tags, private link services with all their annotations, source ranges of every kind, probes of
every kind, clusters with several standard load balancers, with tags, with a shared probe. A refused edit is followed, more
often than not, by another word on the same Service: it is updated, edited again or deleted.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.cases.case import DUAL_NODES, Case, Json, delete, ensure, history, port, public_ip, service, update
from conformance.cases.multiple import LABELLED, THREE, TWO, TWO_SELECTORS
from conformance.cases.random_cases import MORE_NODES
from conformance.cases.random_histories import change_field, change_ports

SEED = "dev"
COUNT = 150
OTHER_GROUP = "other"
#: Histories of other seeds, by what they have shown.
SEEN = {
    "own-address-in-place-of-another": "fresh/301",
    "moves-as-internal-with-ipv6": "fresh/412",
    "turns-internal-beside-a-shared-address": "fresh/339",
    "turns-internal-with-a-name": "twin1/17",
    "address-after-internal-and-back": "twin2/90",
    "back-on-the-load-balancer-that-is-gone": "twin2/161",
    "cannot-leave-with-both-families": "twin2/204",
    "nodes-of-a-load-balancer-that-was-gone": "twin2/219",
    "name-in-another-case-beside-an-address": "twin2/234",
    "takes-an-ipv6-address-away": "twin2/270",
    "link-on-frontends-in-order": "twin1/48",
    "link-on-frontends-in-order-ipv6": "twin1/123",
    "destination-of-a-refused-service": "twin1/167",
    "ipv4-annotation-before-own-ipv6": "twin1/194",
    "deleted-without-configuration": "twin1/195",
    "other-group-and-shared-rules": "twin1/220",
    "left-in-the-cluster-group": "twin1/479",
    "label-of-an-own-public-ip": "twin4/113",
    "group-in-capitals": "twin1/37",
    "group-in-capitals-beside-another": "twin2/398",
}
MINE = (
    public_ip("mine", "20.9.0.1"),
    public_ip("yours", "20.9.0.2"),
    public_ip("mine6", "2603:1030:9::1"),
    public_ip("theirs", "20.9.0.3", OTHER_GROUP),
)
NODES = (DUAL_NODES, DUAL_NODES[:1], MORE_NODES, MORE_NODES[1:])
PORTS = (
    ("TCP", 80),
    ("TCP", 443),
    ("UDP", 443),
    ("UDP", 80),
    ("TCP", 53),
    ("UDP", 53),
    ("TCP", 8080),
    ("SCTP", 80),
)
FAMILIES = (("IPv4",), ("IPv4",), ("IPv4",), ("IPv6",), ("IPv4", "IPv6"), ("IPv6", "IPv4"))
LABELS: tuple[dict[str, str], ...] = ({}, {}, {"tier": "edge"}, {"tier": "inside"})
RANGES = (
    "192.0.2.0/24",
    "198.51.100.0/24",
    "198.51.100.0/25",
    "198.51.100.128/25",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "192.0.2.1/24",
    "x",
    " 203.0.113.0/24 ",
)
ON_OR_OFF = ("true", "true", "true", "false", "True", " true ")
PREFIX_ID = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/publicIPPrefixes/range"
#: What one edit sets an annotation to; drawn more often where it stands twice.
VALUES: dict[str, tuple[str, ...]] = {
    "azure-load-balancer-internal": ("true", "true", "true", "false", "True"),
    "azure-load-balancer-internal-subnet": ("apps", "apps", "other", "", " "),
    "azure-load-balancer-tcp-idle-timeout": ("4", "10", "30", "31", "100", "3", "x"),
    "azure-load-balancer-disable-tcp-reset": ON_OR_OFF,
    "azure-load-balancer-enable-high-availability-ports": ON_OR_OFF,
    "azure-disable-load-balancer-floating-ip": ON_OR_OFF,
    "azure-load-balancer-health-probe-protocol": ("http", "https", "tcp", "udp", ""),
    "azure-load-balancer-health-probe-request-path": ("/", "/healthz", "x", ""),
    "azure-load-balancer-health-probe-interval": ("10", "5", "4", "x"),
    "azure-load-balancer-health-probe-num-of-probe": ("2", "3", "1", "20"),
    "load-balancer-source-ranges": ("192.0.2.0/24", "192.0.2.0/24, 198.51.100.0/24", "192.0.2.1/24", "x", ""),
    "azure-allowed-ip-ranges": (
        "192.0.2.0/24",
        "198.51.100.0/24,192.0.2.0/24",
        "198.51.100.0/25, 198.51.100.128/25",
        "2001:db8::/32",
        "0.0.0.0/0",
        "::/0",
        "192.0.2.1/24",
        "x",
        "",
    ),
    "azure-allowed-service-tags": ("Sql", "Sql,Storage", "Storage, Sql", "Internet", ""),
    "azure-deny-all-except-load-balancer-source-ranges": ON_OR_OFF,
    "azure-shared-securityrule": ("true", "false"),
    "azure-disable-load-balancer-nsg-rule": ON_OR_OFF,
    "azure-additional-public-ips": (
        "203.0.113.9",
        "203.0.113.9,203.0.113.10",
        "203.0.113.10",
        "203.0.113.9, 203.0.113.10",
        "2001:db8::9",
        "20.9.0.1",
        "20.0.0.1",
        "203.0.113.9,",
        "x",
        "",
    ),
    "azure-dns-label-name": ("web", "api", ""),
    "azure-pip-tags": ("a=b", "a=c,d=e", "k8s-azure-service=x", "a", ""),
    "azure-pip-ip-tags": ("RoutingPreference=Internet", "FirstPartyUsage=/Sql", ""),
    "azure-pip-name": ("mine", "mine", "yours", "theirs", "Mine", "missing", ""),
    "azure-pip-name-ipv6": ("mine6", "missing", ""),
    "azure-pip-prefix-id": (PREFIX_ID, ""),
    "azure-pip-prefix-id-ipv6": (PREFIX_ID,),
    "azure-load-balancer-resource-group": (OTHER_GROUP, "RG", ""),
    "azure-load-balancer-ipv4": ("20.9.0.1", "20.9.0.2", "20.9.0.3", "10.224.0.200", "20.0.0.1", "20.0.0.2", "x"),
    "azure-load-balancer-ipv6": ("2603:1030:9::1", "2603:1030::1", "fd00:10:224::200", "x"),
    "azure-load-balancer-configurations": ("kubernetes", "second", "second,third", "nowhere", ""),
    "azure-pls-create": ("true", "true", "true", "false", " True"),
    "azure-pls-name": ("link-of-{}", " link-of-{} ", "other-link-of-{}"),
    "azure-pls-ip-configuration-subnet": ("links", "apps", ""),
    "azure-pls-ip-configuration-ip-address-count": ("1", "2", "3", "9", "x"),
    "azure-pls-ip-configuration-ip-address": ("10.224.1.1", "10.224.1.1 10.224.1.2", "x", "fd00::1", ""),
    "azure-pls-fqdns": ("a.example", "a.example b.example", "b.example a.example", ""),
    "azure-pls-proxy-protocol": ON_OR_OFF,
    "azure-pls-visibility": ("*", "s1", "s1 s2", "s2 * s1", ""),
    "azure-pls-auto-approval": ("s1", "s2 s1", ""),
    "azure-pls-resource-group": ("links", ""),
}
OF_PORTS: dict[str, tuple[str, ...]] = {
    "health-probe_protocol": ("http", "https", "tcp", ""),
    "health-probe_port": ("80", "443", "10256", "tcp-80", "nope", "70000"),
    "health-probe_interval": ("10", "4", "5"),
    "health-probe_num-of-probe": ("3", "2", "1"),
    "health-probe_request-path": ("/", "/ready", ""),
    "no_probe_rule": ON_OR_OFF,
    "no_lb_rule": ON_OR_OFF,
}
#: These make Services meet, so they are edited most.
MEETING = (
    "azure-additional-public-ips",
    "azure-disable-load-balancer-floating-ip",
    "azure-load-balancer-internal",
    "azure-load-balancer-ipv4",
    "azure-load-balancer-ipv6",
    "azure-pip-name",
    "azure-pip-name-ipv6",
    "azure-load-balancer-internal",
    "azure-deny-all-except-load-balancer-source-ranges",
)
LINKS = tuple(key for key in sorted(VALUES) if key.startswith("azure-pls-"))
SPECS: dict[str, Sequence[Any]] = {
    "loadBalancerSourceRanges": [[one] for one in RANGES] + [list(RANGES[:2]), list(RANGES[2:4])],
    "externalTrafficPolicy": ("Local",),
    "loadBalancerIP": ("20.9.0.1", "20.9.0.2", "10.224.0.201", "20.0.0.1", "2603:1030:9::1"),
    "sessionAffinity": ("ClientIP",),
}


class _Look:
    """What one Service looks like now."""

    def __init__(self, dice: random.Random, name: str) -> None:
        self.name = name
        self.namespace = dice.choice(("default", "default", "shop"))
        self.families = dice.choice(FAMILIES)
        self.labels = dice.choice(LABELS)
        self.annotations: dict[str, str] = {}
        self.ports: list[tuple[str, int]] = [("TCP", 80)]
        self.apps: dict[tuple[str, int], str] = {}
        self.spec: Json = {}

    def body(self) -> Json:
        """The Service as the API server stores it."""
        ports = [port(number, protocol, app=self.apps.get((protocol, number))) for protocol, number in self.ports]
        return service(
            self.annotations,
            *ports,
            name=self.name,
            namespace=self.namespace,
            labels=self.labels,
            families=self.families,
            **self.spec,
        )


class _Cluster:
    """What the histories of one cluster may hold."""

    def __init__(self, dice: random.Random) -> None:
        self.config: Json = {}
        self.is_basic = self.has_several = False
        kind = dice.random()
        if kind < 0.08:
            self.is_basic = True
            self.config["loadBalancerSku"] = "basic"
        elif kind < 0.24:
            self.has_several = True
            self.config |= dice.choice((TWO, TWO, THREE, LABELLED, TWO_SELECTORS))
        elif kind < 0.4:
            self.config["loadBalancerBackendPoolConfigurationType"] = "nodeIP"
        if dice.random() < 0.15:
            self.config["clusterServiceLoadBalancerHealthProbeMode"] = "shared"
        if dice.random() < 0.1:
            self.config["enableIPTagMutationForExistingPublicIP"] = True
        if dice.random() < 0.15:
            self.config["tags"] = dice.choice(("team=one", "a=cluster,team=two"))
        if dice.random() < 0.1 and not self.is_basic:
            self.config["disableOutboundSNAT"] = True
        #: Some clusters are about private links, or addresses, most about everything.
        self.themes: tuple[tuple[str, ...], ...] = (MEETING, tuple(sorted(VALUES)))
        if dice.random() < 0.2:
            self.themes = (LINKS, (*MEETING, "azure-pls-create"), tuple(sorted(VALUES)))


def _edit(dice: random.Random, look: _Look, cluster: _Cluster) -> None:
    """Change one field."""
    kind = dice.random()
    if kind < 0.58:
        key = dice.choice(dice.choice(cluster.themes))
        # A link that two frontends name would be taken from one to the other: Azure has a word in that.
        change_field(dice, look.annotations, key, [value.format(look.name) for value in VALUES[key]])
    elif kind < 0.66:
        _, number = dice.choice(look.ports)
        field = dice.choice(sorted(OF_PORTS))
        change_field(dice, look.annotations, f"port_{number}_{field}", OF_PORTS[field])
    elif kind < 0.78:
        change_ports(dice, look.ports, PORTS)
    elif kind < 0.92:
        field = dice.choice(sorted(SPECS))
        if field != "externalTrafficPolicy" or not cluster.has_several:
            change_field(dice, look.spec, field, SPECS[field])
    elif kind < 0.96:
        # A family is added behind the first, or taken away; the first never changes.
        other = "IPv6" if look.families[0] == "IPv4" else "IPv4"
        look.families = (look.families[0], other) if len(look.families) == 1 else look.families[:1]
    elif kind < 0.98:
        look.labels = dice.choice(LABELS)
    else:
        look.apps[dice.choice(look.ports)] = dice.choice(("http", "https", "tcp", "grpc"))


def broad_history(identifier: str, seed: str) -> Case:
    """One history: up to ten steps of one to five Services.

    Nodes do not change behind a Basic load balancer: releases up to 1.29 panic where the first node of the pool is gone.
    """
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    cluster = _Cluster(dice)
    looks = {f"svc{index}": _Look(dice, f"svc{index}") for index in range(dice.randint(1, 5))}
    alive: set[str] = set()
    steps: list[Json] = []
    name = ""
    for _ in range(dice.randint(2, 10)):
        name = name if name in alive and dice.random() < 0.3 else dice.choice(sorted(looks))
        look, kind = looks[name], dice.random()
        if name in alive and kind < 0.17:
            alive.remove(name)
            steps.append(delete(look.body()))
        elif name in alive and kind < 0.29 and not cluster.is_basic:
            steps.append(update(look.body(), dice.choice(NODES)))
        else:
            for _ in range(dice.choice((1, 1, 2)) if name in alive else dice.randint(0, 4)):
                _edit(dice, look, cluster)
            alive.add(name)
            steps.append(ensure(look.body()))
    case = history(identifier, *steps, config=cluster.config, nodes=DUAL_NODES, public_ips=MINE)
    return case._replace(shows=("whole", "links"))


def cases() -> Iterator[Case]:
    """All of them."""
    for number in range(1, COUNT + 1):
        yield broad_history(f"broad/{number:04}", f"{SEED}/{number}")
    yield from _seen_elsewhere()


def _seen_elsewhere() -> Iterator[Case]:
    """What histories of other seeds have shown, as short as it gets, and such histories as a whole."""
    for name, seed in SEEN.items():
        yield broad_history(f"broad/seen-{name}", seed)
    yield from _two_of_one_name()
    yield from _one_group_spelled_twice()
    tagged = service({"azure-pip-tags": "k8s-azure-service=x"})
    sharing = service({"azure-load-balancer-ipv4": "20.0.0.1"}, port(443), name="api")
    yield _seen("tag-of-a-service", ensure(tagged), delete(tagged))
    yield _seen("tag-of-a-service-shared", ensure(tagged), ensure(sharing), delete(tagged), delete(sharing))
    named = {"azure-pip-name": "mine"}
    for name, number in (("free", 443), ("taken", 80)):
        before, after = (service(given, port(number), name="api", families=("IPv6",)) for given in (None, named))
        yield _seen(f"address-turns-ipv6-{name}", ensure(service(named)), ensure(before), ensure(after))


def _two_of_one_name() -> Iterator[Case]:
    """Public IPs of one name in two resource groups: Services share the one that both name, and no other."""
    twins = (public_ip("mine", "20.9.0.1"), public_ip("mine", "20.9.0.4", OTHER_GROUP))
    here, there = (
        {"azure-pip-name": "mine"},
        {"azure-pip-name": "mine", "azure-load-balancer-resource-group": OTHER_GROUP},
    )
    first, alike = service(here), service(there, name="api")
    yield _seen("one-name-in-two-groups", ensure(first), ensure(alike), public_ips=twins)
    shared = service(here, port(443), name="api")
    yield _seen("one-name-in-one-group", ensure(first), ensure(shared), public_ips=twins)
    yield _seen("one-name-other-group-later", ensure(first), ensure(service(there)), public_ips=twins)
    yield _seen("one-name-other-group-then-gone", ensure(first), ensure(alike), delete(first), public_ips=twins)
    by_address = service({"azure-load-balancer-ipv4": "20.9.0.4"}, name="api")
    yield _seen("address-of-another-group", ensure(service(there)), ensure(by_address), public_ips=twins)
    both = TWO | {"loadBalancerSku": "standard"}
    yield _seen("one-name-in-two-groups-several", ensure(first), ensure(alike), public_ips=twins, config=both)


def _one_group_spelled_twice() -> Iterator[Case]:
    """The provider keeps what it has listed of a resource group under its name as it is spelled."""
    loud = {"azure-load-balancer-resource-group": "RG"}
    first, second = service(), service(loud | {"azure-load-balancer-ipv4": "20.0.0.1"}, port(443), name="api")
    shared = (ensure(first), ensure(second))
    yield _seen("group-spelled-twice", *shared, ensure(first), delete(second))
    yield _seen("group-spelled-twice-first-gone", *shared, delete(first), ensure(second), delete(second))
    yield _seen("group-spelled-otherwise", ensure(first), ensure(service(loud)), delete(service(loud)), ensure(first))
    tagged = service({"azure-load-balancer-resource-group": OTHER_GROUP, "azure-pip-tags": "a=b"})
    beside = service({"azure-load-balancer-ipv4": "20.0.0.1"}, port(443), name="api")
    yield _seen("group-left-shared", ensure(first), ensure(beside), ensure(tagged), delete(tagged))
    tags = [service({"azure-pip-ip-tags": f"FirstPartyUsage=/{value}"}) for value in ("Sql", "Storage")]
    yield _seen("tags-changed-again", ensure(first), *map(ensure, tags), ensure(tags[1]))
    label = {"azure-dns-label-name": "web"}
    own, own_ipv6 = (
        service({"azure-pip-name": "mine"} | label),
        service({"azure-pip-name": "mine6"}, families=("IPv6",)),
    )
    yield _seen("tags-of-an-own-public-ip", ensure(own), delete(own), ensure(own_ipv6), delete(own_ipv6))
    yield _seen("tags-under-a-label", ensure(service(label)), ensure(service(label | {"azure-pip-tags": "a=b"})))


def _seen(name: str, *steps: Json, public_ips: Sequence[Json] = MINE, config: Json | None = None) -> Case:
    case = history(f"broad/seen-{name}", *steps, nodes=DUAL_NODES, public_ips=public_ips, config=config)
    return case._replace(shows=("whole", "links"))
