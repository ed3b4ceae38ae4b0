"""bench/programs/bench.h and everyday/text.h in Python: random numbers and checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = 2**64


class Random:
    """The generator behind next_random()."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def next(self) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % WORD
        return self.state >> 33


def mix(total: int, value: int) -> int:
    total ^= value % WORD
    return (total << 13 | total >> 51) * 0x9E3779B97F4A7C15 % WORD


def mix_all(total: int, values: Iterable[int]) -> int:
    for value in values:
        total = mix(total, value)
    return total


def mix_bytes(total: int, data: bytes) -> int:
    return mix_all(total, (int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)))
