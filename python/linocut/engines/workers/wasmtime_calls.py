"""Measures the calls of PyPI's wasmtime: `wasmtime_calls.py cranelift|winch JOB`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import wasmtime

from linocut.engines.workers.call_jobs import serve
from linocut.engines.workers.wasmtime_engine import make_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.engines.workers.call_jobs import Add, CallMany


def open_guest(wasm: bytes, call: Callable[[int], int]) -> tuple[Add, CallMany]:
    """Its exports want the store at every call."""
    engine = make_engine(sys.argv[1])
    store = wasmtime.Store(engine)
    i32 = wasmtime.ValType.i32()
    host = wasmtime.Func(store, wasmtime.FuncType([i32], [i32]), call)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, wasm), [host]).exports(store)
    add, call_many = exports["add"], exports["call_many"]
    assert isinstance(add, wasmtime.Func) and isinstance(call_many, wasmtime.Func)
    return partial(add, store), partial(call_many, store)


if __name__ == "__main__":
    serve(open_guest)
