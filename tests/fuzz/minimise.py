"""Make a stream smaller that still breaks the same law: ``python -m tests.fuzz.minimise 4711``."""

import sys
from collections.abc import Callable

from kubectl_akslb.manifest import compose
from tests.fuzz.generate import stream
from tests.fuzz.laws import broken, compose_once
from tests.fuzz.oracle import Oracle


def minimised(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    """The smallest piece of *data* found by leaving out ever smaller parts, for which *still* is true."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            if still(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def _kind(fault: str) -> str:
    """A fault without the names in it."""
    return fault.partition(": ")[0].split("'")[0] + fault.rpartition("; ")[2].rpartition(": ")[2][:40]


def main(numbers: list[str]) -> None:
    """Print each stream of these numbers, minimised."""
    oracle = Oracle()
    compose.compose = compose_once
    for number in numbers:
        data = stream(int(number))
        wanted = {_kind(fault) for fault in broken(data, oracle)}

        def still(part: bytes, wanted: set[str] = wanted) -> bool:
            return not wanted.isdisjoint(map(_kind, broken(part, oracle)))

        small = minimised(data, still) if wanted else b""
        sys.stdout.write(f"{number}: {small!r}\n  {sorted(broken(small, oracle)) if wanted else 'holds'}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
