"""The wasm3 interpreter: its own program, or as PyPI has it under our WASI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.absent import Absent
from linocut.engines.measured.command_line import runner
from linocut.engines.measured.engine import Engine, Kind
from linocut.engines.process import first_line, python
from linocut.extras import advice

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program


def find() -> Engine:
    """The program is preferred: it is built with the optimisations that its authors chose."""
    try:
        path = found.program("LINOCUT_WASM3", "wasm3", get=f"{advice('wasm3')}, or build wasm3")
    except Absent:
        if found.package_folder("wasm3") is None:
            raise
        return _packaged()
    return Engine("wasm3", Kind.INTERPRETER, first_line([path, "--version"]), runner(path))


def _packaged() -> Engine:
    def command(program: Program) -> list[str]:
        return [*python("engines.workers.wasm3_run"), str(program.wasm), *program.arguments]

    return Engine(
        "wasm3",
        Kind.INTERPRETER,
        found.package_version("wasm3", "pywasm3"),
        command,
        caller=python("engines.workers.wasm3_calls"),
    )
