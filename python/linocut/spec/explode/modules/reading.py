"""The bytes of a module → its definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cutter import KINDS, Code, Cutter, Space, UnreadableError
from .module import (
    MAGIC,
    Definition,
    Function,
    Global,
    Import,
    Module,
    Segment,
    Signature,
    TypeGroup,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
    params, results = _type_names(cutter), _type_names(cutter)
    if len(results) > 1:
        cutter.features.add("multi-value")
    return Signature(params, results)


def _type_names(cutter: Cutter) -> tuple[str, ...]:
    names = []
    for _ in range(cutter.reader.unsigned()):
        single = Cutter(cutter.reader.data, cutter.reader.position)
        single.value_type()
        names.append(type_name(single.code()))
        cutter.value_type()
    return tuple(names)


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
            cutter.features.add("exception-handling")
            reader.byte()
        space = KINDS[kind]
        type_ = None
        if space in (Space.FUNC, Space.TAG):
            type_ = cutter.ref(Space.TYPE)
        else:
            _TYPE_READERS[space](cutter)
        cutter.imported_globals += space is Space.GLOBAL
        module.imports.append(Import(from_, name, space, type_, cutter.code()))


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
        (reader.name(), KINDS[reader.byte()], reader.unsigned()) for _ in range(reader.unsigned())
    ]


def _start(module: Module, cutter: Cutter) -> None:
    module.start = cutter.reader.unsigned()


def _tags(module: Module, cutter: Cutter) -> None:
    for _ in range(cutter.reader.unsigned()):
        cutter.skip()
        cutter.reader.byte()
        cutter.features.add("exception-handling")
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
