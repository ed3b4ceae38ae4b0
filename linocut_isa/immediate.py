"""What follows an opcode, as data: from it come lengths, skipping, rewriting, printing and encoding.

A row lists its immediates in the order of their bytes, each as the word of a `Space`, with a `Use` behind a
colon where one is said: ``"elem:read table:write"``, ``"memarg:read lane"``.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Encoding(enum.Enum):
    """How an immediate is written (§5.4); the value is the C++ enumerator's name."""

    U32 = "U32"  # unsigned LEB128
    S32 = "S32"  # signed LEB128
    S33 = "S33"
    S64 = "S64"
    BYTE = "Byte"
    BYTES_4 = "Bytes4"
    BYTES_8 = "Bytes8"
    BYTES_16 = "Bytes16"
    MEMARG = "MemArg"  # alignment, perhaps a memory, offset
    LABELS = "Labels"  # a vector of U32, and one more
    TYPES = "Types"  # a vector of value types
    CATCHES = "Catches"  # a vector of catch clauses
    HANDLERS = "Handlers"  # a vector of clauses of resume
    BLOCK_TYPE = "BlockType"  # a value type, the byte 0x40, or a type index as S33
    HEAP_TYPE = "HeapType"  # a byte, or a type index as S33


class Space(enum.Enum):
    """An index into what, or a literal of which kind; the value is the word in a row."""

    TYPE = "type"
    FUNC = "func"
    TABLE = "table"
    MEMORY = "memory"
    TAG = "tag"
    GLOBAL = "global"
    ELEM = "elem"
    DATA = "data"
    LOCAL = "local"
    LABEL = "label"
    LABELS = "labels"
    FIELD = "field"  # of a struct
    BLOCK = "block"
    MEMARG = "memarg"
    HEAP_TYPE = "heaptype"
    REF_TYPE = "reftype"  # a heap type that the text format writes as the reference to it
    NULL_REF_TYPE = "nullreftype"  # the same, and null
    TYPES = "types"
    CATCHES = "catches"
    HANDLERS = "handlers"
    COUNT = "count"
    LANE = "lane"
    LANES = "lanes"  # sixteen of them
    CAST = "cast"  # which of a cast's two types may be null
    ORDER = "order"  # of memory accesses; there is one
    I32 = "i32"
    I64 = "i64"
    F32 = "f32"
    F64 = "f64"
    V128 = "v128"

    @property
    def cpp(self) -> str:
        """The C++ enumerator's name: ``HEAP_TYPE`` → ``HeapType``."""
        return "".join(word.title() for word in self.name.split("_"))


class Use(enum.Enum):
    """What an opcode does with the thing that an immediate names."""

    NONE = ""
    READ = "read"
    WRITE = "write"
    CALL = "call"
    REFER = "refer"  # ref.func: the function must be declared (§3.4.13)
    CATCH = "catch"  # rethrow: the label must be that of a block that has caught something


# All others are U32.
_ENCODINGS = {
    Space.LABELS: Encoding.LABELS,
    Space.BLOCK: Encoding.BLOCK_TYPE,
    Space.MEMARG: Encoding.MEMARG,
    Space.HEAP_TYPE: Encoding.HEAP_TYPE,
    Space.REF_TYPE: Encoding.HEAP_TYPE,
    Space.NULL_REF_TYPE: Encoding.HEAP_TYPE,
    Space.TYPES: Encoding.TYPES,
    Space.CATCHES: Encoding.CATCHES,
    Space.HANDLERS: Encoding.HANDLERS,
    Space.LANE: Encoding.BYTE,
    Space.LANES: Encoding.BYTES_16,
    Space.CAST: Encoding.BYTE,
    Space.ORDER: Encoding.BYTE,
    Space.I32: Encoding.S32,
    Space.I64: Encoding.S64,
    Space.F32: Encoding.BYTES_4,
    Space.F64: Encoding.BYTES_8,
    Space.V128: Encoding.BYTES_16,
}


@dataclass(frozen=True)
class Immediate:
    """One of an opcode's immediates."""

    space: Space
    use: Use = Use.NONE

    @property
    def encoding(self) -> Encoding:
        """How it is written."""
        return _ENCODINGS.get(self.space, Encoding.U32)

    def __str__(self) -> str:
        return f"{self.space.value}:{self.use.value}" if self.use.value else self.space.value


def parse_immediates(text: str) -> tuple[Immediate, ...]:
    """The immediates of a row; ValueError for an unknown word.

    >>> [str(immediate) for immediate in parse_immediates("elem:read table:write")]
    ['elem:read', 'table:write']
    """
    found = []
    for word in text.split():
        space, _, use = word.partition(":")
        found.append(Immediate(Space(space), Use(use)))
    return tuple(found)
