"""A Program in the text format (§6), flat, with its plan as comments: what a failure is read from."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from linocut.fuzz.program import Signature
from linocut.text.numbers import vector_text
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from linocut.fuzz.program import Code, Elem, Instr, MemoryDef, Program, TableDef


def to_text(program: Program) -> str:
    """The module; wat2wasm reads it."""
    return "\n".join(["(module", *("  " + line for line in _module(program)), ")", ""])


def _module(program: Program) -> Iterator[str]:
    yield from _imports(program)
    for table in program.tables:
        if not table.imported:
            yield f"(table {_limits(table)} {table.element})"
    if program.memory and not program.memory.imported:
        yield f"(memory {_limits(program.memory)})"
    for tag in program.tags:
        if not tag.imported:
            yield f"(tag{_signature(Signature(tag.params, ()))})"
    for global_ in program.globals:
        if not global_.imported:
            yield f"(global {_global_type(global_.type, global_.mutable)} {_instruction(global_.init[0])})"
    yield from _exports(program)
    for segment in program.elems:
        yield _elem(segment, program)
    if program.referable:
        yield f"(elem declare func {' '.join(map(str, program.referable))})"
    for data in program.datas:
        address = program.memory.address if program.memory else "i32"
        offset = "" if data.offset is None else f"({address}.const {data.offset}) "
        yield f'(data {offset}"{"".join(f"{chr(92)}{byte:02x}" for byte in data.content)}")'
    if program.start is not None:
        yield f"(start {program.start})"
    for index, function in enumerate(program.functions, len(program.hosts)):
        yield f"(func (;{index};){_signature(function.type)}"
        if function.locals:
            yield f"  (local {' '.join(function.locals)})"
        yield from _lines(function.body, 1)
        yield ")"
    for call in program.plan:
        yield f";; instance {call.instance}: {_call(program, call.function, call.args)}"


def _imports(program: Program) -> Iterator[str]:
    for index, type_ in enumerate(program.hosts):
        yield f'(import "host" "h{index}" (func{_signature(type_)}))'
    for index, table in enumerate(program.tables):
        if table.imported:
            yield f'(import "host" "t{index}" (table {_limits(table)} {table.element}))'
    if program.memory and program.memory.imported:
        yield f'(import "host" "mem" (memory {_limits(program.memory)}))'
    for index, global_ in enumerate(program.globals):
        if global_.imported:
            yield f'(import "host" "g{index}" (global {_global_type(global_.type, global_.mutable)}))'
    for index, tag in enumerate(program.tags):
        if tag.imported:
            yield f'(import "host" "e{index}" (tag{_signature(Signature(tag.params, ()))}))'


def _exports(program: Program) -> Iterator[str]:
    for number, function in enumerate(program.functions, len(program.hosts)):
        if function.exported:
            yield f'(export "f{number}" (func {number}))'
    for index, table in enumerate(program.tables):
        if table.exported:
            yield f'(export "t{index}" (table {index}))'
    if program.memory:
        yield '(export "mem" (memory 0))'
    for index, global_ in enumerate(program.globals):
        if global_.exported:
            yield f'(export "g{index}" (global {index}))'
    for index in range(len(program.tags)):
        yield f'(export "e{index}" (tag {index}))'


def _elem(segment: Elem, program: Program) -> str:
    address = program.tables[segment.table].address
    place = "" if segment.offset is None else f"(table {segment.table}) ({address}.const {segment.offset}) "
    if None not in segment.items and segment.type == "funcref":
        return f"(elem {place}func {' '.join(map(str, segment.items))})"
    items = (f"(ref.null {_heap(segment.type)})" if i is None else f"(ref.func {i})" for i in segment.items)
    return f"(elem {place}{segment.type} {' '.join(items)})"


def _limits(of: MemoryDef | TableDef) -> str:
    address = "" if of.address == "i32" else f"{of.address} "
    return f"{address}{of.min}" if of.max is None else f"{address}{of.min} {of.max}"


def _global_type(type_: str, mutable: bool) -> str:
    return f"(mut {type_})" if mutable else type_


def _heap(type_: str) -> str:
    return type_.removesuffix("ref")


def _signature(type_: Signature) -> str:
    params = f" (param {' '.join(type_.params)})" if type_.params else ""
    return params + (f" (result {' '.join(type_.results)})" if type_.results else "")


def _call(program: Program, function: int, args: tuple[Any, ...]) -> str:
    types = program.signature(function).params
    shown = (
        arg if arg is None or isinstance(arg, str) else number(t, arg)
        for t, arg in zip(types, args, strict=True)
    )
    return f"f{function}({', '.join(map(str, shown))})"


# ── instructions ─────────────────────────────────────────────────────────────
def _lines(code: Code, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for instr in code:
        yield pad + _instruction(instr)
        if instr.body is None:
            continue
        yield from _lines(instr.body, depth + 1)
        for arm in instr.arms:
            yield pad + _instruction(arm.head)
            yield from _lines(arm.code, depth + 1)
        if not instr.is_delegated:
            yield pad + "end"


def _instruction(instr: Instr) -> str:
    return " ".join(filter(None, (instr.op.keyword, _immediates(instr))))


def _immediates(instr: Instr) -> str:
    """A program has one value for all, of several a tuple. What there is one of is not named."""
    spaces = instr.op.spaces
    values = instr.imm if len(spaces) > 1 else (instr.imm,)
    written = [(space, _WRITERS.get(space, str)(value)) for space, value in zip(spaces, values, strict=False)]
    # The binary format has the type or segment first, the text format the table.
    tables = [text for space, text in written if space is Space.TABLE]
    others = [text for space, text in written if space not in _UNWRITTEN]
    return " ".join([*tables, *others])


_CLAUSES = ("catch", "catch_ref", "catch_all", "catch_all_ref")


def _clause(clause: tuple[int, ...]) -> str:
    kind, *indices = clause
    return f"({' '.join([_CLAUSES[kind], *map(str, indices)])})"


_UNWRITTEN = (Space.TABLE, Space.MEMORY, Space.ORDER)  # the first comes before all others
_WRITERS: dict[Space, Callable[[Any], str]] = {
    Space.BLOCK: lambda type_: _signature(type_).strip(),
    Space.TYPE: lambda type_: _signature(type_).strip(),
    Space.LABELS: lambda labels: " ".join(map(str, labels)),
    Space.CATCHES: lambda clauses: " ".join(map(_clause, clauses)),
    Space.TYPES: lambda types: f"(result {' '.join(types)})",
    Space.MEMARG: lambda imm: f"offset={imm[1]} align={1 << imm[0]}",
    Space.LANES: lambda lanes: " ".join(map(str, lanes.to_bytes(16, "little"))),
    Space.HEAP_TYPE: lambda type_: _heap(type_),
    Space.I32: lambda value: number("i32", value),
    Space.I64: lambda value: number("i64", value),
    Space.F32: lambda value: number("f32", value),
    Space.F64: lambda value: number("f64", value),
    Space.V128: lambda value: number("v128", value),
}


def number(type_: str, value: int) -> str:
    """A constant in the text format; floats in hexadecimal, so that nothing is rounded."""
    if type_ in ("i32", "i64"):
        return str(value)
    if type_ == "v128":
        return vector_text(value)
    sign_bit, mantissa, form = (31, 23, "<f") if type_ == "f32" else (63, 52, "<d")
    sign = "-" if value >> sign_bit else ""
    magnitude = value & ((1 << sign_bit) - 1)
    payload = magnitude & ((1 << mantissa) - 1)
    if magnitude >> mantissa != (1 << (sign_bit - mantissa)) - 1:
        decoded: float = struct.unpack(form, value.to_bytes(4 if type_ == "f32" else 8, "little"))[0]
        return decoded.hex()
    return f"{sign}nan:{payload:#x}" if payload else f"{sign}inf"
