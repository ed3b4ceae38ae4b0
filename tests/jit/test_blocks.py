"""Blocks, loops and ifs that take and give several values, with other values beneath them."""

from __future__ import annotations

import pytest

pytest.importorskip("wasmtime")

from twins import agree

pytestmark = pytest.mark.usefixtures("both_ways")

NUMBERS = [-3, -1, 0, 1, 2, 7, 2**31 - 1]
PAIRS = [(a, b) for a in NUMBERS for b in NUMBERS]


def test_block_with_parameters_and_results() -> None:
    agree(
        """(module
      (func (export "swap") (param i32 i64) (result i64 i32)
        (local.get 0) (local.get 1)
        (block (param i32 i64) (result i64 i32)
          (local.set 1) (local.set 0) (local.get 1) (local.get 0)))
      (func (export "early") (param i32 i32) (result i32 i32 i32)
        (i32.const 5)
        (block (param i32) (result i32 i32 i32)
          (local.get 0) (local.get 1)
          (br_if 0 (i32.lt_s (local.get 0) (local.get 1)))
          (drop) (drop) (drop)
          (i32.const 7) (i32.const 8) (i32.const 9))))""",
        [(name, a, b) for name in ("swap", "early") for a, b in PAIRS],
    )


def test_loop_with_parameters() -> None:
    # The values rotate through the loop's parameters: each goes to a place that another one still occupies.
    agree(
        """(module
      (func (export "fibonacci") (param $n i32) (result i64 i64) (local $a i64) (local $b i64)
        (i64.const 0) (i64.const 1)
        (loop $next (param i64 i64) (result i64 i64)
          (local.set $b) (local.set $a)
          (local.get $b) (i64.add (local.get $a) (local.get $b))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
      (func (export "rotate") (param $n i32) (result i32 i64 f64) (local $i i32) (local $l i64) (local $d f64)
        (i32.const 1) (i64.const 2) (f64.const 3)
        (loop $next (param i32 i64 f64) (result i32 i64 f64)
          (local.set $d) (local.set $l) (local.set $i)
          (i32.wrap_i64 (local.get $l))
          (i64.trunc_f64_s (local.get $d))
          (f64.convert_i32_s (local.get $i))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))""",
        [(name, n) for name in ("fibonacci", "rotate") for n in range(1, 12)],
    )


def test_loop_parameters_that_stay_on_the_stack() -> None:
    agree(
        """(module
      (func (export "sum") (param $n i32) (result i32)
        (i32.const 100) (local.get $n) (i32.const 0)
        (loop $next (param i32 i32) (result i32)
          (i32.add (local.get $n))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (i32.add))
        (i32.add)))""",
        [("sum", n) for n in NUMBERS],
    )


def test_if_with_parameters_with_and_without_else() -> None:
    agree(
        """(module
      (func (export "both") (param i32 i32) (result i32)
        (i32.add (i32.const 1000)
          (local.get 0) (local.get 1)
          (i32.gt_s (local.get 0) (local.get 1))
          (if (param i32 i32) (result i32) (then (i32.sub)) (else (i32.mul)))))
      (func (export "one") (param i32 i32) (result i32 i32)
        (local.get 0) (local.get 1)
        (i32.eqz (local.get 0))
        (if (param i32 i32) (result i32 i32)
          (then (local.set 0) (local.set 1) (local.get 0) (i32.const 77)))))""",
        [(name, a, b) for name in ("both", "one") for a, b in PAIRS],
    )


def test_values_beneath_blocks_survive_them() -> None:
    agree(
        """(module (func (export "f") (param i32 i32) (result i32) (local i32)
        (local.get 0)                                   ;; read before it changes
        (i32.mul (local.get 0) (local.get 1))           ;; a temporary
        (i32.const 11)
        (block (local.set 0 (i32.const 5)) (br_if 0 (local.get 1)) (local.set 0 (i32.const 6)))
        (i32.add) (i32.add)
        (loop (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (br_if 0 (i32.lt_s (local.get 2) (i32.const 3))))
        (i32.add (local.get 0))
        (if (result i32) (local.get 1) (then (local.get 2)) (else (local.get 0)))
        (i32.sub)))""",
        [("f", a, b) for a, b in PAIRS],
    )


def test_a_local_changes_while_reads_of_it_wait() -> None:
    agree(
        """(module
      (func (export "many") (param i32 i32) (result i32)
        (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
        (local.set 0 (i32.add (local.get 0) (local.get 1)))
        (local.get 0) (local.get 1)
        (local.set 1 (i32.const 3))
        (i32.mul) (i32.add) (i32.xor) (i32.add) (i32.sub) (i32.add) (i32.mul) (i32.add (local.get 1)))
      (func (export "tee") (param i32 i32) (result i32)
        (local.get 0)
        (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
        (local.tee 0 (i32.mul (local.get 0) (local.get 1)))
        (local.get 0)
        (local.set 0 (local.get 1))
        (i32.sub) (i32.add) (i32.sub) (i32.add (local.get 0)))
      (func (export "swap") (param i32 i32) (result i32)
        (local.get 0) (local.get 1) (local.set 0) (local.set 1)
        (i32.sub (local.get 0) (i32.shl (local.get 1) (i32.const 1))))
      (func (export "itself") (param i32 i32) (result i32)
        (local.get 0) (local.get 0) (local.set 0) (local.tee 0) (local.get 0) (i32.add) (local.get 1) (i32.add)))""",
        [(name, a, b) for name in ("many", "tee", "swap", "itself") for a, b in PAIRS],
    )


@pytest.mark.parametrize("type", ["i32", "i64", "f32", "f64"])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 40])
def test_br_if_with_values_goes_on_with_them(type: str, count: int) -> None:
    results = " ".join([type] * count)
    gets = " ".join(f"({type}.add (local.get 0) ({type}.const {i}))" for i in range(count))
    agree(
        f"""(module (func (export "f") (param {type} i32) (result {results})
        ({type}.const 9) (drop)
        (block (result {results})
          ({type}.const 1)
          {gets}
          (br_if 1 (i32.eq (local.get 1) (i32.const 1)))
          (br_if 0 (i32.eq (local.get 1) (i32.const 2)))
          (local.set 0) {gets} (br 0))))""",
        [("f", 40.0 if type.startswith("f") else 40, way) for way in (0, 1, 2)],
    )


def test_results_of_a_loop_and_of_blocks_without_jumps() -> None:
    agree(
        """(module
      (func (export "f") (param i32 i32) (result i32)
        (loop (result i32) (i32.add (local.get 0) (local.get 1)))
        (block (result i32) (local.get 0))
        (local.set 0 (i32.const 50))
        (i32.sub)
        (block (param i32) (result i32) (i32.add (block (result i32) (local.get 0))))
        (loop (result i32 i32) (local.get 0) (local.get 1))
        (i32.mul) (i32.add)))""",
        [("f", a, b) for a, b in PAIRS],
    )


def test_a_result_that_nobody_reaches() -> None:
    agree(
        """(module
      (func (export "f") (param i32) (result i32)
        (i32.add (i32.const 1)
          (block (result i32)
            (loop (result i32) (br_if 1 (i32.const 5) (local.get 0)) (drop) (br 1 (i32.const 6))))))
      (func (export "g") (param i32) (result i32)
        (block $out (result i32)
          (if (local.get 0) (then (br $out (i32.const 1))) (else (return (i32.const 2))))
          (unreachable))))""",
        [(name, n) for name in ("f", "g") for n in (0, 1)],
    )
