"""Ask releases for random histories that nobody has seen: python -m conformance.held SEED v1.36.5 [v1.34.3 …].

The seed is any word. Each history is made of it and a number, is asked of the real provider, and is compared with our
derivation step by step; nothing is recorded. What differs is printed, and 1 returned.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.cases.broad_histories import broad_history
from conformance.outcome import differences
from conformance.record import built, settled, tag
from kubectl_akslb.errors import AkslbError
from tests.recorded.play import Answers

Json = dict[str, Any]

_COUNT = 500
_PLACES = 3
_LENGTH = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Print of each release how many histories agree, and where the others differ; 1 where one does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", help="a word; the same word means the same histories")
    parser.add_argument("version", nargs="+", help="a release, such as v1.36.5")
    parser.add_argument("--count", type=int, default=_COUNT, help=f"how many histories; {_COUNT} unless told")
    options = parser.parse_args(arguments)
    names = (f"{options.seed}/{number}" for number in range(1, options.count + 1))
    cases = [broad_history(name, name).as_json() for name in names]
    wrong = 0
    try:
        for version in map(tag, options.version):
            lines = built(version)("".join(f"{json.dumps(case)}\n" for case in cases))
            theirs = {answer["id"]: settled(answer, version) for answer in map(json.loads, lines.splitlines())}
            found = [text for case in cases for text in _differing(case, version, theirs[case["id"]])]
            print("\n".join((f"{version}: {len(cases) - len(found)} of {len(cases)} agree", *found)), flush=True)
            wrong += len(found)
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 1 if wrong else 0


def _differing(case: Json, version: str, theirs: Json) -> Iterator[str]:
    """The history and the first places where our answer differs, if it does."""
    ours = settled(Answers(case).answer(version), version)
    if ours == theirs:
        return
    places = list(differences(theirs, ours))[:_PLACES]
    short = ((path, *(json.dumps(value)[:_LENGTH] for value in values)) for path, *values in places)
    yield "\n".join(
        (
            f"  {case['id']}",
            *(f"    {path}\n      provider {said}\n      ours     {answered}" for path, said, answered in short),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
