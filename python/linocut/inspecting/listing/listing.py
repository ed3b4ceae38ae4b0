"""One function: its WebAssembly, the machine code of each stretch of it, and what both are called.

`Listing.of` puts it together; lines.py prints it, and view.py makes a document of it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.disassembly.disassembler import disassemble
from linocut.inspecting.listing.comments import Commentator
from linocut.inspecting.listing.marks import marks
from linocut.inspecting.listing.stencils import holes_in, stencil_names
from linocut.inspecting.overview import names_of
from linocut.text.instructions import Instruction, Scope, instruction_text, read_body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut import FuncType, Module, _core
    from linocut.disassembly.instruction import MachineInstruction
    from linocut.inspecting.catalogue import Hole
    from linocut.text.names import Names

_GENERAL = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
_DEAD_AFTER_A_PIECE = ("r10", "rflags")
_REGISTERS = [*_GENERAL, *(f"xmm{n}" for n in range(16))]


@dataclass(frozen=True)
class Line:
    """A machine instruction with its names."""

    machine: MachineInstruction
    stencil: str | None
    comment: str | None
    marks: list[str]  # see marks.py
    holes: list[Hole]


@dataclass(frozen=True)
class WasmLine:
    """A WebAssembly instruction as text."""

    instruction: Instruction
    text: str

    @property
    def offset(self) -> int:
        """In the module."""
        return self.instruction.offset

    @property
    def depth(self) -> int:
        """Blocks around it."""
        return self.instruction.depth


@dataclass
class Piece:
    """WebAssembly instructions and the machine code that they became together."""

    wasm: list[WasmLine]
    code: list[Line]
    number: int = 0  # counts through the function


@dataclass(frozen=True)
class Section:
    """`prologue`, `body`, `epilogue` or `cold`."""

    name: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Listing:
    """One function; code offsets count from where the module's code begins."""

    function: int
    name: str | None
    type: FuncType
    locals: tuple[tuple[int, str], ...]  # how many of which type, as it declares them
    code_offset: int
    code_bytes: int
    wasm_offset: int
    wasm_bytes: int
    frame_bytes: int
    saved: tuple[str, ...]  # registers that it saves
    sections: list[Section]

    @classmethod
    def of(cls, module: Module, function: int, names: Names | None = None) -> Listing:
        """The listing of a function that the module defines; IndexError for any other.

        `names` is what `names_of` says of the module, for those who make many listings.
        """
        first, end = module._code.defined_functions()
        if not first <= function < end:
            raise IndexError(f"no function {function}: the module defines {first} to {end - 1}")
        found = module._code.listing(function)
        body = module._wasm[found.module_offset : found.module_offset + found.wasm_bytes]
        locals_, instructions = read_body(body, found.module_offset)
        names = names or names_of(module)
        scope = Scope(module._code.types(), names.by_space(function))
        return cls(
            function=function,
            name=names.functions.get(function),
            type=module._code.function_type(function),
            locals=locals_,
            code_offset=found.code_offset,
            code_bytes=len(found.bytes),
            wasm_offset=found.module_offset,
            wasm_bytes=found.wasm_bytes,
            frame_bytes=found.frame_bytes,
            saved=tuple(name for n, name in enumerate(_REGISTERS) if found.saved >> n & 1),
            sections=_Assembly(module, found, instructions, scope).sections(),
        )


class _Assembly:
    """Brings the two sides together."""

    def __init__(
        self, module: Module, found: _core.Listing, instructions: list[Instruction], scope: Scope
    ) -> None:
        self._found, self._instructions, self._scope = found, instructions, scope
        self._machine = disassemble(found.bytes, found.code_offset)
        self._offsets = [machine.offset for machine in self._machine]
        self._commentator = Commentator(module, found, scope)
        self._commentator.look_at(self._machine)
        self._sites: dict[int, Instruction] = {}

    def sections(self) -> list[Section]:
        found, end = self._found, self._machine[-1].end
        prologue = (found.entry, found.body if found.entry <= found.body else end)
        epilogue = self._epilogue()
        cold = (epilogue[1], end if found.entry <= found.body else found.entry)
        self._sites = self._cold_sites(epilogue[1])
        sections = [
            Section("prologue", [self._piece([], prologue)]),
            Section("body", self._body_pieces((found.body, epilogue[0]))),
            Section("epilogue", [self._piece([], epilogue)]),
            Section("cold", [self._piece([], cold)]),
        ]
        sections = [section for section in sections if any(p.code or p.wasm for p in section.pieces)]
        for number, piece in enumerate(piece for section in sections for piece in section.pieces):
            piece.number = number
        return sections

    def _epilogue(self) -> tuple[int, int]:
        """What undoes the prologue before the one return (leave_frame in core/jit/x86_64/frame.cpp)."""
        returns = [i for i, m in enumerate(self._machine) if m.text == "ret"]
        if not returns:
            return self._machine[-1].end, self._machine[-1].end
        restored = self._found.saved.bit_count() + (self._found.frame_bytes > 0)
        return self._machine[max(returns[-1] - restored, 0)].offset, self._machine[returns[-1]].end

    def _cold_sites(self, start: int) -> dict[int, Instruction]:
        """Which instruction a cold call belongs to, by the call's offset."""
        by_offset = {i.offset: i for i in self._instructions[:-1]}
        sites = {}
        for at, wasm in self._found.origins:
            if at >= start and wasm in by_offset:
                m = self._machine[self._place(at + 1) - 1]
                sites[m.offset] = by_offset[wasm]
        return sites

    def _place(self, at: int) -> int:
        """The number of the first machine instruction that begins there or behind."""
        return bisect_left(self._offsets, at)

    def _body_pieces(self, span: tuple[int, int]) -> list[Piece]:
        """An instruction that has no origin of its own came in one piece with those before it, or is dead."""
        starts = {wasm: at for at, wasm in self._found.origins if at <= span[1]}
        groups: list[tuple[int | None, list[Instruction]]] = []
        is_dead = False
        for instruction in self._instructions:
            start = starts.get(instruction.offset)
            if start is not None or is_dead or not groups:
                groups.append((start, []))
            groups[-1][1].append(instruction)
            is_dead = instruction.opcode.never_goes_on
        spans, end = [], span[1]
        for start, _ in reversed(groups):
            begin = end if start is None else start
            spans.append((begin, end))
            end = begin
        return [self._piece(group, at) for (_, group), at in zip(groups, spans[::-1], strict=True)]

    def _piece(self, instructions: Sequence[Instruction], span: tuple[int, int]) -> Piece:
        machine = self._machine[self._place(span[0]) : self._place(span[1])]
        names = stencil_names(machine, [i.opcode for i in instructions])
        marked = marks(machine, self._commentator.traps, _DEAD_AFTER_A_PIECE)
        lines = [
            Line(m, name, self._commentator.comment(m, self._sites), its_marks, holes_in(m, name))
            for m, name, its_marks in zip(machine, names, marked, strict=True)
        ]
        wasm = [WasmLine(i, instruction_text(i, self._scope)) for i in instructions]
        return Piece(wasm, lines)
