"""What changes between two looks at a cluster: verdicts, addresses, endpoints, events, and Services themselves."""

from collections.abc import Iterator, Mapping

from kubectl_akslb.model.live_state import LiveState
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render import verdict as words


class WatchedState(NamedTuple):
    """What of a Service a change is told of; ages are left out, because they change with each look."""

    verdict: str
    headline: str
    addresses: tuple[str, ...] = ()
    endpoints: str = ""
    nodes: tuple[tuple[str, int, int, bool | None], ...] = ()
    events: tuple[tuple[str, str, int, bool], ...] = ()


def seen(result: Explanation) -> dict[str, WatchedState]:
    """What was seen of each Service, by its name."""
    return {one.derivation.service.full_name: _seen(one) for one in result.services}


def _seen(one: Explained) -> WatchedState:
    told = WatchedState(one.path.verdict.kind.name, words.headline(one))
    live = one.live
    if live is None:
        return told
    return told._replace(
        addresses=live.addresses,
        endpoints=_endpoints(live),
        nodes=tuple((node.node, node.ready, node.not_ready, node.passes) for node in live.endpoints or ()),
        events=tuple((event.reason, event.message, event.times, event.over) for event in live.events or ()),
    )


def _holders(one: WatchedState) -> list[tuple[str, int, int]]:
    """The nodes with endpoints."""
    return [(node, ready, not_ready) for node, ready, not_ready, _ in one.nodes if ready or not_ready]


def _passing(one: WatchedState) -> tuple[str, ...] | None:
    """The nodes that pass the probe; None where that is not known of any."""
    passing = tuple(node for node, _, _, passes in one.nodes if passes)
    return None if not passing and any(passes is None for *_, passes in one.nodes) else passing


def _count(passing: tuple[str, ...] | None) -> str:
    return "unknown" if passing is None else str(len(passing))


def _endpoints(live: LiveState) -> str:
    if live.ready is None:
        return "unknown"
    return f"{live.ready} ready" + (f", {live.not_ready} not ready" if live.not_ready else "")


def changes(before: Mapping[str, WatchedState], after: Mapping[str, WatchedState]) -> list[str]:
    """What is another than before, a clause for each Service; none where all is as it was."""
    texts: list[str] = []
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            texts.append(f"{name}: gone")
        elif name not in before:
            texts.append(f"{name}: new, {after[name].verdict}")
        else:
            found = ", ".join(_changes(before[name], after[name]))
            texts += [f"{name}: {found}"] if found else []
    return texts


def _changes(before: WatchedState, after: WatchedState) -> Iterator[str]:
    if before.verdict != after.verdict:
        yield f"{before.verdict} → {after.verdict}"
    elif before.headline != after.headline:
        yield f"another cause: {after.headline}"
    if before.addresses != after.addresses:
        yield f"address {', '.join(before.addresses) or 'none'} → {', '.join(after.addresses) or 'none'}"
    if before.endpoints != after.endpoints:
        yield f"endpoints {before.endpoints} → {after.endpoints}"
    elif _holders(before) != _holders(after):
        yield "endpoints are on other nodes"
    old, new = _passing(before), _passing(after)
    if _count(old) != _count(new):
        yield f"nodes that pass the probe {_count(old)} → {_count(new)}"
    elif old != new:
        yield "other nodes pass the probe"
    known = set(before.events)
    reasons = dict.fromkeys(event[0] for event in after.events if event not in known)
    if reasons:
        yield f"event {', '.join(reasons)}"
    elif before.events != after.events:
        yield "an event is gone"
