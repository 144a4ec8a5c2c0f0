"""An explanation for a person at a terminal: the verdict first, then port by port, then access and outbound."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.derive.answer import Answer, answer, probe_of, service_port_of
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.verdict import DEPENDS, DOWN, IGNORED, PENDING, UNREACHABLE, WHAT_STANDS, WORKS
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.outbound import Outbound
from kubectl_akslb.model.provenance import Derived, Placeholder, Port
from kubectl_akslb.model.reach import CERTAIN
from kubectl_akslb.model.service import IPV4
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.render.arm import to_arm
from kubectl_akslb.render.terminal import Terminal, table, wrap
from kubectl_akslb.render.why import in_short, matching, trails

LABEL = 2
COLUMN = 12
DETAIL = 4
DETAIL_COLUMN = 14

_COLOURS = {WORKS: "green", DEPENDS: "yellow", UNREACHABLE: "red", DOWN: "red", PENDING: "red", IGNORED: "cyan"}
_WORDS = {True: ("yes", "green"), False: ("no", "red"), None: ("partly", "yellow")}


def explanation(result: Explanation, terminal: Terminal, why: Sequence[str] = ()) -> str:
    """The whole explanation; with *why* only the trails of these paths."""
    blocks = [
        trails_of(one, result.cluster, terminal, why) if why else service(one, terminal) for one in result.services
    ]
    footer = [] if why else _footer(result, terminal)
    parts = ["\n".join(block) for block in (*blocks, footer) if block]
    return "\n\n".join(parts) + "\n" if parts else ""


def trails_of(one: Explained, cluster: Cluster, terminal: Terminal, wanted: Sequence[str]) -> list[str]:
    """The trails of a Service's values under its name."""
    found = trails(_reasons(one.derivation, cluster), wanted, terminal)
    return [terminal.paint(one.derivation.service.full_name, "bold"), *found] if found else []


def unmatched(result: Explanation, wanted: Sequence[str]) -> list[str]:
    """Those of *wanted* that are no path of any Service."""
    found = [_reasons(one.derivation, result.cluster) for one in result.services]
    return [path for path in wanted if not any(matching(reasons, path) for reasons in found)]


def _reasons(derivation: Derivation, cluster: Cluster) -> Mapping[str, Derived[Any]]:
    """The reason of each value by its path; what keeps the provider from making more comes first."""
    if derivation.ignored is not None:
        return {"ignored": derivation.ignored}
    refusal = derivation.refusal
    if refusal is None:
        return to_arm(derivation, cluster).reasons
    stopped = f"stops at the {refusal.stage}: {WHAT_STANDS[refusal.stage]}"
    return {
        "refusal": Derived(refusal.message, refusal.origin, (), (stopped,)),
        **to_arm(derivation, cluster).reasons,
    }


def service(one: Explained, terminal: Terminal) -> list[str]:
    """One Service: verdict, ports, access, outbound, findings."""
    derivation = one.derivation
    terminal = terminal._replace(uid=f"<uid of {derivation.service.full_name}>")
    lines = [_title(one, terminal), *_verdict(one, terminal)]
    if one.live is not None and derivation.ignored is None:
        from kubectl_akslb.render.live import live_lines  # noqa: PLC0415 - not for files

        lines += ["", *live_lines(one.live, terminal)]
    if derivation.load_balancer is not None:
        for rule in derivation.load_balancer.load_balancing_rules:
            lines += ["", *_port(one, rule, terminal)]
    if derivation.ignored is None:
        lines += [
            "",
            *_access(one, terminal),
            *_outbound(one, terminal),
            *_findings(one, terminal),
            *_azure(one, terminal),
        ]
    return lines


def _title(one: Explained, terminal: Terminal) -> str:
    svc = one.derivation.service
    kind = "internal" if is_internal(svc) else "public"
    kind = f"{svc.type}, {kind}" if one.derivation.ignored is None else svc.type
    place = f"{one.found.path}:{one.found.line}" if one.found.path else ""
    name = clean(svc.full_name)
    gap = "  " if len(f"{name}  {kind}  {place}") <= terminal.width else "\n  "
    return (
        terminal.paint(name, "bold")
        + terminal.paint(f"  {kind}", "dim")
        + (gap + terminal.paint(place, "dim") if place else "")
    )


def _verdict(one: Explained, terminal: Terminal) -> list[str]:
    verdict = one.verdict
    # DEPENDS says by itself that it is not known.
    sure = "" if verdict.confidence == CERTAIN or verdict.kind == DEPENDS else f" ({verdict.confidence})"
    lines = terminal.labelled(
        LABEL, verdict.kind.upper(), verdict.headline + sure, COLUMN + 2, "bold", _COLOURS[verdict.kind]
    )
    if verdict.detail:
        lines += terminal.labelled(LABEL, "", verdict.detail, COLUMN + 2)
    if verdict.fix.startswith(PREFIX):
        lines.append(terminal.verbatim(LABEL, "fix", verdict.fix, COLUMN + 2, "bold"))
    elif verdict.fix:
        lines += terminal.labelled(LABEL, "fix", verdict.fix, COLUMN + 2, "bold")
    if verdict.verify:
        lines.append(terminal.verbatim(LABEL, "verify", verdict.verify, COLUMN + 2, "bold"))
    return lines


def _port(one: Explained, rule: LoadBalancingRule, terminal: Terminal) -> list[str]:
    """The flow of one rule: frontend, rule, node, then the probe and what answers it."""
    derivation = one.derivation
    port = service_port_of(derivation.service, rule)
    label = "all ports" if port is None else f"{port.port}/{port.protocol}"
    name = f" {port.name}" if port is not None and port.name else ""
    name += _family(derivation, rule)
    lines = [
        terminal.paint(f"  {label}{name}", "bold"),
        *terminal.labelled(DETAIL, "flow", _flow(derivation, rule), DETAIL_COLUMN, "dim"),
    ]
    probe = probe_of(derivation, rule)
    if probe is None:
        why = in_short(rule.probe, PREFIX) if rule.probe is not None else _no_probe(derivation, rule)
        lines += terminal.labelled(DETAIL, "probe", f"none: {why}", DETAIL_COLUMN, "dim")
    else:
        lines += terminal.labelled(DETAIL, "probe", _probe(probe), DETAIL_COLUMN, "dim")
        lines += terminal.labelled(DETAIL, "because", _because(probe), DETAIL_COLUMN, "dim")
    found = answer(derivation, rule, one.workload)
    return lines + terminal.labelled(DETAIL, "answers", _answer(found), DETAIL_COLUMN, "dim")


def _family(derivation: Derivation, rule: LoadBalancingRule) -> str:
    """The IP family of a rule, where the Service has both: its two rules for a port look alike."""
    frontend = _frontend(derivation, rule)
    if frontend is None or len(derivation.service.ip_families) < 2:
        return ""
    for address in derivation.public_ips:
        if frontend.public_ip_address is not None and address.name.value == frontend.public_ip_address.value:
            return f", {address.version.value}"
    if frontend.subnet is None:
        return ""
    version = frontend.private_ip_address_version
    return f", {version.value if version is not None else IPV4}"


def _frontend(derivation: Derivation, rule: LoadBalancingRule) -> FrontendIPConfiguration | None:
    frontends = derivation.load_balancer.frontend_ip_configurations if derivation.load_balancer else ()
    return next((frontend for frontend in frontends if frontend.name.value == rule.frontend.value), None)


def _no_probe(derivation: Derivation, rule: LoadBalancingRule) -> str:
    port = service_port_of(derivation.service, rule)
    if port is not None and port.protocol != "TCP":
        return f"{port.protocol} is not probed"
    return f"port_{port.port}_no_probe_rule" if port is not None else "no port has a usable probe"


def _flow(derivation: Derivation, rule: LoadBalancingRule) -> str:
    frontend = _frontend(derivation, rule)
    where = _address(frontend) if frontend is not None else rule.frontend.value
    target = "floating IP" if rule.enable_floating_ip.value else f"node port {_bare(rule.backend_port.value)}"
    extras = [f"idle {rule.idle_timeout_in_minutes.value} min"] if rule.idle_timeout_in_minutes is not None else []
    if rule.enable_tcp_reset is not None and not rule.enable_tcp_reset.value:
        extras.append("no TCP reset")
    if rule.load_distribution.value != "Default":
        extras.append(f"sticky by {rule.load_distribution.value}")
    port = "every port" if rule.service_port < 0 else f"port {rule.frontend_port.value}"
    return (
        f"{where} {port} → rule {rule.name.value} → {target} ({', '.join(extras)})"
        if extras
        else f"{where} {port} → rule {rule.name.value} → {target}"
    )


def _address(frontend: FrontendIPConfiguration) -> str:
    if frontend.public_ip_address is not None:
        known = not isinstance(frontend.address, Placeholder)
        return frontend.address if known else f"public IP {frontend.public_ip_address.value}"
    subnet = frontend.subnet.value if frontend.subnet is not None else ""
    if isinstance(frontend.address, Placeholder):
        return f"a private address of {subnet}"
    return f"{frontend.address} in {subnet}"


def _bare(port: Port) -> str:
    return str(port)


def _probe(probe: Probe) -> str:
    path = probe.request_path.value if probe.request_path is not None else ""
    interval, count = probe.interval_in_seconds.value, probe.threshold.value
    often = f"every {interval} s, out after {count} failures ({interval * count} s)"
    return f"{probe.protocol.value} :{probe.port.value}{path} {often}"


def _because(probe: Probe) -> str:
    """The reasons of a probe in a few words, those that say something."""
    parts = [f"{probe.protocol.value} by {in_short(probe.protocol, PREFIX)}"]
    if probe.request_path is not None:
        parts.append(f"path by {in_short(probe.request_path, PREFIX)}")
    for what, derived in (("port", probe.port), ("interval", probe.interval_in_seconds), ("count", probe.threshold)):
        if derived.origin.kind == "annotation":
            parts.append(f"{what} by {in_short(derived, PREFIX)}")
    notes = [note for derived in (probe.protocol, probe.port) for note in derived.notes]
    return "; ".join(parts + notes[:1])


def _answer(found: Answer) -> str:
    mark = {True: "", False: "NOT 200: ", None: "? "}[found.up]
    return f"{mark}{found.text} [{found.confidence}]"


def _access(one: Explained, terminal: Terminal) -> list[str]:
    lines = terminal.labelled(LABEL, "access", one.reach.summary, COLUMN, "bold")
    for client in one.reach.clients:
        text = f"{client.name}: {client.because} [{client.confidence}]"
        word, colour = _WORDS[client.verdict.value]
        lines += terminal.labelled(DETAIL, word, text, COLUMN, colour)
    return lines


def _outbound(one: Explained, terminal: Terminal) -> list[str]:
    egress = one.egress
    own = {"no": "never", "not expected": "not expected to be", "possible": "possibly"}[egress.own_address.value]
    text = (
        f"pods leave by {egress.path.value}, seen as {egress.source_address.value}; this Service's own address is {own}"
        f" the source [{egress.confidence}]"
    )
    return terminal.labelled(LABEL, "outbound", text, COLUMN, "bold")


def _findings(one: Explained, terminal: Terminal) -> list[str]:
    lines: list[str] = []
    for event in one.derivation.events:
        seen = "recorded as an event" if event.recorded else "this version tells nobody"
        lines += terminal.labelled(
            LABEL, "finding", f"{event.reason}: {event.message} ({seen})", COLUMN, "bold", "yellow"
        )
    for left in one.unread:
        text = f"{left.key} changes nothing: {left.because}"
        lines += terminal.labelled(LABEL, "finding", text, COLUMN, "bold", "yellow")
    for told in one.disagreements:
        lines += terminal.labelled(LABEL, "document", told.note, COLUMN, "bold")
    return lines


def _azure(one: Explained, terminal: Terminal) -> list[str]:
    """The names to look for in Azure."""
    derivation = one.derivation
    rows: list[tuple[str, ...]] = []
    if derivation.load_balancer is not None:
        rows.append(("load balancer", f"{derivation.load_balancer.name.value} ({derivation.load_balancer.sku.value})"))
    rows += [("public IP", address.name.value) for address in derivation.public_ips]
    rows += [
        ("security rule", f"{rule.name.value} ({rule.access.value} {', '.join(rule.sources.value)} → "
                          f"{', '.join(rule.destination_ports.value)}, priority {rule.priority.value})")
        for rule in derivation.security_rules
    ]  # fmt: skip
    lines = []
    for index, (label, text) in enumerate(rows):
        lines += terminal.labelled(LABEL, "in Azure" if not index else "", f"{label} {text}", COLUMN, "bold")
    return lines


def _footer(result: Explanation, terminal: Terminal) -> list[str]:
    if not result.services:
        return _nothing(result, terminal)
    lines: list[str] = []
    if any(one.derivation.ignored is None for one in result.services):
        lines += _way_out(result.outbound, terminal)
    if result.other_services:
        text = f"Services of other types, on which Azure's provider does not act: {result.other_services}"
        lines += terminal.labelled(0, "note", text, 6, "dim")
    for notice in result.notices:
        lines += terminal.labelled(0, "note", notice, 6, "dim")
    return lines


def _nothing(result: Explanation, terminal: Terminal) -> list[str]:
    """Why there is nothing to explain; no words about a cluster that nothing is explained for."""
    if result.problems:
        return []  # the errors say it: a Service may well be in what could not be read
    what = "no Service of type LoadBalancer found"
    if result.other_services:
        what += f"; {result.other_services} of another type passed over"
    return wrap(what, terminal.width)


def _way_out(outbound: Outbound, terminal: Terminal) -> list[str]:
    """The cluster's own way out: its rule, and how far the SNAT ports reach."""
    rule, snat = outbound.rule, outbound.snat
    if rule is None:
        return []
    ports = "as many SNAT ports per node as the node count allows"
    if snat is not None and snat.ports_per_node is not None:
        ports = f"{snat.ports_per_node.value} SNAT ports per node"
    if snat is not None and snat.max_nodes is not None:
        ports += f", enough for {snat.max_nodes.value} nodes"
    text = (
        f"rule {rule.name.value}: {ports}, idle after {rule.idle_timeout_in_minutes.value} min,"
        f" TCP reset {'on' if rule.enable_tcp_reset.value else 'off'}"
    )
    lines = terminal.labelled(0, "cluster", f"outbound {text}", 9, "bold")
    for finding in outbound.findings:
        lines += terminal.labelled(0, "", f"{finding.severity}: {finding.message} [{finding.confidence}]", 9)
    return lines


def rows(lines: Sequence[tuple[str, ...]], indent: int = 0) -> str:
    """Rows as aligned columns, for the reference commands."""
    return "\n".join(table(lines, indent)) + "\n"
