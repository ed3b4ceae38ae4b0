"""What WasmNow, the engine in the post that linocut answers, got wrong or left out."""

from __future__ import annotations

import linocut
import pytest

pytest.importorskip("wasmtime")

pytestmark = pytest.mark.usefixtures("both_ways")

INT_MIN = -(2**31)
LONG_MIN = -(2**63)

COLLATZ = """(module (func (export "collatz") (param $n i64) (result i32) (local $steps i32)
  (block $done
    (loop $next
      (br_if $done (i64.le_u (local.get $n) (i64.const 1)))
      (if (i64.eqz (i64.and (local.get $n) (i64.const 1)))
        (then (local.set $n (i64.shr_u (local.get $n) (i64.const 1))))
        (else (local.set $n (i64.add (i64.mul (local.get $n) (i64.const 3)) (i64.const 1)))))
      (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
      (br $next)))
  (local.get $steps)))"""


def exports(text: str) -> linocut.Exports:
    return linocut.load(text).instantiate().exports


def trap_kind(function: linocut.Func, *args: int) -> str:
    with pytest.raises(linocut.Trap) as caught:
        function(*args)
    kind: str = caught.value.kind
    return kind


def test_if_else_with_both_arms() -> None:
    f = exports("""(module (func (export "f") (param i32) (result i32) (local $r i32)
      (if (local.get 0) (then (local.set $r (i32.const 10))) (else (local.set $r (i32.const 20))))
      (local.get $r)))""").f
    assert (f(1), f(0), f(-1)) == (10, 20, 10)


def test_if_else_with_values() -> None:
    f = exports("""(module (func (export "f") (param i32 i32) (result i32)
      (i32.add (i32.const 100)
        (if (result i32) (i32.lt_s (local.get 0) (local.get 1))
          (then (local.get 0)) (else (i32.sub (local.get 0) (local.get 1)))))))""").f
    assert (f(3, 5), f(5, 3), f(4, 4)) == (103, 102, 100)


def test_if_without_else() -> None:
    f = exports("""(module (func (export "f") (param i32) (result i32) (local $r i32)
      (local.set $r (i32.const 1))
      (if (local.get 0) (then (local.set $r (i32.const 2))))
      (local.get $r)))""").f
    assert (f(0), f(7)) == (1, 2)


def test_if_without_else_keeps_what_only_the_arm_writes() -> None:
    f = exports("""(module (func (export "f") (param i32) (result i32) (local $r i32)
      (if (local.get 0) (then (local.set $r (i32.const 2))))
      (local.get $r)))""").f
    assert (f(0), f(7)) == (0, 2)


@pytest.mark.parametrize("type", ["i32", "i64"])
@pytest.mark.parametrize("operation", ["div_s", "div_u", "rem_s", "rem_u"])
def test_division_by_zero_is_a_trap(type: str, operation: str) -> None:
    f = exports(f"""(module (func (export "f") (param {type} {type}) (result {type})
      ({type}.{operation} (local.get 0) (local.get 1))))""").f
    for _ in range(3):
        assert trap_kind(f, 7, 0) == "integer_divide_by_zero"
        assert f(7, 7) == (1 if operation.startswith("div") else 0), "the instance lives on"


@pytest.mark.parametrize(("type", "lowest"), [("i32", INT_MIN), ("i64", LONG_MIN)])
def test_lowest_by_minus_one(type: str, lowest: int) -> None:
    e = exports(f"""(module
      (func (export "div") (param {type} {type}) (result {type}) ({type}.div_s (local.get 0) (local.get 1)))
      (func (export "rem") (param {type} {type}) (result {type}) ({type}.rem_s (local.get 0) (local.get 1)))
      (func (export "minus") (param {type}) (result {type}) ({type}.div_s (local.get 0) ({type}.const -1)))
      (func (export "unsigned") (param {type} {type}) (result {type})
        ({type}.div_u (local.get 0) (local.get 1))))""")
    assert trap_kind(e.div, lowest, -1) == "integer_overflow"
    assert trap_kind(e.minus, lowest) == "integer_overflow"
    assert e.rem(lowest, -1) == 0
    assert e.unsigned(lowest, -1) == 0
    assert e.div(lowest + 1, -1) == -lowest - 1


def test_infinite_recursion_is_a_trap() -> None:
    e = exports("""(module (func $f (export "f") (param i32) (result i32)
        (i32.add (call $f (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
      (func (export "alive") (result i32) (i32.const 42)))""")
    for _ in range(3):
        with pytest.raises(linocut.StackExhausted):
            e.f(0)
        assert e.alive() == 42


def test_infinite_mutual_and_indirect_recursion_are_traps() -> None:
    e = exports("""(module (table funcref (elem $b)) (type $t (func (param i64) (result i64)))
      (func $a (export "a") (param i64) (result i64) (call_indirect (type $t) (local.get 0) (i32.const 0)))
      (func $b (param i64) (result i64) (call $a (i64.add (local.get 0) (i64.const 1)))))""")
    assert trap_kind(e.a, 1) == "stack_exhausted"


def test_collatz_in_plain_if_else_form() -> None:
    def steps(n: int) -> int:
        count = 0
        while n > 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            count += 1
        return count

    collatz = exports(COLLATZ).collatz
    for n in [*range(1, 200), 837799, 2**40 + 1]:
        assert collatz(n) == steps(n)
