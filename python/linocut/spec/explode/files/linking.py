"""What has to be instantiated, and in between be made to do, before a module that imports from it.

A file that merges several modules tests what they do together; one that links them tests the linking, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linocut.spec.explode.modules.cutter import Space
from linocut.spec.explode.modules.reading import read_module
from linocut.spec.explode.slices.instance import Hole
from linocut.spec.explode.slices.slicing import effects
from linocut.spec.explode.spectest import spectest_for

from .case import Case, Link
from .entry import TRAP, EntryFunction, InexpressibleError
from .writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linocut.spec.explode.modules.module import Import
    from linocut.spec.explode.slices.instance import Instance, Item
    from linocut.spec.explode.slices.slicing import Event, History


def is_about_linking(case: Case) -> bool:
    """Whether items of several instances are part of it."""
    if case.deed is None:
        return False
    items = (item for item in case.deed.found.items if item.space is not Space.TYPE)
    return len({item.instance for item in items if not item.instance.is_spectest}) > 1


def linked(case: Case, history: History) -> Case:
    """The same assertion, made by a module that imports what it is about; raises InexpressibleError."""
    deed, signal = case.deed, case.signal
    assert deed is not None and signal is not None
    chain = Chain([deed.instance], history, deed.begun)
    if chain.has_attempts:
        raise InexpressibleError("a module that fails to be instantiated cannot be linked")
    entry = chain.entry(signal, deed.has_host)
    deed.do(entry)
    links = chain.links(deed.has_host)
    content = chain.client(entry, signal, deed.has_host)
    modules = [content, *(link.content for link in links)]
    features = frozenset().union(*(read_module(wasm).features for wasm in modules))
    control = None
    if case.control is not None:
        control = chain.client(chain.entry(signal, deed.has_host), signal, deed.has_host)
    return replace(
        case, content=content, control=control, features=case.features | features, links=links, deed=None,
        replay=len(chain.calls),
    )  # fmt: skip


class Chain:
    """Instances in their order, with the calls in between that matter to them.

    `wanted` are those that the last module imports from, when `until` events had happened; `imports` is what
    it imports. Raises InexpressibleError where something in between cannot be done by importing from them.
    """

    def __init__(
        self, wanted: Iterable[Instance], history: History, until: int, imports: Iterable[Import] = ()
    ) -> None:
        needed, events = _needed(wanted, history, until)
        self.has_attempts = any(event.attempt for event in events)
        self._instances = sorted(needed, key=lambda instance: instance.order)
        self.names = {instance: _name(instance) for instance in self._instances}
        own = {number for instance in needed for number in instance.happened}
        self.calls = [event for event in events if not event.is_segment and event.number not in own]
        all_imports = [import_ for instance in self._instances for import_ in instance.module.imports]
        self._spectest = spectest_for([*imports, *all_imports])
        self._check_names()

    @classmethod
    def of_imports(cls, imports: Sequence[Import], offers: Mapping[str, Instance], history: History) -> Chain:
        """The chain before a module with these imports; what failed attempts wrote changes no type."""
        wanted = {import_.module: offers[import_.module] for import_ in imports if import_.module in offers}
        may_have_grown = any(import_.space in (Space.TABLE, Space.MEMORY) for import_ in imports)
        chain = cls(wanted.values(), history, len(history.events) if may_have_grown else 0, imports)
        if any(chain.names[instance] != name for name, instance in wanted.items()):
            raise InexpressibleError("a module has more than one name")
        return chain

    def links(self, has_host: bool = False) -> list[Link]:
        """The modules of the chain; each call in between is made by the start function of one more module."""
        calls, links = list(self.calls), []
        for instance in self._instances:
            before = [event for event in calls if event.number < instance.happened.start]
            if before:
                links.append(Link(f"calls before line {instance.line}", self._step(before, has_host)))
                calls = calls[len(before) :]
            module = self._spectest if instance.is_spectest else instance.module
            links.append(Link(self.names[instance], module.wasm))
        return links

    def entry(self, signal: str, has_host: bool) -> EntryFunction:
        """An entry function that has made the calls after the last instantiation."""
        entry = EntryFunction(signal, has_host)
        last = self._instances[-1].happened.start
        entry.repeat([event for event in self.calls if event.number >= last])
        return entry

    def client(
        self, entry: EntryFunction, signal: str, has_host: bool = False, starts: bool = False
    ) -> bytes:
        """A module with that entry function, or start function, which imports all that it names."""
        items = dict.fromkeys(part.item for part in entry.parts if isinstance(part, Hole))
        linked = {item: self._exported(item) for item in items}
        writer = Writer((), (), signal, has_host=has_host, linked=linked, starts=starts)
        return writer.template().module(entry)

    def _step(self, events: Sequence[Event], has_host: bool) -> bytes:
        entry = EntryFunction(TRAP, has_host)
        entry.repeat(events)
        return self.client(entry, TRAP, has_host, starts=True)

    def _exported(self, item: Item) -> tuple[str, str]:
        for instance, as_name in self.names.items():
            for field, exported in instance.exports.items():
                if exported is item:
                    return as_name, field
        raise InexpressibleError("what is called is not exported by any module concerned")

    def _check_names(self) -> None:
        """An instance has one name here; a script may have given it several, or one name to several."""
        offers: dict[str, Instance] = {}
        for instance in self._instances:
            for import_, provider in zip(instance.module.imports, instance.providers, strict=True):
                if offers.get(import_.module) is not provider:
                    raise InexpressibleError(f'"{import_.module}" is the name of several, or one of several')
            offers[self.names[instance]] = instance


def _name(instance: Instance) -> str:
    return instance.names[0] if instance.names else f"L{instance.line}"


def _needed(wanted: Iterable[Instance], history: History, until: int) -> tuple[set[Instance], list[Event]]:
    """All instances that these import from or that have changed them, and the events concerned."""
    needed = _with_providers(wanted)
    while True:
        items = (item for instance in needed for item in instance.own())
        found = history.slice_of(effects(items))
        events = [event for event in found.events if event.number < until]
        more = _with_providers(event.item.instance for event in events if not event.attempt)
        if more <= needed:
            return needed, events
        needed |= more


def _with_providers(wanted: Iterable[Instance]) -> set[Instance]:
    found: set[Instance] = set()
    waiting = list(wanted)
    while waiting:
        instance = waiting.pop()
        if instance not in found:
            found.add(instance)
            waiting += instance.providers
    return found
