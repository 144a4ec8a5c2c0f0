"""What applying manifests does: what the old ones have built, and what the provider makes of it for the new ones.

The new Service is reconciled onto what stands, not derived anew: what the provider keeps is kept. Services that are
neither in the manifest nor changed by it stay as they are, unless they share something with one that is.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from kubectl_akslb.azure.refusals import Sent
from kubectl_akslb.derive.deletion import delete_on
from kubectl_akslb.derive.reconcile import Reconciled, derive_all, derive_on, ignored
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import LOAD_BALANCER_STAGE, Derivation
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.plan.applied import FieldEdit, UpdateRefusal
from kubectl_akslb.plan.change import ERROR, Change, ChangeKind, changes
from kubectl_akslb.plan.consequence import Consequence, consequences, of_access
from kubectl_akslb.plan.effect import Effect, worst
from kubectl_akslb.plan.kept_addresses import PUBLIC, AddressChange, addresses, compared
from kubectl_akslb.plan.upgrade import Planned
from kubectl_akslb.plan.walked import Walked

EvidenceOf = Callable[[Service], Evidence]
APPLY = "apply"
"""The field of a change that says that the API server refuses it."""


class ServiceFate(Enum):
    """What happens to a Service itself; BESIDE: it is not in the manifest, and something of it changes all the same."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    BESIDE = "beside"
    SAME = "same"


class Step(NamedTuple):
    """What is done with one Service: None before where it is new, None after where it goes.

    *edits* are those of its fields. *refused* by the API server, it stays as it is.
    """

    before: Service | None
    after: Service | None
    edits: tuple[FieldEdit, ...] = ()
    refused: tuple[UpdateRefusal, ...] = ()

    @property
    def name(self) -> str:
        """``namespace/name``."""
        one = self.after or self.before
        return one.full_name if one is not None else ""


class ServiceDiff(NamedTuple):
    """What becomes of one Service: its plan, its addresses, and what Azure loses with it."""

    fate: ServiceFate
    planned: Planned
    addresses: tuple[AddressChange, ...] = ()
    goes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether anything changes."""
        return self.planned.effect is not Effect.SAME

    @property
    def is_interrupted(self) -> bool:
        """Whether connections that stand are cut."""
        lost = any(one.old is not None and one.kept is False for one in self.addresses)
        cutting = (Effect.INTERRUPTS, Effect.LOSES_ADDRESS)
        gone = any(one.kind is ChangeKind.RULE and one.new is None for one in self.planned.changes)
        return lost or gone or any(one.effect in cutting for one in self.planned.changes)


class ServicesBefore(NamedTuple):
    """The Services of type LoadBalancer that stand, in the order of their creation, and what is known beside them."""

    services: Sequence[Service]
    evidence: EvidenceOf


def diff(
    before: ServicesBefore, steps: Sequence[Step], cluster: Cluster, evidence: EvidenceOf
) -> tuple[ServiceDiff, ...]:
    """What the *steps* do, in their order, to each Service of *before* and each that is new."""
    return _Diff(before, steps, cluster, evidence).differences()


class _Diff:
    """What stands before and after, and what is worked out of both where something differs."""

    def __init__(self, before: ServicesBefore, steps: Sequence[Step], cluster: Cluster, evidence: EvidenceOf) -> None:
        self._cluster = cluster
        self._evidence_before, self._evidence_after = before.evidence, evidence
        self._steps = {step.name: step for step in steps}
        self._outcome = derive_all(before.services, cluster)
        self._before = Walked(self._outcome, cluster)
        self._old = {one.service.full_name: one for one in self._outcome.derivations}
        self._never = self._refused_from_the_start()
        stood = [one for one in before.services if one.full_name not in self._never]
        self._azure = derive_all(stood, cluster).azure if self._never else self._outcome.azure.copy()
        self._new = dict(self._old)
        self._goes: dict[str, tuple[str, ...]] = {}
        self._undeleted: dict[str, Change] = {}
        rules = dict(self._azure.security_rules)
        for step in steps:
            self._take(step)
        rules_per_service.settle(cluster, self._azure, rules)
        self._new = {name: _standing(one, self._azure) for name, one in self._new.items()}

    def _refused_from_the_start(self) -> frozenset[str]:
        """The Services without an address that Azure has refused and would take as the steps make them: none stands."""
        return frozenset(
            step.name
            for step in self._steps.values()
            if step.before is not None
            and step.after not in (None, step.before)
            and not step.before.ingress_ips
            and (old := self._old.get(step.name)) is not None
            and _refuses(self._before.sent, old)
            and not self._would_refuse(step.after)
        )

    def _would_refuse(self, service: Service | None) -> bool:
        outcome = derive_all([service] if service is not None else [], self._cluster)
        sent = Sent(outcome.azure, self._cluster)
        return any(_refuses(sent, one) for one in outcome.derivations)

    def _take(self, step: Step) -> None:
        if step.refused or (step.before is not None and step.before == step.after):
            return
        before = _resources(self._azure)
        if step.after is not None and ignored(step.after) is None:
            self._new[step.name] = derive_on(step.after, self._cluster, self._azure)
        elif step.before is not None and step.name in self._old:
            gone = step.after or step.before
            deletion = delete_on(gone, self._cluster, self._azure)
            self._new.pop(step.name, None)
            if deletion.refused is not None:
                message = f"{deletion.refused.message}: it stays Terminating"
                origin = deletion.refused.origin
                self._undeleted[step.name] = Change(
                    ChangeKind.SERVICE, step.name, ERROR, None, message, Effect.BREAKS, Derived(message, origin)
                )
        elif step.after is not None:
            self._new[step.name] = _nothing(step.after, ignored(step.after))
        left = _resources(self._azure)
        self._goes[step.name] = tuple(one for one in before if one not in left)

    def differences(self) -> tuple[ServiceDiff, ...]:
        names = dict.fromkeys((*self._steps, *self._old))
        return tuple(found for name in names if (found := self._of(name)) is not None)

    def _of(self, name: str) -> ServiceDiff | None:
        step = self._steps.get(name)
        old, new = self._old.get(name), self._new.get(name)
        if step is not None and step.refused:
            return _refused(step)
        if old is None and new is None:
            return None
        if old is None and new is not None:
            return self._created(new)
        if old is not None and new is None:
            return self._deleted(name, old)
        if old is None or new is None:
            return None
        created = self._created(new) if name in self._never else None
        if created is not None:
            planned = created.planned._replace(old=self._walked_before(old))
            return created._replace(fate=ServiceFate.CHANGED, planned=planned)
        return self._changed(name, old, new, step)

    def _created(self, new: Derivation) -> ServiceDiff | None:
        if new.ignored is not None:
            return None
        nothing = _nothing(new.service)
        found = changes(nothing, new)
        told = tuple(of_access(nothing, new))
        told = tuple(one for one in told if one.effect is not Effect.EXPOSES or one.who.startswith("the internet"))
        path = self._walked_after(new)
        effect = worst((Effect.CHANGES, *(one.effect for one in told)))
        if path.verdict.kind.fails:
            effect = Effect.BREAKS
        planned = Planned(new.service, effect, found, told, (), None, path)
        return ServiceDiff(ServiceFate.CREATED, planned, compared({}, addresses(new, self._azure)))

    def _deleted(self, name: str, old: Derivation) -> ServiceDiff:
        if name in self._undeleted:
            change = self._undeleted[name]
            planned = Planned(old.service, effect=change.effect, changes=(change,), old=self._walked_before(old))
            return ServiceDiff(ServiceFate.DELETED, planned)
        step = self._steps.get(name)
        after = step.after if step is not None and step.after is not None else None
        found = changes(old, _nothing(after or old.service))
        was = addresses(old, self._outcome.azure)
        stays = tuple(
            f"public IP {one.resource}"
            for one in was.values()
            if one.kind == PUBLIC and any(one.resource == left.name.value for left in self._azure.public_ips.values())
        )
        effect = worst((Effect.CHANGES, *(one.effect for one in found)))
        planned = Planned(after or old.service, effect=effect, changes=found, old=self._walked_before(old))
        fate = ServiceFate.DELETED if after is None else ServiceFate.CHANGED
        return ServiceDiff(fate, planned, compared(was, {}), self._goes.get(name, ()), stays)

    def _changed(self, name: str, old: Derivation, new: Derivation, step: Step | None) -> ServiceDiff:
        edits = step.edits if step is not None else ()
        found = (*changes(old, new), *_of_data_path(new.service, edits))
        was = addresses(old, self._outcome.azure)
        stays = new.refusal is not None and new.load_balancer is None  # nothing was sent
        moved = compared(was, was if stays else addresses(new, self._azure))
        found = (*found, *_recreated(moved, found))
        fate = ServiceFate.BESIDE if step is None else ServiceFate.CHANGED
        touched = step is not None and step.before != step.after
        deviates = self._before.deviations.of(name) != self._after.deviations.of(name)
        if not found and not touched and not deviates:
            return ServiceDiff(ServiceFate.SAME, Planned(new.service, Effect.SAME), moved)
        old_path, new_path = self._walked_before(old), self._walked_after(new)
        probes = any(change.kind is ChangeKind.PROBE for change in found)
        told: tuple[Consequence, ...] = ()
        if new.ignored is None and old.ignored is None:
            told = consequences(old, new, old_path, new_path, probes=probes)
        effect = worst((*(one.effect for one in found), *(one.effect for one in told)))
        if effect is Effect.SAME:
            return ServiceDiff(
                ServiceFate.SAME,
                Planned(new.service, effect=Effect.SAME, old=old_path, new=new_path),
                moved,
            )
        planned = Planned(new.service, effect, found, told, (), old_path, new_path)
        return ServiceDiff(fate, planned, moved, self._goes.get(name, ()))

    @cached_property
    def _after(self) -> Walked:
        return Walked(Reconciled(tuple(self._new.values()), self._azure), self._cluster)

    def _walked_before(self, one: Derivation) -> Path:
        return self._before.dated_path(one, self._evidence_before(one.service))

    def _walked_after(self, one: Derivation) -> Path:
        return self._after.dated_path(one, self._evidence_after(one.service))


def _refuses(sent: Sent, one: Derivation) -> bool:
    """Whether Azure certainly refuses the address or the load balancer of a Service."""
    return any(each.stage == LOAD_BALANCER_STAGE and not each.unless for each in sent.refusals(one))


def _nothing(service: Service, reason: Derived[str] | None = None) -> Derivation:
    """A Service for which nothing stands."""
    return Derivation(service, ignored=reason)


def _resources(azure: Azure) -> dict[str, None]:
    """What stands as a resource of its own, by ARM's type and name."""
    balancers = (f"load balancer {state.name.value}" for state in azure.load_balancers.values())
    return dict.fromkeys((*balancers, *(f"public IP {one.name.value}" for one in azure.public_ips.values())))


def _standing(one: Derivation, azure: Azure) -> Derivation:
    """What is left of what was built for a Service, after others were reconciled or deleted."""
    balancer = one.load_balancer
    if balancer is not None:
        state = azure.load_balancers.get(balancer.name.value)
        frontends = state.frontends if state is not None else {}
        rules = state.rules if state is not None else {}
        balancer = balancer._replace(
            frontend_ip_configurations=tuple(
                frontend for frontend in balancer.frontend_ip_configurations if frontend.name.value in frontends
            ),
            load_balancing_rules=tuple(rule for rule in balancer.load_balancing_rules if rule.name.value in rules),
        )
    names = {found.name.value.lower() for found in azure.public_ips.values()}
    return one._replace(
        load_balancer=balancer,
        public_ips=tuple(address for address in one.public_ips if address.name.value.lower() in names),
        security_rules=azure.security_rules_of(one.service),
    )


def _refusals(step: Step) -> tuple[Change, ...]:
    return tuple(
        Change(
            ChangeKind.SERVICE,
            step.name,
            APPLY,
            None,
            f"{one.field} {one.value!r}: {one.message}",
            Effect.BREAKS,
            Derived(one.message, Origin("spec", one.field, one.value)),
        )
        for one in step.refused
    )


def _refused(step: Step) -> ServiceDiff | None:
    """The API server takes nothing of it: everything stays."""
    service = step.before or step.after
    if service is None:
        return None
    fate = ServiceFate.CREATED if step.before is None else ServiceFate.CHANGED
    return ServiceDiff(fate, Planned(service, Effect.BREAKS, _refusals(step)))


#: What only kube-proxy and the pods read: the provider makes nothing of it.
_DATA_PATH = frozenset({
    "selector", "externalTrafficPolicy", "internalTrafficPolicy", "sessionAffinityConfig", "publishNotReadyAddresses",
    "externalIPs", "trafficDistribution", "healthCheckNodePort", "loadBalancerSourceRanges",
})  # fmt: skip


def _of_data_path(service: Service, edits: Sequence[FieldEdit]) -> tuple[Change, ...]:
    """Fields by which packets go otherwise behind the load balancer."""
    found = []
    for edit in edits:
        own = edit.path[0] == "spec" and (edit.path[1] in _DATA_PATH or edit.path[-1] in ("targetPort", "nodePort"))
        if own:
            field = ".".join(map(str, edit.path))
            old, new = _plain(edit.old), _plain(edit.new)
            found.append(Change(ChangeKind.SERVICE, service.full_name, field, old, new, Effect.CHANGES))
    return tuple(found)


def _plain(value: object) -> object:
    """A value of JSON as a change has it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    return tuple(map(_plain, value)) if isinstance(value, (list, tuple)) else value


def _recreated(moved: Sequence[AddressChange], found: Sequence[Change]) -> list[Change]:
    """Addresses that go though everything keeps its name: the public IP is deleted and made anew."""
    if any(change.effect is Effect.LOSES_ADDRESS for change in found):
        return []
    return [
        Change(
            ChangeKind.PUBLIC_IP,
            one.old.resource,
            "ipAddress",
            one.old.text,
            "another one",
            Effect.LOSES_ADDRESS,
            one.new.identity if one.new is not None else None,
        )
        for one in moved
        if one.old is not None and one.kept is False
    ]
