"""V8's baseline compiler alone: all functions at once, on one thread, never replaced by better code."""

from __future__ import annotations

from linocut.engines.measured import node
from linocut.engines.measured.engine import Engine, Kind

FLAGS = (
    "--liftoff",
    "--no-wasm-tier-up",
    "--no-wasm-dynamic-tiering",
    "--no-wasm-lazy-compilation",
    "--single-threaded",
    # It would count calls for TurboFan's inlining, which never comes: fib would take 1.7 times as long.
    "--no-wasm-inlining",
    "--no-wasm-inlining-call-indirect",
)


def find() -> Engine:
    """As the comparison takes it."""
    return engine("liftoff")


def engine(name: str, more: tuple[str, ...] = ()) -> Engine:
    """With more flags of V8."""
    return node.engine(name, Kind.BASELINE, (*FLAGS, *more))
