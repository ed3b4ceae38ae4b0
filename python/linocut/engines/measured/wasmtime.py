"""PyPI's wasmtime: two engines, by the compiler that its library is told to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.measured.engine import Engine, Kind
from linocut.engines.process import python

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program


def engine(name: str, kind: Kind, flags: tuple[str, ...]) -> Engine:
    """One of the compilers that engines/wasmtime_engine.py knows by `name`."""

    def command(program: Program) -> list[str]:
        return [*python("engines.workers.wasmtime_run", name), str(program.wasm), *program.arguments]

    return Engine(
        name,
        kind,
        found.package_version("wasmtime", "wasmtime"),
        command,
        worker=python("engines.workers.wasmtime_compile", name),
        caller=python("engines.workers.wasmtime_calls", name),
        flags=flags,
    )
