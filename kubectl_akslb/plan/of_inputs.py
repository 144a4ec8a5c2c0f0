"""From manifests to the plan of an upgrade: read, derive on both releases, and find what to change before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.service_templates import ServiceTemplate
from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.fix.patch import difference
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.engine import LintOptions
from kubectl_akslb.lint.stream import read_manifests
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.manifest.stream import join, split
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.pipeline import in_namespace
from kubectl_akslb.plan.before import Before, Candidate, before, of_patch
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.plan.shape import shape
from kubectl_akslb.plan.upgrade import Planned, upgrade
from kubectl_akslb.plan.upgrade_plan import Reported, UpgradePlan
from kubectl_akslb.producers.found import with_maker
from kubectl_akslb.provider.behaviours import behaviours_of

Inputs = Sequence[tuple[str, bytes]]


def plan_upgrade(
    inputs: Inputs,
    old: Cluster,
    new: Cluster,
    beside: Iterable[Mapping[str, Any]] = (),
    *,
    namespace: str = "",
    exact: bool = True,
    templates: Sequence[ServiceTemplate] = (),
) -> UpgradePlan:
    """What an upgrade from the release of *old* to that of *new* does to the Services in *inputs*.

    What names no namespace goes to *namespace*; *templates* are fields that hold a Service. Not *exact*: the old
    release may be any patch of its minor, so the oldest one is tried too, and the worse counts.
    InputError where an input is no text at all.
    """
    manifests = read_manifests(inputs, namespace, templates, beside)
    objects, found = manifests.objects, [in_namespace(one, namespace) for one in manifests.found]
    services = [with_defaults(one.service) for one in found]
    by_name = {service.full_name: one for service, one in zip(services, found, strict=True)}
    now = datetime.now(timezone.utc)

    def evidence(service: Service) -> Evidence:
        read, made = evidence_of(service, objects, now=now), by_name.get(service.full_name)
        return read if made is None or not made.made_of else with_maker(read, made)

    old, new = (with_assumed_addresses(services, one) for one in (old, new))
    planned = upgrade(services, old, new, evidence)
    older: tuple[Planned, ...] = ()
    oldest = _at(old, ProviderVersion(1, old.provider_version.minor, 0))
    if not exact and oldest.behaviours != old.behaviours:
        oldest = with_assumed_addresses(services, oldest)
        older = upgrade(services, oldest, new, evidence, planned)
    shown: list[_Shown] = []
    for index, (one, plan) in enumerate(zip(found, planned, strict=True)):
        worse = older[index] if older and older[index].effect.rank < plan.effect.rank else None
        shown.append(_Shown(one, plan, old) if worse is None else _Shown(one, worse, oldest))
    keys = {
        each.planned.service.full_name: each.key(evidence(each.planned.service))
        for each in shown
        if at_least(each.planned.effect, Effect.LOSES_ADDRESS)
    }
    harmed = {keys[name]: each for each in reversed(shown) if (name := each.planned.service.full_name) in keys}
    mended = _Mended(inputs, new, found, [each.planned.service for each in harmed.values()], templates)
    first: dict[object, Before | None] = {}
    for key, each in harmed.items():
        service = each.planned.service
        first[key] = before(service, each.old, new, evidence(service), mended)
    reported = tuple(
        Reported(each.found, each.planned, first.get(keys.get(each.planned.service.full_name)), each.unless(old))
        for each in shown
    )
    return UpgradePlan(old.provider_version, new.provider_version, reported, (), manifests.unread)


class _Shown(NamedTuple):
    """What is told of a Service: its plan from the release of *old*, the one of two that comes to more harm."""

    found: FoundService
    planned: Planned
    old: Cluster

    def key(self, evidence: Evidence) -> object:
        """The same for all Services that the same edit helps."""
        return shape(self.planned.service, evidence), self.planned.effect, self.old.provider_version

    def unless(self, old: Cluster) -> ProviderVersion | None:
        """The first release that does it already, where it is not done from that of *old*."""
        if self.old is old:
            return None
        return max((cause.release for cause in self.planned.causes if cause.decisive), default=None)


def _at(cluster: Cluster, version: ProviderVersion) -> Cluster:
    return cluster._replace(provider_version=version, behaviours=behaviours_of(version))


class _Mended:
    """What lint's fixes for the new release make of *asked* Services; they are made when somebody asks, once for all.

    Of the other Services the fixer sees nothing: a Service is fixed and tried alone, as one of thousands too.
    """

    def __init__(
        self,
        inputs: Inputs,
        new: Cluster,
        found: Sequence[FoundService],
        asked: Sequence[Service],
        templates: Sequence[ServiceTemplate],
    ) -> None:
        self._inputs, self._templates = inputs, templates
        self._new = new
        self._found = {with_defaults(one.service).full_name: one for one in found}
        self._asked = {service.full_name for service in asked}
        self._after: dict[str, FoundService] | None = None

    def __call__(self, service: Service) -> Candidate | None:
        """The Service as it is fixed; None where nothing is."""
        if self._after is None:
            result = fix(self._without_others(), self._new, LintOptions(templates=tuple(self._templates)))
            after = read_manifests([(file.path, file.after) for file in result.files], "", self._templates).found
            self._after = {with_defaults(one.service).full_name: one for one in after}
        one, other = self._found.get(service.full_name), self._after.get(service.full_name)
        if one is None or other is None or one.data == other.data:
            return None
        return of_patch(with_defaults(other.service), difference(one.data, other.data))

    def _without_others(self) -> Inputs:
        """The inputs without the documents that are Services nobody asks about."""
        left_out: dict[str, dict[int, str]] = {}
        for name, one in self._found.items():
            if name not in self._asked and not one.at and not one.made_of:
                left_out.setdefault(one.path, {})[one.document] = ""
        return [(path, join(split(data), left_out.get(path, {}))) for path, data in self._inputs]
