from __future__ import annotations

import gc
import inspect
import math
import struct
import sys
import threading
import weakref
from typing import Any

import linocut
import numpy as np
import pytest
from linocut import FuncType

I32 = FuncType(["i32"], ["i32"])


def identity(*types: str) -> Any:
    """A wasm function that returns its arguments."""
    params = " ".join(types)
    body = " ".join(f"local.get {i}" for i in range(len(types)))
    text = f'(module (func (export "f") (param {params}) (result {params}) {body}))'
    return linocut.load(text).instantiate().exports.f


def through_host(*types: str) -> Any:
    """A wasm function that returns its arguments by way of a Python function."""
    params = " ".join(types)
    body = " ".join(f"local.get {i}" for i in range(len(types)))
    text = f"""(module (import "m" "f" (func $f (param {params}) (result {params})))
      (func (export "f") (param {params}) (result {params}) {body} call $f))"""

    def host(*values: object) -> object:
        return values[0] if len(values) == 1 else values

    return linocut.load(text).instantiate({"m": {"f": host}}).exports.f


WAYS = pytest.mark.parametrize("make", [identity, through_host])


@WAYS
@pytest.mark.parametrize(
    ("type", "given", "expected"),
    [
        ("i32", 0, 0),
        ("i32", -1, -1),
        ("i32", 2**31 - 1, 2**31 - 1),
        ("i32", -(2**31), -(2**31)),
        ("i32", 2**31, -(2**31)),
        ("i32", 2**32 - 1, -1),
        ("i32", True, 1),
        ("i32", np.int32(-5), -5),
        ("i64", 2**63 - 1, 2**63 - 1),
        ("i64", -(2**63), -(2**63)),
        ("i64", 2**63, -(2**63)),
        ("i64", 2**64 - 1, -1),
        ("i64", 2**30, 2**30),
        ("i64", np.uint64(2**64 - 1), -1),
        ("f32", 0.1, struct.unpack("f", struct.pack("f", 0.1))[0]),
        ("f32", 1e300, math.inf),
        ("f32", 3, 3.0),
        ("f64", 0.1, 0.1),
        ("f64", -0.0, -0.0),
        ("f64", 7, 7.0),
        ("f64", np.float64(2.5), 2.5),
        ("externref", None, None),
        ("externref", "text", "text"),
        ("funcref", None, None),
    ],
)
def test_values_cross(make: Any, type: str, given: object, expected: object) -> None:
    result = make(type)(given)
    assert result == expected
    assert repr(result) == repr(expected)


@WAYS
@pytest.mark.parametrize(
    ("type", "given", "error"),
    [
        ("i32", 2**32, OverflowError),
        ("i32", -(2**31) - 1, OverflowError),
        ("i32", 2**64, OverflowError),
        ("i64", 2**64, OverflowError),
        ("i64", -(2**63) - 1, OverflowError),
        ("i32", 1.0, TypeError),
        ("i32", "1", TypeError),
        ("i32", None, TypeError),
        ("i64", 1.5, TypeError),
        ("f64", "1", TypeError),
        ("f32", None, TypeError),
        ("f64", 10**400, OverflowError),
        ("funcref", print, TypeError),
        ("funcref", 0, TypeError),
    ],
)
def test_values_that_do_not_fit_are_refused(
    make: Any, type: str, given: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        make(type)(given)


def test_host_results_that_do_not_fit_are_refused() -> None:
    for result, error in [(2**32, OverflowError), ("x", TypeError), (None, TypeError)]:
        func = linocut.Func(lambda _, result=result: result, I32)
        with pytest.raises(error):
            func(0)


@WAYS
def test_nan_is_nan(make: Any) -> None:
    assert math.isnan(make("f64")(math.nan))
    assert math.isnan(make("f32")(math.nan))


def test_call_bits_takes_a_timeout() -> None:
    text = '(module (func (export "spin") (loop (br 0))) (func (export "f") (param i32) (result i32) local.get 0))'
    exports = linocut.load(text).instantiate().exports
    assert exports.f.call_bits(7, timeout=60) == exports.f.call_bits(7, timeout=None) == (7,)
    with pytest.raises(linocut.Timeout):
        exports.spin.call_bits(timeout=0.05)
    with pytest.raises(TypeError, match="no keyword argument 'time'"):
        exports.f.call_bits(7, time=1)


def test_call_bits_keeps_every_bit() -> None:
    for type, bits in [
        ("f32", 0x7FA00001),
        ("f32", 0xFFFFFFFF),
        ("f64", 0x7FF4000000000001),
        ("i32", 0x80000000),
        ("i64", 0xFFFFFFFFFFFFFFFF),
    ]:
        assert identity(type).call_bits(bits) == (bits,)
    with pytest.raises(OverflowError):
        identity("i32").call_bits(-1)
    with pytest.raises(OverflowError):
        identity("f32").call_bits(2**32)
    assert identity("externref").call_bits("any") == ("any",)


@WAYS
def test_several_values_of_all_types(make: Any) -> None:
    types = ["i32", "f64", "i64", "f32", "externref"] * 6
    values = [1, 2.5, 3, 4.5, "five"] * 6
    assert make(*types)(*values) == tuple(values)


@WAYS
@pytest.mark.parametrize("count", [1, 4, 5, 9, 30, 300])
def test_any_number_of_values(make: Any, count: int) -> None:
    for type, values in [("i64", list(range(count))), ("f64", [i / 8 for i in range(count)])]:
        result = make(*[type] * count)(*values)
        assert result == (values[0] if count == 1 else tuple(values))


def test_no_result_is_none() -> None:
    assert linocut.load('(module (func (export "f")))').instantiate().exports.f() is None
    assert linocut.Func(lambda: "dropped", FuncType())() is None


@pytest.mark.parametrize("result", [(1,), (1, 2, 3), (), 5, None])
def test_host_must_give_as_many_results_as_its_type_has(result: object) -> None:
    func = linocut.Func(lambda: result, FuncType([], ["i32", "i32"]))
    with pytest.raises((ValueError, TypeError), match="results"):
        func()


def test_host_may_give_results_as_a_list() -> None:
    assert linocut.Func(lambda: [1, 2], FuncType([], ["i32", "i32"]))() == (1, 2)


def test_wrong_number_of_arguments() -> None:
    func = identity("i32")
    for arguments in [(), (1, 2)]:
        with pytest.raises(TypeError, match=f"takes 1 arguments, not {len(arguments)}"):
            func(*arguments)
    with pytest.raises(TypeError, match="no keyword argument 'x'"):
        func(1, x=2)


def test_type_and_names() -> None:
    func = identity("i32", "f64")
    assert func.type == FuncType(["i32", "f64"], ["i32", "f64"])
    assert func.__name__ == "f"
    assert repr(func) == "<linocut.Func f: [i32 f64] -> [i32 f64]>"
    assert str(inspect.signature(func)) == "(p0, p1, /, *, timeout: 'float | None' = None)"
    assert linocut.Func(math.sqrt, FuncType(["f64"], ["f64"])).__name__ == "sqrt"


def test_equality_is_that_of_the_function() -> None:
    module = linocut.load('(module (func $f (export "a") (export "b")) (func (export "c")))')
    one, two = module.instantiate().exports, module.instantiate().exports
    assert one.a == one.b
    assert hash(one.a) == hash(one.b)
    assert one.a != one.c
    assert one.a != two.a
    assert one.a != "a"


def test_callable_is_checked() -> None:
    with pytest.raises(TypeError, match="not callable"):
        linocut.Func(5, I32)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a FuncType"):
        linocut.Func(print, "i32")  # type: ignore[arg-type]


class Stop(BaseException):
    pass


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(3), Stop()])
def test_host_exception_crosses_wasm_unchanged(error: BaseException) -> None:
    def fail() -> None:
        raise error

    exports = (
        linocut.load("""(module (import "m" "f" (func $f))
      (func (export "g") call $f)
      (func (export "deep") (param i32)
        (if (local.get 0) (then (call 2 (i32.sub (local.get 0) (i32.const 1)))) (else call $f)))
      (func (export "fine") (result i32) i32.const 1))""")
        .instantiate({"m": {"f": fail}})
        .exports
    )
    for call in (exports.g, lambda: exports.deep(100)):
        with pytest.raises(type(error)) as caught:
            call()
        assert caught.value is error
        assert exports.fine() == 1


def test_calls_nest() -> None:
    def host(n: int) -> int:
        return n if n <= 0 else exports.f(n - 1) + 1

    exports = (
        linocut.load("""(module (import "m" "h" (func $h (param i32) (result i32)))
          (func (export "f") (param i32) (result i32) local.get 0 call $h))""")
        .instantiate({"m": {"h": host}})
        .exports
    )
    assert exports.f(50) == 50


def test_endless_recursion_through_both_ends_in_an_error() -> None:
    def host() -> None:
        exports.f()

    module = linocut.load('(module (import "m" "h" (func $h)) (func (export "f") call $h))')
    exports = module.instantiate({"m": {"h": host}}).exports
    with pytest.raises((RecursionError, linocut.StackExhausted)):
        exports.f()
    with pytest.raises((RecursionError, linocut.StackExhausted)):
        exports.f()


def test_endless_recursion_on_a_thread_with_a_small_stack() -> None:
    def host() -> None:
        exports.f()

    text = '(module (import "m" "h" (func $h)) (func (export "f") call $h) (func (export "g") call 2))'
    caught: list[BaseException] = []

    def run() -> None:
        nonlocal exports
        exports = linocut.load(text).instantiate({"m": {"h": host}}).exports
        for call in (exports.f, exports.g):
            try:
                call()
            except (RecursionError, linocut.StackExhausted) as error:
                caught.append(error)

    exports: Any = None
    previous = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(previous)
    assert len(caught) == 2


def test_funcref_round_trip() -> None:
    exports = (
        linocut.load("""(module
      (func (export "id") (param funcref) (result funcref) local.get 0)
      (table $t 1 funcref) (type $i (func (param i32) (result i32)))
      (func (export "apply") (param funcref i32) (result i32)
        (table.set $t (i32.const 0) (local.get 0))
        (call_indirect (type $i) (local.get 1) (i32.const 0)))
      (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
    """)
        .instantiate()
        .exports
    )
    assert exports.id(exports.double) == exports.double
    assert exports.id(exports.double)(4) == 8
    assert exports.apply(exports.double, 21) == 42
    host = linocut.Func(lambda x: x + 1, I32)
    assert exports.apply(host, 41) == 42
    assert exports.id(host) == host
    with pytest.raises(linocut.Trap) as caught:
        exports.apply(linocut.Func(print, FuncType()), 1)
    assert caught.value.kind == "indirect_call_type_mismatch"


def test_funcref_of_another_store_is_refused() -> None:
    exports = linocut.load('(module (func (export "id") (param funcref)))').instantiate().exports
    stranger = linocut.load('(module (func (export "f")))').instantiate().exports.f
    with pytest.raises(ValueError, match="another store"):
        exports.id(stranger)


def test_externref_identity_and_life() -> None:
    class Thing:
        pass

    exports = (
        linocut.load("""(module (global $g (export "g") (mut externref) (ref.null extern))
      (func (export "keep") (param externref) (global.set $g (local.get 0)))
      (func (export "kept") (result externref) global.get $g))""")
        .instantiate()
        .exports
    )
    thing = Thing()
    watched = weakref.ref(thing)
    exports.keep(thing)
    assert exports.kept() is thing
    del thing
    gc.collect()
    assert exports.kept() is watched()
    assert watched() is not None


def test_unreachable_externrefs_are_dropped() -> None:
    exports = linocut.load('(module (func (export "f") (param externref)))').instantiate().exports
    alive = 0

    class Thing:
        def __init__(self) -> None:
            nonlocal alive
            alive += 1

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    most = 0
    for _ in range(20_000):
        exports.f(Thing())
        most = max(most, alive)
    assert most < 5_000


def test_calls_do_not_leak_references() -> None:
    exports = through_host("externref", "f64")
    marker = object()
    before = sys.getrefcount(marker)
    for _ in range(100):
        exports(None, 1.5)
    assert sys.getrefcount(marker) == before


def test_host_function_is_kept_by_the_instance() -> None:
    exports = identity_importer()
    gc.collect()
    assert exports.f(3) == 4


def identity_importer() -> Any:
    text = """(module (import "m" "f" (func $f (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) local.get 0 call $f))"""
    return linocut.load(text).instantiate({"m": {"f": lambda x: x + 1}}).exports
