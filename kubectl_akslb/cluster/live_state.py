"""The state of a Service as it is shown: its address, its endpoints on each node, its last events."""

from collections.abc import Iterable

from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.state import Endpoint
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.live_state import LiveState, NodeEndpoints
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.rotation import NodeRotation, rotation
from kubectl_akslb.path.sentences import brief
from kubectl_akslb.path.verdict import Path

MAX_EVENTS = 5


def live_state(derivation: Derivation, cluster: Cluster, evidence: Evidence, path: Path) -> LiveState:
    """What *evidence* of a cluster says about a Service, and *path* about its probes."""
    state = LiveState(evidence.addresses, evidence.age)
    if evidence.events is not None:
        state = state._replace(events=evidence.events[:MAX_EVENTS])
    if evidence.endpoints is None:
        return state
    rules = derivation.load_balancer.load_balancing_rules if derivation.load_balancer is not None else ()
    hops = {port.rule.name.value: port.hop(HopName.PROBE) for port in path.ports}
    rows = [_answered(rotation(derivation, cluster, evidence, rule) or (), hops.get(rule.name.value)) for rule in rules]
    ready = sum(one.ready for one in evidence.endpoints)
    return state._replace(
        ready=ready,
        not_ready=len(evidence.endpoints) - ready,
        endpoints=_by_node(evidence, {row.name: row for row in _worst(rows)}),
    )


def _answered(rows: Iterable[NodeRotation], hop: Hop | None) -> Iterable[NodeRotation]:
    """The nodes, of which none is in rotation for sure where the application may answer otherwise than Azure wants."""
    if hop is None or hop.outcome is Outcome.PASS:
        return rows
    up = False if hop.outcome is Outcome.DROP else None
    return [row._replace(up=up, because=(*row.because, hop.because[0])) if row.in_rotation else row for row in rows]


def _worst(rules: Iterable[Iterable[NodeRotation]]) -> Iterable[NodeRotation]:
    """Each node by the rule that it serves the least."""
    order = (False, None, True)
    found: dict[str, NodeRotation] = {}
    for rows in rules:
        for row in rows:
            known = found.setdefault(row.name, row)
            if order.index(row.in_rotation) < order.index(known.in_rotation):
                found[row.name] = row
    return found.values()


def _by_node(evidence: Evidence, rows: dict[str, NodeRotation]) -> tuple[NodeEndpoints, ...]:
    """The endpoints on each node, with its place in rotation; without nodes, on those that have endpoints."""
    held: dict[str, list[Endpoint]] = {node.name: [] for node in evidence.nodes or ()}
    for one in evidence.endpoints or ():
        held.setdefault(one.node, []).append(one)
    words: dict[Cause, str] = {}
    return tuple(_node(name, pods, rows.get(name), words) for name, pods in held.items())


def _node(name: str, pods: list[Endpoint], row: NodeRotation | None, words: dict[Cause, str]) -> NodeEndpoints:
    """One node; *words* keeps the sentences, which are the same for many."""
    ready = sum(one.ready for one in pods)
    if row is None:
        return NodeEndpoints(name, ready, len(pods) - ready, None, "")
    reason = row.because[0] if row.member is None or row.member is False else row.because[-1]
    if reason.cause not in words:
        words[reason.cause] = brief(reason._replace(facts={**reason.facts, "node": ""}))
    return NodeEndpoints(name, ready, len(pods) - ready, row.in_rotation, words[reason.cause])
