"""An error says what is wrong, what was expected and where, and what the author may have meant."""

from __future__ import annotations

import pickle

import linocut
import linocut.wat
import pytest

CASES = {
    "(module (func i32.ad))": 'unknown operator: "i32.ad"; did you mean "i32.and" or "i32.add"? (line 1, column 15)',
    "(func\n  (local $abc i32)\n  local.get $abd)":
        'unknown local: "$abd"; did you mean "$abc"? (line 3, column 13)',
    "(func call $f)": 'unknown func: "$f" (line 1, column 12)',
    "(func (br $l))": 'unknown label: "$l" (line 1, column 11)',
    "(funk)": 'unknown module field: "funk"; did you mean "func"? (line 1, column 2)',
    "(func (param i33))": 'unknown type: "i33"; did you mean "i32"? (line 1, column 14)',
    "(func": "unexpected end: expected ')' (line 1, column 6)",
    "(func i32.const)": 'unexpected token: expected an i32, found ")" (line 1, column 16)',
    "(func i32.const 0x1_0000_0000)":
        "constant out of range: 0x1_0000_0000 does not fit in i32 (line 1, column 17)",
    "(func f32.const 1e39)": "constant out of range: 1e39 in f32 (line 1, column 17)",
    "(func f32.const 0x)": "not a float literal: 0x (line 1, column 17)",
    "(func i32.load align=3)": "alignment must be a power of two (line 1, column 16)",
    "(func end)": "unexpected token: 'end' without an open block (line 1, column 7)",
    "(func block $a end $b)": "mismatching label: expected $a (line 1, column 20)",
    "(func block)": "unexpected token: expected 'end', found \")\" (line 1, column 12)",
    "(func (if i32.const 1 (then)))":
        "unexpected token: expected '(' or ')': a folded block has its condition and its parts in parentheses, "
        'found "i32.const" (line 1, column 11)',
    "(func (if (i32.const 1)))": "unexpected token: expected '(then', found \")\" (line 1, column 24)",
    "(func $f) (func $f)": "duplicate func: $f is there already (line 1, column 17)",
    '(memory 1) (import "a" "b" (func))':
        "import after memory: all imports come first (line 1, column 13)",
    "(type $t (func)) (func (type $t) (param i32))":
        "inline function type: it is not that of the type that is named (line 1, column 24)",
    '(data "\\q")': "unknown escape \\q in a string (line 1, column 7)",
    '(export "\\ff" (func 0))': "malformed UTF-8 encoding in a name (line 1, column 9)",
    "(module) (module)": 'unexpected token: expected nothing behind the module, found "(" (line 1, column 10)',
    "(component)": 'unknown module field: "component" (line 1, column 2)',
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), CASES.items())
def test_messages(text: str, message: str) -> None:
    with pytest.raises(linocut.wat.TextError) as caught:
        linocut.wat.assemble(text)
    assert str(caught.value) == message


def test_bytes_that_are_no_utf_8() -> None:
    with pytest.raises(linocut.wat.TextError, match=r"malformed UTF-8 encoding .line 2, column 4"):
        linocut.wat.assemble("(func)\n ;é".encode() + b"\xff")
    with pytest.raises(linocut.wat.TextError, match=r"malformed UTF-8 encoding .line 1, column 3"):
        linocut.wat.assemble(";;\ud800")


def test_the_error_is_a_module_error_with_a_place() -> None:
    with pytest.raises(linocut.ModuleError) as caught:
        linocut.wat.assemble("(func\n  nonsense)")
    error = caught.value
    assert isinstance(error, linocut.MalformedError) and isinstance(error, linocut.TextError)
    assert (error.line, error.column, error.offset) == (2, 3, None)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line, again.column) == (str(error), 2, 3)


def test_messages_do_not_disturb_a_terminal() -> None:
    with pytest.raises(linocut.wat.TextError) as caught:
        linocut.wat.assemble('(func (export "a\\1b") $"\\1b[2J")')
    assert str(caught.value).isprintable()
