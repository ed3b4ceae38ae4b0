"""Loading takes linear time for every shape: a million operations come to an end, and on a quiet machine
(`make speed`) they take at most twice as long per byte as ten thousand.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest
from bombs import BOMBS, locals_of_many_functions

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, LARGE = 10_000, 1_000_000
# An interpreted instruction is many times as large as its opcode, so much more fresh memory is written.
MOST = {False: 2.0, True: 4.0}
# Tables that outgrow the caches cost a little more, which does not matter: Liftoff needs 20 to 40 ns for a
# byte of an ordinary module, and nothing quadratic stays below this at a million operations.
FAST_ANYHOW = 12e-9
TRIES = 4


def seconds_per_byte(wasm: bytes, repeats: int, interpret: bool = False) -> float:
    best = float("inf")
    for _ in range(repeats):
        before = time.process_time()
        linocut.load(wasm, threads=1, interpret=interpret)
        best = min(best, time.process_time() - before)
    return best / len(wasm)


CASES = [pytest.param(bomb, id=bomb.__name__) for bomb in BOMBS]


both_ways = pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])


@both_ways
@pytest.mark.parametrize("bomb", [*CASES, pytest.param(locals_of_many_functions, id="locals")])
def test_a_million_operations_are_no_hang(bomb: Callable[[int], bytes], interpret: bool) -> None:
    # Quadratic work would take minutes. A child process can be ended when the time is up.
    code = f"import bombs, linocut; linocut.load(bombs.{bomb.__name__}({LARGE}), threads=1, interpret={interpret})"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, check=True, timeout=60)


@pytest.mark.speed
@both_ways
@pytest.mark.parametrize("bomb", CASES)
def test_time_is_linear(bomb: Callable[[int], bytes], interpret: bool) -> None:
    small, large = bomb(SMALL), bomb(LARGE)
    ratios = []
    for attempt in range(TRIES):
        slow = seconds_per_byte(large, 1 + attempt, interpret)
        if slow < FAST_ANYHOW:
            return
        ratios.append(slow / seconds_per_byte(small, 10, interpret))
        if ratios[-1] <= MOST[interpret]:
            return
    pytest.fail(f"{min(ratios):.1f}x the time per byte at {LARGE} operations, after {TRIES} tries: {ratios}")


@pytest.mark.speed
@both_ways
def test_declared_locals_cost_nothing_while_unused(interpret: bool) -> None:
    # Eight bytes of wasm that take 130 microseconds would be a bomb too: a megabyte would take 17 seconds.
    assert seconds_per_byte(locals_of_many_functions(SMALL), 3, interpret) < 1e-6
