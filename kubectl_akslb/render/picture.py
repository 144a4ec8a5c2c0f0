"""The path of a Service's packets as boxes and arrows, for whatever draws them: Mermaid, SVG."""

from collections.abc import Iterable, Iterator

from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.model.count import counted
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.verdict import ClientPath, PortPath, VerdictKind
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.alike import rank
from kubectl_akslb.render.marks import mark
from kubectl_akslb.render.ports import answer, family, port_label, probed

MAX_NAMES = 3


class Stage(Enum):
    """Where a box stands; the value is what stands above the column."""

    CLIENTS = "clients"
    ADDRESS = "address"
    RULES = "rules and probes"
    NODES = "nodes"
    PODS = "pods"


class State(Enum):
    """Whether packets pass: KEPT_OUT are those that are not meant to get through."""

    PASSES = "passes"
    BROKEN = "broken"
    UNSURE = "unsure"
    KEPT_OUT = "kept out"


class Box(NamedTuple):
    """A thing on the path, with what is said of it, a line each."""

    key: str
    stage: Stage
    lines: tuple[str, ...]
    state: State = State.PASSES


class Arrow(NamedTuple):
    """From the box of one key to that of another."""

    start: str
    end: str
    state: State = State.PASSES


class Picture(NamedTuple):
    """One Service; *note* is what breaks the path and *broken* the box where that is, both "" where nothing does."""

    title: str
    headline: str
    kind: VerdictKind
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...] = ()
    note: str = ""
    broken: str = ""


_STATES = {Outcome.PASS: State.PASSES, Outcome.DROP: State.BROKEN}
_STAGES = {
    HopName.ACCEPTED: Stage.ADDRESS,
    HopName.ADDRESS: Stage.ADDRESS,
    HopName.RULE: Stage.RULES,
    HopName.POOL: Stage.NODES,
    HopName.PROBE: Stage.NODES,
    HopName.NODE: Stage.NODES,
    HopName.SECURITY_GROUP: Stage.CLIENTS,
}
"""Where a hop stands; the others are at the pods."""


def pictures(services: Iterable[Explained]) -> list[Picture]:
    """All Services, the worst first."""
    return [picture(one) for one in sorted(services, key=rank)]


def picture(one: Explained) -> Picture:
    """The path of one Service."""
    verdict = one.path.verdict
    title = f"{mark(verdict.kind)} {one.derivation.service.full_name}: {verdict.kind.name}"
    note = _note(one)
    lb = one.derivation.load_balancer
    if not one.path.ports or lb is None:
        kept = one.evidence.addresses if one.path.common[0].outcome is Outcome.DROP else ()
        what, state = _WITHOUT_PORTS.get(verdict.kind, ("no port is served", _state(verdict.hop)))
        box = Box("a0", Stage.ADDRESS, (*kept, "as it was before") if kept else (what,), state)
        if verdict.hop is not None and verdict.hop.name is HopName.POD:
            pods = _pods(one)
            arrow = Arrow(box.key, pods.key, pods.state)
            return Picture(title, words.headline(one), verdict.kind, (box, pods), (arrow,), note, pods.key)
        return Picture(title, words.headline(one), verdict.kind, (box,), (), note, box.key)
    clients = [_client(f"c{number}", client) for number, client in enumerate(one.path.clients)]
    frontends = {
        frontend.name.value: _address(f"a{number}", one, frontend)
        for number, frontend in enumerate(lb.frontend_ip_configurations)
    }
    rules, nodes, arrows = _rules(one, frontends)
    pods = _pods(one)
    arrows = [
        *(Arrow(box.key, frontend.key, box.state) for box in clients for frontend in frontends.values()),
        *arrows,
        *(Arrow(box.key, pods.key, _worse(box.state, pods.state)) for box in nodes if box.state is not State.KEPT_OUT),
    ]
    boxes = (*clients, *frontends.values(), *rules, *nodes, pods)
    return Picture(title, words.headline(one), verdict.kind, boxes, tuple(arrows), note, _broken(one, boxes))


_WITHOUT_PORTS = {
    VerdictKind.PENDING: ("EXTERNAL-IP <pending>", State.BROKEN),
    VerdictKind.IGNORED: ("not Azure's", State.KEPT_OUT),
}


def _note(one: Explained) -> str:
    """What breaks the path, after the hop that does."""
    hop = one.path.verdict.hop
    if hop is None:
        return ""
    return words.cause(one) if hop.name is HopName.ACCEPTED else f"{hop.name.value}: {words.cause(one)}"


def _state(hop: Hop | None) -> State:
    return State.PASSES if hop is None else _STATES.get(hop.outcome, State.UNSURE)


def _worst(hops: list[Hop]) -> State:
    return _worse(*map(_state, hops))


def _worse(*states: State) -> State:
    return next((state for state in (State.BROKEN, State.UNSURE) if state in states), State.PASSES)


def _client(key: str, client: ClientPath) -> Box:
    hop = deciding(client)
    state = _state(hop)
    if state is State.BROKEN and not client.intended:
        state = State.KEPT_OUT
    where = () if state is State.PASSES else (f"{words.in_words(hop.outcome)}, by the {hop.name.value}",)
    return Box(key, Stage.CLIENTS, (client.name, *where), state)


def _address(key: str, one: Explained, frontend: FrontendIPConfiguration) -> Box:
    kind = "private" if is_internal(one.derivation.service) else "public"
    known = not isinstance(frontend.address, Placeholder) and frontend.address
    hops = [hop for hop in one.path.common if hop.name in {HopName.ACCEPTED, HopName.ADDRESS}]
    lines = (str(known), f"{kind} frontend") if known else (f"a {kind} address",)
    return Box(key, Stage.ADDRESS, lines, _worst(hops))


def _rules(one: Explained, frontends: dict[str, Box]) -> tuple[list[Box], list[Box], list[Arrow]]:
    """Rules that are alike share a box; each leads to the nodes that its probe keeps in rotation."""
    grouped: dict[tuple[str, str, str, str], list[PortPath]] = {}
    for path in one.path.ports:
        same = (probed(path.probe), answer(one, path), path.rule.frontend.value, family(one.derivation, path.rule))
        grouped.setdefault(same, []).append(path)
    rules: list[Box] = []
    arrows: list[Arrow] = []
    nodes: dict[tuple[str, ...], Box] = {}
    for (probe, got, frontend, of), paths in grouped.items():
        ports = ", ".join(port_label(path) for path in paths)
        state = _worst([hop for path in paths for hop in path.hops if hop.name is HopName.RULE])
        asked = f"probe {probe}" + (f": {got}" if got not in {"-", "?"} else "")
        rule = Box(f"r{len(rules)}", Stage.RULES, (f"{ports} {of}".rstrip(), asked), state)
        rules.append(rule)
        if frontend in frontends:
            arrows.append(Arrow(frontends[frontend].key, rule.key, state))
        for lines, standing in _nodes(one, paths[0]):
            box = nodes.setdefault(lines, Box(f"n{len(nodes)}", Stage.NODES, lines, standing))
            arrows.append(Arrow(rule.key, box.key, box.state))
    return rules, list(nodes.values()), arrows


def _nodes(one: Explained, path: PortPath) -> Iterator[tuple[tuple[str, ...], State]]:
    """The nodes in rotation, and those that are out of it."""
    seen = (one.live.endpoints if one.live is not None else None) or ()
    known = [node for node in seen if node.passes is not None]
    if known:
        inside = [node.node for node in known if node.passes]
        out = [node for node in known if not node.passes]
        if inside:
            yield (f"{counted(len(inside), 'node')} in rotation", *_names(inside)), State.PASSES
        if out:
            because = dict.fromkeys(node.because for node in out if node.because)
            lines = (f"{counted(len(out), 'node')} out of rotation", *_names([node.node for node in out]))
            yield (*lines, *list(because)[:1]), State.KEPT_OUT if inside else State.BROKEN
        return
    state = _worst([hop for hop in path.hops if hop.name in {HopName.POOL, HopName.PROBE}])
    if state is State.BROKEN:
        yield ("no node in rotation",), state
    elif state is State.UNSURE:
        yield ("in rotation, if the probe gets 200" if path.probe is not None else "in the pool",), state
    elif one.derivation.service.external_traffic_policy == "Local" and path.probe is not None:
        yield ("nodes with a ready pod", "in rotation"), state
        yield ("all other nodes", "out of rotation"), State.KEPT_OUT
    else:
        yield ("nodes of the cluster", "in rotation"), state


def _names(names: list[str]) -> tuple[str, ...]:
    more = (f"and {len(names) - MAX_NAMES} more",) if len(names) > MAX_NAMES else ()
    return (*names[:MAX_NAMES], *more)


_AT_PODS = frozenset({HopName.NODE, HopName.POLICY, HopName.POD, HopName.WAY_BACK})


def _pods(one: Explained) -> Box:
    selector = one.derivation.service.selector
    owners = tuple(dict.fromkeys(pods.owner for pods in one.evidence.pods or ()))
    labels = [f"{key}={value}" for key, value in selector.items()]
    lines = [*_names(list(owners) or labels)] or ["endpoints by hand"]
    if one.live is not None and one.live.ready is not None:
        lines.append(f"{one.live.ready} ready, {one.live.not_ready} not ready")
    found = (*one.path.common, *(hop for path in one.path.ports for hop in path.hops))
    hops = [hop for hop in found if hop.name in _AT_PODS]
    return Box("p0", Stage.PODS, tuple(lines), _worst(hops))


def _broken(one: Explained, boxes: tuple[Box, ...]) -> str:
    """The box where the verdict's hop is."""
    verdict = one.path.verdict
    if verdict.hop is None:
        return ""
    stage = _STAGES.get(verdict.hop.name, Stage.PODS)
    if verdict.client is not None:
        stage = Stage.CLIENTS if stage is not Stage.PODS else stage
    elif stage is Stage.CLIENTS:
        stage = Stage.NODES  # a rule that denies the probes
    at = [box for box in boxes if box.stage is stage]
    faulty = [box for box in at if box.state in {State.BROKEN, State.UNSURE}]
    named = [box for box in at if verdict.client is not None and box.lines[0] == verdict.client.name]
    return next((box.key for box in (*named, *faulty, *at)), "")
