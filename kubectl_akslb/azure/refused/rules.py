"""What Azure refuses of load-balancing rules and probes."""

from collections.abc import Iterator

from kubectl_akslb.azure import limits
from kubectl_akslb.azure.refused.sent import (
    DOCUMENTED,
    INFERRED,
    OBSERVED,
    Objection,
    SentState,
    frontends_of,
    load_balancer_of,
    service_origin,
    target_of,
)
from kubectl_akslb.model.derivation import (
    Derivation,
)
from kubectl_akslb.model.provenance import Derived, Placeholder, Port
from kubectl_akslb.model.service import Service


def same_backend_port(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """Two rules without floating IP that lead to one port of a pool."""
    yield from _clashes(sent, derivation, floating=False)


def same_backend_port_on_frontend(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """Two rules with floating IP that lead from one frontend to one port of a pool."""
    yield from _clashes(sent, derivation, floating=True)


def _clashes(sent: SentState, derivation: Derivation, *, floating: bool) -> Iterator[Objection]:
    """The first rule that leads where one of an earlier Service leads already, or an earlier one of this Service."""
    place = sent.order.get(derivation.service.full_name, -1)
    for rule in derivation.load_balancing_rules:
        target = target_of(load_balancer_of(derivation), rule)
        if rule.enable_floating_ip.value != floating or target is None:
            continue
        for other in sent.targets.get(target, ()):
            earlier = (sent.order.get(other.service, -1), other.service_port) < (place, rule.service_port)
            if earlier and other.name.value != rule.name.value:
                port = "all ports" if rule.protocol.value == "All" else f"{rule.protocol.value} {target[-1]}"
                because = f"rule {other.name.value} leads to {port} of the nodes, and so does {rule.name.value}"
                yield Objection(because, rule.backend_port.origin, OBSERVED)
                return


def port_zero(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A rule or a probe of port 0: the Service has no node ports."""
    load_balancer = derivation.load_balancer
    for probe in load_balancer.probes if load_balancer is not None else ():
        if _is_zero(probe.port, derivation.service):
            yield Objection(
                f"probe {probe.name.value} has port 0: there are no node ports", probe.port.origin, OBSERVED
            )
            return
    for rule in derivation.load_balancing_rules:
        if rule.protocol.value != "All" and _is_zero(rule.backend_port, derivation.service):
            because = f"rule {rule.name.value} has backend port 0: there are no node ports"
            yield Objection(because, rule.backend_port.origin, INFERRED)
            return


def _is_zero(port: Derived[Port], service: Service) -> bool:
    """Whether a port is 0: a node port is, where none is given out."""
    if not isinstance(port.value, Placeholder):
        return port.value == 0
    return not service.allocate_load_balancer_node_ports and any(
        port.value == Placeholder(f"nodePort of {one.port}") for one in service.ports
    )


def ha_ports_in_public(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """HA ports on a public frontend."""
    own = {frontend.name.value: frontend for frontend in frontends_of(derivation)}
    for rule in derivation.load_balancing_rules:
        frontend = own.get(rule.frontend.value)
        if rule.protocol.value == "All" and frontend is not None and frontend.public_ip_address is not None:
            because = f"rule {rule.name.value} takes all protocols on a public address"
            yield Objection(because, rule.protocol.origin, DOCUMENTED)
            return


def sctp_beside_ports(_: SentState, derivation: Derivation) -> Iterator[Objection]:
    """SCTP, which Azure knows as a part of HA ports alone."""
    for rule in derivation.load_balancing_rules:
        if rule.protocol.value == "All" and rule.frontend_port.value != 0:
            because = f"rule {rule.name.value} takes all protocols, but only on port {rule.frontend_port.value}"
            yield Objection(because, rule.protocol.origin, DOCUMENTED)
            return


def idle_timeout_of_basic(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """An idle timeout that the SKU Basic does not have."""
    for rule in derivation.load_balancing_rules:
        minutes = rule.idle_timeout_in_minutes
        if not sent.cluster.is_standard and minutes is not None and minutes.value > limits.BASIC_IDLE_TIMEOUT:
            yield Objection(f"{minutes.value} minutes; a Basic load balancer takes 4 to 30", minutes.origin, INFERRED)
            return


def too_many_rules_on_card(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """More rules than lead to one network card."""
    count = sent.rules_up_to.get(derivation.service.full_name, 0)
    if count > limits.RULES_PER_NIC and not sent.cluster.load_balancers and derivation.load_balancing_rules:
        because = f"each node would take part in {count} load-balancing rules; {limits.RULES_PER_NIC} are the most"
        yield Objection(because, service_origin(derivation), OBSERVED)


def too_many_rules(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """More rules than a load balancer has."""
    state, most = sent.balancer(derivation), limits.rules(sent.cluster)
    if state is None or len(state.rules) <= most or not derivation.load_balancing_rules:
        return
    order = sent.places(state.rules)
    last = max(order.get(rule.name.value, 0) for rule in derivation.load_balancing_rules)
    if last > most:
        because = f"load balancer {state.name.value} would have {last} rules; {most} are the most"
        yield Objection(because, service_origin(derivation), DOCUMENTED)
