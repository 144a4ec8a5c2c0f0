"""The verdict of the manifest, put right by what the cluster says: pending, no ready pod, nodes out of rotation."""

from kubectl_akslb.derive.answer import probe_of
from kubectl_akslb.derive.verdict import DEPENDS, DOWN, IGNORED, PENDING, WORKS, Verdict
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.live import LiveState, NodeEndpoints, ServiceEvent, duration
from kubectl_akslb.model.reach import CERTAIN, UNKNOWN
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.provider.events import ENSURED

NEW = 120
"""Seconds in which a new Service usually gets its address."""


def judged(one: Explained, state: LiveState) -> Explained:
    """The Service with its state, and with a verdict that takes it into account."""
    state = _probed(state, one.derivation)
    return one._replace(live=state, verdict=_verdict(one, state))


def _probed(state: LiveState, derivation: Derivation) -> LiveState:
    """With externalTrafficPolicy Local, which nodes pass the probe."""
    if state.endpoints is None or not derivation.service.is_local or derivation.load_balancer is None:
        return state
    probes = [probe_of(derivation, rule) for rule in derivation.load_balancer.load_balancing_rules]
    by_endpoints = bool(probes) and all(
        probe is not None and probe.port.origin.path == "spec.healthCheckNodePort" for probe in probes
    )
    return state._replace(endpoints=tuple(_node(node, by_endpoints=by_endpoints) for node in state.endpoints))


def _node(node: NodeEndpoints, *, by_endpoints: bool) -> NodeEndpoints:
    if node.passes is not None:
        return node
    if not by_endpoints:
        # The probe does not ask for endpoints: a node without one may be in rotation, and drops what it gets.
        because = "" if node.ready else "no ready pod here, what it gets is dropped"
        return node._replace(because=because)
    if node.ready:
        return node._replace(passes=True, because="passes the probe")
    because = "fails the probe, out of rotation" if node.not_ready else "no pod here, fails the probe, out of rotation"
    return node._replace(passes=False, because=because)


def _verdict(one: Explained, state: LiveState) -> Verdict:
    verdict = one.verdict
    if verdict.kind == IGNORED:
        return verdict
    if state.pending:
        return _pending(one, state)
    if one.derivation.refusal is not None:
        message = one.derivation.refusal.message
        headline = f"Azure refuses the Service as it is now, and keeps what it had: {message}"
        return verdict._replace(headline=headline)
    if state.ready == 0:
        return _no_endpoint(one, state)
    if verdict.kind not in {WORKS, DEPENDS} or state.ready is None:
        return verdict
    nodes = [node for node in state.endpoints or () if node.ready]
    passing = f"{_count(state.ready, 'ready pod')} on {_count(len(nodes), 'node')}"
    if verdict.kind == DEPENDS:
        return verdict._replace(detail=f"{passing}; {verdict.detail}" if verdict.detail else passing)
    return verdict._replace(headline=f"nothing stands in the way: {passing}")


def _pending(one: Explained, state: LiveState) -> Verdict:
    failed = last_failure(state)
    since = f" for {duration(state.age)}" if state.age is not None else ""
    if one.derivation.refusal is not None:
        return one.verdict
    if failed is not None:
        headline = f"EXTERNAL-IP is <pending>{since}: {failed.cause or failed.message}"
        return Verdict(PENDING, headline, CERTAIN, failed.fix, detail=failed.message if failed.cause else "")
    ensuring = any(event.reason not in ENSURED for event in state.events or ())
    if state.age is not None and state.age < NEW:
        return Verdict(PENDING, f"EXTERNAL-IP is <pending>{since}: Azure takes up to two minutes", UNKNOWN)
    where = f"-n {one.derivation.service.namespace} {one.derivation.service.name}"
    detail, verify = "", f"kubectl describe svc {where}"
    if state.events is None:
        why = "its events could not be read"
    elif ensuring:
        why, verify = "the provider works on it, and no error is recorded", f"kubectl get svc {where} -w"
    else:
        why = "no event says why; events are kept for an hour, and the provider tries again more often than that"
        detail = "if it stays silent, the cloud controller may not run: az aks show --query provisioningState"
    return Verdict(PENDING, f"EXTERNAL-IP is <pending>{since}: {why}", UNKNOWN, verify=verify, detail=detail)


def last_failure(state: LiveState) -> ServiceEvent | None:
    """The newest warning that no later success has settled."""
    return next((event for event in state.events or () if event.type != "Normal" and not event.over), None)


def _no_endpoint(one: Explained, state: LiveState) -> Verdict:
    service = one.derivation.service
    if state.not_ready:
        pods = f"none of its {_count(state.not_ready, 'pod')} is ready"
    elif service.selector:
        pods = "no pod matches its selector, or none has started"
    else:
        pods = "it has no selector, and nobody gave it endpoints"
    headline = f"{pods}: every node fails the probe or refuses, clients time out"
    selector = ",".join(f"{key}={value}" for key, value in service.selector.items())
    command = f"kubectl get pods -n {service.namespace} -l '{selector}'" if selector else ""
    return Verdict(DOWN, headline, CERTAIN, verify=command, detail=one.verdict.headline)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
