"""v128 in Python is 16 bytes, lane 0 first: beside other values, in globals, through calls of all kinds."""

from __future__ import annotations

import itertools
from array import array
from typing import Any

import linocut
import numpy as np
import pytest
from linocut import FuncType, GlobalType

COUNTING = bytes(range(16))
MIXED = [
    "v128",
    "f64",
    "v128",
    "i32",
    "v128",
    "v128",
    "v128",
    "f32",
    "v128",
    "externref",
    "i64",
    "v128",
    "f64",
]


def vector(number: int) -> bytes:
    """A vector whose bytes all differ."""
    return bytes((number * 16 + lane) % 256 for lane in range(16))


def values_of(types: list[str]) -> list[object]:
    samples: dict[str, Any] = {
        "v128": vector,
        "f32": lambda n: n + 0.5,
        "f64": lambda n: n / 8,
        "externref": str,
    }
    return [samples.get(type, int)(number) for number, type in enumerate(types)]


def backwards(*values: object) -> object:
    return values[0] if len(values) == 1 else values[::-1]


# ── Python's side ──
@pytest.mark.parametrize(
    "given",
    [
        COUNTING,
        bytearray(COUNTING),
        memoryview(COUNTING),
        memoryview(bytes(range(31)))[::-2][::-1],
        array("Q", np.frombuffer(COUNTING, "u8")),
        np.frombuffer(COUNTING, np.float32).reshape(2, 2),
    ],
    ids=lambda given: type(given).__name__,
)
def test_any_16_bytes_are_a_vector(given: object) -> None:
    expected = bytes(memoryview(given))  # type: ignore[arg-type]
    assert linocut.Func(lambda value: value, FuncType(["v128"], ["v128"]))(given) == expected
    assert linocut.Global(GlobalType("v128"), given).value == expected


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (7, TypeError, "v128 wants a bytes-like object of 16 bytes, not int"),
        (None, TypeError, "not NoneType"),
        ("0123456789abcdef", TypeError, "not str"),
        (list(range(16)), TypeError, "not list"),
        (b"", ValueError, "v128 wants 16 bytes, not 0"),
        (bytes(15), ValueError, "v128 wants 16 bytes, not 15"),
        (memoryview(bytes(17)), ValueError, "v128 wants 16 bytes, not 17"),
        (np.zeros(16), ValueError, "v128 wants 16 bytes, not 128"),
    ],
)
def test_nothing_else_is_a_vector(given: object, error: type[Exception], says: str) -> None:
    take, give = FuncType(["v128"]), FuncType([], ["v128"])
    variable = linocut.Global(GlobalType("v128", mutable=True), COUNTING)
    for refuse in (
        lambda: linocut.Func(print, take)(given),
        lambda: linocut.Func(lambda: given, give)(),
        lambda: linocut.Global(GlobalType("v128"), given),
        lambda: setattr(variable, "value", given),
    ):
        with pytest.raises(error, match=says):
            refuse()
    assert variable.value == COUNTING


def test_call_bits_takes_and_gives_vectors_as_ints() -> None:
    func = linocut.Func(lambda *values: values, FuncType(["v128", "f64", "v128"], ["v128", "f64", "v128"]))
    bits = (1 << 127 | 1, 0x7FF4000000000001, int.from_bytes(COUNTING, "little"))
    assert func.call_bits(*bits)[::2] == bits[::2]
    for wrong in (-1, 1 << 128):
        with pytest.raises(OverflowError, match="does not fit v128"):
            func.call_bits(wrong, 0, 0)
    with pytest.raises(TypeError, match="v128 wants an int, not bytes"):
        func.call_bits(COUNTING, 0, 0)


@pytest.mark.parametrize("types", [["v128"], MIXED, MIXED * 7, ["f64"] * 3 + ["v128"] * 3, ["v128"] * 300])
def test_a_host_function_that_python_calls(types: list[str]) -> None:
    func = linocut.Func(backwards, FuncType(types, types[::-1]))
    given = values_of(types)
    assert func(*given) == backwards(*given)


# ── WebAssembly's ──
def functions(types: list[str]) -> str:
    """A module that reverses its arguments, by itself and by a function of the host, and keeps a local."""
    params, results = " ".join(types), " ".join(reversed(types))
    gets = " ".join(f"(local.get {i})" for i in range(len(types)))
    turned = " ".join(f"(local.get {i})" for i in reversed(range(len(types))))
    return f"""(module (type $t (func (param {params}) (result {results})))
      (import "m" "turn" (func $host (type $t)))
      (table funcref (elem $own $host))
      (func $own (export "own") (type $t) {turned})
      (func (export "called") (type $t) {gets} (call $own))
      (func (export "host") (type $t) {gets} (call $host))
      (func (export "indirect") (type $t) {gets} (call_indirect (type $t) (i32.const 1))))"""


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("types", [["v128"], MIXED, MIXED * 7, ["f64"] * 3 + ["v128"] * 3, ["v128"] * 300])
def test_vectors_as_arguments_and_results(types: list[str]) -> None:
    exports = linocut.load(functions(types)).instantiate({"m": {"turn": backwards}}).exports
    given = values_of(types)
    for name in ("own", "called", "host", "indirect"):
        assert exports[name](*given) == backwards(*given), name


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
def test_vectors_between_machine_code_and_the_interpreter(first: bool, second: bool) -> None:
    text = functions(MIXED)
    callee = linocut.load(text, interpret=first).instantiate({"m": {"turn": backwards}}).exports
    caller = linocut.load(text, interpret=second).instantiate({"m": {"turn": callee.own}}).exports
    given = values_of(MIXED)
    for name in ("host", "indirect"):
        assert caller[name](*given) == backwards(*given)


@pytest.mark.usefixtures("both_ways")
def test_locals_live_through_calls_of_the_host() -> None:
    count = range(20)
    text = f"""(module (import "m" "next" (func $next (result v128)))
      (func $deep (export "deep") (param $left i32) (result {"v128 " * len(count)})
        {" ".join(f"(local $l{i} v128)" for i in count)}
        {" ".join(f"(local.set $l{i} (call $next))" for i in count)}
        (if (local.get $left)
          (then (call $deep (i32.sub (local.get $left) (i32.const 1))) {"drop " * len(count)}))
        {" ".join(f"(local.get $l{i})" for i in count)}))"""
    numbers = itertools.count()
    exports = linocut.load(text).instantiate({"m": {"next": lambda: vector(next(numbers))}}).exports
    assert exports.deep(3) == tuple(map(vector, count))


@pytest.mark.usefixtures("both_ways")
def test_locals_begin_with_zero() -> None:
    text = '(module (func (export "f") (param v128) (result v128 v128) (local v128 i32) local.get 1 local.get 0))'
    assert linocut.load(text).instantiate().exports.f(COUNTING) == (bytes(16), COUNTING)


GLOBALS = """(module (import "m" "given" (global $given v128)) (import "m" "shared" (global $shared (mut v128)))
  (global $byte (export "byte") (mut i32) (i32.const 7))
  (global $own (export "own") (mut v128) (v128.const i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c))
  (global $copy (export "copy") v128 (global.get $given))
  (global $again (export "again") v128 (global.get $copy))
  (global $last (export "last") (mut i64) (i64.const -1))
  (func (export "turn") (param v128) (result v128)
    (global.get $own) (global.set $own (global.get $shared)) (global.set $shared (local.get 0))))"""


@pytest.mark.usefixtures("both_ways")
def test_globals() -> None:
    shared = linocut.Global(GlobalType("v128", mutable=True), vector(2))
    module = linocut.load(GLOBALS)
    first = module.instantiate(
        {"m": {"given": linocut.Global(GlobalType("v128"), vector(1)), "shared": shared}}
    )
    one = first.exports
    two = module.instantiate({"m": {"given": one.again, "shared": one.own}}).exports
    assert (one.copy.value, one.again.value, two.again.value) == (vector(1),) * 3
    assert one.turn(vector(3)) == COUNTING
    assert (one.own.value, shared.value) == (vector(2), vector(3))
    assert two.turn(vector(4)) == COUNTING
    assert (one.own.value, two.own.value, shared.value) == (vector(4), vector(2), vector(3))
    two.own.value = vector(5)
    assert two.turn(COUNTING) == vector(5)
    assert [(each.byte.value, each.last.value) for each in (one, two)] == [(7, -1)] * 2
    assert one.own.type == GlobalType("v128", mutable=True)


@pytest.mark.parametrize(("type", "value"), [("f64", 1.0), ("i32", 1)])
def test_a_global_of_another_type_does_not_link(type: str, value: float) -> None:
    wrong = linocut.Global(GlobalType(type), value)
    with pytest.raises(linocut.LinkError, match=f"must be global v128, is global {type}"):
        linocut.load('(module (import "m" "g" (global v128)))').instantiate({"m": {"g": wrong}})


def test_a_constant_expression_of_vectors_is_checked() -> None:
    for bad in (
        "(global v128 (i64.const 1))",
        "(global i64 (v128.const i64x2 1 2))",
        "(global v128 (v128.const i64x2 1 2) (v128.const i64x2 1 2))",
        "(global v128 (i8x16.splat (i32.const 1)))",
    ):
        with pytest.raises(linocut.InvalidError):
            linocut.load(f"(module {bad})")
