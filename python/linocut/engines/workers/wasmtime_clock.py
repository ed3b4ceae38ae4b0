"""A clock of CPU time for WASI commands in wasmtime."""

from __future__ import annotations

import time
from statistics import median

import wasmtime

_WASI = "wasi_snapshot_preview1"
_REALTIME, _PROCESS_CPUTIME = 0, 2
_I32, _I64 = wasmtime.ValType.i32(), wasmtime.ValType.i64()
_SIGNATURE = wasmtime.FuncType([_I32, _I64, _I32], [_I32])
# Looks at the clock twice, as a program does before and after its kernel.
_TWO_LOOKS = """(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $look (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "look")
    (drop (call $look (i32.const 2) (i64.const 1) (i32.const 0)))
    (drop (call $look (i32.const 2) (i64.const 1) (i32.const 8)))))"""
_REHEARSALS = 20


class Clock:
    """WASI's clock_time_get with the CPU time that other engines' programs get and wasmtime's WASI lacks.

    A call of Python from wasmtime takes as long as a small kernel: what that costs is measured beforehand and
    left out of the time told.
    """

    def __init__(self, linker: wasmtime.Linker) -> None:
        self._cost = self._hidden = 0
        linker.allow_shadowing = True
        linker.define_func(_WASI, "clock_time_get", _SIGNATURE, self.tell, access_caller=True)

    def tell(self, caller: wasmtime.Caller, clock: int, _: int, address: int) -> int:
        """Nanoseconds, into the caller's memory."""
        now = time.process_time_ns() - self._hidden if clock == _PROCESS_CPUTIME else _host_time(clock)
        self._hidden += self._cost
        memory = caller["memory"]
        assert isinstance(memory, wasmtime.Memory)
        memory.write(caller, now.to_bytes(8, "little"), address & 0xFFFF_FFFF)
        return 0

    def rehearse(self, linker: wasmtime.Linker, store: wasmtime.Store) -> None:
        """Measure the time from one look to the next with nothing between.

        The last thing before the program starts: the first calls cost several times as much as the others.
        """
        module = wasmtime.Module(store.engine, bytes(wasmtime.wat2wasm(_TWO_LOOKS)))
        exports = linker.instantiate(store, module).exports(store)
        look, memory = exports["look"], exports["memory"]
        assert isinstance(look, wasmtime.Func) and isinstance(memory, wasmtime.Memory)
        costs = []
        for _ in range(_REHEARSALS):
            look(store)
            before, after = (int.from_bytes(memory.read(store, at, at + 8), "little") for at in (0, 8))
            costs.append(after - before)
        self._cost = round(median(costs))


def _host_time(clock: int) -> int:
    return time.time_ns() if clock == _REALTIME else time.monotonic_ns()
