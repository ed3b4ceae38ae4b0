"""A host function whose class has `__linocut_keeps_lock__`: no other Python thread runs before the guest goes on."""

from __future__ import annotations

import itertools
import threading
from functools import partial

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

pytest.importorskip("wasmtime")


class Keeping(partial):
    __linocut_keeps_lock__ = True


# How far another thread counts between the returns of two calls; the third call takes longer than a tick.
WAT = """(module
  (import "host" "next" (func $next (result i64)))
  (import "host" "work" (func $work (result i64)))
  (func (export "counted") (result i64)
    (local $before i64)
    (local.set $before (call $next))
    (drop (call $work))
    (i64.sub (call $next) (local.get $before))))"""


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("kind", [Keeping, partial])
def test_the_lock_is_kept_until_the_guest_goes_on(kind: type[partial], interpret: bool):
    """The host functions are C code of Python itself, which does not give up the lock."""
    counter, has_ended = itertools.count(), threading.Event()

    def count() -> None:
        while not has_ended.is_set():
            next(counter)

    imports = {"host": {"next": kind(next, counter), "work": kind(sum, range(2_000_000))}}
    counted = linocut.load(wat_to_wasm(WAT), interpret=interpret).instantiate(imports).exports.counted
    other = threading.Thread(target=count, daemon=True)
    other.start()
    try:
        seen = [counted() for _ in range(5)]
    finally:
        has_ended.set()
        other.join()
    assert min(seen) == 1 if kind is Keeping else max(seen) > 1
