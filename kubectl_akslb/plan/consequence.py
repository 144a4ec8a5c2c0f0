"""What it comes to for clients: the difference of two walks, and of whom the security rules let in."""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_cidr
from kubectl_akslb.derive.naming import family_of_name
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.service import IPFamily
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.verdict import ClientGroup, ClientPath, Path, PortPath, VerdictKind
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.plan.change import ALLOW, Flow, families_of_frontends, flows
from kubectl_akslb.plan.effect import Effect


class Consequence(NamedTuple):
    """What happens to whom: to the packets of a port, or to a group of clients.

    *before* and *after* are the hops that decide; *after* holds the reason. *who* is a client or a port, "" for all.
    """

    effect: Effect
    who: str
    before: Hop | None = None
    after: Hop | None = None


_UNSURE = frozenset({Outcome.DEPENDS, Outcome.UNKNOWN})
_ANYBODY = frozenset({"Internet", "*"})


def consequences(
    before: Derivation, after: Derivation, old: Path, new: Path, *, probes: bool
) -> tuple[Consequence, ...]:
    """What becomes worse from *old* to *new*, or lets somebody in; *probes* says that a probe is another."""
    found = [*_of_ports(old, new, probes=probes), *of_access(before, after)]
    found += _of_clients(old, new, told={one.who for one in found})
    if not any(one.effect in (Effect.BREAKS, Effect.MAY_BREAK) for one in found):
        found += _of_all(old, new)
    if not any(one.effect is Effect.BREAKS for one in found):
        for one in _of_verdict(old, new):
            found = [each for each in found if _reasons(each) != _reasons(one)]
            found.append(one)
    if old.common[0].outcome is Outcome.DROP:  # what stands from before it was refused is not known
        found = [one._replace(effect=Effect.MAY_BREAK) if one.effect is Effect.BREAKS else one for one in found]
    return tuple(_once(found))


def _of_all(old: Path, new: Path) -> Iterator[Consequence]:
    """Hops that every packet meets: the provider takes the Service, the address, the pool."""
    known = {hop.name: hop for hop in old.common}
    for hop in new.common:
        was = known.get(hop.name)
        effect = _worse(was.outcome if was is not None else Outcome.PASS, hop.outcome)
        if effect is not None and new.verdict.kind is not VerdictKind.IGNORED:
            yield Consequence(effect, "", was, hop)
            return


def _of_verdict(old: Path, new: Path) -> Iterator[Consequence]:
    """That nobody gets an answer then, where no hop is worse for anybody: those who got one may be others."""
    kind = old.verdict.kind
    if new.verdict.kind.fails and new.verdict.hop is not None and not kind.fails and kind is not VerdictKind.IGNORED:
        effect = Effect.BREAKS if kind is VerdictKind.WORKS else Effect.MAY_BREAK
        yield Consequence(effect, "", old.verdict.hop, new.verdict.hop)


def _worse(old: Outcome, new: Outcome) -> Effect | None:
    """What it means that a hop with the outcome *old* has another one now; None where it is not worse."""
    if new is Outcome.DROP and old is not Outcome.DROP:
        return Effect.BREAKS
    if new in _UNSURE and old is Outcome.PASS:
        return Effect.MAY_BREAK
    return None


def _of_ports(old: Path, new: Path, *, probes: bool) -> Iterator[Consequence]:
    known = {_place(one): one for one in old.ports}
    for one in new.ports:
        was = known.get(_place(one))
        if was is None:
            continue
        for hop in one.hops:
            before = was.hop(hop.name)
            effect = _worse(before.outcome, hop.outcome)
            other = hop.name is HopName.PROBE and probes and _asks_otherwise(was, one)
            if effect is None and other and hop.outcome in _UNSURE and before.outcome is not Outcome.DROP:
                effect = Effect.MAY_BREAK
            if effect is not None:
                yield Consequence(effect, f"port {one.port.port}" if one.port is not None else "", before, hop)


def _asks_otherwise(old: PortPath, new: PortPath) -> bool:
    return _asked(old) != _asked(new)


def _asked(one: PortPath) -> tuple[object, ...]:
    probe = one.probe
    if probe is None:
        return ()
    return probe.protocol.value, probe.port.value, probe.request_path.value if probe.request_path is not None else ""


def _place(one: PortPath) -> tuple[object, ...]:
    return one.rule.protocol.value, one.rule.frontend_port.value, family_of_name(one.rule.name.value)


def _of_clients(old: Path, new: Path, told: set[str]) -> Iterator[Consequence]:
    """Groups of clients that a hop behind the security group lets through no more, or that get in by another's fall.

    Nobody knows whether those that are not meant to get in rely on it, such as pods that use the public address.
    """
    known = {(one.group, one.name): one for one in old.clients}
    for one in new.clients:
        was = known.get((one.group, one.name))
        if was is None or one.name in told:
            continue
        before, after = deciding(was), deciding(one)
        effect = _worse(before.outcome, after.outcome) or _otherwise(before, after)
        if effect is Effect.BREAKS and not one.intended:
            effect = Effect.MAY_BREAK
        elif effect is None and one.group is ClientGroup.VIRTUAL_NETWORK and not one.intended:
            closed = before.outcome is not Outcome.PASS and after.outcome is Outcome.PASS
            effect = Effect.EXPOSES if closed and before.name is HopName.SECURITY_GROUP else None
        if effect is not None and not _by_address_alone(one, after):
            yield Consequence(effect, one.name, before, after)


def _otherwise(before: Hop, after: Hop) -> Effect | None:
    """What it means that kube-proxy does not serve them for certain, before and after, but for different reasons."""
    causes = [tuple(reason.cause for reason in hop.because) for hop in (before, after)]
    unsure = before.name is after.name is HopName.NODE and after.outcome in _UNSURE
    return Effect.MAY_BREAK if unsure and causes[0] != causes[1] else None


def _by_address_alone(client: ClientPath, hop: Hop) -> bool:
    """Whether the security rules decide, which are compared one by one."""
    by_default_rule = client.group is ClientGroup.VIRTUAL_NETWORK and not client.seen_as_public
    return hop.name is HopName.SECURITY_GROUP and not by_default_rule


def of_access(before: Derivation, after: Derivation) -> Iterator[Consequence]:
    """Sources that the security rules let in no more, and those that they let in now, by IP family."""
    if before.refusal is not None or after.refusal is not None:
        return
    old, new = (_admitted(one) for one in (before, after))
    asked = _asked_for(after)
    for family, sources in old.items():
        left = new.get(family, frozenset())
        for source in sorted(sources):
            if not _covered(source, left, family):
                stops = not left or source in asked
                effect = Effect.BREAKS if stops else Effect.MAY_BREAK
                yield Consequence(effect, _named(source, family, both=len(old) > 1))
    for family, sources in new.items():
        for source in sorted(sources):
            if not _covered(source, old.get(family, frozenset()), family):
                yield Consequence(Effect.EXPOSES, _named(source, family, both=len(new) > 1))


def _asked_for(derivation: Derivation) -> frozenset[str]:
    """The ranges and tags that the Service names, as they are written."""
    service = derivation.service
    texts = [*service.load_balancer_source_ranges, *service.annotations.values()]
    return frozenset(part.strip() for text in texts for part in text.split(","))


def _admitted(derivation: Derivation) -> dict[IPFamily, frozenset[str]]:
    """Whom rules let in, by IP family; rules for nodes have destinations of a family that the Service may not serve."""
    found: dict[IPFamily, set[str]] = {}
    served = families_of_frontends(derivation)
    for flow in flows(derivation):
        if flow.access == ALLOW and _of_family(flow) and flow.family in served:
            found.setdefault(flow.family, set()).add(flow.source)
    return {family: frozenset(sources) for family, sources in found.items()}


def _of_family(flow: Flow) -> bool:
    """Whether clients of the source can use an address of this family at all."""
    return "/" not in flow.source or IPFamily.of(flow.source) is flow.family


def _covered(source: str, sources: frozenset[str], family: IPFamily) -> bool:
    """Whether *sources* let everybody in whom *source* stands for."""
    if source in sources or not _ANYBODY.isdisjoint(sources) or family.whole in sources:
        return True
    own = _prefix(source)
    wider = (_prefix(text) for text in sources)
    return own is not None and any(one is not None and one.contains(own) for one in wider)


def _prefix(text: str) -> Prefix | None:
    try:
        return parse_cidr(text) if "/" in text else None
    except AddressError:
        return None


def _named(source: str, family: IPFamily, *, both: bool) -> str:
    name = "the internet" if source in _ANYBODY or source == family.whole else source
    return f"{name} over {family}" if both else name


def _once(found: list[Consequence]) -> list[Consequence]:
    """Of several for the same port or client with the same cause the first: a port has a rule for each IP family."""
    told: dict[tuple[object, ...], Consequence] = {}
    for one in found:
        told.setdefault((one.effect, one.who, _reasons(one)), one)
    return list(told.values())


def _reasons(one: Consequence) -> tuple[Cause, ...]:
    return tuple(reason.cause for reason in one.after.because) if one.after is not None else ()
