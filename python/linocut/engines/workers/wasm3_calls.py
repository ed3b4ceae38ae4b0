"""Measures the calls of PyPI's wasm3."""

from __future__ import annotations

from typing import TYPE_CHECKING

import wasm3

from linocut.engines.workers.call_jobs import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.engines.workers.call_jobs import Add, CallMany

_STACK = 1 << 16


def open_guest(wasm: bytes, call: Callable[[int], int]) -> tuple[Add, CallMany]:
    """Its functions, as they are."""
    environment = wasm3.Environment()
    runtime = environment.new_runtime(_STACK)
    module = environment.parse_module(wasm)
    runtime.load(module)
    module.link_function("host", "call", "i(i)", call)
    return runtime.find_function("add"), runtime.find_function("call_many")


if __name__ == "__main__":
    serve(open_guest)
