"""Wasmtime's baseline compiler. The Python package carries it but has no name for it."""

from __future__ import annotations

from linocut.cli.bench.engines import wasmtime
from linocut.cli.bench.engines.engine import Engine, Kind


def find() -> Engine:
    """On one thread."""
    return wasmtime.engine("winch", Kind.BASELINE, ("strategy=winch", "parallel_compilation=false"))
