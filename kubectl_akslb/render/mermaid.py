"""The same flow as a Mermaid flowchart: clients, frontends, rules, probes, and the hop that breaks it."""

from collections.abc import Iterator

from kubectl_akslb.edge.escape import mermaid as label
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render.markdown import probe_in_short
from kubectl_akslb.render.verdict import cause, headline

_CLASSES = {Outcome.PASS: "up", Outcome.DROP: "down"}


def mermaid(result: Explanation) -> str:
    """One flowchart for all Services."""
    lines = [
        "flowchart LR",
        "  classDef up stroke:#2e7d32,stroke-width:2px",
        "  classDef down stroke:#c62828,stroke-width:2px",
        "  classDef unknown stroke:#f9a825,stroke-width:2px",
    ]
    for index, one in enumerate(result.services):
        lines += _service(f"s{index}", one)
    return "\n".join(lines) + "\n"


def _service(key: str, one: Explained) -> list[str]:
    lines = [f"  subgraph {key}[{label(one.derivation.service.full_name)}]"]
    lb = one.derivation.load_balancer
    if not one.path.ports or lb is None:
        lines.append(f"    {key}v[{label(headline(one))}]")
        return [*lines, "  end"]
    for number, frontend in enumerate(lb.frontend_ip_configurations):
        lines.append(f"    {key}f{number}([{label(frontend.address or frontend.name.value)}])")
    names = [frontend.name.value for frontend in lb.frontend_ip_configurations]
    for number, path in enumerate(one.path.ports):
        rule = path.rule
        probed = path.hop(HopName.PROBE)
        own = f"{key}r{number}"
        source = f"{key}f{names.index(rule.frontend.value)}" if rule.frontend.value in names else key
        port = f"{rule.protocol.value} {rule.frontend_port.value}" if rule.service_port >= 0 else "all ports"
        target = "floating IP" if rule.enable_floating_ip.value else f"node port {rule.backend_port.value}"
        lines.append(f"    {source} -->|{label(port)}| {own}[{label(target)}]")
        lines.append(f"    {own} -.->|probe| {own}p[{label(probe_in_short(path.probe))}]")
        lines.append(f"    class {own}p {_CLASSES.get(probed.outcome, 'unknown')}")
    return [*lines, *_clients(key, one, len(lb.frontend_ip_configurations)), *_broken(key, one), "  end"]


def _clients(key: str, one: Explained, frontends: int) -> Iterator[str]:
    """Who sends, and whether that gets in."""
    for number, client in enumerate(one.path.clients):
        hop = deciding(client)
        yield f"    {key}c{number}{{{{{label(client.name)}}}}}"
        arrow = "--x" if hop.outcome is Outcome.DROP else "-->"
        yield from (f"    {key}c{number} {arrow} {key}f{index}" for index in range(frontends))
        yield f"    class {key}c{number} {_CLASSES.get(hop.outcome, 'unknown')}"


def _broken(key: str, one: Explained) -> Iterator[str]:
    """The hop that the verdict is about, with what it says."""
    verdict = one.path.verdict
    if verdict.hop is not None:
        yield f"    {key}b>{label(f'{verdict.hop.name.value}: {cause(one)}')}]"
        yield f"    class {key}b {_CLASSES.get(verdict.hop.outcome, 'unknown')}"
