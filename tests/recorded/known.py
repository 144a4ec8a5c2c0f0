"""The cases, what is recorded of them, and our answers, once for all tests that ask them."""

from conformance import vectors
from conformance.cases import all_cases
from tests.recorded.play import Answers

CASES = {case.id: case.as_json() for case in all_cases()}
VECTORS = vectors.read()
ANSWERS = {name: Answers(vector.case) for name, vector in VECTORS.items()}
