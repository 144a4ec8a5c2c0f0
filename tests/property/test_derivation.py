"""What holds for every Service on every cluster, however odd: Services and clusters are random, values are nasty."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from unittest.mock import patch

from hypothesis import HealthCheck, example, given, settings

from kubectl_akslb.derive import derived_values
from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer import rules
from kubectl_akslb.derive.reconcile import derive, derive_all, derive_on
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import (
    Cluster,
)
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, SECURITY_GROUP_STAGE, STATUS_STAGE, Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancer, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import (
    ANNOTATION,
    CLUSTER_SETTING,
    DEFAULT,
    PROVIDER,
    SPEC,
    Derived,
    Origin,
    Placeholder,
)
from kubectl_akslb.model.service import IPV4, TCP, Service, ServicePort
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.path.walk import walk
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import snapshot
from tests.given.objects import ALONE
from tests.given.random_services import clusters, services

KINDS = {ANNOTATION, SPEC, CLUSTER_SETTING, DEFAULT, PROVIDER}
RECORDS = (LoadBalancer, Probe, LoadBalancingRule, FrontendIPConfiguration, PublicIPAddress, SecurityRule)

#: Fields that say which form ARM is sent, or to whom a record belongs; they are no values of ARM.
BOOKKEEPING = {
    "address", "managed", "public_ip_resource_group", "service", "service_port", "services", "single_destination", "single_port", "single_source",
    "threshold_field",
    # What only a person's edit makes otherwise.
    "beside", "destination_groups", "direction", "other_threshold", "source_ports",
}  # fmt: skip


class Leaf(NamedTuple):
    """A value of the model and where it stands."""

    path: str
    value: Any


def leaves(record: Any, path: str) -> Iterator[Leaf]:
    """Every value of ARM in a record and in the records inside it."""
    if isinstance(record, RECORDS):
        for field in record._fields:
            if field not in BOOKKEEPING:
                yield from leaves(getattr(record, field), f"{path}.{field}")
    elif isinstance(record, tuple):
        for index, item in enumerate(record):
            yield from leaves(item, f"{path}[{index}]")
    elif isinstance(record, Mapping):
        for key, item in record.items():
            yield from leaves(item, f"{path}[{key!r}]")
    elif record is not None:
        yield Leaf(path, record)


def model(derivation: Derivation) -> Iterator[Leaf]:
    """Every value of ARM in a derivation."""
    yield from leaves(derivation.load_balancer, "load_balancer")
    yield from leaves(derivation.public_ips, "public_ips")
    yield from leaves(derivation.security_rules, "security_rules")


few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(services(), clusters())
def test_every_value_has_its_reason(service: Service, cluster: Cluster) -> None:
    derivation = derive(service, cluster)
    for path, leaf in model(derivation):
        assert isinstance(leaf, Derived), f"{path} is {leaf!r}, without a reason"
        assert isinstance(leaf.origin, Origin), path
        assert leaf.origin.kind in KINDS, path
        assert leaf.origin.path, path
        assert leaf.origin in leaf.considered, f"{path}: {leaf.origin} is not among {leaf.considered}"
        assert all(isinstance(origin, Origin) for origin in leaf.considered), path
        assert all(isinstance(note, str) and note for note in leaf.notes), path
    found = walk(PathContext(derivation, cluster, ALONE))
    hops = [*found.common, *(h for one in found.ports for h in one.hops), *(h for c in found.clients for h in c.hops)]
    assert all(sentences(hop.because) for hop in hops)


@few
@given(services(), clusters())
def test_same_service_same_derivation(service: Service, cluster: Cluster) -> None:
    reordered = service._replace(annotations=dict(reversed(list(service.annotations.items()))))
    expected = derive(service, cluster)
    assert expected == derive(service, cluster)
    assert expected._replace(service=reordered) == derive(reordered, cluster)


@few
@given(services(), services(), clusters())
def test_what_equal_services_share_is_what_each_would_get(service: Service, other: Service, cluster: Cluster) -> None:
    """Twins in all but their names, and a Service for each field in which it differs from them."""
    together = [service, service._replace(name="twin", namespace="elsewhere", uid=None)]
    together += [
        service._replace(**{"name": f"other-{number}", "uid": f"uid-{number}", field: getattr(other, field)})
        for number, field in enumerate(Service._fields)
    ]
    ports = tuple(port._replace(node_port=port.node_port and port.node_port + 1000) for port in service.ports)
    together.append(service._replace(name="elsewhere", uid="uid-elsewhere", ports=ports))
    shared = derive_all(together, cluster)
    with (
        patch.object(Reconciliation, "of_fields", Context.of_fields),
        patch.object(rules, "node_ports_of", lambda _: rules.NO_NODE_PORTS),
    ):
        alone = derive_all(together, cluster)
    assert alone.derivations == shared.derivations
    assert balancers(alone.azure) == balancers(shared.azure)
    assert alone.azure.security_rules == shared.azure.security_rules


def unallocated(service: Service) -> Service:
    """The Service as a manifest has it: nothing that a cluster adds."""
    return service._replace(
        type="LoadBalancer", load_balancer_class=None, uid=None, health_check_node_port=None, cluster_ips=(),
        ingress_ips=(), ports=tuple(port._replace(node_port=None) for port in service.ports),
    )  # fmt: skip


@few
@given(services().map(unallocated), clusters())
def test_unknown_values_are_placeholders(service: Service, cluster: Cluster) -> None:
    derivation = derive(service, cluster)
    for path, leaf in model(derivation):
        if leaf.origin.path.endswith(("odePort", "uid")) and leaf.origin.kind == SPEC:
            assert leaf.origin.raw is None, f"{path}: {leaf.origin}"
            assert "<" in str(leaf.value), f"{path} is {leaf.value!r}, but nobody knows it"
        assert leaf.value is not None, path
        assert not isinstance(leaf.value, str) or "None" not in leaf.value, f"{path} is {leaf.value!r}"
    if derivation.load_balancer is None:
        return
    for probe in derivation.load_balancer.probes:
        port = probe.port
        assert isinstance(port.value, Placeholder) or port.origin.kind in {ANNOTATION, CLUSTER_SETTING, DEFAULT}, port
    for rule in derivation.load_balancer.load_balancing_rules:
        if not rule.enable_floating_ip.value and rule.service_port >= 0:
            assert isinstance(rule.backend_port.value, Placeholder), rule
    for address in derivation.public_ips:
        if address.managed:
            assert isinstance(address.ip_address.value, Placeholder), address


def balancers(azure: Azure) -> dict[str, LoadBalancer]:
    """The load balancers as they stand now."""
    return {name: snapshot(state) for name, state in azure.load_balancers.items()}


@few
@given(services("first"), services("second").map(lambda second: second._replace(uid=None)), clusters())
def test_a_refusal_leaves_later_stages_alone(first: Service, second: Service, cluster: Cluster) -> None:
    azure = Azure(cluster)
    derive_on(first, cluster, azure)
    before, rules = balancers(azure), dict(azure.security_rules)
    derivation = derive_on(second, cluster, azure)
    refusal = derivation.refusal
    if derivation.ignored is not None:
        assert derivation.load_balancer is None
        assert refusal is None
        assert (before, rules) == (balancers(azure), azure.security_rules)
    if refusal is None:
        return
    assert refusal.message
    assert refusal.origin.path
    assert (refusal.stage == LOAD_BALANCER_STAGE) == (derivation.load_balancer is None)
    if refusal.stage == LOAD_BALANCER_STAGE:
        assert before == balancers(azure)
    if refusal.stage in {LOAD_BALANCER_STAGE, STATUS_STAGE, SECURITY_GROUP_STAGE}:
        assert rules == azure.security_rules


TWICE_PORT_80 = Service(
    name="web", namespace="shop", uid=None, type="LoadBalancer", annotations={},
    ports=(ServicePort(0, "", TCP, 80), ServicePort(1, "", TCP, 80)), ip_families=(IPV4,),
)  # fmt: skip


@few
@given(services(), clusters())
@example(TWICE_PORT_80, Cluster(NEWEST, behaviours_of(NEWEST)))
def test_the_same_service_twice_is_built_once(service: Service, cluster: Cluster) -> None:
    first, again = derive_all([service, service], cluster).derivations
    alone = derive(service, cluster)
    assert alone == first._replace(security_rules=alone.security_rules, public_ips=alone.public_ips)
    assert alone.ignored == again.ignored
    if first.load_balancer is not None and again.load_balancer is not None:
        names = {rule.name.value for rule in first.load_balancer.load_balancing_rules}
        assert names == {rule.name.value for rule in again.load_balancer.load_balancing_rules}


@few
@given(first=services(), second=services(), on=clusters())
def test_differences_are_those_of_all_values(first: Service, second: Service, on: Cluster) -> None:
    before, after = derive(first, on), derive(second, on)
    old, new = derived_values.values(before), derived_values.values(after)
    expected = {path for path in {**old, **new} if old.get(path, ...) != new.get(path, ...)}
    assert expected == set(derived_values.differences(before, after))
    assert () == derived_values.differences(before, derive(first, on))
