"""The words in which a row is written: value types, immediate kinds, trap codes."""

from __future__ import annotations

import enum


class ValType(enum.IntEnum):
    """A value type; its number is the byte of the binary format (§5.3.1)."""

    I32 = 0x7F
    I64 = 0x7E
    F32 = 0x7D
    F64 = 0x7C
    V128 = 0x7B
    FUNCREF = 0x70
    EXTERNREF = 0x6F

    @property
    def text(self) -> str:
        """The type's name in the text format."""
        return self.name.lower()


class Imm(enum.Enum):
    """What follows an opcode in the binary format; the value is the C++ enumerator's name."""

    NONE = "None"
    BLOCK = "Block"  # block type
    LABEL = "Label"  # label index
    LABELS = "Labels"  # vector of label indices and a default
    FUNC = "Func"  # function index
    TYPE_TABLE = "TypeTable"  # type index, table index
    TYPES = "Types"  # vector of value types (select t)
    LOCAL = "Local"
    GLOBAL = "Global"
    TABLE = "Table"
    ELEM_TABLE = "ElemTable"  # element segment, table
    ELEM = "Elem"
    TABLE_TABLE = "TableTable"  # destination, source
    MEMARG = "MemArg"  # alignment, offset
    MEMORY = "Memory"
    DATA_MEMORY = "DataMemory"  # data segment, memory
    DATA = "Data"
    MEMORY_MEMORY = "MemoryMemory"  # destination, source
    REF_TYPE = "RefType"  # heap type
    I32 = "I32"
    I64 = "I64"
    F32 = "F32"
    F64 = "F64"


class Trap(enum.Enum):
    """A reason to trap, with the message that the official test suite expects.

    The order is the order of the trap stubs in the context (abi/context.h).
    """

    UNREACHABLE = "unreachable"
    INTEGER_DIVIDE_BY_ZERO = "integer divide by zero"
    INTEGER_OVERFLOW = "integer overflow"
    INVALID_CONVERSION = "invalid conversion to integer"
    OUT_OF_BOUNDS_MEMORY = "out of bounds memory access"
    OUT_OF_BOUNDS_TABLE = "out of bounds table access"
    UNDEFINED_ELEMENT = "undefined element"
    UNINITIALIZED_ELEMENT = "uninitialized element"
    INDIRECT_CALL_TYPE_MISMATCH = "indirect call type mismatch"
    STACK_EXHAUSTED = "call stack exhausted"

    @property
    def number(self) -> int:
        """The trap's index among the trap stubs."""
        return list(Trap).index(self)
