"""Texts that are made to cost: they take no more than linear work, and never more than an error.

A test that hangs is ended by the runner; what is quadratic here would take hours.
"""

from __future__ import annotations

import random

import linocut.wat
import pytest

M = 60_000
ASSEMBLED = {
    "blocks in parentheses": "(func " + "(block " * M + ")" * M + ")",
    "blocks": "(func " + "block " * M + "end " * M + ")",
    "operands": "(func " + "(i32.eqz " * M + "(i32.const 0)" + ")" * M + ")",
    "conditions": "(func " + "(if (i32.const 0) (then " * M + "))" * M + ")",
    "far labels": "(func " + "".join(f"block $l{n} " for n in range(M)) + "br $l0 " * M + "end " * M + ")",
    "comments": "(;" * M + ";)" * M + "(func)",
    "a long identifier": f"(func ${'a' * 10 * M} call ${'a' * 10 * M})",
    "zeros": f"(func (i32.const {'0' * 10 * M}) drop)",
    "many digits": f"(func (f64.const 0.{'1_' * 10 * M}1) drop)",
    "a small float": f"(func (f64.const 0.{'0' * 10 * M}1e{10 * M + 1}) drop)",
    "no exponent": "(func (f64.const 1e-99999999999999999999) (f32.const 0x1p-99999999999) drop drop)",
    "escapes": f'(data "{chr(92)}n{chr(92)}00{"a" * M}" "{chr(92)}00" "{(chr(92) + "u{1}") * M}")',
    "an escape": f'(data "{chr(92)}u{{{"0" * 10 * M}1}}")',
    "functions": "(func)" * M,
    "tiny floats": "(func " + "(f64.const 1e-8000)" * 10_000 + ")",
    "types": "(type (struct " + "(field (mut i32))" * M + "))",
    "a group": "(rec " + "(type (func))" * M + ")",
    "supertypes": "(type (sub " + "0 " * M + "(func)))",
    "custom sections": '(@custom "a" "b")' * M,
}
REFUSED = {
    "parentheses": "(" * 10_000_000,
    "open blocks": "(func " + "(block " * 1_000_000,
    "annotations": "(@a " * M,
    "an annotation of parentheses": "(@a" + "(" * 10 * M,
    "open comments": "(;" * M,
    "quotes": '"' * M,
    "escaped quotes": '"' + '\\"' * M,
    "digits": f"(func (i32.const {'1' * 10 * M}))",
    "hexadecimal digits": f"(func (i64.const 0x{'f' * 10 * M}))",
    "an offset": f"(func (i32.load offset={'1' * 10 * M}))",
    "an exponent": "(func (f64.const 1e999999999))",
    "an exponent of two": "(func (f64.const 0x1p+99999999999))",
    "an exponent of digits": f"(func (f64.const 1e{'9' * 10 * M}))",
    "a payload": f"(func (f32.const nan:0x{'f' * 10 * M}))",
    "an unknown name": f"(func call ${'a' * 10 * M})",
    "an unknown opcode": f"(func {'a' * 10 * M})",
    "modules": "(module" * M,
    "quotes within quotes": '(module quote "' + "(module quote " * 1000 + '")',
}


@pytest.mark.parametrize("text", ASSEMBLED.values(), ids=ASSEMBLED)
def test_large_texts_assemble(text: str) -> None:
    wasm = linocut.wat.assemble(text)
    assert linocut.wat.assemble(linocut.wat.print(wasm)) == wasm


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_large_texts_are_refused_in_a_line(text: str) -> None:
    with pytest.raises(linocut.wat.TextError) as caught:
        linocut.wat.assemble(text)
    assert len(str(caught.value)) < 300 and "\n" not in str(caught.value)


PIECES = [
    *(
        "(",
        ")",
        '"',
        "(;",
        ";)",
        ";;",
        "(@a",
        "(@name",
        "$x",
        "0",
        "0x",
        "1e",
        "i32",
        "block",
        "end",
        "(then",
    ),
    *(
        "(else",
        "(export",
        "(import",
        "(type",
        "(param",
        "(ref",
        "null",
        "offset=",
        "align=",
        "(func",
        "(elem",
    ),
    *(
        "(data",
        "(item",
        "(offset",
        "(@custom",
        "$",
        '$"',
        "\\",
        "try",
        "(catch",
        "delegate",
        "(do",
        "(sub",
        "é",
    ),
    *(
        "(rec",
        "\0",
        "(@metadata.code.branch_hint",
        "else",
        "catch",
        "select",
        "br_table",
        "v128.const",
        "(table",
    ),
]
TEXT = """(module $m (type $t (func (param $x i32) (result i32))) (import "a" "b" (func $i (type $t)))
  (table $a 1 funcref) (memory $b (data "a\\00")) (global $g (mut i32) (i32.const 0)) (elem (i32.const 0) $f)
  (func $f (export "f") (type $t) (local $y v128) (if (result i32) (local.get 0) (then (i32.const 1))
    (else (block $l (result i32) (br_table $l 0 (i32.const 1) (i32.load offset=1 (i32.const 2)))))))
  (func try_table $x (catch_all $x) end try nop catch_all end (select (result i32))) (start $f))"""


def test_broken_texts_raise_nothing_but_text_errors() -> None:
    dice = random.Random(3)
    refused = 0
    for _ in range(6000):
        text = TEXT
        for _ in range(dice.randint(1, 3)):
            at, to = sorted(dice.choices(range(len(text) + 1), k=2))
            piece = dice.choice([dice.choice(PIECES), text[at : at + 30], ""])
            text = text[:at] + f" {piece} " + text[dice.choice([at, at + 1, at + 5, to]) :]
        try:
            linocut.wat.assemble(text)
        except linocut.wat.TextError as error:
            refused += 1
            assert error.line >= 1 and error.column >= 1
    assert refused > 4000
