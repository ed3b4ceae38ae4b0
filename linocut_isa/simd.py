"""Vector instructions (§5.4.8), also relaxed ones, which leave some results to the engine.

The body of a relaxed row gives one of the results that are allowed, and its deterministic one that of the
deterministic profile; docs/rationale.md says which and why.
"""

from __future__ import annotations

from typing import Final

from linocut_isa.row import define

_UNARY, _BINARY, _TERNARY = "a:v128 -- r:v128", "a:v128 b:v128 -- r:v128", "a:v128 b:v128 c:v128 -- r:v128"
_TEST, _SHIFT = "a:v128 -- r:i32", "a:v128 n:i32 -- r:v128"
_LOAD, _LOAD_LANE, _STORE_LANE = "p:$address -- r:v128", "p:$address v:v128 -- r:v128", "p:$address v:v128 --"
_FIRST_RELAXED = 0x100

# For each shape: the C type of its lanes as signed and as unsigned numbers, and the WebAssembly type of one
# lane. A shape of floats is a C type itself.
_SIGNED: Final = {"i8x16": "s8x16", "i16x8": "s16x8", "i32x4": "s32x4", "i64x2": "s64x2"}
_UNSIGNED: Final = {shape: f"u{type_[1:]}" for shape, type_ in _SIGNED.items()}
_FLOATS: Final = ("f32x4", "f64x2")
_LANES: Final = {
    "i8x16": "i32", "i16x8": "i32", "i32x4": "i32", "i64x2": "i64", "f32x4": "f32", "f64x2": "f64",
}  # fmt: skip


def _types(shape: str) -> tuple[str, str]:
    return _SIGNED[shape], _UNSIGNED[shape]


def _lane_type(type_: str) -> str:
    """``u8x16`` → ``u8``."""
    return type_.partition("x")[0]


def _count(type_: str) -> int:
    """``u8x16`` → 16."""
    return int(type_.partition("x")[2])


def _wide(type_: str, times: int = 1) -> str:
    """Lanes of twice the width, half as many or (`times` 2) as many: ``u8x16`` → ``u16x8``, ``u16x16``."""
    return f"{type_[0]}{2 * int(_lane_type(type_)[1:])}x{_count(type_) * times // 2}"


def _define(
    name: str, number: int, signature: str, body: str = "", *, imm: str = "", align: int = 0,
    commutative: bool = False, deterministic: str = "", fused: str = "",
) -> None:  # fmt: skip
    feature = "simd" if number < _FIRST_RELAXED else "relaxed-simd"
    shape = name.partition(".")[0]
    lanes = _count(shape) if shape in _LANES else 16 >> align
    is_arithmetic = shape in _FLOATS and name.removeprefix(f"{shape}.") in _ARITHMETIC
    define(
        name, (0xFD, number), signature, body, imm=imm, align=align, lanes=lanes, feature=feature,
        commutative=commutative, nan=_LANES[shape] if is_arithmetic else "", deterministic=deterministic,
        fused=fused,
    )  # fmt: skip


def _define_row(
    prefix: str,
    first: int,
    signature: str,
    bodies: dict[str, str],
    deterministic: dict[str, str] | None = None,
) -> None:
    """Define opcodes whose numbers follow each other.

    `bodies` has the C of each one's result, by name; `deterministic` that of the deterministic profile.
    """
    for number, (name, result) in enumerate(bodies.items(), first):
        cast = "" if signature == _TEST else "(v128)"
        fixed = (deterministic or {}).get(name, "")
        _define(
            f"{prefix}.{name}", number, signature, f"r = {cast}{result}",
            commutative=signature == _BINARY and name in _COMMUTATIVE,
            deterministic=fixed and f"r = {cast}{fixed}",
        )  # fmt: skip


# What may give NaNs of any bits (§4.3.3).
_ARITHMETIC: Final = {
    "add", "sub", "mul", "div", "sqrt", "min", "max", "ceil", "floor", "trunc", "nearest",
    "demote_f64x2_zero", "promote_low_f32x4", "relaxed_madd", "relaxed_nmadd", "relaxed_min", "relaxed_max",
}  # fmt: skip


_COMMUTATIVE: Final = {
    "add", "add_sat_s", "add_sat_u", "and", "avgr_u", "dot_i16x8_s", "eq", "max_s", "max_u", "min_s", "min_u",
    "mul", "ne", "or", "q15mulr_sat_s", "xor",
}  # fmt: skip


def _operator(type_: str, operator: str) -> str:
    return f"(({type_})a {operator} ({type_})b)"


# ── memory ───────────────────────────────────────────────────────────────────
_define("v128.load", 0x00, _LOAD, "r = LOAD(v128, p)", imm="memarg:read", align=4)
for _number, _lanes in enumerate(("8x8", "16x4", "32x2")):
    for _sign in "su":
        _type = f"{_sign}{_lanes}"
        _define(
            f"v128.load{_lanes}_{_sign}", 1 + 2 * _number + (_sign == "u"), _LOAD,
            f"r = (v128)CONVERT({_wide(_type, 2)}, LOAD({_type}, p))", imm="memarg:read", align=3,
        )  # fmt: skip
for _align, _type in enumerate(_UNSIGNED.values()):
    _lane = _lane_type(_type)
    _bits = _lane[1:]
    _define(
        f"v128.load{_bits}_splat", 0x07 + _align, _LOAD, f"r = (v128)SPLAT({_type}, LOAD({_lane}, p))",
        imm="memarg:read", align=_align,
    )  # fmt: skip
    _define(
        f"v128.load{_bits}_lane", 0x54 + _align, _LOAD_LANE,
        f"r = REPLACE({_type}, v, lane, LOAD({_lane}, p))", imm="memarg:read lane", align=_align,
    )  # fmt: skip
    _define(
        f"v128.store{_bits}_lane", 0x58 + _align, _STORE_LANE, f"STORE({_lane}, p, (({_type})v)[lane])",
        imm="memarg:write lane", align=_align,
    )  # fmt: skip
_define("v128.store", 0x0B, "p:$address v:v128 --", "STORE(v128, p, v)", imm="memarg:write", align=4)
_define("v128.load32_zero", 0x5C, _LOAD, "r = (v128)(u32x4){LOAD(u32, p)}", imm="memarg:read", align=2)
_define("v128.load64_zero", 0x5D, _LOAD, "r = (v128){LOAD(u64, p)}", imm="memarg:read", align=3)

# ── constants and lanes ──────────────────────────────────────────────────────
define("v128.const", (0xFD, 0x0C), "-- r:v128", imm="v128", constant=True, feature="simd")
_define("i8x16.shuffle", 0x0D, _BINARY, "r = SHUFFLE(a, b, lanes)", imm="lanes")
_define("i8x16.swizzle", 0x0E, _BINARY, "r = (v128)SWIZZLE(a, b)")
for _number, (_shape, _lane) in enumerate(_LANES.items(), 0x0F):
    _type = _UNSIGNED.get(_shape, _shape)
    _splat = f"SPLAT({_type}, ({_lane_type(_type)})a)"
    if _shape in _FLOATS:  # SPLAT adds the value to 0, which makes 0 of -0
        _splat = f"({_type}){{{', '.join(['a'] * _count(_type))}}}"
    _define(f"{_shape}.splat", _number, f"a:{_lane} -- r:v128", f"r = (v128){_splat}")
_number = 0x15
for _shape, _lane in _LANES.items():
    _type = _UNSIGNED.get(_shape, _shape)
    _signs = {"_s": _SIGNED[_shape], "_u": _type} if _shape in ("i8x16", "i16x8") else {"": _type}
    for _suffix, _extracted in _signs.items():
        _define(
            f"{_shape}.extract_lane{_suffix}", _number, f"a:v128 -- r:{_lane}",
            f"r = (({_extracted})a)[lane]", imm="lane",
        )  # fmt: skip
        _number += 1
    _define(
        f"{_shape}.replace_lane", _number, f"a:v128 b:{_lane} -- r:v128",
        f"r = REPLACE({_type}, a, lane, ({_lane_type(_type)})b)", imm="lane",
    )  # fmt: skip
    _number += 1

# ── comparisons ──────────────────────────────────────────────────────────────
_RELATIONS: Final = {"lt": "<", "gt": ">", "le": "<=", "ge": ">="}


def _equalities(type_: str) -> dict[str, str]:
    return {"eq": _operator(type_, "=="), "ne": _operator(type_, "!=")}


for _shape, _first in (("i8x16", 0x23), ("i16x8", 0x2D), ("i32x4", 0x37)):
    _rows = _equalities(_UNSIGNED[_shape])
    for _name, _relation in _RELATIONS.items():
        _rows |= {f"{_name}_{type_[0]}": _operator(type_, _relation) for type_ in _types(_shape)}
    _define_row(_shape, _first, _BINARY, _rows)
_rows = {f"{name}_s": _operator("s64x2", relation) for name, relation in _RELATIONS.items()}
_define_row("i64x2", 0xD6, _BINARY, _equalities("u64x2") | _rows)
for _shape, _first in (("f32x4", 0x41), ("f64x2", 0x47)):
    _rows = {name: _operator(_shape, relation) for name, relation in _RELATIONS.items()}
    _define_row(_shape, _first, _BINARY, _equalities(_shape) | _rows)

# ── the vector as bits ───────────────────────────────────────────────────────
_define_row("v128", 0x4D, _UNARY, {"not": "~a"})
_define_row(
    "v128", 0x4E, _BINARY, {"and": "(a & b)", "andnot": "(a & ~b)", "or": "(a | b)", "xor": "(a ^ b)"}
)
_define_row("v128", 0x52, _TERNARY, {"bitselect": "CHOOSE(c, a, b)"})
_define_row("v128", 0x53, _TEST, {"any_true": "HAS_BITS(a)"})


# ── integers ─────────────────────────────────────────────────────────────────
def _define_integers(shape: str, first: int) -> None:
    """Define what all four shapes have, at the same distances from their first number."""
    signed, unsigned = _types(shape)
    negative = f"(-({unsigned})a)"
    _define_row(
        shape, first, _UNARY,
        {"abs": f"GREATER({signed}, ({signed})a, ({signed}){negative})", "neg": negative},
    )  # fmt: skip
    _define_row(
        shape, first + 3, _TEST,
        {"all_true": f"!HAS_BITS(({unsigned})a == 0)", "bitmask": f"SIGNS_{signed[1:].upper()}(a)"},
    )  # fmt: skip
    _define_row(
        shape, first + 0xB, _SHIFT,
        {"shl": _shift(unsigned, "<<"), "shr_s": _shift(signed, ">>"), "shr_u": _shift(unsigned, ">>")},
    )  # fmt: skip
    _define_row(shape, first + 0xE, _BINARY, {"add": _operator(unsigned, "+")})
    _define_row(shape, first + 0x11, _BINARY, {"sub": _operator(unsigned, "-")})


def _shift(type_: str, operator: str) -> str:
    return f"SHIFT({type_}, {_lane_type(type_)}, a, {operator}, n)"


def _define_wider_integers(shape: str, first: int, half: str) -> None:
    """Define what the three shapes have whose lanes are twice as wide as those of another shape, `half`."""
    _define_row(shape, first + 0x15, _BINARY, {"mul": _operator(_UNSIGNED[shape], "*")})
    parts = [(f"{part}_{half}_{t[0]}", part, t) for t in _types(half) for part in ("low", "high")]
    _define_row(
        shape, first + 7, _UNARY, {f"extend_{name}": _extend(part, t, "a") for name, part, t in parts}
    )
    _define_row(
        shape, first + 0x1C, _BINARY,
        {f"extmul_{name}": f"({_extend(part, t, 'a')} * {_extend(part, t, 'b')})" for name, part, t in parts},
    )  # fmt: skip


def _extend(part: str, type_: str, operand: str) -> str:
    return f"CONVERT({_wide(type_)}, {part.upper()}_{_count(type_)}(({type_}){operand}))"


def _saturated(type_: str, operation: str) -> str:
    """A saturating operation, calculated in lanes of twice the width, which hold every result."""
    wide = _wide(type_, 2)
    result = f"CONVERT({wide}, ({type_})a) {operation} CONVERT({wide}, ({type_})b)"
    return f"CONVERT({type_}, CLAMP({wide}, {result}, {_range(type_)}))"


def _range(type_: str) -> str:
    bits = int(_lane_type(type_)[1:])
    least = -1 << (bits - 1) if type_[0] == "s" else 0
    return f"{least}, {least + (1 << bits) - 1}"


def _narrow(shape: str, half: str) -> dict[str, str]:
    """The lanes of both operands, saturated to half the width."""
    wide = _SIGNED[shape]
    joined = f"JOIN_{_count(wide)}(({wide})a, ({wide})b)"
    long = f"{_lane_type(wide)}x{2 * _count(wide)}"
    return {
        f"narrow_{shape}_{t[0]}": f"CONVERT({t}, CLAMP({long}, {joined}, {_range(t)}))" for t in _types(half)
    }


def _extremes(shape: str) -> dict[str, str]:
    return {
        f"{name}_{type_[0]}": f"{word}({type_}, ({type_})a, ({type_})b)"
        for name, word in (("min", "LESSER"), ("max", "GREATER"))
        for type_ in _types(shape)
    }


def _define_narrow_integers(shape: str, add_sat: int, sub_sat: int, extremes: int, average: int) -> None:
    """Define what the two narrowest shapes have besides; the arguments are the first numbers of each kind."""
    signed, type_ = _types(shape)
    sum_ = f"(({type_})a + LESSER({type_}, ({type_})b, ~({type_})a))"
    difference = f"(GREATER({type_}, ({type_})a, ({type_})b) - ({type_})b)"
    _define_row(shape, add_sat, _BINARY, {"add_sat_s": _saturated(signed, "+"), "add_sat_u": sum_})
    _define_row(shape, sub_sat, _BINARY, {"sub_sat_s": _saturated(signed, "-"), "sub_sat_u": difference})
    _define_row(shape, extremes, _BINARY, _extremes(shape))
    wide = _wide(type_, 2)
    sum_ = f"CONVERT({wide}, ({type_})a) + CONVERT({wide}, ({type_})b) + 1"
    _define_row(shape, average, _BINARY, {"avgr_u": f"CONVERT({type_}, ({sum_}) >> 1)"})


for _shape, _first in (("i8x16", 0x60), ("i16x8", 0x80), ("i32x4", 0xA0), ("i64x2", 0xC0)):
    _define_integers(_shape, _first)
for _shape, _first, _half in (("i16x8", 0x80, "i8x16"), ("i32x4", 0xA0, "i16x8"), ("i64x2", 0xC0, "i32x4")):
    _define_wider_integers(_shape, _first, _half)
_define_narrow_integers("i8x16", 0x6F, 0x72, 0x76, 0x7B)
_define_narrow_integers("i16x8", 0x8F, 0x92, 0x96, 0x9B)
_define_row("i32x4", 0xB6, _BINARY, _extremes("i32x4") | {"dot_i16x8_s": "DOT_16X8(a, b)"})
_define_row("i8x16", 0x62, _UNARY, {"popcnt": "POPCNT_8X16(a)"})
_define_row("i8x16", 0x65, _BINARY, _narrow("i16x8", "i8x16"))
_define_row("i16x8", 0x85, _BINARY, _narrow("i32x4", "i16x8"))
for _shape, _half, _first in (("i16x8", "i8x16", 0x7C), ("i32x4", "i16x8", 0x7E)):
    _rows = {f"extadd_pairwise_{_half}_{t[0]}": f"PAIR_SUMS_{t.upper()}(a)" for t in _types(_half)}
    _define_row(_shape, _first, _UNARY, _rows)
_PRODUCT = "MULTIPLY_Q15(a, b)"
_PRODUCT_SAT = f"({_PRODUCT} ^ ({_PRODUCT} == -0x8000))"
_define_row("i16x8", 0x82, _BINARY, {"q15mulr_sat_s": _PRODUCT_SAT})

# ── floats ───────────────────────────────────────────────────────────────────
_define_row(
    "f32x4", 0x67, _UNARY, {n: f"{n.upper()}_32X4((f32x4)a)" for n in ("ceil", "floor", "trunc", "nearest")}
)
_define_row("f64x2", 0x74, _UNARY, {n: f"{n.upper()}_64X2((f64x2)a)" for n in ("ceil", "floor")})
_define_row("f64x2", 0x7A, _UNARY, {"trunc": "TRUNC_64X2((f64x2)a)"})
_define_row("f64x2", 0x94, _UNARY, {"nearest": "NEAREST_64X2((f64x2)a)"})


def _define_floats(shape: str, first: int) -> None:
    unsigned, suffix = f"u{shape[1:]}", shape[1:].upper()
    sign = f"SIGN{_lane_type(shape)[1:]}"
    operands = f"({shape})a, ({shape})b"
    swapped = f"({shape})b, ({shape})a"
    _define_row(
        shape, first, _UNARY, {"abs": f"(({unsigned})a & ~{sign})", "neg": f"(({unsigned})a ^ {sign})"}
    )
    _define_row(shape, first + 3, _UNARY, {"sqrt": f"SQRT_{suffix}(({shape})a)"})
    _define_row(
        shape, first + 4, _BINARY,
        {
            "add": _operator(shape, "+"), "sub": _operator(shape, "-"), "mul": _operator(shape, "*"),
            "div": _operator(shape, "/"),
            "min": f"MIN_{suffix}({operands})", "max": f"MAX_{suffix}({operands})",
            "pmin": f"LESS_{suffix}({swapped})", "pmax": f"MORE_{suffix}({swapped})",
        },
    )  # fmt: skip


_define_floats("f32x4", 0xE0)
_define_floats("f64x2", 0xEC)

# ── conversions ──────────────────────────────────────────────────────────────
_define_row("f32x4", 0x5E, _UNARY, {"demote_f64x2_zero": "JOIN_2(CONVERT(f32x2, (f64x2)a), (f32x2){})"})
_define_row("f64x2", 0x5F, _UNARY, {"promote_low_f32x4": "CONVERT(f64x2, LOW_4((f32x4)a))"})
_define_row(
    "i32x4", 0xF8, _UNARY, {f"trunc_sat_f32x4_{s}": f"TRUNC_SAT_{s.upper()}_32X4((f32x4)a)" for s in "su"}
)
_define_row(
    "f32x4",
    0xFA,
    _UNARY,
    {"convert_i32x4_s": "CONVERT(f32x4, (s32x4)a)", "convert_i32x4_u": "CONVERT_U_32X4(a)"},
)
_define_row(
    "i32x4",
    0xFC,
    _UNARY,
    {f"trunc_sat_f64x2_{s}_zero": f"TRUNC_SAT_{s.upper()}_64X2((f64x2)a)" for s in "su"},
)
_define_row(
    "f64x2", 0xFE, _UNARY, {f"convert_low_i32x4_{s}": f"CONVERT(f64x2, LOW_4(({s}32x4)a))" for s in "su"}
)

# ── relaxed ──────────────────────────────────────────────────────────────────
_define_row(
    "i8x16", 0x100, _BINARY, {"relaxed_swizzle": "SWIZZLE_MODULO(a, b)"}, {"relaxed_swizzle": "SWIZZLE(a, b)"}
)
_define_row(
    "i32x4", 0x101, _UNARY,
    {
        "relaxed_trunc_f32x4_s": "TRUNC_S_32X4((f32x4)a)",
        "relaxed_trunc_f32x4_u": "TRUNC_SAT_U_32X4((f32x4)a)",
        "relaxed_trunc_f64x2_s_zero": "TRUNC_S_64X2((f64x2)a)",
        "relaxed_trunc_f64x2_u_zero": "TRUNC_SAT_U_64X2((f64x2)a)",
    },
    {
        "relaxed_trunc_f32x4_s": "TRUNC_SAT_S_32X4((f32x4)a)",
        "relaxed_trunc_f64x2_s_zero": "TRUNC_SAT_S_64X2((f64x2)a)",
    },
)  # fmt: skip
for _shape, _first in (("f32x4", 0x105), ("f64x2", 0x107)):
    _product, _suffix = _operator(_shape, "*"), _shape[1:].upper()
    for _number, (_name, _sum, _sign) in enumerate(
        [("madd", f"({_product} + ({_shape})c)", ""), ("nmadd", f"(({_shape})c - {_product})", "-")], _first
    ):
        _define(
            f"{_shape}.relaxed_{_name}", _number, _TERNARY, f"r = (v128){_sum}",
            fused=f"r = (v128)FUSED_{_suffix}({_sign}({_shape})a, ({_shape})b, ({_shape})c)",
        )  # fmt: skip
for _number, (_shape, _type) in enumerate(_SIGNED.items(), 0x109):
    _define_row(_shape, _number, _TERNARY, {"relaxed_laneselect": "CHOOSE(c, a, b)"})
for _shape, _first in (("f32x4", 0x10D), ("f64x2", 0x10F)):
    _suffix = _shape[1:].upper()
    _operands = f"({_shape})a, ({_shape})b"
    _define_row(
        _shape, _first, _BINARY,
        {"relaxed_min": f"LESS_{_suffix}({_operands})", "relaxed_max": f"MORE_{_suffix}({_operands})"},
        {"relaxed_min": f"MIN_{_suffix}({_operands})", "relaxed_max": f"MAX_{_suffix}({_operands})"},
    )  # fmt: skip
_define_row(
    "i16x8", 0x111, _BINARY,
    {"relaxed_q15mulr_s": _PRODUCT, "relaxed_dot_i8x16_i7x16_s": "DOT_8X16(a, b)"},
    {"relaxed_q15mulr_s": _PRODUCT_SAT, "relaxed_dot_i8x16_i7x16_s": "DOT_S8X16(a, b)"},
)  # fmt: skip
_define_row(
    "i32x4", 0x113, _TERNARY,
    {"relaxed_dot_i8x16_i7x16_add_s": "(DOT_16X8(DOT_8X16(a, b), SPLAT(s16x8, 1)) + (s32x4)c)"},
    {"relaxed_dot_i8x16_i7x16_add_s": "DOT_ADD_S8X16(a, b, c)"},
)  # fmt: skip
