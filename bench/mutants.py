"""Does a test fail for each small change of derive/, path/, fix/ and evidence/?

    python -m bench.mutants [--sample 150] [--seed 1] [--near] [--anew] [FOLDER or FILE ...]

A random sample of the changes of bench/mutations.py, as many per folder, or of those in some files. Each is tried in a
fork of one process that has collected the tests once: there the changed function gets its new code. Only where the
import runs the changed statement, all is imported and collected anew. Which tests there are to fail is measured first,
with a mark before each statement that is to be changed, which costs less than tracing: those that run the statement,
nearest and quickest first, until one fails. As many changes are tried at once as there are processors. A change
survives if all of them pass, or if there is none. A test that does not end has failed. What was noticed is written down
at once, in .cache/mutants, and is not tried again by the next run, which so goes on where this one ended; --anew tries
all.
"""

import argparse
import builtins
import functools
import gc
import importlib
import importlib.machinery
import itertools
import os
import pickle
import resource
import select
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

from bench.mutations import Mutation, marked, mutation, places

ROOT = Path(__file__).parents[1]
OUTPUT, ERRORS = os.dup(1), os.dup(2)
#: What can notice a change of a folder: its own tests, for what those leave over the tests of what is built on it, and
#: for what is left then the recordings and properties, which take longest.
TESTS = {
    "derive": (
        ("tests/derive",),
        (
            "tests/provider/test_behaviours.py",
            "tests/provider/test_refusals.py",
            "tests/azure/test_refusals.py",
            "tests/model",
            "tests/lint/test_pages.py",
            "tests/cli/test_snat.py",
        ),
        ("tests/recorded/test_recorded.py", "tests/property/test_derivation.py"),
    ),
    "path": (
        ("tests/path",),
        (
            "tests/causes",
            "tests/lint/test_pages.py",
            "tests/cli/test_explain.py",
            "tests/cli/test_trace.py",
            "tests/cli/test_screens.py",
            "tests/cluster/test_live.py",
            "tests/cluster/test_live_state.py",
            "tests/cluster/test_verify.py",
        ),
        ("tests/lab", "tests/property/test_agreement.py"),
    ),
    "evidence": (("tests/evidence",), ("tests/path", "tests/causes", "tests/producers"), ("tests/lab",)),
    "fix": (("tests/fix",), ("tests/cli/test_fix.py", "tests/lint/test_pages.py", "tests/property/test_agreement.py")),
}
NOTICED = ROOT / ".cache" / "mutants"
#: A test that needs so many times its processor time and seconds more, or takes so long at all, does not end.
PATIENCE, GRACE, LATEST = 10, 3, 1000
MEMORY = 4 << 30
AT_ONCE = os.cpu_count() or 1
#: The name by which a mark calls, among the built-in ones.
MARK = "__mutant__"
OUR_FAULT = 70
#: What is remembered of a run before the change, in modules of these packages.
OURS = ("kubectl_akslb.", "tests.", "conformance.", "lab.")

Outcome: TypeAlias = Literal["killed", "survived", "stillborn", "unreached"]
Memory = type(functools.cache(len))
Memories: TypeAlias = Sequence[Any]
Functions: TypeAlias = Mapping[tuple[str, str, int], Sequence[FunctionType]]
Items: TypeAlias = Mapping[str, pytest.Item]


class Ran(NamedTuple):
    """A test, its processor time and whether it passed."""

    name: str
    seconds: float
    passed: bool


class Measured(NamedTuple):
    """What the tests of a folder do to the source as it is.

    *by_mark* are the tests that run a changed statement, by the key of the change, or any function of a file, by its
    path; *imported* the lines that the import runs, or the collection.
    """

    seconds: Mapping[str, float]
    failed: Sequence[str]
    by_mark: Mapping[str, Sequence[str]]
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
    return next(found for _, found in in_forks({0: work}, 1))


def in_forks(works: Mapping[int, Callable[[], T]], at_once: int) -> Iterator[tuple[int, T | None]]:
    """What functions return in processes of their own, by their number, as soon as one is there."""
    waiting, running = list(works.items()), dict[int, tuple[int, int]]()
    while waiting or running:
        while waiting and len(running) < at_once:
            number, work = waiting.pop(0)
            reading, child = _started(work)
            running[reading] = number, child
        for reading in select.select(list(running), [], [])[0]:
            number, child = running.pop(reading)
            with os.fdopen(reading, "rb") as pipe:
                answer = pipe.read()
            if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == OUR_FAULT:
                raise RuntimeError("a change could not be tried")
            found: T | None = pickle.loads(answer) if answer else None  # noqa: S301 - written by our own fork
            yield number, found


def _started(work: Callable[[], object]) -> tuple[int, int]:
    """A process that calls a function: where its answer is to be read, and its number."""
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
    return reading, child


def passes(items: Sequence[pytest.Item], seconds: Mapping[str, float] | None = None) -> Iterator[Ran]:
    """Run tests; with the processor time that they need, for not much longer."""
    for item, following in zip_longest(items, items[1:]):
        start = time.process_time()
        if seconds is not None:
            limit = int(start + PATIENCE * seconds[item.nodeid] + GRACE)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
            signal.alarm(LATEST)
        reports = runtestprotocol(item, log=False, nextitem=following)
        yield Ran(item.nodeid, time.process_time() - start, not any(report.failed for report in reports))


def measure(
    items: Items, changes: Sequence[Mutation], known: Functions, imported: Mapping[str, Sequence[int]]
) -> Measured:
    """Run tests on the source as it is, but for a mark before each statement that is to be changed."""
    hit: set[str] = set()
    setattr(builtins, MARK, hit.add)
    for path, group in itertools.groupby(sorted(changes, key=lambda one: one.path), lambda one: one.path):
        put_in_place(marked(path, list(group), MARK), known)
    ran: list[Ran] = []
    by_mark = defaultdict[str, list[str]](list)
    for item in items.values():
        hit.clear()
        ran += passes([item])
        for mark in hit:
            by_mark[mark].append(item.nodeid)
    failed = [one.name for one in ran if not one.passed]
    return Measured({one.name: one.seconds for one in ran}, failed, dict(by_mark), imported)


def relevant(change: Mutation, measured: Measured) -> tuple[list[str], bool]:
    """The tests that could notice a change, in the order to try them, and whether the import runs it."""
    imported = not change.in_function or not {*change.lines}.isdisjoint(measured.imported.get(str(change.path), ()))
    found = {*measured.by_mark.get(change.key, ())}
    if imported:
        found = {*measured.by_mark.get(str(change.path), measured.seconds)}
    found -= {*measured.failed}
    return sorted(found, key=lambda name: (change.path.stem not in name, measured.seconds[name])), imported


def functions(folder: str) -> Functions:
    """The functions of a folder, by where they stand: several where another makes them. Two lambdas are none."""
    found = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and f"/kubectl_akslb/{folder}/" in one.__code__.co_filename:
            found[_key(one.__code__)].append(one)
    return {key: ones for key, ones in found.items() if len(ones) == 1 or key[1] != "<lambda>"}


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_name, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def put_in_place(code: CodeType, known: Functions) -> bool:
    """Give each function of a file its code of here; whether there was one to be changed."""
    new = [(one, function) for one in _codes(code) for function in known.get(_key(one), ()) if function.__code__ != one]
    for one, function in new:
        function.__code__ = one
    return bool(new)


def outcome_of(tests: Sequence[pytest.Item], measured: Measured) -> Outcome:
    """Whether a test fails; what brings pytest itself down has been noticed, too."""
    try:
        return "survived" if all(one.passed for one in passes(tests, measured.seconds)) else "killed"
    except Exception:  # noqa: BLE001 - whatever the changed program makes of pytest
        return "killed"


def limit_memory() -> None:
    """No change may take the memory of all others."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def try_in_place(
    change: Mutation, tests: Sequence[pytest.Item], measured: Measured, known: Functions, memories: Memories
) -> Outcome:
    """Try a change of a function."""
    limit_memory()
    for memory in memories:
        memory.cache_clear()
    if not put_in_place(compile(change.code, str(change.path), "exec"), known):
        return "unreached"
    return outcome_of(tests, measured)


def import_module(path: Path) -> None:
    """Import a file as the program does."""
    importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))


def try_anew(change: Mutation, tests: Sequence[str], measured: Measured) -> Outcome:
    """Try a change of what the import runs."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        return compile(change.code, change.path, "exec") if loader.path == str(change.path) else original(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    try:
        import_module(change.path)
    except Exception:  # noqa: BLE001 - whatever the changed module raises
        return "stillborn"
    limit_memory()
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
    tool = coverage.Coverage(data_file=None, config_file=False, include=[f"{ROOT}/kubectl_akslb/{folder}/*"])
    tried: list[tuple[Outcome, list[str]]] = []
    everything: list[Tried] = []

    def run(items: Items) -> None:
        tool.stop()
        data = tool.get_data()
        imported = {file: data.lines(file) or [] for file in data.measured_files()}
        for path in {change.path for change in changes}:  # some are imported only where they are needed
            import_module(path)
        gc.unfreeze()  # tests/conftest.py hides from the collector what is imported, and so from us
        known = functions(folder)
        if not known:
            raise RuntimeError(f"no function of {folder} is there to be changed")
        memories = [one for one in gc.get_objects() if isinstance(one, Memory) and one.__module__.startswith(OURS)]
        gc.freeze()
        measured = in_fork(functools.partial(measure, items, changes, known, imported))
        if measured is None:
            raise RuntimeError("the tests have brought the process down that ran them")
        seconds = sum(measured.seconds.values())
        say(f"{folder}: {len(changes)} changes, {len(measured.seconds)} tests of {seconds:.0f} s processor time")
        for name in measured.failed:
            say(f"  left out, for it fails without any change: {name}")
        works = {}
        for index, change in enumerate(changes):
            tests, at_import = relevant(change, measured)
            tried.append(("unreached", tests))
            if not at_import:
                chosen = [items[name] for name in tests]
                works[index] = functools.partial(try_in_place, change, chosen, measured, known, memories)
        outcome: Outcome | None
        for index, outcome in in_forks(works, AT_ONCE):
            tried[index] = outcome or "killed", tried[index][1]
            progress(changes[index], tried[index][0])
        everything.append((measured, tried))

    tool.start()
    collect(paths, run)
    return everything[0]


def outcomes(folder: str, paths: Sequence[str], changes: Sequence[Mutation]) -> list[Outcome]:
    """What becomes of each change."""
    done = in_fork(functools.partial(try_all_in_place, folder, paths, changes))
    if done is None:
        raise RuntimeError("the process died that tries the changes")
    found = [outcome for outcome, _ in done[1]]
    works = {
        index: functools.partial(try_anew, changes[index], tests, done[0])
        for index, (outcome, tests) in enumerate(done[1])
        if outcome == "unreached"
    }
    for index, known in in_forks(works, AT_ONCE):
        found[index] = known or "killed"
        progress(changes[index], found[index])
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
    wanted = [path for path in paths if not files or any(path.is_relative_to(ROOT / file) for file in files)]
    order = sorted((place for path in wanted for place in places(path)), key=lambda place: place.order(seed))
    made = (mutation(place) for place in order)
    return list(itertools.islice((change for change in made if change is not None), sample))


def main() -> None:
    """Draw a sample of each folder, and tell how much of it was noticed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", metavar="PATH")
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
