"""Services of a cluster as streams for lint: each Service as YAML, and after it what stands around it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.reading import DAEMON_SET, NODE, Gathered, Reading, services_of
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.workloads import recognise

Object = Mapping[str, Any]

AROUND = ("deployments", "statefulsets", "ingresses", "networkpolicies")
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


class LintReading(NamedTuple):
    """The Services and the cluster in *reading*; *around* are workloads and Ingresses, none where not allowed."""

    reading: Reading
    around: Sequence[Object]


def commands(names: Sequence[str], connection: Connection) -> tuple[tuple[str, ...], ...]:
    """The calls of ``read``."""
    return (
        kubectl.services(connection, names),
        kubectl.get(",".join(AROUND), connection._replace(selector=None)),
        kubectl.infrastructure(connection),
    )


def read(names: Sequence[str], connection: Connection, meanwhile: Callable[[], object]) -> LintReading:
    """All that ``lint`` needs, in three calls side by side; AkslbError where the Services cannot be read."""
    calls = commands(names, connection)
    done = kubectl.run(*calls, meanwhile=meanwhile)
    services, missing = services_of(done[0], connection)
    if len(done) < len(calls):
        return LintReading(Reading(services, missing=missing), ())
    gathered = Gathered()
    around = gathered.add(done[1], "workloads and Ingresses", ())
    gathered.add(done[2], "nodes and versions", (NODE, DAEMON_SET))
    kinds, notices = frozenset(gathered.kinds), tuple(gathered.notices)
    return LintReading(Reading(services, gathered.objects, kinds, notices, missing), around)


def inputs(found: LintReading) -> list[tuple[str, bytes]]:
    """One stream for each LoadBalancer Service, in the order of their creation, under the name ``namespace/name``."""
    services = [one for one in found.reading.services if (one.get("spec") or {}).get("type") == "LoadBalancer"]
    services.sort(key=lambda one: str(_metadata(one).get("creationTimestamp", "")))
    workloads = _by_namespace(one for one in found.around if one.get("kind") not in {"Ingress", "NetworkPolicy"})
    policies = _by_namespace(one for one in found.around if one.get("kind") == "NetworkPolicy")
    ingresses = [one for one in found.around if one.get("kind") == "Ingress"]
    streams = []
    for one in services:
        metadata = _metadata(one)
        near = [each for each in workloads.get(metadata.get("namespace", ""), ()) if _selects(one, each)]
        known = recognise(metadata.get("labels") or {}, (one.get("spec") or {}).get("selector") or {})
        near += policies.get(metadata.get("namespace", ""), ())
        texts = [block_text(_cleaned(each)) for each in (one, *near, *(ingresses if known is not None else ()))]
        name = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
        streams.append((name, "---\n".join(texts).encode()))
    return streams


def _metadata(one: Object) -> Mapping[str, Any]:
    return one.get("metadata") or {}


def _by_namespace(found: Any) -> dict[str, list[Object]]:  # noqa: ANN401 - an iterator of objects
    grouped: dict[str, list[Object]] = {}
    for one in found:
        grouped.setdefault(_metadata(one).get("namespace", ""), []).append(one)
    return grouped


def _selects(service: Object, workload: Object) -> bool:
    selector = (service.get("spec") or {}).get("selector") or {}
    labels = _metadata((workload.get("spec") or {}).get("template") or {}).get("labels") or {}
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def _cleaned(one: Object) -> dict[str, Any]:
    """The object without what only the API server writes, and without the copy that kubectl apply keeps in it."""
    kind = str(one.get("kind") or "Service")
    body: dict[str, Any] = {"apiVersion": one.get("apiVersion") or "v1", "kind": kind}
    body.update((key, value) for key, value in one.items() if key not in {"apiVersion", "kind", "status"})
    metadata = dict(_metadata(one))
    metadata.pop("managedFields", None)
    kept = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != _LAST_APPLIED}
    if "annotations" in metadata:
        metadata["annotations"] = kept
    if not kept:
        metadata.pop("annotations", None)
    body["metadata"] = metadata
    if kind == "Service" and one.get("status"):
        body["status"] = one["status"]
    return body
