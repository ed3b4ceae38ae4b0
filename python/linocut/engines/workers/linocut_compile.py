"""Compiles by linocut: everything validated, as loaded by default, but for the number of threads.

With `--without NAME` before the job: without that switch of linocut.experiments (`linocut bench --ablate`).
"""

from __future__ import annotations

import sys

from linocut import Module, validate
from linocut.engines.workers.compile_jobs import read_job, serve


def _switched_off() -> int:
    """As the compiler wants it: 0 is the product."""
    if sys.argv[1] != "--without":
        return 0
    from linocut.experiments import bits_of

    return bits_of([sys.argv[2]], unsafe=True)


_THREADS, _WITHOUT = read_job()["threads"], _switched_off()


def compile_module(wasm: bytes) -> Module:
    """Bytes to machine code that can run."""
    return Module(wasm, _THREADS, _WITHOUT)


def code_bytes(module: Module) -> int:
    """All functions' code, with the cold parts at their ends."""
    first, end = module._code.defined_functions()
    return sum(module._code.function_sizes(function)[0] for function in range(first, end))


if __name__ == "__main__":
    serve(compile_module, validate, code_bytes)
