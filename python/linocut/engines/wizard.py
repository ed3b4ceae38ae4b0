"""The Wizard engine's interpreter in assembly, which works on the module's own bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines import found
from linocut.engines.checks.checker import EngineError
from linocut.engines.checks.command import command_checker
from linocut.engines.command_line import runner
from linocut.engines.engine import Engine, Kind
from linocut.engines.process import first_line

if TYPE_CHECKING:
    from linocut.engines.checks.checker import Checker

FLAGS = ("--mode=int",)


def find() -> Engine:
    """Programs are run without its compiler."""
    get = "build github.com/titzer/wizard-engine"
    path = found.program("LINOCUT_WIZARD", "wizeng", "wizeng.x86-64-linux", get=get)

    def checker(signal: str, _entry: str) -> Checker:
        """Its exit code is what `main` returns; what else it means is learned from the probes.

        It takes no name of an entry: it calls `main`, or `_start` of a module that imports WASI
        (src/wizeng.main.v3 and WspOneModule.v3 in its repository).
        """
        if signal == "trap":
            raise EngineError(
                "wizard calls `main`, or `_start` with WASI: explode with --signal result or wasi"
            )
        return command_checker((path, "--ext:all", "{file}"))

    version = first_line([path, "--version"])
    return Engine("wizard", Kind.INTERPRETER, version, runner(path, *FLAGS), checker=checker, flags=FLAGS)
