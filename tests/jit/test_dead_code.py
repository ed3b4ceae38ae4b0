"""Unreachable code is validated as the specification's appendix says, and leaves no code or state behind."""

from __future__ import annotations

import linocut
import pytest

wasmtime = pytest.importorskip("wasmtime")

from linocut.text.wat import wat_to_wasm
from twins import ENGINE, agree

pytestmark = pytest.mark.usefixtures("both_ways")

DEAD = ["unreachable", "br 0", "return", "(br_table 0 0 (i32.const 0))"]
VALID = [
    "i32.add drop",
    "i64.add i32.wrap_i64 drop",
    "drop drop drop",
    "(i32.const 1) i32.add drop",
    "select drop",
    "(f64.const 1) (i32.const 0) select drop",
    "(block (result i32) (i32.const 1)) drop",
    "block (result i64) unreachable end drop",
    "if nop else nop end",
    "if (result i32) (i32.const 1) else unreachable end drop",
    "loop (param i32 i64) drop drop end",
    "br_if 0",
    "br 0 i32.add drop",
    "(local.set 0)",
    "(local.tee 0) drop",
    "i32.load offset=4 drop",
    "f64.store",
    "(call $f) drop drop",
    "(call_indirect (type $t) (i32.const 0)) drop drop",
    "(global.set 0)",
    "ref.is_null drop",
    "(select (result i64)) drop",
    "memory.fill",
    "table.get 0 ref.is_null drop",
    "i32.trunc_sat_f64_s drop",
    "(br_table 0 0)",
    "return",
    "nop nop",
]
INVALID = [
    "(i64.const 1) i32.add drop",
    "(f32.const 1) (local.set 0)",
    "i32.add",
    "(i32.const 1)",
    "(block (result i32) (i64.const 1)) drop",
    "(i32.const 1) (i64.const 1) (i32.const 0) select drop",
    "(br 9)",
    "(local.get 9) drop",
    "(call 99)",
    "(i32.const 1) (block) i64.eqz drop",
    "block i32.add end",
    "(global.get 7) drop",
    "(i32.load align=8) drop",
    "(i64.const 1) memory.grow drop",
    "(i64.const 1) ref.is_null drop",
    "(loop (param i64) drop) (i32.const 1) loop (param i64) drop end",
    "if (result i32) (i32.const 1) end drop",
    "select (i32.const 1) i64.add drop drop drop i32.eqz",
]


def text(dead: str, code: str) -> str:
    return f"""(module (memory 1) (table 1 funcref) (global (mut i32) (i32.const 0)) (type $t (func (param i32) (result i32 i64)))
      (func $f (type $t) (i32.const 1) (i64.const 1))
      (func (export "f") (param i32) (block {dead} {code})))"""


def accepts(wasm: bytes) -> bool:
    try:
        linocut.load(wasm)
    except linocut.InvalidError:
        return False
    return True


def reference_accepts(wasm: bytes) -> bool:
    try:
        wasmtime.Module.validate(ENGINE, wasm)
    except wasmtime.WasmtimeError:
        return False
    return True


@pytest.mark.parametrize("dead", DEAD)
@pytest.mark.parametrize("code", [*VALID, *INVALID])
def test_judged_like_the_reference(code: str, dead: str) -> None:
    wasm = wat_to_wasm(text(dead, code))
    assert accepts(wasm) == reference_accepts(wasm)


@pytest.mark.parametrize("code", VALID)
def test_what_is_valid_is_accepted(code: str) -> None:
    assert accepts(wat_to_wasm(text("unreachable", code)))


@pytest.mark.parametrize("code", INVALID)
def test_what_is_invalid_is_refused(code: str) -> None:
    assert not accepts(wat_to_wasm(text("unreachable", code)))


def test_code_after_a_block_that_never_ends_goes_on() -> None:
    agree(
        """(module (func (export "f") (param i32 i32) (result i32)
        (local.get 0)
        (block (result i32) (i32.const 4) (br 0 (i32.mul (local.get 1) (i32.const 2))) (i32.add) (drop) (i32.const 9))
        (block (br_if 0 (local.get 0)) (br 0) (local.set 1 (i32.const 99)))
        (i32.add (local.get 1))
        (if (param i32) (result i32) (local.get 0)
          (then (drop) (return (i32.const 3)) (i32.add)) (else (i32.add (i32.const 1))))
        (i32.sub)))""",
        [("f", a, b) for a in (0, 1, 5) for b in (-1, 0, 3)],
    )


@pytest.mark.parametrize("dead", ["unreachable", "(return (i32.const 5))", "br 0"])
def test_reads_that_wait_when_code_dies(dead: str) -> None:
    # References that were pending when the block died must not be settled after it.
    agree(
        f"""(module (func (export "f") (param i32 i32) (result i32)
        (local.get 0)
        (if (i32.eqz (local.get 1)) (then (local.get 0) (local.get 0) (local.get 1) {dead}))
        (local.set 0 (i32.const 100))
        (i32.add (local.get 0))))""",
        [("f", a, b) for a in (0, 1, 5) for b in (0, 1)],
    )


@pytest.mark.parametrize("last", [2, 3, 4, 11, 32, 65])
def test_what_looks_like_an_opcode_in_a_dead_table(last: int) -> None:
    """The last label has the number of an opcode: block, loop, if, end, local.get or i32.const."""
    blocks = "block " * 70
    agree(
        f"""(module (func (export "f") (param i32) (result i32)
          (if (local.get 0) (then (return (i32.const 1)) {blocks} i32.const 0 br_table 0 1 {last} {"end " * 70}))
          (i32.const 2)))""",
        [("f", n) for n in (0, 1)],
    )
