"""Instructions of a valid function body: read from its bytes (§5.4), written as text (§6.5).

Both are driven by the immediates that an opcode's row lists: a new opcode needs nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from linocut.text.binary import Reader
from linocut.text.immediates import MemArg, read_immediate
from linocut.text.names import identifier, shortened
from linocut.text.numbers import float_text, vector_text
from linocut_isa import HEAP_TYPES, Opcode, Space, ValType, by_code
from linocut_isa.row import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from linocut.types import FuncType

_REF_NULL = 0x63
_CATCHES = ("catch", "catch_ref", "catch_all", "catch_all_ref")
_EMPTY_BLOCK = -0x40  # the byte 0x40, read as a signed number
_MOST_VALUES = (
    16  # of a type that is written out where it is used: a thousand of them can be used at each opcode
)
_PARTS = {"else", "catch", "catch_all"}  # each ends one part of a block and begins the next
_CLOSES = {"end", "delegate", *_PARTS}


class Instruction(NamedTuple):
    """One instruction; offsets are the caller's, see `read_body`."""

    offset: int
    size: int
    opcode: Opcode
    immediates: tuple[Any, ...]  # the value of each, see `read_immediate`
    depth: int  # how many blocks it is in, not counting one that it opens or closes


class Scope(NamedTuple):
    """What indices stand for where an instruction is; a missing name leaves the index."""

    types: Sequence[FuncType] = ()
    functions: Mapping[int, str] = {}
    locals: Mapping[int, str] = {}
    globals: Mapping[int, str] = {}


# ── reading ──────────────────────────────────────────────────────────────────
def read_body(body: bytes, offset: int = 0) -> tuple[tuple[tuple[int, str], ...], list[Instruction]]:
    """How many locals of which types a body declares, and its instructions; `offset` is its first byte's."""
    reader = Reader(body)
    locals_ = tuple((reader.unsigned(), ValType(reader.byte()).text) for _ in range(reader.unsigned()))
    return locals_, list(_instructions(reader, offset))


def _instructions(reader: Reader, offset: int) -> Iterator[Instruction]:
    depth = 0
    while not reader.is_done:
        start = reader.position
        opcode = _opcode(reader)
        immediates = tuple(read_immediate(reader, immediate.encoding) for immediate in opcode.immediates)
        depth -= opcode.name in _CLOSES
        yield Instruction(offset + start, reader.position - start, opcode, immediates, max(depth, 0))
        depth += opcode.opens_block or opcode.name in _PARTS


def _opcode(reader: Reader) -> Opcode:
    byte = reader.byte()
    return by_code(byte, reader.unsigned()) if byte in PREFIXES else by_code(byte)


# ── writing ──────────────────────────────────────────────────────────────────
def instruction_text(instruction: Instruction, scope: Scope) -> str:
    """The instruction in the text format, without what is the default.

    >>> from linocut_isa import by_name
    >>> load = Instruction(0, 3, by_name("i64.load"), (MemArg(align=0, offset=16),), 0)
    >>> instruction_text(load, Scope())
    'i64.load offset=16 align=1'
    """
    written = [
        (immediate.space, _WRITERS.get(immediate.space, _number)(value, instruction.opcode, scope))
        for immediate, value in zip(instruction.opcode.immediates, instruction.immediates, strict=True)
    ]
    return " ".join([instruction.opcode.keyword, *filter(None, _in_order_of_text(written))])


def _in_order_of_text(written: list[tuple[Space, str]]) -> list[str]:
    """Tables and memories come first, where the binary format has the type or segment first.

    They need not be named where they are all the first one.
    """
    if written and written[0][0] is Space.CAST:
        return _cast([text for _, text in written])
    targets = [text for space, text in written if space in _TARGETS]
    others = [text for space, text in written if space not in _TARGETS]
    return [*(targets if any(text != "0" for text in targets) else []), *others]


_TARGETS = (Space.TABLE, Space.MEMORY)


def type_text(type_: FuncType) -> str:
    """`(param i32 i64) (result f32)`; either part is left out where it is empty."""
    parts = (("param", type_.params), ("result", type_.results))
    return " ".join(f"({word} {' '.join(types)})" for word, types in parts if types)


def type_use(index: int, scope: Scope) -> str:
    """`type_text` of a type of the module, or `(type 3)` if that would be long."""
    type_ = scope.types[index]
    return type_text(type_) if len(type_.params) + len(type_.results) <= _MOST_VALUES else f"(type {index})"


def _number(value: Any, _: Opcode, __: Scope) -> str:
    return str(value)


def _block(value: Any, _: Opcode, scope: Scope) -> str:
    if value == _EMPTY_BLOCK:
        return ""
    if isinstance(value, int) and value >= 0:
        return type_use(value, scope)
    return f"(result {_value_type(value if isinstance(value, tuple) else value & 0x7F)})"


def _named(index: int, names: Mapping[int, str]) -> str:
    return identifier(shortened(names[index])) if index in names else str(index)


def _type(value: Any, opcode: Opcode, scope: Scope) -> str:
    if Space.TABLE not in opcode.spaces:
        return str(value)
    return " ".join(dict.fromkeys(filter(None, (f"(type {value})", type_use(value, scope)))))


def _memarg(value: MemArg, opcode: Opcode, _: Scope) -> str:
    memory = str(value.memory) if value.memory else ""
    offset = f"offset={value.offset}" if value.offset else ""
    align = "" if value.align == opcode.align else f"align={1 << value.align}"
    return " ".join(filter(None, (memory, offset, align)))


def _types(value: Any, _: Opcode, __: Scope) -> str:
    return f"(result {' '.join(map(_value_type, value))})"


def _value_type(value: int | tuple[int, int]) -> str:
    if isinstance(value, tuple):
        byte, heap = value
        return _reference(heap, byte == _REF_NULL)
    return f"{HEAP_TYPES[value]}ref" if value in HEAP_TYPES else ValType(value).text


def _heap_type(value: int) -> str:
    return HEAP_TYPES[value & 0x7F] if value < 0 else str(value)


def _reference(heap: int, is_nullable: bool) -> str:
    return f"(ref {'null ' if is_nullable else ''}{_heap_type(heap)})"


def _cast(written: list[str]) -> list[str]:
    """The immediates of `br_on_cast`: two bits say which of the two types may be null."""
    flags, label, *heaps = written
    nulls = ["null " if int(flags) & bit else "" for bit in (1, 2)]
    return [label, *(f"(ref {null}{heap})" for null, heap in zip(nulls, heaps, strict=True))]


def _catches(value: Any, _: Opcode, __: Scope) -> str:
    return " ".join(f"({_CATCHES[kind]} {' '.join(map(str, rest))})" for kind, *rest in value)


def _handlers(value: Any, _: Opcode, __: Scope) -> str:
    return " ".join(f"(on {' '.join(map(str, rest))}{' switch' * kind})" for kind, *rest in value)


def _lanes(value: int, _: Opcode, __: Scope) -> str:
    return " ".join(map(str, value.to_bytes(16, "little")))


_WRITERS: dict[Space, Callable[[Any, Opcode, Scope], str]] = {
    Space.BLOCK: _block,
    Space.FUNC: lambda value, _, scope: _named(value, scope.functions),
    Space.LOCAL: lambda value, _, scope: _named(value, scope.locals),
    Space.GLOBAL: lambda value, _, scope: _named(value, scope.globals),
    Space.LABELS: lambda value, _, __: " ".join(map(str, value)),
    Space.TYPE: _type,
    Space.TYPES: _types,
    Space.MEMARG: _memarg,
    Space.HEAP_TYPE: lambda value, _, __: _heap_type(value),
    Space.REF_TYPE: lambda value, _, __: _reference(value, is_nullable=False),
    Space.NULL_REF_TYPE: lambda value, _, __: _reference(value, is_nullable=True),
    Space.CATCHES: _catches,
    Space.HANDLERS: _handlers,
    Space.ORDER: lambda _, __, ___: "",
    Space.LANES: _lanes,
    Space.V128: lambda value, _, __: vector_text(value),
    Space.F32: lambda value, _, __: float_text(value, 32),
    Space.F64: lambda value, _, __: float_text(value, 64),
}
