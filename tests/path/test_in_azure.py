"""What stands in Azure beside what is derived: each field that decides, changed alone, at the hop that it belongs to."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from kubectl_akslb.azure.resources import (
    AzureLoadBalancer,
    BackendAddress,
    BackendPool,
    BalancingRule,
    Frontend,
    IPConfiguration,
    LoadBalancerProbe,
    NetworkInterface,
    PublicIP,
    Resources,
    Route,
    RouteTable,
    VirtualMachine,
)
from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster, LoadBalancerConfiguration
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path import in_azure
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.walk import port_paths
from kubectl_akslb.path.way_back import way_back_hop
from tests.given.objects import Object, at, container, endpoint, live, node, piece, pod, service_object
from tests.given.on_nodes import LOCAL, derived
from tests.given.services import NAME, PUBLIC_ADDRESS, UID, on

DROP, DEPENDS, PASS = Outcome.DROP, Outcome.DEPENDS, Outcome.PASS
RULE, ADDRESS, POOL, PROBE = HopName.RULE, HopName.ADDRESS, HopName.POOL, HopName.PROBE
GROUP = "/subscriptions/S/resourceGroups/MC_shop/providers"
MACHINES = f"{GROUP}/Microsoft.Compute/virtualMachineScaleSets/pool/virtualMachines"
CARDS = f"{GROUP}/Microsoft.Network/networkInterfaces"
PUBLIC_IP = f"{GROUP}/Microsoft.Network/publicIPAddresses/kubernetes-{NAME}"
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/net/subnets/nodes"

Edit: TypeAlias = Callable[[AzureLoadBalancer], AzureLoadBalancer]


class Standing:
    """A Service with what the provider made of it in Azure, but for an edit."""

    def __init__(self, edit: Edit | None = None, *nodes: Object, settings: Any = None, more: Any = None, **spec: Any) -> None:  # fmt: skip
        service = service_object(status=at(PUBLIC_ADDRESS), metadata={"uid": UID}, **spec)
        self.cluster: Cluster = on(**(settings or {}))
        self.derivation: Derivation = derived(service, self.cluster)
        self.balancer = edit(as_derived(self.derivation)) if edit is not None else as_derived(self.derivation)
        found: dict[str, Any] = {
            "load_balancers": (self.balancer,),
            "public_ips": (PublicIP("p", PUBLIC_IP, PUBLIC_ADDRESS),),
        }
        azure = Resources(**{**found, **(more or {})})
        self.evidence: Evidence = live(service, *nodes)._replace(azure=azure)
        assert self.derivation.load_balancer is not None
        self.rule = self.derivation.load_balancer.load_balancing_rules[0]

    @property
    def context(self) -> PathContext:
        """What the hops ask."""
        return PathContext(self.derivation, self.cluster, self.evidence)


def as_derived(derivation: Derivation) -> AzureLoadBalancer:
    """The load balancer of az for what the provider sends."""
    lb = derivation.load_balancer
    assert lb is not None
    return AzureLoadBalancer(
        "kubernetes",
        f"{GROUP}/Microsoft.Network/loadBalancers/kubernetes",
        frontends=tuple(Frontend(one.name.value.upper(), public_ip=PUBLIC_IP) for one in lb.frontend_ip_configurations),
        pools=tuple(BackendPool(one.value) for one in {one.backend_pool for one in lb.load_balancing_rules}),
        probes=tuple(
            LoadBalancerProbe(
                one.name.value, one.protocol.value, port_of(one.port.value), one.request_path.value if one.request_path else ""
            )
            for one in lb.probes
        ),
        rules=tuple(
            BalancingRule(
                one.name.value.upper(), one.protocol.value, one.frontend_port.value, port_of(one.backend_port.value),
                one.frontend.value, (one.backend_pool.value,), one.probe.value if one.probe else "",
                one.enable_floating_ip.value,
            )
            for one in lb.load_balancing_rules
        ),
        provisioning_state="Succeeded",
    )  # fmt: skip


def port_of(value: Any) -> int:
    return value if isinstance(value, int) else 32000


def told(hop: Hop | None) -> tuple[HopName, Outcome, Cause] | None:
    return (hop.name, hop.outcome, hop.because[0].cause) if hop is not None else None


def frontend(**fields: Any) -> Edit:
    return lambda lb: lb._replace(frontends=(lb.frontends[0]._replace(**fields), *lb.frontends[1:]))


def rule(**fields: Any) -> Edit:
    return lambda lb: lb._replace(rules=(lb.rules[0]._replace(**fields), *lb.rules[1:]))


def probe(**fields: Any) -> Edit:
    return lambda lb: lb._replace(probes=(lb.probes[0]._replace(**fields), *lb.probes[1:]))


def lb(**fields: Any) -> Edit:
    return lambda lb: lb._replace(**fields)


ELSEWHERE = f"{GROUP}/Microsoft.Network/publicIPAddresses/other"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (None, None),
        (lb(provisioning_state="Failed"), (RULE, DEPENDS, Cause.FAILED_IN_AZURE)),
        (lb(provisioning_state="Updating"), None),
        (frontend(public_ip="", private_ip="10.0.0.9"), (ADDRESS, DROP, Cause.FRONTEND_HAS_OTHER_ADDRESS)),
        (frontend(public_ip="", private_ip="10.0.0.9", name="other"), (ADDRESS, DROP, Cause.NO_FRONTEND_WITH_ADDRESS)),
        (frontend(public_ip="", private_ip=PUBLIC_ADDRESS), None),
        (frontend(public_ip=ELSEWHERE), None),  # its address was not read
        (lb(frontends=()), (ADDRESS, DROP, Cause.NO_FRONTEND_WITH_ADDRESS)),
    ],
)
def test_the_frontend(edit: Edit | None, expected: object) -> None:
    assert expected == told(in_azure.frontend_hop(Standing(edit).context))


OTHER_GROUP = "/subscriptions/S/resourceGroups/other/providers/Microsoft.Network/loadBalancers/kubernetes"


@pytest.mark.parametrize(
    ("balancers", "whole", "settings", "name"),
    [
        (lambda own: (own,), (), {}, "kubernetes"),
        (lambda own: (own._replace(name="Kubernetes"),), (), {}, "Kubernetes"),
        (lambda own: (own._replace(name="other"),), (), {}, None),
        (lambda own: (own._replace(name="other"),), ("load_balancers",), {}, "not there"),
        (lambda own: (own,), (), {"resource_group": "mc_SHOP"}, "kubernetes"),
        (lambda own: (own._replace(id=OTHER_GROUP),), (), {"resource_group": "MC_shop"}, None),
        (lambda own: (own._replace(id=""),), (), {"resource_group": "MC_shop"}, "kubernetes"),
        # of two clusters in one subscription: the one that serves it
        (lambda own: (own._replace(id=OTHER_GROUP, rules=()), own), (), {}, "kubernetes"),
        (lambda own: (own._replace(id=OTHER_GROUP), own), ("load_balancers",), {}, None),
    ],
)  # fmt: skip
def test_which_load_balancer_is_meant(
    balancers: Callable[[AzureLoadBalancer], tuple[AzureLoadBalancer, ...]],
    whole: tuple[str, ...],
    settings: dict[str, Any],
    name: str | None,
) -> None:
    given = Standing(settings=settings)
    azure = Resources(load_balancers=balancers(given.balancer), whole=frozenset(whole))
    found = in_azure.on_azure(Context(given.derivation.service, given.cluster), given.evidence._replace(azure=azure))
    if name is None:
        assert found is None
    else:
        assert found is not None
        assert (name if name != "not there" else "kubernetes") == found.name
        assert (name == "not there") == (found.balancer is None)
        assert found.balancer is None or found.balancer.rules


@pytest.mark.parametrize(("serving", "found"), [(0, None), (1, "blue"), (2, None)])
def test_of_several_load_balancers_the_one_that_serves_it(serving: int, found: str | None) -> None:
    given = Standing()
    two = (given.balancer._replace(name="blue"), given.balancer._replace(name="green"))
    azure = Resources(load_balancers=(*two[:serving], *(one._replace(rules=()) for one in two[serving:])))
    several = on(load_balancers=(LoadBalancerConfiguration("blue"), LoadBalancerConfiguration("green")))
    stands = in_azure.on_azure(Context(given.derivation.service, several), given.evidence._replace(azure=azure))
    assert found == (stands.name if stands is not None else None)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (None, None),
        (lb(rules=()), (RULE, DROP, Cause.NOT_IN_AZURE)),
        (rule(name="other"), (RULE, DROP, Cause.NOT_IN_AZURE)),
        (rule(protocol="Udp"), (RULE, DROP, Cause.DIFFERS_IN_AZURE)),
        (rule(protocol="TCP"), None),
        (rule(protocol="All"), None),
        (rule(frontend_port=81), (RULE, DROP, Cause.DIFFERS_IN_AZURE)),
        (rule(backend_port=81), (RULE, DROP, Cause.DIFFERS_IN_AZURE)),
        (rule(floating_ip=False), (RULE, DROP, Cause.DIFFERS_IN_AZURE)),
        (rule(floating_ip=None), (RULE, DROP, Cause.DIFFERS_IN_AZURE)),
        (rule(floating_ip=False, backend_port=30080), None),  # another way to the same pods
        (rule(backend_port=30080), (RULE, DROP, Cause.DIFFERS_IN_AZURE)),
        (rule(pools=()), (POOL, DROP, Cause.RULE_WITHOUT_POOL)),
        (rule(probe=""), (PROBE, DEPENDS, Cause.NOT_IN_AZURE)),
        (rule(probe="other"), (PROBE, DEPENDS, Cause.NOT_IN_AZURE)),
        (lb(probes=()), (PROBE, DEPENDS, Cause.NOT_IN_AZURE)),
    ],
)
def test_the_rule(edit: Edit | None, expected: object) -> None:
    given = Standing(edit)
    port = given.derivation.service.ports[0]
    assert expected == told(in_azure.standing_rule_hop(given.context, given.rule, port))


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (rule(backend_port=81), "backendPort"),
        (rule(floating_ip=False), "enableFloatingIP"),
        (rule(frontend_port=81), "frontendPort"),
        (rule(protocol="Udp"), "protocol"),
    ],
)
def test_the_field_that_differs_is_named(edit: Edit, field: str) -> None:
    given = Standing(edit)
    hop = in_azure.standing_rule_hop(given.context, given.rule, given.derivation.service.ports[0])
    assert hop is not None
    assert field == hop.because[0].facts["field"]


def test_a_rule_for_all_ports_has_no_port_to_differ() -> None:
    given = Standing(rule(backend_port=81))
    assert in_azure.standing_rule_hop(given.context, given.rule, None) is None


@pytest.mark.parametrize(
    ("edit", "spec", "stands"),
    [
        (None, {}, None),
        (None, LOCAL, None),
        (probe(protocol="tcp"), {}, None),
        (probe(port=30081), {}, ("Tcp", 30081, None)),
        (probe(path="/x"), {}, None),  # no path is asked by TCP
        (probe(path="/x"), LOCAL, ("Http", 31000, "/x")),
        (probe(path=""), LOCAL, ("Http", 31000, None)),
        (probe(protocol="Tcp", path=""), LOCAL, ("Tcp", 31000, None)),
        (probe(protocol="Https"), LOCAL, ("Https", 31000, "/healthz")),
        (probe(port=None), {}, ("Tcp", 0, None)),
        (rule(probe=""), {}, None),
        (lb(probes=()), {}, None),
        (lb(rules=()), {}, None),
    ],
)  # fmt: skip
def test_the_probe(edit: Edit | None, spec: dict[str, Any], stands: tuple[str, int, str | None] | None) -> None:
    given = Standing(edit, **spec)
    found = in_azure.with_standing_probe(given.context, given.rule)
    if stands is None:
        assert found is None
    else:
        assert found is not None
        changed, reason = found
        assert changed.load_balancer is not None
        (asked,) = changed.load_balancer.probes
        path = asked.request_path.value if asked.request_path is not None else None
        assert stands == (asked.protocol.value, asked.port.value, path)
        assert Cause.PROBE_DIFFERS_IN_AZURE is reason.cause


MEMBER = f"{MACHINES}/0/networkInterfaces/nic/ipConfigurations/a"
ALONE = f"{CARDS}/card-1/ipConfigurations/a"
CARD = NetworkInterface("card-1", f"{CARDS}/card-1", f"{MACHINES}/1")


def nodes() -> tuple[Object, ...]:
    found = (node("n0"), node("n1"))
    for number, one in enumerate(found):
        one["spec"]["providerID"] = f"azure://{MACHINES}/{number}"
    return found


def pool_of(*members: str, addresses: tuple[str, ...] = ()) -> Edit:
    return lb(pools=(BackendPool("Kubernetes", "", members, tuple(BackendAddress(one, one) for one in addresses)),))


@pytest.mark.parametrize(
    ("edit", "cards", "members"),
    [
        (pool_of(), None, set()),
        (pool_of(MEMBER), None, {"n0"}),
        (pool_of(MEMBER.upper()), None, {"n0"}),
        (pool_of(ALONE), (CARD,), {"n1"}),
        (pool_of(MEMBER, ALONE), (CARD,), {"n0", "n1"}),
        (pool_of(ALONE), None, None),
        (pool_of(addresses=("10.224.0.158",)), None, {"n0"}),
        (pool_of(addresses=("10.9.9.9", "")), None, set()),
        (lb(pools=()), None, None),
    ],
)  # fmt: skip
def test_the_members(edit: Edit, cards: tuple[NetworkInterface, ...] | None, members: set[str] | None) -> None:
    given = Standing(edit, *nodes(), more={"network_interfaces": cards})
    service = given.derivation.service
    assert members == in_azure.pooled(Context(service, given.cluster), given.evidence)
    assert in_azure.pooled(Context(service, given.cluster), given.evidence._replace(nodes=None)) is None


@pytest.mark.parametrize(
    ("name", "power", "state"),
    [
        ("0", "running", ""), ("0", "Starting", ""), ("0", "", ""), ("0", "deallocated", "deallocated"),
        ("1", "stopped", ""), ("7", "stopped", ""),
    ],
)  # fmt: skip
def test_the_state_of_a_machine(name: str, power: str, state: str) -> None:
    given = Standing(None, *nodes(), more={"machines": (VirtualMachine("m", f"{MACHINES}/{name}".upper(), power),)})
    assert given.evidence.nodes is not None
    assert state == in_azure.machine_state(given.evidence.nodes[0], given.evidence)


TO_FIREWALL, DIRECT = Route("fw", "0.0.0.0/0", "VirtualAppliance", "10.9.0.4"), Route("out", "0.0.0.0/0", "Internet")


@pytest.mark.parametrize(
    ("routes", "used_by", "outcome", "cause"),
    [
        ((), (SUBNET,), PASS, Cause.ANSWER_RETURNS),
        ((DIRECT,), (SUBNET,), PASS, Cause.ANSWER_BY_ROUTE),
        ((TO_FIREWALL,), (SUBNET.upper(),), DROP, Cause.ANSWER_LOST_BY_ROUTE),
        ((TO_FIREWALL._replace(prefix="20.0.0.0/8"),), (SUBNET,), PASS, Cause.ANSWER_RETURNS),
        ((DIRECT, TO_FIREWALL._replace(prefix="0.0.0.0/1")), (SUBNET,), DEPENDS, Cause.ANSWER_LOST_BY_ROUTE),
        ((TO_FIREWALL,), (f"{SUBNET}-of-others",), PASS, Cause.ANSWER_RETURNS),
        ((TO_FIREWALL,), (), PASS, Cause.ANSWER_RETURNS),
    ],
)
def test_the_way_back(routes: tuple[Route, ...], used_by: tuple[str, ...], outcome: Outcome, cause: Cause) -> None:
    card = CARD._replace(configurations=(IPConfiguration("a", subnet=SUBNET),))
    more = {"route_tables": (RouteTable("table", "id", routes, used_by),), "network_interfaces": (card,)}
    hop = way_back_hop(Standing(more=more).context)
    assert (outcome, cause) == (hop.outcome, hop.because[0].cause)


HTTP: Any = [{"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080, "appProtocol": "http"}]
NGINX: dict[str, Any] = {"image": "registry.k8s.io/ingress-nginx/controller:v1.11.2"}


@pytest.mark.parametrize(
    ("edit", "spec", "outcome", "first", "undone"),
    [
        (None, {}, PASS, None, False),
        (probe(port=30081), {}, DEPENDS, Cause.PROBE_DIFFERS_IN_AZURE, False),
        (probe(protocol="Tcp", path=""), LOCAL, PASS, Cause.PROBE_DIFFERS_IN_AZURE, False),
        (None, {"ports": HTTP}, DROP, None, False),
        (probe(protocol="Tcp", path=""), {"ports": HTTP}, DEPENDS, Cause.PROBE_DIFFERS_IN_AZURE, True),
        (probe(path="/healthz"), {"ports": HTTP}, DEPENDS, Cause.PROBE_DIFFERS_IN_AZURE, True),
        (probe(path="/other"), {"ports": HTTP}, DEPENDS, Cause.PROBE_DIFFERS_IN_AZURE, False),
    ],
)  # fmt: skip
def test_a_probe_that_somebody_has_changed(
    edit: Edit | None, spec: dict[str, Any], outcome: Outcome, first: Cause | None, undone: bool
) -> None:
    """What helps is undone by the next reconcile; what does not is what the provider's own would not have done."""
    given = Standing(edit, node(), pod("a", containers=[container(8080, **NGINX)]), piece(endpoint("a", "n1")), **spec)
    (path,) = port_paths(given.context)
    hop = path.hop(PROBE)
    causes = [one.cause for one in hop.because]
    assert outcome is hop.outcome
    assert (Cause.UNTIL_RECONCILED in causes) is undone
    assert (first or causes[0]) is causes[0]
    assert (Cause.PROBE_DIFFERS_IN_AZURE in causes) is (first is not None)


@pytest.mark.parametrize(
    ("edit", "rule_stands", "probe_stands"),
    [(None, True, True), (rule(frontend_port=81), False, True), (rule(probe=""), True, False)],
)
def test_a_rule_that_differs_is_probed_all_the_same(edit: Edit | None, rule_stands: bool, probe_stands: bool) -> None:
    given = Standing(edit, node(), pod("a"), piece(endpoint("a", "n1")))
    (path,) = port_paths(given.context)
    assert rule_stands is (Cause.DIFFERS_IN_AZURE is not path.hop(RULE).because[0].cause)
    assert probe_stands is (Cause.NOT_IN_AZURE is not path.hop(PROBE).because[0].cause)


GROUP = "/subscriptions/S/resourceGroups/MC_shop/providers/Microsoft.Network/loadBalancers/kubernetes"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, ["list"]),
        (in_azure.OnAzure(None, "kubernetes"), ["list"]),
        (in_azure.OnAzure(AzureLoadBalancer("kubernetes"), "kubernetes"), ["list"]),
        (in_azure.OnAzure(AzureLoadBalancer("kubernetes", GROUP), "kubernetes"), ["show", "--resource-group=mc_shop"]),
    ],
)
def test_the_command_shows_what_was_found(found: in_azure.OnAzure | None, words: list[str]) -> None:
    assert ["az", "network", "lb", *words] == list(in_azure.shown(found).words[: 3 + len(words)])
