"""What an instruction is for, as far as that can be told from the code alone.

spill, load: a value goes into the frame or comes from it · jump, call · trap: leaves with a trap · checks:
only finds out whether to trap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from linocut.disassembly.instruction import MachineInstruction


def marks(
    machine: Sequence[MachineInstruction],
    traps: Collection[int],
    dead: Collection[str],
    rare: Collection[int] = (),
) -> list[list[str]]:
    """By instruction of one piece of code.

    `traps` are the offsets of what leaves with a trap, `rare` of more that only checks jump to; `dead` are
    registers that nobody reads afterwards.
    """
    checks = _checks(machine, (traps, rare), dead)
    return [list(_marks(m, traps, m.offset in checks)) for m in machine]


def _marks(machine: MachineInstruction, traps: Collection[int], checks: bool) -> Iterator[str]:
    facts = {
        "spill": machine.spills,
        "load": machine.loads,
        "jump": machine.is_jump,
        "call": machine.is_call,
        "trap": machine.offset in traps,
        "checks": checks,
    }
    return (mark for mark, is_so in facts.items() if is_so)


def _checks(
    machine: Sequence[MachineInstruction], traps: Sequence[Collection[int]], dead: Collection[str]
) -> set[int]:
    """Jumps to traps, and backwards all whose results only they want."""
    found: set[int] = set()
    unwanted, read_by_checks = set(dead), set[str]()  # registers, from here to the end of the piece
    # Sets are not joined: that would take as long as there are traps in the function, for each piece of it.
    on_the_way = {m.offset for m in machine if m.text.startswith("jmp ") and _is_in(m.target, traps)}
    for m in reversed(machine):
        serves_them = bool(m.writes & read_by_checks) and m.writes <= unwanted
        if (m.is_jump and _is_in(m.target, (*traps, on_the_way))) or (
            serves_them and not (m.is_call or m.stores)
        ):
            found.add(m.offset)
            read_by_checks = (read_by_checks - m.writes) | m.reads
        else:
            unwanted = (unwanted | m.writes) - m.reads
            read_by_checks -= m.writes
    return found


def _is_in(target: int | None, sets: Sequence[Collection[int]]) -> bool:
    return any(target in places for places in sets)
