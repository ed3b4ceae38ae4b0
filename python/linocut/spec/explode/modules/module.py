"""A module's definitions, each as bytes with holes where it names others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .cutter import Code, Cutter, Space, UnreadableError

if TYPE_CHECKING:
    pass

MAGIC = b"\0asm\x01\0\0\0"


_NUMBERS = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128"}
REFERENCE = "ref"


def type_name(value_type: Code) -> str:
    """What a number type is called; all reference types are called the same."""
    first = value_type.parts[0]
    return _NUMBERS.get(first[0], REFERENCE) if isinstance(first, bytes) else REFERENCE


@dataclass(frozen=True)
class Signature:
    """A function type, by the names of its value types."""

    params: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True)
class TypeGroup:
    """A recursion group (§2.3.5), or a type that is a group of its own; indices depend on all of it."""

    code: Code
    signatures: tuple[Signature | None, ...]


@dataclass(frozen=True)
class Definition:
    """A table, memory, tag, or type of an import."""

    code: Code


@dataclass(frozen=True)
class Global:
    """`type` has the mutability at its end."""

    type: Code
    init: Code
    is_mutable: bool

    @property
    def code(self) -> Code:
        """Type and initial value."""
        return join(self.type, self.init)


class Function:
    """A defined function; its body is cut when it is first looked at."""

    def __init__(self, type_: int, data: bytes, start: int, end: int) -> None:
        self.type = type_
        self._data, self._start, self._end = data, start, end

    @cached_property
    def code(self) -> Code:
        """Locals and instructions."""
        try:
            return Cutter(self._data, self._start).body(self._end)
        except IndexError as error:
            raise UnreadableError("a body ends too early") from error


@dataclass(frozen=True)
class Segment:
    """An element or data segment; `target` and `offset` are those of an active one.

    `kind` is an element segment's type as bytes, `items` begins with `count`: so many elements or bytes.
    `is_long`: it was written with a form that names its table or memory.
    """

    mode: str  # active, passive, declarative
    target: int
    offset: Code | None
    kind: Code
    items: Code
    count: int
    has_expressions: bool = False
    is_long: bool = False

    @property
    def code(self) -> Code:
        """What it consists of, its place left out."""
        return join(self.kind, self.items)


@dataclass(frozen=True)
class Import:
    """What a module wants from elsewhere."""

    module: str
    name: str
    space: Space
    type: int | None
    """The index of a function's or tag's type."""
    code: Code


@dataclass
class Module:
    """All of them, in the order of their indices; what is imported comes first in an index space."""

    wasm: bytes
    sections: list[tuple[int, bytes]] = field(default_factory=list)
    groups: list[TypeGroup] = field(default_factory=list)
    type_places: list[tuple[int, int]] = field(default_factory=list)
    """By type index: the group, and the place in it."""
    imports: list[Import] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    tables: list[Definition] = field(default_factory=list)
    memories: list[Definition] = field(default_factory=list)
    globals: list[Global] = field(default_factory=list)
    tags: list[Definition] = field(default_factory=list)
    exports: list[tuple[str, Space, int]] = field(default_factory=list)
    start: int | None = None
    elements: list[Segment] = field(default_factory=list)
    data: list[Segment] = field(default_factory=list)

    @cached_property
    def features(self) -> frozenset[str]:
        """All features that any part of it needs; raises UnreadableError."""
        codes = [group.code for group in self.groups]
        codes += [import_.code for import_ in self.imports]
        for parts in (self.functions, self.tables, self.memories, self.globals):
            codes += [part.code for part in parts]
        for segment in (*self.elements, *self.data):
            codes += [segment.code, *([segment.offset] if segment.offset else [])]
        found = frozenset().union(*(code.features for code in codes), segment_features(self))
        return found | self._counted_features()

    def _counted_features(self) -> set[str]:
        found = {"exception-handling"} if self.tags else set()
        for space, feature in ((Space.TABLE, "reference-types"), (Space.MEMORY, "multi-memory")):
            defined = self.tables if space is Space.TABLE else self.memories
            if len(defined) + sum(import_.space is space for import_ in self.imports) > 1:
                found.add(feature)
        return found


def join(*codes: Code) -> Code:
    """One code that has all the parts and all the notes."""
    return Code(
        parts=tuple(part for code in codes for part in code.parts),
        features=frozenset().union(*(code.features for code in codes)),
        reads=frozenset().union(*(code.reads for code in codes)),
        writes=frozenset().union(*(code.writes for code in codes)),
        reads_heap=any(code.reads_heap for code in codes),
        writes_heap=any(code.writes_heap for code in codes),
        is_indirect=any(code.is_indirect for code in codes),
        casts_to=frozenset().union(*(code.casts_to for code in codes)),
        refers_to=frozenset().union(*(code.refers_to for code in codes)),
        called=frozenset().union(*(code.called for code in codes)),
        handled=frozenset().union(*(code.handled for code in codes)),
    )


def segment_features(module: Module) -> set[str]:
    """What the forms of the segments need."""
    segments = (*module.elements, *module.data)
    found = {"bulk-memory-operations"} if any(segment.mode != "active" for segment in segments) else set()
    if any(segment.has_expressions for segment in module.elements):
        found.add("reference-types")
    return found
