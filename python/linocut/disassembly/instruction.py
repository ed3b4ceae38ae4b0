"""A machine instruction, or data among them, with what it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A number in an instruction's bytes: its displacement or its immediate."""

    kind: str
    offset: int
    size: int


@dataclass(frozen=True)
class MachineInstruction:
    """An instruction, or a piece of data (`is_data`)."""

    offset: int
    bytes: bytes
    text: str
    is_data: bool = False
    context_offset: int | None = None  # offset of what it reads or calls in the context
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
