"""Bugs of other engines, named after the engine and its issue, which linocut does not have: compiled,
interpreted, or with the baseline's instructions (test_baseline.py). wasmtime says what is right if it can."""

from __future__ import annotations

import itertools
import math
import re

import linocut
import pytest

pytest.importorskip("wasmtime")

from linocut.text.wat import wat_to_wasm
from twins import agree

from linocut_isa import Opcode, Space, supported

pytestmark = pytest.mark.usefixtures("both_ways")

GARBAGE = 0xDEAD_BEEF << 32


def load(text: str) -> linocut.Exports:
    return linocut.load(wat_to_wasm(text)).instantiate().exports


def trap_of(function: linocut.Func, *arguments: int) -> str:
    with pytest.raises(linocut.Trap) as caught:
        function(*arguments)
    kind: str = caught.value.kind
    return kind


# ── an i32 in a register or slot whose upper half is garbage ─────────────────
# What such a value, `$x`, is used for; it is 0 to 3.
USES = {
    "address": "(i64.load8_u (local.get $x))",
    "address with offset": "(i64.load8_u offset=5 (local.get $x))",
    "store": "(i32.store8 (local.get $x) (i32.const 9)) (i64.load (i32.const 0))",
    "vector address": "(i64x2.extract_lane 0 (v128.load (local.get $x)))",
    "call_indirect": "(call_indirect (type $give) (local.get $x))",
    "table.get": "(i64.extend_i32_u (ref.is_null (table.get $holes (local.get $x))))",
    "table.grow": "(i64.extend_i32_s (table.grow $holes (ref.null func) (local.get $x)))",
    "memory.grow": "(i64.extend_i32_s (memory.grow (local.get $x)))",
    "memory.fill": "(memory.fill (i32.const 0) (i32.const 7) (local.get $x)) (i64.load (i32.const 0))",
    "memory.copy": "(memory.copy (local.get $x) (i32.const 4) (local.get $x)) (i64.load (i32.const 0))",
    "shift of i32": "(i64.extend_i32_u (i32.shl (i32.const 5) (local.get $x)))",
    "shifted i32": "(i64.extend_i32_u (i32.shr_u (local.get $x) (i32.const 1)))",
    "rotated i32": "(i64.extend_i32_u (i32.rotr (local.get $x) (i32.const 1)))",
    "vector shift": "(i64x2.extract_lane 1 (i64x2.shl (v128.const i64x2 3 5) (local.get $x)))",
    "extend_u": "(i64.extend_i32_u (local.get $x))",
    "extend_s": "(i64.extend_i32_s (local.get $x))",
    "convert": "(i64.reinterpret_f64 (f64.convert_i32_u (local.get $x)))",
    "comparison": "(i64.extend_i32_u (i32.lt_u (local.get $x) (i32.const 4)))",
    "division": "(i64.extend_i32_u (i32.div_u (i32.const 99) (i32.add (local.get $x) (i32.const 1))))",
    "condition": "(select (i64.const 1) (i64.const 2) (local.get $x))",
    "eqz": "(i64.extend_i32_u (i32.eqz (local.get $x)))",
    "count": "(i64.extend_i32_u (i32.clz (local.get $x)))",
    "splat": "(i64x2.extract_lane 1 (i32x4.splat (local.get $x)))",
    "br_table": """(block $c (block $b (block $a (br_table $a $b $c (local.get $x)))
        (return (i64.const 10))) (return (i64.const 11))) (i64.const 12)""",
    "global": "(global.set $g (local.get $x)) (i64.extend_i32_u (global.get $g))",
    "argument": "(call $widen (local.get $x))",
}
# How the wrapped value is kept until it is used.
KEPT = {
    "in a register": "(local.set $x (i32.wrap_i64 (local.get $long)))",
    "in a slot": """(i32.wrap_i64 (local.get $long)) (call $nothing) (local.set $x)""",
    "below others": """(i32.wrap_i64 (local.get $long)) (i32.wrap_i64 (local.get $long))
        (call $nothing) (drop) (local.set $x)""",
    "through a block": """(local.set $x (block (result i32) (i32.wrap_i64 (local.get $long))
        (br_if 0 (i32.const 1)) (drop) (i32.const 77)))""",
    "as a result": "(local.set $x (call $wrap (local.get $long)))",
    "truncated": "(local.set $x (i32.wrap_i64 (i64.rotl (i64.rotr (local.get $long) (i64.const 32)) (i64.const 32))))",
}


def garbage_module(use: str, kept: str) -> str:
    return f"""(module (memory 1 5) (data (i32.const 0) "\\11\\22\\33\\44\\55\\66\\77\\88\\99")
      (type $give (func (result i64))) (global $g (mut i32) (i32.const 0))
      (table $t 4 4 funcref) (elem (table $t) (i32.const 0) func $f0 $f1 $f2 $f3) (table $holes 4 9 funcref)
      (func $f0 (result i64) (i64.const 20)) (func $f1 (result i64) (i64.const 21))
      (func $f2 (result i64) (i64.const 22)) (func $f3 (result i64) (i64.const 23))
      (func $nothing) (func $wrap (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
      (func $widen (param i32) (result i64) (i64.extend_i32_u (local.get 0)))
      (func (export "f") (param $long i64) (result i64) (local $x i32) {KEPT[kept]} {USES[use]}))"""


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("use", USES)
def test_wasmtime_2839_an_i32_with_garbage_above_it(use: str, kept: str) -> None:
    agree(garbage_module(use, kept), [("f", GARBAGE - (1 << 64) | number) for number in range(4)])


@pytest.mark.parametrize("use", ["address", "store", "vector address", "call_indirect", "table.get"])
def test_wasmtime_2839_what_is_out_of_bounds_stays_so(use: str) -> None:
    """Conversely: a value whose lower half alone is out of bounds traps, also where its sign bit is set."""
    for low in (0xFFFF_FFFF, 0x8000_0000, 0x0001_0000):
        exports = load(garbage_module(use, "in a register"))
        assert trap_of(exports.f, GARBAGE | low).startswith(("out_of_bounds", "undefined_element"))


# ── values that go to labels ─────────────────────────────────────────────────
def test_winch_7590_values_below_those_of_a_br_if_are_dropped() -> None:
    agree(
        """(module (func $one (result i32) (i32.const 1))
          (func (export "f") (param i32) (result i32)
            (i32.const 1000)
            (block (result i32) (call $one) (call $one) (i32.const 40) (br_if 0 (local.get 0))
              (drop) (i32.const 10) (i32.mul) (i32.add))
            (i32.add)))""",
        [("f", 0), ("f", 1)],
    )


def test_winch_7602_each_label_of_a_br_table_has_its_own_height() -> None:
    agree(
        """(module (func $two (result i32 i64) (i32.const 3) (i64.const 4))
          (func (export "f") (param i32) (result i64) (local i64)
            (i64.const 1000000)
            (block $a (result i32 i64)
              (i64.const 7) (i64.const 8)
              (block $b (result i32 i64)
                (f64.const 9) (call $two) (drop) (drop)
                (block $c (result i32 i64)
                  (v128.const i64x2 1 2) (call $two) (br_table $a $b $c $a (local.get 0)))
                (i64.const 100) (i64.add) (br $b))
              (i64.const 10000) (i64.add) (br $a))
            (local.set 1) (i64.extend_i32_u) (local.get 1) (i64.add) (i64.add)))""",
        [("f", n) for n in (0, 1, 2, 3, 9, -1)],
    )


def test_winch_10613_several_results_by_br_if_out_of_a_loop() -> None:
    agree(
        """(module (func (export "f") (param $n i32) (result i32 i64 f64) (local $i i32)
          (i32.const 5)
          (block (result i32 i64 f64)
            (loop (result i32 i64 f64)
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (local.get $i) (i64.extend_i32_u (local.get $i)) (f64.convert_i32_u (local.get $i))
              (br_if 1 (i32.gt_u (local.get $i) (local.get $n)))
              (drop) (drop) (drop)
              (br_if 0 (i32.lt_u (local.get $i) (i32.const 90)))
              (i32.const 1) (i64.const 2) (f64.const 3)))
          (br 0)))""",
        [("f", n) for n in (0, 1, 50, 200)],
    )


def test_winch_8848_a_local_read_before_a_br_if_whose_condition_sets_it() -> None:
    agree(
        """(module (func (export "f") (param i32) (result i32)
          (block (result i32)
            (local.get 0) (local.get 0)
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 3))))
            (local.get 0) (i32.const 100) (i32.mul) (i32.add) (i32.add))))""",
        [("f", n) for n in (0, 3, 4, -1)],
    )


def test_winch_7547_code_after_an_arm_that_returns() -> None:
    agree(
        """(module (func (export "f") (param i32) (result i32)
          (local.get 0) (local.get 0)
          (if (result i32) (then (i32.const 1) (return)) (else (i32.const 2)))
          (i32.sub)))""",
        [("f", 0), ("f", 1)],
    )


def test_winch_10751_a_loop_that_is_left_over_others_values() -> None:
    agree(
        """(module (func (export "f") (param i32) (result i32 i32)
          (loop (result i32)
            (i32.const 10) (i32.const 11) (i32.const 12) (i32.const 13) (br_if 1 (local.get 0))
            (drop) (drop) (drop)
            (block (result i32 i32) (i32.const 21) (i32.const 22) (br_table 2 0 (i32.const 0)))
            (drop) (drop))
          (i32.const 5)))""",
        [("f", 0), ("f", 1)],
    )


# ── moves at merges ──────────────────────────────────────────────────────────
TYPES = ("i32", "i64", "f32", "f64")


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize("type_", TYPES)
def test_wizard_452_values_that_change_places_at_a_loop(type_: str, count: int) -> None:
    """A cycle of moves: done one after the other, each would overwrite the source of the next."""
    agree(turning([type_] * count, 1), [("f", n) for n in range(1, 10)])


def test_wizard_452_values_of_several_types_that_change_places_at_a_loop() -> None:
    agree(turning([*TYPES, *TYPES, *TYPES], len(TYPES)), [("f", n) for n in range(1, 10)])


def turning(types: list[str], step: int) -> str:
    """A loop with a parameter of each type; in each round every value moves on by `step` places."""
    count, all = len(types), " ".join(types)
    given = " ".join(f"({type_}.const {n + 1})" for n, type_ in enumerate(types))
    locals = " ".join(f"(local $v{n} {type_})" for n, type_ in enumerate(types))
    take = " ".join(f"(local.set $v{n})" for n in reversed(range(count)))
    give = " ".join(f"(local.get $v{(n + step) % count})" for n in range(count))
    return f"""(module (func (export "f") (param $i i32) (result {all}) {locals}
      {given}
      (loop (param {all}) (result {all})
        {take} (local.set $i (i32.sub (local.get $i) (i32.const 1))) {give}
        (br_if 0 (i32.gt_s (local.get $i) (i32.const 0))))))"""


@pytest.mark.parametrize("type_", TYPES)
def test_wizard_452_arguments_that_change_places(type_: str) -> None:
    """The arguments were made in registers whose order is not that of the parameters."""
    callers, kind = [], float if type_.startswith("f") else int
    for ways in range(16):
        # A difference from a local needs one more register than a sum, and leaves the one before it free.
        arguments = [
            f"({type_}.sub (local.get {n}) ({type_}.add (local.get {n}) ({type_}.const -{n + 1})))"
            if ways >> n & 1
            else f"({type_}.add (local.get {n}) ({type_}.const {n}))"
            for n in range(4)
        ]
        callers.append(f"""(func (export "f{ways}") (param {f"{type_} " * 4}) (result {type_})
          (call $digits {" ".join(arguments)}))""")
    digits = "(local.get 0)"
    for n in range(1, 4):
        digits = f"({type_}.add ({type_}.mul {digits} ({type_}.const 10)) (local.get {n}))"
    agree(
        f"""(module (func $digits (param {f"{type_} " * 4}) (result {type_}) {digits}) {" ".join(callers)})""",
        [(f"f{ways}", *map(kind, (1, 2, 3, 4))) for ways in range(16)],
    )


def test_wasmer_3940_parameters_given_back_in_another_order() -> None:
    for order in itertools.permutations(range(4)):
        body = " ".join(f"(local.get {n})" for n in order)
        types = " ".join(TYPES[n] for n in order)
        agree(
            f"""(module (func $f (param i32 i64 f32 f64) (result {types}) {body})
              (func (export "f") (result {types})
                (call $f (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4))))""",
            [("f",)],
        )


# ── vector instructions and the operands they share ──────────────────────────
VECTOR_ROWS = [
    row
    for row in supported()
    if row.is_plain and row.params and {operand.type for operand in row.params} == {"v128"}
]


def test_the_rows_of_vectors_are_there() -> None:
    assert len(VECTOR_ROWS) > 170


@pytest.mark.parametrize("row", VECTOR_ROWS, ids=lambda row: row.name)
def test_wizard_650_an_instruction_leaves_its_operands_alone(row: Opcode) -> None:
    """wizard's `i8x16.ne` made its mask in the register of an operand that was a local."""
    lanes = {Space.LANE: " 1", Space.LANES: " 1" * 16}[row.immediates[0].space] if row.immediates else ""
    calls = []
    for pair in (("$v0", "$v0", "$v0"), ("$v0", "$v1", "$v2"), ("$v1", "$v0", "$v1")):
        operands = [f"(local.get {name})" for name in pair[: len(row.params)]]
        calls.append(f"({row.name}{lanes} {' '.join(operands)}) (drop)")
    text = f"""(module (func (export "f") (result i64 i64 i64 i64 i64 i64)
      (local $v0 v128) (local $v1 v128) (local $v2 v128)
      (local.set $v0 (v128.const i64x2 0x0102030405060708 0x1112131415169c18))
      (local.set $v1 (v128.const i64x2 0x2122232425262728 0x3132333435363738))
      (local.set $v2 (v128.const i64x2 0x4142434445464748 0x5152535455565758))
      {" ".join(calls)}
      {" ".join(f"(i64x2.extract_lane {lane} (local.get $v{n}))" for n in range(3) for lane in range(2))}))"""
    assert load(text).f() == (
        0x0102030405060708, 0x1112131415169C18, 0x2122232425262728, 0x3132333435363738,
        0x4142434445464748, 0x5152535455565758,
    )  # fmt: skip


@pytest.mark.parametrize("shape", ["i8x16", "i16x8", "i32x4", "i64x2"])
@pytest.mark.parametrize("shift", ["shl", "shr_s", "shr_u"])
def test_wazero_726_a_vector_shift_short_of_registers(shape: str, shift: str) -> None:
    """The shift needs registers for its count and its steps, and the operands below have taken all."""
    functions = " ".join(shifted(f"{shape}.{shift}", below) for below in range(9))
    agree(
        f"""(module (memory 1) (data (i32.const 0) "\\81\\02\\f3\\04\\85\\06\\f7\\08\\89\\0a\\fb\\0c\\8d\\0e\\ff\\10")
          {functions})""",
        [(f"f{below}", n) for below in range(9) for n in (0, 6, 7, 8, 15, 31, 63, 64, -1)],
    )


def shifted(opcode: str, below: int) -> str:
    """A function that shifts with `below` integers and vectors below, which it then adds up."""
    operands = " ".join(
        f"(i64.add (i64.extend_i32_u (local.get 0)) (i64.const {n}))"
        f" (i64x2.add (v128.load (i32.const 0)) (v128.const i64x2 {n} {n}))"
        for n in range(below)
    )
    take_vector = "(local.get $s) (i64x2.add) (local.set $s)"
    take_integer = "(local.get $t) (i64.const 3) (i64.mul) (i64.add) (local.set $t)"
    return f"""(func (export "f{below}") (param i32) (result i64 i64 i64) (local $s v128) (local $t i64)
      {operands}
      ({opcode} (v128.load (i32.const 0)) (i32.add (local.get 0) (i32.const 1))) (local.set $s)
      {f"{take_vector} {take_integer} " * below}
      (i64x2.extract_lane 0 (local.get $s)) (i64x2.extract_lane 1 (local.get $s)) (local.get $t))"""


def test_wasmi_1834_select_keeps_vectors_and_references_whole() -> None:
    """WAMR #4228 and wasmtime #4317 were about vectors, wizard #505 about references."""
    exports = load("""(module (func $a (export "a")) (func $b (export "b")) (elem declare func $a $b)
      (func (export "vector") (param i32 i32) (result i64 i64) (local v128)
        (local.set 2 (select (v128.const i64x2 1 2) (v128.const i64x2 3 4) (i32.lt_s (local.get 0) (local.get 1))))
        (i64x2.extract_lane 0 (local.get 2)) (i64x2.extract_lane 1 (local.get 2)))
      (func (export "function") (param i32 i32) (result funcref)
        (select (result funcref) (ref.func $a) (ref.func $b) (i32.lt_s (local.get 0) (local.get 1))))
      (func (export "extern") (param externref externref i64) (result externref)
        (select (result externref) (local.get 0) (local.get 1) (i64.eqz (local.get 2)))))""")
    assert (exports.vector(1, 2), exports.vector(2, 1)) == ((1, 2), (3, 4))
    assert (exports.function(1, 2), exports.function(2, 1)) == (exports.a, exports.b)
    one, other = object(), object()
    assert exports.extern(one, other, 0) is one
    assert exports.extern(one, other, 1 << 32) is other


@pytest.mark.parametrize("type_", ["f32", "f64"])
def test_wasmtime_3963_a_comparison_of_floats_chooses_between_wide_values(type_: str) -> None:
    """Equality of floats needs two flags, and both must count for both halves of the value."""
    comparisons = ("eq", "ne", "lt", "gt", "le", "ge")
    functions = " ".join(
        f"""(func (export "{name}") (param {type_} {type_}) (result i64 i64 i64) (local v128)
          (local.set 2 (select (v128.const i64x2 1 2) (v128.const i64x2 3 4)
            ({type_}.{name} (local.get 0) (local.get 1))))
          (i64x2.extract_lane 0 (local.get 2)) (i64x2.extract_lane 1 (local.get 2))
          (select (i64.const 5) (i64.const 6) ({type_}.{name} (local.get 0) (local.get 1))))"""
        for name in comparisons
    )
    numbers = (0.0, -0.0, 1.0, math.inf, math.nan)
    calls = [(name, *pair) for name in comparisons for pair in itertools.product(numbers, repeat=2)]
    agree(f"(module {functions})", calls)


def test_wamr_4457_select_of_the_local_that_it_sets() -> None:
    agree(
        """(module (func (export "f") (param i32) (result i64 i64 i64 i64) (local v128)
          (local.set 1 (v128.const i64x2 1 2))
          (block
            (v128.const i64x2 3 4) (local.get 1) (local.get 0) (select) (local.tee 1) (local.set 1))
          (i64x2.extract_lane 0 (local.get 1)) (i64x2.extract_lane 1 (local.get 1))
          (local.set 1 (select (local.get 1) (v128.const i64x2 5 6) (i32.eqz (local.get 0))))
          (i64x2.extract_lane 0 (local.get 1)) (i64x2.extract_lane 1 (local.get 1))))""",
        [("f", 0), ("f", 1)],
    )


# ── signs ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("type_", ["f32", "f64"])
@pytest.mark.parametrize("unary", ["ceil", "floor", "trunc", "nearest", "neg", "abs", "sqrt"])
def test_wazero_1983_copysign_beside_another_float_instruction(unary: str, type_: str) -> None:
    functions = f"""
      (func (export "of") (param {type_} {type_}) (result {type_})
        ({type_}.copysign ({type_}.{unary} (local.get 0)) (local.get 1)))
      (func (export "from") (param {type_} {type_}) (result {type_})
        ({type_}.copysign (local.get 0) ({type_}.{unary} (local.get 1))))
      (func (export "before") (param {type_} {type_}) (result {type_})
        ({type_}.{unary} ({type_}.copysign (local.get 0) (local.get 1))))
      (func (export "both") (param {type_} {type_}) (result {type_})
        ({type_}.copysign ({type_}.{unary} (local.get 0)) ({type_}.{unary} (local.get 0))))"""
    numbers = [0.0, -0.0, 0.25, -0.25, 1.5, -1.5, 2.5, -1e10, math.inf, -math.inf, math.nan]
    pairs = list(itertools.product(numbers, repeat=2))
    agree(
        f"(module {functions})",
        [(name, *pair) for name in ("of", "from", "before", "both") for pair in pairs],
    )


# ── several results ──────────────────────────────────────────────────────────
def results_module(count: int) -> tuple[str, list[str], list[int]]:
    types = [TYPES[n * 3 % 4] for n in range(count)]
    values = [n * 7 + 1 for n in range(count)]
    constants = " ".join(f"({type_}.const {value})" for type_, value in zip(types, values, strict=True))
    result = " ".join(types)
    keep = " ".join(f"(local {type_})" for type_ in types)
    take = " ".join(f"(local.set {n})" for n in reversed(range(count)))
    give = " ".join(f"(local.get {n})" for n in range(count))
    text = f"""(module (type $t (func (result {result})))
      (import "host" "give" (func $host (type $t)))
      (table 1 funcref) (elem (i32.const 0) $direct)
      (func $direct (export "direct") (type $t) {constants})
      (func (export "called") (type $t) (call $direct))
      (func (export "under") (type $t) {keep} (i64.const 5) (call $direct) {take} (drop) {give})
      (func (export "indirect") (type $t) {keep} (i64.const 5) (call_indirect (type $t) (i32.const 0)) {take} (drop) {give})
      (func (export "host") (type $t) {keep} (f64.const 5) (call $host) {take} (drop) {give})
      (func (export "block") (type $t) (block (type $t) (call $direct) (br 0))))"""
    return text, types, values


@pytest.mark.parametrize("count", [*range(2, 10), 17, 40])
def test_wasm3_220_results_come_in_their_order(count: int) -> None:
    text, types, values = results_module(count)
    given = tuple(float(v) if t[0] == "f" else v for t, v in zip(types, values, strict=True))
    exports = linocut.load(wat_to_wasm(text)).instantiate({"host": {"give": lambda: given}}).exports
    for name in ("direct", "called", "under", "indirect", "host", "block"):
        assert exports[name]() == given, name


# ── tables and memories with 64-bit addresses ────────────────────────────────
def test_wabt_2760_a_table_index_is_not_cut_to_32_bits() -> None:
    exports = load("""(module (table $t i64 10 20 funcref) (table $u 10 funcref) (elem $e func $f $f)
      (func $f)
      (func (export "get") (param i64) (result i32) (ref.is_null (table.get $t (local.get 0))))
      (func (export "set") (param i64) (table.set $t (local.get 0) (ref.func $f)))
      (func (export "fill") (param i64 i64) (table.fill $t (local.get 0) (ref.func $f) (local.get 1)))
      (func (export "grow") (param i64) (result i64) (table.grow $t (ref.null func) (local.get 0)))
      (func (export "size") (result i64) (table.size $t))
      (func (export "init") (param i64) (table.init $t $e (local.get 0) (i32.const 0) (i32.const 1)))
      (func (export "to") (param i64) (table.copy $t $u (local.get 0) (i32.const 0) (i32.const 1)))
      (func (export "from") (param i64) (table.copy $u $t (i32.const 0) (local.get 0) (i32.const 1)))
      (func (export "within") (param i64 i64) (table.copy $t $t (i64.const 0) (local.get 0) (local.get 1)))
      (func (export "call") (param i64) (call_indirect $t (local.get 0))))""")
    exports.set(3)
    for index in (1 << 32, (1 << 32) + 3, (1 << 63) + 3, -(1 << 32) + 3):
        for name in ("get", "set", "init", "to", "from", "call"):
            kind = trap_of(exports[name], index)
            assert kind in ("out_of_bounds_table", "undefined_element"), name
        assert trap_of(exports.fill, index, 0) == "out_of_bounds_table"
        assert trap_of(exports.fill, 0, index) == "out_of_bounds_table"
        assert trap_of(exports.within, 0, index) == "out_of_bounds_table"
        assert exports.grow(index) == -1
    assert [exports.get(n) for n in range(10)] == [n != 3 for n in range(10)]
    assert (exports.grow(10), exports.grow(1), exports.size()) == (10, -1, 20)


def test_wasm3_442_a_memory_does_not_grow_by_more_than_there_is() -> None:
    for address, most in (("", -1), ("i64", -1), ("i64", 1 << 48), ("i64", 1 << 32), ("i64", (1 << 63) - 1)):
        type_ = address or "i32"
        exports = load(f"""(module (memory {address} 1 5)
          (func (export "grow") (param {type_}) (result {type_}) (memory.grow (local.get 0)))
          (func (export "size") (result {type_}) (memory.size)))""")
        assert (exports.grow(most), exports.size(), exports.grow(4), exports.grow(1)) == (-1, 1, 1, -1)


@pytest.mark.parametrize("address", ["i32", "i64"])
def test_dtasm_10_an_address_from_before_the_memory_grew(address: str) -> None:
    """An address that was calculated or checked stays right when the memory grows before it is used."""
    grown = f"(memory.grow ({address}.const 1))"
    grown = grown if address == "i64" else f"(i64.extend_i32_u {grown})"
    text = f"""(module (memory {address} 1 9)
      (func $grow (result i64) {grown})
      (func (export "f") (param $p {address}) (result i64 i64 i64)
        (i64.store ({address}.add (local.get $p) ({address}.const 65536)) (call $grow))
        (i64.store (local.get $p) (i64.const 7))
        (i64.store offset=131072 (local.get $p) {grown})
        (i64.load (local.get $p)) (i64.load offset=65536 (local.get $p)) (i64.load offset=131072 (local.get $p))))"""
    agree(text, [("f", 0), ("f", 8), ("f", 65528)])


@pytest.mark.parametrize("address", ["i32", "i64"])
def test_wazero_1883_a_check_is_left_out_only_for_the_same_value(address: str) -> None:
    """A local that was checked and then set is checked again, also where only one of two paths sets it."""
    text = f"""(module (memory {address} 1)
      (func (export "f") (param $p {address}) (param $far i32) (result i64)
        (i64.load (local.get $p))
        (if (local.get $far) (then (local.set $p ({address}.add (local.get $p) ({address}.const 65529)))))
        (i64.load (local.get $p)) (i64.add))
      (func (export "g") (param $p {address}) (param $n i32) (result i64)
        (loop
          (drop (i64.load offset=8 (local.get $p)))
          (local.set $p ({address}.add (local.get $p) ({address}.const 16384)))
          (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i64.load (local.get $p)))
      (func (export "h") (param $p {address}) (param $q {address}) (result i64)
        (i64.load (local.get $p))
        (i64.load (local.tee $p (local.get $q)))
        (local.set $p ({address}.add (local.get $p) ({address}.const 8)))
        (i64.load (local.get $p)) (i64.add) (i64.add)))"""
    calls = [
        ("f", 0, 0),
        ("f", 0, 1),
        ("f", 65528, 0),
        ("f", 65528, 1),
        ("g", 0, 3),
        ("g", 0, 4),
        ("g", 0, 5),
    ]
    agree(text, calls)


LOADS = [row for row in supported() if ".load" in row.name and not row.is_atomic]
# What may become of a loaded value that nobody needs: the load must trap all the same.
UNUSED = {
    "dropped": "(drop)",
    "below a branch": "(br $out)",
    "below a return": "(return)",
    "set and never read": "(local.set $unused)",
    "below what is dropped, too": "(i32.const 1) (drop) (drop)",
}


@pytest.mark.parametrize("use", UNUSED)
@pytest.mark.parametrize("address", ["i32", "i64"])
def test_wamr_2755_a_load_whose_value_nobody_needs_traps(address: str, use: str) -> None:
    for row in LOADS:
        lanes = row.name.endswith("_lane")
        more = ("(v128.const i64x2 0 0)" if lanes else "", " 0" if lanes else "")
        exports = load(f"""(module (memory {address} 1) (func (export "f") (param {address})
          (local $unused {row.results[0].type})
          (block $out ({row.name}{more[1]} (local.get 0) {more[0]}) {UNUSED[use]}))
          (func (export "far") (param {address}) (local $unused {row.results[0].type})
          (block $out ({row.name} offset=1627730432{more[1]} (local.get 0) {more[0]}) {UNUSED[use]})))""")
        exports.f(0)
        assert trap_of(exports.f, 65536) == trap_of(exports.far, 100) == "out_of_bounds_memory", row.name


# ── the last bytes of a memory ───────────────────────────────────────────────
STORES = [row for row in supported() if "store" in row.name and not row.is_atomic]
FULL = {"i32": "(i32.const -1)", "i64": "(i64.const -1)", "f32": "(f32.reinterpret_i32 (i32.const -1))",
        "f64": "(f64.reinterpret_i64 (i64.const -1))", "v128": "(v128.const i64x2 -1 -1)"}  # fmt: skip
WIDTHS = {"8": 1, "16": 2, "32": 4, "64": 8, "i32": 4, "f32": 4, "i64": 8, "f64": 8, "v128": 16}


def width_of(row: Opcode) -> int:
    """The number of bytes that the row stores, read from its name."""
    type_, _, store = row.name.partition(".store")
    return WIDTHS[store.removesuffix("_lane") or type_]


@pytest.mark.parametrize("address", ["i32", "i64"])
@pytest.mark.parametrize("row", STORES, ids=lambda row: row.name)
def test_spec_438_a_store_that_is_partly_out_of_bounds_stores_nothing(row: Opcode, address: str) -> None:
    """wasmtime #7237: some processors store the bytes that are in bounds before they fault at the others."""
    value = FULL[row.params[1].type]
    lane = " 0" if row.name.endswith("_lane") else ""
    exports = load(f"""(module (memory (export "memory") {address} 1)
      (func (export "f") (param {address}) ({row.name}{lane} (local.get 0) {value}))
      (func (export "g") (param {address}) ({row.name} offset=65520{lane} (local.get 0) {value})))""")
    width = width_of(row)
    for short in range(1, width):
        for name, start in (("f", 65536), ("g", 16)):
            assert trap_of(exports[name], start - width + short) == "out_of_bounds_memory"
    assert bytes(exports.memory.read(65536 - 32, 32)) == bytes(32)
    exports.f(65536 - width)
    assert bytes(exports.memory.read(65536 - 32, 32)) == bytes(32 - width) + b"\xff" * width


# ── atomics ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("address", ["i32", "i64"])
def test_wasmtime_11975_wait_and_notify_at_the_end_of_a_memory(address: str) -> None:
    """Also WasmEdge #5303 and #5310: notify accesses 4 bytes, whatever the type of the address."""
    exports = load(f"""(module (memory {address} 1 1 shared)
      (func (export "notify") (param {address}) (result i32) (memory.atomic.notify (local.get 0) (i32.const 0)))
      (func (export "wait32") (param {address}) (result i32)
        (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const 0)))
      (func (export "wait64") (param {address}) (result i32)
        (memory.atomic.wait64 (local.get 0) (i64.const 1) (i64.const 0))))""")
    for at in (0, 4, 65532):
        assert (exports.notify(at), exports.wait32(at)) == (0, 1)
    assert exports.wait64(65528) == 1
    assert trap_of(exports.wait64, 65532) == "unaligned_atomic"
    for at, kind in ((65536, "out_of_bounds_memory"), (65533, "unaligned_atomic"), (2, "unaligned_atomic")):
        assert {trap_of(exports[name], at) for name in ("notify", "wait32")} == {kind}
    assert trap_of(exports.wait64, 65536) == "out_of_bounds_memory"


ATOMICS = [row for row in supported() if row.is_atomic and row.is_plain]


@pytest.mark.parametrize("row", ATOMICS, ids=lambda row: row.name)
def test_jsc_278412_a_misaligned_atomic_access_says_so(row: Opcode) -> None:
    """It traps also if the offset alone misaligns it, and not if the offset makes it aligned again."""
    operands = " ".join(f"({operand.type}.const 0)" for operand in row.params[1:])
    result = f"(result {row.results[0].type})" if row.results else ""
    exports = load(f"""(module (memory 1 1 shared)
      (func (export "f") (param i32) {result} ({row.name} (local.get 0) {operands}))
      (func (export "g") (param i32) {result} ({row.name} offset=1 (local.get 0) {operands})))""")
    narrow = re.search(r"(?:load|store|rmw)(\d+)", row.name)
    width = int(narrow[1] if narrow else row.name[1:3]) // 8
    for at in range(16):
        for name, place in (("f", at), ("g", at + 1)):
            if place % width:
                assert trap_of(exports[name], at) == "unaligned_atomic"
            else:
                exports[name](at)


# ── exceptions ───────────────────────────────────────────────────────────────
def test_winch_14377_a_try_table_that_nobody_reaches() -> None:
    """wasmtime #11505: try_table opens a block in unreachable code as well."""
    exports = load("""(module (tag $t)
      (func (export "f") (param i32) (result i32)
        (block $out
          (br_if $out (local.get 0))
          (return (i32.const 1))
          (try_table (catch_all $out) (catch $t $out)
            (try_table (result i32) (catch_all $out) (i32.const 4)) (drop)))
        (block $again
          (br $again)
          (try_table (catch_all $again) (br $again)))
        (i32.const 2)))""")
    assert (exports.f(0), exports.f(1)) == (1, 2)


def test_wabt_2469_a_local_set_within_a_try_has_its_value_in_the_handler() -> None:
    """In wasm2c, setjmp gave the local back the value that it had on entry."""
    new = """(block $caught (try_table (catch $t $caught)
      (local.set 1 (i32.const 1)) (call $throw) (local.set 1 (i32.const 2))))"""
    legacy = """(try (do (local.set 1 (i32.const 1)) (call $throw) (local.set 1 (i32.const 2))) (catch $t))"""
    for body in (new, legacy):
        exports = load(f"""(module (tag $t) (func $throw (throw $t))
          (func (export "f") (param i32) (result i32) (local i32) {body} (local.get 1)))""")
        assert exports.f(0) == 1


@pytest.mark.parametrize("form", ["try_table", "try"])
def test_wasmoon_303_vector_locals_live_while_an_exception_crosses_frames(form: str) -> None:
    """Also JavaScriptCore #8505: each frame has more vector locals than registers, and other locals."""
    count = 20
    vectors = " ".join(f"(local $v{n} v128)" for n in range(count)) + " (local $i i64) (local $f f64)"
    setting = " ".join(
        f"(local.set $v{n} (i64x2.splat (i64.add (local.get 0) (i64.const {n}))))" for n in range(count)
    )
    setting += " (local.set $i (i64.mul (local.get 0) (i64.const 3))) (local.set $f (f64.convert_i64_s (local.get 0)))"
    more = " ".join(f"(local.set $v{n} (i64x2.add (local.get $v{n}) (local.get $v{(n * 7 + 1) % count})))"
                    for n in range(count))  # fmt: skip
    total = "(i64.add (local.get $i) (i64.trunc_f64_s (local.get $f)))"
    for n in range(count):
        total = (
            f"(i64.add {total} (i64.mul (i64.const {n + 2}) (i64x2.extract_lane {n % 2} (local.get $v{n}))))"
        )
    catching = {
        "try_table": f"""(local.set $c (block $caught (result v128) (try_table (catch $t $caught) {more}
          (call $middle (local.get 0))) (unreachable)))""",
        "try": f"(local.set $c (try (result v128) (do {more} (call $middle (local.get 0)) (unreachable)) (catch $t)))",
    }[form]
    text = f"""(module (tag $t (param v128))
      (func $inner (param i64) {vectors} {setting} (throw $t (i64x2.splat {total})))
      (func $middle (param i64) {vectors} {setting} (call $inner (i64.const 1000)) (drop {total}))
      (func (export "f") (param i64) (result i64 i64) (local $c v128) {vectors} {setting} {catching}
        {total} (i64x2.extract_lane 1 (local.get $c))))"""
    exports = load(text)
    assert exports.f(5) == (expected_sum(5, count, moved=True), expected_sum(1000, count, moved=False))


def expected_sum(base: int, count: int, *, moved: bool) -> int:
    vectors = [base + n for n in range(count)]
    if moved:
        for n in range(count):
            vectors[n] += vectors[(n * 7 + 1) % count]
    return 3 * base + base + sum((n + 2) * vectors[n] for n in range(count))
