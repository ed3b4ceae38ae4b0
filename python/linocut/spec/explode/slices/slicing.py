"""Which of what happened before an assertion can it notice? Only that is repeated in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from linocut.spec.explode.modules.cutter import Space

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linocut.text.values import Value

    from .instance import Bytes, Instance, Item

_STATES = (Space.TABLE, Space.MEMORY, Space.GLOBAL, Space.ELEM, Space.DATA)


class _Heap:
    """All heap objects as one piece of state, because it cannot be told which of them a function changes."""


HEAP = _Heap()


@dataclass(frozen=True)
class Effects:
    """What something reaches, and what of the state it may read and write."""

    items: frozenset[Item]
    reads: frozenset[Item | _Heap]
    writes: frozenset[Item | _Heap]
    is_indirect: bool

    @cached_property
    def touched(self) -> frozenset[Item | _Heap]:
        """What of the state it reads or writes."""
        return self.reads | self.writes


def effects(roots: Iterable[Item]) -> Effects:
    """The effects of these items and of all that they use, together."""
    found: dict[Item, None] = {}
    waiting = list(roots)
    reads: set[Item | _Heap] = set()
    writes: set[Item | _Heap] = set()
    is_indirect = False
    while waiting:
        item = waiting.pop()
        if item in found:
            continue
        found[item] = None
        waiting += item.uses
        code = item.facts
        is_indirect |= code.is_indirect
        items = item.instance.items
        reads.update(items[space][index] for space, index in code.reads if items[space][index].is_state)
        writes.update(items[space][index] for space, index in code.writes)
        reads.update([HEAP] if code.reads_heap else [])
        writes.update([HEAP] if code.writes_heap else [])
        if item.space in _STATES and item.is_state:
            reads.add(item)  # a global that is exported is looked at, a segment is copied
    return Effects(frozenset(found), frozenset(reads), frozenset(writes), is_indirect)


@dataclass(eq=False)
class Event:
    """Something that changed the state: an active segment was copied, or a function called.

    `number`: how many events came before it.
    `attempt`: the instance whose instantiation failed in one of its segments; in which, only a run tells.
    `throws`: the feature that can catch the exception with which the call ended, if it did.
    `instructions`: those that repeat the call, by the instructions that make a host's objects.
    """

    number: int
    item: Item
    effects: Effects
    writes: frozenset[Item | _Heap]
    arguments: tuple[Value, ...] = ()
    attempt: Instance | None = None
    throws: str | None = None
    instructions: dict[bytes, Bytes] = field(default_factory=dict)

    @property
    def is_segment(self) -> bool:
        """Whether it is a segment that was copied, not a call."""
        return self.item.space is not Space.FUNC

    @property
    def is_static(self) -> bool:
        """Whether instantiation can do it, provided that no call comes before."""
        return self.is_segment and self.attempt is None


@dataclass(eq=False)
class Slice:
    """What an assertion can notice: events in their order, and all items concerned.

    `thinned` maps segments to what replaces them: one with fewer elements, or None; `origin` is the slice
    that still has them all.
    """

    events: tuple[Event, ...]
    items: frozenset[Item]
    thinned: Mapping[Item, Item | None] = field(default_factory=dict)
    origin: Slice | None = None

    @property
    def whole(self) -> Slice:
        """The one that it was thinned from."""
        return self.origin or self

    @cached_property
    def static(self) -> tuple[Item, ...]:
        """Segments that instantiation itself can copy: no call comes before them."""
        items = (self.thinned.get(event.item, event.item) for event in self._static_events)
        return tuple(item for item in items if item is not None)

    @property
    def repeated(self) -> tuple[Event, ...]:
        """What has to be done again after instantiation."""
        return self.events[len(self._static_events) :]

    @cached_property
    def _static_events(self) -> tuple[Event, ...]:
        return tuple(takewhile(lambda event: event.is_static, self.events))

    @cached_property
    def casts_to(self) -> frozenset[int]:
        """Abstract heap types that something is tested for."""
        return frozenset().union(*(item.facts.casts_to for item in self.items))


@dataclass
class History:
    """What happened so far in a script."""

    events: list[Event] = field(default_factory=list)
    _writers: dict[Item | _Heap, list[int]] = field(default_factory=dict)  # events, by what they wrote
    _effects: dict[Item, Effects] = field(default_factory=dict)
    _slices: dict[tuple[int, Item], Slice] = field(default_factory=dict)
    _known: dict[tuple[tuple[Event, ...], frozenset[Item]], Slice] = field(default_factory=dict)

    def effects(self, item: Item) -> Effects:
        """The effects of one item, computed once."""
        if item not in self._effects:
            self._effects[item] = effects([item])
        return self._effects[item]

    def slice(self, item: Item) -> Slice:
        """The slice for an assertion about this item; the same object until something changes it."""
        key = (len(self.events), item)
        if key not in self._slices:
            self._slices[key] = self.slice_of(self.effects(item))
        return self._slices[key]

    def slice_of(self, wanted: Effects) -> Slice:
        """The slice for something with these effects.

        It has the events that wrote what this touches, those that wrote what these touch, and so on.
        """
        items, chosen = set(wanted.items), set[int]()
        touched, waiting = set(wanted.touched), list(wanted.touched)
        while waiting:
            for number in self._writers.get(waiting.pop(), ()):
                if number not in chosen:
                    chosen.add(number)
                    event = self.events[number]
                    items |= event.effects.items
                    waiting += event.effects.touched - touched
                    touched |= event.effects.touched
        events = tuple(self.events[number] for number in sorted(chosen))
        return self._known.setdefault((events, frozenset(items)), Slice(events, frozenset(items)))

    def copied(self, segment: Item, attempt: Instance | None = None) -> None:
        """An active segment has been copied to its target; an attempt may have failed there."""
        writes = frozenset([segment.target, segment])
        self._add(Event(len(self.events), segment, self.effects(segment), writes, attempt=attempt))

    def called(self, function: Item, arguments: tuple[Value, ...] = (), throws: str | None = None) -> None:
        """A function has been called and has ended; not noted if it cannot have changed anything."""
        found = self.effects(function)
        writes = found.writes
        if found.is_indirect:  # it may have called any function that the tables held at that moment
            reachable = self.slice(function).items
            writes = writes.union(*(self.effects(item).writes for item in reachable))
        if writes:
            self._add(Event(len(self.events), function, found, writes, arguments, throws=throws))

    def _add(self, event: Event) -> None:
        self.events.append(event)
        for written in event.writes:
            self._writers.setdefault(written, []).append(event.number)
