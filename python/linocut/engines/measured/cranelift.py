"""Wasmtime's optimising compiler."""

from __future__ import annotations

from linocut.engines.measured import wasmtime
from linocut.engines.measured.engine import Engine, Kind


def find() -> Engine:
    """On one thread, at its best."""
    flags = ("strategy=cranelift", "opt_level=speed", "parallel_compilation=false")
    return wasmtime.engine("cranelift", Kind.OPTIMISING, flags)
