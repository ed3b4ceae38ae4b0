"""wasmtime's baseline compiler, as the comparison takes it."""

from __future__ import annotations

from linocut.cli.inspect.against.wasmtime_code import WasmtimeCode


def open_engine(wasm: bytes) -> WasmtimeCode:
    """Compiles the module; EngineError without wasmtime, and when wasmtime refuses the module."""
    return WasmtimeCode("winch", wasm)
