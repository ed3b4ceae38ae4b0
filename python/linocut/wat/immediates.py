"""What follows an opcode's keyword (§6.5), read from text into bytes: made from the rows of the table."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from linocut.text.binary import signed, unsigned
from linocut.text.numbers import LANES, VECTOR_WIDTH, float_bits, integer_bits
from linocut.wat.cursor import is_index
from linocut.wat.memargs import read_memarg
from linocut.wat.spaces import IndexSpace
from linocut_isa import OPCODES, Opcode, Space

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.wat.code import Code
    from linocut.wat.cursor import Cursor

    Reader = Callable[[Code], bytes]

__all__ = ["READERS", "ROWS"]

_CATCHES: Final = ("catch", "catch_ref", "catch_all", "catch_all_ref")
_FIRST_WITHOUT_TAG = 2
_LANES = 16
_TARGETS: Final = (Space.TABLE, Space.MEMORY)


_MOST_REMEMBERED = 40  # characters of a literal


def _remember(encode: Callable[[str, int], bytes]) -> Callable[[str, int], bytes]:
    """Programs repeat their numbers: keep what short literals denote."""
    cached = lru_cache(maxsize=1 << 14)(encode)
    return lambda literal, width: (cached if len(literal) <= _MOST_REMEMBERED else encode)(literal, width)


# ── one immediate ────────────────────────────────────────────────────────────
@_remember
def _integer(literal: str, width: int) -> bytes:
    bits = integer_bits(literal, width)
    return signed(bits - (1 << width) if bits >> (width - 1) else bits)


@_remember
def _float(literal: str, width: int) -> bytes:
    return float_bits(literal, width).to_bytes(width // 8, "little")


def _constant(width: int, what: str, encode: Callable[[str, int], bytes]) -> Reader:
    return lambda code: code.cursor.literal(lambda literal: encode(literal, width), what)


def _index(space: Space) -> Reader:
    def read(code: Code) -> bytes:
        return code.spaces[space].bytes(code.cursor)

    return read


def _data(code: Code) -> bytes:
    code.names_data = True
    return code.spaces[Space.DATA].bytes(code.cursor)


def _labels(code: Code) -> bytes:
    labels = [code.label()]
    while is_index(code.cursor.token):
        labels.append(code.label())
    return unsigned(len(labels) - 1) + b"".join(labels)


def _heap_type(code: Code) -> bytes:
    return code.types.heap_type()


def _result_types(code: Code) -> bytes:
    types = code.types.signature().results
    return unsigned(len(types)) + b"".join(types)


def _catch_clauses(code: Code) -> bytes:
    clauses = []
    cursor = code.cursor
    while cursor.token == "(" and cursor.tokens[cursor.at + 1] in _CATCHES:
        kind = _CATCHES.index(cursor.tokens[cursor.at + 1])
        cursor.at += 2
        tag = code.spaces[Space.TAG].bytes(cursor) if kind < _FIRST_WITHOUT_TAG else b""
        clauses.append(bytes([kind]) + tag + code.label())
        cursor.expect(")")
    return unsigned(len(clauses)) + b"".join(clauses)


def _resume_clauses(code: Code) -> bytes:
    clauses = []
    cursor = code.cursor
    while cursor.accept_form("on"):
        tag = code.spaces[Space.TAG].bytes(cursor)
        clauses.append(b"\1" + tag if cursor.accept("switch") else b"\0" + tag + code.label())
        cursor.expect(")")
    return unsigned(len(clauses)) + b"".join(clauses)


def _field(code: Code) -> bytes:
    """A field of the struct type before it."""
    cursor = code.cursor
    if cursor.token[0] != "$":
        return unsigned(cursor.number(32, "a field index"))
    cursor.at -= 1
    fields = code.types.fields.get(code.types.space.index(cursor), IndexSpace("field"))
    return fields.bytes(cursor)


def _lane(code: Code) -> bytes:
    cursor = code.cursor
    lane = cursor.number(8, "a lane index")
    return bytes([lane])


def _vector(code: Code) -> bytes:
    """A shape, and its lanes."""
    cursor = code.cursor
    width = LANES.get(cursor.token)
    if width is None:
        raise cursor.unexpected(f"a shape of a vector ({', '.join(LANES)})")
    sort = cursor.take()[0]
    encode = _lane_integer if sort == "i" else _float
    read = _constant(width, f"{VECTOR_WIDTH // width} lanes", encode)
    return b"".join([read(code) for _ in range(VECTOR_WIDTH // width)])


@_remember
def _lane_integer(literal: str, width: int) -> bytes:
    return integer_bits(literal, width).to_bytes(width // 8, "little")


_READERS: Final[dict[Space, Reader]] = {
    **{space: _index(space) for space in (
        Space.TYPE, Space.FUNC, Space.TABLE, Space.MEMORY, Space.TAG, Space.GLOBAL, Space.ELEM, Space.LOCAL,
    )},
    Space.DATA: _data,
    Space.LABEL: lambda code: code.label(),
    Space.LABELS: _labels,
    Space.FIELD: _field,
    Space.BLOCK: lambda code: code.types.block_type(),
    Space.HEAP_TYPE: _heap_type,
    Space.REF_TYPE: lambda code: code.types.reference()[1],
    Space.NULL_REF_TYPE: lambda code: code.types.reference()[1],
    Space.TYPES: _result_types,
    Space.CATCHES: _catch_clauses,
    Space.HANDLERS: _resume_clauses,
    Space.COUNT: lambda code: unsigned(code.cursor.number(32)),
    Space.LANE: _lane,
    Space.LANES: lambda code: b"".join([_lane(code) for _ in range(_LANES)]),
    Space.ORDER: lambda _: b"\0",
    Space.I32: _constant(32, "an i32", _integer),
    Space.I64: _constant(64, "an i64", _integer),
    Space.F32: _constant(32, "an f32", _float),
    Space.F64: _constant(64, "an f64", _float),
    Space.V128: _vector,
}  # fmt: skip


# ── all of a row ─────────────────────────────────────────────────────────────
def _row_reader(row: Opcode) -> Reader:
    """Reads what follows the row's keyword; gives the opcode and that, as the binary format has them."""
    head = bytes(row.code[:1]) + b"".join(map(unsigned, row.code[1:]))
    if not row.immediates:
        return lambda _: head
    if row.spaces[0] is Space.CAST:
        return lambda code: head + _cast(code)
    if any(space in _TARGETS for space in row.spaces):
        return _targeted(row, head)
    readers = [_memarg_reader(row) if space is Space.MEMARG else _READERS[space] for space in row.spaces]
    if len(readers) == 1:
        read = readers[0]
        return lambda code: head + read(code)
    return lambda code: head + b"".join([read(code) for read in readers])


def _cast(code: Code) -> bytes:
    """A label and two reference types, whose nulls go to a byte of their own."""
    label = code.label()
    types = [code.types.reference() for _ in range(2)]
    flags = sum(is_nullable << number for number, (is_nullable, _) in enumerate(types))
    return bytes([flags]) + label + b"".join(heap for _, heap in types)


def _targeted(row: Opcode, head: bytes) -> Reader:
    """Tables and memories come first, or all of them are left out where they are the first one."""
    targets = [space for space in row.spaces if space in _TARGETS]
    others = [space for space in row.spaces if space not in _TARGETS]
    indices = len(targets) + sum(space in (Space.ELEM, Space.DATA) for space in others)

    def read(code: Code) -> bytes:
        is_said = _indices_ahead(code.cursor, indices) > indices - len(targets)
        named = [_READERS[space](code) if is_said else b"\0" for space in targets]
        rest = [_type_use(code) if space is Space.TYPE else _READERS[space](code) for space in others]
        return head + b"".join((named if space in _TARGETS else rest).pop(0) for space in row.spaces)

    return read


def _indices_ahead(cursor: Cursor, most: int) -> int:
    """How many tokens that can be indices come next."""
    found = 0
    while found < most and is_index(cursor.tokens[cursor.at + found]):
        found += 1
    return found


def _type_use(code: Code) -> bytes:
    return unsigned(code.types.use()[0])


def _memarg_reader(row: Opcode) -> Reader:
    natural = unsigned(row.align) + b"\0"
    has_lane = Space.LANE in row.spaces

    def read(code: Code) -> bytes:
        if code.cursor.token[0] in "()":  # most often there is nothing
            return natural
        return read_memarg(code.cursor, code.spaces[Space.MEMORY], row.align, has_lane)

    return read


def _is_nullable(code: Code) -> bool:
    """Whether the reference type that is next may be null."""
    at = code.cursor.at
    found = code.types.reference()[0]
    code.cursor.at = at
    return found


# ── all rows ─────────────────────────────────────────────────────────────────
def _choice(rows: list[Opcode]) -> Reader:
    """Reads what one keyword of several rows is: what comes next tells which."""
    by_space = {row.spaces[0] if row.spaces else None: _row_reader(row) for row in rows}
    if Space.TYPES in by_space:
        return lambda code: by_space[Space.TYPES if code.cursor.opens("result") else None](code)
    return lambda code: by_space[Space.NULL_REF_TYPE if _is_nullable(code) else Space.REF_TYPE](code)


ROWS: Final[dict[str, list[Opcode]]] = defaultdict(list)
"""The rows of each keyword."""
for _row in OPCODES:
    ROWS[_row.keyword].append(_row)
READERS: Final = {
    keyword: _row_reader(rows[0]) if len(rows) == 1 else _choice(rows) for keyword, rows in ROWS.items()
}
"""By keyword, what reads the immediates that are next and gives the instruction's bytes."""
