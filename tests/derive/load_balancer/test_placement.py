"""Multiple standard load balancers: where a Service is put, why, and what the provider refuses.

Placement, moves and texts were compared with the provider's own code, run with an ARM in memory, in 1.28.0, 1.28.14,
1.33.12 and 1.36.5; the dates between them come from reading its source release by release.
"""

from typing import Any

import pytest

from kubectl_akslb.derive.load_balancer.configurations import configuration_faults
from kubectl_akslb.derive.load_balancer.selectors import SelectorError, described, matches
from kubectl_akslb.derive.reconcile import derive_all, derive_on
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP, LoadBalancerConfiguration, Node
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, Derivation
from kubectl_akslb.model.provenance import ANNOTATION, CLUSTER_SETTING, PROVIDER, SPEC
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import bare

PREFIX = "service.beta.kubernetes.io/"
ON = PREFIX + "azure-load-balancer-configurations"
IPV4 = PREFIX + "azure-load-balancer-ipv4"
PIP_NAME = PREFIX + "azure-pip-name"
INTERNAL = {PREFIX + "azure-load-balancer-internal": "true"}
NO_RULE = {PREFIX + "port_80_no_lb_rule": "true"}
LATEST = str(NEWEST)

Selector = dict[str, Any]


def labels(**wanted: str) -> Selector:
    return {"matchLabels": wanted}


def slb(name: str, **settings: Any) -> LoadBalancerConfiguration:
    return LoadBalancerConfiguration(name, **{"primary_vm_set": f"set-{name}", **settings})


THREE = (slb("kubernetes"), slb("lb2"), slb("lb3"))


def cluster(
    version: str = LATEST, load_balancers: tuple[LoadBalancerConfiguration, ...] = THREE, **settings: Any
) -> Cluster:
    parsed = ProviderVersion.parse(version)
    known = (ExistingPublicIP("pip1", "20.1.2.3"), ExistingPublicIP("pip2", "20.1.2.4"))
    fixed: dict[str, Any] = {"pool_type": "nodeIP", "existing_public_ips": known, "load_balancers": load_balancers}
    return Cluster(parsed, behaviours_of(parsed), **{**fixed, **settings})


def service(
    name: str, ports: int = 1, annotations: dict[str, str] | None = None, first: int = 80, **fields: Any
) -> Service:
    listed = tuple(ServicePort(i, f"p{i}", "TCP", first + i, 30000 + first + i) for i in range(ports))
    defaults: dict[str, Any] = {
        "namespace": "shop",
        "uid": f"{name}-uid",
        "type": "LoadBalancer",
        "ip_families": ("IPv4",),
    }
    return Service(name=name, annotations=annotations or {}, ports=listed, **{**defaults, **fields})


def last(of: Cluster, *services: Service) -> Derivation:
    return derive_all(services, of).derivations[-1]


def placed(of: Cluster, *services: Service) -> str:
    """Where the last of the Services is put."""
    found = last(of, *services)
    assert found.load_balancer is not None, found.refusal
    return found.load_balancer.name.value


def refused(of: Cluster, *services: Service) -> str:
    """With which text the last of the Services is refused."""
    found = last(of, *services)
    assert found.refusal is not None, found.load_balancer
    assert LOAD_BALANCER_STAGE == found.refusal.stage
    return found.refusal.message


def why(of: Cluster, *services: Service) -> tuple[str, ...]:
    found = last(of, *services)
    assert found.load_balancer is not None, found.refusal
    return found.load_balancer.name.notes


# --- when it counts


@pytest.mark.parametrize(
    ("version", "settings", "expected"),
    [
        ("1.27.21", {}, "kubernetes"),
        ("1.28.0", {}, "lb2"),
        (str(LATEST), {}, "lb2"),
        (str(LATEST), {"load_balancer_sku": "basic"}, "kubernetes"),
        (str(LATEST), {"load_balancer_sku": "Standard"}, "lb2"),
        (str(LATEST), {"load_balancers": ()}, "kubernetes"),
    ],
)
def test_needs_configurations_sku_standard_and_1_28(version: str, settings: dict[str, Any], expected: str) -> None:
    of = cluster(version, **{"load_balancers": THREE, **settings})
    assert expected == placed(of, service("a"), service("b"))


# --- the annotation


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (ON, "lb2", "lb2"),
        (ON, "LB2", "lb2"),
        (ON, " lb3 , lb2 ", "lb2"),
        (ON, "lb9,lb3", "lb3"),
        (ON, "lb2,", "lb2"),
        (ON.upper(), "lb3", "lb3"),
        (ON, "lb3", "lb3"),
    ],
)
def test_annotation_chooses(key: str, value: str, expected: str) -> None:
    assert expected == placed(cluster(), service("a"), service("b", annotations={key: value}))


@pytest.mark.parametrize(("value", "count"), [("lb9", 1), ("", 1), (",", 2), ("lb8,lb9", 2)])
def test_annotation_names_no_configuration(value: str, count: int) -> None:
    expected = f'service "a" selects {count} load balancers by annotation, but none of them is defined in cloud provider configuration'
    assert expected == refused(cluster(), service("a", annotations={ON: value}))


def test_annotation_in_two_spellings_of_its_key_counts_twice() -> None:
    assert "lb2" == placed(cluster(), service("a", annotations={ON: "lb3", ON.upper(): "lb2"}))


def test_configuration_names_compare_without_case() -> None:
    assert "LB2" == placed(
        cluster(load_balancers=(slb("kubernetes"), slb("LB2"))), service("a", annotations={ON: "lb2"})
    )


# --- the choice among those that are left


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((), "kubernetes"),
        ((1,), "lb2"),
        ((1, 1), "lb3"),
        ((1, 1, 1), "kubernetes"),
        ((3, 2, 2), "lb2"),
        ((3, 2, 1), "lb3"),
        ((3, 2, 2, 1), "lb3"),
    ],
)
def test_first_that_does_not_exist_then_fewest_rules(counts: tuple[int, ...], expected: str) -> None:
    earlier = [service(f"earlier-{index}", count) for index, count in enumerate(counts)]
    assert expected == placed(cluster(), *earlier, service("z"))


def test_first_is_by_the_order_of_the_configurations() -> None:
    of = cluster(load_balancers=(slb("zz"), slb("kubernetes"), slb("lb2")))
    assert ["zz", "kubernetes", "lb2"] == [placed(of, *map(service, "abc"[: n + 1])) for n in range(3)]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.33.14", "kubernetes"), ("1.33.15", "lb2"),
        ("1.34.11", "kubernetes"), ("1.34.12", "lb2"),
        ("1.35.6", "kubernetes"), ("1.35.7", "lb2"),
        ("1.36.2", "kubernetes"), ("1.36.3", "lb2"),
    ],
)  # fmt: skip
def test_existing_load_balancer_without_rules_comes_first(version: str, expected: str) -> None:
    assert expected == placed(cluster(version), service("a", annotations={ON: "lb2", **NO_RULE}), service("b"))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.28.9", "lb2-internal"), ("1.28.10", "kubernetes-internal"),
        ("1.29.5", "lb2-internal"), ("1.29.6", "kubernetes-internal"),
        ("1.30.1", "lb2-internal"), ("1.30.2", "kubernetes-internal"),
        ("1.31.0", "kubernetes-internal"),
    ],
)  # fmt: skip
def test_internal_load_balancers_are_counted_on_their_own(version: str, expected: str) -> None:
    assert expected == placed(cluster(version), service("a"), service("b", annotations=INTERNAL))


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.28.4", "kubernetes"), ("1.28.5", "lb2"), ("1.28.9", "lb2"), ("1.28.10", "kubernetes"), ("1.29.0", "lb2"), ("1.30.2", "kubernetes")],
)  # fmt: skip
def test_for_some_releases_both_kinds_were_counted_under_one_name(version: str, expected: str) -> None:
    assert expected == placed(cluster(version), service("a", annotations=INTERNAL), service("b"))


def test_before_that_public_rules_place_an_internal_service() -> None:
    earlier = service("a", 3), service("b", 1), service("c", 2)
    assert "lb2-internal" == placed(cluster("1.28.9"), *earlier, service("d", annotations=INTERNAL))


def test_public_and_internal_of_one_configuration_live_side_by_side() -> None:
    names = derive_all((service("a"), service("b", annotations=INTERNAL)), cluster()).azure.load_balancers
    assert ["kubernetes", "kubernetes-internal"] == list(names)


# --- selectors and allowServicePlacement

WEB = slb("lb2", service_label_selector=labels(tier="web"))
PROD = slb("lb3", service_namespace_selector=labels(env="prod"))
CLOSED = slb("lb2", allow_service_placement=False)


@pytest.mark.parametrize(
    ("load_balancers", "of_service", "expected"),
    [
        ((slb("kubernetes"), WEB), {"tier": "web"}, "lb2"),
        ((slb("kubernetes"), WEB), {"tier": "db"}, "kubernetes"),
        ((slb("kubernetes"), slb("lb2", service_label_selector={})), {}, "lb2"),
        ((slb("kubernetes"), PROD), {}, "lb3"),
        ((slb("kubernetes"), slb("lb3", service_namespace_selector=labels(env="test"))), {}, "kubernetes"),
        ((slb("kubernetes"), slb("lb3", service_namespace_selector=labels(**{"kubernetes.io/metadata.name": "shop"}))), {}, "lb3"),
        ((slb("kubernetes"), WEB, PROD), {"tier": "web"}, "lb2"),
        ((slb("kubernetes", allow_service_placement=False), slb("lb2")), {}, "lb2"),
    ],
)  # fmt: skip
def test_selectors(
    load_balancers: tuple[LoadBalancerConfiguration, ...], of_service: dict[str, str], expected: str
) -> None:
    of = cluster(load_balancers=load_balancers, namespace_labels={"shop": {"env": "prod"}})
    assert expected == placed(of, service("a", labels=of_service))


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.28.4", "kubernetes"), ("1.28.5", "lb2"), ("1.28.14", "lb2"), ("1.29.0", "lb2"), (str(LATEST), "lb2")],
)
def test_matching_selector_beats_no_selector(version: str, expected: str) -> None:
    assert expected == placed(cluster(version, (slb("kubernetes"), WEB)), service("a", labels={"tier": "web"}))


def test_selectors_apply_to_what_the_annotation_names() -> None:
    of = cluster(load_balancers=(slb("kubernetes"), WEB))
    assert "kubernetes" == placed(of, service("a", annotations={ON: "kubernetes"}, labels={"tier": "web"}))


def test_none_is_left() -> None:
    of = cluster(
        load_balancers=(
            slb("kubernetes", allow_service_placement=False), WEB, PROD, slb("lb4", allow_service_placement=False),
        ),
    )  # fmt: skip
    assert (
        'service "shop/a" selects 4 load balancers (kubernetes, lb2, lb3, lb4), but 2 of them (lb4, kubernetes) have'
        " AllowServicePlacement set to false and the service is not using any of them, 1 of them (lb2) do not match the"
        " service label selector, and 1 of them (lb3) do not match the service namespace selector"
    ) == refused(of, service("a"))


def test_the_annotation_is_named_where_none_of_those_that_it_lists_is_left() -> None:
    half = slb("lb2", service_label_selector=labels(tier="web"), service_namespace_selector=labels(env="prod"))
    given = service("a", annotations={ON: "lb2"}, labels={"tier": "web"})
    refusal = last(cluster(load_balancers=(slb("kubernetes"), half)), given).refusal
    assert refusal is not None
    assert ON == refusal.origin.path


def test_a_node_of_a_set_is_on_the_load_balancer_of_that_set() -> None:
    nodes = [
        Node(f"{pool}-vmss00000{index}", (f"10.0.0.{index}",)) for index, pool in enumerate(("a", "b", "b", "c"), 4)
    ]
    two = slb("kubernetes", primary_vm_set="a-vmss"), slb("lb2", primary_vm_set="B-vmss")
    services = service("a", annotations={ON: "kubernetes"}), service("b", annotations={ON: "lb2"})
    places = derive_all(services, cluster(load_balancers=two, nodes=tuple(nodes))).azure.places_of_nodes
    assert ["kubernetes", "lb2", "lb2", "kubernetes"] == [places[one.name] for one in nodes]


def test_selector_that_matches_half_drops_everything() -> None:
    half = slb("lb2", service_label_selector=labels(tier="web"), service_namespace_selector=labels(env="prod"))
    of = cluster(load_balancers=(slb("kubernetes"), half))
    assert "parameter loadBalancerName cannot be empty" == refused(of, service("a", labels={"tier": "web"}))


def test_closed_load_balancer_keeps_its_services() -> None:
    azure = derive_all((service("a"), service("b")), cluster(load_balancers=(slb("kubernetes"), slb("lb2")))).azure
    closed = cluster(load_balancers=(slb("kubernetes"), CLOSED))
    again, new = (derive_on(service(name), closed, azure).load_balancer for name in "bc")
    assert again is not None
    assert new is not None
    assert ("lb2", "kubernetes") == (again.name.value, new.name.value)


EXPRESSIONS: list[tuple[Selector, dict[str, str], bool]] = [
    ({}, {}, True),
    (labels(tier="web"), {"tier": "web", "more": "x"}, True),
    (labels(tier="web", env="prod"), {"tier": "web"}, False),
    ({"matchExpressions": [{"key": "t", "operator": "In", "values": ["a", "b"]}]}, {"t": "b"}, True),
    ({"matchExpressions": [{"key": "t", "operator": "In", "values": ["a", "b"]}]}, {}, False),
    ({"matchExpressions": [{"key": "t", "operator": "NotIn", "values": ["a"]}]}, {"t": "a"}, False),
    ({"matchExpressions": [{"key": "t", "operator": "NotIn", "values": ["a"]}]}, {}, True),
    ({"matchExpressions": [{"key": "t", "operator": "Exists"}]}, {"t": ""}, True),
    ({"matchExpressions": [{"key": "t", "operator": "Exists"}]}, {}, False),
    ({"matchExpressions": [{"key": "t", "operator": "DoesNotExist"}]}, {"t": ""}, False),
    ({"matchExpressions": [{"key": "t", "operator": "DoesNotExist"}]}, {}, True),
]


@pytest.mark.parametrize(("selector", "given", "expected"), EXPRESSIONS)
def test_selector_expressions(selector: Selector, given: dict[str, str], expected: bool) -> None:
    assert expected == matches(selector, given)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ({"key": "t", "operator": "Gt", "values": ["1"]}, '"Gt" is not a valid label selector operator'),
        ({"key": "t", "operator": "In"}, "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty"),
        ({"key": "t", "operator": "Exists", "values": ["a", "b"]}, 'values: Invalid value: ["a","b"]: values set must be empty for exists and does not exist'),
    ],
)  # fmt: skip
def test_unreadable_selector_fails_the_service(expression: Selector, text: str) -> None:
    selector = {"matchExpressions": [expression]}
    with pytest.raises(SelectorError) as caught:
        matches(selector, {})
    assert text == str(caught.value)
    of = cluster(load_balancers=(slb("kubernetes"), slb("lb2", service_label_selector=selector)))
    found = last(of, service("a"))
    assert found.refusal is not None
    assert (text, "multipleStandardLoadBalancerConfigurations[1].serviceLabelSelector") == (
        found.refusal.message,
        found.refusal.origin.path,
    )


def test_selector_in_words() -> None:
    selector = {
        "matchLabels": {"tier": "web"},
        "matchExpressions": [
            {"key": "env", "operator": "In", "values": ["prod", "test"]},
            {"key": "old", "operator": "DoesNotExist"},
            {"key": "team", "operator": "Exists"},
            {"key": "zone", "operator": "NotIn", "values": ["3"]},
        ],
    }
    assert "tier=web,env in (prod,test),!old,team,zone notin (3)" == described(selector)
    assert "everything" == described({})


# --- Services that are there already


def test_service_stays_where_it_is() -> None:
    others = service("b"), service("c")
    assert "kubernetes" == placed(cluster(), service("a", 3), *others, service("a", 4))


def test_service_moves_where_its_annotation_says_and_takes_everything_along() -> None:
    services = service("a"), service("b"), service("a", annotations={ON: "lb2"})
    azure = derive_all(services, cluster()).azure
    assert ["lb2"] == list(azure.load_balancers)
    assert ["abuid", "aauid"] == list(azure.load_balancers["lb2"].frontends)


@pytest.mark.parametrize(
    ("version", "to", "kept"),
    [
        (LATEST, "lb2", ("10.0.0.7", "Static")),
        (LATEST, "lb3", ("10.0.0.7", "Static")),
        ("1.32.4", "lb3", ("10.0.0.7", "Static")),
        ("1.32.3", "lb3", (None, "Dynamic")),
        ("1.32.3", "lb2", ("10.0.0.7", "Static")),
    ],
)
def test_internal_service_keeps_its_address_when_it_moves(version: str, to: str, kept: tuple[str | None, str]) -> None:
    """Up to 1.32.3 only where it moves to a load balancer that stands: lb2 has another Service on it, lb3 none."""
    known = {"aauid": "10.0.0.7", "abuid": "10.0.0.8"}
    services = [
        service("a", annotations={**INTERNAL, ON: "kubernetes"}),
        service("b", annotations={**INTERNAL, ON: "lb2"}),
    ]
    services.append(service("a", annotations={**INTERNAL, ON: to}))
    found = last(cluster(version, addresses=known), *services).load_balancer
    assert found is not None
    frontend = found.frontend_ip_configurations[0]
    assert kept == (bare(frontend.private_ip_address), bare(frontend.private_ip_allocation_method))


def test_who_stands_behind_a_service_that_moves_stays() -> None:
    on_one = {ON: "kubernetes"}
    services = [service("a", annotations=on_one), service("b", 1, on_one, 90), service("c", 1, on_one, 100)]
    azure = derive_all((*services, service("a", annotations={ON: "lb2"})), cluster()).azure
    assert ["abuid", "acuid"] == list(azure.load_balancers["kubernetes"].frontends)


def test_dual_stack_service_cannot_leave_its_last_place() -> None:
    both = ("IPv4", "IPv6")
    services = service("a", ip_families=both), service("a", ip_families=both, annotations={ON: "lb2"})
    assert "runtime error: slice bounds out of range [2:1]" == refused(cluster(), *services)


# --- addresses

BEFORE_PINNING = ["1.33.11", "1.34.8", "1.35.3"]
SINCE_PINNING = ["1.33.12", "1.34.9", "1.35.4", "1.36.0", str(LATEST)]


@pytest.mark.parametrize(
    ("version", "expected"), [*((v, "kubernetes") for v in BEFORE_PINNING), *((v, "lb2") for v in SINCE_PINNING)]
)
@pytest.mark.parametrize("annotations", [{PIP_NAME: "pip1"}, {PIP_NAME: "PIP1"}, {IPV4: "20.1.2.3"}])
def test_service_follows_its_public_ip(version: str, expected: str, annotations: dict[str, str]) -> None:
    holder = service("b", annotations={PIP_NAME: "pip1"})
    asking = service("d", annotations=annotations, first=90)
    assert expected == placed(cluster(version), service("a"), holder, service("c"), asking)


def test_service_follows_its_private_address() -> None:
    holder = service("b", annotations=INTERNAL, load_balancer_ip="10.0.0.50")
    asking = service("d", annotations=INTERNAL, load_balancer_ip="10.0.0.50", first=90)
    first, third = service("a", annotations=INTERNAL), service("c", annotations=INTERNAL)
    assert "lb2-internal" == placed(cluster(), first, holder, third, asking)


@pytest.mark.parametrize(
    "fields",
    [
        {"annotations": {ON: "lb2", PIP_NAME: "pip1"}},
        {"annotations": {ON: "lb2", IPV4: "20.1.2.3"}},
        {"annotations": {ON: ""}, "load_balancer_ip": "20.1.2.3"},
        {"annotations": {ON: "lb2", **INTERNAL}, "load_balancer_ip": "10.0.0.50"},
    ],
)
def test_address_and_load_balancer_exclude_each_other(fields: dict[str, Any]) -> None:
    assert (
        'service "a" has conflicting load balancer configuration: both a load balancer name'
        " (service.beta.kubernetes.io/azure-load-balancer-configurations) and an IP address are specified. When an IP"
        " address is specified (via spec.loadBalancerIP, azure-load-balancer-ipv4/ipv6, or azure-pip-name), the service"
        " must use the load balancer where that IP resides. To fix, either (1) remove the"
        " service.beta.kubernetes.io/azure-load-balancer-configurations annotation to stay on the load balancer where the"
        " IP resides, or (2) remove the IP annotation to move to the specified load balancer (external services only)"
    ) == refused(cluster(), service("a", **fields))


@pytest.mark.parametrize("version", BEFORE_PINNING)
def test_before_pinning_both_may_be_given(version: str) -> None:
    assert "lb2" == placed(cluster(version), service("a", annotations={ON: "lb2", PIP_NAME: "pip1"}))


def test_address_on_a_load_balancer_that_is_not_eligible() -> None:
    of = cluster(load_balancers=(slb("kubernetes"), slb("lb3"), WEB))
    holder = service("a", annotations={PIP_NAME: "pip1"}, labels={"tier": "web"})
    assert (
        'service "d" specifies an IP that resides on load balancer "lb2", which is not in the eligible set [kubernetes'
        " lb3]; check or adjust the load balancer eligibility configuration (ServiceLabelSelector,"
        " ServiceNamespaceSelector, or AllowServicePlacement)"
    ) == refused(of, holder, service("d", annotations={PIP_NAME: "pip1"}, first=90))


@pytest.mark.parametrize(
    ("annotations", "version", "expected"),
    [
        ({PIP_NAME: "nope"}, str(LATEST), 'look up load balancer by public IP for service "a": find public IP by name "nope": findMatchedPIPByName: failed to find PIP nope in resource group rg'),
        ({IPV4: "20.9.9.9"}, "1.33.12", 'look up load balancer by public IP for service "a": find public IP by address "20.9.9.9": findMatchedPIPByLoadBalancerIP: cannot find public IP with IP address 20.9.9.9 in resource group rg'),
        ({IPV4: "10.9.9.9"}, str(LATEST), 'look up load balancer by public IP for service "a": find public IP by address "10.9.9.9": external Service "shop/a" cannot use non-public LoadBalancer IP "10.9.9.9"; use an internal LoadBalancer annotation or a valid Azure Public IP address'),
        ({PIP_NAME: "nope"}, "1.33.11", "PublicIP from annotation azure-pip-name(-IPv6)=nope for service shop/a doesn't exist"),
    ],
)  # fmt: skip
def test_address_that_does_not_exist(annotations: dict[str, str], version: str, expected: str) -> None:
    found = refused(cluster(version), service("a", annotations=annotations))
    if version == "1.33.12":
        found = found.partition(": getExpectedPIPFromListByIPAddress")[0]
    assert expected == found


def test_of_two_addresses_the_one_counts_that_is_on_a_load_balancer() -> None:
    asking = service("d", annotations={IPV4: "20.1.2.4", PIP_NAME: "pip1"}, first=90)
    assert "lb2" == placed(cluster(), service("a"), service("b", annotations={PIP_NAME: "pip1"}), asking)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"annotations": {IPV4: "20.1.2.3", PIP_NAME: "nope"}},
            "reconcilePublicIP for service(shop/d): pip(nope) not found",
        ),
        (
            {"annotations": {PIP_NAME: "pip1", f"{PIP_NAME}-ipv6": "nope"}, "ip_families": ("IPv4", "IPv6")},
            "PublicIP from annotation azure-pip-name(-IPv6)=nope for service shop/d doesn't exist",
        ),
    ],
)
def test_behind_the_one_that_is_on_a_load_balancer_none_is_looked_for(fields: dict[str, Any], expected: str) -> None:
    holder = service("b", annotations={PIP_NAME: "pip1"})
    refusal = last(cluster(), service("a"), holder, service("d", first=90, **fields)).refusal
    assert refusal is not None
    assert expected == refusal.message


def test_frontend_that_others_use_cannot_move() -> None:
    of = cluster(addresses={"kubernetes-aauid": "20.5.5.5"})
    sharing = service("b", annotations={IPV4: "20.5.5.5"}, first=90)
    assert (
        'service "a" cannot migrate from load balancer "kubernetes" to "lb2" because frontend IP "aauid" is also'
        " referenced by other resources; remove the service.beta.kubernetes.io/azure-load-balancer-configurations"
        ' annotation to stay on load balancer "kubernetes"'
    ) == refused(of, service("a"), sharing, service("a", annotations={ON: "lb2"}))


def test_public_ip_with_another_clusters_tag_pins_nothing() -> None:
    managed = service("c", annotations={PIP_NAME: "kubernetes-abuid"}, first=90)
    services = service("a"), service("b"), managed
    assert "lb2" == placed(cluster(), *services)
    # The tag says "kubernetes", the cluster calls itself "other": the Service is to go elsewhere, and cannot.
    assert 'service "c" cannot migrate from load balancer "lb2" to "lb3"' in refused(
        cluster(load_balancer_name="other"), *services
    )


# --- reasons


def test_reasons_name_what_was_dropped_and_why() -> None:
    closed = slb("kubernetes", allow_service_placement=False)
    of = cluster(load_balancers=(closed, WEB, PROD, slb("lb4"), slb("lb5")))
    asked = service("a", annotations={ON: "kubernetes,lb2,lb3,lb4,lb9"})
    assert (
        "'lb9' in azure-load-balancer-configurations is not configured: ignored",
        "kubernetes: allowServicePlacement is false, and the Service is not on it",
        "lb2: serviceLabelSelector tier=web does not match the labels of the Service",
        "lb3: serviceNamespaceSelector env=prod does not match the labels of namespace shop",
        "lb5: not in azure-load-balancer-configurations",
        "the labels of namespace shop are not known: taken to be kubernetes.io/metadata.name alone",
        "lb4: the first that does not exist yet",
    ) == why(of, asked)


OTHERS = "Services of the cluster that are not in this explanation have rules too, and can change the choice"


@pytest.mark.parametrize(
    ("version", "services", "expected"),
    [
        (LATEST, [service("a")], ("kubernetes: the first that does not exist yet", OTHERS)),
        (LATEST, [service("a"), service("a")], ("kubernetes: the Service is on it already",)),
        (LATEST, [service("a", annotations={PIP_NAME: "pip1"}), service("b", annotations={PIP_NAME: "pip1"}, first=90)], ("kubernetes: it holds the address that the Service asks for",)),
        (LATEST, [service("a", annotations={ON: "lb3", **NO_RULE}), service("b")], ("lb3: exists and has no rules", OTHERS)),
        (LATEST, [service("a", 2), service("b"), service("c", 3), service("d")], ("lb2: fewest rules, 1 (kubernetes has 2, lb3 has 3)", OTHERS)),
        (LATEST, [service("a", 2), service("b"), service("c"), service("d")], ("lb2: fewest rules, 1 (kubernetes has 2, lb3 has 1)", "of several with as many rules the first in Azure's list is taken; here the first by name", OTHERS)),
        ("1.28.9", [service("a", annotations=INTERNAL)], ("kubernetes: the first that does not exist yet", "before 1.28.10, 1.29.6, 1.30.2 the rules of the public load balancers place an internal Service too", OTHERS)),
    ],
)  # fmt: skip
def test_reasons_of_the_choice(version: str, services: list[Service], expected: tuple[str, ...]) -> None:
    assert expected == why(cluster(version), *services)


@pytest.mark.parametrize(
    ("services", "kind", "path"),
    [
        ([service("a")], CLUSTER_SETTING, "multipleStandardLoadBalancerConfigurations[0]"),
        ([service("a", annotations={ON: "lb2"})], ANNOTATION, ON),
        ([service("a", annotations={ON.upper(): "lb2"})], ANNOTATION, ON.upper()),
        ([service("a"), service("a")], PROVIDER, "load balancer of the Service"),
        ([service("a", load_balancer_ip="20.1.2.3"), service("b", load_balancer_ip="20.1.2.3", first=90)], SPEC, "spec.loadBalancerIP"),
    ],
)  # fmt: skip
def test_origin_of_the_choice(services: list[Service], kind: str, path: str) -> None:
    found = last(cluster(), *services).load_balancer
    assert found is not None
    assert (kind, path) == (found.name.origin.kind, found.name.origin.path)
    assert found.name.origin in found.name.considered
    assert {"kubernetes", "lb2", "lb3"} <= {origin.raw for origin in found.name.considered}


# --- what the provider finds wrong with its own configuration


@pytest.mark.parametrize(
    ("version", "load_balancers", "settings", "expected"),
    [
        (LATEST, THREE, {}, []),
        (LATEST, (), {"pool_type": "nodeIPConfiguration"}, []),
        ("1.27.21", (slb("x"),), {}, []),
        (LATEST, THREE, {"pool_type": "nodeIPConfiguration"}, ["multiple standard load balancers cannot be used with backend pool type nodeIPConfiguration"]),
        (LATEST, (slb("kubernetes"), slb("x", primary_vm_set="s"), slb("x", primary_vm_set="t")), {}, ["duplicated multiple standard load balancer configuration name x"]),
        ("1.28.5", (slb("kubernetes"), slb("x", primary_vm_set="s"), slb("X", primary_vm_set="S")), {}, []),
        ("1.28.6", (slb("kubernetes"), slb("x", primary_vm_set="s"), slb("X", primary_vm_set="S")), {}, ["duplicated multiple standard load balancer configuration name X", "duplicated primary VMSet S in multiple standard load balancer configurations X"]),
        ("1.29.0", (slb("kubernetes"), slb("x", primary_vm_set="s"), slb("X", primary_vm_set="t")), {}, []),
        ("1.29.1", (slb("kubernetes"), slb("x", primary_vm_set="s"), slb("X", primary_vm_set="t")), {}, ["duplicated multiple standard load balancer configuration name X"]),
        (LATEST, (slb("kubernetes"), slb("x", primary_vm_set="")), {}, ["multiple standard load balancer configuration x must have primary VMSet"]),
        (LATEST, (slb("kubernetes", primary_vm_set="s"), slb("x", primary_vm_set="s")), {}, ["duplicated primary VMSet s in multiple standard load balancer configurations x"]),
        (LATEST, (slb("x"),), {}, ['multiple standard load balancers are enabled but no configuration named "kubernetes" is found']),
        (LATEST, (slb("Kubernetes"),), {}, []),
        (LATEST, (), {"disable_outbound_snat": True, "load_balancer_sku": "basic"}, ["disableOutboundSNAT should only set when loadBalancerSKU is standard"]),
        ("1.31.14", (), {"disable_outbound_snat": True, "load_balancer_sku": "basic"}, ["disableOutboundSNAT should only set when loadBalancerSku is standard"]),
        (LATEST, (), {"disable_outbound_snat": True}, []),
        (LATEST, (), {"load_balancer_sku": "basic"}, []),
    ],
)  # fmt: skip
def test_configuration_faults(
    version: str, load_balancers: tuple[LoadBalancerConfiguration, ...], settings: dict[str, Any], expected: list[str]
) -> None:
    assert expected == [fault.message for fault in configuration_faults(cluster(version, load_balancers, **settings))]


def test_missing_default_fails_every_service_and_the_others_the_start() -> None:
    of = cluster(load_balancers=(slb("x", primary_vm_set=""),))
    assert [True, False] == [fault.at_start for fault in configuration_faults(of)]
    assert 'multiple standard load balancers are enabled but no configuration named "kubernetes" is found' == refused(
        of, service("a")
    )


# --- backend pools


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["kubernetes"]),
        ({"ip_families": ("IPv6",)}, ["kubernetes-IPv6"]),
        ({"external_traffic_policy": "Local", "health_check_node_port": 32000}, ["shop-web"]),
        ({"external_traffic_policy": "Local", "health_check_node_port": 32000, "ip_families": ("IPv6",)}, ["shop-web-ipv6"]),
        ({"external_traffic_policy": "Local", "health_check_node_port": 32000, "ip_families": ("IPv4", "IPv6")}, ["shop-web", "shop-web-ipv6"]),
    ],
)  # fmt: skip
def test_pools_of_local_services_are_their_own(fields: dict[str, Any], expected: list[str]) -> None:
    found = last(cluster(), service("web", **fields)).load_balancer
    assert found is not None
    assert expected == [pool.value for pool in found.backend_pools]


@pytest.mark.parametrize(("version", "load_balancers"), [("1.27.21", THREE), (LATEST, ())])
def test_elsewhere_local_services_share_the_pool(
    version: str, load_balancers: tuple[LoadBalancerConfiguration, ...]
) -> None:
    local = service("web", external_traffic_policy="Local", health_check_node_port=32000)
    found = last(cluster(version, load_balancers), local).load_balancer
    assert found is not None
    assert ["kubernetes"] == [pool.value for pool in found.backend_pools]
