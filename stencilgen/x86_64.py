"""The x86-64 target: registers, clang flags, assembly templates and which opcode uses which.

Opcodes without a shape here are compiled from their row's C body with the
operands in fixed registers (c_source.py): correct everywhere, a few moves slower.
The baseline is x86-64-v2 (SSE4.1, POPCNT): core/code/cpu.cpp looks for it at import.
"""

from __future__ import annotations

from typing import Final

from stencilgen.forms import Template

# ── registers ────────────────────────────────────────────────────────────────
_GENERAL = "rax rcx rdx rbx rsp rbp rsi rdi".split() + [f"r{n}" for n in range(8, 16)]


def _narrow(name: str, kind: str) -> str:
    if name[1:].isdigit():
        return name + {"k": "d", "b": "b", "w": "w"}[kind]
    if kind == "b":
        return name[1:2] + "l" if name.endswith("x") else name[1:] + "l"
    return {"k": "e", "w": ""}[kind] + name[1:]


REGISTER_NAMES: Final = {
    "q": _GENERAL,
    **{kind: [_narrow(name, kind) for name in _GENERAL] for kind in "kwb"},
    "x": [f"xmm{n}" for n in range(16)],
}
# Never operands: rsp (frame), r12 (memory base), r13 (context).
_OPERANDS: Final = [n for n in range(16) if n not in (4, 12, 13)]
ALLOWED_REGISTERS: Final = {
    "q": _OPERANDS,
    "k": _OPERANDS,
    "w": _OPERANDS,
    "b": _OPERANDS,
    "x": list(range(16)),
}
_NO_RBP_BASE: Final = {"a": 5}  # as a base it cannot do without a displacement

# preserve_none's parameters in order, and what each carries in our convention (abi/context.h).
C_PARAMETERS: Final = [
    ("r12", "memory"), ("r13", "context"), ("r14", "p0"), ("r15", "p1"), ("rdi", "p2"), ("rsi", "p3"),
    ("rdx", "t2"), ("rcx", "t1"), ("r8", "p4"), ("r9", "p5"), ("r11", "t3"), ("rax", "t0"),
]  # fmt: skip
C_FLOAT_PARAMETERS: Final = [(f"xmm{n}", f"f{n}") for n in range(8)]
INT_TEMPORARIES: Final = ("t0", "t1", "t2", "t3")  # operands a, b, c and a result of a C stencil
FLOAT_TEMPORARIES: Final = ("f0", "f1", "f2", "f3")
# Their instruction faults where the row traps, so that its checks can be left out (core/code/switches.hpp).
FAULTING: Final = {f"{t}.{op}" for t in ("i32", "i64") for op in ("div_s", "div_u", "rem_s", "rem_u")}
MAY_CLOBBER: Final = frozenset({"rax", "rcx", "rdx", "r11", "r10", "xmm0", "xmm1", "xmm2", "xmm3"})

_COMMON_FLAGS: Final = ["-target", "x86_64-linux-gnu"]
ASSEMBLER_FLAGS: Final = _COMMON_FLAGS
COMPILER_FLAGS: Final = [
    *_COMMON_FLAGS,
    "-Os",  # -O2 pads functions and puts cold jumps behind the last one, which is the one we cut
    "-std=gnu17",
    "-fno-pic",  # holes are absolute or relative to the instruction, never through a GOT
    "-fomit-frame-pointer",  # rsp is the wasm frame
    "-fno-asynchronous-unwind-tables",  # frames are walked with our own table
    "-fno-stack-protector",
    "-fno-math-errno",  # sqrt is one instruction
    "-ffp-contract=off",  # wasm has no fused multiply-add
    "-fwrapv",
    "-fno-strict-aliasing",
    "-mno-red-zone",  # an interrupt pushes below rsp
    "-msse4.1",
    "-mpopcnt",
    "-Wno-uninitialized",  # a dead temporary is passed on as an uninitialised variable …
    "-Xclang",
    "-no-enable-noundef-analysis",  # … which is defined behaviour only without noundef
]

# ── instructions that the compiler itself needs ──────────────────────────────
FRAME, CONTEXT, SCRATCH = "%rsp", "%r13", "%r10"


def _places(name: str, load: str, store: str, kind: str) -> list[Template]:
    """Loads and stores of a register at a displacement from each fixed base."""
    found = []
    for place, base in (("frame", FRAME), ("context", CONTEXT), ("scratch", SCRATCH)):
        found.append(Template(f"load_{place}_{name}", f"{load} {{disp}}({base}), {{d:{kind}}}"))
        found.append(Template(f"store_{place}_{name}", f"{store} {{s:{kind}}}, {{disp}}({base})"))
    return found


SUPPORT: Final = [
    Template("move32", "movl {s:k}, {d:k}"),
    Template("move64", "movq {s:q}, {d:q}"),
    Template("move_vector", "movaps {s:x}, {d:x}"),
    Template("zero_int", "xorl {d:k}, {d:k}"),
    Template("zero_vector", "xorps {d:x}, {d:x}"),
    Template("constant32", "movl {imm32}, {d:k}"),
    Template("constant32s", "movq {imm32}, {d:q}"),
    Template("constant64", "movabsq {imm64}, {d:q}"),
    *_places("32", "movl", "movl", "k"),
    *_places("64", "movq", "movq", "q"),
    *_places("f32", "movss", "movss", "x"),
    *_places("f64", "movsd", "movsd", "x"),
    Template("store_frame_imm32", "movl {imm32}, {disp}(%rsp)"),
    Template("store_frame_imm64", "movq {imm32}, {disp}(%rsp)"),
    Template("store_scratch_imm64", "movq {imm32}, {disp}(%r10)"),
    Template("address_context", "leaq {disp}(%r13), {d:q}"),
    Template("add32_disp", "leal {disp}({a:q}), {d:k}"),
    Template("add64_disp", "leaq {disp}({a:q}), {d:q}"),
    Template("add32_sum", "leal ({a:q},{b:q}), {d:k}", without=_NO_RBP_BASE),
    Template("add64_sum", "leaq ({a:q},{b:q}), {d:q}", without=_NO_RBP_BASE),
    *(
        Template(
            f"times{scale + 1}_{width}",
            f"lea{suffix} ({{a:q}},{{a:q}},{scale}), {{d:{kind}}}",
            without=_NO_RBP_BASE,
        )
        for scale in (2, 4, 8)
        for width, suffix, kind in ((32, "l", "k"), (64, "q", "q"))
    ),
    Template("test32", "testl {a:k}, {a:k}"),
    Template("test64", "testq {a:q}, {a:q}"),
    Template("test8_imm", "testb {imm8}, {a:b}"),
    Template("test32_imm", "testl {imm32}, {a:k}"),
    Template("set_condition", "sete {d:b}"),
    Template("widen_byte", "movzbl {d:b}, {d:k}"),
    Template("move_if32", "cmovel {s:k}, {d:k}"),
    Template("move_if64", "cmoveq {s:q}, {d:q}"),
    Template("exchange", "xchgq {a:q}, {b:q}"),
    Template("and_condition", "andb {s:b}, {d:b}"),
    Template("or_condition", "orb {s:b}, {d:b}"),
    Template("push", "pushq {d:q}"),
    Template("pop", "popq {d:q}"),
    Template("grow_frame8", "subq {imm8}, %rsp"),
    Template("grow_frame", "subq {imm32}, %rsp"),
    Template("shrink_frame8", "addq {imm8}, %rsp"),
    Template("shrink_frame", "addq {imm32}, %rsp"),
    Template("compare_stack_limit", "cmpq {disp}(%r13), %rsp"),
    Template("compare_register_context", "cmpq {disp}(%r13), {a:q}"),
    Template("load_frame_address", "leaq {disp}(%rsp), {d:q}"),
    Template("call_context", "callq *{disp}(%r13)"),
    Template("call_scratch", "callq *{disp}(%r10)"),
    Template("compare_scratch_context", "cmpq {disp}(%r10), %r13"),
    Template("compare_table_size", "cmpq {disp}(%r10), {i:q}"),
    Template("borrow_mask", "sbbq {d:q}, {d:q}"),
    Template("load_element", "movq (%r10,{i:q},8), {d:q}"),
    Template("compare_type_id", "cmpl {s:k}, {disp}(%r10)"),
    Template("compare_registers32", "cmpl {s:k}, {d:k}"),
    Template("clamp_index", "cmovaq {s:q}, {i:q}"),
    Template("jump_entry_address", "leaq (%r10,{i:q},4), {d:q}"),
    Template("load_jump_entry", "movslq (%r10), {d:q}"),
    Template("jump_entry", "leaq 4(%r10,{i:q}), {d:q}"),
    Template("table_address", "leaq {disp}(%rip), {d:q}"),
    Template("load_constant_f32", "movss {disp}(%rip), {d:x}"),
    Template("load_constant_f64", "movsd {disp}(%rip), {d:x}"),
    Template("jump_register", "jmpq *{d:q}"),
    Template("memory_address", "leaq (%r12,{i:q}), %r10"),
    Template("compare_bytes", "cmpq {disp}(%r10), {i:q}"),
]

# ── shapes: how an opcode's operands may arrive ──────────────────────────────
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


# opcode → (shape, its templates, facts that the shape's visitor wants to know)
SHAPES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {}

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
