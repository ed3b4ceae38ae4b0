"""Leaves functions out of a table that is only called at constant indices: those that no call can reach.

Otherwise a test of one indirect call would contain, and demand of an engine, everything that the table holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linocut.spec.explode.modules.cutter import INTEGERS, Code, Ref, Space
from linocut.text.binary import Reader, signed, unsigned

from .instance import Item
from .slicing import Slice

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class _Table:
    """`segments` fill it, in this order; `wanted` are the indices that are called."""

    segments: list[Item]
    wanted: set[int] = field(default_factory=set)

    def holder(self, index: int) -> tuple[Item, int] | None:
        """The segment that fills an index, and which of its elements does."""
        for segment in reversed(self.segments):
            place = index - _offset(segment)
            if 0 <= place < segment.segment.count:
                return segment, place
        return None

    def function(self, index: int) -> Item | None:
        """The function at an index."""
        held = self.holder(index)
        if held is None:
            return None
        segment, place = held
        return segment.instance.items[Space.FUNC][_functions(segment)[place].index]

    def thinned(self) -> dict[Item, Item | None]:
        """What replaces each segment, in the same order, because the last one counts where they overlap."""
        places: dict[Item, list[int]] = {segment: [] for segment in self.segments}
        for index in sorted(self.wanted):
            held = self.holder(index)
            if held is not None:
                places[held[0]].append(held[1])
        return {segment: _thin(segment, found) if found else None for segment, found in places.items()}


def thin(found: Slice, roots: Iterable[Item]) -> Slice:
    """The slice for calls of `roots`, without those elements of its tables that are never called."""
    tables = _tables(found)
    if not tables:
        return found
    segments = {segment for table in tables.values() for segment in table.segments}
    items = _reached({*roots, *(event.item for event in found.events)} - segments, tables)
    thinned: dict[Item, Item | None] = {}
    for table in tables.values():
        thinned |= table.thinned()
    kept = {item for item in thinned.values() if item is not None}
    return Slice(found.events, frozenset(items | kept), thinned, found)


def _tables(found: Slice) -> dict[Item, _Table]:
    """The tables that only instantiation fills and that are used for nothing but calls at known indices."""
    tables = {item: _Table([]) for item in found.items if item.space is Space.TABLE and not _has_init(item)}
    for event in found.events:
        if event.is_segment and event.item.space is Space.ELEM:
            if event.item in found.static and _is_plain(event.item) and event.item.target in tables:
                tables[event.item.target].segments.append(event.item)
            else:
                tables.pop(event.item.target, None)
    for item in found.items:
        if item.space is Space.FUNC:
            own = item.instance.items[Space.TABLE]
            unknown = {table for table, index in item.facts.called if index is None}
            for table in item.facts.handled | unknown:
                tables.pop(own[table], None)
    return {item: table for item, table in tables.items() if table.segments}


def _reached(roots: Iterable[Item], tables: dict[Item, _Table]) -> set[Item]:
    """All that the roots use, also by calls through tables; notes the indices of these in `wanted`."""
    found: set[Item] = set()
    waiting = list(roots)
    while waiting:
        item = waiting.pop()
        if item in found:
            continue
        found.add(item)
        waiting += item.uses
        for number, index in item.facts.called:
            table = tables.get(item.instance.items[Space.TABLE][number])
            if table is not None and index is not None:
                table.wanted.add(index)
                function = table.function(index)
                waiting += [function] if function is not None else []
    return found


def _thin(segment: Item, places: list[int]) -> Item:
    """A segment from the first to the last of these elements; the first also replaces others between them."""
    first, last = places[0], places[-1]
    functions = _functions(segment)
    kept = [functions[place if place in places else first] for place in range(first, last + 1)]
    assert segment.segment.offset is not None
    opcode = _constant(segment.segment.offset)[:1]
    offset = Code((opcode + signed(_offset(segment) + first) + b"\x0b",))
    items = Code((unsigned(len(kept)), *kept))
    definition = replace(segment.segment, offset=offset, items=items, count=len(kept))
    return Item(Space.ELEM, segment.instance, segment.index, definition.code, definition)


def _functions(segment: Item) -> list[Ref]:
    return [part for part in segment.segment.items.parts if isinstance(part, Ref)]


def _is_plain(segment: Item) -> bool:
    """Whether it is a list of functions at a constant offset."""
    offset = segment.segment.offset
    return not segment.segment.has_expressions and offset is not None and bool(_constant(offset))


def _constant(offset: Code) -> bytes:
    """The constant that makes up an offset expression; empty if the expression is anything else."""
    first, *rest = offset.parts
    if rest or not isinstance(first, bytes) or first[0] not in INTEGERS:
        return b""
    reader = Reader(first, 1)
    reader.signed()
    return first if reader.position == len(first) - 1 else b""


def _offset(segment: Item) -> int:
    assert segment.segment.offset is not None
    return Reader(_constant(segment.segment.offset), 1).signed()


def _has_init(table: Item) -> bool:
    return "function-references" in table.facts.features
