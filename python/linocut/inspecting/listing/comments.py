"""What an instruction reaches, in words: places in the context, other functions, trap sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.instructions import instruction_text, type_use
from linocut.text.names import escape, shortened
from linocut_isa import Space

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linocut import Module
    from linocut._core import Listing
    from linocut.disassembly.instruction import MachineInstruction
    from linocut.text.instructions import Instruction, Scope


class Commentator:
    """Knows one function's surroundings."""

    def __init__(self, module: Module, listing: Listing, scope: Scope) -> None:
        self._module, self._listing, self._scope = module, listing, scope
        self._imports = [i for i in module.imports if type(i.type).__name__ == "FuncType"]
        self._sites: dict[int, str] = {}  # offset of a cold call → what it calls
        self.traps: set[int] = set()  # offsets of the calls that leave with a trap

    def look_at(self, machine: Iterable[MachineInstruction]) -> None:
        """Remember where the traps are, so that jumps there can be told."""
        for m in machine:
            if m.context_offset is not None and m.mnemonic == "call":
                self._sites[m.offset] = self._context(m.context_offset) or ""
        self.traps = {offset for offset, reached in self._sites.items() if reached.startswith("trap ")}

    def comment(self, machine: MachineInstruction, instructions: Mapping[int, Instruction]) -> str | None:
        """None when the instruction speaks for itself; `instructions` are those of cold sites, by offset."""
        if machine.context_offset is not None:
            said = self._context(machine.context_offset)
            site = instructions.get(machine.offset)
            return f"{said}, of {site.offset:#x} {instruction_text(site, self._scope)}" if site else said
        if machine.target is None or machine.is_data:
            return None
        if machine.mnemonic == "call":
            function = self._module._code.function_at(machine.target)
            return None if function is None else self.function(function)
        return self._sites.get(machine.target)

    def function(self, index: int) -> str:
        """`function 3 $fib`; an import by the two names that it is asked for."""
        if index < len(self._imports):
            wanted = self._imports[index]
            names = (escape(shortened(name)) for name in (wanted.module, wanted.name))
            return " ".join([f"import {index}", *(f'"{name}"' for name in names)])
        return f"function {self._called(Space.FUNC, index)}"

    def _context(self, offset: int) -> str | None:
        slot = self._listing.context_slot(offset)
        if slot is None:
            return None
        kind, which = slot
        if isinstance(which, int):
            return self._indexed(kind, which)
        return kind if which is None else f"{kind} {which}"

    def _indexed(self, kind: str, index: int) -> str:
        if kind == "import":
            return self.function(index)
        if kind == "func_ref":
            return f"func_ref of {self.function(index)}"
        if kind == "type_id":
            return f"type_id {index} {type_use(index, self._scope)}".rstrip()
        return f"global {self._called(Space.GLOBAL, index)}" if kind == "global" else f"{kind} {index}"

    def _called(self, space: Space, index: int) -> str:
        """The index, and the name if there is one."""
        return " ".join(dict.fromkeys([str(index), self._scope.called(space, index)]))
