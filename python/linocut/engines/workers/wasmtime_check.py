"""A worker: PyPI's wasmtime with every feature that its library can switch on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import wasmtime

from linocut.engines.workers.check_jobs import proc_exit, serve

_FEATURES = (
    "wasm_custom_page_sizes",
    "wasm_exceptions",
    "wasm_function_references",
    "wasm_gc",
    "wasm_memory64",
    "wasm_multi_memory",
    "wasm_relaxed_simd",
    "wasm_tail_call",
    "wasm_threads",
    "wasm_wide_arithmetic",
    "shared_memory",
)


class RejectedError(Exception):
    """The module was refused: wasmtime's errors do not say at which step they came about."""


class Session:
    """A store and a linker."""

    def __init__(self, engine: wasmtime.Engine) -> None:
        self._store = wasmtime.Store(engine)
        self._linker = wasmtime.Linker(engine)
        i32, externref = wasmtime.ValType.i32(), wasmtime.ValType.externref()
        exit_type = wasmtime.FuncType([i32], [])
        self._define("wasi_snapshot_preview1", "proc_exit", wasmtime.Func(self._store, exit_type, proc_exit))
        reference_type = wasmtime.FuncType([i32], [externref])
        self._define("host", "externref", wasmtime.Func(self._store, reference_type, lambda number: number))

    def provide(self, name: str, file: str) -> None:
        """Instantiate."""
        self._linker.define_instance(self._store, name, self._make(file))

    def instantiate(self, file: str) -> None:
        """Instantiate."""
        self._exports = self._make(file).exports(self._store)

    def call(self, name: str) -> object:
        """Call."""
        function: Any = self._exports[name]
        return function(self._store)

    def _define(self, module: str, name: str, function: wasmtime.Func) -> None:
        self._linker.define(self._store, module, name, function)

    def _make(self, file: str) -> wasmtime.Instance:
        data = Path(file).read_bytes()
        try:
            wasm = bytes(wasmtime.wat2wasm(data)) if file.endswith(".wat") else data
            module = wasmtime.Module(self._store.engine, wasm)
        except wasmtime.WasmtimeError as error:
            raise RejectedError(str(error)) from None
        return self._linker.instantiate(self._store, module)


def tell(error: Exception) -> str:
    """The answer for what it raised."""
    if isinstance(error, wasmtime.Trap):
        is_deep = error.trap_code is wasmtime.TrapCode.STACK_OVERFLOW
        return f"exhaustion {error.message}" if is_deep else f"trap {error.message}"
    if isinstance(error, RejectedError):
        return f"rejected {error}"
    if isinstance(error, wasmtime.WasmtimeError):
        return f"unlinkable {error}"
    return f"unknown {type(error).__name__}: {error}"


def make_engine() -> wasmtime.Engine:
    """Compiled fast rather than well: small code is run once."""
    config = wasmtime.Config()
    config.parallel_compilation = False
    for feature in _FEATURES:
        setattr(config, feature, True)
    return wasmtime.Engine(config)


if __name__ == "__main__":
    engine = make_engine()
    serve("text link host pack", lambda: Session(engine), tell)
