"""Typical actions while memory is short: a script, whose argument is the way that memory runs out.

`failing` (with failing.cpp preloaded): each request that the extension makes to the system fails once.
`limited`: address space ends earlier and earlier.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import resource
import sys

import linocut
from linocut.text.wat import wat_to_wasm

WASM = wat_to_wasm("""(module (import "env" "f" (func $f (param i32) (result i32)))
  (import "env" "wide" (func $wide (param i64 i64 i64 i64 i64 i64 f64) (result i64 i64)))
  (memory (export "memory") 1 10) (table (export "table") 3 100 externref) (table $functions 2 funcref)
  (global (export "counter") (mut i32) (i32.const 7)) (global (mut externref) (ref.null extern))
  (elem (table $functions) (i32.const 0) func $g $deep) (data (i32.const 0) "hello")
  (type $void (func))
  (func $g (export "g") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "wide") (result i64 i64)
    (call $wide (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6) (f64.const 7)))
  (func $deep (export "deep") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1)))) (else unreachable)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "grow_table") (param externref i32) (result i32) (table.grow 0 (local.get 0) (local.get 1)))
  (func (export "fill") (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536))))""")
BROKEN = b"\0asm\1\0\0\0\1\5\1\x60\0\1\x7f\3\2\1\0\x0a\4\1\2\0\x0b"


class HostError(Exception):
    pass


class Thing:
    pass


def fail(value: int) -> int:
    raise HostError


def expect(kind: type[BaseException], call: object) -> BaseException:
    try:
        call()  # type: ignore[operator]
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def act(interpret: bool, strict: bool) -> None:
    module = linocut.load(WASM, interpret=interpret)
    store = linocut.Store()
    env = {"f": lambda x: 2 * x, "wide": lambda *given: (given[0], given[5])}
    exports = module.instantiate({"env": env}, store=store).exports
    assert exports.g(4) == 9
    assert exports.wide() == (1, 6)
    things = [Thing() for _ in range(1100)]  # more handles than the store keeps without a sweep
    for thing in things:
        assert exports.same(thing) is thing
    exports.table[0] = things[3]
    for call, kind in (
        (lambda: exports.deep(300), "unreachable"),
        (lambda: exports.load(-1), "out_of_bounds_memory"),
    ):
        trap = expect(linocut.Trap, call)
        assert isinstance(trap, linocut.Trap)
        assert trap.kind == kind
        assert not strict or trap.frames
    failing = module.instantiate({"env": env | {"f": fail}}, store=store)
    expect(HostError, lambda: failing.exports.g(1))
    expect(
        linocut.LinkError, lambda: module.instantiate({"env": env | {"f": linocut.Memory(1)}}, store=store)
    )
    exports.grow(2)
    exports.grow_table(None, 50)
    exports.fill()
    exports.memory.grow(1)
    exports.table.grow(1, "x")
    func = linocut.Func(lambda x: x, linocut.FuncType(["i32"], ["i32"]))
    module.instantiate({"env": env | {"f": func}}, store=store)
    linocut.Table("funcref", 1, 2, func)[0] = exports.g
    linocut.Global(linocut.GlobalType("externref", True), Thing()).value = func
    assert repr(exports.g)
    assert exports.g.type
    assert exports.memory.read(0, 5) == b"\1\1\1\1\1"
    expect(linocut.InvalidError, lambda: linocut.load(BROKEN))
    exports.table[1] = exports  # a cycle through the store


def attempt(interpret: bool) -> None:
    with contextlib.suppress(MemoryError):
        act(interpret, strict=False)
    gc.collect()


def fail_each_request(interpret: bool) -> int:
    shim = ctypes.CDLL(None)
    for n in range(10_000):
        shim.fail_at(ctypes.c_long(n))
        try:
            attempt(interpret)
        finally:
            has_failed = shim.has_failed()
        if not has_failed:
            return n
    raise AssertionError("it never comes through")


def limit_address_space(interpret: bool) -> int:
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * 4096
    rounds = 0
    for room in [(64 << 30) >> shift for shift in range(22)] + [n << 16 for n in range(24, 0, -1)]:
        resource.setrlimit(resource.RLIMIT_AS, (used + room, resource.RLIM_INFINITY))
        attempt(interpret)
        rounds += 1
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return rounds


def main() -> None:
    way, interpret = sys.argv[1], sys.argv[2] == "interpret"
    act(interpret, strict=True)
    rounds = (fail_each_request if way == "failing" else limit_address_space)(interpret)
    gc.collect()
    types = linocut._core.count_types()[0]
    act(interpret, strict=True)
    gc.collect()
    assert linocut._core.count_types()[0] == types
    print("rounds:", rounds)


if __name__ == "__main__":
    main()
