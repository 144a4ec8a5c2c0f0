"""What the objects of a cluster say about one Service, read alike from files and from the API server.

Nothing in an object is trusted: what has the wrong shape is passed over.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.nodes import daemon_sets, nodes, policy_engine
from kubectl_akslb.evidence.objects import Key, Object, Objects, age_of, mapping, mappings, name_of, sequence, text
from kubectl_akslb.evidence.policies import unread as policies_unread
from kubectl_akslb.evidence.selected import elsewhere, selected, workloads, workloads_by_label
from kubectl_akslb.evidence.state import Endpoint, Ingress, PodState
from kubectl_akslb.model.service import Service

if TYPE_CHECKING:
    from datetime import datetime

    from kubectl_akslb.model.live_state import ServiceEvent

T = TypeVar("T")


def evidence_of(
    service: Service,
    objects: Objects,
    source: EvidenceSource = EvidenceSource.FILES,
    *,
    now: "datetime | None" = None,
    read: Collection[str] | None = None,
    unread: tuple[str, ...] = (),
) -> Evidence:
    """All that *objects* say about *service*.

    *read* names the kinds that were read, whether they hold anything or not; None where only what is there counts, as
    in files: a file without a Node does not say that the cluster has none. Ages count up to *now*, None for the
    present.
    """
    key = (service.namespace or objects.namespace, service.name)
    own = mapping(objects.once(_services).get(key))
    metadata, spec = mapping(own.get("metadata")), mapping(own.get("spec"))
    beside = objects.once(workloads).get(key[0], ())
    pods = selected(objects.once(workloads_by_label), key[0], service.selector)
    ingress = _ingress(own)
    engine = policy_engine(objects, read)
    lacking = policies_unread(read, engine) if read is not None else ()
    policies = objects.once(_policies).get(key[0], ())
    in_files = read is None  # there, who names no namespace goes where it is sent to
    return Evidence(
        source,
        objects,
        pods=pods if beside or (read is not None and "Pod" in read) else None,
        others=beside if not pods else (),
        elsewhere=elsewhere(objects, service) if in_files and not beside and metadata.get("namespace") else (),
        policies=None if lacking else policies,
        policies_unread=lacking,
        endpoints=_endpoints(objects, key, read),
        nodes=_of_kind("Node", read, objects.once(nodes)),
        daemon_sets=_of_kind("DaemonSet", read, objects.once(daemon_sets)),
        events=_of_kind("Event", read, _events(objects, key, service.uid, now)),
        addresses=tuple(one.address for one in ingress or ()),
        deleting=bool(metadata.get("deletionTimestamp")),
        age=age_of(metadata.get("creationTimestamp"), now),
        unread=unread,
        running=_of_kind("Pod", read, _running(objects, key[0], service.selector)),
        ingress=ingress,
        engine=engine,
        external_ips=tuple(filter(None, map(text, sequence(spec.get("externalIPs"))))),
        publishes_not_ready=spec.get("publishNotReadyAddresses") is True,
        own=own,
    )


def surroundings(found: Iterable[Object], read: Collection[str] | None = None) -> Evidence:
    """What *found* says of the cluster, without a Service: nodes, policies, and what enforces them; *read* as above."""
    objects = Objects(found)
    engine = policy_engine(objects, read)
    lacking = policies_unread(read, engine) if read is not None else ()
    policies = tuple(one for many in objects.once(_policies).values() for one in many)
    return Evidence(
        EvidenceSource.FILES if read is None else EvidenceSource.CLUSTER,
        objects,
        policies=None if lacking else policies,
        policies_unread=lacking,
        nodes=_of_kind("Node", read, objects.once(nodes)),
        daemon_sets=_of_kind("DaemonSet", read, objects.once(daemon_sets)),
        engine=engine,
    )


def _of_kind(kind: str, read: Collection[str] | None, found: tuple[T, ...]) -> tuple[T, ...] | None:
    """*found*, or None where nothing says that objects of this kind were read."""
    known = kind in read if read is not None else bool(found)
    return found if known else None


def _endpoints(objects: Objects, key: Key, read: Collection[str] | None) -> tuple[Endpoint, ...] | None:
    """The endpoints of the Service; None where neither its slices nor its Endpoints are there to be read."""
    found = None
    if objects.has("EndpointSlice", "Endpoints"):
        from kubectl_akslb.evidence.endpoints import of_endpoints, of_slices

        found = of_slices(objects, key)
        if found is None and read is None:
            found = of_endpoints(objects, key)
    return () if found is None and read is not None and "EndpointSlice" in read else found


def _events(objects: Objects, key: Key, uid: str | None, now: "datetime | None") -> "tuple[ServiceEvent, ...]":
    if not objects.has("Event"):
        return ()
    from kubectl_akslb.evidence.events import events_of

    return events_of(objects, key, uid, now)


def _running(objects: Objects, namespace: str, selector: Mapping[str, str]) -> tuple[PodState, ...]:
    if not objects.has("Pod"):
        return ()
    from kubectl_akslb.evidence.pods import running_pods

    return running_pods(objects, namespace, selector)


def _services(objects: Objects) -> dict[Key, Object]:
    return {(objects.namespace_of(one), name_of(one)): one for one in objects.of("Service")}


def _ingress(service: Object) -> tuple[Ingress, ...] | None:
    """The addresses of its status; None for a manifest, which says nothing about them."""
    status = service.get("status")
    if not isinstance(status, Mapping):
        return None
    entries = mappings(mapping(status.get("loadBalancer")).get("ingress"))
    found = ((text(one.get("ip")) or text(one.get("hostname")), one.get("ipMode") == "Proxy") for one in entries)
    return tuple(Ingress(address, proxied) for address, proxied in found if address)


def _policies(objects: Objects) -> dict[str, tuple[Object, ...]]:
    """The NetworkPolicies of Kubernetes by namespace; Calico has a kind of the same name, which is not among them."""
    found: dict[str, tuple[Object, ...]] = {}
    for one in objects.of("NetworkPolicy"):
        if text(one.get("apiVersion")).partition("/")[0] in {"", "networking.k8s.io", "extensions"}:
            namespace = objects.namespace_of(one)
            found[namespace] = (*found.get(namespace, ()), one)
    return found
