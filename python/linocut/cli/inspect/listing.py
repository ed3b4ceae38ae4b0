"""The machine code of one function as text, each stretch under the opcode that it comes from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import capstone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut import Module


@dataclass(frozen=True)
class Listing:
    """One function's machine code; offsets in it are from the module's code base."""

    function: int
    name: str | None
    bytes: bytes
    code_offset: int
    module_offset: int
    frame_bytes: int
    origins: list[tuple[int, int, str]]  # code offset, module offset, opcode

    @classmethod
    def of(cls, module: Module, function: int) -> Listing:
        """The listing of a function that the module defines; IndexError for any other."""
        code = module._code
        first, end = code.defined_functions()
        if not first <= function < end:
            raise IndexError(f"no function {function}: the module defines {first} to {end - 1}")
        return cls(function, code.function_name(function), *code.listing(function))

    def lines(self) -> Iterator[str]:
        """A headline, then opcodes at the margin and their instructions indented.

        Code offsets count from where the module's code begins. An opcode without instructions left its
        work to a later one, or needed none.
        """
        name = f' "{self.name}"' if self.name else ""
        yield (
            f"function {self.function}{name}: {len(self.bytes)} bytes of code, frame {self.frame_bytes}, "
            f"body at {self.module_offset:#x}"
        )
        opcodes = self._opcodes_by_place()
        for place, text in self._instructions():
            yield from opcodes.pop(place, ())
            yield f"    {place:06x}  {text}"
        for place in sorted(opcodes):
            yield from opcodes[place]

    def _opcodes_by_place(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for code_offset, module_offset, opcode in self.origins:
            found[code_offset].append(f"{module_offset:#06x} {opcode}")
        return found

    def _instructions(self) -> Iterator[tuple[int, str]]:
        decoder = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
        at = self.code_offset
        for instruction in decoder.disasm(self.bytes, at):
            at = instruction.address + instruction.size
            yield instruction.address, f"{instruction.mnemonic} {instruction.op_str}".rstrip()
        if left := self.code_offset + len(self.bytes) - at:  # a jump table
            yield at, f".byte … ({left} bytes of data)"
