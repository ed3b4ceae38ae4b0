"""Where lines belong that say nothing of themselves: with the lines around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.inspecting.alignment.events import machine_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from linocut.disassembly.instruction import MachineInstruction

_SAYS_NOTHING = frozenset({"rflags", "rsp"})


class Neighbours:
    """A function's body by line; a line that is not there has been given to another region.

    `last` is the last unit, `setters` are those that only set a local.
    """

    def __init__(self, body: Mapping[int, MachineInstruction], last: int, setters: Collection[int]) -> None:
        self._body, self._last, self._setters = body, last, setters
        self._targets = {machine.target for machine in body.values() if machine.is_jump}

    def fill(self, owners: dict[int, int], reasons: Mapping[int, frozenset[str]]) -> None:
        """Give every line a unit; `reasons` are the words by which a line has been paired.

        A line prepares what comes next, unless it goes on with what was before it: a jump after its
        comparison, the move of a result, more of what the line before was paired for.
        """
        nexts = self._nexts(owners)
        results: set[int] = set()  # lines whose result the next may move
        previous: int | None = None
        reason = frozenset[str]()
        for i, machine in self._body.items():
            moves = self._takes_result(i, results)
            if moves or i in reasons or not _is_move(machine):
                results.add(i)
            if i not in owners:
                goes_on = machine.is_jump or "rflags" in machine.reads or _does_more(machine, reason)
                owners[i] = self._choose(previous, nexts[i], goes_on, moves)
            reason = reasons.get(i, reason if owners[i] == previous else frozenset())
            previous = owners[i]

    def _nexts(self, owners: Mapping[int, int]) -> dict[int, int | None]:
        """By line: the unit of the next line that has one, unless control goes elsewhere; then the last."""
        following: int | None = self._last
        found: dict[int, int | None] = {}
        for i, machine in reversed(list(self._body.items())):
            is_end = i + 1 not in self._body and bool(found)
            if is_end or machine.mnemonic == "jmp":
                following = None
            following = owners.get(i, following)
            found[i] = following
        return found

    def _choose(self, previous: int | None, following: int | None, goes_on: bool, moves: bool) -> int:
        if previous is None or following is None:
            return next((unit for unit in (previous, following) if unit is not None), 0)
        if moves and previous < following and previous + 1 in self._setters:
            return previous + 1
        return previous if goes_on or moves else following

    def _takes_result(self, i: int, results: Collection[int]) -> bool:
        """Whether the line moves what the one before it has made into another register or the frame."""
        if i - 1 not in self._body or i - 1 not in results or self._body[i].offset in self._targets:
            return False
        before, this = self._body[i - 1], self._body[i]
        is_move = _is_move(this) and "[" not in this.text.partition(",")[2]
        return is_move and bool(this.reads & (before.writes - _SAYS_NOTHING))


def _is_move(machine: MachineInstruction) -> bool:
    return machine.mnemonic.startswith(("mov", "vmov"))


def _does_more(machine: MachineInstruction, reason: frozenset[str]) -> bool:
    return not machine.stores and bool(machine_words(machine) & reason)
