"""Which known word a misspelt one is. A finding states it, and so is stricter than a question, as errors ask it."""

from collections.abc import Iterable


def fewest_edits(word: str, known: Iterable[str]) -> str:
    """The known word that differs from *word* in the fewest letters, or "" where none is near."""
    most = max(1, len(word) // 6)
    best, distance = "", most + 1
    for one in known:
        if abs(len(one) - len(word)) < distance:
            found = edits(word, one, distance)
            if found < distance:
                best, distance = one, found
    return best


def edits(a: str, b: str, limit: int) -> int:
    """How many letters must be added, left out, changed or swapped with their neighbour; *limit* is enough to stop."""
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) >= limit:
            return limit
        before, previous = previous, row
    return previous[-1]
