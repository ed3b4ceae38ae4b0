"""Opcode rows → C++ for constant expressions: the body of each row that is allowed there, over words."""

from __future__ import annotations

from typing import Final

from linocut_isa import Opcode

# A constant expression's values are kept as 64-bit words: C types, and what converts from a word and to one.
_C_TYPES: Final = {"i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64"}
_FROM_WORD: Final = {"i32": "(u32)", "i64": "", "f32": "FLOAT32", "f64": "FLOAT64"}
_TO_WORD: Final = {"i32": "", "i64": "", "f32": "BITS32", "f64": "BITS64"}


def write_constants(opcodes: list[Opcode]) -> str:
    """`CONSTANT_ROWS`: what core/runtime/constant.cpp calculates with."""
    rows = [opcode for opcode in opcodes if opcode.constant and opcode.is_plain]
    lines = ["namespace constants {", *map(_function, rows), "}  // namespace constants", ""]
    lines += ["constexpr ConstantRow CONSTANT_ROWS[] = {"]
    lines += [f"    {{Opcode::op_{o.ident}, {len(o.params)}, constants::{o.ident}}}," for o in rows]
    return "\n".join([*lines, "};", ""])


def _function(opcode: Opcode) -> str:
    (result,) = opcode.results
    operands = [
        f"const {_C_TYPES[o.type]} {o.name} = {_FROM_WORD[o.type]}(operands[{place}]);"
        for place, o in enumerate(opcode.params)
    ]
    body = [*operands, f"{_C_TYPES[result.type]} {result.name};", f"{opcode.body};"]
    body.append(f"return {_TO_WORD[result.type]}({result.name});")
    return f"uint64_t {opcode.ident}(const uint64_t* operands) {{ {' '.join(body)} }}"
