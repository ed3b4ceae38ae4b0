"""Vectors (§5.4.8), and those whose results depend on the processor (relaxed)."""

from linocut_isa.row import define

_UNARY, _BINARY, _TERNARY = "a:v128 -- r:v128", "a:v128 b:v128 -- r:v128", "a:v128 b:v128 c:v128 -- r:v128"
_TEST, _SHIFT = "a:v128 -- r:i32", "a:v128 n:i32 -- r:v128"
_LOAD, _LOAD_LANE, _STORE_LANE = "p:i32 -- r:v128", "p:i32 v:v128 -- r:v128", "p:i32 v:v128 --"
_SHAPES = {"i8x16": "i32", "i16x8": "i32", "i32x4": "i32", "i64x2": "i64", "f32x4": "f32", "f64x2": "f64"}
_FIRST_RELAXED = 0x100


def _define(name: str, number: int, signature: str, *, imm: str = "", align: int = 0) -> None:
    feature = "simd" if number < _FIRST_RELAXED else "relaxed-simd"
    define(name, (0xFD, number), signature, imm=imm, align=align, feature=feature)


def _define_row(prefix: str, first: int, signature: str, *names: str) -> None:
    """Opcodes whose numbers follow each other; an empty name leaves one out."""
    for number, name in enumerate(names, first):
        if name:
            _define(f"{prefix}.{name}", number, signature)


# ── memory ───────────────────────────────────────────────────────────────────
_define("v128.load", 0x00, _LOAD, imm="memarg:read", align=4)
for _number, _lanes in enumerate(("8x8", "16x4", "32x2")):
    for _sign in ("s", "u"):
        _define(
            f"v128.load{_lanes}_{_sign}", 1 + 2 * _number + (_sign == "u"), _LOAD, imm="memarg:read", align=3
        )
for _align, _bits in enumerate((8, 16, 32, 64)):
    _define(f"v128.load{_bits}_splat", 0x07 + _align, _LOAD, imm="memarg:read", align=_align)
_define("v128.store", 0x0B, "p:i32 v:v128 --", imm="memarg:write", align=4)
for _align, _bits in enumerate((8, 16, 32, 64)):
    _define(f"v128.load{_bits}_lane", 0x54 + _align, _LOAD_LANE, imm="memarg:read lane", align=_align)
    _define(f"v128.store{_bits}_lane", 0x58 + _align, _STORE_LANE, imm="memarg:write lane", align=_align)
_define("v128.load32_zero", 0x5C, _LOAD, imm="memarg:read", align=2)
_define("v128.load64_zero", 0x5D, _LOAD, imm="memarg:read", align=3)

# ── constants and lanes ──────────────────────────────────────────────────────
define("v128.const", (0xFD, 0x0C), "-- r:v128", imm="v128", constant=True, feature="simd")
_define("i8x16.shuffle", 0x0D, _BINARY, imm="lanes")
_define("i8x16.swizzle", 0x0E, _BINARY)
for _number, (_shape, _lane) in enumerate(_SHAPES.items(), 0x0F):
    _define(f"{_shape}.splat", _number, f"a:{_lane} -- r:v128")
_number = 0x15
for _shape, _lane in _SHAPES.items():
    for _suffix in ("_s", "_u") if _shape in ("i8x16", "i16x8") else ("",):
        _define(f"{_shape}.extract_lane{_suffix}", _number, f"a:v128 -- r:{_lane}", imm="lane")
        _number += 1
    _define(f"{_shape}.replace_lane", _number, f"a:v128 b:{_lane} -- r:v128", imm="lane")
    _number += 1

# ── comparisons ──────────────────────────────────────────────────────────────
_INTEGER_COMPARISONS = ("eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u")
_FLOAT_COMPARISONS = ("eq", "ne", "lt", "gt", "le", "ge")
_define_row("i8x16", 0x23, _BINARY, *_INTEGER_COMPARISONS)
_define_row("i16x8", 0x2D, _BINARY, *_INTEGER_COMPARISONS)
_define_row("i32x4", 0x37, _BINARY, *_INTEGER_COMPARISONS)
_define_row("i64x2", 0xD6, _BINARY, "eq", "ne", "lt_s", "gt_s", "le_s", "ge_s")
_define_row("f32x4", 0x41, _BINARY, *_FLOAT_COMPARISONS)
_define_row("f64x2", 0x47, _BINARY, *_FLOAT_COMPARISONS)

# ── the vector as bits ───────────────────────────────────────────────────────
_define_row("v128", 0x4D, _UNARY, "not")
_define_row("v128", 0x4E, _BINARY, "and", "andnot", "or", "xor")
_define_row("v128", 0x52, _TERNARY, "bitselect")
_define_row("v128", 0x53, _TEST, "any_true")

# ── integers ─────────────────────────────────────────────────────────────────
_define_row("i8x16", 0x60, _UNARY, "abs", "neg", "popcnt")
_define_row("i8x16", 0x63, _TEST, "all_true", "bitmask")
_define_row("i8x16", 0x65, _BINARY, "narrow_i16x8_s", "narrow_i16x8_u")
_define_row("i8x16", 0x6B, _SHIFT, "shl", "shr_s", "shr_u")
_define_row(
    "i8x16", 0x6E, _BINARY, "add", "add_sat_s", "add_sat_u", "sub", "sub_sat_s", "sub_sat_u", "", "",
    "min_s", "min_u", "max_s", "max_u", "", "avgr_u",
)  # fmt: skip

_define_row("i16x8", 0x7C, _UNARY, "extadd_pairwise_i8x16_s", "extadd_pairwise_i8x16_u")
_define_row("i32x4", 0x7E, _UNARY, "extadd_pairwise_i16x8_s", "extadd_pairwise_i16x8_u")


def _define_integers(shape: str, first: int, half: str) -> None:
    """What the three wider shapes have in the same order."""
    _define_row(shape, first, _UNARY, "abs", "neg")
    _define_row(shape, first + 3, _TEST, "all_true", "bitmask")
    parts = [f"{part}_{half}_{sign}" for sign in "su" for part in ("low", "high")]
    _define_row(shape, first + 7, _UNARY, *(f"extend_{part}" for part in parts))
    _define_row(shape, first + 0xB, _SHIFT, "shl", "shr_s", "shr_u")
    _define_row(shape, first + 0xE, _BINARY, "add")
    _define_row(shape, first + 0x11, _BINARY, "sub")
    _define_row(shape, first + 0x15, _BINARY, "mul")
    _define_row(shape, first + 0x1C, _BINARY, *(f"extmul_{part}" for part in parts))


_define_integers("i16x8", 0x80, "i8x16")
_define_integers("i32x4", 0xA0, "i16x8")
_define_integers("i64x2", 0xC0, "i32x4")
_define_row("i16x8", 0x82, _BINARY, "q15mulr_sat_s")
_define_row("i16x8", 0x85, _BINARY, "narrow_i32x4_s", "narrow_i32x4_u")
_define_row("i16x8", 0x8F, _BINARY, "add_sat_s", "add_sat_u", "", "sub_sat_s", "sub_sat_u")
_define_row("i16x8", 0x96, _BINARY, "min_s", "min_u", "max_s", "max_u", "", "avgr_u")
_define_row("i32x4", 0xB6, _BINARY, "min_s", "min_u", "max_s", "max_u", "dot_i16x8_s")

# ── floats ───────────────────────────────────────────────────────────────────
_define_row("f32x4", 0x67, _UNARY, "ceil", "floor", "trunc", "nearest")
_define_row("f64x2", 0x74, _UNARY, "ceil", "floor", "", "", "", "", "trunc")
_define_row("f64x2", 0x94, _UNARY, "nearest")
for _shape, _first in (("f32x4", 0xE0), ("f64x2", 0xEC)):
    _define_row(_shape, _first, _UNARY, "abs", "neg", "", "sqrt")
    _define_row(_shape, _first + 4, _BINARY, "add", "sub", "mul", "div", "min", "max", "pmin", "pmax")

# ── conversions ──────────────────────────────────────────────────────────────
_define_row("f32x4", 0x5E, _UNARY, "demote_f64x2_zero")
_define_row("f64x2", 0x5F, _UNARY, "promote_low_f32x4")
_define_row("i32x4", 0xF8, _UNARY, "trunc_sat_f32x4_s", "trunc_sat_f32x4_u")
_define_row("f32x4", 0xFA, _UNARY, "convert_i32x4_s", "convert_i32x4_u")
_define_row("i32x4", 0xFC, _UNARY, "trunc_sat_f64x2_s_zero", "trunc_sat_f64x2_u_zero")
_define_row("f64x2", 0xFE, _UNARY, "convert_low_i32x4_s", "convert_low_i32x4_u")

# ── relaxed ──────────────────────────────────────────────────────────────────
_define_row("i8x16", 0x100, _BINARY, "relaxed_swizzle")
_define_row("i32x4", 0x101, _UNARY, "relaxed_trunc_f32x4_s", "relaxed_trunc_f32x4_u")
_define_row("i32x4", 0x103, _UNARY, "relaxed_trunc_f64x2_s_zero", "relaxed_trunc_f64x2_u_zero")
_define_row("f32x4", 0x105, _TERNARY, "relaxed_madd", "relaxed_nmadd")
_define_row("f64x2", 0x107, _TERNARY, "relaxed_madd", "relaxed_nmadd")
for _number, _shape in enumerate(("i8x16", "i16x8", "i32x4", "i64x2"), 0x109):
    _define_row(_shape, _number, _TERNARY, "relaxed_laneselect")
_define_row("f32x4", 0x10D, _BINARY, "relaxed_min", "relaxed_max")
_define_row("f64x2", 0x10F, _BINARY, "relaxed_min", "relaxed_max")
_define_row("i16x8", 0x111, _BINARY, "relaxed_q15mulr_s", "relaxed_dot_i8x16_i7x16_s")
_define_row("i32x4", 0x113, _TERNARY, "relaxed_dot_i8x16_i7x16_add_s")
