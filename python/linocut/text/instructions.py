"""Instructions of a valid function body: read from its bytes (§5.4), written as text (§6.5).

Both are driven by the immediates that an opcode's row lists: a new opcode needs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from linocut.text.binary import Reader
from linocut.text.immediates import Exact, MemArg, read_immediate, read_value_type
from linocut.text.names import identifier, shortened
from linocut.text.numbers import float_text, vector_text
from linocut_isa import HEAP_TYPES, Opcode, Space, ValType, by_code, reference_word
from linocut_isa.row import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut.types import FuncType

_REF_NULL = 0x63
_CATCHES = ("catch", "catch_ref", "catch_all", "catch_all_ref")
_EMPTY_BLOCK = -0x40  # the byte 0x40, read as a signed number
_MOST_VALUES = (
    16  # of a type that is written out where it is used: a thousand of them can be used at each opcode
)
_MOST_ALIGN = 63  # as a logarithm
_PARTS = {"else", "catch", "catch_all"}  # each ends one part of a block and begins the next
_CLOSES = {"end", "delegate", *_PARTS}


class Instruction(NamedTuple):
    """One instruction; offsets are the caller's, see `read_body`."""

    offset: int
    size: int
    opcode: Opcode
    immediates: tuple[Any, ...]  # the value of each, see `read_immediate`
    depth: int  # how many blocks it is in, not counting one that it opens or closes


class Called(Protocol):
    """Names by index: a mapping, or what can be asked like one."""

    def get(self, index: int, /) -> str | None:
        """The name, if there is one."""


class Scope(NamedTuple):
    """What indices stand for where an instruction is."""

    types: Sequence[FuncType] = ()
    """Written out where they are used; without them, uses are indices."""
    names: Mapping[Space, Called] = {}
    """Of what has no name here the index is written."""
    identify: Callable[[str], str] = lambda name: identifier(shortened(name))
    """A name as it is written: names of a megabyte, wherever they are used, would fill a listing."""

    def called(self, space: Space, index: int) -> str:
        """The index, or what is called by it."""
        name = self.names[space].get(index) if space in self.names else None
        return str(index) if name is None else self.identify(name)


# ── reading ──────────────────────────────────────────────────────────────────
def read_body(body: bytes, offset: int = 0) -> tuple[tuple[tuple[int, str], ...], list[Instruction]]:
    """How many locals of which types a body declares, and its instructions; `offset` is its first byte's."""
    reader = Reader(body)
    return read_locals(reader, Scope()), list(read_instructions(reader, offset))


def read_locals(reader: Reader, scope: Scope) -> tuple[tuple[int, str], ...]:
    """The locals that a body begins with: how many of which types."""
    return tuple(
        (reader.unsigned(), value_type_text(read_value_type(reader), scope)) for _ in range(reader.unsigned())
    )


def read_instructions(reader: Reader, offset: int = 0) -> Iterator[Instruction]:
    """Instructions up to the end of the bytes; `offset` is that of their first one."""
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
    opcode = instruction.opcode
    if not opcode.immediates:
        return opcode.keyword
    values = instruction.immediates
    written = [
        (space, _WRITERS.get(space, _number)(value, opcode, scope))
        for space, value in zip(opcode.spaces, values, strict=True)
    ]
    return " ".join([opcode.keyword, *filter(None, _in_order_of_text(written, values))])


def _in_order_of_text(written: list[tuple[Space, str]], values: tuple[Any, ...]) -> list[str]:
    """Tables and memories come first, where the binary format has the type or segment first.

    They need not be named where they are all the first one.
    """
    if written[0][0] is Space.CAST:
        return _cast([text for _, text in written])
    texts = [text for space, text in written if space not in _TARGETS]
    if len(texts) == len(written):
        return texts
    are_first = all(
        value == 0 for (space, _), value in zip(written, values, strict=True) if space in _TARGETS
    )
    return texts if are_first else [text for space, text in written if space in _TARGETS] + texts


_TARGETS = (Space.TABLE, Space.MEMORY)


def type_text(type_: FuncType) -> str:
    """`(param i32 i64) (result f32)`; either part is left out where it is empty."""
    parts = (("param", type_.params), ("result", type_.results))
    return " ".join(f"({word} {' '.join(types)})" for word, types in parts if types)


def type_use(index: int, scope: Scope) -> str:
    """`type_text` of a type of the module, or `(type 3)` if that would be long."""
    if not scope.types:
        return f"(type {scope.called(Space.TYPE, index)})"
    type_ = scope.types[index]
    return type_text(type_) if len(type_.params) + len(type_.results) <= _MOST_VALUES else f"(type {index})"


def _number(value: Any, _: Opcode, __: Scope) -> str:
    return str(value)


def _block(value: Any, _: Opcode, scope: Scope) -> str:
    if value == _EMPTY_BLOCK:
        return ""
    if isinstance(value, int) and value >= 0:
        return type_use(value, scope)
    return f"(result {value_type_text(value if isinstance(value, tuple) else value & 0x7F, scope)})"


def _named(space: Space) -> Callable[[Any, Opcode, Scope], str]:
    return lambda value, _, scope: scope.called(space, value)


def _type(value: Any, opcode: Opcode, scope: Scope) -> str:
    index = scope.called(Space.TYPE, value)
    if Space.TABLE not in opcode.spaces:
        return index
    return " ".join(dict.fromkeys(filter(None, (f"(type {index})", type_use(value, scope)))))


def _memarg(value: MemArg, opcode: Opcode, scope: Scope) -> str:
    if value.align > _MOST_ALIGN:
        raise ValueError(f"malformed alignment: two to the power of {value.align}")
    memory = scope.called(Space.MEMORY, value.memory) if value.memory else ""
    offset = f"offset={value.offset}" if value.offset else ""
    align = "" if value.align == opcode.align else f"align={1 << value.align}"
    return " ".join(filter(None, (memory, offset, align)))


def _types(value: Any, _: Opcode, scope: Scope) -> str:
    return f"(result {' '.join(value_type_text(type_, scope) for type_ in value)})"


def value_type_text(value: int | tuple[int, int], scope: Scope) -> str:
    """A value type as `read_value_type` gives it; KeyError or ValueError if there is none such."""
    if isinstance(value, tuple):
        byte, heap = value
        return _reference(heap, scope, is_nullable=byte == _REF_NULL)
    return reference_word(value) if value in HEAP_TYPES else ValType(value).text


def _heap_type(value: int, scope: Scope) -> str:
    if value < 0:
        return HEAP_TYPES[value & 0x7F]
    index = scope.called(Space.TYPE, value)
    return f"(exact {index})" if isinstance(value, Exact) else index


def _reference(heap: int, scope: Scope, is_nullable: bool) -> str:
    return f"(ref {'null ' if is_nullable else ''}{_heap_type(heap, scope)})"


def _cast(written: list[str]) -> list[str]:
    """The immediates of `br_on_cast`: two bits say which of the two types may be null."""
    flags, label, *heaps = written
    nulls = ["null " if int(flags) & bit else "" for bit in (1, 2)]
    return [label, *(f"(ref {null}{heap})" for null, heap in zip(nulls, heaps, strict=True))]


def _catches(value: Any, _: Opcode, scope: Scope) -> str:
    return " ".join(f"({_CATCHES[kind]} {_clause(rest, scope)})" for kind, *rest in value)


def _handlers(value: Any, _: Opcode, scope: Scope) -> str:
    """A tag and a label, or a tag alone."""
    return " ".join(
        f"(on {scope.called(Space.TAG, rest[0])} switch)" if kind else f"(on {_clause(rest, scope)})"
        for kind, *rest in value
    )


def _clause(indices: list[int], scope: Scope) -> str:
    """Perhaps a tag, and a label."""
    *tags, label = indices
    return " ".join([*(scope.called(Space.TAG, tag) for tag in tags), scope.called(Space.LABEL, label)])


def _lanes(value: int, _: Opcode, __: Scope) -> str:
    return " ".join(map(str, value.to_bytes(16, "little")))


_WRITERS: dict[Space, Callable[[Any, Opcode, Scope], str]] = {
    Space.BLOCK: _block,
    **{space: _named(space) for space in (
        Space.FUNC, Space.TABLE, Space.MEMORY, Space.TAG, Space.GLOBAL, Space.ELEM, Space.DATA, Space.LOCAL,
        Space.LABEL,
    )},
    Space.LABELS: lambda value, _, scope: " ".join(scope.called(Space.LABEL, label) for label in value),
    Space.TYPE: _type,
    Space.TYPES: _types,
    Space.MEMARG: _memarg,
    Space.HEAP_TYPE: lambda value, _, scope: _heap_type(value, scope),
    Space.REF_TYPE: lambda value, _, scope: _reference(value, scope, is_nullable=False),
    Space.NULL_REF_TYPE: lambda value, _, scope: _reference(value, scope, is_nullable=True),
    Space.CATCHES: _catches,
    Space.HANDLERS: _handlers,
    Space.ORDER: lambda _, __, ___: "",
    Space.LANES: _lanes,
    Space.V128: lambda value, _, __: vector_text(value),
    Space.F32: lambda value, _, __: float_text(value, 32),
    Space.F64: lambda value, _, __: float_text(value, 64),
}  # fmt: skip
