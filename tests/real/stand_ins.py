"""Something of the right type for each import of a module, to instantiate it without its own host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut

if TYPE_CHECKING:
    from linocut.types import ExternType


class CalledError(Exception):
    """A stand-in for a function was called."""


def stand_ins(module: linocut.Module) -> dict[str, dict[str, object]]:
    """For `module.instantiate`: functions that raise `CalledError`, the smallest memories and tables, zeros.

    Functions for a component's resources return their argument: a resource is its own handle.
    """
    imports: dict[str, dict[str, object]] = {}
    for wanted in module.imports:
        is_handle = wanted.module == "canonical_abi"
        imports.setdefault(wanted.module, {})[wanted.name] = _same if is_handle else _stand_in(wanted.type)
    return imports


def _stand_in(type: ExternType) -> object:
    match type:
        case linocut.FuncType():
            return _raise
        case linocut.MemoryType():
            return linocut.Memory(type.min, type.max, shared=type.shared, address=type.address)
        case linocut.TableType():
            return linocut.Table(type.element, type.min, type.max, address=type.address)
        case linocut.GlobalType():
            return linocut.Global(type, 0 if type.value in ("i32", "i64", "f32", "f64") else None)
        case _:
            return linocut.Tag(type)


def _raise(*_: object) -> None:
    raise CalledError


def _same(handle: int) -> int:
    return handle
