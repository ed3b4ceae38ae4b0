"""Wasmer: LLVM, ahead of time."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.command_line import ahead_of_time, compile_worker
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import first_line


def find() -> Engine:
    """Its command-line program; one that was built without LLVM fails at every program, and says so."""
    path = found.program("LINOCUT_WASMER", "wasmer", get="install wasmer with LLVM (wasmer.io)")
    compiler = (path, "compile", "--llvm", "{wasm}", "-o", "{out}")
    return Engine(
        "wasmer",
        Kind.LLVM,
        first_line([path, "--version"]),
        ahead_of_time(compiler, ".wasmu", (path, "run", "--llvm")),
        compiler=compile_worker(compiler),
        flags=("compile", "--llvm"),
    )
