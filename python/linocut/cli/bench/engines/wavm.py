"""WAVM: LLVM, ahead of time."""

from __future__ import annotations

from linocut.cli.bench.engines.command_line import ahead_of_time, compile_worker
from linocut.cli.bench.engines.engine import Engine, Kind
from linocut.cli.peers import found
from linocut.cli.peers.process import first_line


def find() -> Engine:
    """Its command-line program."""
    path = found.program("LINOCUT_WAVM", "wavm", get="install a package of github.com/WAVM/WAVM")
    compiler = (path, "compile", "{wasm}", "{out}")
    return Engine(
        "wavm",
        Kind.LLVM,
        first_line([path, "version"]),
        ahead_of_time(compiler, ".wavm", (path, "run", "--abi=wasi", "--precompiled")),
        worker=compile_worker(compiler),
        flags=("compile",),
    )
