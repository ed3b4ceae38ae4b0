"""V8's optimising compiler.

Without inlining: V8 tells from which byte of a body code comes, but not of which function's body.
"""

from __future__ import annotations

from linocut.cli.bench.engines.turbofan import FLAGS
from linocut.cli.inspect.against.v8 import V8

_ALONE = "--no-wasm-inlining"
_ONE = (_ALONE, "--no-liftoff", "--single-threaded", "--wasm-lazy-compilation")


def open_engine(wasm: bytes) -> V8:
    """EngineError without node."""
    return V8(
        "turbofan",
        wasm,
        (*FLAGS, _ALONE),
        # Only the function that is asked for: to optimise all of a large module takes minutes.
        one=lambda index: (*_ONE, f"--wasm-eager-tier-up-function={index}"),
        note="without inlining",
    )
