"""A kubectl and an az that answer by a table, and nothing else on the PATH."""

from pathlib import Path

import pytest

from tests.given.programs import FakeProgram


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    program = FakeProgram(tmp_path, "kubectl")
    monkeypatch.setenv("PATH", str(program.folder))
    return program


@pytest.fixture
def az(tmp_path: Path, kubectl: FakeProgram, monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    program = FakeProgram(tmp_path, "az")
    monkeypatch.setenv("PATH", f"{kubectl.folder}:{program.folder}")
    return program
