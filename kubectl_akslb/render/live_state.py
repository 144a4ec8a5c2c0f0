"""The state of a Service in a cluster, for a person at a terminal and for machines."""

from collections.abc import Collection
from typing import Any

from kubectl_akslb.model.count import counted
from kubectl_akslb.model.live_state import LiveState, NodeEndpoints, ServiceEvent, duration
from kubectl_akslb.provider.events import in_short
from kubectl_akslb.render.terminal import Terminal

LABEL = 2
COLUMN = 15
DETAIL = 4
_KEPT = 3600
MAX_NODES = 12
MAX_NAMES = 3
"""So many nodes are listed with their endpoints, and so many by name that have none; more are counted."""


def live_lines(state: LiveState, terminal: Terminal, said: Collection[str] = ()) -> list[str]:
    """Address, endpoints by node, and the last events, with cause and fix unless these were *said* already."""
    lines = [*_address(state, terminal), *_endpoints(state, terminal)]
    for event in state.events or ():
        lines += _event(event, terminal, said)
    if state.events == () and (state.age is None or state.age >= _KEPT):
        gone = "none is left: a cluster keeps them for an hour"
        lines += terminal.labelled(LABEL, "event", gone, COLUMN, "bold", "dim")
    return lines


def live_document(state: LiveState) -> dict[str, Any]:
    """The state for machines; null stands for what could not be read."""
    nodes = [one._asdict() for one in state.endpoints] if state.endpoints is not None else None
    events = None
    if state.events is not None:
        events = [
            {
                "type": event.type,
                "reason": event.reason,
                "message": event.message,
                "count": event.times,
                "ageSeconds": event.age,
                "source": event.source,
                "cause": event.cause,
                "fix": event.fix,
                "over": event.over,
            }
            for event in state.events
        ]
    return {
        "addresses": list(state.addresses),
        "pending": state.pending,
        "ageSeconds": state.age,
        "readyEndpoints": state.ready,
        "notReadyEndpoints": state.not_ready,
        "nodes": [{"notReady" if key == "not_ready" else key: value for key, value in node.items()} for node in nodes]
        if nodes is not None
        else None,
        "events": events,
    }


def _address(state: LiveState, terminal: Terminal) -> list[str]:
    age = f", created {duration(state.age)} ago" if state.age is not None else ""
    text = f"pending: no address yet{age}" if state.pending else f"has {', '.join(state.addresses)}{age}"
    return terminal.labelled(LABEL, "now", text, COLUMN, "bold", "red" if state.pending else "green")


def _endpoints(state: LiveState, terminal: Terminal) -> list[str]:
    if state.ready is None:
        return terminal.labelled(LABEL, "endpoints", "could not be read", COLUMN, "bold")
    nodes = state.endpoints or ()
    by_probe = any(node.passes for node in nodes) or any(node.passes is False and node.not_ready for node in nodes)
    text = f"{state.ready:,} ready" + (
        f" on {counted(sum(node.ready > 0 for node in nodes), 'node')}" if state.ready else ""
    )
    text += f", {state.not_ready:,} not ready" if state.not_ready else ""
    if by_probe:
        text += f"; {sum(node.passes is True for node in nodes):,} of {counted(len(nodes), 'node')} pass the probe"
    lines = terminal.labelled(LABEL, "endpoints", text, COLUMN, "bold", "green" if state.ready else "red")
    holding = [node for node in nodes if node.ready or node.not_ready]
    listed = holding[:MAX_NODES]
    for node in listed:
        lines += _node(node, terminal)
    reasons: dict[tuple[bool | None, str], list[str]] = {}
    for node in nodes:
        if node not in listed and not node.passes:
            because = node.because if node not in holding else "with endpoints"
            reasons.setdefault((node.passes, because), []).append(node.node)
    for (passes, because), names in reasons.items():
        if because:
            shown = ", ".join(names) if len(names) <= MAX_NAMES else counted(len(names), "node")
            word, colour = _IN_ROTATION[passes]
            lines += terminal.labelled(DETAIL, word, f"{shown}: {because}", COLUMN, colour)
    return lines


_IN_ROTATION = {True: ("in", "green"), False: ("out", "red"), None: ("-", "dim")}


def _node(node: NodeEndpoints, terminal: Terminal) -> list[str]:
    counts = f"{node.ready} ready" + (f", {node.not_ready} not ready" if node.not_ready else "")
    word, colour = _IN_ROTATION[node.passes]
    name = node.node or "on no node"
    text = f"{name}: {counts}" + (f", {node.because}" if node.because else "")
    return terminal.labelled(DETAIL, word, text, COLUMN, colour)


def _event(event: ServiceEvent, terminal: Terminal, said: Collection[str]) -> list[str]:
    when = f"{duration(event.age)} ago" if event.age is not None else "at an unknown time"
    times = f", {event.times} times" if event.times > 1 else ""
    over = ", over since" if event.over else ""
    colour = "dim" if event.type == "Normal" or event.over else "red"
    text = f"{event.reason} {when}{times}{over}: {in_short(event.message)}"
    lines = terminal.labelled(LABEL, "event", text, COLUMN, "bold", colour)
    if not event.over:
        for label, what in (("cause", event.cause), ("fix", event.fix)):
            if what and what not in said:
                lines += terminal.labelled(DETAIL, label, what, COLUMN, "bold")
    return lines
