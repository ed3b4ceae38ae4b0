"""Which lines of another engine's function do what a piece of ours does.

A line whose wasm offset the engine tells belongs to the piece of that WebAssembly instruction. Between such
lines the others are paired with the WebAssembly in order, by what they do (events.py); what says nothing of
itself goes with its neighbours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.cli.inspect.events import machine_words, may_trap, wasm_words, weight
from linocut.cli.inspect.regions import regions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.cli.inspect.against.foreign import Foreign, ForeignLine
    from linocut.cli.inspect.listing import Listing, Piece
    from linocut.cli.inspect.machine import Machine

_MOST_CELLS = 1 << 20  # of the table that a stretch is paired with: a second of work


@dataclass(frozen=True)
class Pair:
    """Pieces of ours, by number, and the other engine's lines for them, all of one region (regions.py)."""

    ours: list[int]
    lines: list[ForeignLine]
    region: str


@dataclass(frozen=True)
class _Event:
    """A WebAssembly instruction that may show in machine code."""

    wasm: int
    unit: int
    words: frozenset[str]
    may_trap: bool


def align(listing: Listing, foreign: Foreign) -> list[Pair]:
    """In the order of the foreign code; every line is in one pair, every piece in at most one."""
    return _Alignment(listing, foreign.lines).pairs()


class _Alignment:
    """A unit is a piece with code, and those before it that left their work to it."""

    def __init__(self, listing: Listing, lines: list[ForeignLine]) -> None:
        self._lines = lines
        self._sections = {section.name: section.pieces for section in listing.sections}
        self._units = _units(self._sections.get("body", []))
        self._events = [
            _Event(line.offset, number, wasm_words(line.instruction), may_trap(line.instruction))
            for number, unit in enumerate(self._units)
            for piece in unit
            for line in piece.wasm
        ]
        self._offsets = [event.wasm for event in self._events]
        self._regions = regions(lines, listing.wasm_offset, lambda wasm: self._at(wasm).may_trap)
        # What is said of a line of the body, unless it is of another function's, which was inlined.
        own = set(self._offsets)
        self._told = [
            line.wasm if region == "body" and line.wasm in own else None
            for line, region in zip(lines, self._regions, strict=True)
        ]
        self._owners = [None if wasm is None else self._at(wasm).unit for wasm in self._told]
        self._reasons: dict[int, _Event] = {}  # line → what it was paired with for what it does
        self._results: set[int] = set()  # lines that move a result

    def pairs(self) -> list[Pair]:
        """Pair what the engine does not tell, then collect."""
        body = [i for i, region in enumerate(self._regions) if region == "body"]
        self._pair_between(body)
        self._fill(body)
        groups: defaultdict[tuple[str, int | None], list[ForeignLine]] = defaultdict(list)
        for line, region, owner in zip(self._lines, self._regions, self._owners, strict=True):
            groups[region, owner].append(line)
        return [Pair(self._numbers(*key), lines, key[0]) for key, lines in groups.items()]

    def _numbers(self, region: str, unit: int | None) -> list[int]:
        pieces = self._sections.get(region, []) if unit is None else self._units[unit]
        return [piece.number for piece in pieces]

    def _at(self, wasm: int) -> _Event:
        return self._events[max(bisect_right(self._offsets, wasm) - 1, 0)]

    def _pair_between(self, body: Sequence[int]) -> None:
        """Stretch by stretch: each goes from one line that is told to the next."""
        anchors = sorted({wasm for wasm in self._told if wasm is not None})
        stretch: list[int] = []
        before = -1
        for i in [*body, None]:
            wasm = None if i is None else self._told[i]
            if i is not None and wasm is None:
                stretch.append(i)
                continue
            after = self._offsets[-1] + 1 if wasm is None else wasm
            self._pair(stretch, self._between(before, after, anchors))
            before, stretch = after, []

    def _between(self, before: int, after: int, anchors: Sequence[int]) -> list[_Event]:
        """The events that may show between two told lines.

        Code has another order than its WebAssembly where a compiler moved blocks: then what follows the one
        line, up to the next that is told, and what comes before the other.
        """
        above = bisect_right(anchors, before)
        next_told = anchors[above] if above < len(anchors) else self._offsets[-1] + 1
        below = bisect_left(anchors, after)
        last_told = anchors[below - 1] if below else -1
        if before < after <= next_told:
            return self._span(before, after)
        return self._span(before, next_told) + self._span(last_told, after)

    def _span(self, before: int, after: int) -> list[_Event]:
        start, end = bisect_right(self._offsets, before), bisect_left(self._offsets, after)
        return [event for event in self._events[start:end] if event.words]

    def _pair(self, stretch: Sequence[int], events: Sequence[_Event]) -> None:
        words = [machine_words(self._lines[i].machine) for i in stretch]
        for place, event in best_pairs(words, [event.words for event in events]):
            self._owners[stretch[place]] = events[event].unit
            self._reasons[stretch[place]] = events[event]

    def _fill(self, body: Sequence[int]) -> None:
        """A line that says nothing prepares what comes next, unless it goes on with what was before it."""
        nexts = self._nexts(body)
        previous, reason = None, None
        for i in body:
            if self._owners[i] is None:
                self._owners[i] = self._same_as(previous, reason, i, nexts[i])
            previous, reason = self._owners[i], self._reasons.get(i, reason)

    def _nexts(self, body: Sequence[int]) -> dict[int, int | None]:
        """By line: the unit of the next line that has one, unless control goes elsewhere; then the last."""
        following: int | None = len(self._units) - 1
        found: dict[int, int | None] = {}
        for i in reversed(body):
            leaves = self._lines[i].machine.mnemonic == "jmp" or self._regions[i + 1 : i + 2] == ["epilogue"]
            if leaves and found:
                following = None
            owner = self._owners[i]
            following = following if owner is None else owner
            found[i] = following
        return found

    def _same_as(
        self, previous: int | None, reason: _Event | None, i: int, following: int | None
    ) -> int | None:
        if previous is None or following is None:
            return following if previous is None else previous
        machine = self._lines[i].machine
        if machine.is_jump or "rflags" in machine.reads:
            return previous
        if self._takes_result(i):
            self._results.add(i)
            return previous + 1 if self._sets_local(previous + 1, following) else previous
        if (
            reason
            and reason.unit == previous
            and not machine.stores
            and machine_words(machine) & reason.words
        ):
            return previous
        return following

    def _takes_result(self, i: int) -> bool:
        """Whether the line moves what the one before it has made into another register or the frame."""
        if not i or self._regions[i - 1] != "body":
            return False
        before, this = self._lines[i - 1].machine, self._lines[i].machine
        is_move = _is_move(this) and "[" not in this.text.partition(",")[2]
        is_result = i - 1 in self._reasons or i - 1 in self._results or not _is_move(before)
        return is_move and is_result and bool(this.reads & (before.writes - {"rflags", "rsp"}))

    def _sets_local(self, unit: int, following: int) -> bool:
        """Whether the unit only sets a local, and is not beyond the one that follows."""
        if unit > following or unit >= len(self._units):
            return False
        lines = [line for piece in self._units[unit] for line in piece.wasm]
        return [line.instruction.opcode.name for line in lines] == ["local.set"]


def _is_move(machine: Machine) -> bool:
    return machine.mnemonic.startswith(("mov", "vmov"))


def _units(pieces: Sequence[Piece]) -> list[list[Piece]]:
    units: list[list[Piece]] = [[]]
    for piece in pieces:
        units[-1].append(piece)
        if piece.code:
            units.append([])
    if not units[-1] and len(units) > 1:
        units.pop()
    return units


def best_pairs(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Indices of both, ascending, so that what the pairs have in common weighs most.

    What is far off the diagonal is not looked at when the table would have more than _MOST_CELLS.
    """
    if not ours or not theirs:
        return []
    reach = max(_MOST_CELLS // len(ours) // 2, 8)
    slope = len(theirs) / len(ours)
    best = [0] * (len(theirs) + 1)
    steps: list[tuple[int, bytearray]] = []
    for i, words in enumerate(ours):
        low, high = max(int(i * slope) - reach, 0), min(int(i * slope) + reach, len(theirs))
        row = best[:]
        step = bytearray(high - low)
        for j in range(low, high):
            shared = words & theirs[j]
            paired = best[j] + max(map(weight, shared)) if shared else 0
            row[j + 1] = max(best[j + 1], row[j], paired)
            step[j - low] = 0 if row[j + 1] == best[j + 1] else 1 if row[j + 1] == row[j] else 2
        for j in range(high, len(theirs)):
            row[j + 1] = max(row[j + 1], row[j])
        steps.append((low, step))
        best = row
    return _traced(steps, len(theirs))


def _traced(steps: Sequence[tuple[int, bytearray]], end: int) -> list[tuple[int, int]]:
    found = []
    i, j = len(steps) - 1, end - 1
    while i >= 0 and j >= 0:
        low, step = steps[i]
        what = step[j - low] if low <= j < low + len(step) else (0 if j < low else 1)
        if what == 2:
            found.append((i, j))
        i -= what != 1
        j -= what != 0
    return found[::-1]
