"""The comparisons by which test files find out that a value is wrong.

An engine that does not see the difference passes whatever it computes, so these are asked for first. That of
integers is all: numbers of other types are taken by their bits.
"""

from __future__ import annotations

_I32_ZERO, _I64_ZERO = b"\x41\0", b"\x42\0"
_I32_BIT_0, _I32_BIT_31 = b"\x41\1", b"\x41\x80\x80\x80\x80\x78"
_I64_BIT_0, _I64_BIT_63 = b"\x42\1", b"\x42" + 9 * b"\x80" + b"\x7f"
_I32_AND, _I64_AND = b"\x71", b"\x83"
_NOT_I32_ZERO, _NOT_I64_ZERO = _I32_ZERO + b"\x47", _I64_ZERO + b"\x52"  # the constant, then ne
_BITS_OF_F32, _BITS_OF_F64 = b"\xbc", b"\xbd"
_LANE_0, _LANE_1 = b"\xfd\x1d\0", b"\xfd\x1d\1"


def _f32(bits: int) -> bytes:
    return b"\x43" + bits.to_bytes(4, "little")


def _f64(bits: int) -> bytes:
    return b"\x44" + bits.to_bytes(8, "little")


def _v128(bits: int) -> bytes:
    return b"\xfd\x0c" + bits.to_bytes(16, "little")


# A value that is wrong, one that is right, and code that leaves whether the value on the stack is wrong.
COMPARISONS = {
    "i32, lowest bit": (_I32_BIT_0, _I32_ZERO, _NOT_I32_ZERO),
    "i32, highest bit": (_I32_BIT_31, _I32_ZERO, _NOT_I32_ZERO),
    "i32, masked": (_I32_BIT_31, _I32_BIT_0, _I32_BIT_31 + _I32_AND + _NOT_I32_ZERO),
    "i64, lowest bit": (_I64_BIT_0, _I64_ZERO, _NOT_I64_ZERO),
    "i64, highest bit": (_I64_BIT_63, _I64_ZERO, _NOT_I64_ZERO),
    "i64, masked": (_I64_BIT_63, _I64_BIT_0, _I64_BIT_63 + _I64_AND + _NOT_I64_ZERO),
    "f32": (_f32(1 << 31), _f32(0), _BITS_OF_F32 + _NOT_I32_ZERO),
    "f64": (_f64(1 << 63), _f64(0), _BITS_OF_F64 + _NOT_I64_ZERO),
    "v128, low half": (_v128(1), _v128(1 << 64), _LANE_0 + _NOT_I64_ZERO),
    "v128, high half": (_v128(1 << 127), _v128(1), _LANE_1 + _NOT_I64_ZERO),
}
