"""Locals: more than there are registers, touched early, late or never, and large frames."""

from __future__ import annotations

import random

import linocut
import pytest

pytest.importorskip("wasmtime")

from twins import agree

pytestmark = pytest.mark.usefixtures("both_ways")

TYPES = ["i32", "i64", "f32", "f64"]
OPERATIONS = {"i32": ["add", "sub", "xor", "mul"], "i64": ["add", "sub", "or", "mul"],
              "f32": ["add", "sub", "mul", "max"], "f64": ["add", "sub", "mul", "min"]}  # fmt: skip


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("count", [7, 8, 9, 12, 13, 30])
def test_more_locals_than_registers_in_a_loop(type: str, count: int) -> None:
    chooser = random.Random(f"{type} {count}")
    one = "1.5" if type.startswith("f") else "1"
    init = " ".join(f"(local.set {n + 1} ({type}.const {n + 1}))" for n in range(count))
    steps = []
    for _ in range(4 * count):
        a, b, c = (chooser.randrange(count) + 1 for _ in range(3))
        steps.append(
            f"(local.set {a} ({type}.{chooser.choice(OPERATIONS[type])} (local.get {b}) (local.get {c})))"
        )
    for _ in range(count):
        a, b = (chooser.randrange(count) + 1 for _ in range(2))
        steps.append(f"(local.set {a} ({type}.add (local.get {b}) ({type}.const {one})))")
        steps.append(f"(drop (local.tee {b} (local.get {a})))")
    chooser.shuffle(steps)
    results = " ".join([type] * count)
    gets = " ".join(f"(local.get {n + 1})" for n in range(count))
    agree(
        f"""(module (func (export "f") (param i32) (result {results}) (local {results})
        {init} (loop {" ".join(steps)}
          (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        {gets}))""",
        [("f", n) for n in (1, 2, 3, 7)],
    )


@pytest.mark.parametrize("type", TYPES)
def test_locals_are_zero_however_they_are_first_touched(type: str) -> None:
    number = "2.0" if type.startswith("f") else "2"
    many = " ".join([type] * 20)
    agree(
        f"""(module
      (func $dirty (export "dirty") (result {type}) (local {many} {many})
        {" ".join(f"(local.set {n} ({type}.const {number}))" for n in range(40))}
        (call $leaf) {" ".join(f"({type}.add (local.get {n}))" for n in range(40))})
      (func $leaf (result {type}) ({type}.const {number}))
      (func (export "arm") (param i32) (result {type}) (local {many})
        (if (local.get 0) (then (local.set 7 ({type}.const {number}))))
        (local.get 7))
      (func (export "other_arm") (param i32) (result {type}) (local {many})
        (if (local.get 0) (then) (else (local.set 19 ({type}.const {number}))))
        ({type}.add (local.get 19) (local.get 18)))
      (func (export "after_branch") (param i32) (result {type}) (local {many})
        (block (br_if 0 (local.get 0)) (local.set 3 ({type}.const {number})))
        (local.get 3))
      (func (export "late") (param i32) (result {type}) (local {many})
        (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (if (i32.eq (local.get 0) (i32.const 1)) (then (local.set 5 ({type}.add (local.get 5) (local.get 6)))
            (local.set 6 ({type}.const {number}))))
          (br_if 0 (i32.gt_s (local.get 0) (i32.const 0))))
        ({type}.add (local.get 5) (local.get 6)))
      (func (export "written_first") (param i32) (result {type}) (local {many})
        (local.set 2 ({type}.const {number})) (local.get 2)))""",
        [c for n in range(4) for c in (("dirty",), ("arm", n), ("other_arm", n), ("after_branch", n), ("late", n),
                                       ("written_first", n))],
    )  # fmt: skip


def test_parameters_untouched_late_and_early() -> None:
    types = TYPES * 5
    params = " ".join(types)
    arguments = [n + 0.5 if t.startswith("f") else n for n, t in enumerate(types)]
    functions = [
        f'(func (export "only{n}") (param {params}) (result {t}) (local.get {n}))'
        for n, t in enumerate(types)
    ]
    functions += [
        f"""(func (export "late{n}") (param {params}) (result {t}) (local i32)
          (block (loop (local.set 20 (i32.add (local.get 20) (i32.const 1))) (br_if 1 (i32.gt_s (local.get 20)
            (i32.const 3))) (br 0))) (local.get {n}))"""
        for n, t in enumerate(types)
    ]
    functions += [
        f"""(func (export "written{n}") (param {params}) (result {t})
          (if (i32.eqz (local.get 0)) (then (local.set {n} ({t}.add (local.get {n}) (local.get {n})))))
          (local.get {n}))"""
        for n, t in enumerate(types)
    ]
    functions.append(f'(func (export "none") (param {params}) (result i32) (i32.const 1))')
    calls = [(f"{what}{n}", *arguments) for what in ("only", "late", "written") for n in range(20)]
    agree(f"(module {' '.join(functions)})", [*calls, ("none", *arguments)])


@pytest.mark.parametrize("count", [8_000, 8_200, 20_000, 49_990])
def test_large_frames(count: int) -> None:
    # 8,192 slots are 64 KiB: from there on the prologue compares the new stack pointer itself.
    sets = " ".join(f"(local.set {n + 1} (i64.add (local.get 0) (i64.const {n})))" for n in range(count))
    picks = [0, 1, 7, 8, 100, count // 2, count - 2, count - 1]
    gets = " ".join(f"(local.get {n + 1}) (i64.add)" for n in picks)
    exports = linocut.load(
        f"""(module
      (func $f (export "f") (param i64) (result i64) (local {"i64 " * count}) {sets} (local.get 0) {gets})
      (func $deep (export "deep") (param i64) (result i64) (local {"i64 " * count})
        (block {sets} (br_if 0 (i64.eqz (local.get 0)))
          (return (i64.add (local.get {count}) (call $deep (i64.sub (local.get 0) (i64.const 1))))))
        (local.get 1))
      (func (export "leafy") (param i64) (result i64) (i64.add (call $f (local.get 0)) (call $f (local.get 0)))))"""
    ).instantiate().exports  # fmt: skip
    expected = 5 + sum(5 + n for n in picks)
    assert exports.f(5) == expected
    assert exports.leafy(5) == 2 * expected
    assert exports.deep(3) == sum(n + count - 1 for n in (3, 2, 1))
    with pytest.raises(linocut.StackExhausted):
        exports.deep(1_000_000)
    assert exports.f(5) == expected


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("count", [5, 30, 1_000])
def test_many_operands_wait(type: str, count: int) -> None:
    number = ".0" if type.startswith("f") else ""
    push = " ".join(f"({type}.add (local.get 0) ({type}.const {n}{number}))" for n in range(count))
    fold = f"{type}.sub " * (count - 1)
    agree(
        f"""(module
      (func (export "plain") (param {type}) (result {type}) {push} {fold})
      (func (export "call") (param {type}) (result {type}) {push} (call $same) {fold})
      (func $same (param {type}) (result {type}) (local.get 0))
      (func (export "block") (param {type}) (result {type}) {push} (block (local.set 0 (local.get 0))) {fold}))""",
        [(name, 3.0 if number else 3) for name in ("plain", "call", "block")],
    )
