"""The state of a Service as it is shown: its address, its endpoints on each node, its last events."""

from collections.abc import Iterable
from typing import TypeAlias

from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.state import Endpoint
from kubectl_akslb.model.live_state import LiveState, NodeEndpoints
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.rotation import NodeRotation, family_of, rotation
from kubectl_akslb.path.sentences import brief
from kubectl_akslb.path.verdict import Path

MAX_EVENTS = 5


def live_state(context: PathContext, path: Path) -> LiveState:
    """What *evidence* of a cluster says about a Service, and *path* about its probes."""
    evidence = context.evidence
    state = LiveState(evidence.addresses, evidence.age)
    if evidence.events is not None:
        state = state._replace(events=evidence.events[:MAX_EVENTS])
    if evidence.endpoints is None:
        return state
    hops = {port.rule.name.value: port.hop(HopName.PROBE) for port in path.ports}
    rows = [
        (family_of(context.service, rule), row)
        for rule in context.derivation.load_balancing_rules
        for row in _answered(rotation(context, rule) or (), hops.get(rule.name.value))
    ]
    ready = sum(one.ready for one in evidence.endpoints)
    return state._replace(
        ready=ready,
        not_ready=len(evidence.endpoints) - ready,
        endpoints=_by_node(evidence, _worst(rows)),
    )


def _answered(rows: Iterable[NodeRotation], hop: Hop | None) -> Iterable[NodeRotation]:
    """The nodes, of which none is in rotation for sure where the application may answer otherwise than Azure wants."""
    if hop is None or hop.outcome is Outcome.PASS:
        return rows
    up = False if hop.outcome is Outcome.DROP else None
    return [row._replace(up=up, because=(*row.because, hop.because[0])) if row.in_rotation else row for row in rows]


_Least: TypeAlias = tuple[NodeRotation, str]
"""A node as it serves a Service the least, and the IP family of which that is so; "" for all of them."""


def _worst(rows: Iterable[tuple[str, NodeRotation]]) -> dict[str, _Least]:
    """Each node by the rule that it serves the least, of rules and their IP families."""
    order = (False, None, True)
    found: dict[str, tuple[NodeRotation, set[str]]] = {}
    families = set()
    for family, row in rows:
        families.add(family)
        known, those = found.setdefault(row.name, (row, {family}))
        if order.index(row.in_rotation) < order.index(known.in_rotation):
            found[row.name] = row, {family}
        elif row.in_rotation is known.in_rotation:
            those.add(family)
    return {name: (row, "" if those == families else those.pop()) for name, (row, those) in found.items()}


def _by_node(evidence: Evidence, rows: dict[str, _Least]) -> tuple[NodeEndpoints, ...]:
    """The endpoints on each node, with its place in rotation; without nodes, on those that have endpoints."""
    held: dict[str, list[Endpoint]] = {node.name: [] for node in evidence.nodes or ()}
    for one in evidence.endpoints or ():
        held.setdefault(one.node, []).append(one)
    words: dict[Cause, str] = {}
    return tuple(_node(name, pods, rows.get(name), words) for name, pods in held.items())


def _node(name: str, pods: list[Endpoint], least: _Least | None, words: dict[Cause, str]) -> NodeEndpoints:
    """One node; *words* keeps the sentences, which are the same for many."""
    ready = sum(one.ready for one in pods)
    if least is None:
        return NodeEndpoints(name, ready, len(pods) - ready, None, "")
    row, family = least
    reason = row.because[0] if row.member is None or row.member is False else row.because[-1]
    if reason.cause not in words:
        words[reason.cause] = brief(reason._replace(facts={**reason.facts, "node": ""}))
    because = words[reason.cause] + (f" over {family}" if family else "")
    return NodeEndpoints(name, ready, len(pods) - ready, row.in_rotation, because)
