"""What nodes answered to the requests of Azure's probes: as text, and for machines (``verification.schema.json``)."""

from collections.abc import Iterator, Sequence
from typing import Any

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.answer import Answer, AnswerCode, Exchange, Match, Verified, Word, worst
from kubectl_akslb.path.request import TCP, Request
from kubectl_akslb.path.sentences import brief, sentence
from kubectl_akslb.render.document import API_VERSION
from kubectl_akslb.render.terminal import Terminal, grid

_COLUMN = 10
_ALIKE = 4
_WORDS = {
    Word.ANSWERED: ("ANSWERED", "green"),
    Word.PARTLY: ("PARTLY", "yellow"),
    Word.FAILS: ("FAILS", "red"),
    Word.UNKNOWN: ("UNKNOWN", "yellow"),
}
_SEEN = {
    AnswerCode.SLOW: "too late",
    AnswerCode.REFUSED: "refused",
    AnswerCode.RESET: "reset",
    AnswerCode.NO_ANSWER: "no answer",
    AnswerCode.TLS: "no TLS",
    AnswerCode.NO_NAME: "no such name",
    AnswerCode.FAILED: "failed",
    AnswerCode.NOT_SEEN: "not seen",
}
_SOURCE = (
    "it was asked from inside the cluster; Azure asks from 168.63.129.16, and what a security group or a NetworkPolicy"
    " does with that address this does not show"
)


class Shown(NamedTuple):
    """What is shown of a run: the Services, where the requests came from, and what there is to say beside."""

    services: tuple[Verified, ...]
    image: str
    pods: tuple[str, ...]
    notices: tuple[str, ...] = ()

    @property
    def word(self) -> Word:
        """What all of them come to."""
        return worst(one.word for one in self.services)


def what(request: Request) -> str:
    """The request in words: ``TCP :31380``, ``GET :31380/healthz``, ``GET https :31380/``."""
    if request.scheme == TCP:
        return f"TCP :{request.number}"
    scheme = "https " if request.scheme == "HTTPS" else ""
    return f"GET {scheme}:{request.number}{request.path}"


def headline(one: Verified) -> str:
    """What the answers of a Service come to, in a sentence without a full stop."""
    if one.word is Word.UNKNOWN and not one.asked:
        reasons = dict.fromkeys(sentence(each.because) for each in one.left_out)
        return "nothing was asked: " + ("; ".join(reasons) or "Azure asks nothing of its nodes")
    if one.word is Word.UNKNOWN:
        return "not everything was seen, or proves something"
    nodes = len({each.probe.node for each in one.asked})
    if one.word is Word.ANSWERED:
        up = len({each.probe.node for each in one.asked if each.is_up})
        rest = "; the others have no pod of it, and are meant to be out" if up < nodes else ""
        return f"{up} of {nodes} nodes answer as Azure needs{rest}"
    bad = [probe for probe in one.probes if any(each.is_up is False and not each.is_out_as_meant for each in probe)]
    none = next((probe for probe in bad if not any(each.is_up for each in probe)), None)
    if one.word is Word.FAILS and none is not None:
        ports = _ports(none)
        return f"no node answers {_wanted(none[0])}: Azure sends nothing to {ports}"
    up = len({each.probe.node for each in bad[0] if each.is_up})
    return f"{up} of {len({each.probe.node for each in bad[0]})} nodes answer {_wanted(bad[0][0])}"


def _wanted(one: Exchange) -> str:
    return what(one.probe.request) + ("" if one.probe.request.scheme == TCP else " with 200")


def _ports(asked: Sequence[Exchange]) -> str:
    ports = list(dict.fromkeys(port for one in asked for port in one.probe.ports))
    return f"port {ports[0]}" if len(ports) == 1 else "ports " + ", ".join(map(str, ports))


def got(answer: Answer) -> str:
    """What was seen, in a word or two."""
    if answer.code in (AnswerCode.ANSWERED, AnswerCode.STATUS):
        return str(answer.status) if answer.status is not None else "accepted"
    said = _SEEN[answer.code]
    return f"{answer.status}, {said}" if answer.status else said


def compared(one: Exchange) -> str:
    """What was expected beside it."""
    expected = one.probe.expected
    wanted = str(expected.status) if expected.status else "an answer" if expected.answers else "none"
    match one.match:
        case Match.AS_EXPLAINED:
            why = f": {brief(expected.because)}" if expected.answers is False else ""
            return f"as explained{why}"
        case Match.DIFFERS:
            late = f", Azure waits {one.probe.request.seconds} s" if one.answer.code is AnswerCode.SLOW else ""
            return f"differs: expected {wanted}{late}"
        case Match.PROVES_NOTHING:
            return "proves nothing: pods of other nodes answer too"
        case Match.NOT_SEEN:
            return "the pod said nothing about it"
        case Match.NOT_EXPLAINED:
            return "explain could not tell"


def verification_text(shown: Shown, terminal: Terminal, *, verbose: bool = False) -> str:
    """For each Service the verdict, and a row for each request to each node."""
    lines: list[str] = []
    for one in shown.services:
        word, colour = _WORDS[one.word]
        if lines:
            lines.append("")
        lines += terminal.labelled(0, word, f"svc/{one.name}: {headline(one)}", _COLUMN, "bold", colour)
        if one.asked:
            lines.append("")
            lines += [clean(line) for line in grid(_rows(one, verbose=verbose), 2, terminal.width, (22, 32, 14))]
        for each in one.left_out:
            if each.node:
                said = f"{each.node} is not asked: {sentence(each.because)}"
                lines += terminal.labelled(0, "", said, 2)
        if one.unprobed:
            ports = ", ".join(map(str, one.unprobed))
            lines += terminal.labelled(0, "", f"port {ports}: Azure sends to every node without asking it", 2)
    lines.append("")
    notices = (*shown.notices, *((_SOURCE,) if any(one.asked for one in shown.services) else ()))
    for notice in notices:
        lines += terminal.labelled(0, "note", notice, _COLUMN, "dim")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rows(one: Verified, *, verbose: bool) -> list[tuple[str, ...]]:
    """The head, and the answers, those of many nodes that are alike together."""
    rows: list[tuple[str, ...]] = [("PROBE", "NODE", "GOT", "EXPLAIN SAYS")]
    for probe in one.probes:
        groups: dict[tuple[str, ...], list[Exchange]] = {}
        for each in probe:
            groups.setdefault((got(each.answer), compared(each)), []).append(each)
        for (seen, beside), same in groups.items():
            if len(same) > _ALIKE and not verbose:
                names = f"{len(same)} nodes" if not same[0].sender else f"{len(same)} times"
                rows.append((what(same[0].probe.request), names, seen, beside))
            else:
                rows += ((what(each.probe.request), _node(each), seen, beside) for each in same)
    return rows


def _node(one: Exchange) -> str:
    return f"{one.probe.node} from {one.sender}" if one.sender else one.probe.node


def verification_document(shown: Shown) -> dict[str, Any]:
    """All answers for machines; codes are stable."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Verification",
        "verdict": shown.word.value,
        "image": shown.image,
        "pods": list(shown.pods),
        "services": [
            {
                "name": one.name,
                "verdict": one.word.value,
                "headline": headline(one),
                "requests": [_document(each) for each in one.asked],
                "notAsked": list(_left_out(one)),
                "portsWithoutProbe": list(one.unprobed),
            }
            for one in shown.services
        ],
        "notices": list(shown.notices),
    }


def _left_out(one: Verified) -> Iterator[dict[str, Any]]:
    for each in one.left_out:
        yield {"node": each.node or None, "code": each.because.cause.value, "why": sentence(each.because)}


def _document(one: Exchange) -> dict[str, Any]:
    request, expected = one.probe.request, one.probe.expected
    return {
        "node": one.probe.node,
        "address": request.host,
        "from": one.sender or "pod",
        "protocol": request.scheme,
        "port": request.number,
        "path": request.path or None,
        "timeoutSeconds": request.seconds,
        "servicePorts": list(one.probe.ports),
        "asAzureNeeds": one.is_up,
        "code": one.answer.code.value,
        "status": one.answer.status,
        "seconds": round(one.answer.seconds, 3),
        "detail": one.answer.detail,
        "expected": {
            "asAzureNeeds": expected.answers,
            "status": expected.status,
            "code": expected.because.cause.value,
            "why": sentence(expected.because),
        },
        "comparison": one.match.value,
    }
