"""The Services of a cluster as what stands before manifests are applied."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster import reading as reader
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.reading import Reading
from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.evidence.objects import mapping, text, texts
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.manifest.load import found_in_cluster
from kubectl_akslb.plan.diff_manifests import StateBefore

Object = Mapping[str, Any]


def current_namespace(connection: Connection) -> str:
    """The namespace of the context, where objects go that name none."""
    if connection.namespace is not None:
        return connection.namespace
    argv = ("kubectl", "config", "view", "--minify", "--output=jsonpath={..namespace}", *connection.flags)
    (done,) = kubectl.run(argv)
    name = done.out.decode("utf-8", "replace").strip()
    return name if done.code == 0 and name else "default"


def read(namespaces: Collection[str], connection: Connection) -> Reading:
    """All Services of the cluster, for they share addresses and rules; where that is not allowed, of *namespaces*."""
    try:
        return reader.read((), connection._replace(all_namespaces=True, namespace=None, selector=None))
    except AkslbError as error:
        readings = []
        for name in sorted(namespaces):
            try:
                readings.append(reader.read((), connection._replace(namespace=name, selector=None)))
            except AkslbError:
                raise error from None
    notice = (
        f"Services of other namespaces than {', '.join(sorted(namespaces))} were not read: what they share is not seen"
    )
    kinds = frozenset.intersection(*(one.kinds for one in readings)) if readings else frozenset()
    return Reading(
        tuple(one for each in readings for one in each.services),
        tuple({id(one): one for each in readings for one in each.objects}.values()),
        kinds,
        (notice, *dict.fromkeys(text for each in readings for text in each.notices)),
    )


def standing(
    reading: Reading, *, prune: Mapping[str, str] | None = None, namespaces: Collection[str] = ()
) -> StateBefore:
    """What was read, as what stands; with *prune*, Services of *namespaces* with these labels go where missing."""
    services, problems = [], []
    goes = set()
    for index, one in enumerate(sorted(reading.services, key=_created)):
        metadata = mapping(one.get("metadata"))
        name = f"{text(metadata.get('namespace'))}/{text(metadata.get('name'))}"
        typed = one if one.get("apiVersion") else {"apiVersion": "v1", **one}
        try:
            service = decode(typed)
        except InputError as error:
            problems.append(InputError(f"Service {name}: {error.message}", path="the API server", hint=error.hint))
            continue
        services.append(found_in_cluster(service, index, {"kind": "Service", **typed}))
        labels = texts(metadata.get("labels"))
        own = prune is not None and service.namespace in namespaces
        if own and prune is not None and all(labels.get(key) == value for key, value in prune.items()):
            goes.add(name)
    stored: Sequence[Object] = tuple(one.data for one in services)
    objects = (*stored, *reading.objects)
    return StateBefore(tuple(services), objects, reading.kinds, frozenset(goes), reading.notices, tuple(problems))


def _created(one: Object) -> str:
    return str(mapping(one.get("metadata")).get("creationTimestamp", ""))
