"""What each feature's text becomes: bytes that were written down by hand from the specification (§5)."""

from __future__ import annotations

import linocut.wat
import pytest

HEADER = "0061736d 01000000 "
VOID = "01 04 01 60 00 00 "  # the type section with (func)
MODULES = {
    "nothing": ("(module)", ""),
    "a function": ("(func nop)", VOID + "03 02 01 00 0a 05 01 03 00 01 0b"),
    "several memories": ("(memory 1) (memory i64 2 3)", "05 06 02 00 01 05 02 03"),
    "a shared memory": ("(memory 1 2 shared)", "05 04 01 03 01 02"),
    "pages of one byte": ("(memory 1 (pagesize 1))", "05 04 01 08 01 00"),
    "a large table": ("(table i64 1 externref)", "04 04 01 6f 04 01"),
    "a table with a value": (
        "(table 1 (ref null func) (ref.null func))",
        "04 09 01 40 00 70 00 01 d0 70 0b",
    ),
    "a tag": ("(tag)", VOID + "0d 03 01 00 00"),
    "a global": ("(global (mut i64) (i64.const -1))", "06 06 01 7e 01 42 7f 0b"),
    "an extended constant": (
        "(global i32 (i32.add (i32.const 1) (i32.const 2)))",
        "06 09 01 7f 00 41 01 41 02 6a 0b",
    ),
    "the start": ("(func) (start 0)", VOID + "03 02 01 00 08 01 00 0a 04 01 02 00 0b"),
    "passive data": ('(data "a\\00")', "0b 05 01 01 02 61 00"),
    "data of a memory": ('(memory 1) (memory 1) (data (memory 1) (i32.const 8) "a")',
                         "05 05 02 00 01 00 01 0b 08 01 02 01 41 08 0b 01 61"),
    "declared elements": ("(func) (elem declare func 0)",
                          VOID + "03 02 01 00 09 05 01 03 00 01 00 0a 04 01 02 00 0b"),
    "a struct": ("(type (struct (field i8) (field (mut (ref null 0)))))", "01 08 01 5f 02 78 00 63 00 01"),
    "an array": ("(type (array (mut i16)))", "01 04 01 5e 77 01"),
    "a subtype": ("(type $a (sub (array i32))) (type (sub final $a (array i32)))",
                  "01 0c 02 50 00 5e 7f 00 4f 01 00 5e 7f 00"),
    "a group": ("(rec (type (struct)) (type (func)))", "01 08 01 4e 02 5f 00 60 00 00"),
    "a descriptor": (
        "(rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))",
        "01 0b 01 4e 02 4d 01 5f 00 4c 00 5f 00",
    ),
    "a continuation": ("(type (func)) (type (cont 0))", "01 06 02 60 00 00 5d 00"),
    "an exact function": ('(type (func)) (import "a" "b" (func (exact (type 0))))', VOID + "02 07 01 01 61 01 62 20 00"),
}  # fmt: skip
# Instructions in a function without parameters; in it are (type (func)) and (type (struct (field i32))).
INSTRUCTIONS = {
    "i32.const -0x80000000": "41 80 80 80 80 78",
    "i64.const 0xffff_ffff_ffff_ffff": "42 7f",
    "f32.const 0x1p-149": "43 01 00 00 00",
    "f64.const -nan:0xfffffffffffff": "44 ff ff ff ff ff ff ff ff",
    "br_table 0 0": "0e 01 00 00",
    "select": "1b",
    "select (result i32)": "1c 01 7f",
    "return_call 0": "12 00",
    "call_ref 0": "14 00",
    "ref.null 0": "d0 00",
    "ref.null (exact 0)": "d0 62 00",
    "ref.null extern": "d0 6f",
    "ref.test (ref null 0)": "fb 15 00",
    "ref.test (ref 0)": "fb 14 00",
    "ref.test anyref": "fb 15 6e",
    "br_on_cast 0 anyref (ref i31)": "fb 18 01 00 6e 6c",
    "struct.get $s $x": "fb 02 01 00",
    "array.new_fixed 1 300": "fb 08 01 ac 02",
    "i32.load8_u offset=300 align=1": "2d 00 ac 02",
    "i32.load 1 offset=1": "28 42 01 01",
    "v128.load8_lane 3": "fd 54 00 00 03",
    "v128.load8_lane 1 3": "fd 54 40 01 00 03",
    "v128.load8_lane offset=2 3": "fd 54 00 02 03",
    "i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31": "fd 0d 00010203 04050607 08090a0b 0c0d0e1f",
    "i8x16.relaxed_swizzle": "fd 80 02",
    "v128.const f64x2 1 -inf": "fd 0c 000000000000f03f 000000000000f0ff",
    "i64.mul_wide_u": "fc 16",
    "memory.copy 1 0": "fc 0a 01 00",
    "atomic.fence": "fe 03 00",
    "i64.atomic.rmw8.add_u": "fe 22 00 00",
    "try_table (catch 0 0) (catch_all_ref 0) end": "1f 40 02 00 00 00 03 00 0b",
    "throw_ref": "0a",
    "try rethrow 0 catch 0 end": "06 40 09 00 07 00 0b",
    "resume 0 (on 0 0) (on 0 switch)": "e3 00 02 00 00 00 01 00",
    "ref.get_desc 1": "fb 22 01",
}
FRAME = "(type (func)) (type $s (struct (field $x i32))) (memory 1) (memory 1) (tag) (func (type 0) %s)"


@pytest.mark.parametrize(("text", "wasm"), MODULES.values(), ids=MODULES)
def test_modules(text: str, wasm: str) -> None:
    assembled = linocut.wat.assemble(text)
    assert without_names(assembled) == bytes.fromhex(HEADER + wasm)
    assert linocut.wat.assemble(linocut.wat.print(assembled)) == assembled


def without_names(wasm: bytes) -> bytes:
    """The name section, which is short, is the last."""
    at = wasm.find(b"\x04name")
    return wasm if at < 0 else wasm[: at - 2]


@pytest.mark.parametrize(("text", "code"), INSTRUCTIONS.items(), ids=INSTRUCTIONS)
def test_instructions(text: str, code: str) -> None:
    wasm = linocut.wat.assemble(FRAME % text)
    body = b"\0" + bytes.fromhex(code) + b"\x0b"
    assert bytes([len(body)]) + body in wasm
