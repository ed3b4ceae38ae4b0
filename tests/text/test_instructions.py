from __future__ import annotations

import doctest
import struct

import linocut
import pytest
from linocut.text import instructions, names, numbers
from linocut.text.instructions import Scope, instruction_text, read_body
from linocut.text.names import identifier, read_names
from linocut.text.numbers import float_bits, float_text

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")


def texts(body: str, before: str = "") -> list[str]:
    """The instructions of the body as they are printed, without its last `end`."""
    module = linocut.load(f"(module {before} (func $f (param $p i32) {body}))")
    function = module._code.defined_functions()[1] - 1
    found = module._code.listing(function)
    wasm = module._wasm[found.module_offset : found.module_offset + found.wasm_bytes]
    known = read_names(module.custom_sections("name")[0])
    scope = Scope(module._code.types(), known.by_space(function))
    _, read = read_body(wasm, found.module_offset)
    assert read[-1].offset + read[-1].size == found.module_offset + found.wasm_bytes
    return [instruction_text(i, scope) for i in read[:-1]]


BEFORE = """(type $t (func (param i32) (result i64))) (memory 1) (table $a 1 funcref) (table $b 1 funcref)
  (global $g (mut i32) (i32.const 0)) (data "x") (data "y") (elem func) (elem func) (elem declare func $f)"""


@pytest.mark.parametrize(
    "text",
    [
        "i32.const -2147483648",
        "i64.const 9223372036854775807",
        "f32.const 0.1",
        "f32.const 1.1754944e-38",
        "f32.const -nan:0x200000",
        "f64.const 5e-324",
        "f64.const -0.0",
        "f64.const inf",
        "f64.const nan",
        "local.get $p",
        "global.get $g",
        "ref.func $f",
        "ref.null extern",
        "ref.null func",
        "table.size",
        "table.size 1",
        "memory.size",
    ],
)
def test_constants_and_indices_are_what_was_written(text: str) -> None:
    assert texts(f"{text} drop", BEFORE) == [text, "drop"]


@pytest.mark.parametrize(
    "text",
    [
        "memory.init 1",
        "memory.copy",
        "memory.fill",
        "table.init 1 0",
        "table.init 1",
        "table.copy",
        "table.copy 1 0",
    ],
)
def test_bulk_operations(text: str) -> None:
    written = ["i32.const 1", "i32.const 2", "i32.const 3", text]
    assert texts(" ".join(written), BEFORE) == written


def test_saturating_conversions_have_a_prefix() -> None:
    assert texts("f32.const 1.0 i32.trunc_sat_f32_u drop")[1] == "i32.trunc_sat_f32_u"


def test_memory_arguments_that_are_default_are_left_out() -> None:
    for text in ("i32.load", "i32.load offset=8", "i32.load align=1", "i32.load8_u offset=70000"):
        assert texts(f"local.get 0 {text} drop", BEFORE)[1] == text
    assert texts("local.get 0 i32.load offset=4 align=4 drop", BEFORE)[1] == "i32.load offset=4"


def test_blocks_and_their_types() -> None:
    body = "block loop (result i64) i64.const 1 end drop end local.get 0 block (type $t) drop i64.const 0 end drop"
    assert texts(body, BEFORE)[:2] == ["block", "loop (result i64)"]
    assert "block (param i32) (result i64)" in texts(body, BEFORE)


def test_depth_of_blocks() -> None:
    module = linocut.load("(module (func i32.const 0 if nop else block nop end end))")
    found = module._code.listing(0)
    _, read = read_body(module._wasm[found.module_offset : found.module_offset + found.wasm_bytes])
    # const, if, nop, else, block, nop, end, end, end
    assert [i.depth for i in read] == [0, 0, 1, 0, 1, 2, 1, 0, 0]


def test_calls_branches_and_select() -> None:
    assert texts("local.get 0 local.get 0 call_indirect $b (type $t) drop", BEFORE)[2] == (
        "call_indirect 1 (type 0) (param i32) (result i64)"
    )
    assert texts("local.get 0 call $f", BEFORE)[1] == "call $f"
    assert texts("block local.get 0 br_table 0 1 0 end")[2] == "br_table 0 1 0"
    selected = texts("ref.null func ref.null func local.get 0 select (result funcref) drop")
    assert selected[3] == "select (result funcref)"


def test_own_locals() -> None:
    module = linocut.load("(module (func (local i32 i32 f64)))")
    found = module._code.listing(0)
    locals_, _ = read_body(module._wasm[found.module_offset : found.module_offset + found.wasm_bytes])
    assert locals_ == ((2, "i32"), (1, "f64"))


@pytest.mark.parametrize("width", [32, 64])
def test_float_text_reads_back_as_the_same_bits(width: int) -> None:
    top = 1 << (width - 1)
    step = (1 << width) // 4099
    for bits in [0, 1, top, top + 1, top - 1, *range(0, 1 << width, step)]:
        assert float_bits(float_text(bits, width), width) == bits


def test_float_text_is_short() -> None:
    (bits,) = struct.unpack("<I", struct.pack("<f", 16777216.0))
    assert float_text(bits, 32) == "16777216.0"
    assert float_text(0x3DCCCCCD, 32) == "0.1"


def test_a_broken_name_section_gives_what_comes_before_the_error() -> None:
    good = b"\x01\x04\x01\x05\x01f"
    assert read_names(good).functions == {5: "f"}
    assert read_names(good + b"\x07\x7f\x01").functions == {5: "f"}
    assert read_names(b"\x01\x05\x01\x00\x02\xff\xff").functions == {}
    assert read_names(b"\xff").functions == {}


def test_identifiers_are_quoted_where_they_must_be() -> None:
    assert identifier("a.b") == "$a.b"
    assert identifier("<script>") == "$<script>"
    assert identifier('a b"') == '$"a b\\""'
    assert identifier("") == '$""'
    assert "\x1b" not in identifier("\x1b[2J") and "\n" not in identifier("\n")


@pytest.mark.parametrize("module", [instructions, names, numbers], ids=lambda m: m.__name__)
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "depths"),
    [
        ("02 40 01 0b 01", [0, 1, 0, 0]),
        ("41 00 04 40 01 05 01 0b", [0, 0, 1, 0, 1, 0]),
        ("1f 40 00 01 0b 01", [0, 1, 0, 0]),  # try_table
        ("06 40 01 07 00 01 19 01 0b", [0, 1, 0, 1, 0, 1, 0]),  # try … catch … catch_all … end
        ("06 40 01 18 00 01", [0, 1, 0, 0]),  # try … delegate
    ],
)
def test_depth_counts_whatever_opens_a_block(body: str, depths: list[int]) -> None:
    _, read = read_body(bytes.fromhex(f"00 {body} 0b"))
    assert [instruction.depth for instruction in read] == [*depths, 0]
