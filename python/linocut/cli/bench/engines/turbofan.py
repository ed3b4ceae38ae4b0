"""V8's optimising compiler alone, for every function, on one thread."""

from __future__ import annotations

from linocut.cli.bench.engines import node
from linocut.cli.bench.engines.engine import Engine, Kind

FLAGS = ("--no-liftoff", "--no-wasm-dynamic-tiering", "--no-wasm-lazy-compilation", "--single-threaded")


def find() -> Engine:
    """As the comparison takes it."""
    return node.engine("turbofan", Kind.OPTIMISING, FLAGS)
