"""How tests read what is derived of the Services of ``services.py``."""

from collections.abc import Callable
from typing import Any

from kubectl_akslb.derive.reconcile import Outcome, derive, derive_all
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


def outcome(cluster: Cluster, *services: Service) -> Outcome:
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
