"""Imports and exports (§6.6.3, §6.6.4), also those that stand within what they import or export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.text.binary import name, unsigned
from linocut.wat.external_types import func_type, global_type, memory_type, table_type, tag_type
from linocut.wat.sections import KINDS
from linocut_isa import Space

if TYPE_CHECKING:
    from linocut.wat.module import ModuleReader

__all__ = ["begin", "count", "pass_name", "read_export", "read_import"]

_EXACT = 0x20  # bit of an import's kind: the function has that very type (custom descriptors)
_TYPES = {"table": table_type, "memory": memory_type, "global": global_type, "tag": tag_type}


def read_import(module: ModuleReader) -> None:
    """`(import "module" "name" (…))`."""
    cursor = module.cursor
    names = name(cursor.name()) + name(cursor.name())
    cursor.expect("(")
    kind = cursor.take()
    pass_name(module)
    _add_import(module, kind, names)
    cursor.expect(")")
    cursor.expect(")")


def _add_import(module: ModuleReader, kind: str, names: bytes) -> None:
    """Add an import, of which the type is next."""
    index, cursor = count(module, kind), module.cursor
    if kind == "func" and cursor.accept_form("exact"):
        code = KINDS[kind] | _EXACT
        type_ = func_type(module, index)
        cursor.expect(")")
    else:
        code = KINDS[kind]
        type_ = _TYPES[kind](module) if kind in _TYPES else func_type(module, index)
    module.sections["import"].append(names + bytes([code]) + type_)


def count(module: ModuleReader, kind: str) -> int:
    """The index of the next thing of a kind, which is counted."""
    module.counts[kind] += 1
    return module.counts[kind] - 1


def pass_name(module: ModuleReader) -> None:
    """Pass an identifier and a `@name`, which the first pass has read."""
    cursor = module.cursor
    cursor.identifier()
    if cursor.accept("(@name"):
        cursor.at += 2


def begin(module: ModuleReader, kind: str) -> bool:
    """Read what all these fields begin with; whether the field is an import, which has been read then."""
    cursor = module.cursor
    pass_name(module)
    while cursor.accept_form("export"):
        _add_export(module, name(cursor.name()), KINDS[kind], unsigned(module.counts[kind]))
        cursor.expect(")")
    if not cursor.accept_form("import"):
        return False
    names = name(cursor.name()) + name(cursor.name())
    cursor.expect(")")
    _add_import(module, kind, names)
    cursor.expect(")")
    return True


def read_export(module: ModuleReader) -> None:
    """`(export "name" (…))`."""
    cursor = module.cursor
    exported = name(cursor.name())
    cursor.expect("(")
    kind = cursor.token
    if kind not in KINDS:
        raise cursor.unexpected(f"one of {', '.join(KINDS)}")
    cursor.at += 1
    _add_export(module, exported, KINDS[kind], module.spaces[Space(kind)].bytes(cursor))
    cursor.expect(")")
    cursor.expect(")")


def _add_export(module: ModuleReader, exported: bytes, kind: int, index: bytes) -> None:
    module.sections["export"].append(exported + bytes([kind]) + index)
