"""What V8 prints of a function's code for `--print-wasm-code`, read back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = "--- WebAssembly code ---"
_FIELD = re.compile(r"^(index|compiler): (\w+)", re.MULTILINE)
_INSTRUCTION = re.compile(r"^0x[0-9a-f]+ +([0-9a-f]+) +([0-9a-f]+) +(?:REX\.W )?(.+)$", re.MULTILINE)
_ENTRY = "jump table entry"
_POSITION = re.compile(r"^ +([0-9a-f]+) +(\d+)(?:  statement)?$", re.MULTILINE)
_PROTECTED = re.compile(r"^ +([0-9a-f]+) *$", re.MULTILINE)


@dataclass(frozen=True)
class PrintedInstruction:
    """In V8's own dialect of assembly; the offset counts from the function's first byte.

    An entry of a jump table is none, but is printed among them: `entry` is the offset that it leads to.
    """

    offset: int
    bytes: bytes
    text: str
    entry: int | None = None

    @property
    def mnemonic(self) -> str:
        """The first word."""
        return self.text.partition(" ")[0]


@dataclass(frozen=True)
class PrintedCode:
    """One function's code without the padding behind it.

    `positions` tells of some code offsets which byte of the function's body they come from, `protected` are
    the accesses to linear memory that may fault.
    """

    index: int
    compiler: str
    instructions: list[PrintedInstruction]
    positions: dict[int, int]
    protected: set[int]

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(len(instruction.bytes) for instruction in self.instructions)


def read_printed_code(printed: str) -> Iterator[PrintedCode]:
    """All functions of wasm, in the order in which they were printed; wrappers are left out."""
    for part in printed.split(_HEAD)[1:]:
        fields = dict(_FIELD.findall(part))
        if "index" in fields and "compiler" in fields:
            yield _read(int(fields["index"]), fields["compiler"], part)


def _read(index: int, compiler: str, part: str) -> PrintedCode:
    instructions = [_instruction(*found) for found in _INSTRUCTION.findall(_section(part, "Instructions"))]
    while instructions and instructions[-1].mnemonic == "nop":
        instructions.pop()
    positions = _POSITION.findall(_section(part, "Source positions"))
    protected = _PROTECTED.findall(_section(part, "Protected instructions"))
    return PrintedCode(
        index,
        compiler,
        instructions,
        {int(offset, 16): int(position) for offset, position in positions},
        {int(offset, 16) for offset in protected},
    )


def _instruction(offset: str, encoding: str, text: str) -> PrintedInstruction:
    if text.startswith(_ENTRY):  # an address, not its bytes in their order
        address = int(encoding, 16).to_bytes(8, "little")
        return PrintedInstruction(int(offset, 16), address, text.rstrip(), int(text.removeprefix(_ENTRY)))
    return PrintedInstruction(int(offset, 16), bytes.fromhex(encoding), text.rstrip())


def _section(part: str, title: str) -> str:
    """From the line after the title to the next empty line."""
    _, _, rest = part.partition(f"\n{title}")
    return rest.partition("\n")[2].partition("\n\n")[0]
