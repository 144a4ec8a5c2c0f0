"""The walk of one client's packets: as text, as Markdown, and as a document for machines (``trace.schema.json``)."""

from collections.abc import Iterator, Sequence
from typing import Any

from kubectl_akslb.derive.intervals import Interval, cidrs
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.path.client import Client, ClientKind
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.sentences import sentence, sentences
from kubectl_akslb.path.sources import PUBLIC
from kubectl_akslb.path.trace import Leg, Trace
from kubectl_akslb.render.document import API_VERSION
from kubectl_akslb.render.terminal import Terminal

_SHOWN = 3
_COLUMN = 18
_WORDS = {
    Outcome.PASS: ("ARRIVES", "green"),
    Outcome.DROP: ("DROPPED", "red"),
    Outcome.DEPENDS: ("DEPENDS", "yellow"),
    Outcome.UNKNOWN: ("UNKNOWN", "yellow"),
}
_PARTLY = ("PARTLY", "yellow")
_MARKS = {Outcome.PASS: "✓", Outcome.DROP: "✗", Outcome.DEPENDS: "?", Outcome.UNKNOWN: "?"}
_SEES = {
    "client": "the pods see the client's own address",
    "node": "the pods see the address of a node",
    "pod": "the pods see the pod's own address",
}


def word(trace: Trace) -> tuple[str, str]:
    """The verdict in one word, and its colour."""
    outcomes = {leg.deciding.outcome for leg in trace.legs}
    split = trace.every and {Outcome.PASS, Outcome.DROP} <= outcomes
    return _PARTLY if split else _WORDS[trace.outcome]


def headline(trace: Trace) -> str:
    """Who goes where, and where it ends."""
    ends = trace.leg.deciding
    at = "" if ends.outcome is Outcome.PASS else f", at the hop {ends.name.value}"
    return f"{_client(trace.client)} to {trace.target}{at}"


def _client(client: Client) -> str:
    return client.name if client.kind is not ClientKind.SERVICE_TAG else f"service tag {client.name}"


def trace_text(trace: Trace, terminal: Terminal, notices: Sequence[str] = (), *, verbose: bool = False) -> str:
    """The verdict, the hops of what does not arrive, what arrives all the same, and what was assumed."""
    said, colour = word(trace)
    lines = terminal.labelled(0, said, headline(trace), 11, "bold", colour)
    shown = trace.legs if verbose else (trace.leg,)
    if trace.is_split:
        for leg in sorted(trace.legs, key=lambda one: len(one.spans)):
            lines += terminal.labelled(2, "", f"{_which(leg, trace)} {_verb(leg)}", 11)
    for leg in shown:
        lines.append("")
        if trace.is_split:
            lines += terminal.labelled(0, "", f"{_which(leg, trace)}:", 2)
        lines += _hops(leg, terminal)
    lines.append("")
    if trace.sees and trace.outcome is not Outcome.DROP:
        lines += terminal.labelled(0, "seen", _SEES[trace.sees], 11, "bold")
    for one in trace.assumptions:
        lines += terminal.labelled(0, "assumed", sentence(one.reason), 11, "bold")
    if trace.settle is not None:
        lines.append(terminal.verbatim(0, "settle", str(trace.settle), 11, "bold"))
        if trace.settle.words[:2] == ("az", "network"):
            lines += terminal.labelled(0, "", "what it prints, in a file, is read by --azure FILE", 11)
    for notice in notices:
        lines += terminal.labelled(0, "note", notice, 11, "dim")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _which(leg: Leg, trace: Trace) -> str:
    """Which addresses of the client a leg is about."""
    if not trace.is_split or sum(1 for _ in cidrs(leg.spans)) <= _SHOWN:
        return ranges(leg.spans)
    return "any other address" if len(leg.spans) == max(len(one.spans) for one in trace.legs) else ranges(leg.spans)


def _verb(leg: Leg) -> str:
    hop = leg.deciding
    if hop.outcome is Outcome.PASS:
        return "gets there"
    verb = {Outcome.DROP: "does not", Outcome.DEPENDS: "may", Outcome.UNKNOWN: "is not known"}[hop.outcome]
    return f"{verb}: {sentences(hop.because[:1])}"


def _hops(leg: Leg, terminal: Terminal) -> Iterator[str]:
    for hop in leg.reached:
        text = f"{sentences(hop.because)} [{hop.confidence.value}]"
        yield from terminal.labelled(
            2, f"{_MARKS[hop.outcome]} {hop.name.value}", text, _COLUMN + 2, _WORDS[hop.outcome][1]
        )
    rest = [hop.name.value for hop in leg.hops[len(leg.reached) :]]
    if rest:
        yield from terminal.labelled(4, "not reached", ", ".join(rest), _COLUMN + 2, "dim")


def reached_hops(leg: Leg) -> Iterator[tuple[Hop, bool]]:
    """The hops with whether the packet comes there."""
    count = len(leg.reached)
    for index, hop in enumerate(leg.hops):
        yield hop, index < count


def ranges(spans: Sequence[Interval]) -> str:
    """Addresses in words: a few ranges, or how many they are."""
    if not spans:
        return "addresses that are not known"
    if set(spans) <= set(PUBLIC):
        return "public addresses"
    texts = list(cidrs(spans))
    if len(texts) <= _SHOWN:
        return ", ".join(texts)
    return f"{', '.join(texts[:_SHOWN])} and {len(texts) - _SHOWN} more ranges"


def trace_markdown(trace: Trace, notices: Sequence[str] = ()) -> str:
    """The walk as a table, for a ticket."""
    said, _ = word(trace)
    lines = [
        f"### {escaped(headline(trace))}",
        "",
        f"**{said.lower()}**: {escaped(sentences(trace.leg.deciding.because))}",
        "",
    ]
    for leg in trace.legs:
        if trace.is_split:
            lines += [escaped(f"{_which(leg, trace)} {_verb(leg)}"), ""]
        lines += ["| hop | passes | why | rests on |", "| --- | --- | --- | --- |"]
        for hop, reached in reached_hops(leg):
            cells = (
                (hop.name.value, hop.outcome.value, sentences(hop.because), hop.confidence.value)
                if reached
                else (hop.name.value, "not reached", "", "")
            )
            lines.append("| " + " | ".join(escaped(cell) for cell in cells) + " |")
        lines.append("")
    lines += [f"> assumed: {escaped(sentence(one.reason))}" for one in trace.assumptions]
    if trace.settle is not None:
        lines += ["", f"Settle it: `{str(trace.settle).replace('`', '')}`"]
    lines += [f"> {escaped(notice)}" for notice in notices]
    return "\n".join(lines) + "\n"


def trace_document(trace: Trace, notices: Sequence[str] = ()) -> dict[str, Any]:
    """The walk for machines; codes are stable, sentences are not."""
    said, _ = word(trace)
    return {
        "apiVersion": API_VERSION,
        "kind": "Trace",
        "client": {"kind": trace.client.kind.value, "name": trace.client.name, "allAddresses": trace.every},
        "target": trace.target,
        "port": trace.port,
        "protocol": trace.protocol,
        "verdict": said.lower(),
        "outcome": trace.outcome.value,
        "seenAs": trace.sees,
        "legs": [_leg(leg) for leg in trace.legs],
        "assumptions": [
            {
                "code": one.reason.cause.value,
                "text": sentence(one.reason),
                "settle": str(one.settle) if one.settle is not None else "",
            }
            for one in trace.assumptions
        ],
        "settle": str(trace.settle) if trace.settle is not None else "",
        "notices": list(notices),
    }


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "sources": list(cidrs(leg.spans)),
        "outcome": leg.deciding.outcome.value,
        "decidedBy": leg.deciding.name.value,
        "hops": [_hop(hop, reached=reached) for hop, reached in reached_hops(leg)],
    }


def _hop(hop: Hop, *, reached: bool) -> dict[str, Any]:
    facts = [one.facts for one in hop.because if "rule" in one.facts and "priority" in one.facts]
    return {
        "name": hop.name.value,
        "code": hop.because[0].cause.value,
        "reached": reached,
        "outcome": hop.outcome.value,
        "confidence": hop.confidence.value,
        "because": [{"code": one.cause.value, "text": sentence(one)} for one in hop.because],
        "rules": [
            {"group": str(one.get("group", "")), "rule": str(one["rule"]), "priority": one["priority"]} for one in facts
        ],
        "verify": str(hop.verify) if hop.verify is not None else "",
    }
