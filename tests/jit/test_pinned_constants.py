"""Float constants that loops use have registers of their own, if the locals leave some free."""

from __future__ import annotations

import math

import linocut
import pytest

pytest.importorskip("wasmtime")
pytest.importorskip("capstone", reason="the registers are seen in the machine code")

from linocut.inspecting.listing.listing import Listing
from linocut.text.wat import wat_to_wasm
from twins import Twins, agree

PINS = 12


def lines_of(text: str, function: int = 0) -> list[str]:
    listing = Listing.of(linocut.load(wat_to_wasm(text)), function)
    pieces = (piece for section in listing.sections for piece in section.pieces)
    return [line.machine.text for piece in pieces for line in piece.code]


def from_memory(text: str) -> int:
    """How many instructions read a constant from behind the function."""
    return sum("[rip" in line for line in lines_of(text))


def horner(count: int, type_: str = "f64", locals_: int = 0, first: float = 1.5) -> str:
    """f(x, n) runs a loop n times that adds `count` constants to x or multiplies it by them, in turn."""
    steps = " ".join(f"({type_}.const {first + n}) {type_}.{'mul' if n % 2 else 'add'}" for n in range(count))
    used = " ".join(f"(local.set {2 + n} (local.get 0))" for n in range(locals_))
    return f"""(module (func (export "f") (param {type_} i32) (result {type_}) (local {f"{type_} " * locals_})
      {used}
      (loop (local.get 0) {steps} ({type_}.const 0.001) ({type_}.mul) (local.set 0)
        (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (local.get 0)))"""


@pytest.mark.parametrize("type_", ["f32", "f64"])
@pytest.mark.parametrize("count", [1, 5, 10, 11, 14, 40])
def test_constants_are_what_they_are(type_: str, count: int) -> None:
    agree(horner(count, type_), [("f", 0.5, 1), ("f", -3.25, 7)])


@pytest.mark.parametrize(("count", "left"), [(1, 0), (10, 0), (11, 1), (14, 4)])
def test_so_many_have_a_register(count: int, left: int) -> None:
    """Two more registers hold the parameter and 0.001."""
    assert from_memory(horner(count)) == left


@pytest.mark.parametrize("locals_", [0, 4, 10, 11, 20])
def test_locals_come_first(locals_: int) -> None:
    text = horner(5, locals_=locals_)
    room = max(0, PINS - 1 - locals_)
    assert from_memory(text) == max(0, 6 - room)
    agree(text, [("f", 0.5, 3)])


def test_outside_of_loops_none_has() -> None:
    text = '(module (func (export "f") (param f64) (result f64) (f64.mul (local.get 0) (f64.const 1.5))))'
    assert from_memory(text) == 1


def test_one_that_is_known_from_a_loop_is_used_behind_it() -> None:
    text = horner(1).replace("(local.get 0)))", "(f64.mul (local.get 0) (f64.const 1.5))))")
    assert from_memory(text) == 0
    agree(text, [("f", 0.5, 3)])


def test_equal_bits_of_two_types_are_two_constants() -> None:
    text = """(module (func (export "f") (param i32) (result f64) (local f32 f64)
      (loop (local.set 1 (f32.add (local.get 1) (f32.const 0x1p-126)))
        (local.set 2 (f64.add (local.get 2) (f64.const 0x0.0000000800000p-1022)))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (f64.add (local.get 2) (f64.promote_f32 (local.get 1)))))"""
    agree(text, [("f", 5)])


@pytest.mark.parametrize("bits", [0x8000000000000000, 0x7FF0000000000001, 0xFFF8DEADBEEF0000, 1])
def test_every_bit_arrives(bits: int) -> None:
    """A negative zero, two NaNs, and the smallest number."""
    text = f"""(module (memory 1) (func (export "f") (param i32) (result i64) (local i64)
      (loop (local.set 1 (i64.reinterpret_f64 (f64.reinterpret_i64 (i64.const 0))))
        (f64.store (i32.const 8) {literal(bits)})
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (i64.load (i32.const 8))))"""
    instance = linocut.load(wat_to_wasm(text)).instantiate()
    assert instance.exports.f(3) & (1 << 64) - 1 == bits


def literal(bits: int) -> str:
    if bits >> 52 & 0x7FF == 0x7FF:
        return f"(f64.const {'-' if bits >> 63 else ''}nan:{bits & (1 << 52) - 1:#x})"
    return "(f64.const -0)" if bits >> 63 else "(f64.const 0x0.0000000000001p-1022)"


# Callees, hosts, handlers and deeper calls of the same function use the same registers.
CALLS = """(module (import "host" "f" (func $host (param f64) (result f64)))
  (tag $e (param f64))
  (func $inner (param f64) (result f64) (local i32)
    (local.set 1 (i32.const 3))
    (loop (local.set 0 (f64.add (f64.mul (local.get 0) (f64.const 7.5)) (f64.const 0.125)))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (local.get 0))
  (func $throws (param f64) (local i32)
    (local.set 1 (i32.const 2))
    (loop (local.set 0 (f64.add (local.get 0) (f64.const 9.75)))
      (if (f64.gt (local.get 0) (f64.const 20)) (then (throw $e (local.get 0))))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))))
  (func $f (export "f") (param f64 i32) (result f64)
    (loop
      (local.set 0 (f64.add (f64.sub (local.get 0) (f64.const 2.5)) (f64.const 1.25)))
      (local.set 0 (f64.add (call $inner (local.get 0)) (f64.const 2.5)))
      (local.set 0 (f64.mul (call $host (local.get 0)) (f64.const 1.25)))
      (block $caught (result f64)
        (try_table (catch $e $caught) (call $throws (local.get 0)))
        (f64.const 2.5))
      (local.set 0 (f64.mul (f64.sub (local.get 0)) (f64.const 0.01)))
      (if (i32.gt_s (local.get 1) (i32.const 4))
        (then (local.set 0 (f64.add (call $f (local.get 0) (i32.sub (local.get 1) (i32.const 4))) (f64.const 1.25)))))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (local.get 0)))"""


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_they_live_through_calls(interpret: bool) -> None:
    def host(x: float) -> float:
        return math.sin(other.exports.f(x, 2)) if abs(x) > 100 else x + 0.5

    wasm = wat_to_wasm(CALLS)
    other = linocut.load(wasm).instantiate({"host": {"f": lambda x: x / 3}})
    compiled = linocut.load(wasm).instantiate({"host": {"f": host}})
    tested = linocut.load(wasm, interpret=interpret).instantiate({"host": {"f": host}})
    for x in (0.0, 3.5, -200.25, 1e6):
        for n in (1, 5, 9):
            assert tested.exports.f(x, n) == compiled.exports.f(x, n)


def test_they_live_through_calls_in_another_engine_too() -> None:
    host = {"f": ("f64", "f64", lambda x: x + 0.5)}
    Twins(CALLS, host).agree([("f", x, n) for x in (0.0, 3.5, -200.25) for n in (1, 6)])


@pytest.mark.parametrize("type_", ["f32", "f64"])
def test_they_wait_below_blocks_and_go_to_labels(type_: str) -> None:
    text = f"""(module (func (export "f") (param {type_} i32) (result {type_})
      (loop
        ({type_}.const 2.5)
        (if (result {type_}) (i32.and (local.get 1) (i32.const 1))
          (then ({type_}.const 1.25)) (else ({type_}.const 2.5)))
        {type_}.add
        (block (result {type_}) (br_table 0 0 ({type_}.const 0.75) (local.get 1)))
        {type_}.mul
        (select ({type_}.const 2.5) ({type_}.const 0.75) (i32.and (local.get 1) (i32.const 2)))
        {type_}.sub
        (local.set 0 ({type_}.add (local.get 0)))
        (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (local.get 0)))"""
    agree(text, [("f", 0.5, n) for n in (1, 2, 3, 8)])
