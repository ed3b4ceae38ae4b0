"""Bit patterns that have broken engines, by type, and random ones."""

from __future__ import annotations

import random
import struct


def _float(kind: str, value: float) -> int:
    return int.from_bytes(struct.pack("<f" if kind == "f32" else "<d", value), "little")


def _integers(bits: int) -> list[int]:
    top = 1 << (bits - 1)
    small = [0, 1, 2, 3, 5, 8, 9, 31, 32, 63, 64, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF]
    edges = [
        top - 1,
        top,
        top + 1,
        2 * top - 1,
        2 * top - 2,
        2 * top - 128,
        2 * top - 129,
        0x55555555,
        0x7FFFFFFF,
        0x80000000,
    ]
    wide = (
        [0xFFFFFFFF, 0x1_00000000, 0x1_80000000, 0xFFFFFFFF_80000000, 0xFFFFFFFF_7FFFFFFF]
        if bits == 64
        else []
    )
    return [v & (2 * top - 1) for v in small + edges + wide]


def _floats(kind: str) -> list[int]:
    numbers = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 3e38, 2147483647.0, 2147483648.0, 4294967295.0,
               4294967296.0, -2147483648.0, -2147483649.0, 9223372036854775807.0, 18446744073709551615.0,
               -9223372036854775808.0, 4503599627370497.5, float("inf"), float("-inf")]  # fmt: skip
    found = [_float(kind, v) for v in numbers]
    if kind == "f32":
        return [
            *found,
            1,
            0x80000001,
            0x007FFFFF,
            0x7F7FFFFF,
            0x4EFFFFFF,
            0xCF000001,
            0x7FC00000,
            0xFFC00000,
            0x7FA00001,
        ]
    return [*found, 1, 1 << 63 | 1, 0x7FEFFFFFFFFFFFFF, 0x41DFFFFFFFC00000, 0x41EFFFFFFFE00000, 0x43DFFFFFFFFFFFFF,
            0x7FF8000000000000, 0xFFF8000000000000, 0x7FF4000000000001]  # fmt: skip


def _splat(bits: int, value: int) -> int:
    return sum(value << at for at in range(0, 128, bits))


def _vectors() -> list[int]:
    """Vectors with the same edge in all lanes, and with different ones, so that a misplaced lane shows."""
    lanes = {
        8: [0, 1, 7, 8, 15, 16, 31, 0x7F, 0x80, 0x81, 0xFE, 0xFF], 16: _integers(16), 32: _integers(32) + _floats("f32"),
        64: _integers(64) + _floats("f64"),
    }  # fmt: skip
    same = [_splat(bits, value & ((1 << bits) - 1)) for bits, values in lanes.items() for value in values]
    mixed = [
        sum(values[(first + n) % len(values)] % (1 << bits) << bits * n for n in range(128 // bits))
        for bits, values in lanes.items()
        for first in range(len(values))
    ]
    return same + mixed


EDGES = {
    "i32": _integers(32), "i64": _integers(64), "f32": _floats("f32"), "f64": _floats("f64"), "v128": _vectors(),
}  # fmt: skip
BITS = {"i8": 8, "i16": 16, "i32": 32, "f32": 32, "i64": 64, "f64": 64, "v128": 128}
# Operands that become part of the code: one for each size of immediate, and those with forms of their own.
CONSTANTS = {
    "i32": [0, 1, 3, 8, 0xFFFFFFFF, 0x12345, 0x80000000],
    "i64": [0, 1, 5, 64, 0xFFFFFFFFFFFFFFFF, 0x12345, 0x7FFFFFFF, 0x80000000, 0x123456789ABCDEF0],
    "f32": [0, 1 << 31, _float("f32", 1.5), 0x7FC00000],
    "f64": [0, 1 << 63, _float("f64", -2.5), 0x7FF8000000000000],
    "v128": [0, (1 << 128) - 1, int.from_bytes(range(0x78, 0x88), "big"), _splat(32, _float("f32", 1.5))],
}


def pick(chooser: random.Random, kind: str) -> int:
    """An edge or a random value."""
    return chooser.choice(EDGES[kind]) if chooser.random() < 0.7 else chooser.getrandbits(BITS[kind])


def are_equal(kind: str, a: int, b: int) -> bool:
    """Whether the values are equal, or both NaN; `kind` may also be a shape, for lanes as floats."""
    lane, _, count = kind.partition("x")
    bits = BITS[lane]
    return all(
        a >> at & (1 << bits) - 1 == b >> at & (1 << bits) - 1
        or (_is_nan(lane, a >> at) and _is_nan(lane, b >> at))
        for at in range(0, bits * int(count or 1), bits)
    )


def _is_nan(kind: str, bits: int) -> bool:
    """Whether the lowest bits are a NaN of that type."""
    if kind == "f32":
        return bits & 0x7FFFFFFF > 0x7F800000
    return kind == "f64" and bits & 0x7FFFFFFFFFFFFFFF > 0x7FF0000000000000
