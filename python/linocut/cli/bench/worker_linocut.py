"""Measures linocut: one compiling thread, everything validated, as loaded by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linocut.cli.bench.worker import serve
from linocut.module import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def compile_module(wasm: bytes) -> object:
    """Bytes to machine code."""
    return load(wasm, threads=1)


def open_kernel(path: Path, job: dict[str, Any]) -> Callable[[int], int]:
    """The kernel's run()."""
    run: Callable[[int], int] = load(path.read_bytes(), threads=1).instantiate().exports.run
    return run


if __name__ == "__main__":
    serve(compile_module, open_kernel)
