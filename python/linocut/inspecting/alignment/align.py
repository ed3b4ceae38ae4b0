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

from linocut.inspecting.alignment.events import TELLING, machine_words, may_trap, wasm_words, weight
from linocut.inspecting.alignment.neighbours import Neighbours
from linocut.inspecting.alignment.pairing import best_pairs
from linocut.inspecting.alignment.regions import regions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut.engines.code.foreign import Foreign, ForeignLine
    from linocut.inspecting.listing.listing import Listing, Piece


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
    is_loop: bool


def align(listing: Listing, foreign: Foreign) -> list[Pair]:
    """In the order of the foreign code; every line is in one pair, every piece in at most one."""
    return _Alignment(listing, foreign.lines).pairs()


class _Alignment:
    """A unit is a piece with code, and those before it that left their work to it."""

    def __init__(self, listing: Listing, lines: list[ForeignLine]) -> None:
        self._lines = lines
        self._sections = {section.name: section.pieces for section in listing.sections}
        self._units = _units(self._sections.get("body", []))
        self._events = list(_events(self._units))
        self._offsets = [event.wasm for event in self._events]
        self._having: defaultdict[str, list[_Event]] = defaultdict(list)
        for event in self._events:
            for word in event.words:
                self._having[word].append(event)
        self._loops = {event.wasm for event in self._events if event.is_loop}
        traps = {event.wasm for event in self._events if event.may_trap}
        self._regions = regions(lines, {listing.wasm_offset, *self._loops}, traps)
        self._body = [i for i, region in enumerate(self._regions) if region == "body"]
        self._told, self._checks = self._tell()
        self._owners = {i: self._at(wasm).unit for i, wasm in self._told.items()}
        self._reasons: dict[int, frozenset[str]] = {}  # the words by which a line was paired

    def pairs(self) -> list[Pair]:
        """Pair what the engine does not tell, then collect."""
        self._pair_between()
        setters = {number for number, unit in enumerate(self._units) if _only_sets_local(unit)}
        body = {i: self._lines[i].machine for i in self._body}
        Neighbours(body, len(self._units) - 1, setters).fill(self._owners, self._reasons)
        groups: defaultdict[tuple[str, int | None], list[ForeignLine]] = defaultdict(list)
        for i, (line, region) in enumerate(zip(self._lines, self._regions, strict=True)):
            groups[region, self._owners.get(i)].append(line)
        return [Pair(self._numbers(*key), lines, key[0]) for key, lines in groups.items()]

    def _numbers(self, region: str, unit: int | None) -> list[int]:
        pieces = self._sections.get(region, []) if unit is None else self._units[unit]
        return [piece.number for piece in pieces]

    def _at(self, wasm: int) -> _Event:
        return self._events[max(bisect_right(self._offsets, wasm) - 1, 0)]

    def _tell(self) -> tuple[dict[int, int], set[int]]:
        """The wasm offsets of lines of the body, and which lines are checks.

        A jump to a trap is of what traps. Offsets of another function, which was inlined, say nothing.
        """
        own, cold = set(self._offsets), self._cold()
        told, checks = {}, set()
        for i in self._body:
            line = self._lines[i]
            wasm = cold.get(line.machine.target) if line.wasm is None else line.wasm
            if wasm in own and wasm is not None:
                told[i] = wasm
                if line.wasm is None:
                    checks.add(i)
        return told, checks

    def _cold(self) -> dict[int | None, int | None]:
        """Code offset → wasm offset of lines behind the return: what they or the next of them are of."""
        found: dict[int | None, int | None] = {}
        wasm = None
        for line, region in zip(reversed(self._lines), reversed(self._regions), strict=True):
            if region == "cold":
                wasm = wasm if line.wasm is None else line.wasm
                found[line.machine.offset] = wasm
        return found

    def _pair_between(self) -> None:
        """Stretch by stretch: each goes from one line that is told to the next.

        The pause of a loop bounds none: it may be anywhere in the loop.
        """
        anchors = sorted(set(self._told.values()) - self._loops)
        stretch: list[int] = []
        start, is_check = -1, False
        for i in self._body:
            if i not in self._told:
                stretch.append(i)
            if i not in self._told or self._told[i] in self._loops:
                continue
            self._pair(stretch, self._between(start, self._told[i], anchors, is_check))
            start, is_check, stretch = self._told[i], i in self._checks, []
        self._pair(stretch, self._between(start, self._offsets[-1] + 1, anchors, is_check))

    def _between(self, start: int, end: int, anchors: Sequence[int], is_check: bool) -> list[_Event]:
        """The events that may show between two told lines.

        Behind a check comes what it is for. Code has another order than its WebAssembly where a compiler
        moved blocks or unrolled a loop: then what follows the one line, up to the next that is told, and what
        comes before the other.
        """
        first = start if is_check else start + 1
        above = bisect_right(anchors, start)
        next_told = anchors[above] if above < len(anchors) else self._offsets[-1] + 1
        below = bisect_left(anchors, end)
        last_told = anchors[below - 1] if below else -1
        if start < end <= next_told:
            return self._span(first, end)
        if start == end:
            return self._span(start, start + 1)
        return self._span(first, next_told) + self._span(last_told + 1, end)

    def _span(self, start: int, end: int) -> list[_Event]:
        span = slice(bisect_left(self._offsets, start), bisect_left(self._offsets, end))
        return [event for event in self._events[span] if event.words]

    def _pair(self, stretch: Sequence[int], events: Sequence[_Event]) -> None:
        words = {i: machine_words(self._lines[i].machine) for i in stretch}
        paired = dict(best_pairs(list(words.values()), [event.words for event in events]))
        near = events[0].wasm if events else 0
        for place, i in enumerate(stretch):
            event = events[paired[place]] if place in paired else self._repeated(words[i], near)
            if event:
                self._owners[i], self._reasons[i], near = event.unit, event.words, event.wasm

    def _repeated(self, words: frozenset[str], near: int) -> _Event | None:
        """What a line without a partner does once more, as in an unrolled loop, if that is unmistakable."""
        telling = sorted(word for word in words if weight(word) >= TELLING)
        found = [event for word in telling for event in self._nearest(word, near)]
        return min(found, key=lambda event: abs(event.wasm - near), default=None)

    def _nearest(self, word: str, near: int) -> list[_Event]:
        """The last event before and the first one behind that have the word."""
        having = self._having.get(word, [])
        place = bisect_left(having, near, key=lambda event: event.wasm)
        return having[max(place - 1, 0) : place + 1]


def _events(units: Sequence[Sequence[Piece]]) -> Iterator[_Event]:
    for number, unit in enumerate(units):
        for line in (line for piece in unit for line in piece.wasm):
            i = line.instruction
            yield _Event(i.offset, number, wasm_words(i), may_trap(i), i.opcode.name == "loop")


def _only_sets_local(unit: Sequence[Piece]) -> bool:
    names = [line.instruction.opcode.name for piece in unit for line in piece.wasm]
    return names == ["local.set"]


def _units(pieces: Sequence[Piece]) -> list[list[Piece]]:
    units: list[list[Piece]] = [[]]
    for piece in pieces:
        units[-1].append(piece)
        if piece.code:
            units.append([])
    if not units[-1] and len(units) > 1:
        units.pop()
    return units
