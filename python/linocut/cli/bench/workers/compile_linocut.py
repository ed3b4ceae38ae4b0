"""Compiles by linocut: everything validated, as loaded by default, but for the number of threads."""

from __future__ import annotations

from linocut import Module, load
from linocut.cli.bench.workers.serve import read_job, serve

_THREADS = read_job()["threads"]


def compile_module(wasm: bytes) -> Module:
    """Bytes to machine code that can run."""
    return load(wasm, threads=_THREADS)


def code_bytes(module: Module) -> int:
    """All functions' code, with the cold parts at their ends."""
    first, end = module._code.defined_functions()
    return sum(module._code.function_sizes(function)[0] for function in range(first, end))


if __name__ == "__main__":
    serve(compile_module, code_bytes=code_bytes)
