"""wasmtime's baseline compiler, as the comparison takes it."""

from __future__ import annotations

from linocut.engines.printed.wasmtime_code import WasmtimeCode


def open_engine(wasm: bytes) -> WasmtimeCode:
    """EngineError without wasmtime."""
    return WasmtimeCode("winch", wasm)
