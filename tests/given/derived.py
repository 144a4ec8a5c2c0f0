"""How tests read what is derived of the Services of ``services.py``."""

from collections.abc import Callable
from typing import Any

from kubectl_akslb.derive.reconcile import Reconciled, derive, derive_all
from kubectl_akslb.derive.state.load_balancer import LoadBalancerState
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation, Refusal
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import Service
from tests.given.services import on


def last(cluster: Cluster, *services: Service) -> Derivation:
    """The derivation of the last of several Services."""
    return derive_all(services, cluster).derivations[-1]


def outcome(cluster: Cluster, *services: Service) -> Reconciled:
    """All derivations, and what stands in Azure in the end."""
    return derive_all(services, cluster)


def balancer(derivation: Derivation) -> LoadBalancer:
    """The load balancer; a refusal fails the test with its text."""
    assert derivation.load_balancer is not None, derivation.refusal or derivation.ignored
    return derivation.load_balancer


def probe(given: Service, cluster: Cluster | None = None) -> Probe:
    """The first probe of a Service."""
    return balancer(derive(given, cluster or on())).probes[0]


def rule(given: Service, cluster: Cluster | None = None) -> LoadBalancingRule:
    """The first rule of a Service."""
    return balancer(derive(given, cluster or on())).load_balancing_rules[0]


def frontend(given: Service, cluster: Cluster | None = None) -> FrontendIPConfiguration:
    """The first frontend of a Service."""
    return balancer(derive(given, cluster or on())).frontend_ip_configurations[0]


def public_ip(given: Service, cluster: Cluster | None = None) -> PublicIPAddress:
    """The first public IP of a Service."""
    derivation = derive(given, cluster or on())
    assert derivation.public_ips, derivation.refusal
    return derivation.public_ips[0]


def security_rules(given: Service, cluster: Cluster | None = None) -> tuple[SecurityRule, ...]:
    """The security rules of a Service."""
    derivation = derive(given, cluster or on())
    assert derivation.refusal is None, derivation.refusal
    return derivation.security_rules


def refusal(given: Service, cluster: Cluster | None = None, *earlier: Service) -> Refusal:
    """The refusal of a Service, after Services that were there before."""
    found = last(cluster or on(), *earlier, given).refusal
    assert found is not None, "it is not refused"
    return found


def refused(given: Service, cluster: Cluster | None = None, *earlier: Service) -> str:
    """The provider's error text for a Service."""
    return refusal(given, cluster, *earlier).message


def reasons(derived: Derived[Any]) -> tuple[str, str, list[tuple[str, str | None]]]:
    """Where a value comes from: kind and path of the winner, then path and content of all that was considered."""
    return derived.origin.kind, derived.origin.path, [(origin.path, origin.raw) for origin in derived.considered]


def tags_of(address: PublicIPAddress) -> dict[str, str] | None:
    """The tags of a public IP without their reasons."""
    return None if address.tags is None else {key: tag.value for key, tag in address.tags.items()}


def text_of(raised: Callable[[], object], error: type[Exception]) -> str:
    """The text of the *error* that a call raises."""
    try:
        found = raised()
    except error as caught:
        return str(caught)
    message = f"no {error.__name__}, but {found!r}"
    raise AssertionError(message)


def of(*origins: Origin) -> list[str]:
    """The paths of origins."""
    return [origin.path for origin in origins]


def bare(derived: Derived[Any] | None) -> Any:
    """The value without its reasons."""
    return None if derived is None else derived.value


def _rules(derivation: Derivation) -> tuple[LoadBalancingRule, ...]:
    return balancer(derivation).load_balancing_rules


def _probe_texts(derivation: Derivation) -> tuple[str, ...]:
    if derivation.refusal is not None:
        return (f"refused: {derivation.refusal.message}",)
    found = {probe.name.value: probe for probe in balancer(derivation).probes}
    return tuple(_probe_text(found[rule.probe.value]) if rule.probe else "none" for rule in _rules(derivation))


def _probe_text(probe: Probe) -> str:
    words = (probe.protocol.value, str(probe.port.value), bare(probe.request_path))
    return " ".join(word for word in words if word is not None)


def _numbers(derivation: Derivation) -> tuple[tuple[int, int], ...]:
    probes = balancer(derivation).probes
    return tuple((probe.interval_in_seconds.value, probe.threshold.value) for probe in probes)


def _security(derivation: Derivation, access: str) -> tuple[SecurityRule, ...]:
    return tuple(rule for rule in derivation.security_rules if rule.access.value == access)


def _refused(derivation: Derivation) -> str | None:
    return derivation.refusal.message if derivation.refusal else None


#: What a case can ask for. Tuples have one item for each rule, in order.
READ: dict[str, Callable[[Derivation], object]] = {
    "ignored": lambda d: bare(d.ignored),
    "refused": _refused,
    "load_balancer": lambda d: balancer(d).name.value,
    "sku": lambda d: balancer(d).sku.value,
    "rules": lambda d: tuple(
        f"{r.protocol.value} {r.frontend_port.value} to {r.backend_port.value}" for r in _rules(d)
    ),
    "probe": lambda d: _probe_texts(d)[0],
    "probes": _probe_texts,
    "probe_names": lambda d: tuple(probe.name.value for probe in balancer(d).probes),
    "every": _numbers,
    "idle": lambda d: tuple(bare(rule.idle_timeout_in_minutes) for rule in _rules(d)),
    "tcp_reset": lambda d: tuple(bare(rule.enable_tcp_reset) for rule in _rules(d)),
    "no_outbound_snat": lambda d: tuple(bare(rule.disable_outbound_snat) for rule in _rules(d)),
    "subnet": lambda d: bare(balancer(d).frontend_ip_configurations[0].subnet),
    "private_address": lambda d: bare(balancer(d).frontend_ip_configurations[0].private_ip_address),
    "frontend": lambda d: balancer(d).frontend_ip_configurations[0].name.value,
    "public_ip": lambda d: bare(balancer(d).frontend_ip_configurations[0].public_ip_address),
    "public_ip_skus": lambda d: tuple(bare(address.sku) for address in d.public_ips),
    "public_ip_zones": lambda d: tuple(bare(address.zones) for address in d.public_ips),
    "dns_labels": lambda d: tuple(bare(address.domain_name_label) for address in d.public_ips),
    "allowed": lambda d: tuple(",".join(rule.sources.value) for rule in _security(d, "Allow")),
    "opened": lambda d: tuple(rule.destination_ports.value for rule in _security(d, "Allow")),
    "denied": lambda d: bool(_security(d, "Deny")),
    "security_rules": lambda d: tuple(rule.name.value for rule in d.security_rules),
    "events": lambda d: tuple(event.reason for event in d.events),
}


def snapshot(state: LoadBalancerState) -> LoadBalancer:
    """A whole load balancer as a value, for whoever compares states."""
    frontends, pools = tuple(state.frontends.values()), tuple(state.pools.values())
    probes, rules = tuple(state.probes.values()), tuple(state.rules.values())
    return LoadBalancer(state.name, state.sku, frontends, pools, probes, rules)
