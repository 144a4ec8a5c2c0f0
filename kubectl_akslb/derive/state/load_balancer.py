"""One load balancer while Services are reconciled: its parts, indexed by the Service that they belong to."""

from collections.abc import Callable, Iterable, Iterator

from kubectl_akslb.derive.load_balancer.same import kept_rule, same_probe, same_rule
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe, PublicIPKey
from kubectl_akslb.model.provenance import Derived

PortKey = tuple[str, str, int]


class LoadBalancerState:
    """One load balancer, with its rules and frontends indexed by the prefix of the Service that owns them."""

    __slots__ = (
        "_by_prefix", "_frontends_by_address", "_frontends_by_prefix", "_last", "_places", "_ports", "_unread",
        "frontends", "name", "pool_addresses", "pools", "probes", "rules", "sku",
    )  # fmt: skip

    def __init__(self, name: Derived[str], sku: Derived[str]) -> None:
        self.name = name
        self.sku = sku
        self.frontends: dict[str, FrontendIPConfiguration] = {}
        self.pools: dict[str, Derived[str]] = {}
        #: What pools of addresses (nodeIP) list, by their name, where the nodes are known.
        self.pool_addresses: dict[str, tuple[str, ...]] = {}
        self.probes: dict[str, Probe] = {}
        self.rules: dict[str, LoadBalancingRule] = {}
        self._by_prefix: dict[str, tuple[list[str], list[str]]] = {}
        self._frontends_by_prefix: dict[str, list[str]] = {}
        #: The names of the frontends that have an address, or a public IP by its key.
        self._frontends_by_address: dict[str | PublicIPKey, tuple[str, ...]] = {}
        #: As the how many-th each frontend came: where several are looked at, it is in this order.
        self._places: dict[str, int] = {}
        self._last = 0
        self._ports: dict[PortKey, str] = {}
        self._unread: list[str] = []

    def copy(self) -> "LoadBalancerState":
        """The same load balancer once more; the records in it never change, and are shared."""
        other = LoadBalancerState(self.name, self.sku)
        other.frontends, other.pools = self.frontends.copy(), self.pools.copy()
        other.pool_addresses = self.pool_addresses.copy()
        other.probes, other.rules = self.probes.copy(), self.rules.copy()
        other._by_prefix = {prefix: (list(probes), list(rules)) for prefix, (probes, rules) in self._by_prefix.items()}
        other._frontends_by_prefix = {prefix: list(names) for prefix, names in self._frontends_by_prefix.items()}
        other._frontends_by_address = self._frontends_by_address.copy()
        other._places, other._last = self._places.copy(), self._last
        other._ports, other._unread = self._ports.copy(), self._unread.copy()
        return other

    def frontends_of(self, prefix: str) -> list[FrontendIPConfiguration]:
        """The frontends named after the Service with this prefix."""
        return [self.frontends[name] for name in self._frontends_by_prefix.get(prefix, ())]

    def frontends_at(self, addresses: Iterable[str | PublicIPKey]) -> list[FrontendIPConfiguration]:
        """The frontends that have one of these addresses, or one of these public IPs, in their order."""
        return self._in_order({name for one in addresses for name in self._frontends_by_address.get(one, ())})

    def in_order(self, frontends: Iterable[FrontendIPConfiguration]) -> list[FrontendIPConfiguration]:
        """Those of *frontends* that are there, each once and as it stands, in their order."""
        return self._in_order({name for frontend in frontends if (name := frontend.name.value) in self.frontends})

    def _in_order(self, names: Iterable[str]) -> list[FrontendIPConfiguration]:
        return [self.frontends[name] for name in sorted(names, key=self._places.__getitem__)]

    def frontends_by_prefix(self) -> Iterator[tuple[str, list[FrontendIPConfiguration]]]:
        """The prefix of each Service that frontends are named after, with these frontends."""
        for prefix in self._frontends_by_prefix:
            yield prefix, self.frontends_of(prefix)

    def rule_on(self, frontend: str, protocol: str, port: int) -> LoadBalancingRule | None:
        """The rule that takes this port of a frontend, protocols compared without case."""
        name = self._ports.get((frontend, protocol.lower(), port))
        return self.rules.get(name) if name is not None else None

    def put_frontend(self, prefix: str, frontend: FrontendIPConfiguration) -> None:
        """Create or replace a frontend; *prefix* is that of the Service it is named after."""
        name = frontend.name.value
        if name not in self.frontends:
            self._frontends_by_prefix.setdefault(prefix, []).append(name)
            self._unread.append(name)
            self._last += 1
            self._places[name] = self._last
        else:
            self._forget_addresses(self.frontends[name])
        self.frontends[name] = frontend
        for key in _addresses_of(frontend):
            self._frontends_by_address[key] = (*self._frontends_by_address.get(key, ()), name)

    def read_back(self, as_read_back: Callable[[FrontendIPConfiguration], FrontendIPConfiguration]) -> None:
        """Take over what ARM filled in since the load balancer was sent last, for the frontends that are new to us."""
        for name in self._unread:
            self.frontends[name] = as_read_back(self.frontends[name])
        self._unread.clear()

    def needed_by_others(self, frontend: str, prefix: str) -> bool:
        """Whether rules of other Services than the one with this prefix refer to a frontend."""
        own = prefix.upper()
        return any(
            rule.frontend.value == frontend and not rule.name.value.upper().startswith(own)
            for rule in self.rules.values()
        )

    def drop_frontend(self, name: str) -> None:
        """Take off a frontend, and nothing else."""
        self._forget_addresses(self.frontends.pop(name))
        del self._places[name]
        if name in self._unread:
            self._unread.remove(name)
        for names in self._frontends_by_prefix.values():
            if name in names:
                names.remove(name)

    def _forget_addresses(self, frontend: FrontendIPConfiguration) -> None:
        for key in _addresses_of(frontend):
            left = tuple(name for name in self._frontends_by_address[key] if name != frontend.name.value)
            if left:
                self._frontends_by_address[key] = left
            else:
                del self._frontends_by_address[key]

    def put_part(self, prefix: str, probes: Iterable[Probe], rules: Iterable[LoadBalancingRule]) -> None:
        """Put the probes and rules that begin with a prefix, as somebody has left them."""
        self._by_prefix[prefix] = [probe.name.value for probe in probes], [rule.name.value for rule in rules]
        self.probes.update((probe.name.value, probe) for probe in probes)
        for rule in rules:
            self._put_rule(rule)

    def replace_rules(
        self, prefix: str, probes: Iterable[Probe], rules: Iterable[LoadBalancingRule], taken: Probe | None = None
    ) -> None:
        """Put a Service's probes and rules in place of those it had, but for those that are the same already.

        A probe of nobody in particular that is there already stays; *taken* is one that the Service has taken off.
        Upstream: reconcileLBProbes, reconcileLBRules.
        """
        old_probes, old_rules = self._by_prefix.get(prefix, ([], []))
        stood_probes = {name: self.probes.pop(name) for name in old_probes if name in self.probes}
        stood_rules = {name: self._pop_rule(name) for name in old_rules if name in self.rules}
        if taken is not None:
            stood_probes[taken.name.value] = taken
        own_probes = []
        for probe in probes:
            name = probe.name.value
            if _is_of(prefix, probe):
                own_probes.append(name)
            stood = stood_probes.get(name)
            self.probes.setdefault(name, stood if stood is not None and same_probe(stood, probe) else probe)
        own_rules = []
        for rule in rules:
            own_rules.append(rule.name.value)
            stood_rule = stood_rules.get(rule.name.value)
            same = stood_rule is not None and same_rule(stood_rule, rule)
            self._put_rule(kept_rule(stood_rule, rule) if stood_rule is not None and same else rule)
        self._by_prefix[prefix] = (own_probes, own_rules)

    def _put_rule(self, rule: LoadBalancingRule) -> None:
        self.rules[rule.name.value] = rule
        self._ports[rule.frontend.value, rule.protocol.value.lower(), rule.frontend_port.value] = rule.name.value

    def _pop_rule(self, name: str) -> LoadBalancingRule:
        rule = self.rules.pop(name)
        self._ports.pop((rule.frontend.value, rule.protocol.value.lower(), rule.frontend_port.value), None)
        return rule

    def has_part(self, prefix: str, probes: Iterable[Probe], rules: Iterable[LoadBalancingRule]) -> bool:
        """Whether the probes and rules of the Service with this prefix are these already."""
        own_probes, own_rules = self._by_prefix.get(prefix, ([], []))
        asked_probes = {probe.name.value: probe for probe in probes}
        own = {name: probe for name, probe in asked_probes.items() if _is_of(prefix, probe)}
        asked_rules = {rule.name.value: rule for rule in rules}
        stood_probes = {name: self.probes[name] for name in own_probes if name in self.probes}
        stood_rules = {name: self.rules[name] for name in own_rules if name in self.rules}
        return (
            (stood_probes.keys(), stood_rules.keys()) == (own.keys(), asked_rules.keys())
            and asked_probes.keys() <= self.probes.keys()
            and all(same_probe(stood, own[name]) for name, stood in stood_probes.items())
            and all(same_rule(stood, asked_rules[name]) for name, stood in stood_rules.items())
        )

    def rules_of(self, prefix: str) -> list[LoadBalancingRule]:
        """The rules of the Service with this prefix."""
        return [self.rules[name] for name in self._by_prefix.get(prefix, ([], []))[1] if name in self.rules]

    def has_any_of(self, prefix: str) -> bool:
        """Whether probes or rules of the Service with this prefix are there."""
        probes, rules = self._by_prefix.get(prefix, ([], []))
        return any(name in self.probes for name in probes) or any(name in self.rules for name in rules)

    def remove_frontends(self, kept: Iterable[str], names: Iterable[str]) -> None:
        """Remove all frontends but *kept*, and the rules and probes that have one of *names* in theirs."""
        for name in self.frontends.keys() - set(kept):
            self._forget_addresses(self.frontends.pop(name))
            del self._places[name]
        for gone in names:
            self.rules = {name: rule for name, rule in self.rules.items() if gone not in name}
            self.probes = {name: probe for name, probe in self.probes.items() if gone not in name}
        self._unread = [name for name in self._unread if name in self.frontends]
        self._ports = {key: name for key, name in self._ports.items() if name in self.rules}
        for prefix, (probes, rules) in self._by_prefix.items():
            left = [name for name in probes if name in self.probes], [name for name in rules if name in self.rules]
            self._by_prefix[prefix] = left
        for prefix, frontends in self._frontends_by_prefix.items():
            self._frontends_by_prefix[prefix] = [name for name in frontends if name in self.frontends]

    def frontend_of(self, public_ip: PublicIPKey) -> FrontendIPConfiguration | None:
        """The frontend of a public IP, by the key of that."""
        return next(iter(self.frontends_at((public_ip,))), None)

    def remove_frontend(self, frontend: FrontendIPConfiguration) -> None:
        """Take off a frontend, with the rules that refer to it."""
        name = frontend.name.value
        self.drop_frontend(name)
        for rule in [rule for rule in self.rules.values() if rule.frontend.value == name]:
            del self.rules[rule.name.value]
            del self._ports[rule.frontend.value, rule.protocol.value.lower(), rule.frontend_port.value]


def _addresses_of(frontend: FrontendIPConfiguration) -> tuple[str | PublicIPKey, ...]:
    """What a frontend is looked for by; what ARM fills in later changes none of it."""
    key = frontend.public_ip_key
    return (frontend.address,) if key is None else (frontend.address, key)


def _is_of(prefix: str, probe: Probe) -> bool:
    """Whether a probe is named after the Service with this prefix. Upstream: serviceOwnsRule."""
    return probe.name.value.upper().startswith(prefix.upper())
