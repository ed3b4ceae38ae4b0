"""Constant expressions may have just the table's constant opcodes, and calculate what their rows do."""

from __future__ import annotations

import linocut
import pytest
from linocut.text.binary import unsigned
from linocut.text.wat import wat_to_wasm

from linocut_isa import OPCODES, Opcode, ValType, supported
from linocut_isa.row import OPCODES as TABLE
from linocut_isa.row import RowError, define
from stencilgen.constants import write_constants

CONST = {"i32": b"\x41", "i64": b"\x42", "f32": b"\x43", "f64": b"\x44", "v128": b"\xfd\x0c"}
PLAIN = [row for row in supported() if row.is_plain and not row.immediates and len(row.results) == 1]
pytestmark = pytest.mark.usefixtures("both_ways")


def value(type_: str, number: int) -> bytes:
    """A constant of the type, made from `number`."""
    content = {
        "f32": bytes([0, 0, number, 0x40]),
        "f64": bytes([*bytes(6), number, 0x40]),
        "v128": bytes(range(number, number + 16)),
    }.get(type_)
    return CONST[type_] + (content or bytes([number]))


def module(row: Opcode, numbers: tuple[int, ...]) -> bytes:
    """A global that is initialised by the row, and a function that calculates the same."""
    code = b"".join(value(o.type, n) for o, n in zip(row.params, numbers, strict=False))
    code += bytes(row.code[:1]) + b"".join(map(unsigned, row.code[1:])) + b"\x0b"
    result = bytes([ValType[row.results[0].type.upper()]])
    body = b"\0" + code
    sections = [
        (1, b"\1\x60\0\1" + result),
        (3, b"\1\0"),
        (6, b"\1" + result + b"\0" + code),
        (7, b"\2\1g\3\0\1f\0\0"),
        (10, b"\1" + unsigned(len(body)) + body),
    ]
    return b"\0asm\1\0\0\0" + b"".join(bytes([n]) + unsigned(len(s)) + s for n, s in sections)


@pytest.mark.parametrize("row", [row for row in PLAIN if row.constant], ids=lambda row: row.name)
def test_a_constant_row_calculates_what_it_says(row: Opcode) -> None:
    for numbers in ((5, 3), (3, 5), (0, 1), (63, 63), (0x40, 0x7F)):
        exports = linocut.load(module(row, numbers)).instantiate().exports
        assert exports["g"].value == exports.f()


@pytest.mark.parametrize("row", [row for row in PLAIN if not row.constant], ids=lambda row: row.name)
def test_any_other_row_is_refused(row: Opcode) -> None:
    with pytest.raises(
        linocut.InvalidError, match=f"constant expression required: {row.name} is not constant"
    ):
        linocut.load(module(row, (5, 3)))


def test_operands_are_checked() -> None:
    add = next(row for row in PLAIN if row.name == "i32.add")
    good = module(add, (5, 3))
    for wrong, found in ((b"\x41\5", "i32"), (b"\x42\5\x41\3", "i64 i32"), (b"", "")):
        start, code = good.index(b"\x41\5\x41\3\x6a"), wrong + b"\x6a\x0b"
        section = b"\1\x7f\0" + code
        head = good[: start - 5] + b"\6" + unsigned(len(section)) + section
        message = rf"operands are \[{found}\], expected \[i32 i32\]"
        with pytest.raises(linocut.InvalidError, match=message):
            linocut.load(head + good[good.index(b"\7\x09") :])


def test_what_lies_beneath_the_operands_stays() -> None:
    pytest.importorskip("wasmtime")
    nested = "(i32.sub (i32.const 100) (i32.sub (i32.const 20) (i32.mul (i32.const 2) (i32.const 3))))"
    module = linocut.load(wat_to_wasm(f'(module (global (export "g") i32 {nested}))'))
    assert module.instantiate().exports["g"].value == 100 - (20 - 2 * 3)


def test_only_what_calculates_may_be_constant() -> None:
    count = len(TABLE)
    for facts in ({"imm": "memarg:read"}, {"trap_if": {"b == 0": None}}):
        with pytest.raises(RowError, match="constant row"):
            define("i32.strange", 0xF7, "a:i32 b:i32 -- r:i32", "r = a + b", constant=True, **facts)
    assert len(TABLE) == count


def test_a_row_of_floats_becomes_cpp() -> None:
    """The table has no such row yet: words become floats, and floats become words."""
    row = next(row for row in OPCODES if row.name == "f64.mul")
    assert write_constants([row]).count("f64") == 0, "not constant: not written"
    constant = Opcode(row.name, row.code, row.params, row.results, row.body, constant=True)
    text = write_constants([constant])
    assert "const f64 a = FLOAT64(operands[0]); const f64 b = FLOAT64(operands[1]);" in text
    assert "return BITS64(r);" in text and "{Opcode::op_f64_mul, 2, constants::f64_mul}," in text
