"""Measures Cranelift, by PyPI wasmtime, on one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import wasmtime

from linocut.cli.bench.worker import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = wasmtime.Config()
CONFIG.cranelift_opt_level = "speed"
CONFIG.parallel_compilation = False
ENGINE = wasmtime.Engine(CONFIG)


def compile_module(wasm: bytes) -> object:
    """Bytes to machine code."""
    return wasmtime.Module(ENGINE, wasm)


def open_kernel(path: Path, job: dict[str, Any]) -> Callable[[int], int]:
    """The kernel's run()."""
    store = wasmtime.Store(ENGINE)
    exports = wasmtime.Instance(store, wasmtime.Module(ENGINE, path.read_bytes()), []).exports(store)
    run = exports["run"]
    assert isinstance(run, wasmtime.Func)
    return lambda n: int(run(store, n))


if __name__ == "__main__":
    serve(compile_module, open_kernel)
