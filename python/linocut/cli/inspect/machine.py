"""Machine code of one function → instructions and the data among them (capstone)."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import capstone
from capstone import x86

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_LONGEST = 15  # bytes of an x86 instruction
_CONSTANT_BYTES = 16  # what a stencil's constants are aligned to and padded to
_FLOAT_BYTES = 8  # of any other constant
_ENTRY_BYTES = 4  # of a jump table


@dataclass(frozen=True)
class Field:
    """A number in an instruction's bytes: its displacement or its immediate."""

    kind: str
    offset: int
    size: int


@dataclass(frozen=True)
class Machine:
    """An instruction, or a piece of data (`is_data`)."""

    offset: int
    bytes: bytes
    text: str
    is_data: bool = False
    context_offset: int | None = None  # of what it reads or calls in the context
    target: int | None = None  # of a direct jump or call
    is_jump: bool = False
    is_call: bool = False
    stores: bool = False  # into any memory
    loads: bool = False  # a value from the frame
    spills: bool = False  # a value into the frame
    reads: frozenset[str] = frozenset()  # registers by their 64-bit names, and rflags
    writes: frozenset[str] = frozenset()
    fields: tuple[Field, ...] = ()

    @property
    def end(self) -> int:
        """The offset of what follows."""
        return self.offset + len(self.bytes)

    @property
    def mnemonic(self) -> str:
        """The first word."""
        return self.text.partition(" ")[0]


def disassemble(code: bytes, start: int) -> list[Machine]:
    """All of it in order; the first byte has the offset `start`."""
    return list(_Disassembler(code, start).run())


def decoder() -> capstone.Cs:
    """Of x86-64 instructions, with all that `machine_of` wants to know."""
    made = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    made.detail = True
    return made


def machine_of(found: Any, frames: Container[int] = (x86.X86_REG_RSP,)) -> Machine:
    """What the decoder found; `frames` are the registers that the frame is addressed by."""
    memory = [operand for operand in found.operands if operand.type == x86.X86_OP_MEM]
    access = [operand.access for operand in memory if operand.mem.base in frames]
    reads, writes = found.regs_access()
    return Machine(
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
        reads=frozenset(full_name(found.reg_name(register)) for register in reads),
        writes=frozenset(full_name(found.reg_name(register)) for register in writes),
        fields=tuple(_fields(found.encoding)),
    )


def full_name(register: str) -> str:
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


class _Disassembler:
    """Knows data by the instructions that refer to it, all of which come before it."""

    def __init__(self, code: bytes, start: int) -> None:
        self._code, self._start = code, start
        self._tables: dict[int, int] = {}  # offset → entries
        self._constants: dict[int, int] = {}  # offset → bytes
        self._places: list[int] = []  # of the constants, in order
        self._scratch = 0  # the constant that the scratch register got last
        self._has_returned = False
        self._decoder = decoder()

    def run(self) -> Iterator[Machine]:
        at, end = self._start, self._start + len(self._code)
        while at < end:
            for piece in self._pieces(at):
                yield piece
                at = piece.end

    def _pieces(self, at: int) -> Iterator[Machine]:
        if at in self._tables:
            for i in range(self._tables[at]):
                yield self._entry(at + _ENTRY_BYTES * i)
        elif at in self._constants:
            data = self._take(at, self._constants[at])
            directive = ".octa" if len(data) == _CONSTANT_BYTES else ".quad"
            text = f"{directive} {int.from_bytes(data, 'little'):#0{2 + 2 * len(data)}x}"
            yield Machine(at, data, text, is_data=True)
        else:
            yield self._instruction(at)

    def _take(self, at: int, count: int) -> bytes:
        return self._code[at - self._start : at - self._start + count]

    def _entry(self, at: int) -> Machine:
        data = self._take(at, _ENTRY_BYTES)
        # Entries are relative to their own ends (jump_through_table in core/jit/visit_control.cpp).
        target = at + _ENTRY_BYTES + int.from_bytes(data, "little", signed=True)
        return Machine(at, data, f".long {target:#x} - .", is_data=True, target=target)

    def _instruction(self, at: int) -> Machine:
        found = next(self._decoder.disasm(self._take(at, _LONGEST), at), None)
        place = bisect_right(self._places, at)
        next_data = self._places[place] if place < len(self._places) else None
        if found is None or self._is_padding(found, next_data):
            end = next_data or self._start + len(self._code)
            data = self._take(at, end - at)
            return Machine(at, data, f".skip {len(data)}", is_data=True)
        self._has_returned |= found.mnemonic == "ret"
        self._note_data(found)
        return machine_of(found)

    def _is_padding(self, found: Any, next_data: int | None) -> bool:
        """Before the constants: only calls and jumps stand between them and the return."""
        is_near = self._has_returned and next_data is not None and next_data - found.address < _CONSTANT_BYTES
        return is_near and found.mnemonic not in ("call", "jmp")

    def _note_data(self, found: Any) -> None:
        operands = found.operands
        if found.mnemonic == "mov" and operands[1].type == x86.X86_OP_IMM and _is_scratch(operands[0]):
            self._scratch = operands[1].imm
        for operand in operands:
            if operand.type != x86.X86_OP_MEM or operand.mem.base != x86.X86_REG_RIP:
                continue
            place = found.address + found.size + operand.mem.disp
            if found.mnemonic == "lea":  # a jump table; its last index has just been compared with
                self._tables[place] = self._scratch + 1
            else:
                if place not in self._constants:
                    insort(self._places, place)
                self._constants[place] = max(operand.size, _FLOAT_BYTES)


def _is_scratch(operand: Any) -> bool:
    return bool(operand.type == x86.X86_OP_REG and operand.reg == x86.X86_REG_R10D)


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
