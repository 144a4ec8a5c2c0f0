"""The state of a Service: its endpoints on each node, its address, its last events. Pure: JSON of the API in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kubectl_akslb.cluster.kubectl import SERVICE_NAME
from kubectl_akslb.derive.backendpool import EXCLUDED
from kubectl_akslb.model.live import LiveState, NodeEndpoints, ServiceEvent
from kubectl_akslb.provider.events import ENSURED, cause_of

Object = Mapping[str, Any]
Key = tuple[str, str]

MAX_EVENTS = 5


class Endpoint(NamedTuple):
    """A pod behind a Service, whatever its addresses and ports."""

    node: str
    ready: bool


def endpoints(slices: Iterable[Object]) -> dict[Key, dict[str, Endpoint]]:
    """The endpoints of each Service, by namespace and name; a pod in several slices (two families, many ports) once."""
    found: dict[Key, dict[str, Endpoint]] = {}
    for piece in slices:
        metadata = piece.get("metadata") or {}
        name = (metadata.get("labels") or {}).get(SERVICE_NAME)
        if not name:
            continue
        pods = found.setdefault((metadata.get("namespace", ""), name), {})
        for one in piece.get("endpoints") or ():
            target = one.get("targetRef") or {}
            identity = target.get("name") or ",".join(one.get("addresses") or ())
            # A missing "ready" means unknown, which the API says to take for ready.
            ready = (one.get("conditions") or {}).get("ready") is not False
            known = pods.get(identity)
            node = one.get("nodeName") or (known.node if known is not None else "")
            pods[identity] = Endpoint(node, ready or (known is not None and known.ready))
    return found


def by_node(pods: Iterable[Endpoint], nodes: Sequence[Object] | None) -> tuple[NodeEndpoints, ...]:
    """The endpoints on each node; without *nodes* only on those that have one."""
    counts: dict[str, list[int]] = {}
    out: dict[str, str] = {}
    for node in nodes or ():
        metadata = node.get("metadata") or {}
        counts[str(metadata.get("name", ""))] = [0, 0]
        if EXCLUDED in (metadata.get("labels") or {}):
            out[str(metadata.get("name", ""))] = f"not behind the load balancer: label {EXCLUDED}"
    for pod in pods:
        counts.setdefault(pod.node, [0, 0])[0 if pod.ready else 1] += 1
    return tuple(
        NodeEndpoints(node, ready, rest, False if node in out else None, out.get(node, ""))
        for node, (ready, rest) in counts.items()
    )


def age_of(timestamp: object, now: datetime) -> int | None:
    """The seconds since a time of the API, such as ``2024-05-29T10:00:00Z``; None for anything else."""
    if not isinstance(timestamp, str):
        return None
    try:
        then = datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
        return max(int((now - then).total_seconds()), 0)
    except (ValueError, TypeError):
        return None


def events(found: Iterable[Object], now: datetime) -> dict[str, tuple[ServiceEvent, ...]]:
    """The last events of each Service by its UID, newest first, each with its cause and fix."""
    grouped: dict[str, list[ServiceEvent]] = {}
    for one in found:
        uid = (one.get("involvedObject") or {}).get("uid")
        if uid:
            grouped.setdefault(uid, []).append(_event(one, now))
    return {uid: _last(sorted(many, key=_by_age)) for uid, many in grouped.items()}


def _by_age(event: ServiceEvent) -> int:
    return event.age if event.age is not None else 2**31


def _event(one: Object, now: datetime) -> ServiceEvent:
    series = one.get("series") or {}
    times = (series.get("lastObservedTime"), one.get("lastTimestamp"), one.get("eventTime"), one.get("firstTimestamp"))
    ages = [age for age in (age_of(time, now) for time in times) if age is not None]
    reason, message = str(one.get("reason") or ""), " ".join(str(one.get("message") or "").split())
    kind = str(one.get("type") or "Normal")
    cause, fix = cause_of(reason, message) if kind != "Normal" else ("", "")
    count = series.get("count") or one.get("count") or 1
    source = (one.get("source") or {}).get("component") or one.get("reportingComponent") or ""
    age = min(ages, default=None)
    return ServiceEvent(kind, reason, message, int(count), age, str(source), cause, fix)


def _last(newest_first: Sequence[ServiceEvent]) -> tuple[ServiceEvent, ...]:
    """The newest of each kind; a warning before the last success is over."""
    success = next((event for event in newest_first if event.reason in ENSURED), None)
    seen: set[tuple[str, str]] = set()
    kept = []
    for event in newest_first:
        if (event.reason, event.message) in seen:
            continue
        seen.add((event.reason, event.message))
        over = success is not None and event.type != "Normal" and _by_age(event) > _by_age(success)
        kept.append(event._replace(over=over))
    return tuple(kept[:MAX_EVENTS])


class Surroundings(NamedTuple):
    """What was read beside the Services; None where it could not be read."""

    slices: Sequence[Object] | None
    events: Sequence[Object] | None
    nodes: Sequence[Object] | None


def states(services: Sequence[Object], around: Surroundings, now: datetime) -> Iterator[LiveState]:
    """The state of each Service, in order."""
    pods = endpoints(around.slices) if around.slices is not None else None
    happened = events(around.events, now) if around.events is not None else None
    for service in services:
        metadata = service.get("metadata") or {}
        balancer = (service.get("status") or {}).get("loadBalancer") or {}
        addresses = (entry.get("ip") or entry.get("hostname") for entry in balancer.get("ingress") or ())
        state = LiveState(tuple(filter(None, addresses)), age_of(metadata.get("creationTimestamp"), now))
        if pods is not None:
            own = pods.get((metadata.get("namespace", ""), metadata.get("name", "")), {}).values()
            state = state._replace(
                ready=sum(pod.ready for pod in own),
                not_ready=sum(not pod.ready for pod in own),
                endpoints=by_node(own, around.nodes),
            )
        if happened is not None:
            state = state._replace(events=happened.get(str(metadata.get("uid")), ()))
        yield state
