"""Two sequences of words: which of one belong to which of the other, when both have the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.inspecting.alignment.events import weight

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_CELLS = 1 << 20  # of the table: a second of work


def best_pairs(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Indices of both, ascending, so that what the pairs have in common weighs most.

    What is far off the diagonal is not looked at when the table would have more than _MOST_CELLS.
    """
    if not ours or not theirs:
        return []
    reach = max(_MOST_CELLS // len(ours) // 2, 8)
    slope = len(theirs) / len(ours)
    best = [0] * (len(theirs) + 1)
    steps: list[tuple[int, bytearray]] = []
    for i, words in enumerate(ours):
        low, high = max(int(i * slope) - reach, 0), min(int(i * slope) + reach, len(theirs))
        row = best[:]
        step = bytearray(high - low)
        for j in range(low, high):
            shared = words & theirs[j]
            paired = best[j] + max(map(weight, shared)) if shared else 0
            row[j + 1] = max(best[j + 1], row[j], paired)
            step[j - low] = 0 if row[j + 1] == best[j + 1] else 1 if row[j + 1] == row[j] else 2
        for j in range(high, len(theirs)):
            if row[j + 1] >= row[j]:
                break
            row[j + 1] = row[j]
        steps.append((low, step))
        best = row
    return _traced(steps, len(theirs))


def _traced(steps: Sequence[tuple[int, bytearray]], end: int) -> list[tuple[int, int]]:
    found = []
    i, j = len(steps) - 1, end - 1
    while i >= 0 and j >= 0:
        low, step = steps[i]
        what = step[j - low] if low <= j < low + len(step) else (0 if j < low else 1)
        if what == 2:
            found.append((i, j))
        i -= what != 1
        j -= what != 0
    return found[::-1]
