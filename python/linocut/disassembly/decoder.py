"""Bytes → one instruction and what it does (capstone)."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import capstone
from capstone import x86

from linocut.disassembly.instruction import Field, MachineInstruction

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_MOST_KNOWN = 1 << 16  # encodings: 50 megabytes


@functools.cache
def decoder(*frames: int) -> Decoder:
    """The one that all share; `frames` are the registers that the frame is addressed by."""
    return Decoder(frames)


class Decoder:
    """x86-64. What the same bytes do is found out once: capstone takes long to say it."""

    def __init__(self, frames: Container[int]) -> None:
        self._frames = frames
        self._text = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
        self._detail = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
        self._detail.detail = True
        self._known: dict[bytes, MachineInstruction] = {}  # as if at offset 0

    def first(self, code: bytes, offset: int) -> MachineInstruction | None:
        """The instruction that the code begins with, or None where none is; it lies at `offset`."""
        found = next(self._text.disasm_lite(code, offset, 1), None)
        if found is None:
            return None
        _, size, mnemonic, operands = found
        encoding = code[:size]
        if encoding not in self._known:
            if len(self._known) == _MOST_KNOWN:
                self._known.clear()
            self._known[encoding] = _machine(self.detail(encoding, 0), self._frames)
        known = self._known[encoding]
        target = None if known.target is None else known.target + offset
        return replace(known, offset=offset, text=f"{mnemonic} {operands}".rstrip(), target=target)

    def all(self, code: bytes) -> Iterator[MachineInstruction]:
        """One instruction behind the other, from offset 0."""
        at = 0
        while at < len(code) and (machine := self.first(code[at:], at)):
            yield machine
            at = machine.end

    def detail(self, encoding: bytes, offset: int) -> Any:
        """All that capstone knows of an instruction."""
        return next(self._detail.disasm(encoding, offset, 1))


def _machine(found: Any, frames: Container[int]) -> MachineInstruction:
    memory = [operand for operand in found.operands if operand.type == x86.X86_OP_MEM]
    access = [operand.access for operand in memory if operand.mem.base in frames]
    reads, writes = found.regs_access()
    return MachineInstruction(
        offset=found.address,
        bytes=bytes(found.bytes),
        text=f"{found.mnemonic} {found.op_str}".rstrip(),
        context_offset=_context_offset(found),
        target=_target(found),
        is_jump=found.group(x86.X86_GRP_JUMP),
        is_call=found.group(x86.X86_GRP_CALL),
        stores=any(operand.access & capstone.CS_AC_WRITE for operand in memory),
        loads=any(a & capstone.CS_AC_READ for a in access),
        spills=any(a & capstone.CS_AC_WRITE for a in access),
        reads=frozenset(_full_name(found.reg_name(register)) for register in reads),
        writes=frozenset(_full_name(found.reg_name(register)) for register in writes),
        fields=tuple(_fields(found.encoding)),
    )


def _full_name(register: str) -> str:
    """The 64-bit register that `register` is the lower part of; others are as they are."""
    return _FULL_NAMES.get(register, register)


def _part_names() -> Iterator[tuple[str, str]]:
    for letter in "abcd":
        for part in (f"{letter}l", f"{letter}h", f"{letter}x", f"e{letter}x"):
            yield part, f"r{letter}x"
    for name in ("si", "di", "bp", "sp"):
        for part in (f"{name}l", name, f"e{name}"):
            yield part, f"r{name}"
    for number in range(8, 16):
        for suffix in "bwd":
            yield f"r{number}{suffix}", f"r{number}"


_FULL_NAMES = dict(_part_names())


def _fields(encoding: Any) -> Iterator[Field]:
    if encoding.disp_size:
        yield Field("displacement", encoding.disp_offset, encoding.disp_size)
    if encoding.imm_size:
        yield Field("immediate", encoding.imm_offset, encoding.imm_size)


def _context_offset(found: Any) -> int | None:
    for operand in found.operands:
        if operand.type == x86.X86_OP_MEM and operand.mem.base == x86.X86_REG_R13 and not operand.mem.index:
            offset: int = operand.mem.disp
            return offset
    return None


def _target(found: Any) -> int | None:
    is_branch = found.group(x86.X86_GRP_JUMP) or found.group(x86.X86_GRP_CALL)
    if is_branch and found.operands[0].type == x86.X86_OP_IMM:
        target: int = found.operands[0].imm
        return target
    return None
