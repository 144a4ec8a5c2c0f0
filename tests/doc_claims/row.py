"""What a row of a document is, and how it is compared with the provider.

A row holds the document's claim in our words, and cases: a Service on a cluster with what the provider makes of it. A row
that is no statement about a derivation says why, and has a check that still means something.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.errata import Document
from tests.given.derived import bare
from tests.given.services import *  # noqa: F403 - while others follow
from tests.given.services import NOW, on

TABLE = "table"
LIST = "list"
PROSE = "prose"
OUTPUT = "printed output"


class Case(NamedTuple):
    """A Service on a cluster, and some of what is derived, by the names in READ."""

    service: Service
    cluster: Cluster
    expected: Mapping[str, object]


class Check(NamedTuple):
    """A question about our tables or derivations, and its answer."""

    question: str
    expected: object
    ask: Callable[[], object]


class Row(NamedTuple):
    """A row: its name, the document's *claim*, what holds, and which errata it shows.

    *not_derived* is the reason why the row says nothing about what the provider builds.
    """

    name: str
    claim: str
    cases: tuple[Case, ...] = ()
    checks: tuple[Check, ...] = ()
    disagrees: tuple[str, ...] = ()
    not_derived: str = ""


class Table(NamedTuple):
    """A table, list, printed output or passage of a document, under the section where it stands."""

    document: Document
    name: str
    section: str
    kind: str
    rows: tuple[Row, ...]


def case(given: Service, cluster: Cluster | str = NOW, **expected: object) -> Case:
    """A case; *cluster* may be just a version."""
    return Case(given, on(cluster) if isinstance(cluster, str) else cluster, expected)


def by_version(given: Service, probes: Mapping[str, str], **settings: Any) -> tuple[Case, ...]:
    """One case for each version, with the probe of the first rule as ``Http 30080 /``; ``none`` where it has none."""
    return tuple(case(given, on(version, **settings), probe=probe) for version, probe in probes.items())


def answers(given: Case) -> dict[str, object]:
    """What is derived, as far as the case expects something."""
    derivation = derive(given.service, given.cluster)
    return {name: READ[name](derivation) for name in given.expected}


def _balancer(derivation: Derivation) -> LoadBalancer:
    assert derivation.load_balancer is not None, derivation.refusal
    return derivation.load_balancer


def _rules(derivation: Derivation) -> tuple[LoadBalancingRule, ...]:
    return _balancer(derivation).load_balancing_rules


def _probe_texts(derivation: Derivation) -> tuple[str, ...]:
    if derivation.refusal is not None:
        return (f"refused: {derivation.refusal.message}",)
    found = {probe.name.value: probe for probe in _balancer(derivation).probes}
    return tuple(_probe_text(found[rule.probe.value]) if rule.probe else "none" for rule in _rules(derivation))


def _probe_text(probe: Probe) -> str:
    words = (probe.protocol.value, str(probe.port.value), bare(probe.request_path))
    return " ".join(word for word in words if word is not None)


def _numbers(derivation: Derivation) -> tuple[tuple[int, int], ...]:
    probes = _balancer(derivation).probes
    return tuple((probe.interval_in_seconds.value, probe.threshold.value) for probe in probes)


def _security(derivation: Derivation, access: str) -> tuple[SecurityRule, ...]:
    return tuple(rule for rule in derivation.security_rules if rule.access.value == access)


def _refused(derivation: Derivation) -> str | None:
    return derivation.refusal.message if derivation.refusal else None


#: What a case can ask for. Tuples have one item for each rule, in order.
READ: dict[str, Callable[[Derivation], object]] = {
    "ignored": lambda d: bare(d.ignored),
    "refused": _refused,
    "load_balancer": lambda d: _balancer(d).name.value,
    "sku": lambda d: _balancer(d).sku.value,
    "rules": lambda d: tuple(
        f"{r.protocol.value} {r.frontend_port.value} to {r.backend_port.value}" for r in _rules(d)
    ),
    "probe": lambda d: _probe_texts(d)[0],
    "probes": _probe_texts,
    "probe_names": lambda d: tuple(probe.name.value for probe in _balancer(d).probes),
    "every": _numbers,
    "idle": lambda d: tuple(bare(rule.idle_timeout_in_minutes) for rule in _rules(d)),
    "tcp_reset": lambda d: tuple(bare(rule.enable_tcp_reset) for rule in _rules(d)),
    "no_outbound_snat": lambda d: tuple(rule.disable_outbound_snat.value for rule in _rules(d)),
    "subnet": lambda d: bare(_balancer(d).frontend_ip_configurations[0].subnet),
    "private_address": lambda d: bare(_balancer(d).frontend_ip_configurations[0].private_ip_address),
    "frontend": lambda d: _balancer(d).frontend_ip_configurations[0].name.value,
    "public_ip": lambda d: bare(_balancer(d).frontend_ip_configurations[0].public_ip_address),
    "public_ip_skus": lambda d: tuple(bare(address.sku) for address in d.public_ips),
    "public_ip_zones": lambda d: tuple(bare(address.zones) for address in d.public_ips),
    "dns_labels": lambda d: tuple(bare(address.domain_name_label) for address in d.public_ips),
    "allowed": lambda d: tuple(",".join(rule.sources.value) for rule in _security(d, "Allow")),
    "opened": lambda d: tuple(rule.destination_ports.value for rule in _security(d, "Allow")),
    "denied": lambda d: bool(_security(d, "Deny")),
    "security_rules": lambda d: tuple(rule.name.value for rule in d.security_rules),
    "events": lambda d: tuple(event.reason for event in d.events),
}


def same(one: Service, other: Service, cluster: Cluster | str = NOW) -> bool:
    """Whether two Services lead to the same load balancer, public IPs and security rules."""
    target = on(cluster) if isinstance(cluster, str) else cluster
    return built(one, target) == built(other, target)


def built(given: Service, cluster: Cluster) -> dict[str, object]:
    """Everything a case can ask for."""
    derivation = derive(given, cluster)
    return {name: read(derivation) for name, read in READ.items()}
