"""The checks for what Azure refuses, by what is refused: each is a function, and a row of ``azure/refusals.py``."""
