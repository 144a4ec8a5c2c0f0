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
from kubectl_akslb.lint.engine import Options
from kubectl_akslb.lint.stream import read_manifests
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.pipeline import in_namespace
from kubectl_akslb.plan.before import Before, Candidate, before, of_patch
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.plan.report import Reported, UpgradePlan
from kubectl_akslb.plan.shape import shape
from kubectl_akslb.plan.upgrade import Planned, upgrade
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

    planned = upgrade(services, _assuming(services, old), _assuming(services, new), evidence)
    older: tuple[Planned, ...] = ()
    oldest = _at(old, ProviderVersion(1, old.provider_version.minor, 0))
    if not exact and oldest.behaviours != old.behaviours:
        older = upgrade(services, _assuming(services, oldest), _assuming(services, new), evidence)
    mended = _Mended(inputs, new, found, templates)
    reported = []
    known: dict[object, Before | None] = {}
    for index, (one, plan) in enumerate(zip(found, planned, strict=True)):
        worse = older[index] if older and older[index].effect.rank < plan.effect.rank else None
        shown, base = (worse, oldest) if worse is not None else (plan, old)
        unless = max((cause.release for cause in worse.causes if cause.decisive), default=None) if worse else None
        first = None
        if at_least(shown.effect, Effect.LOSES_ADDRESS):
            key = shape(shown.service), shown.effect, base.provider_version
            if key not in known:
                bases = _assuming(services, base), _assuming(services, new)
                known[key] = before(shown.service, *bases, evidence(shown.service), mended)
            first = known[key]
        reported.append(Reported(one, shown, first, unless))
    return UpgradePlan(old.provider_version, new.provider_version, tuple(reported), (), manifests.unread)


def _assuming(services: Sequence[Service], cluster: Cluster) -> Cluster:
    return with_assumed_addresses(services, cluster)


def _at(cluster: Cluster, version: ProviderVersion) -> Cluster:
    return cluster._replace(provider_version=version, behaviours=behaviours_of(version))


class _Mended:
    """What lint's fixes for the new release make of each Service; they are made when somebody asks, once for all."""

    def __init__(
        self, inputs: Inputs, new: Cluster, found: Sequence[FoundService], templates: Sequence[ServiceTemplate]
    ) -> None:
        self._inputs, self._templates = inputs, templates
        self._new = new
        self._found = {with_defaults(one.service).full_name: one for one in found}
        self._after: dict[str, FoundService] | None = None

    def __call__(self, service: Service) -> Candidate | None:
        """The Service as it is fixed; None where nothing is."""
        if self._after is None:
            result = fix(self._inputs, self._new, Options(templates=tuple(self._templates)))
            after = read_manifests([(file.path, file.after) for file in result.files], "", self._templates).found
            self._after = {with_defaults(one.service).full_name: one for one in after}
        one, other = self._found.get(service.full_name), self._after.get(service.full_name)
        if one is None or other is None or one.data == other.data:
            return None
        return of_patch(with_defaults(other.service), difference(one.data, other.data))
