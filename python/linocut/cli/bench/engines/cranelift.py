"""Wasmtime's optimising compiler."""

from __future__ import annotations

from linocut.cli.bench.engines import wasmtime
from linocut.cli.bench.engines.engine import Engine, Kind


def find() -> Engine:
    """On one thread, at its best."""
    flags = ("strategy=cranelift", "opt_level=speed", "parallel_compilation=false")
    return wasmtime.engine("cranelift", Kind.OPTIMISING, flags)
