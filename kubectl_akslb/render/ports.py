"""The table of ports: what Azure probes on each, who answers, and where that comes from."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT, PROVIDER, SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.path.verdict import PortPath
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.render.marks import BAD, LABEL
from kubectl_akslb.render.terminal import DEFAULT_WIDTH, Terminal, grid


def port_table(one: Explained, terminal: Terminal) -> list[str]:
    """What Azure probes on each port and who answers; ports that are alike share a line."""
    grouped: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for path in one.path.ports:
        families = grouped.setdefault((probed(path.probe), answer(one, path), _because(one, path)), {})
        families.setdefault(port_label(path), []).append(family(one.derivation, path.rule))
    rows = [(labels(ports, one), *cells) for cells, ports in grouped.items()]
    shown = [tuple(map(terminal.shorten, row)) for row in [("PORT", "AZURE PROBES", "ANSWER", "BECAUSE"), *rows]]
    head, *lines = grid(shown, LABEL, terminal.width, (18, 29, 7) if terminal.width >= DEFAULT_WIDTH else (12, 16, 7))
    at = head.index("ANSWER")
    return [terminal.paint(head, "dim"), *(_marked(line, at, terminal) for line in lines)]


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
    if hop.outcome is Outcome.DROP or _is_answered_nowhere(one):
        return f"{status or 'no'} {BAD}"
    if hop.outcome is Outcome.PASS:
        return status or "ok"
    return f"{status}?"


def _is_answered_nowhere(one: Explained) -> bool:
    """Whether every node is seen to fail the probe by what it runs, whatever would answer elsewhere."""
    nodes = (one.live.endpoints if one.live is not None else None) or ()
    return bool(nodes) and all(node.passes is False for node in nodes)


def _because(one: Explained, path: PortPath) -> str:
    """Where the probe comes from, and who answers it where the verdict does not say so."""
    hop = path.hop(HopName.PROBE)
    causes = {reason.cause for reason in hop.because}
    known = hop.outcome is not Outcome.PASS and causes == {reason.cause for reason in one.path.verdict.because}
    said = "" if known else sentences(hop.because)
    if path.probe is None:
        return said
    sources = [path.probe.protocol, *filter(None, (path.probe.request_path,))]
    chosen = [each for each in sources if each.origin.kind not in {DEFAULT, PROVIDER}]
    return ": ".join(filter(None, (_sources(one, chosen), said))) or "the default"


def _sources(one: Explained, chosen: Sequence[Derived[Any]]) -> str:
    """``appProtocol: http (line 25, since 1.24)``, ``annotations (lines 14, 15)``; by name where there are no lines."""
    texts: list[str] = []
    lines: list[str] = []
    for derived in chosen:
        origin = derived.origin
        line = _line(one, origin)
        if origin.kind == ANNOTATION and line:
            lines.append(str(line))
            continue
        name = origin.path.removeprefix(PREFIX).rpartition(".")[2]
        told = [f"line {line}"] if line else []
        if behaviours.APP_PROTOCOL_PROBE.note in derived.notes:
            first = behaviours.APP_PROTOCOL_PROBE.since[0]
            told.append(f"since {first.major}.{first.minor}")
        text = f"{name}: {origin.raw}" if origin.raw is not None else name
        texts.append(f"{text} ({', '.join(told)})" if told else text)
    if lines:
        texts.append(f"annotations (lines {', '.join(lines)})" if len(lines) > 1 else f"annotation (line {lines[0]})")
    return ", ".join(dict.fromkeys(texts))


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
