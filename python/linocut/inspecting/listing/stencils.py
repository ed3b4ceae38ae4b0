"""Which form or stencil each instruction was copied from, and where it was patched."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from linocut._core import Listing
from linocut.inspecting.catalogue import Hole, Stencil, forms, stencils, stencils_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from linocut.disassembly.instruction import MachineInstruction
    from linocut_isa import Opcode


def stencil_names(machine: Sequence[MachineInstruction], opcodes: Collection[Opcode]) -> list[str | None]:
    """By instruction; they come from these opcodes, or from none (a prologue).

    Opcodes share encodings: the name that belongs to one of `opcodes` is preferred, then one that belongs
    to no opcode. An instruction inside a stencil has its place there behind the name: ``i32_div_s+4``.
    """
    wanted = {opcode.name for opcode in opcodes}
    names = [None if m.is_data else _form(m.bytes, wanted) for m in machine]
    places = {m.offset: i for i, m in enumerate(machine)}
    for opcode in opcodes:
        for offset, name in _stencil_places(machine, opcode).items():
            if offset in places:
                names[places[offset]] = name
    return names


def holes_in(machine: MachineInstruction, name: str | None) -> list[Hole]:
    """Where an instruction of that name was patched; register numbers, which are bits, are not told."""
    if name is None:
        return []
    base, _, place = name.partition("+")
    stencil = stencils().get(base)
    if stencil:
        start, size = int(place or 0), len(machine.bytes)
        inside = [hole for hole in stencil.holes if start <= hole.offset < start + size]
        return [replace(hole, offset=hole.offset - start) for hole in inside]
    # The encoding may be shorter than the form's: displacements are one byte or none where that will do.
    kinds = {"displacement": "displacement", "constant": "displacement"}
    found = []
    for hole in forms()[base].holes:
        wanted = kinds.get(hole.kind, "immediate")
        found += [Hole(f.offset, f.size, hole.kind) for f in machine.fields if f.kind == wanted]
    return found


def _form(instruction: bytes, opcodes: Collection[str]) -> str | None:
    candidates = _candidates(instruction)
    own = [form for form, opcode in candidates if opcode in opcodes]
    support = [form for form, opcode in candidates if not opcode]
    return next(iter([*own, *support, *(form for form, _ in candidates)]), None)


@lru_cache(1 << 16)
def _candidates(instruction: bytes) -> list[tuple[str, str]]:
    return Listing.form_names(instruction)


def _stencil_places(machine: Sequence[MachineInstruction], opcode: Opcode) -> dict[int, str]:
    """Offset → name for every byte of the stencil's first copy."""
    within = b"".join(m.bytes for m in machine)
    for stencil in stencils_of(opcode.name):
        start = _find(within, stencil)
        if start is not None:
            first = machine[0].offset + start
            return {first + i: f"{stencil.name}+{i}" if i else stencil.name for i in range(len(stencil.code))}
    return {}


def _find(within: bytes, stencil: Stencil) -> int | None:
    patched = {hole.offset + i for hole in stencil.holes for i in range(hole.size)}
    fixed = [(i, byte) for i, byte in enumerate(stencil.code) if i not in patched]
    for start in range(len(within) - len(stencil.code) + 1):
        if all(within[start + i] == byte for i, byte in fixed):
            return start
    return None
