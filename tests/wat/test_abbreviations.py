"""What the text format has two ways to write makes the same bytes (§6)."""

from __future__ import annotations

import linocut.wat
import pytest

assemble = linocut.wat.assemble
SAME = {
    "fields alone": ("(func)", "(module (func))"),
    "a definition": ("(module definition $m (func))", "(module $m (func))"),
    "inline import": (
        '(func (import "a" "b") (param i32)) (table (import "a" "t") i64 1 2 externref)'
        '(memory (import "a" "m") 1 2 shared) (global (import "a" "g") (mut i32)) (tag (import "a" "e"))',
        '(import "a" "b" (func (param i32))) (import "a" "t" (table i64 1 2 externref))'
        '(import "a" "m" (memory 1 2 shared)) (import "a" "g" (global (mut i32))) (import "a" "e" (tag))',
    ),
    "inline exports": (
        '(func (export "a") (export "b")) (memory (export "c") 1) (tag (export "d"))',
        '(func) (memory 1) (tag) (export "a" (func 0)) (export "b" (func 0)) (export "c" (memory 0))'
        '(export "d" (tag 0))',
    ),
    "an import that is exported": (
        '(func (export "x") (import "a" "b"))', '(import "a" "b" (func)) (export "x" (func 0))'
    ),
    "inline data": ('(memory (data "ab" "c"))', '(memory 1 1) (data (i32.const 0) "abc")'),
    "inline data of large addresses": (
        '(memory i64 (data "abc"))', '(memory i64 1 1) (data (i64.const 0) "abc")'
    ),
    "inline data in small pages": (
        '(memory (pagesize 1) (data "abc"))', '(memory 3 3 (pagesize 1)) (data (i32.const 0) "abc")'
    ),
    "inline elements": (
        "(func) (table funcref (elem 0 0))", "(func) (table 2 2 funcref) (elem (table 0) (i32.const 0) func 0 0)"
    ),
    "inline expressions": (
        "(func) (table funcref (elem (ref.func 0)))",
        "(func) (table 1 1 funcref) (elem (table 0) (i32.const 0) funcref (item ref.func 0))",
    ),
    "elements without their kind": (
        "(func $f) (table 1 funcref) (elem (i32.const 0) $f)",
        "(func $f) (table 1 funcref) (elem (offset i32.const 0) func 0)",
    ),
    "segments of the first version": (
        '(func) (table 1 funcref) (memory 1) (elem 0 (i32.const 0) 0) (data 0 (i32.const 0) "a")',
        '(func) (table 1 funcref) (memory 1) (elem (table 0) (i32.const 0) 0) (data (memory 0) (i32.const 0) "a")',
    ),
    "several types in a form": (
        "(func (param i32 i64) (result f32 f64) (local i32 i64) unreachable)",
        "(func (param i32) (param i64) (result f32) (result f64) (local i32) (local i64) unreachable)",
    ),
    "fields in a form": ("(type (struct (field i8 (mut i32))))", "(type (struct (field i8) (field (mut i32))))"),
    "a final type": ("(type (sub final (func)))", "(type (func))"),
    "words of references": (
        "(global funcref (ref.null func)) (global nullexnref (ref.null noexn)) (global i31ref (ref.null i31))",
        "(global (ref null func) (ref.null func)) (global (ref null noexn) (ref.null noexn))"
        "(global (ref null i31) (ref.null i31))",
    ),
    "folded instructions": (
        "(func (drop (i32.add (i32.const 1) (i32.const 2))))",
        "(func i32.const 1 i32.const 2 i32.add drop)",
    ),
    "flat instructions between operands": (
        "(func (drop (i32.add i32.const 1 block (result i32) i32.const 2 end (nop))) (drop i32.const 3))",
        "(func i32.const 1 block (result i32) i32.const 2 end nop i32.add drop i32.const 3 drop)",
    ),
    "folded blocks": (
        "(func (block (nop) nop) (loop) (if (i32.const 1) (then (nop)) (else nop)) (if (i32.const 0) (then)))",
        "(func block nop nop end loop end i32.const 1 if nop else nop end i32.const 0 if end)",
    ),
    "a folded try of old": (
        "(tag $e) (func (try (result i32) (do (i32.const 1)) (catch $e (i32.const 2)) (catch_all i32.const 3)) drop)",
        "(tag $e) (func try (result i32) i32.const 1 catch 0 i32.const 2 catch_all i32.const 3 end drop)",
    ),
    "a folded delegate": ("(func (try (do (try (do nop) (delegate 0)))))", "(func try try nop delegate 0 end)"),
    "labels": (
        "(func block block br 1 br_table 0 1 2 end end)",
        "(func $f block $a block $b br $a br_table $b $a 2 end $b end $a)",
    ),
    "a label that hides another": (
        "(func (block (block (br 0)) (br 0)))", "(func (block $a (block $a (br $a)) (br $a)))"
    ),
    "the first table and memory": (
        "(table 1 funcref) (memory 1) (elem funcref) (data) (type (func)) (func i32.const 0 call_indirect"
        " (type 0) i32.const 0 table.get i32.const 0 i32.const 0 i32.const 0 table.init 0"
        " i32.const 0 i32.const 0 i32.const 0 memory.init 0 i32.const 0 i32.load drop memory.size unreachable)",
        "(table 1 funcref) (memory 1) (elem funcref) (data) (type (func)) (func i32.const 0 call_indirect"
        " 0 (type 0) i32.const 0 table.get 0 i32.const 0 i32.const 0 i32.const 0 table.init 0 0"
        " i32.const 0 i32.const 0 i32.const 0 memory.init 0 0 i32.const 0 i32.load 0 drop memory.size 0 unreachable)",
    ),
    "natural alignment": (
        "(memory 1) (func i32.const 0 i64.load offset=0 align=8 drop)",
        "(memory 1) (func i32.const 0 i64.load drop)",
    ),
    "numbers": (
        "(func i32.const 0xffff_ffff f32.const 0x1.8p1 f64.const 1_0.2_5e1 f32.const nan f64.const -inf unreachable)",
        "(func i32.const -1 f32.const 3 f64.const 102.5 f32.const nan:0x400000 f64.const -inf unreachable)",
    ),
    "vectors": (
        "(func v128.const i8x16 1 0 0 0 2 0 0 0 0 0 0 0 0 0 0x80 0x3f drop)",
        "(func v128.const i32x4 1 2 0 0x3f800000 drop)",
    ),
    "quoted text": (r'(module quote "(func" " (drop (i32.const \31)))")', "(func (drop (i32.const 1)))"),
    "bytes": (r'(module binary "\00asm" "\01\00\00\00")', "(module)"),
}  # fmt: skip


def sections(text: str) -> bytes:
    """The module's bytes without its names."""
    wasm = assemble(text)
    at = wasm.find(b"\x04name")
    return wasm if at < 0 else wasm[: at - 2]


@pytest.mark.parametrize(("short", "long"), SAME.values(), ids=SAME)
def test_both_ways_are_the_same(short: str, long: str) -> None:
    assert sections(short) == sections(long)


def test_inline_types_come_behind_those_that_are_defined() -> None:
    """In the order in which they are met, and once each (§6.4.10)."""
    text = """(func (param i64) (block (param f32) (result f32) nop) unreachable) (func (param i32)) (func (param f64))
      (type (func (param i32))) (func (param i64))"""
    defined = """(type (func (param i32))) (type (func (param i64))) (type (func (param f32) (result f32)))
      (type (func (param f64))) (func (type 1) (block (type 2) nop) unreachable) (func (type 0)) (func (type 3))
      (func (type 1))"""
    assert assemble(text) == assemble(defined)


def test_a_type_that_has_subtypes_is_no_inline_type() -> None:
    assert assemble("(type (sub (func))) (func)") == assemble(
        "(type (sub (func))) (type (func)) (func (type 1))"
    )
    assert assemble("(rec (type (func))) (func)") == assemble("(rec (type (func))) (func (type 0))")


def test_block_types_take_the_shortest_form() -> None:
    body = assemble(
        "(type (func)) (func block end block (result i32) unreachable end block (type 0) end drop)"
    )
    assert bytes.fromhex("0240 0b 027f 00 0b 0200 0b 1a 0b") in body


def test_the_number_of_data_segments_stands_before_code_that_names_one() -> None:
    assert b"\x0c\1\1" in assemble("(memory 1) (data) (func data.drop 0)")
    assert b"\x0c\1\1" not in assemble("(memory 1) (data) (func)")
