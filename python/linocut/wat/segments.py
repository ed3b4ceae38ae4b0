"""Element and data segments, the start function (§6.6.10 to §6.6.12), and constant expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linocut.text.binary import unsigned
from linocut.wat.external_types import reference_type
from linocut.wat.imports import pass_name
from linocut.wat.sections import counted
from linocut.wat.spaces import IndexSpace
from linocut_isa import Space

if TYPE_CHECKING:
    from linocut.wat.module import ModuleReader

__all__ = [
    "add_data", "add_elements", "read_data", "read_elem", "read_expression", "read_expressions",
    "read_functions", "read_start",
]  # fmt: skip

_NULLABLE_FUNC: Final = b"\x70"


def read_expression(module: ModuleReader) -> bytes:
    """Instructions up to the parenthesis that closes what they are in."""
    module.code.begin(IndexSpace("local"))
    module.code.read()
    return bytes(module.code.out)


def _folded(module: ModuleReader) -> bytes:
    module.code.begin(IndexSpace("local"))
    module.code.read_folded()
    return bytes(module.code.out)


def _offset(module: ModuleReader) -> bytes:
    if not module.cursor.accept_form("offset"):
        return _folded(module)
    offset = read_expression(module)
    module.cursor.expect(")")
    return offset


def read_data(module: ModuleReader) -> None:
    """`(data …)`: passive, or with where it goes."""
    cursor = module.cursor
    pass_name(module)
    memory = _target(module, "memory")
    if memory is None and cursor.token[0].isdigit():  # as in the first version
        memory = module.spaces[Space.MEMORY].index(cursor)
    if memory is None and cursor.token != "(":
        module.sections["data"].append(b"\1" + counted(cursor.strings()))
    else:
        add_data(module, memory or 0, _offset(module), cursor.strings())
    cursor.expect(")")


def _target(module: ModuleReader, keyword: str) -> int | None:
    """`(memory $m)` or `(table $t)`, if it is there."""
    cursor = module.cursor
    if not cursor.accept_form(keyword):
        return None
    index = module.spaces[Space(keyword)].index(cursor)
    cursor.expect(")")
    return index


def add_data(module: ModuleReader, memory: int, offset: bytes, content: bytes) -> None:
    """An active segment; the form that names no memory if it is the first (§5.5.14)."""
    head = b"\2" + unsigned(memory) if memory else b"\0"
    module.sections["data"].append(head + offset + counted(content))


def read_elem(module: ModuleReader) -> None:
    """`(elem …)`: passive, declared, or with where it goes."""
    cursor = module.cursor
    pass_name(module)
    is_declared = cursor.accept("declare")
    table = None if is_declared else _target(module, "table")
    if table is None and not is_declared and cursor.token[0].isdigit():  # as in the first version
        table = module.spaces[Space.TABLE].index(cursor)
    is_active = table is not None or (
        not is_declared and cursor.token == "(" and not cursor.opens("ref") and not cursor.opens("item")
    )
    offset = _offset(module) if is_active else b""
    type_, items, count = _elements(module, may_lack_type=is_active)
    cursor.expect(")")
    if is_active:
        add_elements(module, table, offset, type_, items, count)
    else:
        _add_passive(module, is_declared, type_, items, count)


def _elements(module: ModuleReader, may_lack_type: bool) -> tuple[bytes, bytes, int]:
    """What an element segment lists: the type of expressions, or none of functions; and these."""
    cursor = module.cursor
    if cursor.accept("func") or (may_lack_type and (cursor.token == ")" or cursor.token[0] in "$0123456789")):
        count, items = read_functions(module)
        return b"", items, count
    type_ = reference_type(module)
    count, items = read_expressions(module)
    return type_, items, count


def read_functions(module: ModuleReader) -> tuple[int, bytes]:
    """Indices of functions up to a parenthesis: how many, and their bytes."""
    cursor = module.cursor
    space = module.spaces[Space.FUNC]
    found = []
    while cursor.token != ")":
        found.append(space.bytes(cursor))
    return len(found), b"".join(found)


def read_expressions(module: ModuleReader) -> tuple[int, bytes]:
    """Expressions of references up to a parenthesis: how many, and their bytes."""
    cursor = module.cursor
    found = []
    while cursor.token != ")":
        if cursor.accept_form("item"):
            found.append(read_expression(module))
            cursor.expect(")")
        else:
            found.append(_folded(module))
    return len(found), b"".join(found)


def add_elements(
    module: ModuleReader, table: int | None, offset: bytes, type_: bytes, items: bytes, count: int
) -> None:
    """An active segment (§5.5.12); the form that names no table if the text does not."""
    is_short = table is None and type_ in (b"", _NULLABLE_FUNC)
    flags = (0 if is_short else 2) | (4 if type_ else 0)
    head = b"" if is_short else unsigned(table or 0)
    kind = b"" if is_short else type_ or b"\0"
    module.sections["elem"].append(bytes([flags]) + head + offset + kind + unsigned(count) + items)


def _add_passive(module: ModuleReader, is_declared: bool, type_: bytes, items: bytes, count: int) -> None:
    flags = (3 if is_declared else 1) | (4 if type_ else 0)
    module.sections["elem"].append(bytes([flags]) + (type_ or b"\0") + unsigned(count) + items)


def read_start(module: ModuleReader) -> None:
    """`(start $f)`."""
    cursor = module.cursor
    if module.sections["start"]:
        raise cursor.fault("multiple start sections: expected one", cursor.at - 1)
    module.sections["start"].append(module.spaces[Space.FUNC].bytes(cursor))
    cursor.expect(")")
