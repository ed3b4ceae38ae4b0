"""Functions, tables, memories, globals and tags that a module defines (§6.6.5 to §6.6.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.binary import unsigned
from linocut.wat.external_types import (
    PAGE_SIZE,
    WIDE,
    address_flag,
    global_type,
    memory_type,
    page_size,
    reference_type,
    table_type,
    tag_type,
)
from linocut.wat.imports import begin, count
from linocut.wat.sections import END
from linocut.wat.segments import add_data, add_elements, read_expression, read_expressions, read_functions
from linocut.wat.spaces import IndexSpace
from linocut_isa import Space

if TYPE_CHECKING:
    from linocut.wat.module import ModuleReader

__all__ = ["read_func", "read_global", "read_memory", "read_table", "read_tag"]

_REF_FUNC, _I32_CONST, _I64_CONST = b"\xd2", b"\x41", b"\x42"
_NULLABLE_FUNC: Final = b"\x70"


def read_func(module: ModuleReader) -> None:
    """`(func …)`: an import, or a function with its body."""
    if begin(module, "func"):
        return
    index = count(module, "func")
    cursor = module.cursor
    locals_ = IndexSpace("local")
    type_, _ = module.types.use(locals_)
    module.sections["func"].append(unsigned(type_))
    declared = _read_locals(module, locals_)
    module.code.begin(locals_)
    module.code.read()
    cursor.expect(")")
    module.names_data |= module.code.names_data
    _note_names(module, index, locals_)
    body = declared + module.code.out
    if module.code.hints:
        module.hints.append((index, [(at + len(declared), hint) for at, hint in module.code.hints]))
    module.sections["code"].append(unsigned(len(body)) + body)


def _note_names(module: ModuleReader, function: int, locals_: IndexSpace) -> None:
    if locals_.names:
        module.locals[function] = locals_
    if module.code.labels.names:
        module.labels[function] = module.code.labels.names


def _read_locals(module: ModuleReader, space: IndexSpace) -> bytes:
    """The locals that a function declares, as runs of one type."""
    runs: list[tuple[int, bytes]] = []
    for type_ in module.types.listed("local", space):
        if runs and runs[-1][1] == type_:
            runs[-1] = (runs[-1][0] + 1, type_)
        else:
            runs.append((1, type_))
    return unsigned(len(runs)) + b"".join(unsigned(number) + type_ for number, type_ in runs)


def read_table(module: ModuleReader) -> None:
    """`(table …)`, perhaps with its first value or the elements that fill it."""
    if begin(module, "table"):
        return
    index = count(module, "table")
    cursor = module.cursor
    flags = address_flag(module)
    if not cursor.token[0].isdigit():
        _read_table_of_elements(module, index, flags)
        return
    type_ = table_type(module, flags)
    if cursor.token == ")":
        module.sections["table"].append(type_)
    else:
        module.sections["table"].append(b"\x40\0" + type_ + read_expression(module))
    cursor.expect(")")


def _read_table_of_elements(module: ModuleReader, index: int, flags: int) -> None:
    """`(table funcref (elem …))`: a table, and the segment that fills it."""
    cursor = module.cursor
    type_ = reference_type(module)
    if not cursor.accept_form("elem"):
        raise cursor.unexpected("'(elem'")
    is_plain = type_ == _NULLABLE_FUNC and cursor.token != "("
    number, items = _inline_elements(module, is_plain)
    cursor.expect(")")
    cursor.expect(")")
    size = unsigned(number)
    module.sections["table"].append(type_ + bytes([flags | 1]) + size + size)
    add_elements(module, index, _first_address(flags), b"" if is_plain else type_, items, number)


def _inline_elements(module: ModuleReader, are_indices: bool) -> tuple[int, bytes]:
    """The elements within a table: functions or expressions, for which indices may stand."""
    cursor = module.cursor
    if are_indices or cursor.token == "(":
        return read_functions(module) if are_indices else read_expressions(module)
    space = module.spaces[Space.FUNC]
    found = []
    while cursor.token != ")":
        found.append(_REF_FUNC + space.bytes(cursor) + END)
    return len(found), b"".join(found)


def _first_address(flags: int) -> bytes:
    """The expression of the first address."""
    return (_I64_CONST if flags & WIDE else _I32_CONST) + b"\0" + END


def read_memory(module: ModuleReader) -> None:
    """`(memory …)`, perhaps with the data that fills it."""
    if begin(module, "memory"):
        return
    index = count(module, "memory")
    cursor = module.cursor
    at = cursor.at
    flags = address_flag(module)
    size, encoded = page_size(module)
    if cursor.accept_form("data"):
        content = cursor.strings()
        cursor.expect(")")
        pages = unsigned(-(-len(content) // size))
        flags |= PAGE_SIZE if encoded else 0
        module.sections["memory"].append(bytes([flags | 1]) + pages * 2 + encoded)
        add_data(module, index, _first_address(flags), content)
    else:
        cursor.at = at
        module.sections["memory"].append(memory_type(module))
    cursor.expect(")")


def read_global(module: ModuleReader) -> None:
    """`(global …)`."""
    if begin(module, "global"):
        return
    count(module, "global")
    module.sections["global"].append(global_type(module) + read_expression(module))
    module.cursor.expect(")")


def read_tag(module: ModuleReader) -> None:
    """`(tag …)`."""
    if begin(module, "tag"):
        return
    count(module, "tag")
    module.sections["tag"].append(tag_type(module))
    module.cursor.expect(")")
