"""The WebAssembly Micro Runtime, as an interpreter (fast or classic: as it was built)."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.command_line import runner
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import first_line

# Recursive programs need more than the 64 KiB that it gives by itself.
FLAGS = ("--stack-size=1048576",)


def find() -> Engine:
    """Its command-line program, built without a compiler in it: with one it would choose that."""
    get = "build product-mini of github.com/bytecodealliance/wasm-micro-runtime"
    path = found.program("LINOCUT_WAMR", "iwasm", get=get)
    return Engine(
        "wamr", Kind.INTERPRETER, first_line([path, "--version"]), runner(path, *FLAGS), flags=FLAGS
    )
