"""The recordings, and our answers to them, which the tests of this folder share."""

from conformance import vectors
from tests.recorded.play import Answers

VECTORS = vectors.read()
ANSWERS = {name: Answers(vector.case) for name, vector in VECTORS.items()}
