"""The events of a Service, with what they mean."""

from collections.abc import Sequence
from datetime import datetime

from kubectl_akslb.evidence.objects import (
    Key,
    Object,
    Objects,
    age_of,
    events_by_object,
    integer,
    mapping,
    one_line,
    text,
)
from kubectl_akslb.model.live_state import ServiceEvent
from kubectl_akslb.provider.events import ENSURED, explained

_NEVER = 2**31


def events_of(objects: Objects, key: Key, uid: str | None, now: datetime | None) -> tuple[ServiceEvent, ...]:
    """The events of the Service, newest first; not those of an older Service of the same name."""
    about = objects.once(events_by_object).get(("Service", *key), ())
    if not about:
        return ()
    own = (one for one in about if not uid or mapping(one.get("involvedObject")).get("uid") in {uid, None, ""})
    return _distinct(sorted((_service_event(one, now) for one in own), key=_by_age))


def _service_event(one: Object, now: datetime | None) -> ServiceEvent:
    """One event, with its cause and fix where they are known."""
    series = mapping(one.get("series"))
    times = (series.get("lastObservedTime"), one.get("lastTimestamp"), one.get("eventTime"), one.get("firstTimestamp"))
    ages = [age for age in (age_of(time, now) for time in times) if age is not None]
    reason = text(one.get("reason"))
    message = one_line(one.get("message") or one.get("note")).removeprefix("(combined from similar events): ")
    kind = text(one.get("type")) or "Normal"
    meaning = explained(reason, message) if kind != "Normal" else None
    cause, fix, confirm = (meaning.cause, meaning.remedy, meaning.confirm) if meaning is not None else ("", "", "")
    vague = kind != "Normal" and (meaning is None or meaning.vague)
    count = integer(series.get("count")) or integer(one.get("count")) or 1
    source = text(mapping(one.get("source")).get("component")) or text(one.get("reportingComponent"))
    age = min(ages, default=None)
    return ServiceEvent(kind, reason, message, count, age, source, cause, fix, confirm=confirm, vague=vague)


def _by_age(event: ServiceEvent) -> int:
    return event.age if event.age is not None else _NEVER


def _distinct(newest_first: Sequence[ServiceEvent]) -> tuple[ServiceEvent, ...]:
    """The newest of each kind; a warning before the last success is over."""
    success = next((event for event in newest_first if event.reason in ENSURED), None)
    kept: dict[tuple[str, str], ServiceEvent] = {}
    for event in newest_first:
        over = success is not None and event.type != "Normal" and _by_age(event) > _by_age(success)
        kept.setdefault((event.reason, event.message), event._replace(over=over))
    return tuple(kept.values())
