"""V8's optimising compiler.

Without inlining: V8 tells from which byte of a body code comes, but not of which function's body.
"""

from __future__ import annotations

from linocut.engines.measured.turbofan import FLAGS
from linocut.engines.printed.v8 import V8


def open_engine(wasm: bytes) -> V8:
    """EngineError without node."""
    return V8("turbofan", wasm, (*FLAGS, "--no-wasm-inlining"), "without inlining")
