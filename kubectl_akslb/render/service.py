"""One Service on one screen: verdict, ports, fix, verify, clients."""

from collections.abc import Collection, Iterator

from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.lint.diagnostic import ERROR, WARNING, Diagnostic
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.count import counted
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.sentences import sentence, sentences
from kubectl_akslb.path.verdict import ClientPath
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.marks import COLUMN, DETAIL, LABEL, colour, mark
from kubectl_akslb.render.ports import port_table
from kubectl_akslb.render.terminal import Terminal


def service(one: Explained, terminal: Terminal, *, verbose: bool = False) -> list[str]:
    """One Service: verdict, ports, fix, verify, clients; with *verbose* what stands in Azure."""
    derivation = one.derivation
    terminal = terminal._replace(uid=f"<uid of {derivation.service.full_name}>")
    lines = [_title(one, terminal), *_made(one, terminal), *_verdict(one, terminal)]
    if one.live is not None and derivation.ignored is None:
        from kubectl_akslb.render.live_state import live_lines

        said = {words.advice(one.path.verdict.remedy), *map(sentence, one.path.verdict.because)}
        lines += ["", *live_lines(one.live, terminal, said)]
    if one.path.ports:
        lines += ["", *port_table(one, terminal)]
    lines += _blank(_remedy(one, terminal))
    lines += _blank(_clients(one, terminal, verbose=verbose))
    if verbose and derivation.ignored is None:
        from kubectl_akslb.render.flow import flows, names_in_azure, way_out

        lines += _blank([*flows(one, terminal), *way_out(one, terminal), *names_in_azure(one, terminal)])
    return lines


def _blank(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _title(one: Explained, terminal: Terminal) -> str:
    svc = one.derivation.service
    kind = svc.type if one.derivation.ignored is not None else "internal" if is_internal(svc) else "public"
    place = f"{one.found.path}:{one.found.line}" if one.found.path else ""
    name = clean(svc.full_name)
    right = "  ".join(filter(None, (kind, clean(place))))
    pad = terminal.width - 2 - len(name) - len(right)
    gap = " " * pad if pad >= 2 else "\n  "
    coloured = terminal.paint(mark(one.path.verdict.kind), colour(one.path.verdict.kind))
    return f"{coloured} {terminal.paint(name, 'bold')}{gap}{terminal.paint(right, 'dim')}"


def _made(one: Explained, terminal: Terminal) -> list[str]:
    """What a Service is made of that stands in no file, and what is assumed of its controller."""
    if not one.found.made_of:
        return []
    text = f"{one.found.made_by} makes it of {clean(one.found.made_of)}"
    lines = terminal.labelled(LABEL, "made of", text, COLUMN, "bold")
    said = set(map(sentence, one.path.verdict.because))
    notes = (clean(note) for note in (*one.found.notes, *one.found.unknown) if note not in said)
    return lines + [line for note in notes for line in terminal.labelled(LABEL, "", note, COLUMN)]


def _verdict(one: Explained, terminal: Terminal) -> list[str]:
    verdict = one.path.verdict
    text = f"{words.headline(one)}{words.other_ports(one)} {words.confidence(verdict)}".rstrip()
    return terminal.labelled(LABEL, verdict.kind.name, text, COLUMN, "bold", colour(verdict.kind))


def _remedy(one: Explained, terminal: Terminal) -> list[str]:
    verdict = one.path.verdict
    lines: list[str] = []
    edits, advice = words.edits(verdict.remedy), words.advice(verdict.remedy)
    applied = words.applied_by(one, verdict.remedy)
    heads = [str(applied)] if applied is not None else []
    where = words.placed(one, verdict.remedy)
    for text in (*heads, *([clean(where)] if where else ()), *(f"+ {edit}" for edit in edits)):
        lines.append(terminal.verbatim(LABEL, "" if lines else "fix", text, COLUMN, "bold"))
    if advice:
        said = terminal.labelled(LABEL, "" if edits else "fix", advice, COLUMN, "bold")
        lines = [*lines, *said] if edits else [*said, *(terminal.verbatim(LABEL, "", one, COLUMN) for one in heads)]
    lines += _next_remedy(one, terminal, "then" if lines else "fix")
    if verdict.verify is not None:
        lines.append(terminal.verbatim(LABEL, "verify", str(verdict.verify), COLUMN, "bold"))
    return lines


def _next_remedy(one: Explained, terminal: Terminal, label: str) -> list[str]:
    """What mends the edit that the provider refuses, where the verdict is about the pods behind what Azure keeps."""
    accepted = one.path.common[0]
    if accepted.outcome is not Outcome.DROP or one.path.verdict.hop == accepted or accepted.remedy is None:
        return []
    advice, command = words.advice(accepted.remedy), words.applied_by(one, accepted.remedy)
    lines = terminal.labelled(LABEL, label, advice, COLUMN, "bold") if advice else []
    if command is not None:
        lines.append(terminal.verbatim(LABEL, "" if lines else label, str(command), COLUMN, "bold"))
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


def _client(client: ClientPath, terminal: Terminal) -> list[str]:
    hop = deciding(client)
    word = words.in_words(hop.outcome)
    because = client.hops[0].because if hop.outcome is Outcome.PASS else hop.because
    why = sentences(because)
    text = f"{why if client.name in why else f'{client.name}: {why}'} [{hop.confidence.value}]"
    colour = {Outcome.PASS: "green", Outcome.DROP: "red"}.get(hop.outcome, "yellow")
    return terminal.labelled(DETAIL, word, text, COLUMN, colour)


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
    keys = {key for key, _ in one.path.verdict.remedy.annotations} if one.path.verdict.remedy is not None else set()
    further = {
        (finding.rule, finding.fix.edits if finding.fix is not None else finding.message): finding.severity
        for finding in one.lint()
        if not any(text in finding.message for text in texts)
        and finding.steps not in places
        and not _is_mended_by(keys, finding)
    }  # a cause counts once, as lint shows it
    found = list(further.values())
    counts = [counted(found.count(severity), severity) for severity in (ERROR, WARNING) if severity in found]
    if not counts:
        return []
    more, command = f"{', '.join(counts)} more:", str(words.lint_command(one))
    if COLUMN + len(more) + 1 + len(command) <= terminal.width:
        return [terminal.verbatim(LABEL, "lint", f"{more} {command}", COLUMN, "bold")]
    return [terminal.verbatim(LABEL, "lint", more, COLUMN, "bold"), terminal.verbatim(LABEL, "", command, COLUMN)]


def _is_mended_by(keys: Collection[str], finding: Diagnostic) -> bool:
    """Whether the fix of a finding is what the remedy of the verdict sets: the two have one cause."""
    edits = finding.fix.edits if finding.fix is not None else ()
    return any(key in edit.replacement for edit in edits for key in keys)


def _stopping(one: Explained) -> Iterator[Hop]:
    """The hops that do not let every packet pass: what the lines above are about."""
    path = one.path
    groups = (path.common, *(port.hops for port in path.ports), *(client.hops for client in path.clients))
    return (hop for hops in groups for hop in hops if hop.outcome is not Outcome.PASS)
