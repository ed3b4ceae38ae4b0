"""The instructions that the compiler asks for by name (core/jit/x86_64), as assembly templates."""

from __future__ import annotations

from typing import Final

from stencilgen.targets.x86_64.forms import Template

_NO_RBP_BASE: Final = {"a": 5}  # rbp: as a base it needs a displacement
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
    *_places("v128", "movups", "movups", "x"),
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
    Template("multiply_high_u", "mulq {s:q}"),
    Template("multiply_high_s", "imulq {s:q}"),
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
    Template("add_context", "addq {disp}(%r13), {d:q}"),
    Template("load_frame_address", "leaq {disp}(%rsp), {d:q}"),
    Template("call_context", "callq *{disp}(%r13)"),
    Template("call_scratch", "callq *{disp}(%r10)"),
    Template("compare_scratch_context", "cmpq {disp}(%r10), %r13"),
    Template("compare_table_size", "cmpq {disp}(%r10), {i:q}"),
    Template("borrow_mask", "sbbq {d:q}, {d:q}"),
    Template("load_element", "movq (%r10,{i:q},8), {d:q}"),
    Template("compare_type_id", "cmpl {s:k}, {disp}(%r10)"),
    Template("compare_registers64", "cmpq {s:q}, {d:q}"),
    Template("load_jump_entry", "movslq (%r10,{i:q},4), {d:q}"),
    Template("table_address", "leaq {disp}(%rip), {d:q}"),
    Template("load_constant_f32", "movss {disp}(%rip), {d:x}"),
    Template("load_constant_f64", "movsd {disp}(%rip), {d:x}"),
    Template("load_constant_v128", "movaps {disp}(%rip), {d:x}"),
    Template("all_ones", "pcmpeqd {d:x}, {d:x}"),
    *(
        Template(name, f"{name} {{imm8}}, {{s:x}}, {{d:x}}")
        for name in ("pshufd", "palignr", "shufps", "pblendw")
    ),
    *(
        Template(name, f"{name} {{s:x}}, {{d:x}}")
        for name in (f"punpck{half}{lanes}" for half in "lh" for lanes in ("bw", "wd", "dq", "qdq"))
    ),
    Template("shuffle_by_literal", "pshufb {disp}(%rip), {d:x}"),
    Template("jump_register", "jmpq *{d:q}"),
    Template("memory_address", "leaq (%r12,{i:q}), %r10"),
    Template("host_address", "leaq {disp}(%r12,{i:q}), {d:q}"),
    Template("host_address_absolute", "leaq {disp}(%r12), {d:q}"),
    Template("fence", "mfence"),
]
