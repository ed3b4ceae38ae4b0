"""WasmEdge: LLVM, ahead of time."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.command_line import ahead_of_time, compile_worker
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import first_line

FLAGS = ("--optimize", "3")


def find() -> Engine:
    """Its command-line program."""
    path = found.program("LINOCUT_WASMEDGE", "wasmedge", get="apt-get install wasmedge")
    compiler = (path, "compile", *FLAGS, "{wasm}", "{out}")
    return Engine(
        "wasmedge",
        Kind.LLVM,
        first_line([path, "--version"]),
        ahead_of_time(compiler, ".so", (path, "run")),
        compiler=compile_worker(compiler),
        flags=("compile", *FLAGS),
    )
