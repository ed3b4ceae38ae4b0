"""The Wizard engine, whose exit code is what `main` returns."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.checked.engine import Engine, EngineError
from linocut.engines.checked.program import program_engine
from linocut.engines.process import first_line


def find(signal: str, _entry: str) -> Engine:
    """Its exit codes are learned from the probes: it is nothing that one can install.

    It takes no name of an entry: it calls `main`, or `_start` of a module that imports WASI
    (src/wizeng.main.v3 and WspOneModule.v3 in its repository).
    """
    get = "build github.com/titzer/wizard-engine"
    path = found.program("LINOCUT_WIZARD", "wizeng", "wizeng.x86-64-linux", get=get)
    if signal == "trap":
        raise EngineError("wizard calls `main`, or `_start` with WASI: explode with --signal result or wasi")
    return program_engine("wizard", first_line([path, "--version"]), (path, "--ext:all", "{file}"))
