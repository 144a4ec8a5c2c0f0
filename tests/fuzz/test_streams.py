"""Streams of every shape, asked of Go's own parsers: 2,000 here, 200,000 by ``make fuzz``.

A stream is of its number: ``python -m tests.fuzz.test_streams 4711`` prints it, and what it breaks.
"""

import os
import sys
from collections.abc import Iterator

import pytest

from kubectl_akslb.manifest import compose
from tests.fuzz.generate import stream
from tests.fuzz.laws import broken, compose_once
from tests.fuzz.oracle import Oracle

COUNT = int(os.environ.get("AKSLB_FUZZ", "2000"))
FIRST = int(os.environ.get("AKSLB_FUZZ_FROM", "0"))
CHUNKS = 20


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    found = Oracle()
    yield found
    found.close()


@pytest.mark.e2e
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_streams(chunk: int, oracle: Oracle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "compose", compose_once)
    found = {}
    for number in range(FIRST + chunk * COUNT // CHUNKS, FIRST + (chunk + 1) * COUNT // CHUNKS):
        faults = list(broken(stream(number), oracle))
        if faults:
            found[number] = faults
    assert not found, f"{len(found)} streams: {dict(list(found.items())[:5])}"


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        data = stream(int(argument))
        sys.stdout.write(data.decode() + "\n")
        sys.stdout.writelines(f"BROKEN: {fault}\n" for fault in broken(data, Oracle()))
