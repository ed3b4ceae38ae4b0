"""A binary module (§5.5) taken apart: its sections, names and hints."""

from __future__ import annotations

from typing import Final, NamedTuple

from linocut.text.binary import Reader
from linocut.text.names import Names, read_names
from linocut.wat.sections import HINTS, MAGIC, SECTIONS

__all__ = ["BinaryModule", "CustomSection"]

_NAMES_OF: Final = {number: name for name, number in SECTIONS.items()}
Hints = dict[int, dict[int, bytes]]
"""By function, by offset in its body."""


class CustomSection(NamedTuple):
    """A custom section, and where it stands: behind which other, or first of all."""

    name: str
    content: bytes
    behind: str


class BinaryModule:
    """The sections of a module; ValueError or IndexError where the bytes are none."""

    def __init__(self, wasm: bytes) -> None:
        self.sections: dict[str, bytes] = {}
        self.names = Names()
        self.hints: Hints = {}
        self.customs: list[CustomSection] = []
        if wasm[: len(MAGIC)] != MAGIC:
            raise ValueError("magic header not detected, or another version")
        reader = Reader(wasm, len(MAGIC))
        behind = ""
        while not reader.is_done:
            number, content = reader.byte(), reader.take(reader.unsigned())
            if number:
                behind = self._add(number, content)
            else:
                self._add_custom(Reader(content), behind)

    def _add(self, number: int, content: bytes) -> str:
        name = _NAMES_OF.get(number)
        if name is None:
            raise ValueError(f"malformed section id: {number}")
        if name in self.sections:
            raise ValueError(f"there are two sections of {name}")
        self.sections[name] = content
        return name

    def _add_custom(self, reader: Reader, behind: str) -> None:
        name = reader.name()
        content = reader.data[reader.position :]
        if name == "name":
            self.names = read_names(content)
        elif name == HINTS and not self.hints and (hints := _read_hints(content)):
            self.hints = hints
        else:
            self.customs.append(CustomSection(name, content, behind))


def _read_hints(content: bytes) -> Hints | None:
    """The hints to branches; None if the section is not what it should be."""
    reader = Reader(content)
    try:
        found = {
            reader.unsigned(): {
                reader.unsigned(): reader.take(reader.unsigned()) for _ in range(reader.unsigned())
            }
            for _ in range(reader.unsigned())
        }
    except (IndexError, ValueError):
        return None
    return found if reader.is_done else None
