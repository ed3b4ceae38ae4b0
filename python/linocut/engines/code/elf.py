"""Sections and symbols of a 64-bit little-endian ELF file: as much as reading wasmtime's code needs."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct(
    "<40x Q 10x H H H"
)  # the section table's place, an entry's size, entries, names' section
_SECTION = struct.Struct("<I 20x Q Q 24x")  # name, place, size
_SYMBOL = struct.Struct("<I 4x Q Q")  # name, value, size


@dataclass(frozen=True)
class Symbol:
    """A name for `size` bytes of .text from `offset` on."""

    name: str
    offset: int
    size: int


class Elf:
    """An object file in memory; struct.error or IndexError when it is none."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        start, entry, count, names = _HEADER.unpack_from(content)
        places = [_SECTION.unpack_from(content, start + entry * i) for i in range(count)]
        _, names_at, _ = places[names]
        self._sections = {self._string(names_at + name): (at, size) for name, at, size in places}

    def section(self, name: str) -> bytes:
        """Its content; empty when there is no such section."""
        at, size = self._sections.get(name, (0, 0))
        return self._content[at : at + size]

    def symbols(self) -> Iterator[Symbol]:
        """The symbols of the symbol table."""
        at, size = self._sections.get(".symtab", (0, 0))
        names_at, _ = self._sections.get(".strtab", (0, 0))
        for name, offset, length in _SYMBOL.iter_unpack(self._content[at : at + size]):
            yield Symbol(self._string(names_at + name), offset, length)

    def _string(self, at: int) -> str:
        return self._content[at : self._content.index(b"\0", at)].decode(errors="replace")
