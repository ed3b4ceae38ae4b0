"""Items of any instances → the bytes of one module that has only them, and entry functions.

What files of one slice have in common is made once, a `Template`: only the entry functions' bodies differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from linocut.spec.explode.modules.cutter import KINDS, Space, index_bytes
from linocut.spec.explode.modules.module import MAGIC, join
from linocut.spec.explode.slices.instance import Bytes, Hole, Instance, Item
from linocut.spec.explode.slices.slicing import effects
from linocut.text.binary import name, unsigned

from .entry import RESULT, WASI, EntryFunction, imports_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linocut.spec.explode.modules.module import Global, Segment

ENTRY_TYPE = {"trap": b"\x60\0\0", WASI: b"\x60\0\0", RESULT: b"\x60\0\1\x7f"}
RIGHT = {RESULT: b"\x41\0"}  # i32.const 0


def entry_name(signal: str) -> str:
    """What the entry function is exported as."""
    return "main" if signal == RESULT else "_start"


def section(number: int, items: Sequence[bytes]) -> bytes:
    """A vector as a section; nothing for no items."""
    if not items:
        return b""
    return bytes([number]) + sized(unsigned(len(items)) + b"".join(items))


def sized(content: bytes) -> bytes:
    """The content with its size in front: a section's content, a function body."""
    return unsigned(len(content)) + content


@dataclass(frozen=True)
class Template:
    """A module but for its entry functions' bodies."""

    head: bytes
    bodies: tuple[bytes, ...]
    tail: bytes
    numbers: dict[Item, int]
    signal: str
    features: frozenset[str]

    def module(self, *entries: EntryFunction) -> bytes:
        """The bytes, with these entry functions: as many as it exports."""
        bodies = [*self.bodies, *map(self._body, entries)]
        return self.head + section(10, bodies) + self.tail

    def _body(self, entry: EntryFunction) -> bytes:
        return sized(fill(entry.body(), self.numbers) + RIGHT.get(self.signal, b"") + b"\x0b")


def fill(parts: Iterable[bytes | Hole], numbers: dict[Item, int]) -> bytes:
    """Bytes with the items' numbers in the holes."""
    return b"".join(
        part
        if isinstance(part, bytes)
        else index_bytes(numbers[part.item] + part.delta, part.form, part.flag)
        for part in parts
    )


class Writer:
    """Makes a template.

    `static` are the segments that instantiation copies. `whole` is an instance whose segments, start function
    and exports belong to the module as they are. With `has_host` a host function makes the host's objects.
    `entries` are the export names of the entry functions: by default there is one of the usual name. `linked`
    are the functions and globals that are imported, with their names. With `starts` the entry function is
    the module's start function, too.
    """

    def __init__(
        self,
        items: Iterable[Item],
        static: Iterable[Item],
        signal: str,
        *,
        whole: Instance | None = None,
        has_host: bool = False,
        entries: Sequence[str] = (),
        linked: Mapping[Item, tuple[str, str]] = MappingProxyType({}),
        starts: bool = False,
    ) -> None:
        self._signal, self._whole, self._static = signal, whole, set(static)
        self._entries = entries or [entry_name(signal)]
        self._linked, self._starts = linked, starts
        self._imported = imports_of(signal, has_host)
        kept = set(items) | _lower_neighbours(items) | effects(_types_of(linked)).items
        self._kept = {
            space: sorted((item for item in kept if item.space is space), key=lambda item: item.place)
            for space in Space
        }
        self._numbers: dict[Item, int] = {}
        self._type_count = self._number()

    def template(self) -> Template:
        """Everything but the entry functions' bodies."""
        tables = [self._table(item) for item in self._kept[Space.TABLE]]
        data = [self._data(item) for item in self._kept[Space.DATA]]
        head = b"".join((
            MAGIC, self._types(), self._imports(), self._functions(), section(4, tables), self._memories(),
            section(13, self._filled(Space.TAG)),
            section(6, [self._global(item) for item in self._kept[Space.GLOBAL]]),
            self._exports(), self._start(), section(9, self._elements()),
            b"\x0c" + sized(unsigned(len(data))) if self._counts_data() else b"",
        ))  # fmt: skip
        bodies = tuple(sized(self._fill(item.bytes)) for item in self._kept[Space.FUNC])
        return Template(head, bodies, section(11, data), self._numbers, self._signal, self._features())

    def _number(self) -> int:
        """Give all items their indices; the number of types."""
        types = 0
        for group in self._kept[Space.TYPE]:
            self._numbers[group] = types
            types += len(group.definition.signatures)  # type: ignore[attr-defined]
        for space in list(Space)[1:]:
            items = [*(item for item in self._linked if item.space is space), *self._kept[space]]
            base = len(self._imported) if space is Space.FUNC else 0
            self._numbers.update((item, base + index) for index, item in enumerate(items))
        return types

    def _fill(self, parts: Iterable[bytes | Hole]) -> bytes:
        return fill(parts, self._numbers)

    def _filled(self, space: Space) -> list[bytes]:
        return [self._fill(item.bytes) for item in self._kept[space]]

    # ── sections ─────────────────────────────────────────────────────────────
    def _types(self) -> bytes:
        types = [*self._filled(Space.TYPE), ENTRY_TYPE[self._signal]]
        return section(1, [*types, *(import_.type for import_ in self._imported)])

    def _imports(self) -> bytes:
        first = self._type_count + 1  # the entry function's type is in front of those of the imports
        imported = enumerate(self._imported, first)
        hosts = [import_.names + unsigned(type_) for type_, import_ in imported]
        return section(2, [*hosts, *map(self._link, self._linked)])

    def _link(self, item: Item) -> bytes:
        """An import of an item that another module has."""
        description = (item.type,) if item.space is Space.FUNC else item.global_type
        return (
            b"".join(map(name, self._linked[item]))
            + bytes([KINDS.index(item.space)])
            + self._fill(description)
        )

    def _functions(self) -> bytes:
        types = [self._fill([item.type]) for item in self._kept[Space.FUNC]]
        return section(3, [*types, *[unsigned(self._type_count)] * len(self._entries)])

    def _table(self, item: Item) -> bytes:
        """An initial value, which is an expression, may name an imported global."""
        return self._constant(item.bytes)

    def _memories(self) -> bytes:
        memories = self._filled(Space.MEMORY)
        if self._signal == WASI and not memories:  # a command has to export one (WASI preview 1)
            memories = [b"\0\0"]
        return section(5, memories)

    def _global(self, item: Item) -> bytes:
        definition: Global = item.definition  # type: ignore[assignment]
        init = self._constant(item.instance.resolve(definition.init), item.instance)
        return self._fill(item.global_type) + init

    def _constant(self, expression: Bytes, instance: Instance | None = None) -> bytes:
        """A constant expression; a global of another instance by its value, where it has one.

        Up to version 2.0 a constant expression may not get a global that the module defines itself.
        """
        parts: list[bytes | Hole] = []
        for part in expression:
            value = _value_of(part, instance)
            if value is None:
                parts.append(part)
            else:
                before = parts.pop()
                assert isinstance(before, bytes) and before.endswith(b"\x23")
                parts += [before[:-1], *value]
        return self._fill(parts)

    def _exports(self) -> bytes:
        own = [] if self._whole is None else [*self._whole.exports.items()]
        exports = [
            name(exported) + bytes([KINDS.index(item.space)]) + unsigned(self._numbers[item])
            for exported, item in own
            if exported not in self._entries and not (self._signal == WASI and exported == "memory")
        ]
        if self._signal == WASI:
            exports.append(name("memory") + b"\2\0")
        numbered = enumerate(self._entries, self._first_entry)
        return section(7, [*exports, *(name(entry) + b"\0" + unsigned(index) for index, entry in numbered)])

    @property
    def _first_entry(self) -> int:
        """The index of the first entry function: it comes after all others."""
        linked = sum(item.space is Space.FUNC for item in self._linked)
        return len(self._imported) + linked + len(self._kept[Space.FUNC])

    def _start(self) -> bytes:
        start = self._whole.start if self._whole is not None else None
        if start is None and not self._starts:
            return b""
        return b"\x08" + sized(unsigned(self._first_entry if start is None else self._numbers[start]))

    def _elements(self) -> list[bytes]:
        segments = [self._element(item) for item in self._kept[Space.ELEM]]
        undeclared = sorted(self._referred() - self._declared(), key=lambda item: item.place)
        if undeclared:
            functions = [unsigned(self._numbers[item]) for item in undeclared]
            segments.append(b"\3\0" + unsigned(len(functions)) + b"".join(functions))
        return segments

    def _referred(self) -> set[Item]:
        return {
            item.instance.items[Space.FUNC][index]
            for item in self._kept[Space.FUNC]
            for index in item.facts.refers_to
        }

    def _declared(self) -> set[Item]:
        spaces = (Space.ELEM, Space.GLOBAL, Space.TABLE)
        return {
            part.item
            for space in spaces
            for item in self._kept[space]
            for part in item.bytes
            if isinstance(part, Hole) and part.item.space is Space.FUNC
        }

    def _element(self, item: Item) -> bytes:
        """§5.5.12. An active segment that is copied later becomes a passive one."""
        segment = item.segment
        flags = 4 if segment.has_expressions else 0
        kind = self._fill(item.instance.resolve(segment.kind))
        items = self._constant(item.instance.resolve(segment.items), item.instance)
        if item not in self._static:
            return bytes([flags | (3 if segment.mode == "declarative" else 1)]) + kind + items
        offset = self._constant(item.offset, item.instance) + b"\x0b"
        target = self._numbers[item.target]
        if target == 0 and not segment.is_long:
            return bytes([flags]) + offset + items
        return bytes([flags | 2]) + unsigned(target) + offset + kind + items

    def _data(self, item: Item) -> bytes:
        segment = item.segment
        content = self._fill(item.bytes)
        if item not in self._static:
            return b"\1" + content
        offset = self._constant(item.offset, item.instance) + b"\x0b"
        target = self._numbers[item.target]
        if target == 0 and not segment.is_long:
            return b"\0" + offset + content
        return b"\2" + unsigned(target) + offset + content

    def _counts_data(self) -> bool:
        """Code names data segments only where their number is said in advance (§5.5.16)."""
        is_named = any(
            isinstance(part, Hole) and part.item.space is Space.DATA
            for item in self._kept[Space.FUNC]
            for part in item.bytes
        )
        return is_named or any(item not in self._static for item in self._kept[Space.DATA])

    def _features(self) -> frozenset[str]:
        codes = [item.facts for items in self._kept.values() for item in items]
        codes += [item.segment.offset for item in self._static if item.segment.offset]
        found = set(join(*codes).features) if codes else set()
        segments: list[Segment] = [i.segment for s in (Space.ELEM, Space.DATA) for i in self._kept[s]]
        if any(item not in self._static for s in (Space.ELEM, Space.DATA) for item in self._kept[s]):
            found.add("bulk-memory-operations")
        if any(segment.has_expressions for segment in segments):
            found.add("reference-types")
        for space, feature in ((Space.TABLE, "reference-types"), (Space.MEMORY, "multi-memory")):
            if len(self._kept[space]) > 1:
                found.add(feature)
        if self._referred():
            found.add("reference-types")
        return frozenset(found)


def _types_of(linked: Iterable[Item]) -> set[Item]:
    """The types that imports name."""
    parts = [(item.type,) if item.space is Space.FUNC else item.global_type for item in linked]
    return {part.item for description in parts for part in description if isinstance(part, Hole)}


def _value_of(part: bytes | Hole, instance: Instance | None) -> Bytes | None:
    """The value of another instance's immutable global, for use in place of it in a constant expression."""
    if isinstance(part, bytes) or part.item.space is not Space.GLOBAL:
        return None
    definition: Global = part.item.definition  # type: ignore[assignment]
    if part.item.instance is instance or definition.is_mutable or "gc" in definition.init.features:
        return None
    *before, last = part.item.instance.resolve(definition.init)
    assert isinstance(last, bytes)
    return (*before, last[:-1])


def _lower_neighbours(items: Iterable[Item]) -> set[Item]:
    """Memories and tables with smaller indices than a kept one's: a test of a second memory has two."""
    found: set[Item] = set()
    for item in items:
        if item.space in (Space.MEMORY, Space.TABLE):
            own = item.instance.items[item.space]
            found |= {other for other in own[: own.index(item)] if other.instance is item.instance}
    return found | effects(found).items
