"""wasmtime's baseline compiler, as the comparison takes it."""

from __future__ import annotations

from linocut.cli.inspect.against.wasmtime_code import WasmtimeCode


def open_engine(wasm: bytes) -> WasmtimeCode:
    """EngineError without wasmtime."""
    return WasmtimeCode("winch", wasm)
