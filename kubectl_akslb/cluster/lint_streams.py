"""Services of a cluster as streams for lint: each Service as YAML, and after it what stands around it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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


class Around:
    """What stands around Services, by what is asked of it: to look through all of it for each would be quadratic."""

    def __init__(self, found: Iterable[Object]) -> None:
        self._workloads: dict[tuple[str, str, str], list[Object]] = {}
        self._policies: dict[str, list[Object]] = {}
        self._ingresses: list[Object] = []
        for one in found:
            namespace = _metadata(one).get("namespace", "")
            if one.get("kind") == "Ingress":
                self._ingresses.append(one)
            elif one.get("kind") == "NetworkPolicy":
                self._policies.setdefault(namespace, []).append(one)
            else:
                for key, value in _labels(one).items():
                    self._workloads.setdefault((namespace, key, str(value)), []).append(one)

    def of(self, service: Object) -> list[Object]:
        """The workloads that it selects, the policies beside it, and all Ingresses if it is a known controller."""
        metadata, selector = _metadata(service), _selector(service)
        namespace = metadata.get("namespace", "")
        found = (self._workloads.get((namespace, key, str(value)), []) for key, value in selector.items())
        near = [one for one in min(found, key=len, default=[]) if selector.items() <= _labels(one).items()]
        near += self._policies.get(namespace, ())
        known = recognise(metadata.get("labels") or {}, selector)
        return near + (self._ingresses if known is not None else [])


def inputs(found: LintReading) -> list[tuple[str, bytes]]:
    """One stream for each LoadBalancer Service, in the order of their creation, under the name ``namespace/name``."""
    services = [one for one in found.reading.services if is_load_balancer(one)]
    services.sort(key=lambda one: str(_metadata(one).get("creationTimestamp", "")))
    around = Around(found.around)
    return [stream(one, around) for one in services]


def is_load_balancer(service: Object) -> bool:
    """Whether lint looks at it."""
    return (service.get("spec") or {}).get("type") == "LoadBalancer"


def stream(service: Object, around: Around) -> tuple[str, bytes]:
    """The Service as YAML with what stands around it, and the name of the stream."""
    metadata = _metadata(service)
    texts = [block_text(_cleaned(one)) for one in (service, *around.of(service))]
    return f"{metadata.get('namespace', '')}/{metadata.get('name', '')}", "---\n".join(texts).encode()


def _metadata(one: Object) -> Mapping[str, Any]:
    return one.get("metadata") or {}


def _selector(service: Object) -> Mapping[str, str]:
    return (service.get("spec") or {}).get("selector") or {}


def _labels(workload: Object) -> Mapping[str, str]:
    """The labels of its pods."""
    return _metadata((workload.get("spec") or {}).get("template") or {}).get("labels") or {}


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
