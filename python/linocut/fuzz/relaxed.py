"""Operands for which a relaxed row has one result only, so that it can be compared between engines.

What such a row does with others, its processor or engine decides.
"""

from __future__ import annotations

from typing import Any

from linocut.fuzz.lanes import join

Step = tuple[str, Any]  # an opcode and its immediate
Steps = tuple[Step, ...]
"""What makes such an operand of any vector, or of what the steps before leave on the stack."""


def _masked(byte: int, width: int = 8) -> Steps:
    """Only some bits of each lane."""
    return (("v128.const", join([byte] * (128 // width), width)), ("v128.and", None))


def _shifted(shape: str, count: int) -> Steps:
    """The uppermost bits of each lane as a small number; the very last as a mask of all or no bits."""
    return (("i32.const", count), (f"{shape}.shr_s", None))


def _scaled(shape: str, by: int, width: int) -> Steps:
    return (("v128.const", join([by] * (128 // width), width)), (f"{shape}.mul", None))


_ANY: Steps = ()
# Whole numbers, without a negative zero. Sums and products of these are never rounded, so that it does not
# matter how often that would be done.
_WHOLE_F32 = (*_shifted("i32x4", 21), ("f32x4.convert_i32x4_s", None))
_WHOLE_F64 = (*_shifted("i32x4", 8), ("f64x2.convert_low_i32x4_s", None))
# Numbers that are in the range of both kinds of i32, with something behind the point.
_IN_RANGE_F32 = (
    *(*_masked(0xFFFFFF, 32), ("f32x4.convert_i32x4_s", None)),
    *_scaled("f32x4", 0x3EC00000, 32),
)
_IN_RANGE_F64 = (
    *(*_masked(0x7FFFFFFF, 32), ("f64x2.convert_low_i32x4_u", None)),
    *_scaled("f64x2", 0x3FD8000000000000, 64),
)

_TERNARY_F32, _TERNARY_F64 = (_WHOLE_F32,) * 3, (_WHOLE_F64,) * 3

OPERANDS: dict[str, tuple[Steps, ...]] = {
    "i8x16.relaxed_swizzle": (_ANY, _masked(0x8F)),  # 16 to 127: 0 or modulo 16
    "i32x4.relaxed_trunc_f32x4_s": (_IN_RANGE_F32,),
    "i32x4.relaxed_trunc_f32x4_u": (_IN_RANGE_F32,),
    "i32x4.relaxed_trunc_f64x2_s_zero": (_IN_RANGE_F64,),
    "i32x4.relaxed_trunc_f64x2_u_zero": (_IN_RANGE_F64,),
    "f32x4.relaxed_madd": _TERNARY_F32,
    "f32x4.relaxed_nmadd": _TERNARY_F32,
    "f64x2.relaxed_madd": _TERNARY_F64,
    "f64x2.relaxed_nmadd": _TERNARY_F64,
    # A mask has all bits of a lane or none: others count one by one, or by the uppermost.
    "i8x16.relaxed_laneselect": (_ANY, _ANY, _shifted("i8x16", 7)),
    "i16x8.relaxed_laneselect": (_ANY, _ANY, _shifted("i16x8", 15)),
    "i32x4.relaxed_laneselect": (_ANY, _ANY, _shifted("i32x4", 31)),
    "i64x2.relaxed_laneselect": (_ANY, _ANY, _shifted("i64x2", 63)),
    # Neither NaN nor zeros of both signs.
    "f32x4.relaxed_min": (_WHOLE_F32, _WHOLE_F32),
    "f32x4.relaxed_max": (_WHOLE_F32, _WHOLE_F32),
    "f64x2.relaxed_min": (_WHOLE_F64, _WHOLE_F64),
    "f64x2.relaxed_max": (_WHOLE_F64, _WHOLE_F64),
    "i16x8.relaxed_q15mulr_s": (_ANY, _masked(0x7FFF, 16)),  # -1 * -1 is no i16
    # The second one's lanes have 7 bits, by the name: the eighth is a sign to some.
    "i16x8.relaxed_dot_i8x16_i7x16_s": (_ANY, _masked(0x7F)),
    "i32x4.relaxed_dot_i8x16_i7x16_add_s": (_ANY, _masked(0x7F), _ANY),
}
"""For each relaxed row the steps of each operand."""
