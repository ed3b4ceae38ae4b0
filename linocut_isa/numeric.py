"""Numbers (§5.4.7): constants, comparisons, arithmetic, conversions."""

from linocut_isa.row import define
from linocut_isa.types import Trap

DIV0 = Trap.INTEGER_DIVIDE_BY_ZERO
OVERFLOW = Trap.INTEGER_OVERFLOW
INVALID = Trap.INVALID_CONVERSION

# ── constants ────────────────────────────────────────────────────────────────
define("i32.const", 0x41, "-- r:i32", imm="i32", constant=True)
define("i64.const", 0x42, "-- r:i64", imm="i64", constant=True)
define("f32.const", 0x43, "-- r:f32", imm="f32", constant=True)
define("f64.const", 0x44, "-- r:f64", imm="f64", constant=True)


# ── integers: the same rows at two widths ────────────────────────────────────
def _define_integer(t: str, bits: int, test: int, arithmetic: int) -> None:
    s, suffix, top = f"S{bits}", "u" if bits == 32 else "ull", 1 << (bits - 1)
    unary, binary, compare = f"a:{t} -- r:{t}", f"a:{t} b:{t} -- r:{t}", f"a:{t} b:{t} -- r:i32"
    minus_one, lowest = f"{(1 << bits) - 1:#x}{suffix}", f"{top:#x}{suffix}"
    by_zero = {"b == 0": DIV0}
    overflow = {f"a == {lowest} && b == {minus_one}": OVERFLOW}

    define(f"{t}.eqz", test, f"a:{t} -- r:i32", "r = a == 0")
    define(f"{t}.eq", test + 1, compare, "r = a == b")
    define(f"{t}.ne", test + 2, compare, "r = a != b")
    define(f"{t}.lt_s", test + 3, compare, f"r = {s}(a) < {s}(b)")
    define(f"{t}.lt_u", test + 4, compare, "r = a < b")
    define(f"{t}.gt_s", test + 5, compare, f"r = {s}(a) > {s}(b)")
    define(f"{t}.gt_u", test + 6, compare, "r = a > b")
    define(f"{t}.le_s", test + 7, compare, f"r = {s}(a) <= {s}(b)")
    define(f"{t}.le_u", test + 8, compare, "r = a <= b")
    define(f"{t}.ge_s", test + 9, compare, f"r = {s}(a) >= {s}(b)")
    define(f"{t}.ge_u", test + 10, compare, "r = a >= b")

    c = arithmetic
    define(f"{t}.clz", c, unary, f"r = CLZ{bits}(a)")
    define(f"{t}.ctz", c + 1, unary, f"r = CTZ{bits}(a)")
    define(f"{t}.popcnt", c + 2, unary, f"r = POPCNT{bits}(a)")
    define(f"{t}.add", c + 3, binary, "r = a + b", commutative=True, constant=True)
    define(f"{t}.sub", c + 4, binary, "r = a - b", constant=True)
    define(f"{t}.mul", c + 5, binary, "r = a * b", commutative=True, constant=True)
    define(f"{t}.div_s", c + 6, binary, f"r = {s}(a) / {s}(b)", trap_if=by_zero | overflow)
    define(f"{t}.div_u", c + 7, binary, "r = a / b", trap_if=by_zero)
    define(f"{t}.rem_s", c + 8, binary, f"r = b == {minus_one} ? 0 : {s}(a) % {s}(b)", trap_if=by_zero)
    define(f"{t}.rem_u", c + 9, binary, "r = a % b", trap_if=by_zero)
    define(f"{t}.and", c + 10, binary, "r = a & b", commutative=True)
    define(f"{t}.or", c + 11, binary, "r = a | b", commutative=True)
    define(f"{t}.xor", c + 12, binary, "r = a ^ b", commutative=True)
    define(f"{t}.shl", c + 13, binary, f"r = a << (b & {bits - 1})")
    define(f"{t}.shr_s", c + 14, binary, f"r = {s}(a) >> (b & {bits - 1})")
    define(f"{t}.shr_u", c + 15, binary, f"r = a >> (b & {bits - 1})")
    define(f"{t}.rotl", c + 16, binary, f"r = ROTL{bits}(a, b)")
    define(f"{t}.rotr", c + 17, binary, f"r = ROTR{bits}(a, b)")


# ── floats: the same rows at two widths ──────────────────────────────────────
def _define_float(t: str, bits: int, test: int, arithmetic: int) -> None:
    unary, binary, compare = f"a:{t} -- r:{t}", f"a:{t} b:{t} -- r:{t}", f"a:{t} b:{t} -- r:i32"

    define(f"{t}.eq", test, compare, "r = a == b")
    define(f"{t}.ne", test + 1, compare, "r = a != b")
    define(f"{t}.lt", test + 2, compare, "r = a < b")
    define(f"{t}.gt", test + 3, compare, "r = a > b")
    define(f"{t}.le", test + 4, compare, "r = a <= b")
    define(f"{t}.ge", test + 5, compare, "r = a >= b")

    c = arithmetic
    define(f"{t}.abs", c, unary, f"r = ABS{bits}(a)")
    define(f"{t}.neg", c + 1, unary, f"r = NEG{bits}(a)")
    define(f"{t}.ceil", c + 2, unary, f"r = CEIL{bits}(a)", nan=t)
    define(f"{t}.floor", c + 3, unary, f"r = FLOOR{bits}(a)", nan=t)
    define(f"{t}.trunc", c + 4, unary, f"r = TRUNC{bits}(a)", nan=t)
    define(f"{t}.nearest", c + 5, unary, f"r = NEAREST{bits}(a)", nan=t)
    define(f"{t}.sqrt", c + 6, unary, f"r = SQRT{bits}(a)", nan=t)
    define(f"{t}.add", c + 7, binary, "r = a + b", commutative=True, nan=t)
    define(f"{t}.sub", c + 8, binary, "r = a - b", nan=t)
    define(f"{t}.mul", c + 9, binary, "r = a * b", commutative=True, nan=t)
    define(f"{t}.div", c + 10, binary, "r = a / b", nan=t)
    define(f"{t}.min", c + 11, binary, f"r = MIN{bits}(a, b)", nan=t)
    define(f"{t}.max", c + 12, binary, f"r = MAX{bits}(a, b)", nan=t)
    define(f"{t}.copysign", c + 13, binary, f"r = COPYSIGN{bits}(a, b)")


_define_integer("i32", 32, test=0x45, arithmetic=0x67)
_define_integer("i64", 64, test=0x50, arithmetic=0x79)
_define_float("f32", 32, test=0x5B, arithmetic=0x8B)
_define_float("f64", 64, test=0x61, arithmetic=0x99)

# ── conversions ──────────────────────────────────────────────────────────────
# The first and the last float that truncate into range, exclusive: exact in the source type.
_LIMITS = {
    ("i32", "s", "f32"): ("-2147483904.0f", "2147483648.0f"),
    ("i32", "u", "f32"): ("-1.0f", "4294967296.0f"),
    ("i32", "s", "f64"): ("-2147483649.0", "2147483648.0"),
    ("i32", "u", "f64"): ("-1.0", "4294967296.0"),
    ("i64", "s", "f32"): ("-9223373136366403584.0f", "9223372036854775808.0f"),
    ("i64", "u", "f32"): ("-1.0f", "18446744073709551616.0f"),
    ("i64", "s", "f64"): ("-9223372036854777856.0", "9223372036854775808.0"),
    ("i64", "u", "f64"): ("-1.0", "18446744073709551616.0"),
}
_C_INT = {("i32", "s"): "s32", ("i32", "u"): "u32", ("i64", "s"): "s64", ("i64", "u"): "u64"}
_C_UNSIGNED = {"i32": "u32", "i64": "u64"}
_RANGE = {
    ("i32", "s"): ("0x80000000u", "0x7fffffffu"),
    ("i32", "u"): ("0", "0xffffffffu"),
    ("i64", "s"): ("0x8000000000000000ull", "0x7fffffffffffffffull"),
    ("i64", "u"): ("0", "0xffffffffffffffffull"),
}


def _define_trunc(t: str, sign: str, f: str, code: int) -> None:
    low, high = _LIMITS[t, sign, f]
    define(
        f"{t}.trunc_{f}_{sign}", code, f"a:{f} -- r:{t}",
        f"r = ({_C_UNSIGNED[t]})({_C_INT[t, sign]})a",
        trap_if={"a != a": INVALID, f"!(a > {low} && a < {high})": OVERFLOW},
    )  # fmt: skip


def _define_trunc_sat(t: str, sign: str, f: str, code: int) -> None:
    low, high = _LIMITS[t, sign, f]
    least, most = _RANGE[t, sign]
    define(
        f"{t}.trunc_sat_{f}_{sign}", (0xFC, code), f"a:{f} -- r:{t}",
        f"r = a != a ? 0 : !(a > {low}) ? {least} : !(a < {high}) ? {most}"
        f" : ({_C_UNSIGNED[t]})({_C_INT[t, sign]})a",
        feature="nontrapping-float-to-int-conversions",
    )  # fmt: skip


define("i32.wrap_i64", 0xA7, "a:i64 -- r:i32", "r = (u32)a")
_define_trunc("i32", "s", "f32", 0xA8)
_define_trunc("i32", "u", "f32", 0xA9)
_define_trunc("i32", "s", "f64", 0xAA)
_define_trunc("i32", "u", "f64", 0xAB)
define("i64.extend_i32_s", 0xAC, "a:i32 -- r:i64", "r = (u64)(s64)S32(a)")
define("i64.extend_i32_u", 0xAD, "a:i32 -- r:i64", "r = a")
_define_trunc("i64", "s", "f32", 0xAE)
_define_trunc("i64", "u", "f32", 0xAF)
_define_trunc("i64", "s", "f64", 0xB0)
_define_trunc("i64", "u", "f64", 0xB1)
define("f32.convert_i32_s", 0xB2, "a:i32 -- r:f32", "r = (float)S32(a)")
define("f32.convert_i32_u", 0xB3, "a:i32 -- r:f32", "r = (float)a")
define("f32.convert_i64_s", 0xB4, "a:i64 -- r:f32", "r = (float)S64(a)")
define("f32.convert_i64_u", 0xB5, "a:i64 -- r:f32", "r = (float)a")
define("f32.demote_f64", 0xB6, "a:f64 -- r:f32", "r = (float)a", nan="f32")
define("f64.convert_i32_s", 0xB7, "a:i32 -- r:f64", "r = (double)S32(a)")
define("f64.convert_i32_u", 0xB8, "a:i32 -- r:f64", "r = (double)a")
define("f64.convert_i64_s", 0xB9, "a:i64 -- r:f64", "r = (double)S64(a)")
define("f64.convert_i64_u", 0xBA, "a:i64 -- r:f64", "r = (double)a")
define("f64.promote_f32", 0xBB, "a:f32 -- r:f64", "r = (double)a", nan="f64")
define("i32.reinterpret_f32", 0xBC, "a:f32 -- r:i32", "r = BITS32(a)")
define("i64.reinterpret_f64", 0xBD, "a:f64 -- r:i64", "r = BITS64(a)")
define("f32.reinterpret_i32", 0xBE, "a:i32 -- r:f32", "r = FLOAT32(a)")
define("f64.reinterpret_i64", 0xBF, "a:i64 -- r:f64", "r = FLOAT64(a)")
define("i32.extend8_s", 0xC0, "a:i32 -- r:i32", "r = (u32)(s32)(s8)a", feature="sign-extension-ops")
define("i32.extend16_s", 0xC1, "a:i32 -- r:i32", "r = (u32)(s32)(s16)a", feature="sign-extension-ops")
define("i64.extend8_s", 0xC2, "a:i64 -- r:i64", "r = (u64)(s64)(s8)a", feature="sign-extension-ops")
define("i64.extend16_s", 0xC3, "a:i64 -- r:i64", "r = (u64)(s64)(s16)a", feature="sign-extension-ops")
define("i64.extend32_s", 0xC4, "a:i64 -- r:i64", "r = (u64)(s64)(s32)a", feature="sign-extension-ops")
_define_trunc_sat("i32", "s", "f32", 0)
_define_trunc_sat("i32", "u", "f32", 1)
_define_trunc_sat("i32", "s", "f64", 2)
_define_trunc_sat("i32", "u", "f64", 3)
_define_trunc_sat("i64", "s", "f32", 4)
_define_trunc_sat("i64", "u", "f32", 5)
_define_trunc_sat("i64", "s", "f64", 6)
_define_trunc_sat("i64", "u", "f64", 7)

# ── 128 bits, in two halves ──────────────────────────────────────────────────
_WIDE, _SUM = "a:i64 b:i64 -- l:i64 h:i64", "a:i64 b:i64 c:i64 d:i64 -- l:i64 h:i64"
define("i64.add128", (0xFC, 19), _SUM, feature="wide-arithmetic")
define("i64.sub128", (0xFC, 20), _SUM, feature="wide-arithmetic")
define("i64.mul_wide_s", (0xFC, 21), _WIDE, feature="wide-arithmetic")
define("i64.mul_wide_u", (0xFC, 22), _WIDE, feature="wide-arithmetic")
