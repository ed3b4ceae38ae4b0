"""The Wizard engine's interpreter in assembly, which works on the module's own bytes."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.measured.command_line import runner
from linocut.engines.measured.engine import Engine, Kind
from linocut.engines.process import first_line

FLAGS = ("--mode=int",)


def find() -> Engine:
    """Without its compiler."""
    get = "build github.com/titzer/wizard-engine"
    path = found.program("LINOCUT_WIZARD", "wizeng", "wizeng.x86-64-linux", get=get)
    version = first_line([path, "--version"])
    return Engine("wizard", Kind.INTERPRETER, version, runner(path, *FLAGS), flags=FLAGS)
