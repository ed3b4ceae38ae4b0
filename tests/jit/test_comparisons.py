"""Comparisons as values, for branches and selects, and behind chains of eqz; each also with NaNs."""

from __future__ import annotations

import pytest

pytest.importorskip("wasmtime")

from twins import agree

pytestmark = pytest.mark.usefixtures("both_ways")

NAN, INF = float("nan"), float("inf")
FLOATS = [NAN, -INF, -1.0, -0.0, 0.0, 1.0, 1.5, INF]
INTS = [-(2**31), -1, 0, 1, 2, 2**31 - 1]
FLOAT_OPS = ["eq", "ne", "lt", "gt", "le", "ge"]
INT_OPS = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"]
CASES = [(t, op) for t in ("f32", "f64") for op in FLOAT_OPS] + [
    (t, op) for t in ("i32", "i64") for op in INT_OPS
]


def uses(compare: str, negations: int) -> dict[str, str]:
    """One function body per way of using a condition."""
    test = compare + " i32.eqz" * negations
    return {
        "value": test,
        "set": f"{test} (local.set 2) (local.get 2)",
        "sum": f"(i32.const 5) {test} (i32.add)",
        "br_if": f"(block {test} (br_if 0) (return (i32.const 0))) (i32.const 1)",
        "loop": f"(loop (local.set 2 (i32.add (local.get 2) (i32.const 1))) {test}"
        " (i32.and (i32.lt_s (local.get 2) (i32.const 3))) (br_if 0)) (local.get 2)",
        "br_if_value": f"(block (result i32) (i32.const 1) {test} (br_if 0) (drop) (i32.const 0))",
        "if": f"{test} (if (result i32) (then (i32.const 1)) (else (i32.const 0)))",
        "if_only": f"{test} (if (then (return (i32.const 1)))) (i32.const 0)",
        "select": f"(i32.const 1) (i32.const 0) {test} (select)",
        "select_i64": f"(i64.const 1) (i64.const 0) {test} (select) (i32.wrap_i64)",
        "select_f64": f"(f64.const 1) (f64.const 0) {test} (select) (i32.trunc_f64_s)",
        "select_typed": f"(i64.const 1) (i64.const 0) {test} (select (result i64)) (i32.wrap_i64)",
        "and": f"{test} (i32.const 1) (i32.and) (if (result i32) (then (i32.const 1)) (else (i32.const 0)))",
        "br_table": f"(block (block {test} (br_table 0 1)) (return (i32.const 0))) (i32.const 1)",
        "return": f"{test} (return)",
    }


@pytest.mark.parametrize(("type", "op"), CASES, ids=[f"{t}.{op}" for t, op in CASES])
def test_every_use_of_a_condition(type: str, op: str) -> None:
    zero = f"({type}.const 0)"
    operands = {
        "both": f"({type}.{op} (local.get 0) (local.get 1))",
        "zero": f"({type}.{op} (local.get 0) {zero})",
        "zero_first": f"({type}.{op} {zero} (local.get 1))",
        "same": f"({type}.{op} (local.get 0) (local.get 0))",
        "folded": f"({type}.{op} (local.get 0) ({type}.load (local.get 3)))",
    }
    functions, calls = [], []
    numbers = FLOATS if type.startswith("f") else INTS
    pairs = [(a, b) for a in numbers for b in numbers]
    for how, compare in operands.items():
        for negations in (0, 1, 2, 3):
            for use, body in uses(compare, negations).items():
                name = f"{how} {negations} {use}"
                functions.append(f"""(func (export "{name}") (param {type} {type}) (result i32)
                  (local i32 i32) ({type}.store (i32.const 0) (local.get 1)) {body})""")
                calls += [(name, a, b) for a, b in (pairs if negations == 0 else pairs[:: 3 + negations])]
    agree(f"(module (memory 1) {' '.join(functions)})", calls)


@pytest.mark.parametrize("type", ["i32", "i64"])
@pytest.mark.parametrize("op", ["add", "sub", "and", "or", "xor", "shl", "shr_u", "mul"])
def test_zero_flag_of_the_operation_before(type: str, op: str) -> None:
    # The flags may be reused only if nothing has come between, and only for the register that they describe.
    compute = f"({type}.{op} (local.get 0) (local.get 1))"
    bodies = {
        "direct": f"({type}.eqz {compute})",
        "branch": f"({type}.eqz {compute}) (if (result i32) (then (i32.const 1)) (else (i32.const 2)))",
        "tee": f"({type}.eqz (local.tee 0 {compute}))",
        "set": f"(local.set 0 {compute}) ({type}.eqz (local.get 0))",
        "other": f"(local.set 0 {compute}) ({type}.eqz (local.get 1))",
        "merge": f"(if (local.get 2) (then (local.set 0 {compute}))) ({type}.eqz (local.get 0))",
        "block": f"(block (br_if 0 (local.get 2)) (local.set 0 {compute})) ({type}.eqz (local.get 0))",
        "loop": f"""(local.set 0 {compute}) (loop (br_if 1 (i32.const 7) ({type}.eqz (local.get 0)))
          (drop) (local.set 0 ({type}.const 0)) (br 0)) (i32.const 9)""",
        "ne": f"({type}.ne {compute} ({type}.const 0))",
        "select": f"(select (i32.const 3) (i32.const 4) ({type}.eqz {compute}))",
        "extended": f"(i64.eqz (i64.extend_i32_u ({type}.eqz {compute})))",
        "twice": f"{compute} (local.tee 0) ({type}.eqz) (local.get 0) ({type}.eqz) (i32.add)",
        "moved": f"(local.set 1 (local.tee 0 {compute})) ({type}.eqz (local.get 1))",
        "between": f"{compute} (local.set 1 ({type}.add (local.get 1) ({type}.const 1))) ({type}.eqz)",
    }
    functions = [
        f'(func (export "{name}") (param {type} {type} i32) (result i32) {body})'
        for name, body in bodies.items()
    ]
    numbers = [-1, 0, 1, 2, 64]
    calls = [(name, a, b, c) for name in bodies for a in numbers for b in numbers for c in (0, 1)]
    agree(f"(module {' '.join(functions)})", calls)


def test_bits_tested_before_a_branch() -> None:
    masks = ["1", "0x80", "0xff", "0x100", "0x80000000", "-1", "0"]
    functions, calls = [], []
    for n, mask in enumerate(masks):
        for use, body in uses(f"(i32.and (local.get 0) (i32.const {mask}))", 1).items():
            functions.append(
                f'(func (export "{use}{n}") (param i32 i32) (result i32) (local i32 i32) {body})'
            )
            calls += [(f"{use}{n}", v, 0) for v in (0, 1, 127, 128, 256, -1, -(2**31), 2**31 - 1)]
    agree(f"(module {' '.join(functions)})", calls)
