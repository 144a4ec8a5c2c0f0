"""The same laws on streams that atheris makes, led by which code they reach: ``make fuzz-guided``.

atheris is no dependency: it has wheels for few versions of Python (3.11 to 3.13 when this was written), and is not run
in CI. A folder of streams is what it starts from; what it finds is a file ``crash-…`` beside it, which
``python -m tests.fuzz.guided FILE`` runs again.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore] # installed by hand

with atheris.instrument_imports(include=["kubectl_akslb"]):
    from kubectl_akslb.manifest import compose
    from tests.fuzz.laws import broken, compose_once

from tests.fuzz.generate import stream
from tests.fuzz.oracle import Oracle

SEEDS = 500
_LONGEST = 4096


class BrokenLawError(AssertionError):
    """A stream breaks a law; its text says which."""


def main() -> None:
    """Run atheris with the options of libFuzzer, such as ``-max_total_time=600``."""
    oracle = Oracle()
    compose.compose = compose_once
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    if names and Path(names[0]).is_dir() and not any(Path(names[0]).iterdir()):
        for number in range(SEEDS):
            Path(names[0], f"{number}.yaml").write_bytes(stream(number))

    def one(data: bytes) -> None:
        faults = list(broken(data, oracle))
        if faults:
            raise BrokenLawError("; ".join(faults))

    atheris.Setup([*sys.argv, f"-max_len={_LONGEST}"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
