"""Does a test fail for each small change of derive/, path/ and fix/?

    python -m bench.mutants [--sample 150] [--seed 1] [--near] [--anew] [FILE ...]

A random sample of the changes of bench/mutations.py, as many per folder, or of those in some files. Each is tried in a
fork of one process that has collected the tests once: there the changed function gets its new code. Only where the
import runs the changed statement, all is imported and collected anew. Which tests there are to fail is measured first:
those that run the statement, nearest and quickest first, until one fails. A change survives if all of them pass, or if
there is none. A test that does not end has failed. What was noticed is written down at once, in .cache/mutants, and is
not tried again by the next run, which so goes on where this one ended; --anew tries all.
"""

import argparse
import functools
import gc
import importlib
import importlib.machinery
import itertools
import os
import pickle
import resource
import signal
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

from bench.mutations import Mutation, mutation, places

ROOT = Path(__file__).parents[1]
OUTPUT, ERRORS = os.dup(1), os.dup(2)
#: What can notice a change of a folder: its own tests, for what those leave over the tests of what is built on it, and
#: for what is left then the recordings and properties, which take longest.
TESTS = {
    "derive": (
        ("tests/derive",),
        ("tests/model", "tests/azure/test_refusals.py", "tests/lint/test_pages.py", "tests/plan/test_drift.py"),
        ("tests/property/test_derivation.py", "tests/conformance", "tests/recorded/test_recorded.py"),
    ),
    "path": (
        ("tests/path",),
        ("tests/causes", "tests/cli/test_trace.py", "tests/cluster/test_verify.py"),
        ("tests/lab", "tests/property/test_agreement.py", "tests/lint/test_pages.py"),
    ),
    "fix": (("tests/fix",), ("tests/cli/test_fix.py", "tests/lint/test_pages.py", "tests/property/test_agreement.py")),
}
NOTICED = ROOT / ".cache" / "mutants"
#: A test that needs so many times its processor time, and seconds more, does not end.
PATIENCE, GRACE = 10, 10
MEMORY = 4 << 30
OUR_FAULT = 70
#: What is remembered of a run before the change, in modules of these packages.
OURS = ("kubectl_akslb.", "tests.", "conformance.", "lab.")

Outcome: TypeAlias = Literal["killed", "survived", "stillborn", "unreached"]
Memory = type(functools.cache(len))
Memories: TypeAlias = Sequence[Any]
Functions: TypeAlias = Mapping[tuple[str, str, int], FunctionType]
Items: TypeAlias = Mapping[str, pytest.Item]


class Ran(NamedTuple):
    """A test, its processor time and whether it passed."""

    name: str
    seconds: float
    passed: bool


class Measured(NamedTuple):
    """What the tests of a folder do to the source as it is.

    *by_line* are the tests that run a line of a file, *imported* the lines that the import runs, or the collection.
    """

    seconds: Mapping[str, float]
    failed: Sequence[str]
    by_line: Mapping[str, Mapping[int, Sequence[str]]]
    imported: Mapping[str, Sequence[int]]


T = TypeVar("T")
Tried: TypeAlias = tuple[Measured, list[tuple[Outcome, list[str]]]]


class Session:
    """A plugin that does something of its own with the tests that pytest has collected."""

    def __init__(self, run: Callable[[Items], None]) -> None:
        self.run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Random tests draw the same for each change."""
        settings.register_profile("mutants", settings(deadline=None, derandomize=True, database=None))
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All that is to be done with them."""
        self.run({item.nodeid: item for item in session.items})
        return True


def collect(paths: Sequence[str], run: Callable[[Items], None]) -> None:
    """Have pytest collect the tests, and do something with them."""
    options = ("-q", "-s", "--assert=plain", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not e2e")
    pytest.main([*options, *paths], plugins=[Session(run)])


def in_fork(work: Callable[[], T]) -> T | None:
    """What a function returns in a process of its own, None if that dies. What it prints is lost."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
        except BaseException:  # noqa: BLE001 - a fault of ours, to be seen; nothing may leave the fork
            os.write(ERRORS, traceback.format_exc().encode())
            os._exit(OUR_FAULT)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == OUR_FAULT:
        raise RuntimeError("a change could not be tried")
    found: T | None = pickle.loads(answer) if answer else None  # noqa: S301 - written by our own fork
    return found


def passes(items: Sequence[pytest.Item], seconds: Mapping[str, float] | None = None) -> Iterator[Ran]:
    """Run tests; with the processor time that they need, for not much longer."""
    for item, following in zip_longest(items, items[1:]):
        start = time.process_time()
        if seconds is not None:
            limit = int(start + PATIENCE * seconds[item.nodeid] + GRACE)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
            signal.alarm(100 * GRACE)
        reports = runtestprotocol(item, log=False, nextitem=following)
        yield Ran(item.nodeid, time.process_time() - start, not any(report.failed for report in reports))


def traced(folder: str) -> coverage.Coverage:
    """What tells which lines of a folder are run."""
    return coverage.Coverage(data_file=None, config_file=False, include=[f"{ROOT}/kubectl_akslb/{folder}/*"])


def measure(folder: str, items: Items, imported: Mapping[str, Sequence[int]]) -> Measured:
    """Run tests on the source as it is."""
    tool = traced(folder)
    ran: list[Ran] = []
    with tool.collect():
        for item in items.values():
            tool.switch_context(item.nodeid)
            ran += passes([item])
            tool.switch_context("")
    data = tool.get_data()
    return Measured(
        {one.name: one.seconds for one in ran},
        [one.name for one in ran if not one.passed],
        {file: data.contexts_by_lineno(file) for file in data.measured_files()},
        imported,
    )


def relevant(change: Mutation, measured: Measured) -> tuple[list[str], bool]:
    """The tests that could notice a change, in the order to try them, and whether the import runs it."""
    by_line = measured.by_line.get(str(change.path), {})
    found = {name for line in change.lines for name in by_line.get(line, ())}
    imported = not change.in_function or not {*change.lines}.isdisjoint(measured.imported.get(str(change.path), ()))
    if imported:
        found = {name for names in by_line.values() for name in names}
        found = found if found > {""} else set(measured.seconds)
    found -= {"", *measured.failed}
    return sorted(found, key=lambda name: (change.path.stem not in name, measured.seconds[name])), imported


def functions(folder: str) -> Functions:
    """The functions of a folder, by where they stand. Two that cannot be told apart are none."""
    found = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and f"/kubectl_akslb/{folder}/" in one.__code__.co_filename:
            found[_key(one.__code__)].append(one)
    return {key: ones[0] for key, ones in found.items() if len(ones) == 1}


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_name, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def changed_in_place(change: Mutation, known: Functions) -> bool:
    """Give the changed function its new code; what was remembered from before is forgotten."""
    code = compile(change.code, str(change.path), "exec")
    new = [one for one in _codes(code) if _key(one) in known and known[_key(one)].__code__ != one]
    for one in new:
        known[_key(one)].__code__ = one
    return bool(new)


def outcome_of(tests: Sequence[pytest.Item], measured: Measured) -> Outcome:
    """Whether a test fails; what brings pytest itself down has been noticed, too."""
    try:
        return "survived" if all(one.passed for one in passes(tests, measured.seconds)) else "killed"
    except Exception:  # noqa: BLE001 - whatever the changed program makes of pytest
        return "killed"


def try_in_place(
    change: Mutation, tests: Sequence[pytest.Item], measured: Measured, known: Functions, memories: Memories
) -> Outcome:
    """Try a change of a function."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for memory in memories:
        memory.cache_clear()
    if not changed_in_place(change, known):
        return "unreached"
    return outcome_of(tests, measured)


def try_anew(change: Mutation, tests: Sequence[str], measured: Measured) -> Outcome:
    """Try a change of what the import runs."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        return compile(change.code, change.path, "exec") if loader.path == str(change.path) else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    module = ".".join(change.path.relative_to(ROOT).with_suffix("").parts)
    try:
        importlib.import_module(module.removesuffix(".__init__"))
    except Exception:  # noqa: BLE001 - whatever the changed module raises
        return "stillborn"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcome: Outcome = "killed"

    def run(items: Items) -> None:
        nonlocal outcome
        here = [items[name] for name in tests if name in items]
        if len(here) == len(tests):
            outcome = outcome_of(here, measured)

    collect(sorted({name.partition("::")[0] for name in tests}), run)
    return outcome


def try_all_in_place(folder: str, paths: Sequence[str], changes: Sequence[Mutation]) -> Tried:
    """Collect the tests once, measure them, and try each change in a fork."""
    tool = traced(folder)
    tried: list[tuple[Outcome, list[str]]] = []
    everything: list[Tried] = []

    def run(items: Items) -> None:
        tool.stop()
        data = tool.get_data()
        imported = {file: data.lines(file) or [] for file in data.measured_files()}
        known = functions(folder)
        memories = [one for one in gc.get_objects() if isinstance(one, Memory) and one.__module__.startswith(OURS)]
        gc.freeze()
        measured = in_fork(functools.partial(measure, folder, items, imported))
        if measured is None:
            raise RuntimeError("the tests have brought the process down that ran them")
        seconds = sum(measured.seconds.values())
        say(f"{folder}: {len(changes)} changes, {len(measured.seconds)} tests of {seconds:.0f} s processor time")
        for name in measured.failed:
            say(f"  left out, for it fails without any change: {name}")
        outcome: Outcome
        for change in changes:
            tests, at_import = relevant(change, measured)
            outcome = "unreached"
            if not at_import:
                chosen = [items[name] for name in tests]
                outcome = (
                    in_fork(functools.partial(try_in_place, change, chosen, measured, known, memories)) or "killed"
                )
            tried.append((outcome, tests))
            progress(change, outcome)
        everything.append((measured, tried))

    tool.start()
    collect(paths, run)
    return everything[0]


def outcomes(folder: str, paths: Sequence[str], changes: Sequence[Mutation]) -> list[Outcome]:
    """What becomes of each change."""
    done = in_fork(functools.partial(try_all_in_place, folder, paths, changes))
    if done is None:
        raise RuntimeError("the process died that tries the changes")
    found: list[Outcome] = []
    for change, (outcome, tests) in zip(changes, done[1], strict=True):
        known = outcome
        if outcome == "unreached":
            known = in_fork(functools.partial(try_anew, change, tests, done[0])) or "killed"
            progress(change, known)
        found.append(known)
    return found


def say(text: str) -> None:
    """Print a line, from a fork too."""
    os.write(OUTPUT, f"{text}\n".encode())


def progress(change: Mutation, outcome: Outcome) -> None:
    """Write down a change that was noticed, and show one that was not."""
    if outcome == "killed":
        NOTICED.mkdir(parents=True, exist_ok=True)
        (NOTICED / change.key).touch()
    if outcome == "survived":
        say("\n    ".join((f"  {change.path.relative_to(ROOT)}: {change.operator}", *change.diff.splitlines())))


def drawn(folder: str, files: Sequence[str], sample: int, seed: int) -> list[Mutation]:
    """A random sample of the changes of a folder, or of some of its files."""
    paths = sorted((ROOT / "kubectl_akslb" / folder).rglob("*.py"))
    wanted = [path for path in paths if not files or str(path.relative_to(ROOT)) in files]
    order = sorted((place for path in wanted for place in places(path)), key=lambda place: place.order(seed))
    made = (mutation(place) for place in order)
    return list(itertools.islice((change for change in made if change is not None), sample))


def main() -> None:
    """Draw a sample of each folder, and tell how much of it was noticed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--near", action="store_true", help="only the folder's own tests")
    parser.add_argument("--anew", action="store_true", help="also what an earlier run has seen noticed")
    given = parser.parse_args()
    os.chdir(ROOT)
    for folder, stages in TESTS.items():
        changes = drawn(folder, given.files, given.sample, given.seed)
        left = [change for change in changes if given.anew or not (NOTICED / change.key).exists()]
        start, stillborn = time.monotonic(), 0
        for paths in stages[: 1 if given.near else None]:
            if not left:
                break
            found = outcomes(folder, paths, left)
            stillborn += found.count("stillborn")
            left = [change for change, outcome in zip(left, found, strict=True) if outcome == "survived"]
            minutes = (time.monotonic() - start) / 60
            say(f"{folder}: {len(left)} left by {' '.join(paths)}; {minutes:.0f} minutes")
        tried = len(changes) - stillborn
        if tried:
            rate = f"{tried - len(left)} of {tried} killed, {1 - len(left) / tried:.1%}"
            say(f"{folder}: {rate}; {stillborn} not importable; seed {given.seed}")


if __name__ == "__main__":
    main()
