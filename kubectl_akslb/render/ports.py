"""The table of ports: what Azure probes on each, who answers, and where that comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT, PROVIDER, SPEC, Origin, Placeholder
from kubectl_akslb.model.service import IPV4
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import HopName, Outcome, Reason
from kubectl_akslb.path.sentences import sentence, sentences
from kubectl_akslb.path.verdict import PortPath
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.render.marks import BAD, LABEL
from kubectl_akslb.render.terminal import DEFAULT_WIDTH, Terminal, grid

_ASK_PODS = {Cause.LISTENS, Cause.LISTENS_WITH_ROUTES, Cause.WELL_KNOWN_ANSWER}
_ACCEPT_FIRST = {
    Cause.MUTUAL_TLS_ONLY,
    Cause.MESH_IDENTITY_ONLY,
    Cause.MESH_POLICY_REFUSES,
    Cause.MESH_SERVER_DECIDES,
    Cause.WANTS_PROXY_PROTOCOL,
}
"""What keeps a client out only after its connection was accepted, which is all that a TCP probe asks for."""


def port_table(one: Explained, terminal: Terminal) -> list[str]:
    """What Azure probes on each port and who answers; ports that are alike share a line."""
    grouped: dict[tuple[object, ...], list[PortPath]] = {}
    for path in one.path.ports:
        grouped.setdefault((probed(path.probe), answer(one, path), *_alike(one, path)), []).append(path)
    rows = [_row(one, paths) for paths in grouped.values()]
    shown = [tuple(map(terminal.shorten, row)) for row in [("PORT", "AZURE PROBES", "ANSWER", "BECAUSE"), *rows]]
    most = (max(18, terminal.width // 4), 29, 7) if terminal.width >= DEFAULT_WIDTH else (12, 16, 7)
    head, *lines = grid(shown, LABEL, terminal.width, most)
    at = head.index("ANSWER")
    return [terminal.paint(head, "dim"), *(_marked(line, at, terminal) for line in lines)]


def _row(one: Explained, paths: Sequence[PortPath]) -> tuple[str, str, str, str]:
    families: dict[str, list[str]] = {}
    for path in paths:
        families.setdefault(port_label(path), []).append(family(one.derivation, path.rule))
    return labels(families, one), probed(paths[0].probe), answer(one, paths[0]), _because(one, paths)


def _marked(line: str, at: int, terminal: Terminal) -> str:
    """The line with the answer that stands at *at* in its colour."""
    answer = line[at : at + len("ANSWER")].rstrip()
    if not answer or line[at - 1] != " " or answer == "-":
        return line
    colour = "red" if answer.endswith(BAD) else "yellow" if answer.endswith("?") else "green"
    return line[:at] + terminal.paint(answer, colour) + line[at + len(answer) :]


def port_label(path: PortPath) -> str:
    """``80/TCP``, or ``all ports``."""
    return f"{path.port.port}/{path.port.protocol}" if path.port is not None else "all ports"


def labels(ports: Mapping[str, Sequence[str]], one: Explained) -> str:
    """Ports in one cell; the IP family only where another one has another line."""
    every = len(one.derivation.service.ip_families)
    return ", ".join(
        label if len(families) == every else f"{label} {' '.join(families)}".rstrip()
        for label, families in ports.items()
    )


def probed(probe: Probe | None) -> str:
    """``HTTP /healthz``; with the port where it is not the node port of the Service's own."""
    if probe is None:
        return "nothing"
    protocol = probe.protocol.value.upper()
    path = probe.request_path.value if probe.request_path is not None else ""
    if probe.port.origin.path.endswith(".nodePort"):
        return f"{protocol} {path}".rstrip()
    if not isinstance(probe.port.value, Placeholder):
        return f"{protocol} :{probe.port.value}{path}"
    _, _, port = probe.port.value.strip("<>").partition("nodePort of ")
    return f"{protocol} {path}".rstrip() + (f" via {port}" if port else " of the node")


def answer(one: Explained, path: PortPath) -> str:
    """The status where it is known, else a word."""
    hop = path.hop(HopName.PROBE)
    status = next((str(reason.facts["status"]) for reason in hop.because if "status" in reason.facts), "")
    if path.probe is None:
        return "-"
    inside = any(reason.cause is Cause.IN_ROTATION for reason in hop.because)
    if hop.outcome is Outcome.DROP or (not inside and _is_answered_nowhere(one)):
        return f"{status or 'no'} {BAD}"
    behind = _behind(path)
    if hop.outcome is Outcome.PASS and behind is Outcome.DROP:
        return f"no {BAD}"
    if hop.outcome is Outcome.PASS and behind is Outcome.PASS:
        return status or "ok"
    return f"{status}?"


def _behind(path: PortPath) -> Outcome:
    """What becomes of a probe that the pods answer, once it has come to them; PASS where they are not asked."""
    hop = path.hop(HopName.POD)
    if not _ASK_PODS & {reason.cause for reason in path.hop(HopName.PROBE).because}:
        return Outcome.PASS
    connects = path.probe is not None and path.probe.request_path is None
    if connects and _ACCEPT_FIRST & {reason.cause for reason in hop.because}:
        return Outcome.PASS
    return hop.outcome


def _is_answered_nowhere(one: Explained) -> bool:
    """Whether every node is seen to fail the probe by what it runs, whatever would answer elsewhere."""
    nodes = (one.live.endpoints if one.live is not None else None) or ()
    return bool(nodes) and all(node.passes is False for node in nodes)


def _alike(one: Explained, path: PortPath) -> tuple[object, ...]:
    """What two ports have in common that share a line: where the probe comes from, and why it is answered or not."""
    reasons = _but_for_port(path.hop(HopName.PROBE).because)
    return (*reasons, *(source._replace(line=bool(source.line)) for source in _sources(one, path)))


def is_alike(because: Iterable[Reason], other: Iterable[Reason]) -> bool:
    """Whether ports are what they are for the same reasons: these differ in nothing but the number of the port."""
    return _but_for_port(because) == _but_for_port(other)


def _but_for_port(because: Iterable[Reason]) -> list[str]:
    return [sentence(reason._replace(facts={**reason.facts, _PORT: ""})) for reason in because]


_PORT = "port"
"""The fact of a reason that may differ among ports which are alike."""


def _together(paths: Sequence[PortPath]) -> tuple[Reason, ...]:
    """The reasons of ports that are alike, each with all of their numbers."""
    found = []
    for alike in zip(*(path.hop(HopName.PROBE).because for path in paths), strict=True):
        ports = tuple(dict.fromkeys(reason.facts[_PORT] for reason in alike if _PORT in reason.facts))
        facts = {**alike[0].facts, _PORT: ports if len(ports) > 1 else ports[0]} if ports else alike[0].facts
        found.append(alike[0]._replace(facts=facts))
    return tuple(found)


def _because(one: Explained, paths: Sequence[PortPath]) -> str:
    """Where the probe comes from, and who answers it where the verdict does not say so."""
    path = paths[0]
    hop = path.hop(HopName.PROBE)
    known = hop.outcome is not Outcome.PASS and is_alike(hop.because, one.path.verdict.because)
    said = "" if known else sentences(_together(paths))
    if path.probe is None:
        return said
    return ": ".join(filter(None, (_sources_text(one, paths), said))) or "the default"


class _Source(NamedTuple):
    """What a probe comes from: name and value, "" for an annotation of a file; its line, 0 where it has none."""

    text: str
    line: int
    since: str = ""


def _sources(one: Explained, path: PortPath) -> Iterator[_Source]:
    """Where the protocol and the path of a probe come from, but for defaults."""
    given = [path.probe.protocol, path.probe.request_path] if path.probe is not None else []
    for derived in given:
        if derived is None or derived.origin.kind in {DEFAULT, PROVIDER}:
            continue
        origin = derived.origin
        line = _line(one, origin)
        name = origin.path.removeprefix(PREFIX).rpartition(".")[2]
        text = f"{name}: {origin.raw}" if origin.raw is not None else name
        first = behaviours.APP_PROTOCOL_PROBE.since[0]
        dated = behaviours.APP_PROTOCOL_PROBE.note in derived.notes
        since = f"since {first.major}.{first.minor}" if dated else ""
        yield _Source("" if origin.kind == ANNOTATION and line else text, line, since)


def _sources_text(one: Explained, paths: Sequence[PortPath]) -> str:
    """``appProtocol: http (line 25, since 1.24)``, ``annotations (lines 14, 15)``; by name where there are no lines."""
    lines: dict[tuple[str, str], list[int]] = {}
    for source in (source for path in paths for source in _sources(one, path)):
        lines.setdefault((source.text, source.since), []).append(source.line)
    texts = []
    for (text, since), found in sorted(lines.items(), key=lambda item: not item[0][0]):
        numbers = sorted(set(filter(None, found)))
        told = ", ".join(filter(None, (_lines(numbers), since)))
        name = text or ("annotations" if len(numbers) > 1 else "annotation")
        texts.append(f"{name} ({told})" if told else name)
    return ", ".join(texts)


def _lines(numbers: Sequence[int]) -> str:
    if len(numbers) < 2:
        return f"line {numbers[0]}" if numbers else ""
    more = f" and {len(numbers) - _MOST_LINES} more" if len(numbers) > _MOST_LINES else ""
    return f"lines {', '.join(map(str, numbers[:_MOST_LINES]))}{more}"


_MOST_LINES = 4


def _line(one: Explained, origin: Origin) -> int:
    """The line of the file where a value of the Service comes from; 0 where it stands in no file."""
    if not one.found.path or origin.kind not in {SPEC, ANNOTATION} or origin.raw is None:
        return 0
    return one.found.place(*steps_of(origin)).line


def family(derivation: Derivation, rule: LoadBalancingRule) -> str:
    """The IP family of a rule, where the Service has both: its two rules for a port look alike."""
    frontend = frontend_of(derivation, rule)
    if frontend is None or len(derivation.service.ip_families) < 2:
        return ""
    for address in derivation.public_ips:
        if frontend.public_ip_address is not None and address.name.value == frontend.public_ip_address.value:
            return address.version.value
    if frontend.subnet is None:
        return ""
    version = frontend.private_ip_address_version
    return version.value if version is not None else IPV4


def frontend_of(derivation: Derivation, rule: LoadBalancingRule) -> FrontendIPConfiguration | None:
    """The frontend that a rule takes packets from."""
    frontends = derivation.load_balancer.frontend_ip_configurations if derivation.load_balancer else ()
    return next((frontend for frontend in frontends if frontend.name.value == rule.frontend.value), None)
