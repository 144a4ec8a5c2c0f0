"""An explanation for a pull request: one table of ports for each Service, and the flow as a picture."""

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render import verdict as words

_MARKS = {Outcome.PASS: "yes", Outcome.DROP: "no"}


def markdown(result: Explanation) -> str:
    """All Services, each under a heading of its own."""
    parts = [_service(one) for one in result.services]
    if not parts and not result.problems:
        parts.append("No Service of type LoadBalancer found.\n")
    parts += [f"> **not read**: {escaped(f'{p.path}:{p.line}: {p.message}')}\n" for p in result.problems]
    parts += [f"> {escaped(notice)}\n" for notice in result.notices]
    return "\n".join(parts)


def _service(one: Explained) -> str:
    verdict = one.path.verdict
    text = f"{words.headline(one)}{words.other_ports(one)} {words.confidence(verdict)}".rstrip()
    name = one.derivation.service.full_name
    lines = [f"### {escaped(name)}", "", f"**{verdict.kind.value}**: {escaped(text)}", ""]
    detail, edits, advice = words.detail(one), words.edits(verdict.remedy), words.advice(verdict.remedy)
    if detail:
        lines += [f"It {escaped(detail)}.", ""]
    if where := words.placed(one, verdict.remedy):
        lines += [f"{escaped(where[:1].upper() + where[1:])}:", ""]
    if edits:
        lines += ["```yaml", *map(clean, edits), "```", ""]
    if advice:
        lines += [f"Fix: {escaped(advice)}.", ""]
    lines += _ports(one)
    if one.path.clients:
        lines += [f"Reachable by: {escaped(words.who_gets_in(one.path))}.", ""]
    return "\n".join(lines)


def _ports(one: Explained) -> list[str]:
    if not one.path.ports:
        return []
    lines = ["| port | goes to | probe | up | why |", "| --- | --- | --- | --- | --- |"]
    for path in one.path.ports:
        port, rule = path.port, path.rule
        hop = path.hop(HopName.PROBE)
        cells = (
            f"{port.port}/{port.protocol}" if port is not None else "all",
            "floating IP" if rule.enable_floating_ip.value else f"node port {rule.backend_port.value}",
            probe_in_short(path.probe),
            _MARKS.get(hop.outcome, "unknown"),
            f"{sentences(hop.because)} ({hop.confidence.value})",
        )
        lines.append("| " + " | ".join(escaped(cell) for cell in cells) + " |")
    return [*lines, ""]


def probe_in_short(probe: Probe | None) -> str:
    """``Http :30080/healthz, 5 s x 2``."""
    if probe is None:
        return "none"
    path = probe.request_path.value if probe.request_path is not None else ""
    interval, count = probe.interval_in_seconds.value, probe.threshold.value
    return f"{probe.protocol.value} :{probe.port.value}{path}, {interval} s x {count}"
