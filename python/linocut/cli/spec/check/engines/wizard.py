"""The Wizard engine, which says on its output that it trapped."""

from __future__ import annotations

from linocut.cli.bench.engines import found
from linocut.cli.bench.process import first_line
from linocut.cli.spec.check.engines.engine import Engine
from linocut.cli.spec.check.engines.program import program_engine


def find(_signal: str, entry: str) -> Engine:
    """Its exit codes are learned from the probes: it is nothing that one can install."""
    get = "build github.com/titzer/wizard-engine"
    path = found.program("LINOCUT_WIZARD", "wizeng", "wizeng.x86-64-linux", get=get)
    words = (path, "--ext:all", f"--invoke={entry}", "{file}")
    return program_engine("wizard", first_line([path, "--version"]), words)
