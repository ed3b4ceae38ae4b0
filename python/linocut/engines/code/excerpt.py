"""A module of which only some functions are kept: to print one of 50,000 need not take as long as all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.binary import Reader, unsigned

if TYPE_CHECKING:
    from collections.abc import Collection

_HEADER = 8  # bytes: magic number and version (§5.5.16)
_CUSTOM, _CODE = 0, 10  # section numbers
_TRAP = b"\3\0\0\x0b"  # a body of 3 bytes: no locals, unreachable, end


def excerpt(wasm: bytes, bodies: Collection[int]) -> bytes:
    """All functions are there, under their indices; those whose bodies lie elsewhere than at `bodies` trap.

    The module has been compiled before: it is not looked at whether it is valid.
    """
    reader = Reader(wasm, _HEADER)
    parts = [wasm[:_HEADER]]
    while not reader.is_done:
        number = reader.byte()
        content = reader.take(reader.unsigned())
        if number == _CODE:
            content = _code(content, {body - (reader.position - len(content)) for body in bodies})
        if number != _CUSTOM:
            parts += [bytes([number]), unsigned(len(content)), content]
    return b"".join(parts)


def _code(section: bytes, bodies: Collection[int]) -> bytes:
    """`bodies` are where they begin in the section."""
    reader = Reader(section)
    parts = [unsigned(reader.unsigned())]
    while not reader.is_done:
        start = reader.position
        size = reader.unsigned()
        body = reader.position
        reader.position += size
        parts.append(section[start : reader.position] if body in bodies else _TRAP)
    return b"".join(parts)
