"""Opcode rows → C++ for the interpreter: for each row a struct with its body, and who translates it."""

from __future__ import annotations

from dataclasses import replace

from linocut_isa import Opcode, Space
from stencilgen.variants import BETTER, DETERMINISTIC, in_deterministic_profile

_C_TYPES = {"i32": "u32", "i64": "u64", "f32": "f32", "f64": "f64", "v128": "v128", "$address": "u64"}


def write_rows(opcodes: list[Opcode]) -> str:
    """`namespace rows`: what core/interp/row_handlers.hpp makes handlers of."""
    plain = [opcode for opcode in opcodes if opcode.is_plain]
    fused = [replace(o, name=f"{o.name}{BETTER}", body=o.fused) for o in plain if o.fused]
    deterministic = filter(None, map(in_deterministic_profile, plain))
    structs = [_row(opcode) for opcode in (*plain, *fused, *deterministic)]
    return "\n".join(["namespace rows {", *structs, "}  // namespace rows", ""])


def translator(opcode: Opcode) -> str:
    """The function of core/interp that turns the opcode into instructions."""
    if not opcode.is_plain:
        return f"translate_{opcode.ident}"
    if opcode.fused:
        return f"translate_better<rows::{opcode.ident}, rows::{opcode.ident}{BETTER}>"
    if opcode.deterministic:
        return f"translate_chosen<rows::{opcode.ident}, rows::{opcode.ident}{DETERMINISTIC}>"
    return f"translate_{_kind(opcode)}<rows::{opcode.ident}>"


def _kind(opcode: Opcode) -> str:
    if Space.LANES in opcode.spaces:
        return "shuffle"
    if Space.LANE in opcode.spaces:
        return "lane_access" if opcode.is_access else "lane_computation"
    if opcode.is_atomic:
        return "atomic"
    if not opcode.is_access:
        return "computation"
    return "load" if opcode.results else "store"


def _row(opcode: Opcode) -> str:
    operands = {operand.name: _C_TYPES[operand.type] for operand in opcode.params}
    if Space.LANES in opcode.spaces:
        operands["lanes"] = "v128"
    facts = [f"using Params = std::tuple<{', '.join(operands.values())}>;"]
    if opcode.is_access:
        facts += [
            f"static constexpr unsigned bytes = {1 << opcode.align};",
            f"static constexpr bool is_load = {str(bool(opcode.results)).lower()};",
        ]
        operands[opcode.params[0].name] = "u8*"
    else:
        facts += [
            f"static constexpr bool is_commutative = {str(opcode.commutative).lower()};",
            f"static constexpr bool may_trap = {str(bool(opcode.trap_if)).lower()};",
            f"using Nan = {opcode.nan or 'void'};",
        ]
    if Space.LANE in opcode.spaces:
        operands["lane"] = "u32"
    params = ", ".join(f"{type_} {name}" for name, type_ in operands.items())
    lines = [*facts, *_trap(opcode, params), *_apply(opcode, params)]
    return "\n".join([f"struct {opcode.ident} {{", *(f"    {line}" for line in lines), "};"])


def _trap(opcode: Opcode, params: str) -> list[str]:
    """A function that gives the number of the trap for its operands, or TRAP_KINDS for none."""
    if not opcode.trap_if:
        return []
    conditions = [f"if ({condition}) return {trap.number};" for condition, trap in opcode.trap_if.items()]
    return [f"static unsigned trap({_unused(params)}) {{ {' '.join(conditions)} return TRAP_KINDS; }}"]


def _unused(params: str) -> str:
    """The parameters, marked as perhaps unused: a condition may be about one operand only."""
    return ", ".join(f"[[maybe_unused]] {param}" for param in params.split(", "))


def _apply(opcode: Opcode, params: str) -> list[str]:
    if not opcode.results:
        return [f"static void apply({params}) {{ {opcode.body}; }}"]
    (result,) = opcode.results
    kind = _C_TYPES[result.type]
    return [f"static {kind} apply({params}) {{ {kind} {result.name}; {opcode.body}; return {result.name}; }}"]
