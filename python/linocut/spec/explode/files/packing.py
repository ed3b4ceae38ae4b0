"""Cases of one instance → one module, whose exports are to be called in their order.

Nothing is repeated: what an earlier export has done is still there. What happened to the instance by other
ways, such as a call of another one that shares its memory, is done by the export that comes after it.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from linocut.spec.explode.slices.slicing import Slice
from linocut.spec.explode.slices.thinning import thin

from .entry import EntryFunction
from .writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linocut.spec.explode.slices.slicing import Event

    from .case import Case
    from .writing import Template


class Pack:
    """`cases` are of one instance, in their order; they import the same."""

    def __init__(self, cases: Sequence[Case], signal: str) -> None:
        self._deeds = [case.deed for case in cases if case.deed is not None]
        self._has_host = self._deeds[0].has_host
        found = set().union(*(deed.found.events for deed in self._deeds))
        self._events: list[Event] = sorted(found, key=lambda event: event.number)
        self._signal = signal
        self.exports = [*_numbered(case.line for case in cases)]
        self.features = self._template.features.union(*(case.features for case in cases))

    @property
    def content(self) -> bytes:
        """The module."""
        repeated = self._events[len(self._static) :]
        own = {number for deed in self._deeds for number in range(deed.begun, deed.ended)}
        entries, done = [], 0
        for deed in self._deeds:
            entry = EntryFunction(self._signal, self._has_host)
            numbers = set(range(done, deed.begun)) - own
            entry.repeat([event for event in repeated if event.number in numbers])
            deed.do(entry)
            entries.append(entry)
            done = deed.begun
        return self._template.module(*entries)

    @cached_property
    def _template(self) -> Template:
        items = frozenset().union(*(deed.found.whole.items for deed in self._deeds))
        found = Slice(tuple(self._events), items)
        static = tuple(event.item for event in self._static)
        if static == found.static:  # all tables are filled before anything is called
            found = thin(found, [deed.item for deed in self._deeds])
            static = found.static
        writer = Writer(found.items, static, self._signal, has_host=self._has_host, entries=self.exports)
        return writer.template()

    @cached_property
    def _static(self) -> list[Event]:
        """Segments that instantiation copies: nothing was looked at before."""
        first = self._deeds[0].begun
        return [*takewhile(lambda event: event.is_static and event.number < first, self._events)]


def _numbered(lines: Iterable[int]) -> Iterator[str]:
    """`L7`, `L8`, `L8-2` …"""
    used: Counter[int] = Counter()
    for line in lines:
        used[line] += 1
        yield f"L{line}" + (f"-{used[line]}" if used[line] > 1 else "")
