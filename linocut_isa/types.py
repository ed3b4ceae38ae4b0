"""The words in which a row is written: value types, those that depend on more than the row, trap codes."""

from __future__ import annotations

import enum
from typing import Final


class ValType(enum.IntEnum):
    """A value type; its number is the byte of the binary format (§5.3.1)."""

    I32 = 0x7F
    I64 = 0x7E
    F32 = 0x7D
    F64 = 0x7C
    V128 = 0x7B
    FUNCREF = 0x70
    EXTERNREF = 0x6F
    EXNREF = 0x69

    @property
    def text(self) -> str:
        """The type's name in the text format."""
        return self.name.lower()


HEAP_TYPES: Final = {
    0x70: "func", 0x6F: "extern", 0x6E: "any", 0x6D: "eq", 0x6C: "i31", 0x6B: "struct", 0x6A: "array",
    0x69: "exn", 0x68: "cont", 0x71: "none", 0x72: "noextern", 0x73: "nofunc", 0x74: "noexn", 0x75: "nocont",
}  # fmt: skip
"""Abstract heap types by byte, which is also that of the reference type `(ref null …)` (§5.3.3)."""


def reference_word(byte: int) -> str:
    """The text format's abbreviation for a nullable reference to the abstract heap type (§6.4.4).

    >>> reference_word(0x70), reference_word(0x71), reference_word(0x72)
    ('funcref', 'nullref', 'nullexternref')
    """
    word = HEAP_TYPES[byte]
    return f"{word}ref" if not word.startswith("no") else f"null{word[2:].removesuffix('ne')}ref"


REFERENCE_TYPES: Final = ("anyref", "eqref", "i31ref", "structref", "arrayref")
"""Abbreviations of reference types (§6.4.4) that a signature may name, beside those of `ValType`."""

DEPENDENT_TYPES: Final = {
    # of the stack
    "any": "whatever is there",
    "number": "whatever is there but a reference; all of them in a signature are one type",
    "reference": "whatever reference is there",
    # of the immediates
    "local": "the local's",
    "global": "the global's",
    "table": "the table's elements'",
    "address": "that of addresses in the memory or table: i32 or i64",
    "source": "that of addresses in the second memory or table",
    "length": "the narrower of these two",
    "ref": "a reference of the heap type, null or not",
    "nonnull": "the reference on the stack, which is not null",
    "types": "the one type that is listed",
    "type": "a reference to the type",
    "other": "a reference to the second of two types",
    "field": "the field's",
    "element": "the array's elements'",
    # several values, so they end in *
    "params": "the parameters of the block, function or type",
    "results": "its results",
    "label": "what a branch to the label takes",
    "return": "the function's results",
    "fields": "those of the struct",
    "elements": "as many of the array's elements as are counted",
    "tag": "the tag's parameters",
}
"""Types that a signature writes with a `$`, as they depend on more than the row."""

SEVERAL: Final = {"any", "params", "results", "label", "return", "fields", "elements", "tag"}
"""Those that may stand with a `*`; what follows control flow that never goes on is `$any*`."""


class Trap(enum.Enum):
    """A reason to trap, with the message that the official test suite expects.

    The order of the first ones is that of the trap stubs in the context (abi/context.h).
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
    UNALIGNED_ATOMIC = "unaligned atomic"
    EXPECTED_SHARED_MEMORY = "expected shared memory"
    # Those from here on are found by helpers only and need no stub.
    NULL_EXCEPTION = "null exception reference"

    @property
    def number(self) -> int:
        """The trap's index among the trap stubs."""
        return list(Trap).index(self)
