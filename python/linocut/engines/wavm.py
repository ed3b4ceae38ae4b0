"""WAVM: LLVM, ahead of time."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.command_line import ahead_of_time, compile_worker
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import first_line


def find() -> Engine:
    """Its command-line program."""
    path = found.program("LINOCUT_WAVM", "wavm", get="install a package of github.com/WAVM/WAVM")
    compiler = (path, "compile", "{wasm}", "{out}")
    return Engine(
        "wavm",
        Kind.LLVM,
        first_line([path, "version"]),
        ahead_of_time(compiler, ".wavm", (path, "run", "--abi=wasi", "--precompiled")),
        compiler=compile_worker(compiler),
        flags=("compile",),
    )
