"""Changes within a section or a function body after which the sizes around them still fit.

Without that, almost all that is inserted or cut out ends as a size that does not match, far from validation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.binary import Reader, unsigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linocut.fuzz.dice import Dice

    Change = Callable[[bytearray, Dice], None]

_HEAD = 8  # bytes of magic and version
_CODE = 10  # the section of function bodies


def change_within(wasm: bytearray, dice: Dice, change: Change) -> None:
    """Change one section, or one body if it is the code section; what is too broken stays as it is."""
    try:
        found = read_sections(bytes(wasm))
    except IndexError:
        return
    if found:
        at = dice.below(len(found))
        number, content = found[at]
        found[at] = number, (_code if number == _CODE else _plain)(content, dice, change)
        wasm[_HEAD:] = write_sections(found)


def write_sections(sections: Iterable[tuple[int, bytes]]) -> bytes:
    """What follows a module's magic and version."""
    return b"".join(bytes([number]) + _sized(content) for number, content in sections)


def read_sections(wasm: bytes) -> list[tuple[int, bytes]]:
    """A module's sections: number and content of each; IndexError for sizes that do not fit."""
    reader = Reader(wasm, _HEAD)
    sections = []
    while not reader.is_done:
        number = reader.byte()
        sections.append((number, reader.take(reader.unsigned())))
    return sections


def _sized(content: bytes) -> bytes:
    return unsigned(len(content)) + content


def _plain(content: bytes, dice: Dice, change: Change) -> bytes:
    changed = bytearray(content)
    change(changed, dice)
    return bytes(changed)


def _code(content: bytes, dice: Dice, change: Change) -> bytes:
    try:
        reader = Reader(content)
        bodies = [reader.take(reader.unsigned()) for _ in range(reader.unsigned())]
    except IndexError:
        return _plain(content, dice, change)
    if bodies:
        at = dice.below(len(bodies))
        bodies[at] = _plain(bodies[at], dice, change)
    return unsigned(len(bodies)) + b"".join(map(_sized, bodies)) + content[reader.position :]
