"""The verdict on unusual states, as the reader of a cluster gets them; a real API server has them in tests/e2e."""

import pytest

from kubectl_akslb.path.cause import Cause
from tests.causes.cases import Case
from tests.causes.offline import explained
from tests.causes.unusual import UNUSUAL


@pytest.mark.parametrize("name", UNUSUAL)
def test_the_verdict(name: str) -> None:
    one = UNUSUAL[name]
    verdict = explained(Case(one.state, one.kind, None, Cause.OPEN)).path.verdict
    assert (one.kind, one.cause) == (verdict.kind, verdict.because[0].cause if one.cause is not None else None)
