"""A module's definitions, each as bytes with holes where it names others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .cutter import Code, Cutter, Space, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

MAGIC = b"\0asm\x01\0\0\0"


@dataclass(frozen=True)
class Signature:
    """A function type: its results one by one, because they are compared one by one."""

    params: int
    results: tuple[Code, ...]


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
    """Of a function or tag: its type's index."""
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
        found = {"exceptions"} if self.tags else set()
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
        opcodes=frozenset().union(*(code.opcodes for code in codes)),
        casts_to=frozenset().union(*(code.casts_to for code in codes)),
        refers_to=frozenset().union(*(code.refers_to for code in codes)),
        called=frozenset().union(*(code.called for code in codes)),
        handled=frozenset().union(*(code.handled for code in codes)),
    )


def segment_features(module: Module) -> set[str]:
    """What the forms of the segments need."""
    segments = (*module.elements, *module.data)
    found = {"bulk-memory"} if any(segment.mode != "active" for segment in segments) else set()
    if any(segment.has_expressions for segment in module.elements):
        found.add("reference-types")
    return found


def read_module(wasm: bytes) -> Module:
    """Cut a module into its definitions; raises UnreadableError where that cannot be done."""
    if wasm[:8] != MAGIC:
        raise UnreadableError("no module of version 1")
    module = Module(wasm)
    try:
        _read_sections(module, Cutter(wasm, len(MAGIC)))
    except (IndexError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from error
    return module


def _read_sections(module: Module, cutter: Cutter) -> None:
    reader = cutter.reader
    while not reader.is_done:
        number = reader.byte()
        end = reader.unsigned() + reader.position
        module.sections.append((number, reader.data[reader.position : end]))
        cutter.skip()
        if number in _SECTIONS:
            _SECTIONS[number](module, cutter)
        elif number not in (0, 12):
            raise UnreadableError(f"no section {number}")
        else:
            reader.position = end
        if reader.position != end:
            raise UnreadableError(f"section {number} does not end where it says")


def _types(module: Module, cutter: Cutter) -> None:
    for number in range(cutter.reader.unsigned()):
        cutter.skip()
        count = 1
        if cutter.reader.data[cutter.reader.position] == _REC:
            cutter.features.add("gc")
            cutter.reader.byte()
            count = cutter.reader.unsigned()
        signatures = [_sub_type(cutter) for _ in range(count)]
        module.type_places += [(number, place) for place in range(count)]
        module.groups.append(TypeGroup(cutter.code(), tuple(signatures)))


_REC, _SUB, _SUB_FINAL, _DESCRIBES, _DESCRIPTOR = 0x4E, 0x50, 0x4F, 0x4C, 0x4D
_FUNCTION, _STRUCT, _ARRAY = 0x60, 0x5F, 0x5E


def _sub_type(cutter: Cutter) -> Signature | None:
    reader = cutter.reader
    byte = reader.byte()
    if byte in (_SUB, _SUB_FINAL):
        cutter.features.add("gc")
        for _ in range(reader.unsigned()):
            cutter.ref(Space.TYPE)
        byte = reader.byte()
    while byte in (_DESCRIBES, _DESCRIPTOR):
        cutter.features.add("custom-descriptors")
        cutter.ref(Space.TYPE)
        byte = reader.byte()
    return _composite_type(cutter, byte)


def _composite_type(cutter: Cutter, byte: int) -> Signature | None:
    if byte == _FUNCTION:
        return _signature(cutter)
    cutter.features.add("gc")
    if byte not in (_STRUCT, _ARRAY):
        raise UnreadableError(f"no type begins with {byte:#x}")
    for _ in range(cutter.reader.unsigned() if byte == _STRUCT else 1):
        cutter.value_type()
        cutter.reader.byte()
    return None


def _signature(cutter: Cutter) -> Signature:
    params = cutter.types()
    count = cutter.reader.unsigned()
    if count > 1:
        cutter.features.add("multi-value")
    results = []
    for _ in range(count):
        single = Cutter(cutter.reader.data, cutter.reader.position)
        single.value_type()
        results.append(single.code())
        cutter.value_type()
    return Signature(params, tuple(results))


_EXACT_FUNCTION = 0x20  # custom descriptors: an import whose type is to be exactly this one


def _imports(module: Module, cutter: Cutter) -> None:
    reader = cutter.reader
    for _ in range(reader.unsigned()):
        from_, name, kind = reader.name(), reader.name(), reader.byte()
        cutter.skip()
        if kind & _EXACT_FUNCTION:
            cutter.features.add("custom-descriptors")
            kind &= ~_EXACT_FUNCTION
        if kind == _TAG_KIND:
            reader.byte()
        space = _KINDS[kind]
        type_ = None
        if space in (Space.FUNC, Space.TAG):
            type_ = cutter.ref(Space.TYPE)
        else:
            _TYPE_READERS[space](cutter)
        module.imports.append(Import(from_, name, space, type_, cutter.code()))


_KINDS = [Space.FUNC, Space.TABLE, Space.MEMORY, Space.GLOBAL, Space.TAG]
_TAG_KIND = 4


def _table_type(cutter: Cutter) -> None:
    cutter.value_type(is_table=True)
    cutter.limits()


def _global_type(cutter: Cutter) -> None:
    cutter.value_type()
    cutter.reader.byte()


_TYPE_READERS: dict[Space, Callable[[Cutter], None]] = {
    Space.TABLE: _table_type,
    Space.MEMORY: Cutter.limits,
    Space.GLOBAL: _global_type,
}


def _functions(module: Module, cutter: Cutter) -> None:
    module.functions = [
        Function(cutter.reader.unsigned(), b"", 0, 0) for _ in range(cutter.reader.unsigned())
    ]


def _tables(module: Module, cutter: Cutter) -> None:
    reader = cutter.reader
    for _ in range(reader.unsigned()):
        cutter.skip()
        has_init = reader.data[reader.position] == 0x40
        if has_init:
            cutter.features.add("function-references")
            reader.take(2)
        _table_type(cutter)
        if has_init:
            cutter.skip_expression()
        module.tables.append(Definition(cutter.code()))


def _memories(module: Module, cutter: Cutter) -> None:
    for _ in range(cutter.reader.unsigned()):
        cutter.skip()
        cutter.limits()
        module.memories.append(Definition(cutter.code()))


def _globals(module: Module, cutter: Cutter) -> None:
    for _ in range(cutter.reader.unsigned()):
        cutter.skip()
        _global_type(cutter)
        is_mutable = cutter.reader.data[cutter.reader.position - 1] == 1
        module.globals.append(Global(cutter.code(), cutter.expression(), is_mutable))


def _exports(module: Module, cutter: Cutter) -> None:
    reader = cutter.reader
    module.exports = [
        (reader.name(), _KINDS[reader.byte()], reader.unsigned()) for _ in range(reader.unsigned())
    ]


def _start(module: Module, cutter: Cutter) -> None:
    module.start = cutter.reader.unsigned()


def _tags(module: Module, cutter: Cutter) -> None:
    for _ in range(cutter.reader.unsigned()):
        cutter.skip()
        cutter.reader.byte()
        cutter.features.add("exceptions")
        cutter.ref(Space.TYPE)
        module.tags.append(Definition(cutter.code()))


def _elements(module: Module, cutter: Cutter) -> None:
    for _ in range(cutter.reader.unsigned()):
        module.elements.append(_element(cutter))


_MODES = ("active", "passive", "active", "declarative")


def _element(cutter: Cutter) -> Segment:
    """§5.5.12. Flags: 1 is not active, 2 names its table or is declarative, 4 has expressions."""
    reader = cutter.reader
    flags = reader.unsigned()
    mode, has_expressions = _MODES[flags & 3], bool(flags & 4)
    target = reader.unsigned() if flags & 3 == 2 else 0
    cutter.skip()
    offset = cutter.expression() if mode == "active" else None
    kind = _element_kind(cutter, flags)
    count = reader.unsigned()
    for _ in range(count):
        if has_expressions:
            cutter.skip_expression()
        else:
            cutter.ref(Space.FUNC)
    return Segment(mode, target, offset, kind, cutter.code(), count, has_expressions, flags & 3 == 2)


_FUNC_KIND, _FUNCREF = Code((b"\0",)), Code((b"\x70",))


def _element_kind(cutter: Cutter, flags: int) -> Code:
    if flags & 3 == 0:
        return _FUNCREF if flags & 4 else _FUNC_KIND
    if flags & 4:
        cutter.value_type(is_table=True)
    else:
        cutter.reader.byte()
    return cutter.code()


def _bodies(module: Module, cutter: Cutter) -> None:
    reader = cutter.reader
    if reader.unsigned() != len(module.functions):
        raise UnreadableError("functions and bodies differ in number")
    for index, function in enumerate(module.functions):
        size = reader.unsigned()
        end = reader.position + size
        module.functions[index] = Function(function.type, reader.data, reader.position, end)
        reader.position = end


def _data(module: Module, cutter: Cutter) -> None:
    reader = cutter.reader
    for _ in range(reader.unsigned()):
        flags = reader.unsigned()
        target = reader.unsigned() if flags == 2 else 0
        cutter.skip()
        offset = None if flags == 1 else cutter.expression()
        count = reader.unsigned()
        reader.take(count)
        mode = "passive" if flags == 1 else "active"
        module.data.append(Segment(mode, target, offset, Code(()), cutter.code(), count, is_long=flags == 2))


_SECTIONS: dict[int, Callable[[Module, Cutter], None]] = {
    1: _types,
    2: _imports,
    3: _functions,
    4: _tables,
    5: _memories,
    6: _globals,
    7: _exports,
    8: _start,
    9: _elements,
    10: _bodies,
    11: _data,
    13: _tags,
}
