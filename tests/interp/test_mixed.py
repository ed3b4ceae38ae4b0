"""Modules with machine code and interpreted ones in one store call each other like their own kind."""

from __future__ import annotations

import itertools

import linocut
import pytest

pytest.importorskip("wasmtime")

KINDS = [False, True]
PAIRS = pytest.mark.parametrize(
    ("callee", "caller"), list(itertools.product(KINDS, KINDS)), ids=["compiled", "interpreted"].__getitem__
)

# More parameters than the registers carry, of both value classes, and several results.
TYPES = ["i32", "f64", "i64", "f32", "i32", "i64", "f32", "f64", "i32", "i64", "i32", "f64", "f32", "i64"]
SIGNATURE = f"(param {' '.join(TYPES)}) (result {' '.join(reversed(TYPES))})"
GETS = " ".join(f"(local.get {n})" for n in range(len(TYPES)))
BACKWARDS = " ".join(f"(local.get {n})" for n in reversed(range(len(TYPES))))

CALLEE = f"""(module (type $t (func {SIGNATURE})) (memory (export "memory") 1) (table (export "table") 4 funcref)
  (global (export "counter") (mut i64) (i64.const 5)) (global (export "ratio") (mut f32) (f32.const 1.5))
  (func (export "turn") (type $t) {BACKWARDS})
  (func $other (export "other") (result i32) (i32.const 7))
  (func (export "bad") (result i32) (i32.load (i32.const -1)))
  (elem (i32.const 1) $other 0))"""

CALLER = f"""(module (type $t (func {SIGNATURE}))
  (import "m" "turn" (func $turn (type $t))) (import "m" "memory" (memory 1)) (import "m" "table" (table 4 funcref))
  (import "m" "counter" (global $counter (mut i64))) (import "m" "ratio" (global $ratio (mut f32)))
  (import "m" "bad" (func $bad (result i32)))
  (func (export "direct") (type $t) {GETS} (call $turn))
  (func (export "indirect") (type $t) {GETS} (call_indirect (type $t) (i32.const 2)))
  (func (export "through") (param i32) (call_indirect (local.get 0)) (unreachable))
  (func (export "count") (result i64)
    (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
    (global.set $ratio (f32.add (global.get $ratio) (f32.const 0.25)))
    (i64.store (i32.const 8) (global.get $counter))
    (i64.add (global.get $counter) (i64.trunc_f32_s (f32.mul (global.get $ratio) (f32.const 4)))))
  (func (export "grow") (result i32) (drop (memory.grow (i32.const 1))) (i32.load8_u (i32.const 65536)))
  (func $nested (call $bad) drop)
  (func (export "trap") (call $nested)))"""

VALUES = [n + 0.5 if kind.startswith("f") else n for n, kind in enumerate(TYPES)]


def linked(callee: bool, caller: bool) -> tuple[linocut.Instance, linocut.Instance]:
    first = linocut.load(CALLEE, interpret=callee).instantiate()
    second = linocut.load(CALLER, interpret=caller).instantiate({"m": first.exports})
    return first, second


@PAIRS
def test_arguments_and_results_cross(callee: bool, caller: bool) -> None:
    _, second = linked(callee, caller)
    assert second.exports.direct(*VALUES) == tuple(reversed(VALUES))
    assert second.exports.indirect(*VALUES) == tuple(reversed(VALUES))


@PAIRS
def test_state_is_shared(callee: bool, caller: bool) -> None:
    first, second = linked(callee, caller)
    assert second.exports.count() == 6 + 7
    assert first.exports.counter.value == 6
    assert first.exports.ratio.value == 1.75
    assert first.exports.memory.read(8, 8) == (6).to_bytes(8, "little")
    assert second.exports.grow() == 0
    assert first.exports.memory.size == 2


@PAIRS
def test_calls_through_a_table_are_checked(callee: bool, caller: bool) -> None:
    _, second = linked(callee, caller)
    for index, kind in (
        (0, "uninitialized_element"),
        (1, "indirect_call_type_mismatch"),
        (4, "undefined_element"),
    ):
        with pytest.raises(linocut.Trap) as caught:
            second.exports.through(index)
        assert caught.value.kind == kind


@PAIRS
def test_frames_cross(callee: bool, caller: bool) -> None:
    _, second = linked(callee, caller)
    with pytest.raises(linocut.Trap) as caught:
        second.exports.trap()
    assert caught.value.kind == "out_of_bounds_memory"
    assert [frame.function for frame in caught.value.frames] == [2, 7, 8]


def test_frames_are_the_same_whoever_runs_the_code() -> None:
    seen = []
    for callee, caller in itertools.product(KINDS, KINDS):
        with pytest.raises(linocut.Trap) as caught:
            linked(callee, caller)[1].exports.trap()
        seen.append(caught.value.frames)
    assert seen == [seen[0]] * 4


RELAY = """(module (import "m" "next" (func $next (param i32) (result i32)))
  (table (export "table") 1 funcref) (elem (i32.const 0) $go)
  (func $go (export "go") (param i32) (result i32)
    (i32.add (call $next (local.get 0)) (i32.const 1)))
  (func (export "spin") (loop (br 0))))"""


@PAIRS
def test_a_ring_of_calls_ends_in_exhaustion(callee: bool, caller: bool) -> None:
    table = linocut.Table("funcref", 1)
    ring = """(module (import "m" "table" (table 1 funcref)) (type $t (func (param i32) (result i32)))
      (func (export "next") (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0))))"""
    first = linocut.load(ring, interpret=callee).instantiate({"m": {"table": table}})
    second = linocut.load(RELAY, interpret=caller).instantiate({"m": first.exports})
    table[0] = second.exports.go
    with pytest.raises(linocut.StackExhausted) as caught:
        second.exports.go(1)
    assert len(caught.value.frames) == 256
    table[0] = None
    with pytest.raises(linocut.Trap, match="uninitialized"):
        second.exports.go(1)


@PAIRS
def test_exceptions_of_the_host_cross(callee: bool, caller: bool) -> None:
    def fail(_: int) -> int:
        raise ZeroDivisionError("from the host")

    first = linocut.load(RELAY, interpret=callee).instantiate({"m": {"next": fail}})
    second = linocut.load(RELAY, interpret=caller).instantiate({"m": {"next": first.exports.go}})
    with pytest.raises(ZeroDivisionError, match="from the host"):
        second.exports.go(1)


@PAIRS
def test_a_timeout_reaches_the_innermost_loop(callee: bool, caller: bool) -> None:
    first = linocut.load(RELAY, interpret=callee).instantiate({"m": {"next": lambda x: x}})
    outer = """(module (import "m" "spin" (func $spin)) (func (export "go") (call $spin)))"""
    second = linocut.load(outer, interpret=caller).instantiate({"m": first.exports})
    for _ in range(3):
        with pytest.raises(linocut.Timeout):
            second.exports.go(timeout=0.02)
    assert first.exports.go(3) == 4
