"""An explanation for a pull request: one table of ports for each Service, and the flow as a picture."""

from kubectl_akslb.derive.answer import answer, probe_of, service_port_of
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.model.reach import CERTAIN
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.provider.annotations import PREFIX

_MARKS = {True: "yes", False: "no", None: "unknown"}


def markdown(result: Explanation) -> str:
    """All Services, each under a heading of its own."""
    parts = [_service(one) for one in result.services]
    if not parts and not result.problems:
        parts.append("No Service of type LoadBalancer found.\n")
    parts += [f"> **not read**: {escaped(f'{p.path}:{p.line}: {p.message}')}\n" for p in result.problems]
    parts += [f"> {escaped(notice)}\n" for notice in result.notices]
    return "\n".join(parts)


def _service(one: Explained) -> str:
    service = one.derivation.service
    verdict = one.verdict
    sure = "" if verdict.confidence == CERTAIN else f" ({verdict.confidence})"
    lines = [f"### {escaped(service.full_name)}", "", f"**{verdict.kind}**: {escaped(verdict.headline)}{sure}", ""]
    if verdict.detail:
        lines += [f"It {escaped(verdict.detail)}.", ""]
    if verdict.fix.startswith(PREFIX):
        lines += ["```yaml", clean(verdict.fix), "```", ""]
    elif verdict.fix:
        lines += [f"Fix: {escaped(verdict.fix)}.", ""]
    lines += _ports(one)
    if one.derivation.ignored is None:
        lines += [f"Reachable by: {escaped(one.reach.summary)}.", ""]
    return "\n".join(lines)


def _ports(one: Explained) -> list[str]:
    lb = one.derivation.load_balancer
    if lb is None or not lb.load_balancing_rules:
        return []
    lines = ["| port | goes to | probe | up | why |", "| --- | --- | --- | --- | --- |"]
    for rule in lb.load_balancing_rules:
        port = service_port_of(one.derivation.service, rule)
        found = answer(one.derivation, rule, one.workload)
        cells = (
            f"{port.port}/{port.protocol}" if port is not None else "all",
            "floating IP" if rule.enable_floating_ip.value else f"node port {rule.backend_port.value}",
            probe_in_short(probe_of(one.derivation, rule)),
            _MARKS[found.up],
            f"{found.text} ({found.confidence})",
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
