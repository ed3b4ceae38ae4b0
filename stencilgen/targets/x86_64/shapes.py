"""Which opcode has which shape: the ways its operands may arrive, each as an assembly template.

Opcodes without a shape here are compiled from their row's C body with the
operands in fixed registers (c_source.py): correct everywhere, a few moves slower.
"""

from __future__ import annotations

from typing import Final

from stencilgen.target import Struct
from stencilgen.targets.x86_64.templates import SCRATCH
from stencilgen.targets.x86_64.vector_shapes import VECTOR_SHAPES, Shape, three_operands

_ACCESS: Final = {"bytes_log2": "uint8_t"}
_ROW: Final = {"operand": "ValType", "result": "ValType"}  # facts that come from the row's signature

# What the visitors of core/jit know of an opcode: each shape is a C++ struct of facts and forms, in order.
SHAPE_STRUCTS: Final = {
    "binary": Struct(
        "Binary",
        _ROW | {"commutative": "bool", "sets_zero_flag": "bool", "kind": "BinaryKind"},
        # ri: a constant in the instruction; rc: a literal behind the function; rs: a slot; rm: a folded load
        ["rr", "ri8", "ri32", "rri8", "rri32", "rc", "rs", "rm"],
    ),
    # AVX's instructions, whose result need not replace the first operand.
    "three_operand": Struct("ThreeOperand", _ROW, ["rrr", "rrc", "rrs", "rrm"]),
    "shift": Struct("Shift", _ROW, ["by_rcx", "by_imm"]),
    "compare": Struct(
        "Compare", _ROW | {"condition": "Condition"}, ["rr", "ri8", "ri32", "rs", "rm", "si8", "si32", "test"]
    ),
    "test": Struct("Test", _ROW, []),
    "float_compare": Struct(
        "FloatCompare", _ROW | {"condition": "Condition", "swapped": "bool"}, ["rr", "rc", "rs", "rm"]
    ),
    # clears_first: to break the dependency on the destination's old value; keeps_bits: there is nothing to
    # do, as an i32 is zero-extended already.
    "unary": Struct("Unary", _ROW | {"clears_first": "bool", "keeps_bits": "bool"}, ["rr", "rs"]),
    # folds: may become the memory operand of the arithmetic that follows; pointed: through the scratch
    # register.
    "load": Struct(
        "Load",
        {"result": "ValType", "bytes_log2": "uint8_t", "folds": "bool"},
        ["indexed", "absolute", "pointed"],
    ),
    "store": Struct(
        "Store",
        {"operand": "ValType", "bytes_log2": "uint8_t", "immediate_bytes": "uint8_t"},
        ["indexed", "absolute", "indexed_imm", "absolute_imm", "pointed", "pointed_imm"],
    ),
    # ── v128: rc takes a literal of 16 bytes behind the function; slots are not aligned enough ──
    # is_swapped: the instruction's destination is the row's second operand.
    "vector_binary": Struct(
        "VectorBinary",
        _ROW | {"commutative": "bool", "is_swapped": "bool"},
        ["rr", "rc", "rrr", "rrc", "rrs", "rrm"],
    ),
    "vector_unary": Struct("VectorUnary", _ROW, ["rr"]),
    "vector_shift": Struct("VectorShift", _ROW | {"lanes": "uint8_t"}, ["by_imm", "by_vector"]),
    # by_lane takes the lane times `step` as its immediate; low is for lane 0; extend comes after either.
    "extract_lane": Struct(
        "ExtractLane", _ROW | {"lanes": "uint8_t", "step": "uint8_t"}, ["by_lane", "low", "extend"]
    ),
    "replace_lane": Struct(
        "ReplaceLane", {"value": "ValType", "lanes": "uint8_t", "step": "uint8_t"}, ["by_lane", "low"]
    ),
    # of three operands; the third one's register takes the result
    "vector_fused": Struct("VectorFused", {}, ["rrr"]),
    "shuffle": Struct("Shuffle", _ROW, []),
    "vector_load": Struct("VectorLoad", _ACCESS | {"folds": "bool"}, ["indexed", "absolute", "pointed"]),
    "vector_store": Struct("VectorStore", _ACCESS, ["indexed", "absolute", "pointed"]),
    "load_splat": Struct("LoadSplat", _ACCESS, []),
    "load_lane": Struct("LoadLane", _ACCESS, []),
    "store_lane": Struct("StoreLane", _ACCESS, []),
}
# The form with which an opcode takes a load as its memory operand.
FOLDING_FORM: Final = "rm"
VECTOR_FOLDING_FORM: Final = "rrm"  # of AVX, which asks for no alignment

# Opcodes whose instruction faults where the row traps: they can do without checks (core/code/switches.hpp).
FAULTING: Final = {f"{t}.{op}" for t in ("i32", "i64") for op in ("div_s", "div_u", "rem_s", "rem_u")}

WIDTHS: Final = {"i32": ("l", "k"), "i64": ("q", "q")}
FLOATS: Final = {"f32": "ss", "f64": "sd"}


def _binary(op: str, t: str) -> dict[str, str]:
    s, k = WIDTHS[t]
    return {
        "rr": f"{op}{s} {{s:{k}}}, {{d:{k}}}",
        "ri8": f"{op}{s} {{imm8}}, {{d:{k}}}",
        "ri32": f"{op}{s} {{imm32}}, {{d:{k}}}",
        "rs": f"{op}{s} {{disp}}(%rsp), {{d:{k}}}",
        "rm": f"{op}{s} {{disp}}(%r12,{{i:q}}), {{d:{k}}}",
    }


def _multiply(t: str) -> dict[str, str]:
    s, k = WIDTHS[t]
    forms = _binary("imul", t)
    del forms["ri8"], forms["ri32"]
    forms["rri8"] = f"imul{s} {{imm8}}, {{s:{k}}}, {{d:{k}}}"
    forms["rri32"] = f"imul{s} {{imm32}}, {{s:{k}}}, {{d:{k}}}"
    return forms


def _shift(op: str, t: str) -> dict[str, str]:
    s, k = WIDTHS[t]
    return {"by_rcx": f"{op}{s} %cl, {{d:{k}}}", "by_imm": f"{op}{s} {{imm8}}, {{d:{k}}}"}


def _compare(t: str) -> dict[str, str]:
    s, k = WIDTHS[t]
    return {
        "rr": f"cmp{s} {{s:{k}}}, {{d:{k}}}",
        "ri8": f"cmp{s} {{imm8}}, {{d:{k}}}",
        "ri32": f"cmp{s} {{imm32}}, {{d:{k}}}",
        "rs": f"cmp{s} {{disp}}(%rsp), {{d:{k}}}",
        "rm": f"cmp{s} {{disp}}(%r12,{{i:q}}), {{d:{k}}}",
        "si8": f"cmp{s} {{imm8}}, {{disp}}(%rsp)",
        "si32": f"cmp{s} {{imm32}}, {{disp}}(%rsp)",
        "test": f"test{s} {{s:{k}}}, {{d:{k}}}",
    }


def _float_binary(op: str, t: str) -> dict[str, str]:
    o = op + FLOATS[t]
    return {
        "rr": f"{o} {{s:x}}, {{d:x}}",
        "rc": f"{o} {{disp}}(%rip), {{d:x}}",
        "rs": f"{o} {{disp}}(%rsp), {{d:x}}",
        "rm": f"{o} {{disp}}(%r12,{{i:q}}), {{d:x}}",
    }


def _float_compare(t: str) -> dict[str, str]:
    o = "ucomi" + FLOATS[t]
    return {
        "rr": f"{o} {{s:x}}, {{d:x}}",
        "rc": f"{o} {{disp}}(%rip), {{d:x}}",
        "rs": f"{o} {{disp}}(%rsp), {{d:x}}",
        "rm": f"{o} {{disp}}(%r12,{{i:q}}), {{d:x}}",
    }


def _load(op: str, kind: str) -> dict[str, str]:
    return {
        "indexed": f"{op} {{disp}}(%r12,{{i:q}}), {{d:{kind}}}",
        "absolute": f"{op} {{disp}}(%r12), {{d:{kind}}}",
        "pointed": f"{op} ({SCRATCH}), {{d:{kind}}}",
    }


def _store(op: str, kind: str, immediate: str = "") -> dict[str, str]:
    forms = {
        "indexed": f"{op} {{s:{kind}}}, {{disp}}(%r12,{{i:q}})",
        "absolute": f"{op} {{s:{kind}}}, {{disp}}(%r12)",
        "pointed": f"{op} {{s:{kind}}}, ({SCRATCH})",
    }
    if immediate:
        forms["indexed_imm"] = f"{op} {{{immediate}}}, {{disp}}(%r12,{{i:q}})"
        forms["absolute_imm"] = f"{op} {{{immediate}}}, {{disp}}(%r12)"
        forms["pointed_imm"] = f"{op} {{{immediate}}}, ({SCRATCH})"
    return forms


def _unary(op: str, source: str, destination: str, memory: bool = True) -> dict[str, str]:
    forms = {"rr": f"{op} {{s:{source}}}, {{d:{destination}}}"}
    if memory:
        forms["rs"] = f"{op} {{disp}}(%rsp), {{d:{destination}}}"
    return forms


# By opcode: its shape, its templates, and facts that the shape's visitor wants to know.
SHAPES: dict[str, Shape] = dict(VECTOR_SHAPES)

for _t in WIDTHS:
    _bits = _t[1:]
    for _name, _op in (("sub", "sub"), ("and", "and"), ("or", "or"), ("xor", "xor")):
        SHAPES[f"{_t}.{_name}"] = ("binary", _binary(_op, _t), {"sets_zero_flag": "true"})
    SHAPES[f"{_t}.add"] = (
        "binary",
        _binary("add", _t),
        {"sets_zero_flag": "true", "kind": "BinaryKind::Add"},
    )
    SHAPES[f"{_t}.sub"][2]["kind"] = "BinaryKind::Subtract"
    SHAPES[f"{_t}.and"][2]["kind"] = "BinaryKind::And"
    SHAPES[f"{_t}.mul"] = ("binary", _multiply(_t), {"kind": "BinaryKind::Multiply"})
    for _name, _op in (("shl", "shl"), ("shr_s", "sar"), ("shr_u", "shr"), ("rotl", "rol"), ("rotr", "ror")):
        SHAPES[f"{_t}.{_name}"] = ("shift", _shift(_op, _t), {})
    for _name, _condition in (
        ("eq", "Equal"), ("ne", "NotEqual"), ("lt_s", "Less"), ("lt_u", "Below"), ("gt_s", "Greater"),
        ("gt_u", "Above"), ("le_s", "LessEqual"), ("le_u", "BelowEqual"), ("ge_s", "GreaterEqual"),
        ("ge_u", "AboveEqual"),
    ):  # fmt: skip
        SHAPES[f"{_t}.{_name}"] = ("compare", _compare(_t), {"condition": f"Condition::{_condition}"})
    SHAPES[f"{_t}.eqz"] = ("test", {}, {})
    SHAPES[f"{_t}.popcnt"] = ("unary", _unary(f"popcnt{WIDTHS[_t][0]}", WIDTHS[_t][1], WIDTHS[_t][1]), {})

for _t, _s in FLOATS.items():
    for _name in ("add", "sub", "mul", "div"):
        SHAPES[f"{_t}.{_name}"] = ("binary", _float_binary(_name, _t), {})
    # Operands are swapped for < and <=, so that "unordered" reads as false (ucomis sets CF then).
    for _name, _condition, _swap in (
        ("eq", "Equal", "false"), ("ne", "NotEqual", "false"), ("lt", "Above", "true"),
        ("gt", "Above", "false"), ("le", "AboveEqual", "true"), ("ge", "AboveEqual", "false"),
    ):  # fmt: skip
        SHAPES[f"{_t}.{_name}"] = (
            "float_compare", _float_compare(_t), {"condition": f"Condition::{_condition}", "swapped": _swap},
        )  # fmt: skip
    SHAPES[f"{_t}.sqrt"] = ("unary", _unary("sqrt" + _s, "x", "x"), {"clears_first": "true"})
    for _name, _mode in (("nearest", 8), ("floor", 9), ("ceil", 10), ("trunc", 11)):
        _rounding = {"rr": f"round{_s} ${_mode}, {{s:x}}, {{d:x}}"}
        SHAPES[f"{_t}.{_name}"] = ("unary", _rounding, {"clears_first": "true"})

SHAPES |= {
    "i32.load": ("load", _load("movl", "k"), {"folds": "true"}),
    "i64.load": ("load", _load("movq", "q"), {"folds": "true"}),
    "f32.load": ("load", _load("movss", "x"), {"folds": "true"}),
    "f64.load": ("load", _load("movsd", "x"), {"folds": "true"}),
    "i32.load8_s": ("load", _load("movsbl", "k"), {}),
    "i32.load8_u": ("load", _load("movzbl", "k"), {}),
    "i32.load16_s": ("load", _load("movswl", "k"), {}),
    "i32.load16_u": ("load", _load("movzwl", "k"), {}),
    "i64.load8_s": ("load", _load("movsbq", "q"), {}),
    "i64.load8_u": ("load", _load("movzbl", "k"), {}),
    "i64.load16_s": ("load", _load("movswq", "q"), {}),
    "i64.load16_u": ("load", _load("movzwl", "k"), {}),
    "i64.load32_s": ("load", _load("movslq", "q"), {}),
    "i64.load32_u": ("load", _load("movl", "k"), {}),
    "i32.store": ("store", _store("movl", "k", "imm32"), {"immediate_bytes": "4"}),
    "i64.store": ("store", _store("movq", "q", "imm32"), {"immediate_bytes": "4"}),
    "f32.store": ("store", _store("movss", "x"), {}),
    "f64.store": ("store", _store("movsd", "x"), {}),
    "i32.store8": ("store", _store("movb", "b", "imm8"), {"immediate_bytes": "1"}),
    "i32.store16": ("store", _store("movw", "w", "imm16"), {"immediate_bytes": "2"}),
    "i64.store8": ("store", _store("movb", "b", "imm8"), {"immediate_bytes": "1"}),
    "i64.store16": ("store", _store("movw", "w", "imm16"), {"immediate_bytes": "2"}),
    "i64.store32": ("store", _store("movl", "k", "imm32"), {"immediate_bytes": "4"}),
    "i32.wrap_i64": ("unary", _unary("movl", "k", "k"), {}),
    "i64.extend_i32_u": ("unary", _unary("movl", "k", "k"), {"keeps_bits": "true"}),
    "i64.extend_i32_s": ("unary", _unary("movslq", "k", "q"), {}),
    "i64.extend32_s": ("unary", _unary("movslq", "k", "q"), {}),
    "i32.extend8_s": ("unary", _unary("movsbl", "b", "k"), {}),
    "i32.extend16_s": ("unary", _unary("movswl", "w", "k"), {}),
    "i64.extend8_s": ("unary", _unary("movsbq", "b", "q"), {}),
    "i64.extend16_s": ("unary", _unary("movswq", "w", "q"), {}),
    "f32.convert_i32_s": ("unary", _unary("cvtsi2ssl", "k", "x"), {"clears_first": "true"}),
    "f32.convert_i64_s": ("unary", _unary("cvtsi2ssq", "q", "x"), {"clears_first": "true"}),
    "f64.convert_i32_s": ("unary", _unary("cvtsi2sdl", "k", "x"), {"clears_first": "true"}),
    "f64.convert_i64_s": ("unary", _unary("cvtsi2sdq", "q", "x"), {"clears_first": "true"}),
    # All 64 bits of the register: an i32 is zero-extended there, but a slot's upper half is anything.
    "f32.convert_i32_u": ("unary", _unary("cvtsi2ssq", "q", "x", memory=False), {"clears_first": "true"}),
    "f64.convert_i32_u": ("unary", _unary("cvtsi2sdq", "q", "x", memory=False), {"clears_first": "true"}),
    "f32.demote_f64": ("unary", _unary("cvtsd2ss", "x", "x"), {"clears_first": "true"}),
    "f64.promote_f32": ("unary", _unary("cvtss2sd", "x", "x"), {"clears_first": "true"}),
    "i32.reinterpret_f32": ("unary", {"rr": "movd {s:x}, {d:k}", "rs": "movl {disp}(%rsp), {d:k}"}, {}),
    "i64.reinterpret_f64": ("unary", {"rr": "movq {s:x}, {d:q}", "rs": "movq {disp}(%rsp), {d:q}"}, {}),
    "f32.reinterpret_i32": ("unary", {"rr": "movd {s:k}, {d:x}", "rs": "movss {disp}(%rsp), {d:x}"}, {}),
    "f64.reinterpret_i64": ("unary", {"rr": "movq {s:q}, {d:x}", "rs": "movsd {disp}(%rsp), {d:x}"}, {}),
}

# What replaces an opcode's shape on a processor with AVX2, FMA, BMI and LZCNT (core/code/x86_64/cpu.cpp):
# only what is known to pay. VEX encodings of the others bring nothing.
_THREE_OPERANDS: Final[dict[str, Shape]] = {
    f"{t}.{op}": ("three_operand", three_operands(op + s), {})
    for t, s in FLOATS.items()
    for op in ("add", "sub", "mul", "div")
}
_FUSED: Final[dict[str, Shape]] = {
    f"{shape}.relaxed_{name}": ("vector_fused", {"rrr": f"{op}231{s} {{b:x}}, {{a:x}}, {{d:x}}"}, {})
    for shape, s in (("f32x4", "ps"), ("f64x2", "pd"))
    for name, op in (("madd", "vfmadd"), ("nmadd", "vfnmadd"))
}
# One instruction that knows 0, in any register, instead of three around `bsr` or `bsf` in fixed ones.
_COUNTS: Final[dict[str, Shape]] = {
    f"{t}.{name}": ("unary", _unary(op + suffix, register, register), {})
    for t, (suffix, register) in WIDTHS.items()
    for name, op in (("clz", "lzcnt"), ("ctz", "tzcnt"))
}
BETTER_SHAPES: Final = _THREE_OPERANDS | _FUSED | _COUNTS
