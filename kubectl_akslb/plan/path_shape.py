"""What decides the outcomes of a Service's path: Services that are equal in it come to the same, but for their names.

Nothing that is derived is left out but priorities and the destinations that other Services have; a Service's own names
and node ports are taken out of the values. Whether it is accepted hangs on them and the others, and is no part of it.
"""

from collections.abc import Mapping, Sequence

from kubectl_akslb.derive.naming import prefix_of
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import Object
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Derived
from kubectl_akslb.model.service import IPFamily, Service
from kubectl_akslb.plan.change import destinations
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.provider.workloads import recognise

PathShape = tuple[object, ...]
#: So many different things that are known beside Services are told apart; each is compared with all of them.
MOST_EVIDENCE = 20


class PathShapes:
    """The shapes of the Services of one plan, each of both of its derivations."""

    def __init__(self) -> None:
        self._evidence: list[tuple[Evidence, object]] = []

    def of(self, before: Derivation, after: Derivation, evidence: Evidence) -> PathShape | None:
        """The shape; None for a Service of which so much is known that no other is like it."""
        number = self._number(evidence)
        if number is None or evidence.azure is not None:
            return None
        own = _Own(after.service)
        return number, _of_service(after.service, evidence, own), own.values(before), own.values(after)

    def _number(self, evidence: Evidence) -> int | None:
        """The place of what is known beside a Service among those that differ; of its own object its status counts."""
        known = evidence._replace(own={}), _status(evidence.own)
        for number, other in enumerate(self._evidence):
            if other == known:
                return number
        if len(self._evidence) == MOST_EVIDENCE:
            return None
        self._evidence.append(known)
        return len(self._evidence) - 1


def _status(own: Object) -> object:
    return own.get("status")


def _of_service(service: Service, evidence: Evidence, own: "_Own") -> PathShape:
    """All of the manifest that a hop behind the first one looks at."""
    pods: tuple[object, ...] = tuple(service.selector.items()), tuple(service.labels.items())
    if evidence.objects.has_only("Service"):  # then nobody looks for what has these labels
        workload = recognise(service.labels, service.selector, (), service.ports)
        pods = bool(service.selector), workload.name if workload is not None else ""
    return (
        pods,
        tuple((key, text) for key, text in service.annotations.items() if key.startswith(PREFIX)),
        own.plain(service.ports),
        own.plain(service.health_check_node_port),
        service.namespace,
        service.uid is None,
        service.type,
        service.load_balancer_class,
        service.load_balancer_ip,
        service.load_balancer_source_ranges,
        service.external_traffic_policy,
        service.session_affinity,
        service.allocate_load_balancer_node_ports,
        service.ip_families,
        service.ip_family_policy,
        tuple(map(IPFamily.of, service.cluster_ips)),
        service.ingress_ips,
        service.deleting,
    )


class _Own:
    """What only one Service can have: its names and node ports, which are put out of the values that hold them."""

    def __init__(self, service: Service) -> None:
        ports = dict.fromkeys(filter(None, (*(one.node_port for one in service.ports), service.health_check_node_port)))
        #: In the order in which they stand, so that those that are the same stay the same.
        self._ports: dict[object, object] = {port: ("node port", place) for place, port in enumerate(ports)}
        self._ports.update({str(port): place for port, place in self._ports.items()})
        self._names = prefix_of(service), service.full_name

    def values(self, derivation: Derivation) -> PathShape:
        """All that is derived, with the kind of each origin."""
        balancer = derivation.load_balancer
        frontends = balancer.frontend_ip_configurations if balancer is not None else ()
        addresses = tuple(frontend.address for frontend in frontends)
        return (
            self.plain(derivation._replace(service=None, security_rules=())[1:]),  # type: ignore[arg-type] # only compared
            tuple(self._of_rule(rule, addresses) for rule in derivation.security_rules),
        )

    def _of_rule(self, rule: SecurityRule, addresses: Sequence[str]) -> PathShape:
        """A security rule, of whose destinations those of the Service count: it may be shared with any others."""
        every = destinations(rule)
        mine = tuple(self.plain(address) for address in addresses if address in every.addresses)
        rest = rule._replace(priority=None, destinations=None, services=())  # type: ignore[arg-type] # only compared
        return mine, every.families, every.with_colon, self.plain(rest)

    def plain(self, value: object) -> object:
        """A value, or all values in it, without what is the Service's own."""
        if isinstance(value, Derived):
            return self.plain(value.value), value.origin.kind
        if isinstance(value, str):
            if value in self._ports:
                return self._ports[value]
            for name in self._names:
                if name in value:
                    value = value.replace(name, "*")
            return value
        if isinstance(value, tuple):
            return tuple(map(self.plain, value))
        if isinstance(value, Mapping):
            return tuple((self.plain(key), self.plain(item)) for key, item in value.items())
        return self._ports.get(value, value)
