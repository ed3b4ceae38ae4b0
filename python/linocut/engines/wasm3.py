"""The wasm3 interpreter: its own program, or as PyPI has it under our WASI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.checks.command import command_checker
from linocut.engines.checks.outcome import OutcomeKind
from linocut.engines.checks.worker import worker_checker
from linocut.engines.command_line import runner
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent
from linocut.engines.process import first_line, python
from linocut.extras import advice

if TYPE_CHECKING:
    from linocut.engines.checks.checker import Checker
    from linocut.engines.program import WasiProgram

# What it prints where its exit code is 1 for all that is wrong.
_PATTERNS = {
    OutcomeKind.EXHAUSTION: r"\[trap\] stack overflow",
    OutcomeKind.TRAP: r"\[trap\]",
    OutcomeKind.WRONG: r"Result: 1\b",
}


def find() -> Engine:
    """The program is preferred: it is built with the optimisations that its authors chose."""
    try:
        return _program("wasm3", f"{advice('wasm3')}, or build wasm3")
    except Absent:
        if found.package_folder("wasm3") is None:
            raise
        return find_library()


def find_program() -> Engine:
    """The program, for test files."""
    return _program("wasm3-cli", "build wasm3 (wasm3 without -cli needs none)")


def find_library() -> Engine:
    """The package."""

    def command(program: WasiProgram) -> list[str]:
        return [*python("engines.workers.wasm3_run"), str(program.wasm), *program.arguments]

    return Engine(
        "wasm3",
        Kind.INTERPRETER,
        found.package_version("wasm3", "pywasm3"),
        command,
        caller=python("engines.workers.wasm3_calls"),
        checker=lambda _signal, _entry: worker_checker(python("engines.workers.wasm3_check")),
    )


def _program(name: str, get: str) -> Engine:
    path = found.program("LINOCUT_WASM3", "wasm3", get=get)

    def checker(_signal: str, entry: str) -> Checker:
        return command_checker((path, "--func", entry, "{file}"), _PATTERNS)

    return Engine(name, Kind.INTERPRETER, first_line([path, "--version"]), runner(path), checker=checker)
