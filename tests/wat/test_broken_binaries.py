"""Bytes that are no module, or a hostile one: printing them is an error, or linear."""

from __future__ import annotations

import random

import linocut.wat
import pytest
from linocut.errors import MalformedError

HEADER = b"\0asm\1\0\0\0"
WASM = linocut.wat.assemble(
    """(module $m (type $t (func (param $x i32))) (rec (type $s (sub (struct (field $a i8)))) (type (array i32)))
    (import "a" "b" (func $i (type $t))) (table $a 1 2 funcref) (memory $b 1) (global $g (mut i32) (i32.const 0))
    (tag $e (type $t)) (export "f" (func $f)) (elem (i32.const 0) $f) (elem declare funcref (ref.func 0))
    (func $f (type $t) (local $y v128) (block $l (br_table $l 0 (i32.load offset=1 align=1 (i32.const 2))))
      (drop (v128.const i32x4 1 2 3 4)) f64.const 1 ref.null $s drop drop (throw $e (i32.const 1)))
    (data $d "abc"))"""
)


@pytest.mark.parametrize(
    ("wasm", "message"),
    [
        (b"", "magic header"),
        (b"GIF89a", "magic header"),
        (HEADER + b"\x0e\0", "malformed section id: 14"),
        (HEADER + b"\1\5", "unexpected end"),
        (HEADER + b"\1\1\0\1\1\0", "two sections of type"),
        (HEADER + b"\1\2\1\x12", "unknown form of a type: 0x12"),
        (HEADER + b"\1" + b"\x80" * 10_000, "more than 70 bits"),
        (HEADER + b"\3\2\1\0", "inconsistent lengths"),
        (HEADER + b"\3\2\1\0\x0a\4\1\2\0\xff", "nothing has the code"),
        (HEADER + b"\3\2\1\0\x0a\x09\1\7\1\xff\xff\xff\xff\x0f\x7f", "unexpected end|too many locals"),
        (HEADER + b"\3\2\1\0\x0a\x0a\1\x08\1\xff\xff\xff\xff\x0f\x7f\x0b", "too many locals"),
        (HEADER + b"\3\2\1\0\x0a\5\1\3\0\x0b\x01", "behind the end"),
        (HEADER + b"\3\2\1\0\x0a\4\1\2\0\x01", "without its end"),
        (HEADER + b"\0\2\1\xff", "malformed module"),
        (HEADER + b"\5\4\1\0\1\0", "section size mismatch"),
        (HEADER + b"\5\3\1\x10\1", "malformed limits flags of a memory: 16"),
        (HEADER + b"\6\5\1\x7f\2\1\x0b", "malformed mutability: 2"),
    ],
)
def test_what_is_no_module(wasm: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        linocut.wat.print(wasm)


def test_broken_modules_raise_nothing_but_malformed_errors() -> None:
    dice = random.Random(5)
    printed = 0
    for _ in range(15_000):
        wasm = bytearray(WASM)
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(HEADER), len(wasm))
            new = dice.choice([bytes([dice.randrange(256)]), b"", b"\xff\xff\xff\xff\x0f"])
            wasm[at : at + dice.randint(0, 2)] = new
        try:
            linocut.wat.print(bytes(wasm))
        except MalformedError:
            continue
        printed += 1
    assert printed > 300


def test_a_name_does_not_fill_the_text() -> None:
    """It stands once, however often the thing is used."""
    wasm = linocut.wat.assemble(f"(func ${'a' * 100_000} {'call 0 ' * 100_000})")
    text = linocut.wat.print(wasm)
    assert len(text) < 2_000_000
    assert linocut.wat.assemble(text) == wasm


def test_parameters_do_not_fill_the_text() -> None:
    wasm = linocut.wat.assemble(f"(type (func (param {'i32 ' * 30_000}))) {'(func (type 0))' * 30_000}")
    text = linocut.wat.print(wasm)
    assert len(text) < 2_000_000
    assert linocut.wat.assemble(text) == wasm
