"""Instances: a module's definitions have become items, and its imports are items of other instances."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from linocut.spec.explode.modules.cutter import Code, Form, Ref, Space, UnreadableError
from linocut.spec.explode.modules.module import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linocut.spec.explode.modules.module import Function, Module, Segment, Signature


class UnlinkableError(Exception):
    """An import that no instance offers; the text says which."""


class Hole(NamedTuple):
    """A place among bytes for the index of an item (plus `delta`: a type's place in its group)."""

    item: Item
    delta: int
    form: Form
    flag: int


Bytes: TypeAlias = "tuple[bytes | Hole, ...]"


class Item:
    """A definition of one instance: two instances of a module share no state, so they have different ones."""

    __slots__ = ("__dict__", "code", "definition", "index", "instance", "space")

    def __init__(
        self, space: Space, instance: Instance, index: int, code: Code | None, definition: object = None
    ):
        self.space, self.instance, self.index = space, instance, index
        self.code, self.definition = code, definition

    @property
    def place(self) -> tuple[int, int]:
        """The items of a space are ordered by it, so that constant expressions refer to earlier ones only."""
        return self.instance.order, self.index

    @cached_property
    def bytes(self) -> Bytes:
        """Its code with holes for items."""
        return self.instance.resolve(self._code())

    def _code(self) -> Code:
        if self.code is None:
            self.code = self.function.code
        return self.code

    @property
    def facts(self) -> Code:
        """What is known of its code."""
        return self._code()

    @property
    def function(self) -> Function:
        """The definition of a function."""
        assert self.space is Space.FUNC
        return self.definition  # type: ignore[return-value]

    @property
    def segment(self) -> Segment:
        """The definition of a segment."""
        assert self.space in (Space.ELEM, Space.DATA)
        return self.definition  # type: ignore[return-value]

    @cached_property
    def type(self) -> Hole:
        """The type of a function."""
        return self.instance.type(self.function.type)

    @cached_property
    def global_type(self) -> Bytes:
        """The type of a global."""
        return self.instance.resolve(self.definition.type)  # type: ignore[attr-defined]

    @cached_property
    def signature(self) -> Signature:
        """The signature of a function."""
        return self.instance.signature(self.function.type)

    @cached_property
    def results(self) -> tuple[str, ...]:
        """The types of what a call leaves, or of what a global holds."""
        if self.space is Space.GLOBAL:
            return (type_name(self.definition.type),)  # type: ignore[attr-defined]
        return self.signature.results

    @cached_property
    def target(self) -> Item:
        """The table or memory of an active segment."""
        space = Space.TABLE if self.space is Space.ELEM else Space.MEMORY
        return self.instance.items[space][self.segment.target]

    @cached_property
    def offset(self) -> Bytes:
        """The offset expression of an active segment, without its `end`."""
        assert self.segment.offset is not None
        return without_end(self.instance.resolve(self.segment.offset))

    @cached_property
    def is_state(self) -> bool:
        """Whether it can change while a module runs."""
        return self.space is not Space.GLOBAL or self.definition.is_mutable  # type: ignore[attr-defined]

    @cached_property
    def uses(self) -> tuple[Item, ...]:
        """The items that its own definition refers to, each once."""
        found = dict.fromkeys(part.item for part in self.bytes if isinstance(part, Hole))
        if self.space is Space.FUNC:
            found[self.type.item] = None
        elif self.space in (Space.ELEM, Space.DATA) and self.segment.mode == "active":
            found[self.target] = None
            found.update(dict.fromkeys(part.item for part in self.offset if isinstance(part, Hole)))
        return tuple(found)


class Instance:
    """`order` counts instances; `offers` are all registered ones; `line` is its command's.

    `happened` are the numbers of the events of its instantiation, `names` the names that it is registered by.
    """

    def __init__(self, module: Module, order: int, offers: Mapping[str, Instance], line: int = 0) -> None:
        self.module, self.order, self.line = module, order, line
        self.happened = range(0)
        self.names: list[str] = []
        self.providers: list[Instance] = []
        self.items: dict[Space, list[Item]] = {space: [] for space in Space}
        for import_ in module.imports:
            provider = offers.get(import_.module)
            item = provider.exports.get(import_.name) if provider else None
            if provider is None or item is None or item.space is not import_.space:
                raise UnlinkableError(f'nobody offers "{import_.module}" "{import_.name}"')
            self.providers.append(provider)
            self.items[import_.space].append(item)
        for space, code, definition in _definitions(module):
            items = self.items[space]
            items.append(Item(space, self, len(items), code, definition))
        self.exports: dict[str, Item] = {
            name: self.items[space][index] for name, space, index in module.exports
        }

    @property
    def is_spectest(self) -> bool:
        """Whether it is the host's, which every script begins with."""
        return not self.line

    @property
    def segments(self) -> list[Item]:
        """In the order in which instantiation takes them (§4.7.6)."""
        return [*self.items[Space.ELEM], *self.items[Space.DATA]]

    @property
    def start(self) -> Item | None:
        """The start function."""
        index = self.module.start
        return None if index is None else self.items[Space.FUNC][index]

    def own(self) -> Iterator[Item]:
        """What it defines itself."""
        for items in self.items.values():
            yield from (item for item in items if item.instance is self)

    def type(self, index: int) -> Hole:
        """The type of that index."""
        group, place = self.module.type_places[index]
        return Hole(self.items[Space.TYPE][group], place, Form.UNSIGNED, 0)

    def signature(self, type_: int) -> Signature:
        """The function type of that index."""
        group, place = self.module.type_places[type_]
        signature = self.module.groups[group].signatures[place]
        if signature is None:
            raise UnreadableError("a function's type is none of functions")
        return signature

    def resolve(self, code: Code) -> Bytes:
        """The code with items in the place of indices."""
        return tuple(self._hole(part) if isinstance(part, Ref) else part for part in code.parts)

    def _hole(self, ref: Ref) -> Hole:
        if ref.space is Space.TYPE:
            item, place, _, _ = self.type(ref.index)
            return Hole(item, place, ref.form, ref.flag)
        return Hole(self.items[ref.space][ref.index], 0, ref.form, ref.flag)


def without_end(expression: Bytes) -> Bytes:
    """A constant expression without its `end`, to be used among instructions."""
    *before, last = expression
    assert isinstance(last, bytes)
    return (*before, last[:-1])


def _definitions(module: Module) -> Iterator[tuple[Space, Code | None, object]]:
    for group in module.groups:
        yield Space.TYPE, group.code, group
    for function in module.functions:
        yield Space.FUNC, None, function
    for space, definitions in (
        (Space.TABLE, module.tables), (Space.MEMORY, module.memories), (Space.TAG, module.tags),
        (Space.GLOBAL, module.globals), (Space.ELEM, module.elements), (Space.DATA, module.data),
    ):  # fmt: skip
        for definition in definitions:
            yield space, definition.code, definition
