"""A module as it is, with one exported function more: what only loading can show stays in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.spec.explode.modules.cutter import KINDS, Space
from linocut.text.binary import Reader, name, unsigned

from .writing import ENTRY_TYPE, RIGHT, entry_name, sized

if TYPE_CHECKING:
    from linocut.spec.explode.modules.module import Module

_TYPE, _FUNCTION, _EXPORT, _CODE = 1, 3, 7, 10
_CUSTOM = 0
_ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]


def with_entry(module: Module, signal: str) -> bytes:
    """The module with an entry function that does nothing; the module itself if it has that export already.

    It must import nothing.
    """
    entry = entry_name(signal)
    if any(exported == entry for exported, _, _ in module.exports):
        return module.wasm
    added = {
        _TYPE: ENTRY_TYPE[signal],
        _FUNCTION: unsigned(len(module.type_places)),
        _EXPORT: name(entry) + bytes([KINDS.index(Space.FUNC)]) + unsigned(len(module.functions)),
        _CODE: sized(b"\0" + RIGHT.get(signal, b"") + b"\x0b"),
    }
    sections = list(module.sections)
    for number, item in added.items():
        _append(sections, number, item)
    return module.wasm[:8] + b"".join(bytes([number]) + sized(content) for number, content in sections)


def _append(sections: list[tuple[int, bytes]], number: int, item: bytes) -> None:
    """To a section of that number, which is made in its place if there is none."""
    for place, (found, content) in enumerate(sections):
        if found == number:
            reader = Reader(content)
            count = reader.unsigned()
            sections[place] = number, unsigned(count + 1) + content[reader.position :] + item
            return
    earlier = _ORDER[: _ORDER.index(number)]
    before = [place for place, (found, _) in enumerate(sections) if found in earlier]
    place = before[-1] + 1 if before else _first_of_standard(sections)
    sections.insert(place, (number, unsigned(1) + item))


def _first_of_standard(sections: list[tuple[int, bytes]]) -> int:
    """Custom sections that come first stay so; names want to be last."""
    return next((place for place, (found, _) in enumerate(sections) if found != _CUSTOM), 0)
