"""Machine code of one function → instructions and the data among them."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from typing import TYPE_CHECKING, Any

from capstone import x86

from linocut.disassembly.decoder import decoder
from linocut.disassembly.instruction import MachineInstruction

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 15  # bytes of an x86 instruction
_CONSTANT_BYTES = 16  # what a stencil's constants are aligned to and padded to
_FLOAT_BYTES = 8  # of any other constant
_ENTRY_BYTES = 4  # of a jump table
_LIMIT = re.compile("cmp r11d, (0x[0-9a-f]+|[0-9]+)")  # the index of a jump table


def disassemble(code: bytes, start: int) -> list[MachineInstruction]:
    """All of it in order; the first byte has the offset `start`."""
    return list(_Disassembler(code, start).run())


class _Disassembler:
    """Knows data by the instructions that refer to it, all of which come before it."""

    def __init__(self, code: bytes, start: int) -> None:
        self._code, self._start = code, start
        self._tables: dict[int, int] = {}  # offset → entries
        self._constants: dict[int, int] = {}  # offset → bytes
        self._places: list[int] = []  # of the constants, in order
        self._limit = 0  # what the index of a jump table was compared with last
        self._has_returned = False
        self._decoder = decoder(x86.X86_REG_RSP)

    def run(self) -> Iterator[MachineInstruction]:
        at, end = self._start, self._start + len(self._code)
        while at < end:
            for piece in self._pieces(at):
                yield piece
                at = piece.end

    def _pieces(self, at: int) -> Iterator[MachineInstruction]:
        if at in self._tables:
            for i in range(self._tables[at]):
                yield self._entry(at + _ENTRY_BYTES * i, at)
        elif at in self._constants:
            data = self._take(at, self._constants[at])
            directive = ".octa" if len(data) == _CONSTANT_BYTES else ".quad"
            text = f"{directive} {int.from_bytes(data, 'little'):#0{2 + 2 * len(data)}x}"
            yield MachineInstruction(at, data, text, is_data=True)
        else:
            yield self._instruction(at)

    def _take(self, at: int, count: int) -> bytes:
        return self._code[at - self._start : at - self._start + count]

    def _entry(self, at: int, table: int) -> MachineInstruction:
        data = self._take(at, _ENTRY_BYTES)
        # Entries are relative to the table (core/jit/x86_64/jump_table.cpp).
        target = table + int.from_bytes(data, "little", signed=True)
        return MachineInstruction(at, data, f".long {target:#x} - {table:#x}", is_data=True, target=target)

    def _instruction(self, at: int) -> MachineInstruction:
        found = self._decoder.first(self._take(at, _LONGEST), at)
        place = bisect_right(self._places, at)
        next_data = self._places[place] if place < len(self._places) else None
        if found is None or self._is_padding(found, next_data):
            end = next_data or self._start + len(self._code)
            data = self._take(at, end - at)
            return MachineInstruction(at, data, f".skip {len(data)}", is_data=True)
        self._has_returned |= found.mnemonic == "ret"
        if "rip" in found.text:
            self._note_data(self._decoder.detail(found.bytes, at))
        elif limit := _LIMIT.fullmatch(found.text):
            self._limit = int(limit[1], 0)
        return found

    def _is_padding(self, found: MachineInstruction, next_data: int | None) -> bool:
        """Before the constants: only calls and jumps stand between them and the return."""
        is_near = self._has_returned and next_data is not None and next_data - found.offset < _CONSTANT_BYTES
        return is_near and found.mnemonic not in ("call", "jmp")

    def _note_data(self, found: Any) -> None:
        for operand in found.operands:
            if operand.type != x86.X86_OP_MEM or operand.mem.base != x86.X86_REG_RIP:
                continue
            place = found.address + found.size + operand.mem.disp
            if found.mnemonic == "lea":  # a jump table: its length is a power of two
                self._tables[place] = 1 << max(0, self._limit - 1).bit_length()
            else:
                if place not in self._constants:
                    insort(self._places, place)
                self._constants[place] = max(operand.size, _FLOAT_BYTES)
