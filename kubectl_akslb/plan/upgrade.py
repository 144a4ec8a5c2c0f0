"""An upgrade of the provider: what the old release built, and what the new one makes of it.

After an upgrade the controller manager starts anew and has every Service reconciled. So each Service is derived with
the old release, and then reconciled by the new one onto what stands: what is kept, such as an address, is kept.
"""

import gc
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest

from kubectl_akslb.derive.load_balancer import pool_addresses
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, multiple_load_balancers, names
from kubectl_akslb.derive.reconcile import Reconciled, derive_all, derive_on
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.derive.state.azure import Azure, services_of
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.sentences import sentence
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.path.walk import walk
from kubectl_akslb.plan.change import Change, ChangeKind, changes
from kubectl_akslb.plan.consequence import Consequence, consequences
from kubectl_akslb.plan.dated_causes import KUBERNETES, ChangesKey, DatedCause, Redo, Result, asking, causes_of
from kubectl_akslb.plan.effect import Effect, at_least, worst
from kubectl_akslb.plan.path_shape import PathShapes
from kubectl_akslb.plan.shape import shape
from kubectl_akslb.plan.walked import Walked

EvidenceOf = Callable[[Service], Evidence]
#: Of those that share a rule or an address with a Service so many are tried first in looking for its causes.
MOST_BESIDE = 8
#: So many results of one trial are kept at a time.
KEPT = 8


class Planned(NamedTuple):
    """What becomes of one Service: its changes, what they come to, and why. *old* and *new* are the two paths.

    What stands otherwise than asked in them is dated where somebody is harmed: only then is it shown.
    """

    service: Service
    effect: Effect
    changes: tuple[Change, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    causes: tuple[DatedCause, ...] = ()
    old: Path | None = None
    new: Path | None = None


def start(cluster: Cluster, azure: Azure) -> None:
    """A provider that starts knows of several load balancers only what their rules tell.

    Upstream: reconcileMultipleStandardLoadBalancerConfigurations.
    """
    azure.forgotten_places.clear()
    azure.told_places.clear()
    pool_addresses.recall(azure)
    for service in azure.services.values() if multiple_load_balancers(cluster) else ():
        prefix = names(service, cluster).prefix
        told = {state.name.value.removesuffix(INTERNAL_SUFFIX): False for state in azure.listed()}
        for state in azure.listed():
            told[state.name.value.removesuffix(INTERNAL_SUFFIX)] |= bool(state.rules_of(prefix))
        azure.forgotten_places.update((service.full_name, base) for base, known in told.items() if not known)
        azure.told_places.update((service.full_name, base) for base, known in told.items() if known)


def reconciled(services: Sequence[Service], cluster: Cluster, azure: Azure) -> tuple[Derivation, ...]:
    """Have Services reconciled that stand already, in the order in which they were made; *azure* is changed."""
    start(cluster, azure)
    before = dict(azure.security_rules)
    found = [derive_on(service, cluster, azure) for service in services]
    rules_per_service.settle(cluster, azure, before)
    return tuple(one._replace(security_rules=azure.security_rules_of(one.service)) for one in found)


def upgrade(
    services: Sequence[Service], old: Cluster, new: Cluster, evidence_of: EvidenceOf, known: Sequence[Planned] = ()
) -> tuple[Planned, ...]:
    """What the release of *new* makes of what that of *old* has built; Services in the order of their creation.

    *known* is what the upgrade from another release comes to: why, is worked out where this one comes to more harm.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing here has cycles; the collector would only walk thousands of small tuples again and again
    try:
        return _Upgrade(services, old, new, evidence_of).plan(known)
    finally:
        if collecting:
            gc.enable()


class _Upgrade:
    """One upgrade of several Services, with what is worked out only where something differs."""

    def __init__(self, services: Sequence[Service], old: Cluster, new: Cluster, evidence_of: EvidenceOf) -> None:
        self._services = services
        self._old, self._new = old, new
        self._evidence_of = evidence_of
        self._causes: dict[object, tuple[DatedCause, ...]] = {}
        self._asked_all_on_nodes = False
        self._path_shapes = PathShapes()
        self._harmless: set[Hashable] = set()  # the shapes of Services for whose packets the changes come to nothing
        outcome = derive_all(services, old)
        self._before, self._standing = outcome
        self._azure = self._standing.copy()  # from here on what the new release makes of it
        self._after = reconciled(services, new, self._azure)
        self._walked_before = Walked(outcome, old)
        self._walked_after = Walked(Reconciled(self._after, self._azure), new)

    def plan(self, known: Sequence[Planned]) -> tuple[Planned, ...]:
        triples = zip_longest(self._before, self._after, known)
        return tuple(self._planned(before, after, other) for before, after, other in triples)

    def _planned(self, before: Derivation, after: Derivation, known: Planned | None) -> Planned:
        planned = self._weighed(before, after)
        if planned.effect is Effect.SAME or (known is not None and known.effect.rank <= planned.effect.rank):
            return planned
        found, told = planned.changes, planned.consequences
        causes = self._causes_of(before, after, found, planned.effect) if found else ()
        if told and not any(cause.decisive for cause in causes):
            causes = (*self._of_kubernetes(after, self._evidence_of(after.service), told), *causes)
        planned = planned._replace(causes=_with_decisive(causes))
        if at_least(planned.effect, Effect.LOSES_ADDRESS) and self._walked_after.deviates(after):
            planned = planned._replace(new=self._walked_after.dated_path(after, self._evidence_of(after.service)))
        return planned

    def _weighed(self, before: Derivation, after: Derivation) -> Planned:
        """What becomes of a Service, but for why."""
        service = after.service
        found = changes(before, after)
        effect = worst(change.effect for change in found)
        if effect in (Effect.SAME, Effect.RENAMES) and not self._kubernetes_changes:
            return Planned(service, effect, found)
        evidence = self._evidence_of(service)
        harmless = None if at_least(effect, Effect.LOSES_ADDRESS) else self._path_shape(before, after, evidence)
        if harmless is not None and harmless in self._harmless:
            return Planned(service, effect, found)
        old, new = self._walked_before.path(before, evidence), self._walked_after.path(after, evidence)
        probes = any(change.kind is ChangeKind.PROBE for change in found)
        told = consequences(before, after, old, new, probes=probes)
        if harmless is not None and not told and old.verdict.kind is new.verdict.kind:
            self._harmless.add(harmless)
        effect = worst((effect, *(one.effect for one in told)))
        return Planned(service, effect, found, told, (), old, new)

    def _path_shape(self, before: Derivation, after: Derivation, evidence: Evidence) -> Hashable | None:
        """What both paths have in common with those of Services that are alike; None where nobody is like it."""
        walks = ((self._walked_before, before), (self._walked_after, after))
        if any(walked.deviates(one) for walked, one in walks):
            return None
        accepted = tuple(walked.accepted(one, evidence).outcome for walked, one in walks)
        if all(outcome is Outcome.DROP for outcome in accepted):
            return None  # a path that ends there is walked sooner than it is compared
        shape_of_it = self._path_shapes.of(before, after, evidence)
        return (shape_of_it, accepted) if shape_of_it is not None else None

    @cached_property
    def _kubernetes_changes(self) -> bool:
        """Whether Kubernetes' own part of the path, kube-proxy above all, is of another minor."""
        return _of_other_minors(self._old, self._new)

    def _of_kubernetes(
        self, after: Derivation, evidence: Evidence, told: tuple[Consequence, ...]
    ) -> tuple[DatedCause, ...]:
        """The first minor of Kubernetes in which the same derivation comes to the same end.

        None where it comes to it in the old one too: then Kubernetes is not why.
        """
        wanted = {_end(one.who, one.after) for one in told if one.after is not None}
        low, high = self._old.provider_version.minor, self._new.provider_version.minor
        for minor in range(low, high + 1) if wanted else ():
            release = self._new.provider_version if minor == high else ProviderVersion(1, minor, 0)
            path = walk(PathContext(after, self._new._replace(provider_version=release), evidence))
            if not wanted <= _ends(path):
                continue
            if minor == low:
                return ()
            reason = next(one.after for one in told if one.after is not None).because[:1]
            text = sentence(reason[0]) if reason else ""
            return (DatedCause(f"kubernetes-1.{minor}", text, ProviderVersion(1, minor, 0), KUBERNETES),)
        return ()

    def _causes_of(
        self, before: Derivation, after: Derivation, found: tuple[Change, ...], effect: Effect
    ) -> tuple[DatedCause, ...]:
        """The dated behaviours, worked out once for all Services that are alike and change alike."""
        key = (
            shape(after.service, self._evidence_of(after.service)),
            effect,
            tuple((one.kind, one.field, one.effect) for one in found),
        )
        if key not in self._causes:
            self._causes[key] = self._worked_out(before, after, found)
        return self._causes[key]

    def _worked_out(self, before: Derivation, after: Derivation, found: tuple[Change, ...]) -> tuple[DatedCause, ...]:
        """From the fewest Services among which it changes as it does among all of them."""
        for trial in self._trials(before, after):
            if _keyed(trial.changes(after.service)) == _keyed(found):
                break
        redo = trial.of(after.service)
        _ = redo(trial.behaviours).effect  # the path asks for behaviours too
        versions = self._old.provider_version, self._new.provider_version
        likely = dict.fromkeys(self._causes.values())
        return causes_of(*versions, frozenset(trial.behaviours.found), redo, likely)

    def _trials(self, before: Derivation, after: Derivation) -> Iterator["_Trial"]:
        """The Service alone, with some that it shares rules or public IPs with, those on the nodes, and all of them."""
        own = after.service
        yield self._trial((own,), (own,))
        sharing = {own.full_name}
        for one in (before, after):
            for together in (*(rule.services for rule in one.security_rules), *map(services_of, one.public_ips)):
                sharing.update(together[:MOST_BESIDE])
        on_nodes = own.full_name in self._on_nodes
        if on_nodes:
            sharing.update(list(self._on_nodes)[:MOST_BESIDE])
        beside = tuple(one for one in self._services if one.full_name in sharing)
        if 1 < len(beside) < len(self._services) and not (on_nodes and self._asked_all_on_nodes):
            yield self._trial(beside, (own,))
        if on_nodes and len(self._on_nodes) < len(self._services):
            self._asked_all_on_nodes = True  # where some of them were too few once, they mostly are again
            yield self._among_those_on_nodes
        yield self._among_all

    def _trial(self, services: Sequence[Service], about: Sequence[Service]) -> "_Trial":
        return _Trial(derive_all(services, self._old), about, self._old, self._new, self._evidence_of)

    @cached_property
    def _on_nodes(self) -> Mapping[str, Service]:
        """The Services that share the nodes' own addresses, by their full names."""
        return {one.full_name: one for one in self._azure.services_on_nodes()}

    @cached_property
    def _among_those_on_nodes(self) -> "_Trial":
        """The one trial for the Services that change as they do only among all that share the nodes' addresses."""
        those = tuple(one for one in self._services if one.full_name in self._on_nodes)
        return self._trial(those, those)

    @cached_property
    def _among_all(self) -> "_Trial":
        """The one trial for the Services that change as they do only among all of them."""
        before = Reconciled(self._before, self._standing)
        return _Trial(before, self._services, self._old, self._new, self._evidence_of)


class _Redone(NamedTuple):
    """What the behaviours of a cluster make of all Services of a trial, and the paths on that."""

    derivations: tuple[Derivation, ...]
    walked: Walked


class _Trial:
    """The upgrade of some Services to behaviours that no release need have, from the same state before.

    All are reconciled once for the same behaviours, and what changes is remembered of those that it is *about*. What is
    made is large: the last few are kept, for what changes comes to is asked of few sets of behaviours again and again.
    """

    def __init__(
        self, before: Reconciled, about: Sequence[Service], old: Cluster, new: Cluster, evidence_of: EvidenceOf
    ) -> None:
        self._derived, self._standing = before
        self._walked = Walked(before, old)
        self._services = tuple(one.service for one in self._derived)
        self._places = {service.full_name: place for place, service in enumerate(self._services)}
        self._about = [self._places[service.full_name] for service in about]
        self._old, self._new = old, new
        self._evidence_of = evidence_of
        self.behaviours = asking(new.behaviours)
        self._redone: dict[frozenset[str], _Redone] = {}
        self._keys: dict[frozenset[str], dict[int, ChangesKey]] = {}

    def changes(self, service: Service) -> tuple[Change, ...]:
        """What the new release changes about one of the Services."""
        return self._changes(self._places[service.full_name], self._redo(self.behaviours))

    def of(self, service: Service) -> Redo:
        """What becomes of one of the Services that it is about, under other behaviours."""
        place = self._places[service.full_name]

        def redo(behaviours: frozenset[str]) -> Result:
            if behaviours not in self._keys:
                self._redo(behaviours)
            return Result(self._keys[behaviours][place], lambda: self._effect(place, self._redo(behaviours)))

        return redo

    def _redo(self, behaviours: frozenset[str]) -> _Redone:
        found = self._redone.get(behaviours)
        if found is None:
            cluster, azure = self._new._replace(behaviours=behaviours), self._standing.copy()
            derivations = reconciled(self._services, cluster, azure)
            found = _Redone(derivations, Walked(Reconciled(derivations, azure), cluster))
            self._keys[behaviours] = {
                place: frozenset(change.key for change in self._changes(place, found)) for place in self._about
            }
            if len(self._redone) == KEPT:
                del self._redone[next(iter(self._redone))]
        else:
            del self._redone[behaviours]
        self._redone[behaviours] = found  # the last one that was asked for stands last
        return found

    def _changes(self, place: int, redone: _Redone) -> tuple[Change, ...]:
        return changes(self._derived[place], redone.derivations[place])

    def _effect(self, place: int, redone: _Redone) -> Effect:
        before, after = self._derived[place], redone.derivations[place]
        effect = worst(change.effect for change in self._changes(place, redone))
        if effect in (Effect.SAME, Effect.RENAMES) and not _of_other_minors(self._old, self._new):
            return effect
        evidence = self._evidence_of(after.service)
        path = redone.walked.path(after, evidence)
        told = consequences(before, after, self._walked.path(before, evidence), path, probes=True)
        return worst((effect, *(one.effect for one in told)))


def _of_other_minors(old: Cluster, new: Cluster) -> bool:
    return old.provider_version.minor != new.provider_version.minor


def _with_decisive(causes: tuple[DatedCause, ...]) -> tuple[DatedCause, ...]:
    """Where no single one decides, all of them do."""
    if any(cause.decisive for cause in causes):
        return causes
    return tuple(cause._replace(decisive=True) for cause in causes)


_End = tuple[str, HopName, Outcome, tuple[Cause, ...]]


def _end(who: str, hop: Hop) -> _End:
    return who, hop.name, hop.outcome, tuple(reason.cause for reason in hop.because)


def _ends(path: Path) -> set[_End]:
    """For whom each hop comes to what, and why: for all, for a port, for a client."""
    ends = {_end("", hop) for hop in path.common}
    for port in path.ports:
        who = f"port {port.port.port}" if port.port is not None else ""
        ends |= {_end(who, hop) for hop in port.hops}
    return ends | {_end(client.name, hop) for client in path.clients for hop in client.hops}


def _keyed(found: Sequence[Change]) -> list[tuple[str, ...]]:
    return sorted((one.kind.value, one.field, one.effect.value) for one in found)


def count_by_effect(planned: Sequence[Planned]) -> Mapping[Effect, int]:
    """How many Services there are of each effect, the worst first."""
    counts = dict.fromkeys(Effect, 0)
    for one in planned:
        counts[one.effect] += 1
    return {effect: count for effect, count in counts.items() if count}
