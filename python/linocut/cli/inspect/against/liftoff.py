"""V8's baseline compiler, as the comparison takes it (cli/bench/engines/liftoff.py)."""

from __future__ import annotations

from linocut.cli.bench.engines.liftoff import FLAGS
from linocut.cli.inspect.against.v8 import V8


def open_engine(wasm: bytes) -> V8:
    """EngineError without node."""
    return V8("liftoff", wasm, FLAGS)
