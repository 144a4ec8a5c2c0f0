"""The dated behaviours: each row makes a difference, at its dates and only there.

The table says for each row what a Service gets in the release before and in the first one that has the behaviour. It is
also the shortest introduction to what changed between releases.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from kubectl_akslb.derive.load_balancer.configurations import configuration_faults
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.model.cluster import BASIC, Cluster, ExistingPublicIP, LoadBalancerConfiguration, Node
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.profile.settings import sku_by_default
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.behaviours import BEHAVIOURS, Behaviour, behaviours_of
from kubectl_akslb.provider.version import NEWEST, NEWEST_PATCH, OLDEST
from tests.given.derived import READ, balancer, last, outcome, tags_of
from tests.given.services import (
    BOTH_ADDRESSES,
    INTERNAL,
    NAME,
    OTHER_NAME,
    OTHER_UID,
    UID,
    dual,
    ipv6,
    local,
    on,
    other,
    port,
    service,
)

Read = Callable[[Cluster, tuple[Service, ...]], object]


class Boundary(NamedTuple):
    """What *read* finds for the last of *services* before and after a behaviour came, and after it was *ended* again.

    *at* names the dates that can be seen, where the others cannot.
    """

    services: tuple[Service, ...]
    read: Read
    before: object
    after: object
    settings: Mapping[str, Any] = {}
    ended: object = None
    at: tuple[str, ...] = ()


def the(name: str) -> Read:
    """Read the last derivation by a name that the rows of documents use too."""
    return seen(READ[name])


def seen(read: Callable[[Derivation], object]) -> Read:
    """Read the last derivation."""
    return lambda cluster, services: read(last(cluster, *services))


def refusal(derivation: Derivation) -> str | None:
    return derivation.refusal.message if derivation.refusal else None


def stage(derivation: Derivation) -> str | None:
    return derivation.refusal.stage if derivation.refusal else None


def written_tags(derivation: Derivation) -> dict[str, str] | None:
    return tags_of(derivation.public_ips[0])


def public_ip_names(derivation: Derivation) -> list[str]:
    return [address.name.value for address in derivation.public_ips]


def priorities(derivation: Derivation) -> list[int]:
    """The priorities of the security rules in the order of the ports."""
    rules = sorted(derivation.security_rules, key=lambda rule: int(rule.destination_ports.value[0]))
    return [rule.priority.value for rule in rules]


def allowed_ports(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    """The ports that the whole security group opens."""
    rules = outcome(cluster, *services).azure.security_rules.values()
    return [port for rule in rules for port in rule.destination_ports.value]


def destinations(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    """The addresses that the whole security group opens."""
    rules = outcome(cluster, *services).azure.security_rules.values()
    return [address for rule in rules for address in rule.destinations.value]


def pools(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    """The backend pools of the load balancer."""
    return list(outcome(cluster, *services).azure.load_balancers["kubernetes"].pools)


def probes(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    """The probes of the load balancer."""
    return list(outcome(cluster, *services).azure.load_balancers["kubernetes"].probes)


def probe_of_rule(cluster: Cluster, services: tuple[Service, ...]) -> str | None:
    """The probe that the rule of the load balancer refers to."""
    (rule,) = outcome(cluster, *services).azure.load_balancers["kubernetes"].rules.values()
    return rule.probe.value if rule.probe is not None else None


def frontends(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    """The frontends of the load balancer."""
    return list(outcome(cluster, *services).azure.load_balancers["kubernetes"].frontends)


def private_address(derivation: Derivation) -> str | None:
    """The address that the provider asks for an internal frontend."""
    address = balancer(derivation).frontend_ip_configurations[0].private_ip_address
    return address.value if address is not None else None


def services_on_public_ips(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    addresses = outcome(cluster, *services).azure.public_ips.values()
    return [(tags_of(address) or {}).get("k8s-azure-service", "") for address in addresses]


def public_ips(cluster: Cluster, services: tuple[Service, ...]) -> list[str]:
    """The names of all public IPs that stand."""
    return [address.name.value for address in outcome(cluster, *services).azure.public_ips.values()]


def sku_without_setting(cluster: Cluster, _: tuple[Service, ...]) -> str:
    """The SKU of a cluster whose azure.json does not name one."""
    return sku_by_default(cluster.provider_version)[0]


def slb(name: str, **settings: Any) -> LoadBalancerConfiguration:
    return LoadBalancerConfiguration(name, **{"primary_vm_set": f"set-{name}", **settings})


def several(*configurations: LoadBalancerConfiguration, **settings: Any) -> Mapping[str, Any]:
    return {"pool_type": "nodeIP", "load_balancers": configurations or (slb("kubernetes"), slb("lb2")), **settings}


WEB = slb("lb2", service_label_selector={"matchLabels": {"tier": "web"}})
LONG_SUBNET = {**INTERNAL, "azure-load-balancer-internal-subnet": "s" * 46 + "-" + "t" * 20}
APPS = {**INTERNAL, "azure-load-balancer-internal-subnet": "apps"}
PIP = {"existing_public_ips": (ExistingPublicIP("pip", "20.1.2.3"),)}
BOTH_NAMES = {"azure-pip-name": "four", "azure-pip-name-ipv6": "six"}
SIX = {"existing_public_ips": (ExistingPublicIP("four", "20.1.2.3"), ExistingPublicIP("six", "2603::1", "IPv6"))}
HTTP = service(None, port(80, "http"))
MUST = "reconcilePrivateLinkService for service(shop/web): service requiring private link service must"

NODE_PORTS = {"azure-disable-load-balancer-floating-ip": "true"}

TABLE: dict[Behaviour, Boundary] = {
    behaviours.PROBE_CODE_OF_1_23_4: Boundary((HTTP,), the("probe"), "Tcp 30080", "Http 30080 /healthz"),
    behaviours.PROBE_PROTOCOL_FALLBACK: Boundary(
        (service(None, port(80, "grpc")),), the("probe"), "refused: unsupported protocol grpc", "Tcp 30080",
    ),
    behaviours.FRONTEND_NAME_ENDING: Boundary(
        (service(LONG_SUBNET),), the("frontend"), f"{NAME}-{'s' * 46}-", f"{NAME}-{'s' * 46}_",
    ),
    behaviours.PROBE_PATH_ROOT: Boundary((HTTP,), the("probe"), "Http 30080 /healthz", "Http 30080 /"),
    behaviours.PROBE_TCP_UNLESS_PATH: Boundary(
        (HTTP,), the("probe"), "Http 30080 /", "Tcp 30080", ended="Http 30080 /",
    ),
    behaviours.APP_PROTOCOL_PROBE: Boundary((HTTP,), the("probe"), "Tcp 30080", "Http 30080 /"),
    behaviours.INTERNAL_IPV6_NODE_PORT: Boundary(
        (ipv6(INTERNAL),), the("rules"), ("Tcp 80 to 80",), ("Tcp 80 to 30080",),
    ),
    behaviours.PRIVATE_LINK_SERVICE: Boundary(
        (service({"azure-pls-create": "true"}),), seen(refusal), None, f"{MUST} be internal",
    ),
    behaviours.PRIVATE_LINK_WITHOUT_FLOATING_IP: Boundary(
        (service({"azure-pls-create": "true", "azure-disable-load-balancer-floating-ip": "true"}),),
        seen(refusal), f"{MUST} be internal", None,
    ),
    behaviours.PUBLIC_IP_PREFIX: Boundary(
        (service({"azure-pip-prefix-id": "/publicIPPrefixes/p"}),), seen(public_ip_names),
        [f"kubernetes-{NAME}"], [f"kubernetes-{NAME}-p"],
    ),
    behaviours.DISABLE_FLOATING_IP: Boundary(
        (service({"azure-disable-load-balancer-floating-ip": "true"}),), the("rules"),
        ("Tcp 80 to 80",), ("Tcp 80 to 30080",),
    ),
    behaviours.ADDRESS_ANNOTATIONS: Boundary(
        (service({**INTERNAL, "azure-load-balancer-ipv4": "10.0.0.9"}),), the("private_address"), None, "10.0.0.9",
    ),
    behaviours.PUBLIC_IP_TAGGED_FIRST: Boundary(
        (service({"azure-pip-name": "pip", "azure-pip-tags": "a=b"}),), seen(written_tags), {}, {"a": "b"}, PIP,
    ),
    behaviours.PUBLIC_IP_LEFT_ALONE: Boundary(
        (service({"azure-pip-name": "pip"}),), seen(written_tags), {}, None, PIP,
    ),
    behaviours.DNS_LABEL_OVERWRITE: Boundary(
        (service({"azure-dns-label-name": "one"}), service({"azure-dns-label-name": "two"})), seen(refusal),
        "ensurePublicIPExists for service(shop/web): failed to reconcileDNSSettings: ensurePublicIPExists for"
        f" service(shop/web): pip(kubernetes-{NAME}) - there is an existing DNS label one on the public IP", None,
    ),
    behaviours.NSG_NAMES_WITHOUT_COLON: Boundary(
        (ipv6(load_balancer_source_ranges=("2001:db8::/32",)),), the("security_rules"),
        (f"{NAME}-TCP-80-2001:db8::_32",), (f"{NAME}-TCP-80-2001.db8.._32",),
    ),
    behaviours.PORT_ANNOTATIONS: Boundary(
        (service({"port_80_no_lb_rule": "true"}),), the("rules"), ("Tcp 80 to 80",), (),
    ),
    behaviours.PROBE_THRESHOLD: Boundary(
        (service(),), seen(lambda d: balancer(d).probes[0].threshold_field), "numberOfProbes", "probeThreshold",
    ),
    behaviours.USER_ASSIGNED_IP_UNTOUCHED: Boundary(
        (service({"azure-pip-name": "pip", "azure-pip-tags": "a=b"}),), seen(written_tags), {"a": "b"}, None, PIP,
    ),
    behaviours.PRIVATE_LINK_RESOURCE_GROUP: Boundary(
        (service({**INTERNAL, "azure-pls-create": "true", "azure-pls-resource-group": "links"}),),
        seen(lambda d: d.private_link_services[0].resource_group.value == "links"), False, True,
    ),
    behaviours.PUBLIC_IPS_OF_CLUSTER_GROUP: Boundary(
        (service(), service({"azure-pip-name": "pip", "azure-load-balancer-resource-group": "other"})),
        public_ips, ["pip", f"kubernetes-{NAME}"], ["pip"],
        {"existing_public_ips": (ExistingPublicIP("pip", "20.1.2.3", resource_group="other"),)},
    ),
    behaviours.PRIVATE_LINK_PROXY_PROBE: Boundary(
        (local({**INTERNAL, "azure-pls-create": "true", "azure-pls-proxy-protocol": "true"}),), the("probe"),
        "Http 31000 /healthz", "Tcp 30080",
    ),
    behaviours.LOCAL_PROBE_NUMBERS: Boundary(
        (local({"azure-load-balancer-health-probe-interval": "10"}),), the("every"), ((5, 2),), ((10, 2),),
    ),
    behaviours.SHARE_BY_PUBLIC_IP_NAME: Boundary(
        (service({"azure-pip-name": "pip"}), other({"azure-pip-name": "pip"}, port(443))), the("frontend"),
        OTHER_NAME, NAME, PIP,
    ),
    behaviours.IDLE_TIMEOUT_100: Boundary(
        (service({"azure-load-balancer-tcp-idle-timeout": "100"}),),
        lambda cluster, services: refusal(d := last(cluster, *services)) or READ["idle"](d),
        "error generate lb rule for ha mod loadbalancer. err: error parsing idle timeout key:"
        " service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout, err: error parsing value: idle timeout value"
        " must be a whole number representing minutes between 4 and 30, actual value: 100", (100,),
    ),
    behaviours.LITERAL_PROBE_PORT: Boundary(
        (service({"port_80_health-probe_port": "15021"}),), the("probe"),
        "refused: failed to parse annotation service.beta.kubernetes.io/port_80_health-probe_port: port 15021 not found"
        " in service", "Tcp 15021",
    ),
    behaviours.DISABLE_TCP_RESET: Boundary(
        (service({"azure-load-balancer-disable-tcp-reset": "true"}),), the("tcp_reset"), (True,), (False,),
    ),
    behaviours.LOCAL_PROBE_PORT: Boundary(
        (local({"port_80_health-probe_port": "8080"}),), the("probe"), "Http 31000 /healthz", "Tcp 8080",
    ),
    behaviours.PUBLIC_IP_NAMES_EXACT_CASE: Boundary(
        (service({"azure-pip-name": "PIP"}),), seen(stage), "public IP", "load balancer", PIP, "public IP",
    ),
    behaviours.PUBLIC_IP_NAMES_TRIMMED: Boundary(
        (service({"azure-pip-name": " pip"}),), seen(stage), "load balancer", "public IP", PIP, "load balancer",
    ),
    behaviours.NODES_PER_FAMILY: Boundary(
        (service({"azure-disable-load-balancer-floating-ip": "true"}),), destinations, ["10.0.0.4", "fd00::4"], ["10.0.0.4"],
        {"nodes": (Node("one", ("10.0.0.4", "fd00::4")),)},
    ),
    behaviours.KEPT_PRIVATE_ADDRESS: Boundary(
        (service(INTERNAL), service(APPS)), seen(private_address), None, "10.0.0.8", {"addresses": {NAME: "10.0.0.8"}},
    ),
    behaviours.RULE_FOLLOWS_PROBE: Boundary(
        (service(), local()), probe_of_rule, f"{NAME}-TCP-80", f"{NAME}-TCP-31000",
    ),
    behaviours.SHARED_FRONTENDS_ARE_IPV4: Boundary(
        (dual(BOTH_NAMES), dual(BOTH_NAMES, port(443), name="other", uid=OTHER_UID)), frontends,
        [NAME, f"{NAME}-IPv6"], [NAME, f"{NAME}-IPv6", f"{OTHER_NAME}-IPv6"], SIX, [NAME, f"{NAME}-IPv6"],
    ),
    behaviours.SHARED_PROBE_DROPPED: Boundary(
        (service(), local()), probes, ["cluster-service-shared-health-probe", f"{NAME}-TCP-31000"], [f"{NAME}-TCP-31000"],
        {"probe_mode": "shared"},
    ),
    behaviours.STALE_PUBLIC_IPS: Boundary(
        (service(), service({"azure-pip-name": "pip"})), frontends, [NAME], [], PIP, [NAME],
    ),
    behaviours.ACCESS_CONTROL: Boundary(
        (service({"azure-allowed-ip-ranges": "10.0.0.0/8"}),), the("allowed"), ("Internet",), ("10.0.0.0/8",),
    ),
    # In 1.27 and 1.28 dual stack came before access control, which is where the row acts.
    behaviours.SOURCES_PER_FAMILY: Boundary(
        (ipv6(load_balancer_source_ranges=("10.0.0.0/8", "2001:db8::/32")),), the("allowed"),
        ("10.0.0.0/8",), ("2001:db8::/32",), at=("1.26.20",),
    ),
    behaviours.CONFLICT_EVENT: Boundary(
        (service({"azure-allowed-service-tags": "Sql"}, load_balancer_source_ranges=("10.0.0.0/8",)),), the("events"),
        (), ("ConflictConfiguration",),
    ),
    behaviours.PUBLIC_IP_NAME_LIMIT: Boundary(
        (service(),), seen(public_ip_names), [f"{'c' * 50}-{NAME}"], [f"{'c' * 50}-{NAME}"[:75]],
        {"cluster_name": "c" * 50},
    ),
    behaviours.DENY_INVALID_RANGES: Boundary(
        (service(load_balancer_source_ranges=("10.0.0.0/99",)),), seen(lambda d: (stage(d), READ["denied"](d))),
        ("security group", False), (None, True),
    ),
    behaviours.RENUMBERED_NSG_PRIORITIES: Boundary(
        (service(None, port(80), port(443)),), seen(priorities), [500, 501], [501, 500], ended=[500],
    ),
    behaviours.STANDARD_BY_DEFAULT: Boundary((), sku_without_setting, "basic", "standard"),
    behaviours.NAME_LIMIT_75: Boundary(
        (service(LONG_SUBNET),), seen(lambda d: len(str(READ["frontend"](d)))), 80, 75,
    ),
    behaviours.FAMILY_PUBLIC_IPS: Boundary(
        (dual({"azure-pip-name": "four", "azure-pip-name-ipv6": "six"}, cluster_ips=("fd00::1", "10.1.0.1")),),
        the("public_ip"), "four", "six", SIX,
    ),
    behaviours.POOLS_PER_FAMILY: Boundary((dual(),), pools, ["kubernetes"], ["kubernetes", "kubernetes-IPv6"]),
    behaviours.IPV6_SUFFIX_EVERYWHERE: Boundary(
        (ipv6(),), the("public_ip"), f"kubernetes-{NAME}", f"kubernetes-{NAME}-IPv6", ended=f"kubernetes-{NAME}",
    ),
    behaviours.DUAL_STACK: Boundary(
        (dual(),), the("probe_names"), (f"{NAME}-TCP-80",), (f"{NAME}-TCP-80", f"{NAME}-TCP-80-IPv6"),
    ),
    behaviours.MULTIPLE_LOAD_BALANCERS: Boundary(
        (service(), other()), the("load_balancer"), "kubernetes", "lb2", several(),
    ),
    behaviours.SELECTED_LOAD_BALANCERS_FIRST: Boundary(
        (service(labels={"tier": "web"}),), the("load_balancer"), "kubernetes", "lb2", several(slb("kubernetes"), WEB),
    ),
    behaviours.SCALE_SET_NOT_NAMED: Boundary(
        (service({"azure-load-balancer-mode": "other"}),), seen(refusal),
        "scale set (other) - not found", "scale set not found",
        {"load_balancer_sku": BASIC, "nodes": (Node("vmss000000", ()),)},
    ),
    behaviours.LOAD_BALANCER_NAMES_WITHOUT_CASE: Boundary(
        (), lambda cluster, _: [fault.message for fault in configuration_faults(cluster)],
        [], ["duplicated multiple standard load balancer configuration name LB2"],
        several(slb("kubernetes"), slb("lb2"), slb("LB2", primary_vm_set="third")),
    ),
    behaviours.BOTH_KINDS_COUNTED: Boundary(
        (service(INTERNAL), other()), the("load_balancer"), "kubernetes", "lb2", several(), "kubernetes",
    ),
    behaviours.INTERNAL_LOAD_BALANCERS_COUNTED: Boundary(
        (service(), other(INTERNAL)), the("load_balancer"), "lb2-internal", "kubernetes-internal", several(),
    ),
    behaviours.SHARED_PROBE: Boundary(
        (service(),), the("probe"), "Tcp 30080", "Http 10256 /healthz", {"probe_mode": "Shared"},
    ),
    behaviours.SHARED_NSG_RULES: Boundary(
        (service(),), the("security_rules"),
        (f"{NAME}-TCP-80-Internet",), ("k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77",),
    ),
    behaviours.STRICT_ADDITIONAL_IPS: Boundary(
        (service({"azure-additional-public-ips": "1.1.1.1, 2.2.2.2"}),), seen(refusal), None,
        "invalid service annotation service.beta.kubernetes.io/azure-additional-public-ips:1.1.1.1, 2.2.2.2: invalid"
        ' CIDR ` 2.2.2.2`: ParseAddr(" 2.2.2.2"): unexpected character (at " 2.2.2.2")',
    ),
    behaviours.TRIMMED_RANGES: Boundary(
        (service({"azure-allowed-ip-ranges": "10.0.0.0/8, 192.168.0.0/16"}),), the("denied"), True, False,
    ),
    behaviours.RETAINED_SHARED_PORTS: Boundary(
        (service({"azure-pip-name": "pip"}), other({"azure-pip-name": "pip"}, port(443))), allowed_ports,
        ["443"], ["80", "443"], PIP,
    ),
    behaviours.REPEATED_SHARED_PORTS: Boundary(
        (
            service(NODE_PORTS, port(80), port(443)), other(NODE_PORTS), other(NODE_PORTS, name="third", uid="c" * 32),
            service(NODE_PORTS, port(443)),
        ),
        lambda cluster, services: [
            rule.destination_ports.value for rule in derive_all(services, cluster).azure.security_rules.values()
        ],
        [("30080",), ("30443",)], [("30080", "30080"), ("30443",)],
        {"nodes": (Node("n1", ("10.224.0.4",)),)},
    ),
    behaviours.SINGLE_NSG_DESTINATION: Boundary(
        (service(),), seen(lambda d: d.security_rules[0].single_destination), False, True,
    ),
    behaviours.AGGREGATED_RANGES: Boundary(
        (service(load_balancer_source_ranges=("192.168.0.0/25", "192.168.0.128/25")),), the("allowed"),
        ("192.168.0.0/25,192.168.0.128/25",), ("192.168.0.0/24",),
    ),
    behaviours.NULL_TAG_VALUES: Boundary(
        (service({"azure-pip-tags": "a= null "}),), seen(lambda d: (written_tags(d) or {})["a"]), "null", " null ",
    ),
    behaviours.SILENT_RANGE_WARNINGS: Boundary(
        (service(load_balancer_source_ranges=("10.0.0.1/8",)),),
        seen(lambda d: [(event.reason, event.recorded) for event in d.events]),
        [("InvalidConfiguration", True)], [("InvalidSourceRanges", False)],
    ),
    behaviours.EMPTY_FAMILIES_MEAN_IPV4: Boundary((service(ip_families=()),), the("rules"), (), ("Tcp 80 to 80",)),
    behaviours.NO_INTERNET_BESIDE_ANY: Boundary(
        (service(load_balancer_source_ranges=("0.0.0.0/0",)),), the("allowed"),
        ("Internet", "0.0.0.0/0"), ("0.0.0.0/0",),
    ),
    behaviours.IPV6_PUBLIC_IP_NAMES: Boundary(
        (ipv6({"azure-pip-name-ipv6": "six"}),), the("public_ip"), f"kubernetes-{NAME}", "six", SIX,
    ),
    # The first Service is refused after its security rules were written, so its address is in no status.
    behaviours.MANAGED_NSG_RULES_BY_NAME: Boundary(
        (service({"azure-pls-create": "true"}), other()), destinations,
        ["20.0.0.1", "20.0.0.2"], ["20.0.0.2"], {"addresses": BOTH_ADDRESSES},
    ),
    behaviours.PINNED_LOAD_BALANCER: Boundary(
        (service(), other({"azure-pip-name": "pip"}), service({"azure-pip-name": "pip"}, port(90), name="third", uid="3")),
        the("load_balancer"), "kubernetes", "lb2", several(**PIP),
    ),
    behaviours.PUBLIC_ADDRESS_CHECK: Boundary(
        (service(load_balancer_ip="10.0.0.4"),), seen(refusal),
        "findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address 10.0.0.4 in resource group rg",
        'external Service "shop/web" cannot use non-public LoadBalancer IP "10.0.0.4"; use an internal LoadBalancer'
        " annotation or a valid Azure Public IP address",
    ),
    # Refused before the public IP is settled: by then it has become an IPv4 one, which the Service does select.
    behaviours.IPV4_IGNORES_IPV6_NAME: Boundary(
        (ipv6(), other({"azure-pip-name": f"kubernetes-{NAME}", "azure-load-balancer-health-probe-interval": "0"})),
        services_on_public_ips,
        ["shop/web,shop/other"], ["shop/web"], {"addresses": {f"kubernetes-{NAME}": "2603::1"}},
    ),
    behaviours.EMPTY_LOAD_BALANCER_FIRST: Boundary(
        (service({"azure-load-balancer-configurations": "lb2", "port_80_no_lb_rule": "true"}), other()),
        the("load_balancer"), "kubernetes", "lb2", several(),
    ),
    behaviours.DISABLE_NSG_RULE: Boundary(
        (service({"azure-disable-load-balancer-nsg-rule": "true"}),), the("allowed"), ("Internet",), (),
    ),
    behaviours.SERVICE_GATEWAY: Boundary(
        (service(),), the("load_balancer"), "kubernetes", UID,
        {"service_gateway": True, "load_balancer_sku": "service", "pool_type": "podIP"},
    ),
}  # fmt: skip

#: Rows that no derivation can show, with the reason.
NOT_DERIVED = {
    behaviours.PUBLIC_IPS_KEPT_BY_GROUP: "it is about steps within two minutes: recorded histories show it",
    behaviours.AZURE_ERRORS_IN_PARTS: "it is about steps within two minutes: recorded histories show it",
    behaviours.SKU_IN_CAPITALS: "it is about a provider that does not start: a recording shows it",
    behaviours.LABEL_TAG_TAKEN_OFF: "it is about a deletion: recorded histories show it",
    behaviours.FRESH_PUBLIC_IPS: "it is about the second of two edits: recorded histories show it",
    behaviours.PRIVATE_ADDRESS_OF_STATUS: "it is about a Service that moves: recorded histories show it",
    behaviours.FAMILY_OF_EMPTY_FAMILIES: "it is about a frontend from before dual stack: recorded upgrades show it",
    behaviours.OTHER_KIND_LEFT_ON_DELETION: "it is about a deletion: recorded histories show it",
    behaviours.REFERENCES_BEFORE_TAGS: "it is about a deletion: recorded histories show it",
    behaviours.NODE_ADDRESSES_REMOVED: "it is about nodes that go: recorded histories show it",
    **dict.fromkeys(
        (
            behaviours.UNREADY_NODES_REMOVED,
            behaviours.UNREADY_NODES_OF_LOCAL,
            behaviours.STABLE_NODE_SET,
            behaviours.EXCLUSION_READ,
        ),
        "it is about which nodes are members of a pool: the recordings of members show it",
    ),
    behaviours.NODES_WHERE_NONE_WERE: "it is about which nodes are on which load balancer: recorded histories show it",
    behaviours.USER_ASSIGNED_IP_TAGS_KEPT: "it is about the second of two edits: recorded histories show it",
    behaviours.PRIVATE_LINK_DELETED_FIRST: "it is about an edit from internal to public: recorded histories show it",
    behaviours.IP_TAG_MUTATION: "it is about a change of IP tags, and a derivation starts from nothing",
}

#: Rows that only decide which sentence an explanation carries: what they say comes about by another row's end.
SENTENCE_ONLY = {behaviours.APP_PROTOCOL_PROBE}


def before(date: ProviderVersion) -> ProviderVersion | None:
    """The release before *date*: the patch before it, or the newest one of the minor before."""
    if date.patch:
        return date._replace(patch=date.patch - 1)
    older = date.minor - 1
    return ProviderVersion(1, older, NEWEST_PATCH[older]) if older in NEWEST_PATCH else None


class Crossing(NamedTuple):
    """Two neighbouring releases, with what is read in each of them."""

    row: Behaviour
    old: ProviderVersion
    new: ProviderVersion
    expected: tuple[object, object]


def crossings() -> Iterator[Crossing]:
    """Each date at which a row comes or goes. A first patch whose minor before has the row already is none."""
    for row, boundary in TABLE.items():
        for date in row.since:
            old = before(date)
            if old is None or row in behaviours_of(old) or (boundary.at and str(date) not in boundary.at):
                continue
            yield Crossing(row, old, date, (boundary.before, boundary.after))
        for date in row.until:
            old = before(date)
            if old is not None and row in behaviours_of(old):
                yield Crossing(row, old, date, (boundary.after, boundary.ended))


CROSSINGS = [pytest.param(crossing, id=f"{crossing.row}-{crossing.new}") for crossing in crossings()]
ARRIVALS = {crossing.row: crossing.new for crossing in crossings() if crossing.row in behaviours_of(crossing.new)}


def found(row: Behaviour, version: ProviderVersion, without: frozenset[str] = frozenset()) -> object:
    boundary = TABLE[row]
    cluster = on(str(version), **boundary.settings)
    return boundary.read(cluster._replace(behaviours=cluster.behaviours - without), boundary.services)


@pytest.mark.parametrize("crossing", CROSSINGS)
def test_both_sides_of_each_date(crossing: Crossing) -> None:
    assert crossing.expected == (found(crossing.row, crossing.old), found(crossing.row, crossing.new))


@pytest.mark.parametrize(
    "row", [row for row in ARRIVALS if row not in {*SENTENCE_ONLY, behaviours.STANDARD_BY_DEFAULT}]
)
def test_it_is_the_row_that_makes_the_difference(row: Behaviour) -> None:
    """Without the row, a release that has it does what the releases before it did."""
    assert TABLE[row].before == found(row, ARRIVALS[row], frozenset({row}))


@pytest.mark.parametrize("row", SENTENCE_ONLY)
def test_some_rows_are_only_told(row: Behaviour) -> None:
    version, services = ARRIVALS[row], TABLE[row].services
    cluster = on(str(version))
    told, untold = (
        balancer(derive_all(services, cluster._replace(behaviours=names)).derivations[-1]).probes[0].protocol
        for names in (cluster.behaviours, cluster.behaviours - {row})
    )
    assert (told.value, told.origin) == (untold.value, untold.origin)
    assert told.notes == (row.note,)
    assert row.note not in untold.notes


def test_every_row_is_tested() -> None:
    assert sorted(BEHAVIOURS) == sorted([*TABLE, *NOT_DERIVED])
    assert set(TABLE) == set(ARRIVALS), "every row has a date whose both sides are known"


@pytest.mark.parametrize("row", BEHAVIOURS, ids=str)
def test_dates_are_of_releases_that_exist(row: Behaviour) -> None:
    for dates in (row.since, row.until):
        assert list(dates) == sorted(dates), "in the order of releases"
        assert len(dates) == len({date.minor for date in dates}), "one date for each minor"
        for date in dates:
            assert OLDEST < date <= NEWEST
            assert date.patch <= NEWEST_PATCH[date.minor]


@pytest.mark.parametrize("row", BEHAVIOURS, ids=str)
def test_dates_leave_no_minor_out(row: Behaviour) -> None:
    """From its first minor on a behaviour is dated in each minor, until all later ones have it."""
    for dates in (row.since, row.until):
        minors = [date.minor for date in dates]
        assert minors == list(range(minors[0], minors[0] + len(minors))) if minors else True


def test_ids_and_summaries_are_unique() -> None:
    assert len(BEHAVIOURS) == len(set(BEHAVIOURS)) == len({row.summary for row in BEHAVIOURS})


@pytest.mark.parametrize(
    ("row", "note"),
    [
        (behaviours.DISABLE_NSG_RULE, "since 1.35.6, 1.36.2: azure-disable-load-balancer-nsg-rule keeps the provider from opening the Service in the NSG"),
        (behaviours.IPV6_SUFFIX_EVERYWHERE, "since 1.27.0 until 1.27.2: the public IP of a single-stack IPv6 Service is named with -IPv6 too"),
    ],
)  # fmt: skip
def test_note_says_from_when_on_and_what(row: Behaviour, note: str) -> None:
    assert note == row.note


@pytest.mark.parametrize(
    ("row", "version", "has"),
    [
        (behaviours.SHARED_PROBE, "1.28.4", False),
        (behaviours.SHARED_PROBE, "1.28.5", True),
        (behaviours.SHARED_PROBE, "1.29.0", True),
        (behaviours.SHARED_PROBE, str(NEWEST), True),
        (behaviours.RETAINED_SHARED_PORTS, "1.29.15", True),
        (behaviours.RETAINED_SHARED_PORTS, "1.30.0", False),
        (behaviours.RETAINED_SHARED_PORTS, "1.30.1", True),
        (behaviours.PROBE_TCP_UNLESS_PATH, "1.23.30", True),
        (behaviours.PROBE_TCP_UNLESS_PATH, "1.24.0", False),
        (behaviours.PUBLIC_IP_NAMES_EXACT_CASE, "1.24.13", False),
        (behaviours.PUBLIC_IP_NAMES_EXACT_CASE, "1.24.22", True),
        (behaviours.PUBLIC_IP_NAMES_EXACT_CASE, "1.25.20", True),
        (behaviours.PUBLIC_IP_NAMES_EXACT_CASE, "1.25.21", False),
        (behaviours.PUBLIC_IP_NAMES_EXACT_CASE, "1.26.16", True),
        (behaviours.PUBLIC_IP_NAMES_EXACT_CASE, "1.29.0", False),
    ],
)
def test_a_minor_is_judged_by_its_own_date(row: Behaviour, version: str, has: bool) -> None:
    assert has == (row in behaviours_of(ProviderVersion.parse(version)))
