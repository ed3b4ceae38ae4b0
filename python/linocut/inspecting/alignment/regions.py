"""Which lines of another engine's function set up its frame, take it down, or lie behind the return."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from linocut.disassembly.instruction import MachineInstruction
    from linocut.engines.code.foreign import ForeignLine

_LONGEST_PROLOGUE = 40  # instructions: every pinned register saved, every parameter moved
_TRAPS = ("ud2", "int3")
_LONGEST_CALL = 3  # instructions of a block that calls a trap
_SAVED = {"rbx", "r12", "r13", "r14", "r15"}


def regions(lines: Sequence[ForeignLine], pauses: Collection[int], traps: Collection[int]) -> list[str]:
    """By line: prologue, body, epilogue or cold.

    `pauses` are wasm offsets where V8 looks at the stack's limit, by which it also interrupts: the body's and
    those of loops. `traps` are those of instructions that may trap.
    """
    found = ["body"] * len(lines)
    returns = [i for i, line in enumerate(lines) if line.machine.mnemonic == "ret"]
    for i in returns:
        start = _epilogue_start(lines, i)
        found[start : i + 1] = ["epilogue"] * (i + 1 - start)
    for start, end in _blocks(lines, returns[0] + 1 if returns else 0):
        if _is_cold(lines[start:end], pauses, traps):
            found[start:end] = ["cold"] * (end - start)
    prologue = _prologue_end(lines)
    found[:prologue] = ["prologue"] * prologue
    return found


def _prologue_end(lines: Sequence[ForeignLine]) -> int:
    """Behind the comparison of the stack pointer with its limit, if there is one, and the frame's set-up."""
    end = 0
    for i, (before, line) in enumerate(pairwise(lines[:_LONGEST_PROLOGUE])):
        if line.machine.is_jump:
            end = i + 2 if "rsp" in before.machine.reads else 0
            break
    while end < len(lines) and _sets_up_frame(lines[end].machine) and lines[end].wasm is None:
        end += 1
    return end


def _sets_up_frame(machine: MachineInstruction) -> bool:
    is_frame = machine.writes & {"rsp", "rbp"} and not (machine.is_call or machine.mnemonic == "pop")
    saves = machine.spills and machine.mnemonic.startswith("mov") and machine.reads & _SAVED
    return bool(is_frame or saves)


def _epilogue_start(lines: Sequence[ForeignLine], end: int) -> int:
    start = end
    while start and _takes_down_frame(lines[start - 1].machine):
        start -= 1
    return start


def _takes_down_frame(machine: MachineInstruction) -> bool:
    is_frame = machine.writes & {"rsp", "rbp"} and not (machine.is_call or machine.is_jump)
    restores = machine.loads and machine.writes <= _SAVED
    return bool(is_frame or restores)


def _blocks(lines: Sequence[ForeignLine], start: int) -> Iterator[tuple[int, int]]:
    """Runs of lines from `start` on that are entered at their first line only."""
    targets = {line.machine.target for line in lines if line.machine.is_jump}
    starts = [start] if start < len(lines) else []
    for i in range(start + 1, len(lines)):
        if lines[i].machine.offset in targets or lines[i - 1].machine.mnemonic in ("jmp", "ret", *_TRAPS):
            starts.append(i)
    return pairwise([*starts, len(lines)])


def _is_cold(block: Sequence[ForeignLine], pauses: Collection[int], traps: Collection[int]) -> bool:
    """Data, a trap, a call that does not come back and so ends the block, V8's pauses."""
    last = block[-1]
    if last.machine.is_data or last.machine.mnemonic in _TRAPS:
        return True
    if any(line.wasm in pauses for line in block):
        return True
    is_short_call = last.machine.is_call and len(block) <= _LONGEST_CALL
    return is_short_call and last.wasm in traps
