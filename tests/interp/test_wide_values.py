"""Values of two words among those of one: all stay in place through moves, drops, selects and branches."""

from __future__ import annotations

import linocut
import pytest

from linocut_isa.features import feature

pytest.importorskip("wasmtime")
pytestmark = [
    pytest.mark.usefixtures("both_ways"),
    pytest.mark.skipif(not feature("simd").is_supported, reason="SIMD is not there yet"),
]

A, B, C = bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 48))

LOCALS = """(func (export "f") (param i32 v128 i64) (result i64 v128 i32 v128)
  (local f32) (local $v v128) (local $n i32) (local $w v128)
  (local.set $n (i32.const 7))
  (local.get 2) (local.get 1)                       ;; read before it changes
  (local.set $v (v128.not (local.get 1)))
  (local.set 1 (local.get $v))
  (i32.add (local.get 0) (local.get $n))
  (local.set $w (local.tee $v (local.get 1)))
  (v128.or (local.get $w) (v128.and (local.get $v) (local.get 1))))"""

PENDING = """(func (export "f") (param v128 v128) (result v128 v128 v128 v128)
  (local $t v128)
  (local.get 0) (local.get 1)
  (local.set $t (local.get 0)) (local.set 0 (local.get 1)) (local.set 1 (local.get $t))
  (local.get 0) (local.get 1))"""

CONSTANTS = """(func (export "f") (result v128 v128 i32)
  (local $v v128)
  (local.set $v (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
  (v128.const i64x2 1 2) (drop) (local.get $v)
  (local.tee $v (v128.const i64x2 -1 0))
  (i8x16.extract_lane_u 3 (local.get $v)))"""

BLOCKS = """(func (export "f") (param i32 v128 v128) (result v128 i32)
  (block $out (result v128 i32)
    (i64.const 1)
    (block $in (result i32 v128 i64)
      (i32.const 5) (local.get 1) (i64.const 6)
      (br_if $in (local.get 0))
      (drop) (drop) (drop)
      (br $out (v128.const i64x2 3 4) (i32.const 9)))
    (drop) (local.set 1) (drop) (drop)
    (if (result v128) (i32.eq (local.get 0) (i32.const 1)) (then (local.get 1)) (else (local.get 2)))
    (i32.const 8)))"""

TABLE = """(func (export "f") (param i32 v128 v128) (result v128 v128)
  (block $a (result v128 v128)
    (block $b (result v128 v128)
      (f64.const 1) (local.get 1) (local.get 2) (local.get 0)
      (br_table $a $b $a))
    (local.set 1) (local.set 2) (local.get 1) (local.get 2)))"""

SELECT = """(func (export "f") (param i32 v128 v128) (result v128 v128 i64)
  (select (local.get 1) (local.get 2) (local.get 0))
  (select (result v128) (v128.not (local.get 1)) (v128.const i64x2 0 0) (local.get 0))
  (select (i64.const 1) (i64.const 2) (local.get 0)))"""

LOOP = """(func (export "f") (param $n i32) (result v128 i32)
  (v128.const i32x4 0 1 2 3) (i32.const 0)
  (loop $again (param v128 i32) (result v128 i32)
    (i32.add (i32.const 2))
    (local.set $n (i32.sub (local.get $n) (i32.const 1)))
    (call $step)
    (br_if $again (local.get $n))))
  (func $step (param v128 i32) (result v128 i32)
    (i32x4.add (local.get 0) (i32x4.splat (local.get 1))) (local.get 1))"""

RECURSION = """(func $f (export "f") (param i32 v128) (result v128)
  (local $own v128)
  (local.set $own (i32x4.splat (local.get 0)))
  (if (result v128) (i32.eqz (local.get 0)) (then (local.get 1))
    (else (i32x4.add (call $f (i32.sub (local.get 0) (i32.const 1)) (i32x4.add (local.get 1) (local.get $own)))
      (local.get $own)))))"""


def run(functions: str, *arguments: object) -> object:
    return linocut.load(f"(module {functions})").instantiate().exports.f(*arguments)


def inverted(value: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in value)


def lanes(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def test_locals_lie_behind_each_other() -> None:
    assert run(LOCALS, 3, A, 9) == (9, A, 10, inverted(A))


def test_what_was_read_before_stays_as_it_was() -> None:
    assert run(PENDING, A, B) == (A, B, B, A)


def test_constants() -> None:
    assert run(CONSTANTS) == (A, b"\xff" * 8 + bytes(8), 255)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [(0, ((3).to_bytes(8, "little") + (4).to_bytes(8, "little"), 9)), (1, (A, 8)), (2, (B, 8))],
)
def test_blocks_with_several_values(choice: int, expected: object) -> None:
    assert run(BLOCKS, choice, A, B) == expected


@pytest.mark.parametrize(("choice", "expected"), [(0, (A, B)), (1, (B, A)), (7, (A, B))])
def test_tables_of_branches_with_values(choice: int, expected: object) -> None:
    assert run(TABLE, choice, A, B) == expected


def test_select_takes_all_of_a_value() -> None:
    assert run(SELECT, 1, A, B) == (A, inverted(A), 1)
    assert run(SELECT, 0, A, B) == (B, bytes(16), 2)


def test_loops_and_calls_hand_them_on() -> None:
    assert run(LOOP, 3) == (lanes(12, 13, 14, 15), 6)


def test_recursion_keeps_each_call_s_own() -> None:
    assert run(RECURSION, 4, lanes(0, 1, 2, 3)) == lanes(20, 21, 22, 23)


def test_many_locals_behind_a_wide_one() -> None:
    count = 200
    declared = " ".join("i32 v128" for _ in range(count))
    sets = "".join(
        f"(local.set {2 * n} (i32.const {n})) (local.set {2 * n + 1} (i32x4.splat (i32.const {n})))"
        for n in range(count)
    )
    sums = "".join(
        f"(i32.add (local.get {2 * n})) (i32.add (i32x4.extract_lane 3 (local.get {2 * n + 1})))"
        for n in range(count)
    )
    assert run(f'(func (export "f") (result i32) (local {declared}) {sets} (i32.const 0) {sums})') == 2 * sum(
        range(count)
    )


GLOBALS = """(import "m" "shared" (global $shared (mut v128))) (import "m" "swap" (func $swap (param v128) (result v128)))
  (global $own (mut v128) (v128.const i64x2 5 6)) (global $narrow (mut i32) (i32.const 1))
  (func (export "f") (param v128) (result v128 v128 v128 i32)
    (global.get $own) (global.get $shared)
    (global.set $own (global.get $shared))
    (global.set $shared (call $swap (local.get 0)))
    (global.get $own) (global.get $narrow))
  (func (export "own") (result v128) (global.get $own))"""


def test_globals_of_two_instances() -> None:
    shared = linocut.Global(linocut.GlobalType("v128", mutable=True), A)
    module = linocut.load(f"(module {GLOBALS})")
    swap = linocut.Func(lambda value: value[::-1], linocut.FuncType(["v128"], ["v128"]))
    first, second = (module.instantiate({"m": {"shared": shared, "swap": swap}}).exports for _ in range(2))
    initial = (5).to_bytes(8, "little") + (6).to_bytes(8, "little")
    assert first.f(B) == (initial, A, A, 1)
    assert shared.value == B[::-1]
    assert second.f(C) == (initial, B[::-1], B[::-1], 1)
    assert (first.own(), second.own(), shared.value) == (A, B[::-1], C[::-1])


ACCESSES = """(memory (export "memory") 1)
  (func (export "f") (param i32 v128) (result v128 v128 i32)
    (local i64 v128)
    (v128.store8_lane offset=32 3 (local.get 0) (local.get 1))
    (v128.store64_lane offset=40 1 (i32.const 0) (local.get 1))
    (v128.store offset=48 (local.get 0) (v128.const i64x2 7 8))
    (local.set 3 (v128.load16_lane offset=48 7 (local.get 0) (local.get 1)))
    (local.get 3)
    (v128.load32_lane offset=40 0 (i32.const 0) (v128.not (local.get 3)))
    (i32.load8_u offset=32 (local.get 0)))"""


def test_lanes_in_memory() -> None:
    stored = run(ACCESSES, 0, A)
    assert stored == (A[:14] + b"\x07\x00", A[8:12] + inverted(A[4:14]) + inverted(b"\x07\x00"), 3)


@pytest.mark.parametrize("opcode", ["load8_lane 0", "load64_lane 0", "store8_lane 0", "store64_lane 1"])
def test_lanes_outside_the_memory_trap(opcode: str) -> None:
    name, lane = opcode.split()
    end = "" if name.startswith("store") else "(drop)"
    bytes_ = int(name.strip("loadstre_n")) // 8
    text = f"""(memory 1) (func (export "f") (param i32)
      (v128.{name} {lane} (local.get 0) (v128.const i64x2 0 0)) {end})"""
    run(text, 65536 - bytes_)
    for place in (65537 - bytes_, -1):
        with pytest.raises(linocut.Trap) as caught:
            run(text, place)
        assert caught.value.kind == "out_of_bounds_memory"
