"""What another engine made of a function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linocut.disassembly.instruction import MachineInstruction


class NoCodeError(LookupError):
    """The engine is not on this machine, does not know the function, or its code cannot be read."""


@dataclass(frozen=True)
class ForeignLine:
    """An instruction; offsets count from the function's first byte.

    `wasm` is the offset in the module of the instruction that it comes from, where the engine tells it.
    """

    machine: MachineInstruction
    comment: str | None
    wasm: int | None


@dataclass(frozen=True)
class Foreign:
    """One function of another engine; `tells` says how much its wasm offsets tell: all lines, some, none."""

    lines: list[ForeignLine]
    tells: str
    why: str  # one sentence: what that rests on

    @property
    def code_bytes(self) -> int:
        """Without padding."""
        return sum(len(line.machine.bytes) for line in self.lines)


def without_address(machine: MachineInstruction, size: int) -> MachineInstruction:
    """A jump or call out of a function of that size: how far it is depends on where the function lies."""
    if machine.target is None or 0 <= machine.target < size:
        return machine
    return replace(machine, text=f"{machine.mnemonic} outside")


class Body(Protocol):
    """Where a function's body lies in its module."""

    @property
    def function(self) -> int:
        """Its index, imports counted."""

    @property
    def wasm_offset(self) -> int:
        """The offset of its first byte."""

    @property
    def wasm_bytes(self) -> int:
        """How many there are."""


class ForeignModule(Protocol):
    """A module in another engine; its methods raise NoCodeError."""

    name: str
    """The engine's name."""
    version: str

    def announce(self, functions: Iterable[Body]) -> None:
        """These will be asked for, in this order."""

    def function(self, index: int, body: int) -> Foreign:
        """The code of that function, imports counted; `body` is its body's offset in the module."""

    def sizes(self) -> dict[int, int]:
        """Bytes of code by function index; may take seconds."""
