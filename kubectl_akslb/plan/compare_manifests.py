"""From manifests to one side of a comparison: the Service that is meant, and how fields of it can be set."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from itertools import chain, count
from typing import Any

from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text
from kubectl_akslb.evidence.service_templates import ServiceTemplate
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.stream import read_manifests
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.manifest.load import FoundObject, FoundService, Spot
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse, parse_data
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.count import counted
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.pipeline import in_namespace
from kubectl_akslb.plan.compare import ANNOTATIONS, Aspect, Comparison, FieldPath, Line, Side, compare
from kubectl_akslb.producers.found import found_services, with_maker
from kubectl_akslb.producers.gateway_api import ISTIO, ISTIO_OF_AKS, REFERENCE
from kubectl_akslb.producers.produce import made_of

Inputs = Sequence[tuple[str, bytes]]
_FIELDS = {
    "loadBalancerSourceRanges": "load_balancer_source_ranges",
    "externalTrafficPolicy": "external_traffic_policy",
    "sessionAffinity": "session_affinity",
}
_LISTED = 8
_KEPT_BY_A_PATCH = frozenset({Aspect.SOURCE, Aspect.PROBES, Aspect.CLIENTS})


class Chosen(NamedTuple):
    """One side with its place. *written* is where a field of the Service is written; None where it cannot be.

    *objects* are those of its file, None in a cluster. *added* is an object that is to be created for it: its maker
    refers to that one already.
    """

    side: Side
    found: FoundService
    problems: tuple[InputError, ...] = ()
    objects: Objects | None = None
    added: FoundObject | None = None

    @property
    def title(self) -> str:
        """What it is: ``Service shop/web``, or the object that it is made of."""
        return self.found.made_of or f"Service {self.side.service.full_name}"

    def written(self, line: Line) -> Spot | None:
        """Where a field of the Service is written, or could be."""
        return written(self.found, line.path, takes_away=line.value is None)


def compared(old: Chosen, new: Chosen) -> tuple[Comparison, Chosen]:
    """What differs, and the new one: with a ConfigMap added where that keeps more."""
    found = compare(old.side, new.side)
    more = _with_parameters(new) if found.left else None
    if more is not None:
        again = compare(old.side, more.side)
        if len(again.left) < len(found.left):
            return again, more
    return found, new


def _refers_to_nothing(new: Chosen) -> bool:
    """Whether it is made of a Gateway of Istio that could refer to a ConfigMap, and refers to nothing."""
    maker = new.found.maker
    if maker is None or new.found.made_by not in (ISTIO, ISTIO_OF_AKS):
        return False
    return mapping(mapping(maker.data.get("spec")).get("infrastructure")).get("parametersRef") is None


def _with_parameters(new: Chosen) -> Chosen | None:
    """The same where its Gateway refers to a new ConfigMap that says nothing yet; None where there can be none."""
    maker, objects = new.found.maker, new.objects
    if maker is None or objects is None or not maker.name or not _refers_to_nothing(new):
        return None
    namespace = objects.namespace_of(maker.data)
    taken = {name_of(one) for one in objects.of("ConfigMap") if objects.namespace_of(one) == namespace}
    own = f"{maker.name}-options"
    names = chain((own,), (f"{own}-{number}" for number in count(2)))
    name = next(one for one in names if one not in taken)
    config = _config_map(name, text(mapping(maker.data.get("metadata")).get("namespace")))
    reference = {"group": "", "kind": "ConfigMap", "name": name}
    gateway = maker._replace(data=_set(maker.data, REFERENCE, reference))
    beside = objects.replaced({id(maker.data): gateway.data}, config.data)
    known = (config, *new.found.holders)
    services = found_services(gateway, beside, lambda data: next((one for one in known if one.data is data), None))
    found = next((one for one in services if one.service.name == new.side.service.name), None)
    if found is None:
        return None
    found = found._replace(service=new.found.service)
    side = side_of(found, new.side.service, new.side.cluster, new.side.evidence, beside)
    return new._replace(side=side, found=found, objects=beside, added=config)


def _config_map(name: str, namespace: str) -> FoundObject:
    """A ConfigMap of parameters that is in no file; without *namespace* it goes where its Gateway goes."""
    place = {"namespace": namespace} if namespace else {}
    data = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, **place},
        "data": {"service": ""},
    }
    source = Source(block_text(data))
    return FoundObject("ConfigMap", name, namespace, data, 0, parse(source), (), source)


def more_with_parameters(new: Chosen, found: Comparison) -> str:
    """Say that a Gateway of the cluster could keep more by a ConfigMap, not tried there; "" if it could not."""
    could = any(one.trait.aspect in _KEPT_BY_A_PATCH for one in found.left)
    if new.objects is not None or not could or not _refers_to_nothing(new):
        return ""
    return (
        f"{new.title} refers to no ConfigMap: with spec.infrastructure.parametersRef and a ConfigMap whose key service"
        " patches the Service, more of it can be kept; compare its manifest in a file, and both are written"
    )


def choose(
    inputs: Inputs, wanted: str, cluster: Cluster, namespace: str = "", templates: Sequence[ServiceTemplate] = ()
) -> Chosen:
    """The Service of type LoadBalancer in *inputs* that is *wanted*: ``svc/NS/NAME``, ``gateway/NAME``, "" for the one.

    AkslbError where there is none, or which one is meant is not said.
    """
    manifests = read_manifests(inputs, namespace, templates)
    objects, problems = manifests.objects, manifests.unread
    found = [in_namespace(one, namespace) for one in manifests.found]
    fits = [one for one in found if _is_meant(one, wanted)]
    where = ", ".join(path for path, _ in inputs)
    if len(fits) != 1:
        names = [_reference(one) for one in (fits or found)][:_LISTED]
        if not found and problems:
            raise problems[0]
        services = counted(len(fits), "Service") if fits else "no Services"
        said = f"{where} has {services} of type LoadBalancer"
        what = f" that {wanted} means" if wanted else ""
        hint = f"say which: {', '.join(f'{where}:{name}' for name in names)}" if names else "name another file"
        raise AkslbError(said + what, hint=hint)
    (one,) = fits
    service = with_defaults(one.service)
    cluster = with_assumed_addresses((service,), cluster)
    evidence = with_maker(evidence_of(service, objects, now=datetime.now(timezone.utc)), one)
    return Chosen(side_of(one, service, cluster, evidence, objects), one, problems, objects)


def _is_meant(one: FoundService, wanted: str) -> bool:
    if not wanted:
        return True
    kind, _, name = wanted.partition("/")
    own = f"{one.service.namespace or 'default'}/{one.service.name}"
    if kind.lower() in ("svc", "service", "services"):
        return name in (own, one.service.name)
    made_kind, _, made_name = one.made_of.partition(" ")
    return made_kind.lower() == kind.lower() and name in (made_name, made_name.partition("/")[2])


def _reference(one: FoundService) -> str:
    if one.made_of:
        kind, _, name = one.made_of.partition(" ")
        return f"{kind.lower()}/{name}"
    return f"svc/{one.service.namespace or 'default'}/{one.service.name}"


def side_of(
    found: FoundService,
    service: Service,
    cluster: Cluster,
    evidence: Evidence,
    objects: Objects | None = None,
) -> Side:
    """A side whose fields can be set: on the Service, or on the object that its controller makes it of."""

    def on_service(lines: Sequence[Line]) -> Service | None:
        return _with(service, lines)

    def on_maker(lines: Sequence[Line]) -> Service | None:
        maker = found.maker
        if maker is None or objects is None:
            return None
        changed: dict[int, Mapping[str, Any]] = {}
        for line in lines:
            spot = written(found, line.path, takes_away=line.value is None)
            if spot is None:
                return None
            data = spot.holder.data
            changed[id(data)] = _set(changed.get(id(data), data), spot.path, line.value)
        for made in made_of(changed.get(id(maker.data), maker.data), objects.replaced(changed)):
            if text(mapping(made.service.get("metadata")).get("name")) == service.name:
                again = _decoded(made.service, service)
                return again if again is not None and all(_arrived(again, line) for line in lines) else None
        return None

    return Side(service, cluster, evidence, on_maker if found.made_of else on_service)


def written(found: FoundService, path: FieldPath, *, takes_away: bool = False) -> Spot | None:
    """Where a field of a Service is written, or could be; None where its controller copies it from nowhere.

    *takes_away*: null is written, for what its controller sets by itself.
    """
    if path[:2] != ANNOTATIONS:
        return found.spot(path)
    spot = found.patch_of_annotations if takes_away else found.spot_of_annotations(str(path[-1]))
    return spot._replace(path=(*spot.path, path[-1])) if spot is not None else None


def _decoded(data: Mapping[str, Any], like: Service) -> Service | None:
    try:
        found = with_defaults(decode(data))
    except InputError:
        return None
    return found._replace(namespace=like.namespace, ports=found.ports or like.ports)


def _with(service: Service, lines: Sequence[Line]) -> Service:
    for line in lines:
        if line.path[:2] == ANNOTATIONS:
            kept = {key: value for key, value in service.annotations.items() if key != line.path[2]}
            added = {str(line.path[2]): str(line.value)} if line.value is not None else {}
            service = service._replace(annotations={**kept, **added})
        else:
            given: dict[str, Any] = {_FIELDS[str(line.path[1])]: line.value}
            service = service._replace(**given)
    return service


def _arrived(service: Service, line: Line) -> bool:
    """Whether the controller hands a field on: some copy only what they know."""
    if line.path[:2] == ANNOTATIONS:
        return service.annotations.get(str(line.path[2])) == (str(line.value) if line.value is not None else None)
    return bool(getattr(service, _FIELDS[str(line.path[1])]) == line.value)


def _set(data: Mapping[str, Any], path: FieldPath, value: object) -> Mapping[str, Any]:
    """The object with a field set; mappings on the way are made."""
    changed: Mapping[str, Any] = _with_field(data, path, list(value) if isinstance(value, tuple) else value)
    return changed


def _with_field(data: Any, path: FieldPath, value: object) -> Any:  # noqa: ANN401 - JSON
    if not path:
        return value
    head, *rest = path
    if isinstance(data, str):  # a text that holds YAML
        return block_text(_with_field(parse_data(Source(data))[1] or {}, path, value))
    if isinstance(head, int):
        items = list(data) if isinstance(data, (list, tuple)) else []
        return [_with_field(one, tuple(rest), value) if index == head else one for index, one in enumerate(items)]
    fields = data if isinstance(data, Mapping) else {}
    return {**fields, head: _with_field(fields.get(head), tuple(rest), value)}
