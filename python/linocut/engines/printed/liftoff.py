"""V8's baseline compiler, as the comparison takes it (engines/measured/liftoff.py)."""

from __future__ import annotations

from linocut.engines.measured.liftoff import FLAGS
from linocut.engines.printed.v8 import V8


def open_engine(wasm: bytes) -> V8:
    """EngineError without node."""
    return V8("liftoff", wasm, FLAGS)
