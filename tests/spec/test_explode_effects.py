"""Each opcode that changes or reads state has its own script, whose file must repeat the change or fail."""

from __future__ import annotations

from typing import NamedTuple

import pytest

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

from explosions import cases, said

import linocut_isa as isa
from linocut_isa import OPCODES, Opcode, Space, Use

MODULE = """(module (type $t (func (result i32)))
  (memory $m {memory}) {more} (table $a 4 8 funcref) (table $b 4 funcref) (global $g (mut i32) (i32.const 0))
  (data $d "\\07\\07\\07\\07\\07\\07\\07\\07") (elem $e func $seven) (elem declare func $seven $change)
  (func $seven (type $t) (i32.const 7)) (func $change (result i32) (global.set $g (i32.const 7)) (i32.const 7))
  (func (export "do") {do}) (func (export "see") (result i32) {see}))"""


class Effect(NamedTuple):
    """What an opcode does, and how that is seen: `see` gives 7 after it, and anything else without it."""

    opcode: str
    do: str
    see: str
    more: str = ""
    memory: str = "1 2"


BYTE = "(i32.load8_u (i32.const 8))"
ELEMENT = (
    "(if (result i32) (ref.is_null (table.get $a (i32.const 1))) (then (i32.const 0)) (else (i32.const 7)))"
)
VALUES = {"i32": "(i32.const 0x07070707)", "i64": "(i64.const 0x0707070707070707)",
          "f32": "(f32.reinterpret_i32 (i32.const 0x07070707))",
          "f64": "(f64.reinterpret_i64 (i64.const 0x0707070707070707))"}  # fmt: skip
VECTOR = "(v128.const i8x16 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7)"
FILL = "(memory.fill (i32.const 8) (i32.const 7) (i32.const 8))"
GLOBAL = "(global.get $g)"
IN_TABLE = "(elem (table $b) (i32.const 1) func $change)"
STRUCT = "(type $s (struct (field (mut i32)))) (global $o (ref $s) (struct.new $s (i32.const 0)))"
ARRAY = "(type $s (array (mut i32))) (global $o (ref $s) (array.new $s (i32.const 0) (i32.const 2)))"
BYTES = "(type $s (array (mut i8))) (global $o (ref $s) (array.new $s (i32.const 0) (i32.const 2)))"
FIRST = "(array.get $s (global.get $o) (i32.const 0))"

STORES = "i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32".split()
RMW = [f"i32.atomic.rmw{size}.{name}" for name in ("add", "or", "xor", "xchg") for size in ("", "8", "16")]
RMW = [name if "rmw." in name else f"{name}_u" for name in RMW]
WRITES = [
    *(Effect(name, f"({name} (i32.const 8) {VALUES[name[:3]]})", BYTE) for name in STORES),
    Effect("memory.fill", FILL, BYTE),
    Effect("memory.init", "(memory.init $d (i32.const 8) (i32.const 0) (i32.const 8))", BYTE),
    Effect("memory.copy", "(memory.copy (i32.const 8) (i32.const 12) (i32.const 1))", BYTE, '(data (i32.const 12) "\\07")'),
    Effect("memory.grow", "(drop (memory.grow (i32.const 1)))", "(select (i32.const 7) (i32.const 0) (i32.eq (memory.size) (i32.const 2)))"),
    Effect("global.set", "(global.set $g (i32.const 7))", GLOBAL),
    Effect("table.set", "(table.set $a (i32.const 1) (ref.func $seven))", ELEMENT),
    Effect("table.fill", "(table.fill $a (i32.const 0) (ref.func $seven) (i32.const 2))", ELEMENT),
    Effect("table.init", "(table.init $a $e (i32.const 1) (i32.const 0) (i32.const 1))", ELEMENT),
    Effect("table.copy", "(table.copy $a $b (i32.const 1) (i32.const 1) (i32.const 1))", ELEMENT, "(elem (table $b) (i32.const 1) func $seven)"),
    Effect("table.grow", "(drop (table.grow $a (ref.null func) (i32.const 3)))", "(table.size $a)"),
    Effect("data.drop", "(data.drop $d)", "(memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 7)"),
    Effect("elem.drop", "(elem.drop $e)", "(table.init $a $e (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 7)"),
    Effect("call", "(drop (call $change))", GLOBAL),
    Effect("call_indirect", "(drop (call_indirect $b (type $t) (i32.const 1)))", GLOBAL, IN_TABLE),
    Effect("return_call", "(drop (call $tail))", GLOBAL, "(func $tail (result i32) (return_call $change))"),
    Effect("return_call_indirect", "(drop (call $tail))", GLOBAL, "(elem (table $b) (i32.const 1) func $change) (func $tail (result i32) (return_call_indirect $b (type $t) (i32.const 1)))"),
    Effect("call_ref", "(drop (call_ref $t (ref.cast (ref $t) (table.get $b (i32.const 1)))))", GLOBAL, IN_TABLE),
    Effect("return_call_ref", "(drop (call $tail))", GLOBAL, IN_TABLE + "(func $tail (result i32) (return_call_ref $t (ref.cast (ref $t) (table.get $b (i32.const 1)))))"),
    Effect("struct.set", "(struct.set $s 0 (global.get $o) (i32.const 7))", "(struct.get $s 0 (global.get $o))", STRUCT),
    Effect("array.set", "(array.set $s (global.get $o) (i32.const 0) (i32.const 7))", FIRST, ARRAY),
    Effect("array.fill", "(array.fill $s (global.get $o) (i32.const 0) (i32.const 7) (i32.const 1))", FIRST, ARRAY),
    Effect("array.copy", "(array.copy $s $s (global.get $o) (i32.const 0) (array.new $s (i32.const 7) (i32.const 1)) (i32.const 0) (i32.const 1))", FIRST, ARRAY),
    Effect("array.init_data", "(array.init_data $s $d (global.get $o) (i32.const 0) (i32.const 0) (i32.const 1))", FIRST.replace("get ", "get_u ", 1), BYTES),
    Effect("array.init_elem", "(array.init_elem $s $e (global.get $o) (i32.const 0) (i32.const 0) (i32.const 1))", "(select (i32.const 0) (i32.const 7) (ref.is_null " + FIRST + "))", ARRAY.replace("i32", "funcref", 1).replace("(i32.const 0)", "(ref.null func)")),
    Effect("v128.store", f"(v128.store (i32.const 8) {VECTOR})", BYTE),
    *(Effect(f"v128.store{n}_lane", f"(v128.store{n}_lane 0 (i32.const 8) {VECTOR})", BYTE) for n in (8, 16, 32, 64)),
    *(Effect(name, f"({name} (i32.const 8) {VALUES['i32']})", BYTE, memory="1 2 shared") for name in ("i32.atomic.store", "i32.atomic.store8")),
    *(Effect(name, f"(drop ({name} (i32.const 8) {VALUES['i32']}))", BYTE, memory="1 2 shared") for name in RMW),
]  # fmt: skip
LOADS = "i32.load8_s i32.load8_u i32.load16_s i32.load16_u i32.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u i64.load f32.load f64.load".split()
TO_I32 = {
    "i32": "{}",
    "i64": "(i32.wrap_i64 {})",
    "f32": "(i32.reinterpret_f32 {})",
    "f64": "(i32.wrap_i64 (i64.reinterpret_f64 {}))",
}
READS = [
    *(Effect(name, FILL, f"(i32.and (i32.const 255) {TO_I32[name[:3]].format(f'({name} (i32.const 8))')})") for name in LOADS),
    Effect("memory.copy", "(memory.fill $n (i32.const 8) (i32.const 7) (i32.const 1))", f"(memory.copy $m $n (i32.const 8) (i32.const 8) (i32.const 1)) {BYTE}", "(memory $n 1)"),
    Effect("memory.size", "(drop (memory.grow (i32.const 1)))", "(i32.add (i32.const 5) (memory.size))"),
    Effect("memory.grow", "(drop (memory.grow (i32.const 1)))", "(select (i32.const 7) (i32.const 0) (i32.eq (memory.grow (i32.const 0)) (i32.const 2)))"),
    Effect("global.get", "(global.set $g (i32.const 7))", GLOBAL),
    Effect("table.get", "(table.set $a (i32.const 1) (ref.func $seven))", ELEMENT),
    Effect("table.size", "(drop (table.grow $a (ref.null func) (i32.const 3)))", "(table.size $a)"),
    Effect("table.grow", "(drop (table.grow $a (ref.null func) (i32.const 3)))", "(table.grow $a (ref.null func) (i32.const 0))"),
    Effect("table.copy", "(table.set $b (i32.const 1) (ref.func $seven))", f"(table.copy $a $b (i32.const 1) (i32.const 1) (i32.const 1)) {ELEMENT}"),
    Effect("call_indirect", "(table.set $b (i32.const 1) (ref.func $seven))", "(call_indirect $b (type $t) (i32.const 1))"),
    Effect("call", "(global.set $g (i32.const 7))", "(call $look)", "(func $look (result i32) (global.get $g))"),
    Effect("struct.get", "(struct.set $s 0 (global.get $o) (i32.const 7))", "(struct.get $s 0 (global.get $o))", STRUCT),
    Effect("array.get", "(array.set $s (global.get $o) (i32.const 0) (i32.const 7))", FIRST, ARRAY),
    Effect("v128.load", FILL, "(i8x16.extract_lane_u 0 (v128.load (i32.const 8)))"),
]  # fmt: skip
TRAPPING = {"data.drop", "elem.drop"}  # seen only by a trap: a dropped segment is empty


def script(effect: Effect, does: bool = True) -> str:
    module = MODULE.format(more=effect.more, do=effect.do, see=effect.see, memory=effect.memory)
    call = '(invoke "do")' if does else ""
    return f'{module} {call} (assert_return (invoke "see") (i32.const 7))'


@pytest.mark.parametrize("effect", [*WRITES, *READS], ids=lambda effect: effect.opcode)
def test_a_change_that_can_be_noticed_is_repeated(effect: Effect) -> None:
    *_, case = (case for case in cases(script(effect)) if case.assertion == "return")
    assert case.replay == 1
    if effect.opcode in TRAPPING:
        return
    assert said(case) == "ok"
    *_, without = (case for case in cases(script(effect, does=False)) if case.assertion == "return")
    assert said(without) != "ok", "it cannot be noticed: this shows nothing"


def test_what_a_start_function_has_changed_is_changed_again() -> None:
    *_, case = cases(
        """(module (global $g (mut i32) (i32.const 0)) (func $start (global.set $g (i32.const 7))) (start $start)
             (func (export "see") (result i32) (global.get $g)))
           (assert_return (invoke "see") (i32.const 7))"""
    )
    assert case.replay == 1 and said(case) == "ok"


@pytest.mark.parametrize("drop", ["(data.drop $d)", "(elem.drop $e)"])
def test_a_segment_that_has_been_dropped_is_dropped_again(drop: str) -> None:
    use = {
        "(data.drop $d)": "(memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))",
        "(elem.drop $e)": "(table.init $a $e (i32.const 0) (i32.const 0) (i32.const 1))",
    }[drop]
    head, _, _ = script(Effect("", drop, f"{use} (i32.const 7)")).rpartition("(assert_return")
    *_, case = cases(f'{head}(assert_trap (invoke "see") "out of bounds")')
    assert case.replay == 1 and said(case) == "trap"
    assert case.control is not None and said(case, content=case.control) == "ok"


CHANGING = {Use.WRITE: {Space.MEMARG, Space.MEMORY, Space.TABLE, Space.GLOBAL, Space.ELEM, Space.DATA}}
LOOKING = {
    Use.READ: {Space.MEMARG, Space.MEMORY, Space.TABLE, Space.GLOBAL},
    Use.CALL: {Space.TABLE},
}


def does(row: Opcode, uses: dict[Use, set[Space]]) -> bool:
    return any(immediate.space in uses.get(immediate.use, ()) for immediate in row.immediates)


def test_every_opcode_with_an_effect_has_a_script() -> None:
    """Vectors and atomics are left out, since scalar opcodes of their kind are in the lists."""
    alike = {"simd", "relaxed-simd", "threads", "stack-switching"}
    rows = [row for row in OPCODES if not alike & {feature.name for feature in row.features}]
    writes, reads = {effect.opcode for effect in WRITES}, {effect.opcode for effect in READS}
    acting = isa.Effect.WRITES_OBJECTS | isa.Effect.CALLS_UNKNOWN
    changing = {row.keyword for row in rows if does(row, CHANGING) or row.effect & acting}
    assert changing - writes == set()
    looking = {row.keyword for row in rows if does(row, LOOKING) or row.effect & isa.Effect.CALLS_UNKNOWN}
    assert looking - reads - writes == set()
