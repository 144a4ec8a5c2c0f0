"""Record what becomes of packets: python -m lab.record [v1.36.1 …] [--only TEXT] [--mode MODE].

Without a release all that are recorded are recorded again. It needs root, Go, and the programs that lab/README.md names. Each
situation is measured until an answer has come twice, because answers that differ would make the recording random.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kubectl_akslb.errors import AkslbError
from lab import alone, namespaces, vectors
from lab.cases import all_cases, batches, of_seed, random_cases
from lab.cases.case import Json
from lab.cluster import SECOND_SENTINEL, SENTINEL, Cluster, Proxy, flush
from lab.fixed import NODES
from lab.measure import all_questions, answer, sticky
from lab.packets import Ask, World
from tests.e2e.apiserver.server import missing

PROGRAMS = ("ip", "iptables", "nft", "conntrack", "sysctl", "openssl", *alone.PROGRAMS)
_PACKAGES = "apt-get install iproute2 iptables nftables conntrack util-linux procps openssl"
_BUILD = Path(__file__).parent / "build"
#: How often a question is asked again whose answers differ.
_OFTEN = 80
#: How often all is measured, until each answer has come twice.
_PASSES = 4
Seen = dict[Ask, list[str]]
#: nftables is there without a feature gate from 1.31 on.
_MODES = {"iptables": 0, "nftables": 31}


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the releases that are named, or all again; 1 where one could not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", nargs="*", help="a release, such as v1.36.1; none: all that are recorded")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="TEXT",
        help="only cases whose name contains this, or another such; the rest is left as it is",
    )
    parser.add_argument("--mode", choices=tuple(_MODES), help="only this mode of kube-proxy")
    parser.add_argument("--check", action="store_true", help="write nothing, and fail where an answer differs")
    parser.add_argument("--seed", type=int, help="instead of all cases random ones of this seed; give --into too")
    parser.add_argument("--count", type=int, default=random_cases.COUNT, help="how many of them")
    parser.add_argument("--into", type=Path, default=vectors.FOLDER, help="the folder of the recordings")
    options = parser.parse_args(arguments)
    if options.seed is not None and options.into == vectors.FOLDER and not options.check:
        parser.error("random cases of another seed would replace the recordings: give --into")
    try:
        require()
        if alone.is_alone():
            return _record(options)
        for version in options.version or vectors.versions_of(vectors.read(options.into)):
            built(version)  # here, where the network is
        return alone.run_alone("lab.record", sys.argv[1:] if arguments is None else arguments)
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1


def require() -> None:
    """AkslbError that names what this machine has not."""
    lacking = lacks()
    if lacking:
        raise AkslbError(f"the lab cannot run here: {lacking}", hint=_PACKAGES)


def lacks() -> str:
    """What this machine has not that the lab needs; "" where all is there."""
    if sys.platform != "linux" or os.geteuid():
        return "it needs Linux and root"
    found = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"no {', '.join(found)}" if found else missing()


def built(version: str) -> Path:
    """kube-proxy of this release; builds it where that has not been done."""
    done = subprocess.run([_BUILD, version], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise AkslbError(f"kube-proxy {version} was not built", hint="what Go says stands above")
    return Path(done.stdout.strip()).resolve()


def _record(options: argparse.Namespace) -> int:
    # What is measured is told apart by time.
    os.nice(-10)
    known = vectors.read(options.into)
    versions = options.version or vectors.versions_of(known)
    proxies = [
        Proxy(version, mode, built(version))
        for version in versions
        for mode, since in _MODES.items()
        if options.mode in {None, mode} and int(version.split(".")[1]) >= since
    ]
    everything = all_cases() if options.seed is None else of_seed(options.seed, options.count)
    cases = [[case for case in batch if _is_asked(case["id"], options.only)] for batch in batches(everything)]
    cases = [batch for batch in cases if batch]
    namespaces.make_fabric()
    world = World()
    answers: dict[str, dict[str, Json]] = {str(proxy): {} for proxy in proxies}
    for batch in cases:
        for name, found in measured(batch, proxies, world).items():
            answers[name] |= found
    asked = [case for batch in cases for case in batch]
    differing = 0
    for proxy in proxies:
        new = answers[str(proxy)]
        differing += len(asked) - len(new)
        if options.check:
            differing += _compare(known, str(proxy), new)
        else:
            known = vectors.merged(known, str(proxy), asked, new)
    if not options.check:
        if not options.only:
            known = {case["id"]: known[case["id"]] for case in asked}
        vectors.write(known.values(), options.into)
    return 1 if differing else 0


def _is_asked(name: str, only: Sequence[str]) -> bool:
    return not only or any(text in name for text in only)


def _compare(known: Mapping[str, vectors.Vector], proxy: str, answers: Mapping[str, Json]) -> int:
    differing = [name for name, body in answers.items() if name not in known or known[name].outcome_of(proxy) != body]
    for name in differing[:10]:
        old = known[name].outcome_of(proxy) if name in known else None
        print(
            f"{name}: {proxy} answers otherwise than it is recorded",
            *difference(old or {}, answers[name])[:3],
            sep="\n  ",
        )
    print(f"{proxy}: {len(answers) - len(differing)} of {len(answers)} as recorded")
    return len(differing)


def measured(batch: Sequence[Json], proxies: Sequence[Proxy], world: World) -> dict[str, dict[str, Json]]:
    """The answers of each kube-proxy to the cases of one cluster."""
    stopped = sorted({node for case in batch for node in case.get("kubeProxyStopped", ())})
    answers: dict[str, dict[str, Json]] = {}
    with contextlib.ExitStack() as stack:
        shared = None if stopped else stack.enter_context(_loaded(batch))
        for proxy in proxies:
            started = time.monotonic()
            seen: list[Seen] = []
            random = [case["id"] for case in batch]
            while random and len(seen) < _PASSES:
                with contextlib.ExitStack() as own:
                    cluster = shared or own.enter_context(_loaded(batch))
                    with _running(batch, cluster, proxy, world, stopped):
                        seen.append(_seen(batch, world, seen))
                passes = [answers_of(batch, one) for one in seen]
                answers[str(proxy)], random = agreed(passes)
            if random:
                for name in random[:5]:
                    print(name, difference(passes[0][name], passes[1][name])[:5], file=sys.stderr)
                print(f"{proxy} answers at random, not recorded: {', '.join(random)}", file=sys.stderr)
            print(f"{proxy}: {len(batch)} cases in {time.monotonic() - started:.0f} s", flush=True)
    return answers


def agreed(passes: Sequence[Mapping[str, Json]]) -> tuple[dict[str, Json], list[str]]:
    """The answers that came twice, and the names of those that have not yet: a busy machine may spoil one of them."""
    found: dict[str, Json] = {}
    for name in passes[-1]:
        given = [one[name] for one in passes]
        twice = next((one for index, one in enumerate(given) if one in given[:index]), None)
        if twice is not None:
            found[name] = twice
    return found, [name for name in passes[-1] if name not in found]


@contextlib.contextmanager
def _loaded(batch: Sequence[Json]) -> Iterator[Cluster]:
    """A cluster with the objects of all cases, as kube-proxy sees them first."""
    # In the lab's own /run, which ends with it.
    with tempfile.TemporaryDirectory(prefix="lab-", dir="/run") as folder, Cluster(Path(folder)) as cluster:
        cluster.apply(one for one in batch[0]["objects"] if one["kind"] == "Node")
        for case in batch:
            cluster.apply(_namespaced(case["before"] if "before" in case else case["objects"]))
        cluster.apply(_namespaced(SENTINEL["objects"]))
        yield cluster


def _namespaced(objects: Sequence[Json]) -> Iterator[Json]:
    return (one for one in objects if one["kind"] != "Node")


@contextlib.contextmanager
def _running(
    batch: Sequence[Json], cluster: Cluster, proxy: Proxy, world: World, stopped: Sequence[str]
) -> Iterator[None]:
    """New nodes on which kube-proxy has made rules of the objects."""
    namespaces.make_nodes()
    namespaces.set_fronts(_without_floating_ip(batch))
    world.start_servers()
    try:
        cluster.start_proxies(proxy, world)
        if stopped:
            cluster.stop_proxies(stopped)
            for case in batch:
                cluster.apply(_namespaced(case["objects"]))
            cluster.apply(_namespaced(SECOND_SENTINEL["objects"]))
            cluster.wait(world, proxy, [node for node in NODES if node not in stopped], SECOND_SENTINEL)
        flush()
        yield
    finally:
        cluster.stop_proxies()
        world.stop_servers()


def _without_floating_ip(batch: Sequence[Json]) -> Iterator[tuple[str, str, int, int]]:
    """The frontends to which something comes by Azure that has the address of a node then."""
    for case in batch:
        service = next(one for one in case["objects"] if one["kind"] == "Service")
        for frontend in case["frontends"] if case.get("throughAzure") else ():
            if not frontend["floatingIP"]:
                for port in service["spec"]["ports"]:
                    yield frontend["ip"], port["protocol"], port["port"], port["nodePort"]


def _seen(batch: Sequence[Json], world: World, before: Sequence[Seen]) -> Seen:
    """All that is seen by the questions of these cases.

    What differs from *before* is asked often: that is the answer, if it is one of the two, or all that was seen by both.
    """
    times = {question.ask: question.times for case in batch for question in all_questions(case)}
    seen = world.ask(times)
    kept = {question.ask for case in batch if sticky(case) for question in all_questions(case)}
    for earlier in before:
        differing = [ask for ask in seen if seen[ask] != earlier[ask] and ask not in kept]
        for ask, often in world.ask(dict.fromkeys(differing, _OFTEN)).items():
            if often in (earlier[ask], seen[ask], sorted({*earlier[ask], *seen[ask]})):
                seen[ask] = earlier[ask] = often
    return seen


def answers_of(batch: Sequence[Json], seen: Seen) -> dict[str, Json]:
    """The answers of the cases by their names."""
    return {
        case["id"]: answer({one: seen[one.ask] for one in all_questions(case)}, sticks=sticky(case)) for case in batch
    }


def difference(left: Json, right: Json, path: str = "") -> list[str]:
    """Where two answers differ."""
    found = []
    for key in sorted(left.keys() | right.keys()):
        one, other = left.get(key), right.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            found += difference(one, other, f"{path}/{key}")
        elif one != other:
            found.append(f"{path}/{key}: {one} | {other}")
    return found


if __name__ == "__main__":
    sys.exit(main())
