"""What holds for all tests: which are slow, and that nothing is skipped where everything has to be there."""

import gc
import os
import sys
from collections.abc import Generator

import pytest

# Hundreds of tests start the program: where nothing compiled is kept, each of them and each worker compiles all of it anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from hypothesis import settings  # noqa: E402 - pytest compiles it

# A busy machine is no fault of the program: speed is measured in bench/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What recordings hold stays for the whole run, and each collection would look at all of it again.
gc.set_threshold(20_000, 20, 20)

#: Markers of tests that need something from outside the repository.
NEEDY = ("e2e", "shared_conformance")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of random input is slow, without saying so itself."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """What tests are made of stays to the end, too."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With --dist loadfile: files in their order, and those that ask all recordings of the lab by one worker.

    xdist itself begins with the files of most tests, so that those of few but long ones come last, for one worker alone.
    """
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Files(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return "tests/lab" if nodeid.startswith("tests/lab/") else nodeid.partition("::")[0]

    config.option.loadscopereorder = False
    return Files(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true, a needy test that is skipped has failed: a missing tool must not look like a passing test."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        excused = os.environ.get("AKSLB_MAY_SKIP", "").split(",")
        marker = next((name for name in NEEDY if item.get_closest_marker(name)), None)
        if marker is not None and marker not in excused:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: skipped, but CI needs tests marked {marker}: {report.longrepr}"
    return report
