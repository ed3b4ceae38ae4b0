"""Read an ELF object: functions with their bytes, relocations and constants."""

from __future__ import annotations

import bisect
import io
from dataclasses import dataclass

from elftools.elf.elffile import ELFFile


@dataclass(frozen=True)
class Relocation:
    """A place that refers to a symbol or, for constants, to a section."""

    offset: int  # in the function
    type: int
    symbol: str  # empty for a section
    section: str
    addend: int


@dataclass(frozen=True)
class Function:
    """A function of the object file."""

    name: str
    code: bytes
    relocations: tuple[Relocation, ...]


class ObjectFile:
    """What the generator reads of an ELF object."""

    def __init__(self, data: bytes) -> None:
        self._elf = ELFFile(io.BytesIO(data))
        self._sections = {s.name: s for s in self._elf.iter_sections()}
        self._symbols = list(self._sections[".symtab"].iter_symbols())

    def section(self, name: str) -> bytes:
        """A section's bytes."""
        data = self._sections[name].data()
        return bytes(data)

    def constant_size(self, name: str) -> int:
        """The size in bytes of a section's constants where all have the same size, otherwise 0."""
        return int(self._sections[name]["sh_entsize"])

    def section_name(self, index: int) -> str:
        """The name of a section by its number."""
        return str(self._elf.get_section(index).name)

    def functions(self) -> list[Function]:
        """Every function of .text in ascending order."""
        text = self.section(".text")
        relocations = self._relocations()
        starts = [offset for offset, _ in relocations]
        found = []
        for symbol in self._symbols:
            if symbol["st_info"]["type"] != "STT_FUNC":
                continue
            start, size = symbol["st_value"], symbol["st_size"]
            span = slice(bisect.bisect_left(starts, start), bisect.bisect_left(starts, start + size))
            own = tuple(self._relocation(r, start) for _, r in relocations[span])
            found.append(Function(symbol.name, text[start : start + size], own))
        return found

    def _relocations(self) -> list[tuple[int, object]]:
        section = self._sections.get(".rela.text")
        if section is None:
            return []
        return sorted(((r["r_offset"], r) for r in section.iter_relocations()), key=lambda pair: pair[0])

    def _relocation(self, raw: object, start: int) -> Relocation:
        symbol = self._symbols[raw["r_info_sym"]]  # type: ignore[index]
        index = symbol["st_shndx"]
        section = self.section_name(index) if isinstance(index, int) else ""
        value = symbol["st_value"] if section else 0
        return Relocation(
            offset=raw["r_offset"] - start,  # type: ignore[index]
            type=raw["r_info_type"],  # type: ignore[index]
            symbol=symbol.name,
            section=section,
            addend=raw["r_addend"] + value,  # type: ignore[index]
        )
