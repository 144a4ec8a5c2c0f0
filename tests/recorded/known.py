"""The cases, what is recorded of them, and our answers, once for all tests that ask them."""

import re
from zlib import crc32

from conformance import vectors
from conformance.cases import all_cases
from tests.recorded.play import Answers

CASES = {case.id: case.as_json() for case in all_cases()}
VECTORS = vectors.read()
ANSWERS = {name: Answers(vector.case) for name, vector in VECTORS.items()}

_BY_CHANCE = re.compile(r"[/-]\d{4}$")
_ONE_OF = {"broad": 3, "edited": 10, "random": 3}


def in_sample(name: str) -> bool:
    """Whether tests that are not slow ask a case; of those by chance, whose names are numbers, the hash decides."""
    area = name.split("/")[-2]
    return not _BY_CHANCE.search(name) or crc32(name.encode()) % _ONE_OF.get(area, 1) == 0
