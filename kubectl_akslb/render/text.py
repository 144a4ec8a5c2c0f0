"""An explanation for a person at a terminal: the worst first, one screen for one Service, details with -v.

More than one Service is a table, and only those that need work are shown in detail.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.lint.diagnostic import ERROR, WARNING
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.outbound import Outbound
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT, PROVIDER, SPEC, Derived, Origin, Placeholder, Port
from kubectl_akslb.model.service import IPV4
from kubectl_akslb.path.hop import Hop, HopName, Outcome
from kubectl_akslb.path.sentences import sentence, sentences
from kubectl_akslb.path.verdict import Client, PortPath, VerdictKind
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.arm import to_arm
from kubectl_akslb.render.terminal import DEFAULT_WIDTH, Terminal, grid, table, wrap
from kubectl_akslb.render.why import in_short, matching, trails

LABEL = 2
COLUMN = 15
DETAIL = 4
DETAIL_COLUMN = 15

MOST_IN_DETAIL = 20
"""So many Services that need work are shown below the table; -v shows all."""

COLOURS = {
    VerdictKind.WORKS: "green",
    VerdictKind.IGNORED: "cyan",
    VerdictKind.DEPENDS: "yellow",
    VerdictKind.UNKNOWN: "yellow",
}
"""All others are red."""
_MARKS = {VerdictKind.WORKS: "✓", VerdictKind.IGNORED: "-", VerdictKind.DEPENDS: "?", VerdictKind.UNKNOWN: "?"}
_BAD = "✗"
_NODE_PORT_OF = "nodePort of "
_FINE = frozenset({VerdictKind.WORKS, VerdictKind.IGNORED})


class Detail(NamedTuple):
    """How much is said: *verbose* adds flow, names, security rules, outbound and documents to each Service."""

    verbose: bool = False
    why: Sequence[str] = ()


def explanation(result: Explanation, terminal: Terminal, detail: Detail = Detail()) -> str:  # noqa: B008
    """The whole explanation; with *why* only the trails of these paths."""
    if detail.why:
        blocks = [trails_of(one, result.cluster, terminal, detail.why) for one in result.services]
        return _joined(blocks)
    services = result.services
    every = len(services) <= 1 or detail.verbose
    shown = sorted((one for one in services if every or _kind(one) not in _FINE), key=_rank)
    blocks = [_overview(result, terminal)] if len(services) > 1 else []
    most = len(shown) if detail.verbose else MOST_IN_DETAIL
    blocks += [service(one, terminal, verbose=detail.verbose) for one in shown[:most]]
    if len(shown) > most:
        text = f"{len(shown) - most} more need work: name them, as in svc/NAME or a file, or see all of them with -v"
        blocks.append(wrap(text, terminal.width))
    return _joined([*blocks, _footer(result, terminal, verbose=detail.verbose)])


def _joined(blocks: Iterable[Sequence[str]]) -> str:
    parts = ["\n".join(block) for block in blocks if block]
    return "\n\n".join(parts) + "\n" if parts else ""


def _kind(one: Explained) -> VerdictKind:
    return one.path.verdict.kind


def _rank(one: Explained) -> int:
    return list(VerdictKind).index(_kind(one))


# The overview ----------------------------------------------------------------------------------------------------


def _overview(result: Explanation, terminal: Terminal) -> list[str]:
    """How many Services need work, and a line for each, the worst first."""
    ranked = sorted(result.services, key=_rank)
    needy = sum(_kind(one) not in _FINE for one in ranked)
    count = f"{needy} of {len(ranked)} Services need work" if needy else f"all {len(ranked)} Services work"
    names = [clean(one.derivation.service.full_name) for one in ranked]
    kinds = [_kind(one).name for one in ranked]
    at = LABEL + max(map(len, kinds)) + 2
    widest = max((len(name) for name in names if len(name) <= terminal.width // 2), default=0)
    lines = [terminal.paint(count, "bold"), ""]
    for one, name, kind in zip(ranked, names, kinds, strict=True):
        cause = "" if _kind(one) is VerdictKind.WORKS else terminal.shorten(words.cause(one))
        shown = name.ljust(widest) + "  " + _cut(cause, terminal.width - at - max(widest, len(name)) - 2)
        head = " " * LABEL + terminal.paint(kind, COLOURS.get(_kind(one), "red"))
        lines.append((head + " " * (at - LABEL - len(kind)) + shown).rstrip())
    return lines


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return text[: max(room - 1, 0)].rstrip() + "…" if room >= 12 else ""


# One Service -----------------------------------------------------------------------------------------------------


def service(one: Explained, terminal: Terminal, *, verbose: bool = False) -> list[str]:
    """One Service: verdict, ports, fix, verify, clients; with *verbose* what stands in Azure."""
    derivation = one.derivation
    terminal = terminal._replace(uid=f"<uid of {derivation.service.full_name}>")
    lines = [_title(one, terminal), *_verdict(one, terminal)]
    if one.live is not None and derivation.ignored is None:
        from kubectl_akslb.render.live import live_lines  # noqa: PLC0415 - not for files

        said = {words.advice(one.path.verdict.remedy), *map(sentence, one.path.verdict.because)}
        lines += ["", *live_lines(one.live, terminal, said)]
    if one.path.ports:
        lines += ["", *_ports(one, terminal)]
    lines += _blank(_remedy(one, terminal))
    lines += _blank(_clients(one, terminal, verbose=verbose))
    if verbose and derivation.ignored is None:
        lines += _blank([*_flows(one, terminal), *_outbound(one, terminal), *_azure(one, terminal)])
    return lines


def _blank(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _title(one: Explained, terminal: Terminal) -> str:
    svc = one.derivation.service
    kind = svc.type if one.derivation.ignored is not None else "internal" if is_internal(svc) else "public"
    place = f"{one.found.path}:{one.found.line}" if one.found.path else ""
    mark, name = _MARKS.get(_kind(one), _BAD), clean(svc.full_name)
    right = "  ".join(filter(None, (kind, clean(place))))
    pad = terminal.width - 2 - len(name) - len(right)
    gap = " " * pad if pad >= 2 else "\n  "
    coloured = terminal.paint(mark, COLOURS.get(_kind(one), "red"))
    return f"{coloured} {terminal.paint(name, 'bold')}{gap}{terminal.paint(right, 'dim')}"


def _verdict(one: Explained, terminal: Terminal) -> list[str]:
    verdict = one.path.verdict
    text = f"{words.headline(one)} {words.confidence(verdict)}".rstrip()
    return terminal.labelled(LABEL, verdict.kind.name, text, COLUMN, "bold", COLOURS.get(verdict.kind, "red"))


def _ports(one: Explained, terminal: Terminal) -> list[str]:
    """What Azure probes on each port and who answers; ports that are alike share a line."""
    grouped: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for path in one.path.ports:
        families = grouped.setdefault((_probes(path.probe), _answer(path), _because(one, path)), {})
        families.setdefault(_label(path), []).append(_family(one.derivation, path.rule))
    rows = [(_labels(ports, one), *cells) for cells, ports in grouped.items()]
    shown = [tuple(map(terminal.shorten, row)) for row in [("PORT", "AZURE PROBES", "ANSWER", "BECAUSE"), *rows]]
    head, *lines = grid(shown, LABEL, terminal.width, (18, 29, 7) if terminal.width >= DEFAULT_WIDTH else (12, 16, 7))
    at = head.index("ANSWER")
    return [terminal.paint(head, "dim"), *(_marked(line, at, terminal) for line in lines)]


def _marked(line: str, at: int, terminal: Terminal) -> str:
    """The line with the answer that stands at *at* in its colour."""
    answer = line[at : at + len("ANSWER")].rstrip()
    if not answer or line[at - 1] != " " or answer == "-":
        return line
    colour = "red" if answer.endswith(_BAD) else "yellow" if answer.endswith("?") else "green"
    return line[:at] + terminal.paint(answer, colour) + line[at + len(answer) :]


def _label(path: PortPath) -> str:
    return f"{path.port.port}/{path.port.protocol}" if path.port is not None else "all ports"


def _labels(ports: Mapping[str, Sequence[str]], one: Explained) -> str:
    """Ports in one cell; the IP family only where another one has another line."""
    every = len(one.derivation.service.ip_families)
    return ", ".join(
        label if len(families) == every else f"{label} {' '.join(families)}".rstrip()
        for label, families in ports.items()
    )


def _probes(probe: Probe | None) -> str:
    """``HTTP /healthz``; with the port where it is not the node port of the Service's own."""
    if probe is None:
        return "nothing"
    protocol = probe.protocol.value.upper()
    path = probe.request_path.value if probe.request_path is not None else ""
    if probe.port.origin.path.endswith(".nodePort"):
        return f"{protocol} {path}".rstrip()
    if not isinstance(probe.port.value, Placeholder):
        return f"{protocol} :{probe.port.value}{path}"
    _, _, port = probe.port.value.strip("<>").partition(_NODE_PORT_OF)
    return f"{protocol} {path}".rstrip() + (f" via {port}" if port else " of the node")


def _answer(path: PortPath) -> str:
    """The status where it is known, else a word."""
    hop = path.hop(HopName.PROBE)
    status = next((str(reason.facts["status"]) for reason in hop.because if "status" in reason.facts), "")
    if path.probe is None:
        return "-"
    if hop.outcome is Outcome.DROP:
        return f"{status or 'no'} {_BAD}"
    if hop.outcome is Outcome.PASS:
        return status or "ok"
    return f"{status}?"


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


def _remedy(one: Explained, terminal: Terminal) -> list[str]:
    verdict = one.path.verdict
    lines: list[str] = []
    edits, advice = words.edits(verdict.remedy), words.advice(verdict.remedy)
    applied = words.applied_by(one, verdict.remedy)
    heads = [str(applied)] if applied is not None else []
    for text in (*heads, *(f"+ {edit}" for edit in edits)):
        lines.append(terminal.verbatim(LABEL, "" if lines else "fix", text, COLUMN, "bold"))
    if advice:
        lines += terminal.labelled(LABEL, "" if lines else "fix", advice, COLUMN, "bold")
    if verdict.verify is not None:
        lines.append(terminal.verbatim(LABEL, "verify", str(verdict.verify), COLUMN, "bold"))
    return lines


def _clients(one: Explained, terminal: Terminal, *, verbose: bool) -> list[str]:
    lines: list[str] = []
    if one.path.clients:
        lines += terminal.labelled(LABEL, "clients", words.who_gets_in(one.path), COLUMN, "bold")
    for client in one.path.clients:
        told = client == one.path.verdict.client  # the verdict is about it
        if verbose or (client.intended and not told and deciding(client).outcome is not Outcome.PASS):
            lines += _client(client, terminal)
    return [*lines, *_findings(one, terminal, verbose=verbose)]


def _client(client: Client, terminal: Terminal) -> list[str]:
    hop = deciding(client)
    word = words.in_words(hop.outcome)
    because = client.hops[0].because if hop.outcome is Outcome.PASS else hop.because
    why = sentences(because)
    text = f"{why if client.name in why else f'{client.name}: {why}'} [{hop.confidence.value}]"
    colour = {Outcome.PASS: "green", Outcome.DROP: "red"}.get(hop.outcome, "yellow")
    return terminal.labelled(DETAIL, word, text, DETAIL_COLUMN, colour)


def _findings(one: Explained, terminal: Terminal, *, verbose: bool) -> list[str]:
    """How many more errors and warnings lint has; in detail what the provider remarks and what documents get wrong."""
    lines = _further(one, terminal)
    for event in one.derivation.events if verbose else ():
        seen = "recorded as an event" if event.recorded else "this version tells nobody"
        text = f"{event.reason}: {event.message} ({seen})"
        lines += terminal.labelled(LABEL, "finding", text, COLUMN, "bold", "yellow")
    for left in one.ineffective if verbose else ():
        text = f"{left.key} changes nothing: {left.because}"
        lines += terminal.labelled(LABEL, "finding", text, COLUMN, "bold", "yellow")
    for told in one.errata if verbose else ():
        lines += terminal.labelled(LABEL, "document", told.note, COLUMN, "bold")
    return lines


def _further(one: Explained, terminal: Terminal) -> list[str]:
    """One line for what lint finds beside the verdict, and the command that shows it."""
    reasons = [reason for hop in _stopping(one) for reason in hop.because]
    texts = [*map(sentence, reasons)] + ([one.derivation.refusal.message] if one.derivation.refusal else [])
    places = {steps_of(reason.origin) for reason in reasons if reason.origin is not None}
    found = [
        finding.severity
        for finding in one.lint()
        if not any(text in finding.message for text in texts) and finding.steps not in places
    ]
    counts = [words.counted(found.count(severity), severity) for severity in (ERROR, WARNING) if severity in found]
    if not counts:
        return []
    return terminal.labelled(LABEL, "lint", f"{', '.join(counts)} more: {words.lint_command(one)}", COLUMN, "bold")


def _stopping(one: Explained) -> Iterator[Hop]:
    """The hops that do not let every packet pass: what the lines above are about."""
    path = one.path
    groups = (path.common, *(port.hops for port in path.ports), *(client.hops for client in path.clients))
    return (hop for hops in groups for hop in hops if hop.outcome is not Outcome.PASS)


# In detail -------------------------------------------------------------------------------------------------------


def _flows(one: Explained, terminal: Terminal) -> list[str]:
    """The flow of each rule: frontend, rule, node, and the probe with its reasons."""
    lines: list[str] = []
    for path in one.path.ports:
        port = _labels({_label(path): [_family(one.derivation, path.rule)]}, one)
        text = f"{port} {_flow(one.derivation, path.rule)}"
        lines += terminal.labelled(LABEL, "" if lines else "flow", text, COLUMN, "bold")
        if path.probe is not None:
            lines += terminal.labelled(LABEL, "", f"probe {_probe(path.probe)}, {_probe_reasons(path.probe)}", COLUMN)
    return lines


def _family(derivation: Derivation, rule: LoadBalancingRule) -> str:
    """The IP family of a rule, where the Service has both: its two rules for a port look alike."""
    frontend = _frontend(derivation, rule)
    if frontend is None or len(derivation.service.ip_families) < 2:
        return ""
    for address in derivation.public_ips:
        if frontend.public_ip_address is not None and address.name.value == frontend.public_ip_address.value:
            return address.version.value
    if frontend.subnet is None:
        return ""
    version = frontend.private_ip_address_version
    return version.value if version is not None else IPV4


def _frontend(derivation: Derivation, rule: LoadBalancingRule) -> FrontendIPConfiguration | None:
    frontends = derivation.load_balancer.frontend_ip_configurations if derivation.load_balancer else ()
    return next((frontend for frontend in frontends if frontend.name.value == rule.frontend.value), None)


def _flow(derivation: Derivation, rule: LoadBalancingRule) -> str:
    frontend = _frontend(derivation, rule)
    where = _address(frontend) if frontend is not None else rule.frontend.value
    target = "floating IP" if rule.enable_floating_ip.value else f"node port {_bare(rule.backend_port.value)}"
    extras = [f"idle {rule.idle_timeout_in_minutes.value} min"] if rule.idle_timeout_in_minutes is not None else []
    if rule.enable_tcp_reset is not None and not rule.enable_tcp_reset.value:
        extras.append("no TCP reset")
    if rule.load_distribution.value != "Default":
        extras.append(f"sticky by {rule.load_distribution.value}")
    more = f" ({', '.join(extras)})" if extras else ""
    return f"{where} → rule {rule.name.value} → {target}{more}"


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


def _probe_reasons(probe: Probe) -> str:
    """The reasons of a probe in a few words, those that say something."""
    parts = [f"{probe.protocol.value} by {in_short(probe.protocol, PREFIX)}"]
    if probe.request_path is not None:
        parts.append(f"path by {in_short(probe.request_path, PREFIX)}")
    for what, derived in (("port", probe.port), ("interval", probe.interval_in_seconds), ("count", probe.threshold)):
        if derived.origin.kind == "annotation":
            parts.append(f"{what} by {in_short(derived, PREFIX)}")
    notes = [note for derived in (probe.protocol, probe.port) for note in derived.notes]
    return "; ".join(parts + notes[:1])


def _outbound(one: Explained, terminal: Terminal) -> list[str]:
    egress = one.egress
    own = {"no": "never", "not expected": "not expected to be", "possible": "possibly"}[egress.own_address.value]
    text = (
        f"pods leave by {egress.path.value}, seen as {egress.source_address.value}; this Service's own address is {own}"
        f" the source [{egress.confidence}]"
    )
    return terminal.labelled(LABEL, "outbound", text, COLUMN, "bold")


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


# The footer and the trails ---------------------------------------------------------------------------------------


def _footer(result: Explanation, terminal: Terminal, *, verbose: bool) -> list[str]:
    if not result.services:
        return _nothing(result, terminal)
    lines: list[str] = []
    if any(one.derivation.ignored is None for one in result.services):
        lines += _way_out(result.outbound, terminal, verbose=verbose)
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


def _way_out(outbound: Outbound, terminal: Terminal, *, verbose: bool) -> list[str]:
    """The cluster's own way out, where somebody asks for it or something is wrong with it."""
    rule, snat = outbound.rule, outbound.snat
    lines: list[str] = []
    if rule is not None and verbose:
        ports = "as many SNAT ports per node as the node count allows"
        if snat is not None and snat.ports_per_node is not None:
            ports = f"{snat.ports_per_node.value} SNAT ports per node"
        if snat is not None and snat.max_nodes is not None:
            ports += f", enough for {snat.max_nodes.value} nodes"
        text = (
            f"outbound rule {rule.name.value}: {ports}, idle after {rule.idle_timeout_in_minutes.value} min,"
            f" TCP reset {'on' if rule.enable_tcp_reset.value else 'off'}"
        )
        lines += terminal.labelled(0, "cluster", text, 9, "bold")
    for finding in outbound.findings:
        if rule is not None and (verbose or finding.severity != "note"):
            text = f"{finding.severity}: {finding.message} [{finding.confidence}]"
            lines += terminal.labelled(0, "" if lines else "cluster", text, 9, "bold")
    return lines


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
    stopped = f"stops at the {refusal.stage}: {words.WHAT_STANDS[refusal.stage]}"
    return {
        "refusal": Derived(refusal.message, refusal.origin, (), (stopped,)),
        **to_arm(derivation, cluster).reasons,
    }


def rows(lines: Sequence[tuple[str, ...]], indent: int = 0) -> str:
    """Rows as aligned columns, for the reference commands."""
    return "\n".join(table(lines, indent)) + "\n"
