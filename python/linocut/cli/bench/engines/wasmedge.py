"""WasmEdge: LLVM, ahead of time."""

from __future__ import annotations

from linocut.cli.bench.engines.command_line import ahead_of_time, compile_worker
from linocut.cli.bench.engines.engine import Engine, Kind
from linocut.cli.peers import found
from linocut.cli.peers.process import first_line

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
        worker=compile_worker(compiler),
        flags=("compile", *FLAGS),
    )
