"""Instances: a module brought to life, and what it exports."""

from __future__ import annotations

from linocut import _core
from linocut.errors import LinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from linocut import Module
    from linocut._core import Store
    from linocut.types import ImportType

__all__ = ["Exports", "Instance"]


class Exports:
    """An instance's exports, by name.

    `exports.add` and `exports["add"]` are the same; the latter reaches every name there can be.

    >>> import linocut
    >>> exports = linocut.load('(module (memory (export "memory") 1)'
    ...                        '  (func (export "one") (result i32) i32.const 1))').instantiate().exports
    >>> list(exports), "one" in exports, exports.one is exports["one"]
    (['memory', 'one'], True, True)
    """

    __module__ = "linocut"

    # The exports are the attributes: looking one up is as fast as an attribute can be.

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, items: Mapping[str, object]) -> None:
        self.__dict__.update(items)

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __len__(self) -> int:
        return len(self.__dict__)

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"export {name!r} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"export {name!r} cannot be deleted")

    def __repr__(self) -> str:
        return f"<linocut.Exports: {', '.join(self) or 'none'}>"


class Instance:
    """A module with its memories, tables, globals and functions.

    Made by `Module.instantiate`. It lives in a `Store`, together with what it is linked to.
    """

    __slots__ = ("__weakref__", "_core", "exports", "module")
    __module__ = "linocut"

    def __init__(self, core: _core.Instance, module: Module) -> None:
        self._core = core
        self.module = module
        self.exports = Exports(core.exports())

    @property
    def store(self) -> Store:
        """The store that the instance lives in."""
        return self._core.store

    def __repr__(self) -> str:
        return f"<linocut.Instance of {self.module!r}>"


def resolve_imports(wanted: Sequence[ImportType], given: Mapping[str, Mapping[str, object]]) -> list[object]:
    """For each wanted import what was given under its two names; whether it fits, the engine decides."""
    if isinstance(given, (str, bytes, list, tuple)) or not hasattr(type(given), "__getitem__"):
        raise TypeError(f"imports must be a mapping of mappings, by module name and name, not {given!r}")
    found = []
    for entry in wanted:
        try:
            found.append(given[entry.module][entry.name])
        except (KeyError, TypeError):
            raise LinkError(f'unknown import: "{entry.module}" "{entry.name}", {entry.type}') from None
    return found
