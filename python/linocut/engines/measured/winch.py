"""Wasmtime's baseline compiler. The Python package carries it but has no name for it."""

from __future__ import annotations

from linocut.engines.measured import wasmtime
from linocut.engines.measured.engine import Engine, Kind


def find() -> Engine:
    """On one thread."""
    return wasmtime.engine("winch", Kind.BASELINE, ("strategy=winch", "parallel_compilation=false"))
