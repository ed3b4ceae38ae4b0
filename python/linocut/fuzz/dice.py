"""Random choices: a thin layer over random.Random, which is the generator's hot spot."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

from linocut.fuzz.lanes import join

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_I32_EDGES = (
    *(0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, 255, 256, 32767, 32768, 65535, 65536),
    *(0x7FFFFFFF, -0x80000000, -1, -2, -128, -129, -32768, -32769, 0x55555555, -0x55555556),
)
_I64_EDGES = (
    *_I32_EDGES,
    *(0x80000000, 0xFFFFFFFF, 0x100000000, -0x80000001, 0x7FFFFFFFFFFFFFFF, -0x8000000000000000),
    *(0x7FFFFFFF00000000, 0x0102030405060708, -0x7FFFFFFFFFFFFFFF),
)
# ±0, ±1, halves, subnormals, limits of the integer types and their neighbours, infinities, NaNs
_F32_EDGES = (
    *(0x00000000, 0x80000000, 0x3F800000, 0xBF800000, 0x3F000000, 0xBF000000, 0x3FC00000),
    *(0x00000001, 0x807FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF),
    *(0x4F000000, 0xCF000000, 0xCF000001, 0x4EFFFFFF, 0x4F800000, 0x4F7FFFFF),
    *(0x5F000000, 0xDF000000, 0xDF000001, 0x5EFFFFFF, 0x5F800000, 0x4B000000, 0x4B000001, 0x4AFFFFFF),
    *(0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 0x7FA00000),
)
_F64_EDGES = (
    *(0x0000000000000000, 0x8000000000000000, 0x3FF0000000000000, 0xBFF0000000000000),
    *(0x3FE0000000000000, 0xBFE0000000000000, 0x3FF8000000000000),
    *(0x0000000000000001, 0x800FFFFFFFFFFFFF, 0x0010000000000000, 0x7FEFFFFFFFFFFFFF, 0xFFEFFFFFFFFFFFFF),
    *(0x41DFFFFFFFC00000, 0x41E0000000000000, 0xC1E0000000000000, 0xC1E0000000200000),
    *(0x41EFFFFFFFE00000, 0x41F0000000000000, 0x43E0000000000000, 0xC3E0000000000000),
    *(0xC3E0000000000001, 0x43DFFFFFFFFFFFFF, 0x43F0000000000000, 0x4330000000000000),
    *(0x4330000000000001, 0x432FFFFFFFFFFFFF, 0x47EFFFFFE0000000, 0x36A0000000000000),
    *(0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 0xFFF8000000000000, 0x7FF4000000000000),
)
_BITS = {"i32": 32, "i64": 64, "f32": 32, "f64": 64}
_EDGES = {"i32": _I32_EDGES, "i64": _I64_EDGES, "f32": _F32_EDGES, "f64": _F64_EDGES}
# What lanes of each width are, narrow ones as integers, wide ones as floats too
_LANES = {
    8: (0, 1, 2, 7, 8, 15, 16, 31, 64, 127, 128, 129, 143, 254, 255),
    16: (*(edge for edge in _I32_EDGES if -0x8000 <= edge < 0x10000), 0x7FFE, 0x8001),
    32: (*_I32_EDGES, *_F32_EDGES),
    64: (*_I64_EDGES, *_F64_EDGES),
}
# Finite and small, so that a few operations on them never give a NaN
_TAME = {
    "f32": (0x3F800000, 0xBF800000, 0x40490FDB, 0x3DCCCCCD, 0xC2F60000, 0x00000000, 0x80000000),
    "f64": (
        *(0x3FF0000000000000, 0xBFF0000000000000, 0x400921FB54442D18, 0x3FB999999999999A),
        *(0xC05EC00000000000, 0x0000000000000000, 0x8000000000000000),
    ),
}


class Dice:
    """Choices that depend on the seed alone."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.random = self._random.random
        self.bits = self._random.getrandbits

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self.random() < probability

    def below(self, limit: int) -> int:
        """A number in [0, limit)."""
        return int(self.random() * limit)

    def between(self, low: int, high: int) -> int:
        """A number in [low, high]."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self.random() * len(items))]

    def pick_some(self, items: Sequence[T], most: int) -> tuple[T, ...]:
        """Up to `most` of the items, with repetition; fewer are likelier."""
        count = int(self.random() * self.random() * (most + 1))
        return tuple(self.pick(items) for _ in range(count))

    def bytes(self, count: int) -> bytes:
        """So many random bytes."""
        return self._random.randbytes(count)

    def number(self, type_: str) -> int:
        """A value of a type: signed for integers, bits for floats and vectors; mostly an edge."""
        if type_ == "v128":
            return self.vector()
        roll = self.random()
        if roll < 0.7:
            return self.pick(_EDGES[type_])
        bits = _BITS[type_]
        if type_[0] == "f":
            return self.bits(bits)
        width = self.between(1, bits)  # all magnitudes equally likely
        value = self.bits(width)
        if self.chance(0.5):
            value = -value
        return wrap(value, bits)

    def vector(self) -> int:
        """A vector: any, or of lanes that are mostly edges; of one value, or one alone among equals."""
        if self.chance(0.1):
            return self.bits(128)
        width = self.pick((8, 16, 32, 64))
        count = 128 // width
        roll = self.random()
        if roll < 0.4:
            return join([self.lane(width) for _ in range(count)], width)
        lanes = [self.pick((0, 0, -1, self.lane(width)))] * count
        if roll < 0.7:
            lanes[self.below(count)] = self.lane(width)
        return join(lanes, width)

    def lane(self, width: int) -> int:
        """A lane of so many bits."""
        return self.pick(_LANES[width]) if self.chance(0.8) else self.bits(width)

    def tame(self, kind: str) -> int:
        """Bits of a small finite float, or of a vector of them: a scalar type, or a shape as ``f32x4``."""
        type_, _, count = kind.partition("x")
        if not count:
            return self.pick(_TAME[type_])
        return join([self.pick(_TAME[type_]) for _ in range(int(count))], _BITS[type_])


def wrap(value: int, bits: int) -> int:
    """Into the signed range."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value
