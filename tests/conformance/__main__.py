"""The adapter of the conformance score: one case per line in, one answer per line out."""

import json
import sys

from tests.conformance.adapter import answer


def main() -> None:
    """Answer every case on standard input."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")


if __name__ == "__main__":
    main()
