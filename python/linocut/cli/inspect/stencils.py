"""Which form or stencil each instruction was copied from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut._core import Listing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from linocut.cli.inspect.machine import Machine
    from linocut_isa import Opcode

_HOLE_BYTES = 4


def stencil_names(machine: Sequence[Machine], opcodes: Collection[Opcode]) -> list[str | None]:
    """By instruction; they come from these opcodes, or from none (a prologue).

    Opcodes share encodings: the name that belongs to one of `opcodes` is preferred, then one that belongs
    to no opcode. An instruction inside a stencil has its place there behind the name: ``i32_div_s+4``.
    """
    wanted = {opcode.name for opcode in opcodes}
    names = [None if m.is_data else _form(m.bytes, wanted) for m in machine]
    places = {m.offset: i for i, m in enumerate(machine)}
    for opcode in opcodes:
        for offset, name in _stencil_places(machine, opcode):
            if offset in places:
                names[places[offset]] = name
    return names


def _form(instruction: bytes, opcodes: Collection[str]) -> str | None:
    candidates = Listing.form_names(instruction)
    own = [form for form, opcode in candidates if opcode in opcodes]
    support = [form for form, opcode in candidates if not opcode]
    return next(iter([*own, *support, *(form for form, _ in candidates)]), None)


def _stencil_places(machine: Sequence[Machine], opcode: Opcode) -> Iterator[tuple[int, str]]:
    """Offset → name for every byte of the stencil's first copy."""
    stencil = Listing.stencil_code(opcode.name)
    if stencil is None or not machine:
        return
    code, holes = stencil
    start = _find(b"".join(m.bytes for m in machine), code, holes)
    if start is None:
        return
    for i in range(len(code)):
        yield machine[0].offset + start + i, f"{opcode.ident}+{i}" if i else opcode.ident


def _find(within: bytes, code: bytes, holes: Sequence[int]) -> int | None:
    patched = {hole + i for hole in holes for i in range(_HOLE_BYTES)}
    fixed = [(i, byte) for i, byte in enumerate(code) if i not in patched]
    for start in range(len(within) - len(code) + 1):
        if all(within[start + i] == byte for i, byte in fixed):
            return start
    return None
