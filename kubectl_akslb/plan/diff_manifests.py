"""From manifests to what applying them does: what stands already, the new objects, and the edits that decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from kubectl_akslb.derive.context import Context
from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.objects import Objects, mapping, text
from kubectl_akslb.evidence.service_templates import ServiceTemplate
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.stream import Manifests, read_manifests
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path import api_server
from kubectl_akslb.pipeline import in_namespace
from kubectl_akslb.plan.applied import Applied, FieldEdit, UpdateRefusal, applied, edits, is_stored, undone
from kubectl_akslb.plan.diff import ServiceDiff, ServiceFate, ServicesBefore, Step, diff
from kubectl_akslb.plan.effect import Effect, at_least
from kubectl_akslb.producers.found import with_maker

Inputs = Sequence[tuple[str, bytes]]
Json = Mapping[str, Any]
MOST_EDITS = 40
"""So many edits of one Service are taken back one by one, to find those that decide."""


class StateBefore(NamedTuple):
    """What is there before: Services in the order of their creation, of any type, and all objects beside them.

    *kinds* were read of a cluster, None of files. *missing_goes*: those of these names are deleted where the new
    manifests do not have them. *notices* say what could not be read.
    """

    services: tuple[FoundService, ...]
    objects: tuple[Json, ...]
    kinds: frozenset[str] | None = None
    missing_goes: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    problems: tuple[InputError, ...] = ()


class ReportedDiff(NamedTuple):
    """One Service with what becomes of it; *found* is its place, None where it stands in no manifest.

    *edits* are the fields that differ, *decisive* those without which it would be less.
    """

    found: FoundService | None
    difference: ServiceDiff
    edits: tuple[FieldEdit, ...] = ()
    decisive: tuple[FieldEdit, ...] = ()

    @property
    def effect(self) -> Effect:
        """The worst that happens to it."""
        return self.difference.planned.effect

    @property
    def service(self) -> Service:
        """The Service as it is then, or as it was."""
        return self.difference.planned.service


class ManifestDiff(NamedTuple):
    """What applying manifests does to each Service; *against* is what they are compared with."""

    cluster: Cluster
    against: str
    services: tuple[ReportedDiff, ...]
    notices: tuple[str, ...] = ()
    problems: tuple[InputError, ...] = ()
    connection: tuple[str, ...] = ()

    @property
    def differ(self) -> tuple[ReportedDiff, ...]:
        """Those that differ, the worst first."""
        found = [one for one in self.services if one.difference.differs]
        return tuple(sorted(found, key=lambda one: one.effect.rank))

    def fails(self, threshold: Effect | None) -> bool:
        """Whether something as bad as *threshold*, or worse, happens to a Service; None: never."""
        return threshold is not None and any(
            at_least(one.effect, threshold) for one in self.services if one.difference.differs
        )


def of_files(inputs: Inputs, namespace: str = "", templates: Sequence[ServiceTemplate] = ()) -> StateBefore:
    """What stands where manifests were applied; what is not in the new ones goes."""
    manifests, objects, found = _read(inputs, namespace, templates)
    names = frozenset(_name(one) for one in found)
    problems = manifests.unread
    return StateBefore(tuple(found), tuple(objects), None, names, (), problems)


def plan_diff(
    inputs: Inputs,
    standing: StateBefore,
    cluster: Cluster,
    *,
    namespace: str = "",
    against: str = "",
    templates: Sequence[ServiceTemplate] = (),
) -> ManifestDiff:
    """What applying *inputs* does to what is *standing*; *templates* are fields that hold a Service.

    InputError where an input is no text at all.
    """
    manifests, objects, found = _read(inputs, namespace, templates)
    old = {_name(one): one for one in standing.services}
    new = {_name(one): one for one in found}
    made = {name: _applied(old.get(name), one) for name, one in new.items()}
    steps = [_step(name, old.get(name), new[name], made[name], cluster) for name in new]
    problems = manifests.unread
    # What cannot be read may be the Service that is missing.
    gone = [name for name in old if name not in new and name in standing.missing_goes and not problems]
    steps += [Step(with_defaults(old[name].service), None) for name in gone]
    steps = [step for step in steps if _matters(step)]
    services = [with_defaults(one.service) for one in standing.services if one.service.type == LOAD_BALANCER]
    asked = [*services, *(step.after for step in steps if step.after is not None)]
    cluster = with_assumed_addresses([one for one in asked if one.type == LOAD_BALANCER], cluster)
    sides = _Sides(standing, objects, made, new, gone)
    differences = diff(ServicesBefore(services, sides.before), steps, cluster, sides.after)
    by_step = {step.name: step for step in steps}
    reported = []
    for one in differences:
        name = one.planned.service.full_name
        step = by_step.get(name)
        decisive: tuple[FieldEdit, ...] = ()
        if step is not None and name in made:
            decisive = _decisive(step, made[name].data, one, cluster, sides)
        place = new.get(name) or (old.get(name) if one.fate is ServiceFate.DELETED else None)
        reported.append(ReportedDiff(place, one, step.edits if step is not None else (), decisive))
    notices = (*standing.notices, *_assumed(made))
    return ManifestDiff(cluster, against, tuple(reported), notices, (*standing.problems, *problems))


def _read(
    inputs: Inputs, namespace: str, templates: Sequence[ServiceTemplate]
) -> tuple[Manifests, list[Json], list[FoundService]]:
    """The Services of every type that stand in manifests or are made of what stands there, in their order."""
    manifests = read_manifests(inputs, namespace, templates)
    others = [one for stream in manifests.streams for one in stream.others]
    found = [in_namespace(one, namespace) for one in (*manifests.found, *others)]
    listed = [_named(one, namespace) for stream in manifests.streams for one in stream.objects]
    return manifests, listed, found


def _named(one: Json, namespace: str) -> Json:
    """The object with its namespace, where it names none."""
    metadata = mapping(one.get("metadata"))
    if not namespace or text(metadata.get("namespace")):
        return one
    return {**one, "metadata": {**metadata, "namespace": namespace}}


def _name(one: FoundService) -> str:
    return f"{one.service.namespace or 'default'}/{one.service.name}"


def _applied(old: FoundService | None, new: FoundService) -> Applied:
    """What is stored then. A controller owns all that it has written; of a new object that is the manifest."""
    if old is None or not old.data:
        return Applied(new.data)
    if new.made_of and is_stored(old.data):
        return applied(old.data, new.data, old.data)
    return applied(old.data, new.data)


def _step(name: str, old: FoundService | None, new: FoundService, made: Applied, cluster: Cluster) -> Step:
    before = with_defaults(old.service) if old is not None else None
    namespace = name.partition("/")[0]
    if old is None:
        after = with_defaults(new.service)
    else:
        after = with_defaults(decode(made.data)._replace(namespace=namespace, ingress_ips=()))
        if not new.service.ports and new.made_of:
            after = after._replace(ports=())
    faults = api_server.faults(Context(with_defaults(new.service), cluster))
    own = ((one.facts["field"], one.facts["value"], one.facts["message"]) for one in faults)
    refused = (*made.refused, *(UpdateRefusal(*map(str, each)) for each in own))
    found = edits(old.data, made.data) if old is not None else ()
    if old is not None and not found and not made.refused:
        refused = ()  # what is stored already is not looked at again
    return Step(before, after, found, refused)


def _matters(step: Step) -> bool:
    """Whether the provider has to do with it, before or then."""
    return any(one is not None and one.type == LOAD_BALANCER for one in (step.before, step.after))


class _Sides:
    """What is known beside a Service, before and then."""

    def __init__(
        self,
        standing: StateBefore,
        objects: Sequence[Json],
        made: Mapping[str, Applied],
        new: Mapping[str, FoundService],
        gone: Iterable[str],
    ) -> None:
        self._standing, self._new = standing, new
        self._now = datetime.now(timezone.utc)
        self._old = Objects(standing.objects)
        self._made = {_name(one): one for one in standing.services if one.made_of}
        self._source = EvidenceSource.FILES if standing.kinds is None else EvidenceSource.CLUSTER
        gone = frozenset(gone)
        given = [made[_key(one)[1]].data if _key(one)[1] in made and _is_service(one) else one for one in objects]
        keys = {_key(one) for one in given}
        kept = [one for one in standing.objects if _key(one) not in keys] if standing.kinds is not None else []
        kept = [one for one in kept if not (_is_service(one) and _key(one)[1] in gone)]
        self._then = Objects((*kept, *given))
        self._by_name = {_name(one): one for one in standing.services}

    def before(self, service: Service) -> Evidence:
        """As it stands."""
        kinds = self._standing.kinds
        found = evidence_of(service, self._old, self._source, now=self._now, read=kinds, unread=self._standing.notices)
        made = self._made.get(service.full_name)
        return found if made is None else with_maker(found, made)

    def after(self, service: Service) -> Evidence:
        """As it will: what a cluster says of the work on the old Service, and of its endpoints, counts no more."""
        kinds = self._standing.kinds
        found = evidence_of(service, self._then, self._source, now=self._now, read=kinds)
        new = self._new.get(service.full_name)
        if new is not None:
            found = with_maker(found, new)
        if kinds is None or new is None:
            return found
        old = self._by_name.get(service.full_name)
        same = old is not None and _leads(old.service) == _leads(service)
        return found._replace(
            source=EvidenceSource.FILES,
            events=None,
            ingress=None,
            addresses=(),
            age=None,
            endpoints=found.endpoints if same else None,
        )


def _leads(service: Service) -> tuple[object, ...]:
    """What decides which pods are behind a Service, and on which of their ports."""
    ports = tuple((port.name, port.protocol, port.target_port or port.port) for port in service.ports)
    return dict(service.selector), ports


def _is_service(one: Json) -> bool:
    return one.get("kind") == "Service"


def _key(one: Json) -> tuple[str, str]:
    metadata = mapping(one.get("metadata"))
    return text(one.get("kind")), f"{text(metadata.get('namespace')) or 'default'}/{text(metadata.get('name'))}"


def _decisive(step: Step, data: Json, whole: ServiceDiff, cluster: Cluster, sides: _Sides) -> tuple[FieldEdit, ...]:
    """The edits without any one of which less would happen; all of them where that cannot be told one by one."""
    service = step.after
    if step.refused or step.before is None or service is None or not step.edits or not whole.differs:
        return ()
    if len(step.edits) == 1 or len(step.edits) > MOST_EDITS:
        return step.edits
    before = ServicesBefore((step.before,), sides.before)
    if _effect_of(before, step, cluster, sides) is not whole.planned.effect:
        return step.edits  # it hangs on other Services
    found = []
    for edit in step.edits:
        try:
            less = with_defaults(decode(undone(data, edit))._replace(namespace=service.namespace, ingress_ips=()))
        except InputError:
            continue  # no Service without it, as with the only port
        left = tuple(one for one in step.edits if one is not edit)
        effect = _effect_of(before, Step(step.before, less, left), cluster, sides)
        if effect.rank > whole.planned.effect.rank:
            found.append(edit)
    return tuple(found) or step.edits


def _effect_of(before: ServicesBefore, step: Step, cluster: Cluster, sides: _Sides) -> Effect:
    found = [
        one
        for one in diff(before, (step,), cluster, sides.after)
        if one.planned.service.name == before.services[0].name
    ]
    return found[0].planned.effect if found else Effect.SAME


def _assumed(made: Mapping[str, Applied]) -> list[str]:
    """A sentence for each Service with fields of which nobody knows who wrote them."""
    texts = []
    for name, one in made.items():
        fields = [str(path[-1]) for path in one.assumed]
        if fields:
            stand = "stands" if len(fields) == 1 else "stand"
            texts.append(
                f"{name}: {', '.join(fields)} {stand} in the cluster and not in the manifest; taken to stay,"
                " as with kubectl apply, because nothing says that it was applied"
            )
    return texts


def namespaces_of(inputs: Inputs, namespace: str, templates: Sequence[ServiceTemplate] = ()) -> frozenset[str]:
    """The namespaces that the Services of manifests are in; *namespace* is that of those that name none."""
    _, _, found = _read(inputs, namespace, templates)
    return frozenset(one.service.namespace or "default" for one in found)
