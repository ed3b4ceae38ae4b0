"""Function of an object file → stencil: cut the last jump, name every hole, check what it clobbers."""

from __future__ import annotations

import struct

import capstone

from stencilgen.objfile import Function, ObjectFile, Relocation
from stencilgen.stencil import Hole, HoleKind, Stencil
from stencilgen.symbols import CONTINUATION, FUNCTION_PREFIX, TRAP_PREFIX
from stencilgen.targets.x86_64.registers import MAY_CLOBBER

_JUMP = 0xE9
_JUMP_BYTES = 5
_RELATIVE = {2, 4}  # R_X86_64_PC32, R_X86_64_PLT32
_CONSTANT_ALIGNMENT = 16


class LayoutError(Exception):
    """A function cannot become a stencil; the message names what to rewrite."""


def make_stencil(function: Function, source: str, obj: ObjectFile, results: set[str]) -> Stencil:
    """Turn a function compiled from that source into a stencil."""
    name = function.name.removeprefix(FUNCTION_PREFIX)
    code, relocations = _cut_last_jump(function)
    holes: list[Hole] = []
    constants = bytearray()
    for relocation in relocations:
        if relocation.type not in _RELATIVE:
            raise LayoutError(
                f"{name}: relocation {relocation.type} to {relocation.symbol!r}: rewrite the body"
            )
        if relocation.symbol == CONTINUATION:
            struct.pack_into("<i", code, relocation.offset, len(code) - relocation.offset - 4)
        elif relocation.symbol.startswith(TRAP_PREFIX):
            number = int(relocation.symbol.removeprefix(TRAP_PREFIX))
            holes.append(Hole(HoleKind.TRAP, relocation.offset, number))
        else:
            holes.append(
                Hole(HoleKind.CONSTANT, relocation.offset, _add_constant(constants, relocation, obj))
            )
    clobbers = _clobbered(bytes(code)) - results
    if clobbers - MAY_CLOBBER:
        raise LayoutError(f"{name}: clobbers {sorted(clobbers - MAY_CLOBBER)}, which are pinned")
    return Stencil(name, source, bytes(code), tuple(holes), bytes(constants), frozenset(clobbers))


def _cut_last_jump(function: Function) -> tuple[bytearray, list[Relocation]]:
    code, relocations = bytearray(function.code), list(function.relocations)
    last = relocations[-1] if relocations else None
    is_last_jump = (
        last is not None
        and last.symbol == CONTINUATION
        and last.offset == len(code) - 4
        and code[-_JUMP_BYTES] == _JUMP
    )
    if is_last_jump:
        return code[:-_JUMP_BYTES], relocations[:-1]
    return code, relocations  # It ends in a jump elsewhere, behind which the continuation is jumped to.


def _add_constant(constants: bytearray, relocation: Relocation, obj: ObjectFile) -> int:
    if not relocation.section.startswith(".rodata"):
        raise LayoutError(f"a reference to {relocation.symbol or relocation.section}: rewrite the body")
    start, size = relocation.addend + 4, obj.constant_size(relocation.section) or _CONSTANT_ALIGNMENT
    if start % size:
        raise LayoutError("an immediate follows a constant's displacement: rewrite the body")
    data = obj.section(relocation.section)[start : start + size]
    offset = len(constants)
    constants += data.ljust(_CONSTANT_ALIGNMENT, b"\0")
    return offset


def _clobbered(code: bytes) -> set[str]:
    disassembler = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    disassembler.detail = True
    written = set()
    for instruction in disassembler.disasm(code, 0):
        _, writes = instruction.regs_access()
        written |= {_full_name(instruction.reg_name(register)) for register in writes}
    return written - {"rflags", "rip", "eflags"}


_LEGACY = {"a": "rax", "b": "rbx", "c": "rcx", "d": "rdx"}


def _full_name(name: str) -> str:
    if name.startswith("xmm") or name in ("rflags", "eflags", "rip"):
        return name
    if name[0] == "r" and name[1].isdigit():
        return name.rstrip("dwb")
    core = name[1:] if name[0] in "re" and len(name) == 3 else name
    if len(core) == 2 and core[0] in _LEGACY and core[1] in "xlh":
        return _LEGACY[core[0]]
    return "r" + core.removesuffix("l")
