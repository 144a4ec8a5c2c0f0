"""What holds for all tests: which are slow, and that nothing is skipped where everything has to be there."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

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
