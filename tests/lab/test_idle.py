"""What the derived rule says of a connection that idles against what became of one, and what explain shows of that."""

from lab import idle
from lab.idle import KEEPALIVE, Json


def expected(case: Json) -> str:
    """A connection of which nothing was heard for longer than the rule allows is cut, with a TCP reset where it sends one."""
    rule = idle.rule_of(case["service"])
    assert rule.idle_timeout_in_minutes is not None
    assert rule.enable_tcp_reset is not None
    silent = min(case["idle"], KEEPALIVE) if case["keepalive"] else case["idle"]
    if silent < rule.idle_timeout_in_minutes.value:
        return "heard"
    return "reset" if rule.enable_tcp_reset.value else "silence"


def test_a_connection_that_idles_is_cut_as_its_rule_says() -> None:
    recorded = idle.recorded()
    assert {one["case"]: expected(one) for one in recorded} == {
        one["case"]: one["outcome"]["the speaker"] for one in recorded
    }
    assert {"heard", "reset", "silence"} == {one["outcome"]["the speaker"] for one in recorded}


def test_a_new_connection_is_served_all_the_same() -> None:
    """So that the path has no hop that it stops."""
    assert {"heard"} == {one["outcome"]["a new connection"] for one in idle.recorded()}


def test_the_recordings_are_those_of_the_cases() -> None:
    recorded = [{key: value for key, value in one.items() if key != "outcome"} for one in idle.recorded()]
    assert list(idle.cases()) == recorded
