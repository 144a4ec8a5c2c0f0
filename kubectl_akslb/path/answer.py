"""What was seen of requests that stand in for Azure's probes, whether Azure would take it, and what it comes to."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.request import TCP, UNAVAILABLE, NotAsked, ProbeRequest, Request


class AnswerCode(Enum):
    """What became of a request; the value is its stable id in JSON."""

    ANSWERED = "answered"
    STATUS = "status"
    SLOW = "slow"
    REFUSED = "refused"
    RESET = "reset"
    NO_ANSWER = "no-answer"
    TLS = "tls"
    NO_NAME = "no-name"
    FAILED = "failed"
    NOT_SEEN = "not-seen"


class Answer(NamedTuple):
    """What a request got: *status* where there is one, *seconds* until the end, *detail* in the words of the client.

    *connected*: the connection was accepted, whatever came after.
    """

    code: AnswerCode
    status: int | None = None
    seconds: float = 0.0
    detail: str = ""
    connected: bool = False


NOT_SEEN = Answer(AnswerCode.NOT_SEEN)
_LATE = 28
_BY_EXIT = {
    6: AnswerCode.NO_NAME,
    7: AnswerCode.REFUSED,
    _LATE: AnswerCode.NO_ANSWER,
    35: AnswerCode.TLS,
    52: AnswerCode.RESET,
    56: AnswerCode.RESET,
}
"""curl's exit codes."""
_NO_WAY = ("No route to host", "Network is unreachable", "Connection timed out")


class Ended(NamedTuple):
    """How curl ended a request: its exit code, the status or 0, seconds to the connection and to the end, its words."""

    code: int
    status: int
    connect: float
    total: float
    detail: str = ""


def answer_to(request: Request, ended: Ended) -> Answer:
    """What a request got, as Azure's probe would take it."""
    connected = ended.connect > 0
    if request.scheme == TCP and connected:
        late = ended.connect > request.seconds
        return Answer(AnswerCode.SLOW if late else AnswerCode.ANSWERED, None, ended.connect, "", connected)
    if request.scheme != TCP and ended.status and ended.code != _LATE:
        late = ended.total > request.seconds
        said = AnswerCode.ANSWERED if ended.status == 200 else AnswerCode.STATUS
        return Answer(AnswerCode.SLOW if late else said, ended.status, ended.total, "", connected)
    found = _BY_EXIT.get(ended.code, AnswerCode.FAILED)
    if found is AnswerCode.REFUSED and any(words in ended.detail for words in _NO_WAY):
        found = AnswerCode.NO_ANSWER
    return Answer(found, ended.status or None, ended.total, ended.detail, connected)


class Match(Enum):
    """How what was seen compares with what explain expects; the value is its stable id in JSON."""

    AS_EXPLAINED = "as-explained"
    DIFFERS = "differs"
    NOT_EXPLAINED = "not-explained"
    NOT_SEEN = "not-seen"
    PROVES_NOTHING = "proves-nothing"


class Exchange(NamedTuple):
    """A request with its answer; *sender* is the node that asked, "" for a pod with an address of its own."""

    probe: ProbeRequest
    sender: str
    answer: Answer

    @property
    def proves(self) -> bool:
        """Whether an answer to it would be one to Azure, too."""
        return not self.probe.local or self.sender not in {"", self.probe.node}

    @property
    def is_up(self) -> bool | None:
        """Whether the node answers as Azure needs it; None where that was not seen, or proves nothing."""
        if self.answer.code is AnswerCode.NOT_SEEN:
            return None
        if self.answer.code is not AnswerCode.ANSWERED:
            return False
        return True if self.proves else None

    @property
    def is_out_as_meant(self) -> bool:
        """Whether the node says that it wants no traffic because none of the pods is on it."""
        probe = self.probe
        return probe.meant_out and probe.expected.answers is False and self.answer.status == UNAVAILABLE

    @property
    def match(self) -> Match:
        """What was seen beside what is expected."""
        expected = self.probe.expected
        if self.answer.code is AnswerCode.NOT_SEEN:
            return Match.NOT_SEEN
        if self.is_up is None:
            return Match.PROVES_NOTHING
        if expected.answers is None:
            return Match.NOT_EXPLAINED
        same = expected.answers is self.is_up and expected.status in (None, self.answer.status)
        return Match.AS_EXPLAINED if same else Match.DIFFERS


class Word(Enum):
    """What the answers come to; the value is its stable id in JSON."""

    ANSWERED = "answered"
    PARTLY = "partly"
    FAILS = "fails"
    UNKNOWN = "unknown"


class Verified(NamedTuple):
    """One Service: what its nodes answered, and what was not asked."""

    name: str
    asked: tuple[Exchange, ...]
    left_out: tuple[NotAsked, ...] = ()
    unprobed: tuple[int, ...] = ()

    @property
    def probes(self) -> tuple[tuple[Exchange, ...], ...]:
        """The answers by what is asked, whichever node is asked."""
        found: dict[Request, list[Exchange]] = {}
        for one in self.asked:
            request = one.probe.request
            family = ":" if ":" in request.host else "."
            found.setdefault(request._replace(host=family), []).append(one)
        return tuple(map(tuple, found.values()))

    @property
    def word(self) -> Word:
        """ANSWERED: every node does as Azure needs it, or is out because it has no pod; FAILS: a probe finds none."""
        if not self.asked or any(not one.node for one in self.left_out):
            return Word.UNKNOWN
        return worst(_of_probe(one) for one in self.probes)


def _of_probe(asked: Sequence[Exchange]) -> Word:
    ups = [one.is_up for one in asked]
    if True not in ups:
        return Word.UNKNOWN if None in ups else Word.FAILS
    if all(one.is_up or one.is_out_as_meant for one in asked):
        return Word.ANSWERED
    return Word.PARTLY if any(one.is_up is False and not one.is_out_as_meant for one in asked) else Word.UNKNOWN


_ORDER = (Word.ANSWERED, Word.UNKNOWN, Word.PARTLY, Word.FAILS)


def worst(words: Iterable[Word]) -> Word:
    """The worst of several; ANSWERED for none."""
    return max(words, key=_ORDER.index, default=Word.ANSWERED)
