"""What is said of causes, in full and in brief."""

from string import Formatter

import pytest

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.path.sentences import BRIEF, OF_ONE, SENTENCES, brief, sentence


@pytest.mark.parametrize("cause", BRIEF, ids=lambda cause: cause.value)
def test_what_is_said_in_brief_needs_no_more_facts(cause: Cause) -> None:
    def fields(clause: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(clause) if name}

    told = fields(SENTENCES[cause]) | ({"code"} if cause is Cause.REFUSED_BY_PROVIDER else set())
    assert told >= fields(BRIEF[cause])
    assert len(BRIEF[cause]) < len(SENTENCES[cause]) or cause is Cause.REFUSED_BY_PROVIDER


@pytest.mark.parametrize("cause", OF_ONE, ids=lambda cause: cause.value)
def test_what_is_said_of_one_needs_no_more_facts_and_a_number(cause: Cause) -> None:
    several = {name for _, name, _, _ in Formatter().parse(SENTENCES[cause]) if name}
    assert several >= {name for _, name, _, _ in Formatter().parse(OF_ONE[cause]) if name}
    assert several & {"pods", "nodes"}


def test_a_table_says_it_of_one_too() -> None:
    assert "its only pod is not ready" == brief(Reason(Cause.NONE_READY, {"pods": 1}))
    assert "none of its 2 pods is ready" == brief(Reason(Cause.NONE_READY, {"pods": 2}))
    members = {"members": 1, "nodes": 3}
    assert "1 of 3 nodes is in the pool" == sentence(Reason(Cause.IN_THE_POOL, members))
    assert "2 of 3 nodes are in the pool" == sentence(Reason(Cause.IN_THE_POOL, {**members, "members": 2}))
