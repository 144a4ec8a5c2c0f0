"""``--watch``: what is told when something changes, on a pipe and on a terminal of any size, and how it ends."""

import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from kubectl_akslb.cli import watch as watching
from kubectl_akslb.cli.watch import Watch, watch
from kubectl_akslb.edge.streams import OutputError, tell
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.live_state import LiveState, NodeEndpoints, ServiceEvent
from kubectl_akslb.pipeline import Explanation
from kubectl_akslb.render.terminal import Terminal, cells
from kubectl_akslb.render.text import explanation
from tests.given import screens as services
from tests.given.command import akslb
from tests.given.screens import explained

Look = Explanation | AkslbError


def _live(*given: str, **state: object) -> Explanation:
    """Services as seen in a cluster."""
    result = explained(*given)
    live = LiveState(("20.0.0.1",), age=60, ready=1, not_ready=0)._replace(**state)  # type: ignore[arg-type]
    return result._replace(services=tuple(one._replace(live=live) for one in result.services))


UP = _live(services.PLAIN)
LATER = _live(services.PLAIN, age=600)
EMPTY = _live(services.PLAIN, ready=0, not_ready=1)
EVENT = _live(services.PLAIN, events=(ServiceEvent("Warning", "SyncLoadBalancerFailed", "text", 1, 5, "x"),))
OLDER_EVENT = _live(services.PLAIN, events=(ServiceEvent("Warning", "SyncLoadBalancerFailed", "text", 1, 9, "x"),))
DOWN = _live(services.KNOWN_WORKLOAD)
TWO = _live(services.PLAIN, services.manifest(name="local"))
OTHER_NODE = _live(services.PLAIN, endpoints=(NodeEndpoints("n", 1, 0, passes=True, because=""),))
FAILS = AkslbError("the API server does not answer")


class _Out(io.TextIOWrapper):
    def __init__(self, *, tty: bool) -> None:
        self.bytes = io.BytesIO()
        self.tty = tty
        super().__init__(self.bytes, "utf-8", write_through=True)

    def isatty(self) -> bool:
        return self.tty


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Watch through these looks, then press Ctrl-C; what was written."""

    def ran(*looks: Look, tty: bool = False, sizes: Sequence[tuple[int, int]] = ((80, 24),)) -> str:
        coming: Iterator[Look] = iter(looks)
        size = iter(sizes)
        last = [os.terminal_size(sizes[-1])]

        def look() -> Explanation:
            found = next(coming, None)
            if found is None:
                raise KeyboardInterrupt
            if isinstance(found, AkslbError):
                raise found
            return found

        def current() -> os.terminal_size:
            found = next(size, None)
            if found is not None:
                last[0] = os.terminal_size(found)
            return last[0]

        clock = (f"12:00:{second:02}" for second in range(60))
        out = _Out(tty=tty)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(watching, "_size", current)
        terminal = lambda: Terminal(max(last[0].columns, 40))  # noqa: E731 - as wide as it is by now
        watch(Watch(look, lambda result, at: explanation(result, at), 0.001, terminal, lambda: next(clock)))
        return out.bytes.getvalue().decode()

    return ran


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (UP, DOWN, ["shop/web: WORKS → DOWN"]),
        (UP, EMPTY, ["shop/web: endpoints 1 ready → 0 ready, 1 not ready"]),
        (UP, EVENT, ["shop/web: event SyncLoadBalancerFailed"]),
        (EVENT, UP, ["shop/web: an event is gone"]),
        (UP, OTHER_NODE, ["shop/web: endpoints are on other nodes, nodes that pass the probe 0 → 1"]),
        (UP, _live(services.PLAIN, addresses=("20.0.0.2",)), ["shop/web: address 20.0.0.1 → 20.0.0.2"]),
        (UP, TWO, ["shop/local: new, WORKS"]),
        (TWO, UP, ["shop/local: gone"]),
        (UP, LATER, []),
        (EVENT, OLDER_EVENT, []),
    ],
)
def test_a_pipe_gets_a_block_for_each_change_and_none_for_time_that_passes(
    run: Callable[..., str], before: Explanation, after: Explanation, told: list[str]
) -> None:
    heads = [line for line in run(before, after, after).splitlines() if line.startswith("--- ")]
    assert ["--- 12:00:00 first look, then every 0.001 s", *(f"--- 12:00:01 {what}" for what in told)] == heads


def test_a_failure_is_told_once_and_got_over(run: Callable[..., str]) -> None:
    heads = [line for line in run(UP, FAILS, FAILS, UP, EMPTY).splitlines() if line.startswith("--- ")]
    assert [line.partition(" ")[2][9:] for line in heads[1:]] == [
        "the API server does not answer",
        "the cluster answers again",
        "shop/web: endpoints 1 ready → 0 ready, 1 not ready",
    ]


def test_a_first_look_that_fails_is_an_error(run: Callable[..., str]) -> None:
    with pytest.raises(AkslbError, match="does not answer"):
        run(FAILS)


FRAME = re.compile(r"\x1b\[\?2026h\x1b\[H(.*?)\x1b\[J\x1b\[\?2026l", re.DOTALL)


def _frames(written: str) -> list[list[str]]:
    return [frame.replace("\x1b[K", "").split("\r\n") for frame in FRAME.findall(written)]


def test_a_terminal_gets_a_screen_for_each_look_and_keeps_the_last(run: Callable[..., str]) -> None:
    written = run(UP, LATER, DOWN, tty=True)
    frames = _frames(written)
    assert ["last look 12:00:00, every 0.001 s; Ctrl-C ends", ""] == frames[0][:2]
    assert ["changed   12:00:02 shop/web: WORKS → DOWN", ""] == frames[2][1:3]
    assert "\x1b[2J" not in written, "a screen that is cleared flickers"
    assert written.startswith("\x1b[?1049h\x1b[?25l")
    _, _, kept = written.partition("\x1b[?25h\x1b[?1049l")
    assert kept.startswith("✗ shop/web")
    assert kept.endswith("\nlast look 12:00:02\n")


def test_a_failure_stands_on_the_screen_beside_what_was_seen_last(run: Callable[..., str]) -> None:
    last = _frames(run(UP, FAILS, tty=True))[-1]
    assert "last look 12:00:00" in last[0]
    assert "trouble   the API server does not answer" == last[1]
    assert any(line.startswith("✓ shop/web") for line in last)


def test_what_others_tell_and_a_cluster_that_does_not_answer_stand_on_the_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Written to the terminal it would scroll the screen away; and a screen that stands still says nothing."""
    monkeypatch.setattr(watching, "_TICK", 0.02)
    monkeypatch.setattr(watching, "_PATIENCE", 0)
    monkeypatch.setattr(watching, "_size", lambda: os.terminal_size((80, 24)))
    out, err = _Out(tty=True), _Out(tty=True)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    looks = 0

    def look() -> Explanation:
        nonlocal looks
        looks += 1
        if looks == 2:
            tell("To sign in, use a web browser\n")
            time.sleep(0.2)
        if looks == 3:
            raise KeyboardInterrupt
        return UP

    watch(Watch(look, lambda result, at: explanation(result, at), 0.001, Terminal, lambda: "12:00:00"))
    waiting = [frame for frame in _frames(out.bytes.getvalue().decode()) if frame[1].startswith("waiting   for 0 s")]
    assert "          To sign in, use a web browser" == waiting[0][2]
    assert b"" == err.bytes.getvalue()
    tell("heard again\n")
    assert b"heard again\n" == err.bytes.getvalue()


def test_a_long_change_is_told_in_whole_words_below_each_other(run: Callable[..., str]) -> None:
    frame = _frames(run(UP, _live(services.KNOWN_WORKLOAD, ready=0, not_ready=12), tty=True, sizes=((60, 24),)))[-1]
    assert [
        "changed   12:00:01 shop/web: WORKS → DOWN, endpoints 1 ready",
        "          → 0 ready, 12 not ready",
    ] == frame[1:3]


@pytest.mark.parametrize("size", [(1, 1), (10, 2), (20, 5), (40, 10), (80, 24), (300, 100)])
def test_no_terminal_is_too_small(run: Callable[..., str], size: tuple[int, int]) -> None:
    columns, height = size
    for frame in _frames(run(TWO, FAILS, DOWN, tty=True, sizes=(size,))):
        assert sum(max(-(-cells(line) // columns), 1) for line in frame) <= height


def test_another_size_is_drawn_anew(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_TICK", 0.0001)
    frames = _frames(run(UP, tty=True, sizes=((80, 24), (120, 24))))
    assert {80, 120} == {len(next(line for line in frame if line.startswith("✓"))) for frame in frames}


def test_who_reads_no_more_ends_it(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def left(*_: object) -> None:
        raise OutputError("cannot write", left=True)

    monkeypatch.setattr(watching, "write_out", left)
    assert not run(*[UP] * 5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "json"), "--watch cannot go with -o json"),
        (("--why",), "--watch cannot go with --why"),
        (("--interval", "0"), "--interval is 1 second or more"),
        (("--interval", "-1"), "--interval is 1 second or more"),
        (("-f", "-"), "--watch asks the cluster"),
    ],
)
def test_what_cannot_be_watched_is_refused(arguments: tuple[str, ...], message: str) -> None:
    done = akslb("explain", "--watch", *arguments)
    assert 2 == done.code
    assert message in done.err
