"""wasm3: as PyPI has it in a worker, and its program."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.checked.engine import Engine
from linocut.engines.checked.program import program_engine
from linocut.engines.checked.worker import worker_engine
from linocut.engines.process import first_line, python
from linocut.spec.check.outcome import Kind


def find(_signal: str, _entry: str) -> Engine:
    """The library."""
    version = found.package_version("wasm3", "pywasm3")
    return worker_engine("wasm3", version, python("engines.workers.wasm3_check"))


def find_program(_signal: str, entry: str) -> Engine:
    """The program, which exits with 1 for all that is wrong and says what."""
    path = found.program("LINOCUT_WASM3", "wasm3", get="build wasm3 (wasm3 without -cli needs none)")
    return program_engine(
        "wasm3-cli",
        first_line([path, "--version"]),
        (path, "--func", entry, "{file}"),
        {Kind.EXHAUSTION: r"\[trap\] stack overflow", Kind.TRAP: r"\[trap\]", Kind.WRONG: r"Result: 1\b"},
    )
