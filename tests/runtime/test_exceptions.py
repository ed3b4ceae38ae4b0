"""Exceptions of both forms: what is caught where, what survives it, and how they pass through Python."""

from __future__ import annotations

import gc
import itertools
import struct
import subprocess
import sys
import threading
import weakref

import linocut
import pytest

pytest.importorskip("wasmtime")

KINDS = ["compiled", "interpreted"]
INTERPRET = pytest.mark.parametrize("interpret", [False, True], ids=KINDS)
PAIRS = pytest.mark.parametrize(
    ("callee", "caller"),
    list(itertools.product([False, True], repeat=2)),
    ids=["-".join(pair) for pair in itertools.product(KINDS, KINDS)],
)


def exports_of(
    text: str, interpret: bool, imports: dict[str, dict[str, object]] | None = None
) -> linocut.Exports:
    return linocut.load(text, interpret=interpret).instantiate(imports).exports


# ── what is still there ──
MANY = [("i64", 12), ("f64", 16), ("i32", 3), ("f32", 3)]
LOCALS = [type_ for type_, count in MANY for _ in range(count)]


def set_locals(of: int) -> str:
    """Give every local a number of its own; `of` makes it differ from those in other functions."""
    return " ".join(
        f"(local.set {n} ({type_}.const {of + n}))" for n, type_ in enumerate(LOCALS)
    )  # fmt: skip


def sum_of_locals() -> str:
    """The sum of all locals as an i64."""
    as_i64 = {
        "i64": "(local.get {n})",
        "f64": "(i64.trunc_f64_s (local.get {n}))",
        "i32": "(i64.extend_i32_u (local.get {n}))",
        "f32": "(i64.trunc_f32_s (local.get {n}))",
    }
    terms = " ".join(as_i64[type_].format(n=n) for n, type_ in enumerate(LOCALS))
    return f"{terms} {'i64.add ' * (len(LOCALS) - 1)}"


@INTERPRET
def test_locals_and_operands_are_what_they_were(interpret: bool) -> None:
    locals_ = f"(local {' '.join(LOCALS)})"
    text = f"""(module (tag $e (param i64))
      (func $throw {locals_} {set_locals(5000)} (throw $e {sum_of_locals()}))
      (func $between {locals_} {set_locals(9000)} (call $throw) (drop {sum_of_locals()}))
      (func (export "f") (result i64 i64 i64) {locals_} {set_locals(100)}
        (i64.const 77)
        (block $h (result i64) (try_table (catch $e $h) (call $between)) (unreachable))
        {sum_of_locals()}))"""
    own, thrown = (sum(base + n for n in range(len(LOCALS))) for base in (100, 5000))
    assert exports_of(text, interpret).f() == (77, thrown, own)


@INTERPRET
def test_a_local_keeps_what_it_had_at_the_call(interpret: bool) -> None:
    text = """(module (tag $e)
      (func $maybe (param i32) (result i32) (if (local.get 0) (then (throw $e))) (i32.const 9))
      (func (export "f") (param i32) (result i32) (local $x i32)
        (local.set $x (i32.const 1))
        (block $h
          (try_table (catch $e $h)
            (local.set $x (i32.const 2))
            (local.set $x (call $maybe (local.get 0)))
            (local.set $x (i32.add (local.get $x) (i32.const 1)))))
        (local.get $x)))"""
    f = exports_of(text, interpret).f
    assert (f(0), f(1)) == (10, 2)


@INTERPRET
def test_vectors_are_kept_whole(interpret: bool) -> None:
    text = """(module (tag $e (param v128 i32 v128))
      (func $throw (local v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128)
        (local.set 0 (v128.const i64x2 -1 -1)) (local.set 12 (v128.const i64x2 -1 -1))
        (throw $e (v128.const i64x2 5 6) (i32.const 3) (v128.const i64x2 7 8))
        (drop (v128.and (local.get 0) (local.get 12))))
      (func (export "f") (param v128) (result v128 i32 v128 v128) (local $x v128)
        (local.set $x (i64x2.add (local.get 0) (local.get 0)))
        (block $h (result v128 i32 v128) (try_table (catch $e $h) (call $throw)) (unreachable))
        (local.get $x)))"""

    def pair(a: int, b: int) -> bytes:
        return struct.pack("<qq", a, b)

    assert exports_of(text, interpret).f(pair(1, 2**40)) == (pair(5, 6), 3, pair(7, 8), pair(2, 2**41))


# ── where it is caught ──
@INTERPRET
def test_the_innermost_clause_that_fits_catches(interpret: bool) -> None:
    text = """(module (tag $a) (tag $b) (tag $c)
      (func $throw (param i32)
        (block $2 (block $1 (block $0 (br_table $0 $1 $2 (local.get 0))) (throw $a)) (throw $b)) (throw $c))
      (func (export "f") (param i32) (result i32)
        (block $outer
          (try_table (catch_all $outer)
            (block $b
              (try_table (catch $b $b)
                (block $a (try_table (catch $a $a) (call $throw (local.get 0))) (unreachable))
                (return (i32.const 1))))
            (return (i32.const 2))))
        (i32.const 3)))"""
    assert [exports_of(text, interpret).f(n) for n in range(3)] == [1, 2, 3]


@INTERPRET
def test_a_clause_may_lead_to_a_loop_or_out_of_the_function(interpret: bool) -> None:
    text = """(module (tag $e (param i32 i32)) (tag $done (param i32))
      (func (export "f") (param i32) (result i32)
        (i32.const 0) (local.get 0)
        (loop $again (param i32 i32)
          (local.set 0)
          (try_table (param i32) (catch $e $again) (catch $done 1)
            (if (param i32) (i32.eqz (local.get 0)) (then (throw $done)) (else
              (throw $e (i32.add (local.get 0)) (i32.sub (local.get 0) (i32.const 1))))))
          (unreachable))
        (unreachable)))"""
    assert exports_of(text, interpret).f(10) == 55


@INTERPRET
def test_code_that_cannot_be_reached(interpret: bool) -> None:
    text = """(module (tag $e (param i32))
      (func (export "new") (result i32)
        (return (i32.const 4)) (unreachable)
        (block $h (result i32) (try_table (catch $e $h) (call 0) (drop)) (br $h (i32.const 1))))
      (func (export "old") (result i32)
        (try (result i32)
          (do (try (result i32) (do (throw $e (i32.const 6)) (unreachable)) (catch_all (unreachable) (drop))))
          (catch $e (drop) (i32.const 1)) (catch_all (i32.const 8))))
      (func $trap (unreachable)))"""
    exports = exports_of(text, interpret)
    assert exports.new() == 4
    with pytest.raises(linocut.Trap, match="unreachable"):
        exports.old()


@INTERPRET
def test_traps_are_never_caught(interpret: bool) -> None:
    text = """(module (func $deep (call $deep) (call $deep))
      (func (export "divide") (param i32) (result i32)
        (block $h (try_table (catch_all $h) (return (i32.div_u (i32.const 1) (local.get 0))))) (i32.const 9))
      (func (export "recurse") (block $h (try_table (catch_all $h) (call $deep))))
      (func (export "null") (block $h (try_table (catch_all $h) (throw_ref (ref.null exn))))))"""
    exports = exports_of(text, interpret)
    with pytest.raises(linocut.Trap, match="divide by zero"):
        exports.divide(0)
    with pytest.raises(linocut.StackExhausted):
        exports.recurse()
    with pytest.raises(linocut.Trap, match="null exception reference") as caught:
        exports.null()
    assert caught.value.kind == "null_exception"


@INTERPRET
def test_deep_stacks_unwind(interpret: bool) -> None:
    text = """(module (tag $e (param i32))
      (func $down (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (throw $e (i32.const 5))))
        (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
      (func (export "f") (param i32) (result i32)
        (block $h (result i32) (try_table (result i32) (catch $e $h) (call $down (local.get 0))))))"""
    f = exports_of(text, interpret).f
    assert [f(depth) for depth in (0, 1, 1000, 3000)] == [5] * 4


# ── the legacy form ──
LEGACY = """(module (tag $a (param i32)) (tag $b)
  (func $throw (param i32) (if (local.get 0) (then (throw $a (local.get 0)))) (throw $b))
  (func (export "which") (param i32) (result i32)
    (try (result i32) (do (call $throw (local.get 0)) (i32.const 0))
      (catch $a (i32.add (i32.const 100))) (catch_all (i32.const 7))))
  (func (export "again") (param i32) (result i32) (local $n i32)
    (try (result i32)
      (do (try (result i32)
        (do (call $throw (local.get 0)) (i32.const 0))
        (catch $a (drop)
          (try (do (throw $b)) (catch $b (local.set $n (i32.const 1)) (rethrow 1)))
          (i32.const 2))))
      (catch $a (i32.add (local.get $n))) (catch_all (i32.const 3))))
  (func (export "delegate") (param i32) (result i32)
    (try $outer (result i32)
      (do (try (result i32)
        (do (try (result i32) (do (call $throw (local.get 0)) (i32.const 0)) (delegate $outer)))
        (catch_all (i32.const 1))))
      (catch $a) (catch $b (i32.const 2))))
  (func (export "to_caller") (param i32) (result i32)
    (try (result i32)
      (do (try (result i32) (do (call $throw (local.get 0)) (i32.const 0)) (delegate 1)))
      (catch_all (i32.const 1))))
  (func (export "bare") (param i32) (result i32) (try (result i32) (do (local.get 0))))
  (func (export "both") (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $a $h)
        (try (result i32) (do (call $throw (local.get 0)) (i32.const 0)) (catch $b (i32.const 4)))))))"""


@INTERPRET
def test_the_legacy_form(interpret: bool) -> None:
    exports = exports_of(LEGACY, interpret)
    assert (exports.which(5), exports.which(0)) == (105, 7)
    assert (exports.again(5), exports.again(0)) == (6, 3)
    assert (exports.delegate(5), exports.delegate(0)) == (5, 2)
    with pytest.raises(linocut.WasmException) as caught:
        exports.to_caller(5)
    assert caught.value.values == (5,)
    assert exports.bare(8) == 8
    assert (exports.both(6), exports.both(0)) == (6, 4)


# ── across instances ──
THROWER = """(module (tag $e (export "e") (param i32 f64)) (table (export "t") 1 funcref) (elem (i32.const 0) $throw)
  (global $n (export "n") (mut i32) (i32.const 0)) (memory 1)
  (func $throw (export "throw") (param i32)
    (i32.store (i32.const 8) (local.get 0))
    (global.set $n (i32.add (global.get $n) (i32.const 1)))
    (throw $e (i32.load (i32.const 8)) (f64.const 0.5))))"""
CATCHER = """(module (import "m" "e" (tag $e (param i32 f64))) (import "m" "throw" (func $throw (param i32)))
  (import "m" "t" (table 1 funcref)) (memory 1) (global $mine (mut i32) (i32.const 0))
  (func (export "f") (param i32) (result i32 f64 i32) (local $x i32)
    (local.set $x (i32.const 11))
    (i32.store (i32.const 8) (i32.const 33))
    (block $h (result i32 f64) (try_table (catch $e $h) (call $throw (local.get 0))) (unreachable))
    (i32.add (local.get $x) (i32.load (i32.const 8))))
  (func (export "g") (param i32) (result i32 f64 i32)
    (i32.store (i32.const 8) (i32.const 44))
    (block $h (result i32 f64)
      (try_table (catch $e $h) (call_indirect (param i32) (local.get 0) (i32.const 0))) (unreachable))
    (i32.load (i32.const 8)))
  (func (export "pass") (param i32) (call $throw (local.get 0))))"""


@PAIRS
def test_an_exception_of_another_instance(callee: bool, caller: bool) -> None:
    first = exports_of(THROWER, callee)
    second = exports_of(CATCHER, caller, {"m": first})
    for n in range(3):
        assert second.f(n) == (n, 0.5, 44)
        assert second.g(n) == (n, 0.5, 44)
    third = exports_of(CATCHER, callee, {"m": {"e": first.e, "throw": second["pass"], "t": first.t}})
    assert third.f(8) == (8, 0.5, 44)
    assert first.n.value == 7


@INTERPRET
def test_tags_are_told_apart(interpret: bool) -> None:
    one, other = exports_of(THROWER, interpret), exports_of(THROWER, interpret)
    mixed = exports_of(CATCHER, interpret, {"m": {"e": one.e, "throw": one.throw, "t": one.t}})
    assert mixed.f(1) == (1, 0.5, 44)
    assert one.e != other.e
    wrong = linocut.Tag(linocut.TagType(["i64"]))
    with pytest.raises(linocut.LinkError, match="tag"):
        exports_of(CATCHER, interpret, {"m": {"e": wrong, "throw": one.throw, "t": one.t}})
    module = linocut.load(CATCHER, interpret=interpret)
    assert module.imports[0].type == linocut.TagType(["i32", "f64"])


# ── Python ──
@INTERPRET
def test_what_nobody_catches(interpret: bool) -> None:
    text = """(module (tag $e (export "e") (param i32 i64 f32 f64 funcref externref))
      (func $f (export "f") (param externref)
        (throw $e (i32.const -1) (i64.const -2) (f32.const 1.5) (f64.const 2.5) (ref.func $f) (local.get 0)))
      (func (export "g") (param externref) (call $f (local.get 0))))"""
    exports = exports_of(text, interpret)
    thing = object()
    for _ in range(2):
        with pytest.raises(linocut.WasmException) as caught:
            exports.g(thing)
        error = caught.value
        assert error.tag == exports.e
        assert error.values == (-1, -2, 1.5, 2.5, exports.f, thing)
        assert [(frame.function, frame.name) for frame in error.frames] == [(0, "f"), (1, None)]
        assert "in function 0 (f)" in str(error)


@INTERPRET
def test_a_start_function_may_throw(interpret: bool) -> None:
    with pytest.raises(linocut.WasmException):
        exports_of("(module (tag $e) (func $f (throw $e)) (start $f))", interpret)


HOSTED = """(module (import "m" "e" (tag $e (param i32))) (import "m" "host" (func $host (param i32)))
  (func (export "throw") (param i32) (throw $e (local.get 0)))
  (func (export "catch") (param i32) (result i32) (local $x i64)
    (local.set $x (i64.const 1000))
    (block $all
      (block $h (result i32)
        (try_table (catch $e $h) (catch_all $all) (call $host (local.get 0)))
        (return (i32.const -1)))
      (return (i32.add (i32.wrap_i64 (local.get $x)))))
    (i32.const -2))
  (func (export "pass") (param i32) (call $host (local.get 0))))"""


def hosted(host: object, interpret: bool) -> tuple[linocut.Tag, linocut.Exports]:
    tag = linocut.Tag(linocut.TagType(["i32"]))
    return tag, exports_of(HOSTED, interpret, {"m": {"e": tag, "host": host}})


@INTERPRET
def test_a_host_function_throws(interpret: bool) -> None:
    def host(number: int) -> None:
        if number:
            raise linocut.WasmException(tag, [number])

    tag, exports = hosted(host, interpret)
    assert (exports["catch"](0), exports["catch"](5)) == (-1, 1005)
    with pytest.raises(linocut.WasmException) as caught:
        exports["pass"](6)
    assert (caught.value.tag, caught.value.values) == (tag, (6,))


@INTERPRET
def test_an_exception_passes_through_python(interpret: bool) -> None:
    seen = []

    def host(number: int) -> None:
        try:
            exports.throw(number)
        except linocut.WasmException as error:
            seen.append(error)
            raise

    _, exports = hosted(host, interpret)
    assert exports["catch"](5) == 1005
    with pytest.raises(linocut.WasmException) as caught:
        exports["pass"](6)
    assert caught.value is seen[1]
    assert caught.value.__notes__[-1].startswith("in WebAssembly: function 3")


@INTERPRET
def test_python_exceptions_pass_untouched(interpret: bool) -> None:
    error = KeyError("mine")

    def host(number: int) -> None:
        raise error

    _, exports = hosted(host, interpret)
    with pytest.raises(KeyError) as caught:
        exports["catch"](5)
    assert caught.value is error


@INTERPRET
def test_by_choice_catch_all_catches_what_python_raises(interpret: bool) -> None:
    errors: list[BaseException] = []

    def host(number: int) -> None:
        errors.append(KeyError(number) if number else KeyboardInterrupt())
        raise errors[-1]

    catchable = linocut.Func(host, linocut.FuncType(["i32"]), catchable=True)
    text = """(module (import "m" "host" (func $host (param i32))) (tag $e (param i32))
      (func (export "caught") (param i32) (result i32)
        (block $all
          (block $e (result i32) (try_table (catch $e $e) (catch_all $all) (call $host (local.get 0))) (i32.const 1))
          (return))
        (i32.const 2))
      (func (export "again") (param i32)
        (block $all (result exnref) (try_table (catch_all_ref $all) (call $host (local.get 0))) (return))
        (throw_ref)))"""
    exports = exports_of(text, interpret, {"m": {"host": catchable}})
    assert exports.caught(1) == 2
    with pytest.raises(KeyError) as caught:
        exports.again(1)
    assert caught.value is errors[-1]
    with pytest.raises(KeyboardInterrupt):
        exports.caught(0)


@INTERPRET
def test_what_cannot_be_thrown(interpret: bool) -> None:
    tag = linocut.Tag(linocut.TagType(["i32"]))
    given: list[tuple[object, object]] = [(None, []), (tag, []), (tag, ["x"]), (tag, [2**40])]
    for wrong, values in given:

        def host(number: int, wrong: object = wrong, values: object = values) -> None:
            raise linocut.WasmException(wrong, values)  # type: ignore[arg-type]

        exports = exports_of(HOSTED, interpret, {"m": {"e": tag, "host": host}})
        with pytest.raises((TypeError, ValueError, OverflowError)):
            exports["catch"](5)


@INTERPRET
def test_a_caught_exception_of_python_is_let_go(interpret: bool) -> None:
    class Mine(linocut.WasmException):
        pass

    alive = []

    def host(number: int) -> None:
        error = Mine(tag, [number])
        alive.append(weakref.ref(error))
        raise error

    tag, exports = hosted(host, interpret)
    assert exports["catch"](5) == 1005
    gc.collect()
    assert alive[0]() is None


# ── references to exceptions ──
KEEPER = """(module (tag $e (param externref i32)) (tag $other (param i64))
  (table $t 10 exnref) (global $g (mut exnref) (ref.null exn))
  (func $make (param externref i32) (result exnref) (local $x exnref)
    (block $h (result externref i32 exnref)
      (try_table (catch_ref $e $h) (throw $e (local.get 0) (local.get 1))) (unreachable))
    (local.set $x) drop drop (local.get $x))
  (func (export "keep") (param externref i32) (local $x exnref)
    (local.set $x (call $make (local.get 0) (local.get 1)))
    (table.set $t (i32.const 3) (local.get $x)))
  (func (export "keep_global") (param externref i32) (global.set $g (call $make (local.get 0) (local.get 1))))
  (func (export "churn") (param $n i32)
    (loop $l
      (block $h (result i64 exnref)
        (try_table (catch_ref $other $h) (throw $other (i64.extend_i32_u (local.get $n)))) (unreachable))
      drop drop
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
  (func $catch (param exnref) (result externref i32)
    (block $h (result externref i32)
      (try_table (catch $e $h) (throw_ref (local.get 0))) (unreachable)))
  (func (export "get") (result externref i32) (call $catch (table.get $t (i32.const 3))))
  (func (export "get_global") (result externref i32) (call $catch (global.get $g)))
  (func (export "held") (param externref i32 i32) (result externref i32) (local $x exnref)
    (block $h (result externref i32 exnref)
      (try_table (catch_ref $e $h) (throw $e (local.get 0) (local.get 1))) (unreachable))
    (local.set $x) drop drop
    (local.set 0 (ref.null extern))
    (loop $l
      (block $h (result i64 exnref)
        (try_table (catch_ref $other $h) (throw $other (i64.const 5))) (unreachable))
      drop drop
      (br_if $l (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
    (call $catch (local.get $x))))"""


@INTERPRET
def test_references_keep_exceptions_and_what_they_hold(interpret: bool) -> None:
    exports = exports_of(KEEPER, interpret)
    things = [object(), object(), object()]
    exports.keep(things[0], 1)
    exports.keep_global(things[1], 2)
    exports.churn(5000)
    assert exports.get() == (things[0], 1)
    assert exports.get_global() == (things[1], 2)
    assert exports.held(things[2], 3, 5000) == (things[2], 3)
    assert exports.get() == (things[0], 1)


# Each turn of the loop makes an exception that holds the one before twice; the last one is thrown.
CHAIN = """(module (tag $leaf (export "leaf") (param i32)) (tag $pair (export "pair") (param exnref exnref))
  (func (export "f") (param $n i32) (param $is_null i32) (local $x exnref)
    (block $h (result i32 exnref)
      (try_table (catch_ref $leaf $h) (throw $leaf (i32.const 7))) (unreachable))
    (local.set $x) drop
    (if (local.get $is_null) (then (local.set $x (ref.null exn))))
    (loop $l
      (block $h (result exnref exnref exnref)
        (try_table (catch_ref $pair $h) (throw $pair (local.get $x) (local.get $x))) (unreachable))
      (local.set $x) drop drop
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (throw_ref (local.get $x))))"""


@INTERPRET
def test_exceptions_that_others_hold_are_seen_in_python(interpret: bool) -> None:
    """Each becomes one object of Python: with 40 pairs there are 2^40 ways to the leaf."""
    exports = exports_of(CHAIN, interpret)
    with pytest.raises(linocut.WasmException) as caught:
        exports.f(40, 0)
    error = caught.value
    for _ in range(40):
        assert error.tag == exports.pair
        assert error.values[0] is error.values[1]
        error = error.values[0]
    assert (error.tag == exports.leaf, error.values) == (True, (7,))
    with pytest.raises(linocut.WasmException) as caught:
        exports.f(1, 1)
    assert caught.value.values == (None, None)


@INTERPRET
def test_a_long_chain_of_exceptions_is_an_error_and_no_crash(interpret: bool) -> None:
    exports = exports_of(CHAIN, interpret)
    with pytest.raises(RecursionError):
        exports.f(100_000, 0)
    with pytest.raises(linocut.WasmException):
        exports.f(1, 0)


THROW_OFTEN = """
import sys, linocut
def resident_pages():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1])
f = linocut.load(sys.argv[1], interpret=sys.argv[2] == "True").instantiate().exports.f
f(100_000)
before = resident_pages()
f(1_000_000)
print(resident_pages() - before)
"""


# In a process of its own, because nothing is swept while WebAssembly runs if greenlet has been imported.
@pytest.mark.parametrize("form", ["catch $e $h", "catch_ref $e $h"])
@INTERPRET
def test_a_million_throws_take_no_memory(interpret: bool, form: str) -> None:
    reference = "exnref" if "ref" in form else ""
    text = f"""(module (tag $e (param i64 i64)) (func (export "f") (param $n i32)
      (loop $l
        (block $h (result i64 i64 {reference})
          (try_table ({form}) (throw $e (i64.const 1) (i64.const 2))) (unreachable))
        drop drop {"drop" if reference else ""}
        (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))"""
    command = [sys.executable, "-c", THROW_OFTEN, text, str(interpret)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 256  # a MiB


@INTERPRET
def test_threads_throw_in_stores_of_their_own(interpret: bool) -> None:
    module = linocut.load(KEEPER, interpret=interpret)
    failures: list[object] = []

    def work(number: int) -> None:
        exports = module.instantiate().exports
        thing = object()
        exports.keep(thing, number)
        exports.churn(200_000)
        if exports.get() != (thing, number):
            failures.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
