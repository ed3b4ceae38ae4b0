"""PyPI's wasmtime: two engines, by the compiler that its library is told to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.cli.bench.engines.engine import Engine, Kind
from linocut.cli.peers import found
from linocut.cli.peers.process import python

if TYPE_CHECKING:
    from linocut.cli.bench.programs.program import Program


def engine(name: str, kind: Kind, flags: tuple[str, ...]) -> Engine:
    """One of the compilers that workers/wasmtime_engine.py knows by `name`."""

    def command(program: Program) -> list[str]:
        return [*python("bench.workers.run_wasmtime", name), str(program.wasm), *program.arguments]

    return Engine(
        name,
        kind,
        found.package_version("wasmtime", "wasmtime"),
        command,
        worker=python("bench.workers.compile_wasmtime", name),
        caller=python("bench.workers.calls_wasmtime", name),
        flags=flags,
    )
