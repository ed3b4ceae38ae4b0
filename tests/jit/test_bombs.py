"""Compilation is linear for every shape: time per byte at 10^6 operations ≤ 2x that at 10^4."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import linocut
import pytest
from bombs import BOMBS

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, LARGE = 10_000, 1_000_000
MOST = 2.0
# Page faults of a few hundred megabytes' tables are not what is measured here, nor is the clock's grain.
TRIES = 4


def seconds_per_byte(wasm: bytes, repeats: int) -> float:
    best = float("inf")
    for _ in range(repeats):
        before = time.process_time()
        linocut.load(wasm, threads=1)
        best = min(best, time.process_time() - before)
    return best / len(wasm)


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_time_is_linear(bomb: Callable[[int], bytes]) -> None:
    small, large = bomb(SMALL), bomb(LARGE)
    assert len(large) > 20 * len(small)
    ratios = []
    for attempt in range(TRIES):
        ratios.append(seconds_per_byte(large, 1 + attempt) / seconds_per_byte(small, 10))
        if ratios[-1] <= MOST:
            return
    pytest.fail(f"{min(ratios):.1f}x the time per byte at {LARGE} operations, after {TRIES} tries: {ratios}")
