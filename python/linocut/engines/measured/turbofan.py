"""V8's optimising compiler alone, for every function, on one thread."""

from __future__ import annotations

from linocut.engines.measured import node
from linocut.engines.measured.engine import Engine, Kind

FLAGS = ("--no-liftoff", "--no-wasm-dynamic-tiering", "--no-wasm-lazy-compilation", "--single-threaded")


def find() -> Engine:
    """As the comparison takes it."""
    return node.engine("turbofan", Kind.OPTIMISING, FLAGS)
