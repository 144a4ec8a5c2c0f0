"""A real API server takes and refuses what is recorded of it, against which explain is held."""

from pathlib import Path

import pytest

from lab import accepted
from lab.cases.changes import services
from tests.e2e.apiserver.server import ApiServer, missing

pytestmark = pytest.mark.e2e


def test_the_recording_is_what_it_does(tmp_path: Path) -> None:
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with ApiServer(tmp_path, options=accepted.OPTIONS) as server:
        answers = [{"change": name, "status": accepted.asked(server, one)} for name, one in services().items()]
    assert accepted.recorded() == answers
