"""Cuts the bytes of a definition where they name another one by its index."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from linocut.text.binary import Reader, signed, unsigned
from linocut.text.immediates import NAMED_MEMORY, read_immediate
from linocut_isa import FEATURES, OPCODES, Effect, Opcode, Use
from linocut_isa import Space as Operand
from linocut_isa.row import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable


class Space(IntEnum):
    """The index spaces of a module (§2.5.1), in the order of their sections."""

    TYPE = 0
    FUNC = 1
    TABLE = 2
    MEMORY = 3
    TAG = 4
    GLOBAL = 5
    ELEM = 6
    DATA = 7


class Form(IntEnum):
    """How an index is written: alone, as a signed number, or behind an access's alignment (§5.4.6)."""

    UNSIGNED = 0
    SIGNED = 1
    MEMARG = 2


@dataclass(frozen=True, slots=True)
class Ref:
    """An index among the bytes. `flag` is the alignment of a MEMARG."""

    space: Space
    index: int
    form: Form = Form.UNSIGNED
    flag: int = 0


# What an import or export is, by its number (§5.5.5).
KINDS = (Space.FUNC, Space.TABLE, Space.MEMORY, Space.GLOBAL, Space.TAG)

Parts: TypeAlias = "tuple[bytes | Ref, ...]"
State: TypeAlias = "tuple[Space, int]"


def index_bytes(index: int, form: Form, flag: int) -> bytes:
    """An index as it stands in the place of a Ref of that form."""
    if form is Form.UNSIGNED:
        return unsigned(index)
    if form is Form.SIGNED:
        return signed(index)
    if index or flag & NAMED_MEMORY:
        return unsigned(flag | NAMED_MEMORY) + unsigned(index)
    return unsigned(flag)


class Code(NamedTuple):
    """Cut bytes, and what they are about.

    `reads` and `writes` are what may change while a module runs: memories, tables, globals, segments that can
    be dropped. `heap_…` is the same for objects; `is_indirect`: it calls what only the run tells.
    """

    parts: Parts
    features: frozenset[str] = frozenset()
    reads: frozenset[State] = frozenset()
    writes: frozenset[State] = frozenset()
    reads_heap: bool = False
    writes_heap: bool = False
    is_indirect: bool = False
    casts_to: frozenset[int] = frozenset()
    """Abstract heap types, as bytes, that something is tested for."""
    refers_to: frozenset[int] = frozenset()
    """Functions by index that `ref.func` makes references of; they must be declared (§3.4.13)."""
    called: frozenset[tuple[int, int | None]] = frozenset()
    """Tables that are called through, and at which index: None if it is not a constant."""
    handled: frozenset[int] = frozenset()
    """Tables that something else is done with."""


class UnreadableError(ValueError):
    """Bytes that are no WebAssembly that the cutter knows: those of malformed modules."""


_SINGLE_TYPES = {byte: feature.name for feature in FEATURES for byte in feature.types}
_EMPTY_BLOCK, _REF_NULL, _REF, _EXACT = 0x40, 0x63, 0x64, 0x62
_END = 0x0B
INTEGERS = (0x41, 0x42)  # i32.const, i64.const
_INTEGER_CODES = [(byte,) for byte in INTEGERS]
_BY_CODE = {row.code: row for row in OPCODES}
_EXTENDED_CONST = frozenset(
    f"{type_}.{operation}" for type_ in ("i32", "i64") for operation in ("add", "sub", "mul")
)


class Cutter:
    """Reads through bytes and takes notes; `code()` is what it has read since it last was asked.

    `imported_globals`: so many come before those that the module defines itself.

    >>> Cutter(bytes([0x10, 5, 0x0B])).expression().parts
    (b'\\x10', Ref(space=<Space.FUNC: 1>, index=5, form=<Form.UNSIGNED: 0>, flag=0), b'\\x0b')
    """

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.reader = Reader(data, position)
        self.imported_globals = 0
        self._begin()

    def _begin(self) -> None:
        self._copied = self.reader.position
        self._parts: list[bytes | Ref] = []
        self.features: set[str] = set()
        self._reads: set[State] = set()
        self._writes: set[State] = set()
        self._effect = Effect.NONE
        self._casts: set[int] = set()
        self._referred: set[int] = set()
        self._called: set[tuple[int, int | None]] = set()
        self._handled: set[int] = set()
        self._constant: int | None = None  # what the last instruction has pushed, if it was such a one

    def code(self) -> Code:
        """What has been read, cut; the notes begin anew."""
        self._copy(self.reader.position)
        self.features.discard("")
        code = Code(
            tuple(self._parts), frozenset(self.features), frozenset(self._reads), frozenset(self._writes),
            Effect.READS_OBJECTS in self._effect, Effect.WRITES_OBJECTS in self._effect,
            Effect.CALLS_UNKNOWN in self._effect,
            frozenset(self._casts), frozenset(self._referred), frozenset(self._called),
            frozenset(self._handled),
        )  # fmt: skip
        self._begin()
        return code

    def skip(self) -> None:
        """Leave out what has been read and not been asked for."""
        self._begin()

    def _copy(self, end: int) -> None:
        if end > self._copied:
            self._parts.append(self.reader.data[self._copied : end])
        self._copied = end

    def ref(self, space: Space, form: Form = Form.UNSIGNED) -> int:
        """Read an index and cut it out."""
        self._copy(self.reader.position)
        index = self.reader.signed() if form is Form.SIGNED else self.reader.unsigned()
        self._parts.append(Ref(space, index, form))
        self._copied = self.reader.position
        return index

    # ── types ────────────────────────────────────────────────────────────────
    def value_type(self, is_table: bool = False) -> None:
        """A value, reference or storage type (§5.3); of a table, funcref is nothing new."""
        byte = self.reader.byte()
        if byte in (_REF_NULL, _REF):
            self.features.add("function-references")
            self.heap_type()
        elif not (is_table and byte == 0x70):
            self.features.add(_SINGLE_TYPES.get(byte, ""))

    def heap_type(self) -> int | None:
        """A heap type (§5.3.3): its byte if it is an abstract one."""
        byte = self.reader.data[self.reader.position]
        if byte == _EXACT:
            self.features.add("custom-descriptors")
            self.reader.byte()
            self.ref(Space.TYPE, Form.SIGNED)
            return None
        if 0x40 <= byte < 0x80:
            self.reader.byte()
            self.features.add(_SINGLE_TYPES.get(byte, ""))
            return byte
        self.features.add("function-references")
        self.ref(Space.TYPE, Form.SIGNED)
        return None

    def types(self) -> int:
        """A vector of value types; how many there are."""
        count = self.reader.unsigned()
        for _ in range(count):
            self.value_type()
        return count

    def limits(self) -> None:
        """The limits of a memory or table (§5.3.10), with what proposals add."""
        flags = self.reader.byte()
        for bit, feature in ((2, "threads"), (4, "memory64"), (8, "custom-page-sizes")):
            if flags & bit:
                self.features.add(feature)
        self.reader.unsigned()
        if flags & 1:
            self.reader.unsigned()
        if flags & 8:
            self.reader.unsigned()

    # ── code ─────────────────────────────────────────────────────────────────
    def body(self, end: int) -> Code:
        """A function's locals and instructions, up to `end`."""
        for _ in range(self.reader.unsigned()):
            self.reader.unsigned()
            self.value_type()
        while self.reader.position < end:
            self._instruction()
        return self.code()

    def expression(self) -> Code:
        """A constant expression and its `end`."""
        self.skip_expression()
        return self.code()

    def skip_expression(self) -> None:
        """Read a constant expression as a part of something larger."""
        data = self.reader.data
        while data[self.reader.position] != _END:
            name = self._instruction().name
            if name in _EXTENDED_CONST:
                self.features.add("extended-const")
            elif name == "global.get" and self._last_index() >= self.imported_globals:
                self.features.add("constant-globals")
        self.reader.byte()

    def _last_index(self) -> int:
        last = self._parts[-1]
        assert isinstance(last, Ref)
        return last.index

    def _instruction(self) -> Opcode:
        row = self._opcode()
        self.features.update(feature.name for feature in row.features)
        self._effect |= row.effect
        value: object = None
        for immediate in row.immediates:
            note = _NOTERS.get((immediate.space, immediate.use))
            value = note(self) if note else read_immediate(self.reader, immediate.encoding)
        self._constant = value if row.code in _INTEGER_CODES and isinstance(value, int) else None
        return row

    def _opcode(self) -> Opcode:
        byte = self.reader.byte()
        code = (byte, self.reader.unsigned()) if byte in PREFIXES else (byte,)
        row = _BY_CODE.get(code)
        if row is None:
            raise UnreadableError(f"unknown opcode {byte:#x} before byte {self.reader.position}")
        return row

    def _block_type(self) -> None:
        byte = self.reader.data[self.reader.position]
        if byte == _EMPTY_BLOCK:
            self.reader.byte()
        elif byte & 0xC0 == 0x40:
            self.value_type()
        else:
            self.features.add("multi-value")
            self.ref(Space.TYPE, Form.SIGNED)

    def _catches(self) -> None:
        for _ in range(self.reader.unsigned()):
            if self.reader.byte() < 2:  # catch and catch_ref name a tag, catch_all and catch_all_ref do not
                self.ref(Space.TAG)
            self.reader.unsigned()

    def _state(self, space: Space, notes: set[State]) -> int:
        index = self.ref(space)
        notes.add((space, index))
        if index and space is Space.MEMORY:
            self.features.add("multi-memory")
        elif index and space is Space.TABLE:
            self.features.add("reference-types")
        return index

    def _handle(self, notes: set[State]) -> None:
        self._handled.add(self._state(Space.TABLE, notes))

    def _call_through(self) -> None:
        self._called.add((self._state(Space.TABLE, self._reads), self._constant))

    def _access(self, notes: set[State]) -> None:
        self._copy(self.reader.position)
        flags = self.reader.unsigned()
        index = 0
        if flags & NAMED_MEMORY:
            self.features.add("multi-memory")
            index = self.reader.unsigned()
        self._parts.append(Ref(Space.MEMORY, index, Form.MEMARG, flags))
        self._copied = self.reader.position
        self.reader.unsigned()
        notes.add((Space.MEMORY, index))

    def _tested_type(self) -> None:
        abstract = self.heap_type()
        if abstract is not None:
            self._casts.add(abstract)


# Immediates that are cut out or taken note of; others are read over.
_NOTERS: dict[tuple[Operand, Use], Callable[[Cutter], object]] = {
    (Operand.BLOCK, Use.NONE): Cutter._block_type,
    (Operand.CATCHES, Use.NONE): Cutter._catches,
    (Operand.FUNC, Use.CALL): lambda cutter: cutter.ref(Space.FUNC),
    (Operand.FUNC, Use.REFER): lambda cutter: cutter._referred.add(cutter.ref(Space.FUNC)),
    (Operand.TYPE, Use.NONE): lambda cutter: cutter.ref(Space.TYPE),
    (Operand.TAG, Use.NONE): lambda cutter: cutter.ref(Space.TAG),
    (Operand.GLOBAL, Use.READ): lambda cutter: cutter._state(Space.GLOBAL, cutter._reads),
    (Operand.GLOBAL, Use.WRITE): lambda cutter: cutter._state(Space.GLOBAL, cutter._writes),
    (Operand.TABLE, Use.READ): lambda cutter: cutter._handle(cutter._reads),
    (Operand.TABLE, Use.WRITE): lambda cutter: cutter._handle(cutter._writes),
    (Operand.TABLE, Use.CALL): Cutter._call_through,
    (Operand.MEMARG, Use.READ): lambda cutter: cutter._access(cutter._reads),
    (Operand.MEMARG, Use.WRITE): lambda cutter: cutter._access(cutter._writes),
    (Operand.MEMORY, Use.READ): lambda cutter: cutter._state(Space.MEMORY, cutter._reads),
    (Operand.MEMORY, Use.WRITE): lambda cutter: cutter._state(Space.MEMORY, cutter._writes),
    (Operand.ELEM, Use.READ): lambda cutter: cutter._state(Space.ELEM, cutter._reads),
    (Operand.ELEM, Use.WRITE): lambda cutter: cutter._state(Space.ELEM, cutter._writes),
    (Operand.DATA, Use.READ): lambda cutter: cutter._state(Space.DATA, cutter._reads),
    (Operand.DATA, Use.WRITE): lambda cutter: cutter._state(Space.DATA, cutter._writes),
    (Operand.TYPES, Use.NONE): Cutter.types,
    (Operand.HEAP_TYPE, Use.NONE): Cutter._tested_type,
    (Operand.REF_TYPE, Use.NONE): Cutter._tested_type,
    (Operand.NULL_REF_TYPE, Use.NONE): Cutter._tested_type,
}
