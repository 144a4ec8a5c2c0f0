"""The provider's reconcile of one Service, step by step, on what the Services before it have left.

Upstream: reconcileService: load balancer, status, security group, private link service, public IPs. Where a step is
refused, the steps before it stand.
"""

from collections.abc import Sequence

from kubectl_akslb.derive import private_link, service_gateway
from kubectl_akslb.derive.addresses import is_address
from kubectl_akslb.derive.cleanup import Left, leave_other_kind, settle_public_ips
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer import frontends, pool_addresses
from kubectl_akslb.derive.load_balancer.backend_pool import backend_pool_name
from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.load_balancer.rules import Family, FamilyRules
from kubectl_akslb.derive.load_balancer.rules import expected_rules as expected_lb_rules
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, load_balancer_name, multiple_load_balancers
from kubectl_akslb.derive.precedence import setting, spec
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.security_group import shared_rules
from kubectl_akslb.derive.security_group.security_group import (
    Built,
    additional_addresses,
    readable_additional_addresses,
)
from kubectl_akslb.derive.security_group.security_group import reconcile as reconcile_security_group
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import (
    LOAD_BALANCER_STAGE,
    PRIVATE_LINK_STAGE,
    PUBLIC_IP_STAGE,
    SECURITY_GROUP_STAGE,
    STATUS_STAGE,
    Derivation,
    Event,
    Refusal,
    Stage,
)
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PrivateLinkService
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.model.service import IPV4, LOAD_BALANCER, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import behaviours


class ReconcileProgress:
    """How far the reconcile of one Service got, and what it has learnt on the way."""

    __slots__ = (
        "also", "dropped", "events", "frontends", "load_balancer", "name", "private_links", "probes", "rules",
        "serving", "stage",
    )  # fmt: skip

    def __init__(self) -> None:
        self.stage: Stage = LOAD_BALANCER_STAGE
        self.name: Derived[str] | None = None
        self.load_balancer: LoadBalancerState | None = None
        self.frontends: dict[IPFamily, FrontendIPConfiguration] = {}  # that its rules refer to
        self.serving: dict[IPFamily, FrontendIPConfiguration] = {}  # on whose addresses it answers
        self.also: tuple[FrontendIPConfiguration, ...] = ()  # that its status lists besides
        self.probes: list[Probe] = []
        self.rules: list[LoadBalancingRule] = []
        self.events: list[Event] = []
        self.dropped: list[FrontendIPConfiguration] = []
        self.private_links: tuple[PrivateLinkService, ...] = ()


class Reconciled(NamedTuple):
    """The derivations of several Services in order, and everything that stands in Azure after the last."""

    derivations: tuple[Derivation, ...]
    azure: Azure


def derive_all(services: Sequence[Service], cluster: Cluster) -> Reconciled:
    """Reconcile Services in the order of their creation, so that they share addresses, rules and priorities."""
    azure = Azure(cluster)
    derivations = [derive_on(service, cluster, azure) for service in services]
    if cluster.has(behaviours.RENUMBERED_NSG_PRIORITIES):
        from kubectl_akslb.derive.security_group.rules_per_service import settle

        settle(cluster, azure)
    return Reconciled(tuple(d._replace(security_rules=azure.security_rules_of(d.service)) for d in derivations), azure)


def derive(service: Service, cluster: Cluster) -> Derivation:
    """What the provider builds for *service* as the only one of the cluster."""
    return derive_all((service,), cluster).derivations[0]


def ignored(service: Service) -> Derived[str] | None:
    """Why the provider does not act on a Service, or None where it does. Upstream: wantsLoadBalancer."""
    if service.type != LOAD_BALANCER:
        origin = spec("spec.type", service.type)
        return Derived(f"type is {service.type}, not {LOAD_BALANCER}", origin, upstream="wantsLoadBalancer")
    if service.load_balancer_class is not None:
        origin = spec("spec.loadBalancerClass", service.load_balancer_class)
        text = f"loadBalancerClass {service.load_balancer_class!r} hands the Service to another controller"
        return Derived(text, origin, upstream="wantsLoadBalancer")
    return None


def store(service: Service, cluster: Cluster, azure: Azure) -> None:
    """Let the provider see what a Service says now, whatever it makes of it."""
    _store(Reconciliation(service, cluster, azure))


def _store(context: Reconciliation) -> None:
    shares_nodes = shared_rules.floating_ip_disabled(context)
    additional = readable_additional_addresses(context)
    context.azure.store(context.service, shares_nodes=shares_nodes, additional=additional)


def derive_on(service: Service, cluster: Cluster, azure: Azure) -> Derivation:
    """Reconcile *service* on *azure*, which is changed. Upstream: reconcileService."""
    reason = ignored(service)
    if reason is not None:
        return Derivation(service, ignored=reason)
    context = Reconciliation(service, cluster, azure)
    if service_gateway.serves(cluster):
        return service_gateway.reconcile(context)
    progress = ReconcileProgress()
    azure.touched.clear()
    azure.wrote_public_ip = False
    _store(context)
    refusal = None
    try:
        _reconcile(context, progress)
    except Refused as refused:
        refusal = Refusal(refused.message, progress.stage, refused.origin, refused.code)
    return _derivation(service, azure, progress, refusal)


def _reconcile(context: Reconciliation, progress: ReconcileProgress) -> None:
    load_balancer = _reconcile_load_balancer(context, progress)
    progress.stage = STATUS_STAGE
    additional = additional_addresses(context)
    progress.stage = SECURITY_GROUP_STAGE
    built = Built(load_balancer, progress.serving, progress.also)
    reconcile_security_group(context, built, additional, progress.events)
    progress.stage = PRIVATE_LINK_STAGE
    answering = load_balancer.in_order((*progress.serving.values(), *progress.also))
    progress.private_links = private_link.reconcile(context, load_balancer, answering)
    progress.stage = PUBLIC_IP_STAGE
    _release(context, progress, load_balancer)
    ingress = (*_frontend_addresses(progress), *additional)
    context.azure.finish(context.service, ingress)


def _release(context: Reconciliation, progress: ReconcileProgress, load_balancer: LoadBalancerState) -> None:
    """The last steps of reconcileService: the load balancer of the other kind, then the public IPs."""
    addresses = _last_addresses(progress, load_balancer)
    progress.events += leave_other_kind(context, addresses)
    families = frontends.pooled_families(context) or frontends.families(context)
    left = Left(load_balancer, progress.dropped)
    settle_public_ips(context, progress.serving, left, families, addresses)


def _last_addresses(progress: ReconcileProgress, load_balancer: LoadBalancerState) -> dict[IPFamily, str]:
    """The addresses that the provider writes into the Service for its last steps: of several of a family the last.

    An address that is not known is of its frontend's family. Upstream: updateServiceLoadBalancerIPs.
    """
    families = {frontend.name.value: family for family, frontend in progress.serving.items()}
    found: dict[IPFamily, str] = {}
    for frontend in load_balancer.in_order((*progress.serving.values(), *progress.also)):
        address = frontend.address
        if isinstance(address, Placeholder):
            found[families.get(frontend.name.value, IPV4)] = address
        elif is_address(address):  # what cannot be read is not written
            found[IPFamily.of(address)] = address
    return found


def _frontend_addresses(progress: ReconcileProgress) -> tuple[str, ...]:
    own = tuple(frontend.address for _, frontend in sorted(progress.serving.items()))
    return own + tuple(frontend.address for frontend in progress.also)


def _reconcile_load_balancer(context: Reconciliation, progress: ReconcileProgress) -> LoadBalancerState:
    """Frontends, rules and probes; nothing of it is sent where a rule is refused. Upstream: reconcileLoadBalancer."""
    azure = context.azure
    name, left = _place(context)
    load_balancer = azure.load_balancers.get(name.value) or _new_load_balancer(context.cluster, name)
    families = frontends.families(context)
    if not context.has(behaviours.PROBE_CODE_OF_1_23_4):
        from kubectl_akslb.derive.load_balancer import rules_until_1_23_3

        rules_until_1_23_3.idle_timeout(context.service)  # refused before a public IP is created
    if frontends.owned_frontends(context, load_balancer):
        additional_addresses(context)  # part of the status that is read first, where there is one
    owned, new, dropped = frontends.reconcile(context, load_balancer)
    knows_address = not context.cluster.is_standard or context.has(behaviours.PRIVATE_ADDRESS_OF_STATUS)
    if left and (name.value in azure.load_balancers or knows_address):
        from kubectl_akslb.derive.load_balancer.migration import with_old_address

        new = [with_old_address(frontend, left) for frontend in new]
        owned |= {family: with_old_address(frontend, left) for family, frontend in owned.items()}
    probes: list[Probe] = []
    rules: list[LoadBalancingRule] = []
    for family in families:
        frontends.check_conflicts(context, load_balancer, owned[family])
        pool = backend_pool_name(context, family)
        found = _expected(context, Family(family, owned[family].name, pool))
        probes += found.probes
        rules += found.rules
    if not context.has(behaviours.RULE_FOLLOWS_PROBE):
        from kubectl_akslb.derive.load_balancer.rules_until_1_23_3 import kept_rules

        rules = kept_rules(load_balancer.rules, rules)
    rules = [_with_kept_tcp_reset(load_balancer.rules.get(rule.name.value), rule) for rule in rules]
    if families or name.value in azure.load_balancers:
        azure.load_balancers[name.value] = load_balancer
    private_link.release(context, load_balancer, dropped)
    for frontend in dropped:
        load_balancer.drop_frontend(frontend.name.value)
    _send(context, load_balancer, new, probes, rules, dirty=bool(dropped))
    pool_addresses.fill(context, load_balancer)
    azure.bind(new)
    azure.forgotten_places.discard((context.service.full_name, name.value.removesuffix(INTERNAL_SUFFIX)))
    progress.dropped = dropped
    progress.name = name
    progress.load_balancer = load_balancer
    progress.frontends = owned
    progress.serving = frontends.serving(context, load_balancer, owned)
    progress.also = frontends.also_serving(context, load_balancer, progress.serving)
    progress.probes, progress.rules = probes, rules
    return load_balancer


def _place(context: Reconciliation) -> tuple[Derived[str], tuple[FrontendIPConfiguration, ...]]:
    """The name of the load balancer that the Service is put on, and the frontends that it leaves on others for that."""
    single = load_balancer_name(context)
    if not context.cluster.is_standard:
        from kubectl_akslb.derive.load_balancer import vm_sets

        return vm_sets.place(context, single)
    if not multiple_load_balancers(context.cluster):
        return single, ()
    from kubectl_akslb.derive.load_balancer.migration import leave_others
    from kubectl_akslb.derive.load_balancer.placement import place

    name = place(context, single)
    return name, leave_others(context, name.value)


def _with_kept_tcp_reset(standing: LoadBalancingRule | None, rule: LoadBalancingRule) -> LoadBalancingRule:
    """The rule as it stands after an edit: of a rule for all protocols the provider does not compare the TCP reset.

    Upstream: equalLoadBalancingRulePropertiesFormat.
    """
    if standing is None or rule.protocol.value != "All" or standing.protocol.value != "All":
        return rule
    kept = rule._replace(enable_tcp_reset=standing.enable_tcp_reset)
    same = all(getattr(a, "value", a) == getattr(b, "value", b) for a, b in zip(kept, standing, strict=True))
    return kept if same else rule


def _send(
    context: Context,
    load_balancer: LoadBalancerState,
    new: Sequence[FrontendIPConfiguration],
    probes: Sequence[Probe],
    rules: Sequence[LoadBalancingRule],
    *,
    dirty: bool,
) -> None:
    """Put the Service's part on the load balancer. Upstream: reconcileLBProbes, reconcileLBRules, CreateOrUpdateLB.

    Every Service that is not Local owns the shared probe: one that does not need it takes it from all others.
    Nothing is sent where nothing is *dirty* and all is there already.
    """
    prefix = context.names.prefix
    for family in frontends.pooled_families(context):
        pool = backend_pool_name(context, family)
        dirty = dirty or pool.value not in load_balancer.pools
        load_balancer.pools.setdefault(pool.value, pool)
    if dirty or new or not load_balancer.has_part(prefix, probes, rules):
        load_balancer.read_back(frontends.as_read_back)
    for frontend in new:
        load_balancer.put_frontend(prefix, frontend)
    taken = None
    if context.has(behaviours.SHARED_PROBE) and _takes_shared_probe(context, load_balancer):
        taken = load_balancer.probes.pop(SHARED_PROBE_NAME, None)
    load_balancer.replace_rules(prefix, probes, rules, taken)


def _takes_shared_probe(context: Context, load_balancer: LoadBalancerState) -> bool:
    """Whether the Service takes the shared probe away: it is not Local, or was the last that needed it.

    Upstream: keepSharedProbe.
    """
    if not context.service.is_local:
        return True
    if SHARED_PROBE_NAME not in load_balancer.probes or not context.has(behaviours.SHARED_PROBE_DROPPED):
        return False
    own = [rule for rule in load_balancer.rules_of(context.names.prefix) if _is_probed_together(rule)]
    return len(own) == 1 and sum(map(_is_probed_together, load_balancer.rules.values())) == 1


def _is_probed_together(rule: LoadBalancingRule) -> bool:
    return rule.probe is not None and rule.probe.value == SHARED_PROBE_NAME


def _expected(context: Context, family: Family) -> FamilyRules:
    if context.has(behaviours.PROBE_CODE_OF_1_23_4):
        return expected_lb_rules(context, family)
    from kubectl_akslb.derive.load_balancer import rules_until_1_23_3

    return rules_until_1_23_3.expected_rules(context, family)


def _new_load_balancer(cluster: Cluster, name: Derived[str]) -> LoadBalancerState:
    sku = setting(cluster, "load_balancer_sku", "loadBalancerSku", cluster.load_balancer_sku)
    value = "Standard" if cluster.is_standard else "Basic"
    return LoadBalancerState(name, Derived(value, sku, upstream="setLBDefaults"))


def _derivation(service: Service, azure: Azure, progress: ReconcileProgress, refusal: Refusal | None) -> Derivation:
    """What stands in Azure for this Service: its part of the load balancer, its addresses, the rules it is in."""
    return Derivation(
        service,
        None,
        _own_part(progress),
        tuple(azure.public_ips[key] for key in azure.touched),
        azure.security_rules_of(service),
        refusal,
        tuple(progress.events),
        private_link_services=progress.private_links,
    )


def _own_part(progress: ReconcileProgress) -> LoadBalancer | None:
    if progress.load_balancer is None or progress.name is None:
        return None
    unique = {probe.name.value: probe for probe in progress.probes}
    return LoadBalancer(
        progress.name,
        progress.load_balancer.sku,
        tuple(frontend for _, frontend in sorted(progress.frontends.items())),
        tuple({rule.backend_pool.value: rule.backend_pool for rule in progress.rules}.values()),
        tuple(unique.values()),
        tuple(progress.rules),
    )
