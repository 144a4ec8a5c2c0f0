"""An object of a cluster of which a controller makes a Service: read with what decides about it, and that Service.

The Service that stands in the cluster is what counts. Where it is not there, the one that its controller would make is
explained, as from a file.
"""

from collections.abc import Sequence
from typing import Any

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster import reading as reader
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.reading import Gathered, Object, Reading
from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.manifest.load import NO_NODE, NO_TEXT, FoundObject, FoundService
from kubectl_akslb.model.command import command, flag, is_subdomain
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.producers.kinds import GROUPS, PRODUCED_BY

_MOST = 8
"""So many Services of one object are looked for, one call each."""
_SHORT = {"gtw": "Gateway", "nic": "NginxIngressController"}


class Asked(NamedTuple):
    """An object that the command line names: its kind and its name."""

    kind: str
    name: str

    @property
    def resource(self) -> str:
        """What kubectl calls the kind, with its group: other groups have kinds of the same name."""
        return f"{self.kind.lower()}.{GROUPS[self.kind]}"


class Producing(NamedTuple):
    """An object of the cluster and what is made of it.

    *reading* is what was read around its Services, None where none of them is there: then *manifests* are the object
    and what it refers to. *found* are the Services that its controller makes, as far as the object tells.
    """

    one: Object
    reading: Reading | None
    manifests: bytes
    found: tuple[FoundService, ...]
    notices: tuple[str, ...] = ()
    around: Reading | None = None


def asked(words: Sequence[str]) -> Asked | None:
    """The object that is named, as in ``gateway/web``; None where Services are. AkslbError for a kind that is none."""
    if len(words) == 2 and "/" not in words[0] and kind_of(words[0]):
        words = (f"{words[0]}/{words[1]}",)
    kinds = [word.partition("/")[0] for word in words if "/" in word]
    if not any(kind_of(kind) for kind in kinds):
        return None
    if len(words) > 1:
        raise AkslbError("one object at a time", hint="name one, or its Services: svc/web")
    kind, _, name = words[0].partition("/")
    if not is_subdomain(name):
        raise AkslbError(f"{name[:80]!r} cannot be the name of an object", hint=f"write {kind.lower()}/NAME")
    return Asked(kind_of(kind), name)


def kind_hint(word: str) -> str:
    """What may be meant by a kind that is not known."""
    known = [kind.lower() for kind in (*PRODUCED_BY, "svc", "Service")]
    ways = "name a file that is there, a Service, svc/NAME, or what a controller makes one of: gateway/NAME"
    return did_you_mean(word.lower(), known) or ways


def kind_of(word: str) -> str:
    """The kind of objects that a word means, as in ``gateway`` or ``kafkas``; "" where nothing is made of it."""
    own = word.lower().partition(".")[0]
    for kind in PRODUCED_BY:
        if own in (kind.lower(), f"{kind.lower()}s", f"{kind.lower()}es"):
            return kind
    return _SHORT.get(own, "")


def is_made_of(found: FoundService, kind: str, name: str, namespace: str = "") -> bool:
    """Whether a Service is made of the object that is meant; "" for any namespace."""
    made_kind, _, made_name = found.made_of.partition(" ")
    inside, _, own = made_name.partition("/")
    return made_kind.lower() == (kind_of(kind) or kind).lower() and own == name and namespace in ("", inside)


def read(target: Asked, connection: Connection) -> Producing:
    """The object, its Service, and what is around that; AkslbError where the object cannot be read."""
    one, made, standing = _looked_up(target, connection)
    if standing:
        names, inside = _named(standing, connection)
        reading = reader.read(names, inside, known=standing)
        return Producing(one, reading, b"", made)
    return _alone(one, target, connection)


class StandingServices(NamedTuple):
    """The Services of the cluster that are made of an object: their names, and the connection to their namespace.

    Where none is there, *alone* is the object with what it refers to.
    """

    names: tuple[str, ...]
    connection: Connection
    alone: Producing | None = None


def standing_of(target: Asked, connection: Connection) -> StandingServices:
    """The Services that are made of an object, by name; AkslbError where the object cannot be read."""
    one, _, standing = _looked_up(target, connection)
    if not standing:
        return StandingServices((), connection, _alone(one, target, connection))
    return StandingServices(*_named(standing, connection))


def _looked_up(target: Asked, connection: Connection) -> tuple[Object, tuple[FoundService, ...], list[Object]]:
    """The object, what its controller makes of it as far as it tells, and those of these that are there."""
    (done,) = kubectl.run(kubectl.get(target.resource, connection, target.name))
    if done.code != 0:
        raise _not_read(target, done.err) or reader.help_of(done, connection)
    (one,) = kubectl.objects(done) or ({},)
    made = _found(one, Objects((one,)))
    return one, made, [service for each in made[:_MOST] for service in _standing(each, connection)]


def _named(standing: Sequence[Object], connection: Connection) -> tuple[tuple[str, ...], Connection]:
    namespace = text(mapping(standing[0].get("metadata")).get("namespace"))
    names = tuple(name_of(each) for each in standing)
    return names, connection._replace(namespace=namespace, all_namespaces=False, selector=None)


def _standing(found: FoundService, connection: Connection) -> list[Object]:
    inside = connection._replace(namespace=found.service.namespace, all_namespaces=False, selector=None)
    if not is_subdomain(found.service.name):
        return []
    (done,) = kubectl.run(kubectl.get(kubectl.SERVICES, inside, found.service.name))
    return list(kubectl.objects(done)) if done.code == 0 else []


def _alone(one: Object, target: Asked, connection: Connection) -> Producing:
    """The object with its class, and with what both refer to: nothing has made a Service of it yet."""
    gathered = Gathered()
    (done,) = kubectl.run(kubectl.infrastructure(connection))
    gathered.add(done, "nodes and versions", (reader.NODE, reader.DAEMON_SET))
    beside: list[Object] = []
    class_name = text(mapping(one.get("spec")).get("gatewayClassName"))
    if target.kind == "Gateway" and is_subdomain(class_name):
        beside += _optional("gatewayclass.gateway.networking.k8s.io", class_name, connection, gathered)
    for owner, namespace in (
        (one, text(mapping(one.get("metadata")).get("namespace"))),
        *((each, "") for each in beside),
    ):
        found = _referred(owner, namespace, connection, gathered)
        if found:
            beside += found
            break
    made = _found(one, Objects((one, *beside)))
    names = ", ".join(f"{each.service.full_name}" for each in made[:_MOST])
    said = f"none of the Services that come of it is there ({names}): explained as its controller would make them"
    notices = (said, *gathered.notices) if made else tuple(gathered.notices)
    manifests = "---\n".join(block_text(_cleaned(each)) for each in (one, *beside)).encode()
    kinds = frozenset(gathered.kinds)
    around = Reading((), gathered.objects, kinds, tuple(gathered.notices))
    return Producing(one, None, manifests, made, notices, around)


def _referred(owner: Object, namespace: str, connection: Connection, gathered: Gathered) -> list[Object]:
    """The object of parameters that a Gateway or its class refers to."""
    spec = mapping(owner.get("spec"))
    reference = mapping(spec.get("parametersRef") or mapping(spec.get("infrastructure")).get("parametersRef"))
    kind, group, name = (text(reference.get(key)) for key in ("kind", "group", "name"))
    inside = text(reference.get("namespace")) or namespace
    if not (kind.isalnum() and is_subdomain(name) and (not group or is_subdomain(group))):
        return []
    resource = f"{kind.lower()}.{group}" if group else kind.lower()
    place = connection._replace(namespace=inside or None) if not inside or is_subdomain(inside) else connection
    return _optional(resource, name, place, gathered)


def _optional(resource: str, name: str, connection: Connection, gathered: Gathered) -> list[Object]:
    inside = connection._replace(all_namespaces=False, selector=None)
    (done,) = kubectl.run(kubectl.get(resource, inside, name))
    return list(reader.optional(done, f"{resource} {name}", gathered.notices) or ())


def _found(one: Object, objects: Objects) -> tuple[FoundService, ...]:
    from kubectl_akslb.producers.found import found_services

    return tuple(found_services(_object(one), objects, lambda _: None))


def _object(one: Object) -> FoundObject:
    metadata = mapping(one.get("metadata"))
    name, namespace = text(metadata.get("name")), text(metadata.get("namespace"))
    return FoundObject(text(one.get("kind")), name, namespace, one, 0, NO_NODE, (), NO_TEXT)


def with_maker(found: FoundService, making: Sequence[FoundService]) -> FoundService:
    """A Service of the cluster with the object that it is made of, by what was read of that, or by what it says."""
    for one in making:
        if one.service.full_name == found.service.full_name:
            return found._replace(made_of=one.made_of, made_by=one.made_by, maker=one.maker, places=one.places)
    return found._replace(**_owner(found))


def _owner(found: FoundService) -> dict[str, Any]:
    """What a Service says of the object that it is made of: its owner, or a label of Envoy Gateway."""
    metadata = mapping(found.data.get("metadata"))
    for one in mappings(metadata.get("ownerReferences")):
        kind, name = text(one.get("kind")), text(one.get("name"))
        if GROUPS.get(kind) == text(one.get("apiVersion")).partition("/")[0]:
            own = {"kind": kind, "metadata": {"name": name, "namespace": found.service.namespace}}
            return {
                "made_of": f"{kind} {found.service.namespace}/{name}",
                "made_by": "its controller",
                "maker": _object(own),
            }
    labels = found.service.labels
    name = labels.get("gateway.envoyproxy.io/owning-gateway-name", "")
    namespace = labels.get("gateway.envoyproxy.io/owning-gateway-namespace", "")
    if name and namespace:
        own = {"kind": "Gateway", "metadata": {"name": name, "namespace": namespace}}
        return {"made_of": f"Gateway {namespace}/{name}", "made_by": "Envoy Gateway", "maker": _object(own)}
    return {}


def _cleaned(one: Object) -> dict[str, Any]:
    """The object without what only the API server writes."""
    metadata = {key: value for key, value in mapping(one.get("metadata")).items() if key != "managedFields"}
    return {**one, "metadata": metadata}


def _not_read(target: Asked, said: str) -> AkslbError | None:
    if "the server doesn't have a resource type" in said:
        shown = command("kubectl", "api-resources", flag("--api-group", GROUPS[target.kind]))
        hint = f"its CRD is not in the cluster: {shown} shows what is"
        return AkslbError(f"the cluster has no {target.kind}s", hint=hint)
    if "NotFound" in said:
        shown = command("kubectl", "get", "--all-namespaces", "--", target.resource)
        hint = f"{shown} shows all of them; -n names the namespace"
        return AkslbError(f"there is no {target.kind} {target.name}", hint=hint)
    return None
