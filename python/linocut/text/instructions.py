"""Instructions of a valid function body: read from its bytes (§5.4), written as text (§6.5).

Both are driven by the kind of immediate that an opcode's row names: a new plain opcode needs nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linocut.text.binary import Reader
from linocut.text.names import identifier, shortened
from linocut.text.numbers import float_text
from linocut_isa import Imm, Opcode, ValType, by_code
from linocut_isa.row import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from linocut.types import FuncType

_EMPTY_BLOCK = -0x40  # the byte 0x40, read as a signed number
_MOST_VALUES = (
    16  # of a type that is written out where it is used: a thousand of them can be used at each opcode
)
_OPENS, _CLOSES = {"block", "loop", "if", "else"}, {"else", "end"}


class Instruction(NamedTuple):
    """One instruction; offsets are the caller's, see `read_body`."""

    offset: int
    size: int
    opcode: Opcode
    immediates: tuple[int, ...]
    depth: int  # how many blocks it is in, those that it opens or closes not counted


class Scope(NamedTuple):
    """What indices stand for where an instruction is; a missing name leaves the index."""

    types: Sequence[FuncType] = ()
    functions: Mapping[int, str] = {}
    locals: Mapping[int, str] = {}
    globals: Mapping[int, str] = {}


# ── reading ──────────────────────────────────────────────────────────────────
def read_body(body: bytes, offset: int = 0) -> tuple[tuple[tuple[int, str], ...], list[Instruction]]:
    """How many locals of which types it declares, and its instructions; its first byte has that offset."""
    reader = Reader(body)
    locals_ = tuple((reader.unsigned(), ValType(reader.byte()).text) for _ in range(reader.unsigned()))
    return locals_, list(_instructions(reader, offset))


def _instructions(reader: Reader, offset: int) -> Iterator[Instruction]:
    depth = 0
    while not reader.is_done:
        start = reader.position
        opcode = _opcode(reader)
        immediates = tuple(_READERS.get(opcode.imm, _read_indices)(reader, opcode.imm))
        depth -= opcode.name in _CLOSES
        yield Instruction(offset + start, reader.position - start, opcode, immediates, max(depth, 0))
        depth += opcode.name in _OPENS


def _opcode(reader: Reader) -> Opcode:
    byte = reader.byte()
    return by_code(byte, reader.unsigned()) if byte in PREFIXES else by_code(byte)


# How many indices a kind of immediate has; 0 for what is not listed and has no reader.
_INDEX_COUNTS = {
    Imm.NONE: 0, Imm.TYPE_TABLE: 2, Imm.ELEM_TABLE: 2, Imm.TABLE_TABLE: 2, Imm.DATA_MEMORY: 2,
    Imm.MEMORY_MEMORY: 2, Imm.MEMARG: 2,
}  # fmt: skip


def _read_indices(reader: Reader, kind: Imm) -> list[int]:
    return [reader.unsigned() for _ in range(_INDEX_COUNTS.get(kind, 1))]


def _read_signed(reader: Reader, _: Imm) -> list[int]:
    return [reader.signed()]


def _read_float(reader: Reader, kind: Imm) -> list[int]:
    return [int.from_bytes(reader.take(4 if kind is Imm.F32 else 8), "little")]


def _read_labels(reader: Reader, _: Imm) -> list[int]:
    return [reader.unsigned() for _ in range(reader.unsigned() + 1)]


def _read_types(reader: Reader, _: Imm) -> list[int]:
    return [reader.byte() for _ in range(reader.unsigned())]


_READERS: dict[Imm, Callable[[Reader, Imm], list[int]]] = {
    Imm.BLOCK: _read_signed,  # 33 bits: a type index or, negative, a value type
    Imm.I32: _read_signed,
    Imm.I64: _read_signed,
    Imm.F32: _read_float,
    Imm.F64: _read_float,
    Imm.LABELS: _read_labels,
    Imm.TYPES: _read_types,
}


# ── writing ──────────────────────────────────────────────────────────────────
def instruction_text(instruction: Instruction, scope: Scope) -> str:
    """The instruction in the text format, what is default left out.

    >>> from linocut_isa import by_name
    >>> load = Instruction(0, 3, by_name("i64.load"), (0, 16), 0)
    >>> instruction_text(load, Scope())
    'i64.load offset=16 align=1'
    """
    write = _WRITERS.get(instruction.opcode.imm, _indices)
    name = "select" if instruction.opcode.name == "select_t" else instruction.opcode.name
    return " ".join([name, *filter(None, write(instruction, scope))])


def type_text(type_: FuncType) -> str:
    """`(param i32 i64) (result f32)`; nothing for what is empty."""
    parts = (("param", type_.params), ("result", type_.results))
    return " ".join(f"({word} {' '.join(types)})" for word, types in parts if types)


def type_use(index: int, scope: Scope) -> str:
    """`type_text` of a type of the module, or `(type 3)` if that would be long."""
    type_ = scope.types[index]
    return type_text(type_) if len(type_.params) + len(type_.results) <= _MOST_VALUES else f"(type {index})"


def _indices(instruction: Instruction, _: Scope) -> list[str]:
    return [str(index) for index in instruction.immediates]


def _implied_zero(instruction: Instruction, _: Scope) -> list[str]:
    """Memory or table 0 need not be named; the text format names both of two or neither."""
    return [str(index) for index in instruction.immediates] if any(instruction.immediates) else []


def _segment(instruction: Instruction, _: Scope) -> list[str]:
    """The binary format has the segment first, the text format the table or memory."""
    segment, target = instruction.immediates
    return [str(target) if target else "", str(segment)]


def _block(instruction: Instruction, scope: Scope) -> list[str]:
    (index,) = instruction.immediates
    if index == _EMPTY_BLOCK:
        return []
    return [f"(result {ValType(index & 0x7F).text})" if index < 0 else type_use(index, scope)]


def _named(index: int, names: Mapping[int, str]) -> list[str]:
    return [identifier(shortened(names[index])) if index in names else str(index)]


def _call_indirect(instruction: Instruction, scope: Scope) -> list[str]:
    type_, table = instruction.immediates
    return [str(table) if table else "", *dict.fromkeys((f"(type {type_})", type_use(type_, scope)))]


def _memarg(instruction: Instruction, _: Scope) -> list[str]:
    align, offset = instruction.immediates
    is_natural = align == instruction.opcode.align
    return [f"offset={offset}" if offset else "", "" if is_natural else f"align={1 << align}"]


def _types(instruction: Instruction, _: Scope) -> list[str]:
    return [f"(result {ValType(type_).text})" for type_ in instruction.immediates]


def _reference(instruction: Instruction, _: Scope) -> list[str]:
    return [ValType(instruction.immediates[0]).text.removesuffix("ref")]


_WRITERS: dict[Imm, Callable[[Instruction, Scope], list[str]]] = {
    Imm.BLOCK: _block,
    Imm.FUNC: lambda instruction, scope: _named(instruction.immediates[0], scope.functions),
    Imm.LOCAL: lambda instruction, scope: _named(instruction.immediates[0], scope.locals),
    Imm.GLOBAL: lambda instruction, scope: _named(instruction.immediates[0], scope.globals),
    Imm.TYPE_TABLE: _call_indirect,
    Imm.TYPES: _types,
    Imm.TABLE: _implied_zero,
    Imm.TABLE_TABLE: _implied_zero,
    Imm.MEMORY: _implied_zero,
    Imm.MEMORY_MEMORY: _implied_zero,
    Imm.ELEM_TABLE: _segment,
    Imm.DATA_MEMORY: _segment,
    Imm.MEMARG: _memarg,
    Imm.REF_TYPE: _reference,
    Imm.F32: lambda instruction, _: [float_text(instruction.immediates[0], 32)],
    Imm.F64: lambda instruction, _: [float_text(instruction.immediates[0], 64)],
}
