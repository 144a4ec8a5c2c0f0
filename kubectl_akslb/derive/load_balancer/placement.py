"""Which load balancer a Service is put on. Upstream: getAzureLoadBalancerName.

With one load balancer of each kind a single annotation decides it (``naming.load_balancer_name``). With
multipleStandardLoadBalancerConfigurations the configurations are candidates: some drop out, and of those that are left
the Service gets the one it is on, or the one with the fewest rules. What stands in Azure is what the Services before it
have left there.
"""

from collections.abc import Sequence

from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer.configurations import missing_default
from kubectl_akslb.derive.load_balancer.eligibility import (
    AskedConfigurations,
    Eligible,
    asked_for,
    eligible_for,
    in_use,
    setting_of,
    settings,
)
from kubectl_akslb.derive.load_balancer.migration import Pin, pin_of, pinned_load_balancer
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, is_internal, is_internal_name
from kubectl_akslb.derive.precedence import annotation, by_provider
from kubectl_akslb.derive.readers import quote
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

UPSTREAM = "getAzureLoadBalancerName"
#: Beyond this the provider takes no load balancer into account.
_MOST_RULES = 300


class ChosenConfiguration(NamedTuple):
    """The name of the configuration that was chosen, and why."""

    name: str
    notes: tuple[str, ...]


def place(context: Reconciliation, single: Derived[str]) -> Derived[str]:
    """The name of the load balancer that the Service is put on; *single* is the one it would have without several.

    Refused where no configuration is left, or where the Service asks for an address and a load balancer that do not go
    together. Multiple load balancers need SKU Standard and a provider from 1.28.0 on.
    """
    service, cluster = context.service, context.cluster
    missing = missing_default(cluster)
    if missing is not None:
        raise Refused(refusals.NO_DEFAULT_CONFIGURATION, missing.origin, name=quote(cluster.cluster_name))
    asked = asked_for(service)
    pin = pin_of(context) if context.has(behaviours.PINNED_LOAD_BALANCER) else None
    if asked.origins and pin is not None:
        raise _conflict(service, asked)
    eligible = eligible_for(context, asked)
    origin, choice = _chosen(context, asked, pin, eligible)
    considered = (*(asked.origins or (annotation(service, keys.CONFIGURATIONS),)), *settings(cluster))
    if origin not in considered:
        considered = (origin, *considered)
    name = choice.name + (INTERNAL_SUFFIX if is_internal(service) else "")
    notes = single.notes + eligible.notes + choice.notes
    return Derived(
        name, origin, considered=(*considered, annotation(service, keys.INTERNAL)), notes=notes, upstream=UPSTREAM
    )


def _conflict(service: Service, asked: AskedConfigurations) -> Refused:
    code = refusals.CONFLICTING_CONFIGURATION
    return Refused(code, asked.origins[0], service=quote(service.name), key=keys.CONFIGURATIONS)


def _chosen(
    context: Reconciliation, asked: AskedConfigurations, pin: Pin | None, eligible: Eligible
) -> tuple[Origin, ChosenConfiguration]:
    current = _current(context, asked)
    why = f"{current}: the Service is on it already"
    if pin is not None:
        current = pinned_load_balancer(context, pin)
        why = f"{current}: it holds the address that the Service asks for"
        if current and current not in eligible.names:
            names = {
                "service": quote(context.service.name),
                "current": quote(current),
                "eligible": " ".join(eligible.names),
            }
            raise Refused(refusals.PINNED_ELSEWHERE, pin.origin, **names)
    if current in eligible.names:
        origin = pin.origin if pin is not None else by_provider("load balancer of the Service", current)
        return origin, ChosenConfiguration(current, (why,))
    choice = _fewest_rules(context, eligible)
    if not choice.name:
        raise _nameless(context, asked, choice)
    return asked.origins[0] if asked.origins else setting_of(context.cluster, choice.name), choice


def _nameless(context: Context, asked: AskedConfigurations, choice: ChosenConfiguration) -> Refused:
    """What follows where the provider finds no load balancer and goes on with an empty name.

    The text for a public one is that of Azure's library from 1.30.8, 1.31.2, 1.32.0 on; before it, and for an internal
    one, Azure itself refuses the name in words that are not recorded.
    """
    origin = asked.origins[0] if asked.origins else settings(context.cluster)[0]
    if is_internal(context.service):
        code = refusals.INTERNAL_LOAD_BALANCER_WITHOUT_NAME
        return Refused(code, origin, name=quote(INTERNAL_SUFFIX), reason=choice.notes[0])
    return Refused(refusals.NO_LOAD_BALANCER_LEFT, origin)


def _current(context: Reconciliation, asked: AskedConfigurations) -> str:
    """The configuration that the Service is on, or "".

    Upstream: getServiceCurrentLoadBalancerName; getLoadBalancerNameByFrontendIPName, which looks at load balancers of
    the Service's kind alone, came with the pinning of addresses.
    """
    if context.has(behaviours.PINNED_LOAD_BALANCER) and not asked.origins:
        prefix = context.names.prefix
        for state in context.azure.listed():
            if is_internal_name(state.name.value) == is_internal(context.service) and state.frontends_of(prefix):
                return _base(state)
    return next((c.name for c in context.cluster.load_balancers if in_use(context, c.name)), "")


def _fewest_rules(context: Reconciliation, eligible: Eligible) -> ChosenConfiguration:
    """The first that does not exist yet, else the one with the fewest rules. Upstream: getMostEligibleLBForService."""
    internal = is_internal(context.service)
    notes: tuple[str, ...] = ()
    if internal and not context.has(behaviours.INTERNAL_LOAD_BALANCERS_COUNTED):
        since = behaviours.INTERNAL_LOAD_BALANCERS_COUNTED.dates
        notes = (f"before {since} the rules of the public load balancers place an internal Service too",)
    if len(eligible.names) > 1:
        notes += ("Services of the cluster that are not in this explanation have rules too, and can change the choice",)
    if not eligible.names:
        return ChosenConfiguration("", ("a selector dropped the last one",))
    existing = {name: _existing(context.cluster, context.azure, name, internal=internal) for name in eligible.names}
    if context.has(behaviours.EMPTY_LOAD_BALANCER_FIRST):
        for name, states in existing.items():
            if states and not states[0].rules:
                return ChosenConfiguration(name, (f"{name}: exists and has no rules", *notes))
    for name, states in existing.items():
        if not states:
            return ChosenConfiguration(name, (f"{name}: the first that does not exist yet", *notes))
    return _fewest([state for states in existing.values() for state in states], notes)


def _existing(cluster: Cluster, azure: Azure, name: str, *, internal: bool) -> list[LoadBalancerState]:
    """The load balancers whose rules count for a configuration: of the Service's kind, of both, or the public one."""
    if cluster.has(behaviours.INTERNAL_LOAD_BALANCERS_COUNTED):
        names = [name + INTERNAL_SUFFIX if internal else name]
    else:
        names = [name, name + INTERNAL_SUFFIX] if cluster.has(behaviours.BOTH_KINDS_COUNTED) else [name]
    return [azure.load_balancers[found] for found in names if found in azure.load_balancers]


def _fewest(states: Sequence[LoadBalancerState], notes: tuple[str, ...]) -> ChosenConfiguration:
    """The first with the fewest rules in the order in which ARM lists load balancers, taken to be by name."""
    counts: dict[str, int] = {}
    for state in sorted(states, key=lambda state: state.name.value.lower()):
        counts[_base(state)] = min(len(state.rules), counts.get(_base(state), len(state.rules)))
    name = min(counts, key=lambda candidate: counts[candidate])
    if counts[name] > _MOST_RULES:
        return ChosenConfiguration("", (f"every load balancer has more than {_MOST_RULES} rules",))
    others = ", ".join(f"{other} has {count}" for other, count in counts.items() if other != name)
    why = f"{name}: fewest rules, {counts[name]}" + (f" ({others})" if others else "")
    if list(counts.values()).count(counts[name]) > 1:
        notes = ("of several with as many rules the first in Azure's list is taken; here the first by name", *notes)
    return ChosenConfiguration(name, (why, *notes))


def _base(state: LoadBalancerState) -> str:
    return state.name.value.removesuffix(INTERNAL_SUFFIX)
