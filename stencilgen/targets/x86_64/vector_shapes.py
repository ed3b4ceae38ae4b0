"""Shapes of the rows about v128, most of which one instruction of the baseline carries out.

What is not here is compiled from its row's C body.
"""

from __future__ import annotations

from typing import Final

Shape = tuple[str, dict[str, str], dict[str, str]]

_INTEGERS: Final = {"i8x16": "b", "i16x8": "w", "i32x4": "d", "i64x2": "q"}
_FLOATS: Final = {"f32x4": "ps", "f64x2": "pd"}


def _binary(op: str, **facts: str) -> Shape:
    forms = {"rr": f"{op} {{s:x}}, {{d:x}}", "rc": f"{op} {{disp}}(%rip), {{d:x}}"}
    return "vector_binary", forms | three_operands(op), facts


def three_operands(op: str) -> dict[str, str]:
    """AVX's forms: the result may go to a third register, and operands in memory need not be aligned."""
    return {
        "rrr": f"v{op} {{s:x}}, {{a:x}}, {{d:x}}",
        "rrc": f"v{op} {{disp}}(%rip), {{a:x}}, {{d:x}}",
        "rrs": f"v{op} {{disp}}(%rsp), {{a:x}}, {{d:x}}",
        "rrm": f"v{op} {{disp}}(%r12,{{i:q}}), {{a:x}}, {{d:x}}",
    }


def _compare(op: str, **facts: str) -> Shape:
    """A comparison of floats. Its predicate is a byte behind any displacement, so no form takes a literal."""
    return "vector_binary", {"rr": f"{op} {{s:x}}, {{d:x}}", "rrr": f"v{op} {{s:x}}, {{a:x}}, {{d:x}}"}, facts


def _swapped(op: str) -> Shape:
    """An instruction that takes the row's operands the other way round."""
    return _binary(op, is_swapped="true")


def _unary(op: str, destination: str = "x") -> Shape:
    return "vector_unary", {"rr": f"{op} {{s:x}}, {{d:{destination}}}"}, {}


def _shift(op: str) -> Shape:
    return "vector_shift", {"by_imm": f"{op} {{imm8}}, {{d:x}}", "by_vector": f"{op} {{s:x}}, {{d:x}}"}, {}


def _extract(by_lane: str, kind: str, low: str = "", extend: str = "", step: int = 1) -> Shape:
    forms = {"by_lane": f"{by_lane} {{imm8}}, {{s:x}}, {{d:{kind}}}"}
    if low:
        forms["low"] = f"{low} {{s:x}}, {{d:{kind}}}"
    if extend:
        forms["extend"] = f"{extend}, {{d:k}}"
    return "extract_lane", forms, {"step": str(step)}


def _replace(by_lane: str, kind: str, low: str = "", step: int = 1) -> Shape:
    forms = {"by_lane": f"{by_lane} {{imm8}}, {{s:{kind}}}, {{d:x}}"}
    if low:
        forms["low"] = f"{low} {{s:{kind}}}, {{d:x}}"
    return "replace_lane", forms, {"step": str(step)}


def _load(op: str, **facts: str) -> Shape:
    forms = {
        "indexed": f"{op} {{disp}}(%r12,{{i:q}}), {{d:x}}",
        "absolute": f"{op} {{disp}}(%r12), {{d:x}}",
        "pointed": f"{op} (%r10), {{d:x}}",
    }
    return "vector_load", forms, facts


_STORE: Final = {
    "indexed": "movups {s:x}, {disp}(%r12,{i:q})",
    "absolute": "movups {s:x}, {disp}(%r12)",
    "pointed": "movups {s:x}, (%r10)",
}

VECTOR_SHAPES: dict[str, Shape] = {
    "v128.load": _load("movups", folds="true"),
    "v128.load32_zero": _load("movss"),
    "v128.load64_zero": _load("movsd"),
    "v128.store": ("vector_store", _STORE, {}),
    "i8x16.shuffle": ("shuffle", {}, {}),
    # ── the vector as bits ──
    "v128.and": _binary("pand"),
    "v128.or": _binary("por"),
    "v128.xor": _binary("pxor"),
    "v128.andnot": _swapped("pandn"),
    # ── lanes ──
    "i8x16.extract_lane_u": _extract("pextrb", "k"),
    "i8x16.extract_lane_s": _extract("pextrb", "k", extend="movsbl {s:b}"),
    "i16x8.extract_lane_u": _extract("pextrw", "k"),
    "i16x8.extract_lane_s": _extract("pextrw", "k", extend="movswl {s:w}"),
    "i32x4.extract_lane": _extract("pextrd", "k", low="movd"),
    "i64x2.extract_lane": _extract("pextrq", "q", low="movq"),
    "f32x4.extract_lane": _extract("pshufd", "x", low="movaps"),
    "f64x2.extract_lane": _extract("pshufd", "x", low="movaps", step=0b1110),  # its dwords 2 and 3
    "i8x16.replace_lane": _replace("pinsrb", "k"),
    "i16x8.replace_lane": _replace("pinsrw", "k"),
    "i32x4.replace_lane": _replace("pinsrd", "k"),
    "i64x2.replace_lane": _replace("pinsrq", "q"),
    "f32x4.replace_lane": _replace("insertps", "x", step=1 << 4),
    "f64x2.replace_lane": _replace("shufpd", "x", low="movsd", step=0),  # d's lower half, then s's
    "f32x4.splat": ("vector_unary", {"rr": "pshufd $0, {s:x}, {d:x}"}, {}),
    "f64x2.splat": _unary("movddup"),
    "i8x16.bitmask": _unary("pmovmskb", "k"),
    "i32x4.bitmask": _unary("movmskps", "k"),
    "i64x2.bitmask": _unary("movmskpd", "k"),
    # ── integers ──
    "i8x16.narrow_i16x8_s": _binary("packsswb"),
    "i8x16.narrow_i16x8_u": _binary("packuswb"),
    "i16x8.narrow_i32x4_s": _binary("packssdw"),
    "i16x8.narrow_i32x4_u": _binary("packusdw"),
    "i16x8.mul": _binary("pmullw"),
    "i32x4.mul": _binary("pmulld"),
    "i32x4.dot_i16x8_s": _binary("pmaddwd"),
    # ── conversions ──
    "f32x4.convert_i32x4_s": _unary("cvtdq2ps"),
    "f64x2.convert_low_i32x4_s": _unary("cvtdq2pd"),
    "f32x4.demote_f64x2_zero": _unary("cvtpd2ps"),
    "f64x2.promote_low_f32x4": _unary("cvtps2pd"),
}

for _shape, _s in _INTEGERS.items():
    VECTOR_SHAPES |= {
        f"{_shape}.add": _binary("padd" + _s),
        f"{_shape}.sub": _binary("psub" + _s),
        f"{_shape}.eq": _binary("pcmpeq" + _s),
    }
    if _shape != "i64x2":  # pcmpgtq is beyond the baseline
        VECTOR_SHAPES |= {
            f"{_shape}.gt_s": _binary("pcmpgt" + _s),
            f"{_shape}.lt_s": _swapped("pcmpgt" + _s),
            f"{_shape}.abs": _unary("pabs" + _s),
            **{f"{_shape}.{m}_{sign}": _binary(f"p{m}{sign}{_s}") for m in ("min", "max") for sign in "su"},
        }
    if _shape in ("i8x16", "i16x8"):
        VECTOR_SHAPES |= {
            f"{_shape}.avgr_u": _binary("pavg" + _s),
            f"{_shape}.add_sat_s": _binary("padds" + _s),
            f"{_shape}.add_sat_u": _binary("paddus" + _s),
            f"{_shape}.sub_sat_s": _binary("psubs" + _s),
            f"{_shape}.sub_sat_u": _binary("psubus" + _s),
        }
    if _shape != "i8x16":
        VECTOR_SHAPES[f"{_shape}.shl"] = _shift("psll" + _s)
        VECTOR_SHAPES[f"{_shape}.shr_u"] = _shift("psrl" + _s)
        if _shape != "i64x2":
            VECTOR_SHAPES[f"{_shape}.shr_s"] = _shift("psra" + _s)

for _wide, _narrow, _lanes in (
    ("i16x8", "i8x16", "8x8"), ("i32x4", "i16x8", "16x4"), ("i64x2", "i32x4", "32x2"),
):  # fmt: skip
    for _sign, _extension in (("s", "pmovsx"), ("u", "pmovzx")):
        _op = _extension + _INTEGERS[_narrow] + _INTEGERS[_wide]
        VECTOR_SHAPES[f"v128.load{_lanes}_{_sign}"] = _load(_op)
        VECTOR_SHAPES[f"{_wide}.extend_low_{_narrow}_{_sign}"] = _unary(_op)

for _bits in (8, 16, 32, 64):
    VECTOR_SHAPES |= {
        f"v128.load{_bits}_splat": ("load_splat", {}, {}),
        f"v128.load{_bits}_lane": ("load_lane", {}, {}),
        f"v128.store{_bits}_lane": ("store_lane", {}, {}),
    }

for _shape, _s in _FLOATS.items():
    VECTOR_SHAPES |= {f"{_shape}.{op}": _binary(op + _s) for op in ("add", "sub", "mul", "div")}
    VECTOR_SHAPES |= {
        f"{_shape}.eq": _compare("cmpeq" + _s),
        f"{_shape}.ne": _compare("cmpneq" + _s),
        f"{_shape}.lt": _compare("cmplt" + _s),
        f"{_shape}.le": _compare("cmple" + _s),
        f"{_shape}.gt": _compare("cmplt" + _s, is_swapped="true"),
        f"{_shape}.ge": _compare("cmple" + _s, is_swapped="true"),
        # minps gives its second operand where the first is not less: pmin's choice, the other way round.
        f"{_shape}.pmin": _swapped("min" + _s),
        f"{_shape}.pmax": _swapped("max" + _s),
        f"{_shape}.sqrt": _unary("sqrt" + _s),
    }
    for _name, _mode in (("nearest", 8), ("floor", 9), ("ceil", 10), ("trunc", 11)):
        _rounding = {"rr": f"round{_s} ${_mode}, {{s:x}}, {{d:x}}"}
        VECTOR_SHAPES[f"{_shape}.{_name}"] = ("vector_unary", _rounding, {})
