"""What is said of causes, in full and in brief."""

from string import Formatter

import pytest

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.sentences import BRIEF, SENTENCES


@pytest.mark.parametrize("cause", BRIEF, ids=lambda cause: cause.value)
def test_what_is_said_in_brief_needs_no_more_facts(cause: Cause) -> None:
    def fields(clause: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(clause) if name}

    told = fields(SENTENCES[cause]) | ({"code"} if cause is Cause.REFUSED_BY_PROVIDER else set())
    assert told >= fields(BRIEF[cause])
    assert len(BRIEF[cause]) < len(SENTENCES[cause]) or cause is Cause.REFUSED_BY_PROVIDER
