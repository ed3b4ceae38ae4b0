"""Small modules in bytes (§5), by hand: the probes must not depend on a tool that could be wrong too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAGIC = b"\0asm\1\0\0\0"
TYPE, IMPORT, FUNCTION, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA = 1, 2, 3, 5, 6, 7, 8, 9, 10, 11

I32 = b"\x7f"
UNREACHABLE, DROP, ADD, END = b"\0", b"\x1a", b"\x6a", b"\x0b"
DIVIDE = b"\x6d"
IF, RETURN = b"\x04\x40", b"\x0f"
FAR = b"\x41\xf0\xff\xff\xff\7"  # i32.const 0x7ffffff0
LOAD = b"\x28\2\0"

# Signatures: () → (), () → i32, i32 → ().
_TYPES = (b"\x60\0\0", b"\x60\0\1" + I32, b"\x60\1" + I32 + b"\0")
NOTHING, GIVES_I32, TAKES_I32 = range(3)


@dataclass
class Small:
    """A module: function 0 is the import if there is one; every function is a signature and a body.

    `types` follow those that every module has.
    """

    functions: list[tuple[int, bytes]]
    exports: dict[str, int]
    imported: tuple[str, str, int] | None = None
    sections: Mapping[int, bytes] = field(default_factory=dict)
    types: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """Its bytes."""
        made = {
            TYPE: vector(*_TYPES, *self.types),
            FUNCTION: vector(*(bytes([signature]) for signature, _ in self.functions)),
            EXPORT: vector(*(_name(name) + b"\0" + bytes([index]) for name, index in self.exports.items())),
            CODE: vector(*(_sized(b"\0" + body + END) for _, body in self.functions)),
        }
        if self.imported:
            module, field_, signature = self.imported
            made[IMPORT] = vector(_name(module) + _name(field_) + b"\0" + bytes([signature]))
        sections = sorted({**made, **self.sections}.items())
        return MAGIC + b"".join(bytes([number]) + _sized(content) for number, content in sections)


def vector(*items: bytes) -> bytes:
    """Fewer than 128 items."""
    return bytes([len(items)]) + b"".join(items)


def constant(value: int) -> bytes:
    """i32.const of a number below 64."""
    return b"\x41" + bytes([value])


def call(function: int) -> bytes:
    """A call by index."""
    return b"\x10" + bytes([function])


def _sized(content: bytes) -> bytes:
    assert len(content) < 0x80
    return bytes([len(content)]) + content


def _name(text: str) -> bytes:
    return _sized(text.encode())
