"""A module's functions and their sizes: as JSON (schema.HELP documents the keys), and as a table."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from linocut.text.names import escape, identifier, read_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linocut import Module
    from linocut.engines.code.foreign import ForeignModule
    from linocut.inspecting.schema import Document
    from linocut.text.names import Names


_LONGEST_INDEX = 10  # digits of an index; more are a name, if anything


@dataclass(frozen=True)
class FunctionSummary:
    """A function that the module defines."""

    function: int
    name: str | None
    exports: list[str]
    wasm_offset: int
    wasm_bytes: int
    code_bytes: int


def function_summaries(module: Module) -> Iterator[FunctionSummary]:
    """In the order of their indices."""
    names, exports = names_of(module).functions, exports_by_function(module)
    first, end = module._code.defined_functions()
    for function in range(first, end):
        code_bytes, offset, wasm_bytes = module._code.function_sizes(function)
        yield FunctionSummary(
            function, names.get(function), exports.get(function, []), offset, wasm_bytes, code_bytes
        )


# Modules are immutable, and to read 50,000 names once for each function would be slow.
_names: WeakKeyDictionary[Module, Names] = WeakKeyDictionary()
_exports: WeakKeyDictionary[Module, dict[int, list[str]]] = WeakKeyDictionary()


def names_of(module: Module) -> Names:
    """What the module's name section says."""
    if module not in _names:
        sections = module.custom_sections("name")
        _names[module] = read_names(sections[0] if sections else b"")
    return _names[module]


def exports_by_function(module: Module) -> dict[int, list[str]]:
    """The names under which each function is exported."""
    if module not in _exports:
        found = defaultdict(list)
        for name, function in module._code.exported_functions():
            found[function].append(name)
        _exports[module] = dict(found)
    return _exports[module]


def find_function(module: Module, wanted: str) -> int:
    """The index of the function that is called so; an index is one already.

    LookupError when none is.
    """
    if wanted.isascii() and wanted.isdecimal() and len(wanted) <= _LONGEST_INDEX:
        return _checked(module, int(wanted))
    for name, index in module._code.exported_functions():
        if name == wanted:
            return index
    for index, name in names_of(module).functions.items():
        if name == wanted.removeprefix("$"):
            return index
    raise LookupError(f"no function is called {wanted!r}")


def _checked(module: Module, index: int) -> int:
    first, end = module._code.defined_functions()
    if not first <= index < end:
        defined = f"the module defines {first} to {end - 1}" if end > first else "the module defines none"
        raise LookupError(f"no function {index}: {defined}")
    return index


def module_view(
    module: Module, path: str | os.PathLike[str], against: ForeignModule | None = None
) -> Document:
    """All functions that the module defines; `path` is only shown."""
    sizes = against.sizes() if against else {}
    functions: list[Document] = [
        asdict(entry) | {"against_bytes": sizes.get(entry.function)} for entry in function_summaries(module)
    ]
    return {
        "file": os.fspath(path),
        "wasm_bytes": len(module._wasm),
        "code_bytes": sum(function["code_bytes"] for function in functions),
        "against": against.name if against else None,
        "functions": functions,
    }


def overview_lines(module: Module, against: ForeignModule | None = None) -> Iterator[str]:
    """A table; sizes of another engine's code beside ours, if there is one."""
    sizes = against.sizes() if against else {}
    theirs = f" {against.name:>9}" if against else ""
    yield f"{'function':>8} {'wasm at':>10} {'wasm':>7} {'code':>7}{theirs}  name"
    for e in function_summaries(module):
        name = identifier(e.name) if e.name is not None else ""
        exports = " ".join(f'(export "{escape(export)}")' for export in e.exports)
        line = f"{e.function:8} {e.wasm_offset:#10x} {e.wasm_bytes:7} {e.code_bytes:7}"
        line += f" {sizes.get(e.function, '-'):>9}" if against else ""
        line += f"  {name} {exports}"
        yield line.rstrip()
