"""br_table as comparisons and as a jump table, with values, and very long."""

from __future__ import annotations

import linocut
import pytest

pytest.importorskip("wasmtime")

from twins import agree

pytestmark = pytest.mark.usefixtures("both_ways")

INDICES = [0, 1, 2, 3, 4, 5, 30, 31, 32, 33, 34, 39, 40, 41, 1000, 2**31 - 1, -(2**31), -1]


def nested(count: int, inner: str, result: str = "") -> str:
    """`count` blocks around `inner`; leaving block n returns n + 100."""
    text = inner
    for n in range(count):
        text = f"(block {text}) (return (i32.const {n + 100}))"
    return text


@pytest.mark.parametrize("count", [1, 2, 3, 7, 32, 33, 40, 200])
def test_distinct_labels(count: int) -> None:
    labels = " ".join(map(str, range(count)))
    body = nested(count, f"(br_table {labels} (local.get 0))")
    agree(
        f'(module (func (export "f") (param i32) (result i32) {body} (i32.const -1)))',
        [("f", i) for i in [*INDICES, *range(count + 2)]],
    )


@pytest.mark.parametrize(
    "pattern", [[0], [0, 1], [0, 0, 0, 1], [1, 0, 1, 2, 2, 0], [2, 2, 2, 1, 1, 0, 0, 0, 2] * 5]
)
def test_runs_of_one_label(pattern: list[int]) -> None:
    body = nested(3, f"(br_table {' '.join(map(str, pattern))} 1 (local.get 0))")
    agree(
        f'(module (func (export "f") (param i32) (result i32) {body} (i32.const -1)))',
        [("f", i) for i in [*INDICES, *range(len(pattern) + 2)]],
    )


@pytest.mark.parametrize(
    "index", ["(local.get 0)", "(i32.sub (local.get 0) (i32.const 0))", "(i32.load (i32.const 0))"]
)
@pytest.mark.parametrize("type", ["i32", "i64", "f32", "f64"])
def test_one_value_to_blocks(index: str, type: str) -> None:
    # Each block adds a number of its own, which tells it from the others.
    table = " ".join(str(n % 5) for n in range(40))
    text = f"({type}.const 7) (br_table {table} 3 {index})"
    for n in range(5):
        text = f"({type}.add ({type}.const {10**n}) (block (result {type}) {text}))"
    agree(
        f"""(module (memory 1) (func (export "f") (param i32) (result {type})
        (i32.store (i32.const 0) (local.get 0)) {text}))""",
        [("f", i) for i in INDICES],
    )


def test_several_values_to_blocks() -> None:
    table = " ".join(str(n % 3) for n in range(40))
    text = f"""(i64.const 1) (f64.const 2) (i32.mul (local.get 0) (i32.const 3))
      (br_table {table} (local.get 0))"""
    for n in range(3):
        text = f"""(block (result i64 f64 i32) {text})
          (local.set 0) (local.set 1) (local.set 2)
          (i64.add (local.get 2) (i64.const {10 ** (n + 1)})) (local.get 1) (local.get 0)"""
    agree(
        f'(module (func (export "f") (param i32) (result i64 f64 i32) (local f64) (local i64) {text}))',
        [("f", i) for i in INDICES],
    )


@pytest.mark.parametrize("count", [3, 50])
def test_values_to_loops_and_blocks_mixed(count: int) -> None:
    # Label 0 is the loop, which takes an i32; labels 1 and 2 are blocks that give one.
    table = " ".join(str(n % 3) for n in range(count))
    agree(
        f"""(module (func (export "f") (param $i i32) (result i32) (local $turns i32)
        (block $a (result i32)
          (i32.add (i32.const 1000)
            (block $b (result i32)
              (i32.const 1)
              (loop $again (param i32) (result i32)
                (i32.add (local.get $turns))
                (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
                (br_if $a (i32.gt_s (local.get $turns) (i32.const 5)))
                (br_table {table} 1 (local.get $i))))))))""",
        [("f", i) for i in INDICES],
    )


def test_loops_without_parameters() -> None:
    table = " ".join(str(n % 3) for n in range(60))
    agree(
        f"""(module (func (export "f") (param $i i32) (result i32) (local $n i32)
        (block $out
          (loop $outer
            (br_if $out (i32.gt_u (local.get $n) (i32.const 50)))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (loop $inner
              (local.set $n (i32.add (local.get $n) (i32.const 7)))
              (br_if $out (i32.gt_u (local.get $n) (i32.const 50)))
              (br_table {table} 2 (i32.add (local.get $i) (local.get $n))))))
        (local.get $n)))""",
        [("f", i) for i in INDICES],
    )


def test_constant_index_and_values_beneath() -> None:
    agree(
        """(module (func (export "f") (param i32) (result i32)
        (i32.add (local.get 0)
          (block (result i32)
            (i32.const 3) (local.get 0)
            (block (result i32)
              (br_table 0 1 0 (i32.const 4) (i32.const 1)))
            (i32.add) (i32.mul)))))""",
        [("f", i) for i in INDICES],
    )


def test_one_hundred_thousand_entries() -> None:
    count, blocks = 100_000, 37
    table = " ".join(str(n * 7 % blocks) for n in range(count))
    f = linocut.load(
        f"""(module (func (export "f") (param i32) (result i32)
          {nested(blocks, f"(br_table {table} 5 (local.get 0))")} (i32.const -1)))"""
    ).instantiate().exports.f  # fmt: skip
    for i in [*range(50), 99, 999, 65_535, 65_536, count - 2, count - 1]:
        assert f(i) == i * 7 % blocks + 100
    for i in (count, count + 1, 2**31 - 1, -1):
        assert f(i) == 105
