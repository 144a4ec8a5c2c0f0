"""What an answer to a probe proves, how it compares with what explain expects, and where the API server's ways break."""

import pytest

from kubectl_akslb.path.answer import (
    NOT_SEEN,
    Answer,
    AnswerCode,
    Ended,
    Exchange,
    Match,
    Verified,
    Word,
    answer_to,
    worst,
)
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.path.reach import Break, Tried, Way, WayName, breaks_at, ways
from kubectl_akslb.path.request import Expected, NotAsked, ProbeRequest, Request

TCP, HTTP = Request("TCP", "10.224.0.4", 30080, seconds=5), Request("HTTP", "10.224.0.4", 30080, "/", 5)
OK, NOT_FOUND, BUSY = (Answer(code, status, 0.1, "", connected=True) for code, status in (
    (AnswerCode.ANSWERED, 200), (AnswerCode.STATUS, 404), (AnswerCode.STATUS, 503),
))  # fmt: skip
REFUSED = Answer(AnswerCode.REFUSED)


@pytest.mark.parametrize(
    ("request_", "ended", "code", "status", "connected"),
    [
        (TCP, Ended(0, 0, 0.1, 0.2), AnswerCode.ANSWERED, None, True),
        (TCP, Ended(52, 0, 0.1, 9.0), AnswerCode.ANSWERED, None, True),  # what comes after the connection is no matter
        (TCP, Ended(0, 0, 5.0, 5.0), AnswerCode.ANSWERED, None, True),
        (TCP, Ended(0, 0, 5.1, 5.1), AnswerCode.SLOW, None, True),
        (TCP, Ended(7, 0, 0.0, 0.1), AnswerCode.REFUSED, None, False),
        (TCP, Ended(7, 0, 0.0, 0.1, "Failed to connect: No route to host"), AnswerCode.NO_ANSWER, None, False),
        (TCP, Ended(28, 0, 0.0, 5.0), AnswerCode.NO_ANSWER, None, False),
        (HTTP, Ended(0, 200, 0.1, 0.2), AnswerCode.ANSWERED, 200, True),
        (HTTP, Ended(0, 404, 0.1, 0.2), AnswerCode.STATUS, 404, True),
        (HTTP, Ended(0, 200, 0.1, 5.0), AnswerCode.ANSWERED, 200, True),
        (HTTP, Ended(0, 200, 0.1, 5.1), AnswerCode.SLOW, 200, True),
        (HTTP, Ended(28, 200, 0.1, 5.0), AnswerCode.NO_ANSWER, 200, True),
        (HTTP, Ended(56, 0, 0.1, 0.2), AnswerCode.RESET, None, True),
        (HTTP, Ended(35, 0, 0.1, 0.2), AnswerCode.TLS, None, True),
        (HTTP, Ended(6, 0, 0.0, 0.2), AnswerCode.NO_NAME, None, False),
        (HTTP, Ended(77, 0, 0.0, 0.2), AnswerCode.FAILED, None, False),
    ],
)
def test_what_curl_s_end_is_to_azure(
    request_: Request, ended: Ended, code: AnswerCode, status: int | None, connected: bool
) -> None:
    found = answer_to(request_, ended)
    assert (code, status, connected) == (found.code, found.status, found.connected)


def asked(
    answer: Answer, *, answers: bool | None = True, status: int | None = None,
    local: bool = False, meant_out: bool = False, sender: str = "", node: str = "n1", request: Request = HTTP,
) -> Exchange:  # fmt: skip
    expected = Expected(answers, status, Reason(Cause.ANSWERS_PROBE))
    return Exchange(ProbeRequest(request, node, (80,), expected, local, meant_out), sender, answer)


@pytest.mark.parametrize(
    ("one", "up", "match"),
    [
        (asked(OK), True, Match.AS_EXPLAINED),
        (asked(OK, status=200), True, Match.AS_EXPLAINED),
        (asked(NOT_FOUND), False, Match.DIFFERS),
        (asked(NOT_FOUND, answers=False), False, Match.AS_EXPLAINED),
        (asked(NOT_FOUND, answers=False, status=503), False, Match.DIFFERS),
        (asked(BUSY, answers=False, status=503), False, Match.AS_EXPLAINED),
        (asked(OK, answers=False), True, Match.DIFFERS),
        (asked(OK, answers=None), True, Match.NOT_EXPLAINED),
        (asked(NOT_SEEN), None, Match.NOT_SEEN),
        (asked(NOT_SEEN, local=True), None, Match.NOT_SEEN),
        (asked(OK, local=True), None, Match.PROVES_NOTHING),  # a pod is led to the pods of other nodes
        (asked(OK, local=True, sender="n1"), None, Match.PROVES_NOTHING),  # and so is the node itself
        (asked(OK, local=True, sender="n2"), True, Match.AS_EXPLAINED),
        (asked(REFUSED, local=True), False, Match.DIFFERS),
        (asked(OK, sender="n1"), True, Match.AS_EXPLAINED),
    ],
)
def test_an_answer_beside_what_is_expected(one: Exchange, up: bool | None, match: Match) -> None:
    assert (up, match) == (one.is_up, one.match)


OUT = asked(BUSY, answers=False, status=503, meant_out=True, node="n2")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (OUT, True),
        (asked(BUSY, answers=False), False),
        (asked(BUSY, answers=True, meant_out=True), False),
        (asked(NOT_FOUND, answers=False, meant_out=True), False),
        (asked(REFUSED, answers=False, meant_out=True), False),
    ],
)
def test_which_node_is_out_as_meant(one: Exchange, expected: bool) -> None:
    assert expected is one.is_out_as_meant


NO_NODE = NotAsked("", Reason(Cause.NO_NODE_PORT))
ONE_NODE = NotAsked("n3", Reason(Cause.NODE_HAS_NO_ADDRESS))
SECOND = TCP._replace(number=30081)


@pytest.mark.parametrize(
    ("exchanges", "left_out", "word"),
    [
        ((), (), Word.UNKNOWN),
        ((asked(OK),), (), Word.ANSWERED),
        ((asked(OK),), (ONE_NODE,), Word.ANSWERED),
        ((asked(OK),), (NO_NODE,), Word.UNKNOWN),
        ((asked(OK), OUT), (), Word.ANSWERED),
        ((asked(OK), asked(REFUSED)), (), Word.PARTLY),
        ((asked(OK), asked(NOT_SEEN)), (), Word.UNKNOWN),
        ((asked(OK), asked(NOT_SEEN), OUT), (), Word.UNKNOWN),
        ((asked(REFUSED),), (), Word.FAILS),
        ((OUT,), (), Word.FAILS),
        ((asked(REFUSED), asked(NOT_SEEN)), (), Word.UNKNOWN),
        ((asked(OK), asked(REFUSED, request=SECOND)), (), Word.FAILS),  # two probes: the worse counts
    ],
)
def test_what_the_answers_come_to(exchanges: tuple[Exchange, ...], left_out: tuple[NotAsked, ...], word: Word) -> None:
    assert word is Verified("shop/web", exchanges, left_out).word


def test_the_worst_of_words() -> None:
    assert Word.ANSWERED is worst(())
    assert Word.FAILS is worst((Word.PARTLY, Word.FAILS, Word.UNKNOWN))
    assert Word.PARTLY is worst((Word.PARTLY, Word.UNKNOWN))


def test_probes_of_two_families_are_two() -> None:
    six = asked(OK, request=HTTP._replace(host="fd00::4"))
    four = asked(OK, request=HTTP._replace(host="10.224.0.5"))
    assert [2, 1] == [len(one) for one in Verified("shop/web", (asked(OK), four, six)).probes]


def test_the_ways_to_the_api_server() -> None:
    found = ways(("10.0.0.1", "fd00::1"), (("10.224.0.9", 6443),), ("x.privatelink.azmk8s.io", 443))
    assert [
        (WayName.NAME, "kubernetes.default.svc", 443), (WayName.CLUSTER_IP, "10.0.0.1", 443),
        (WayName.CLUSTER_IP, "fd00::1", 443), (WayName.ENDPOINT, "10.224.0.9", 6443),
        (WayName.OUTSIDE, "x.privatelink.azmk8s.io", 443),
    ] == [(one.name, one.request.host, one.request.number) for one in found]  # fmt: skip
    assert WayName.OUTSIDE not in {one.name for one in ways((), (), None)}


UP, SICK, LOST, UNNAMED = OK, BUSY, Answer(AnswerCode.NO_ANSWER), Answer(AnswerCode.NO_NAME)


@pytest.mark.parametrize(
    ("name", "address", "direct", "outside", "expected"),
    [
        (UP, UP, UP, UP, Break.NOWHERE),
        (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, Break.NOWHERE),
        (UP, UP, UP, SICK, Break.UNHEALTHY),
        (UP, UP, UP, LOST, Break.OUTSIDE),
        (UP, UP, UP, UNNAMED, Break.PRIVATE_DNS),
        (UNNAMED, UP, UP, UP, Break.CLUSTER_DNS),
        (LOST, LOST, UP, UP, Break.KUBE_PROXY),
        (LOST, LOST, LOST, UP, Break.ROUTE),
        (UP, LOST, UP, UP, Break.KUBE_PROXY),
        (UP, UP, LOST, UP, Break.NOWHERE),
        (UP, UP, UP, NOT_SEEN, Break.NOT_SEEN),
        (NOT_SEEN, UP, UP, UP, Break.NOT_SEEN),
    ],
)
def test_where_the_ways_break(name: Answer, address: Answer, direct: Answer, outside: Answer, expected: Break) -> None:
    by = {WayName.NAME: name, WayName.CLUSTER_IP: address, WayName.ENDPOINT: direct, WayName.OUTSIDE: outside}
    assert expected is breaks_at([Tried(Way(way, HTTP), "", answer) for way, answer in by.items()])


def test_nothing_tried_is_nothing_seen() -> None:
    assert Break.NOT_SEEN is breaks_at(())
