"""A v128.load that the next opcode takes as its memory operand, where the processor can."""

from __future__ import annotations

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

pytest.importorskip("wasmtime")

from test_vector_code import MEMORY, code_of, halves
from twins import agree

from linocut_isa import Opcode, supported

both_ways = pytest.mark.usefixtures("both_ways")

# Rows that take two vectors. No float in memory makes a NaN that engines may choose freely.
ROWS = [row for row in supported() if [operand.type for operand in row.params] == ["v128", "v128"] and row.is_plain
        and "shuffle" not in row.name]  # fmt: skip
SECOND = {
    "pinned": "(v128.load offset=16 (local.get 0))",
    "calculated": "(v128.load offset=3 (i32.add (local.get 0) (i32.const 5)))",
    "far": "(v128.load offset=60000 (local.get 0))",
    "constant": "(v128.load (i32.const 80))",
    "unaligned": "(v128.load offset=1 align=1 (local.get 0))",
}
FIRST = {
    "memory": "(v128.load (local.get 0))",
    "register": "(v128.not (v128.load (local.get 0)))",
    "constant": "(v128.const i32x4 0x3f800001 0x40000002 0x40400003 0x40800004)",
    "local": "(local.get 1)",
    "slot": "(v128.not (v128.load (local.get 0))) (block)",
}


def module_of(row: Opcode) -> tuple[str, list[str]]:
    """A function for each way in which the operands come; the result's local may be an operand, too."""
    names, functions = [], []
    for first_way, first in FIRST.items():
        for second_way, second in SECOND.items():
            names.append(f"{first_way} {second_way}")
            if row.results[0].type == "v128":
                functions.append(halves(names[-1], f"{first} {second} {row.name}"))
            else:
                functions.append(
                    f'(func (export "{names[-1]}") (param i32) (result i32) (local v128) {first} {second} {row.name})'
                )
    return f"(module {MEMORY} {' '.join(functions)})", names


@pytest.mark.compiled
@both_ways
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_that_may_take_a_load(row: Opcode) -> None:
    text, names = module_of(row)
    if "relaxed" in row.name:  # other engines choose other results
        compiled = linocut.load(text).instantiate().exports
        interpreted = linocut.load(text, interpret=True).instantiate().exports
        assert [compiled[name](64) for name in names] == [interpreted[name](64) for name in names]
        return
    agree(text, [(name, address) for name in names for address in (64, 65, 5000)])


@pytest.mark.compiled
def test_it_is_folded() -> None:
    pytest.importorskip("capstone")
    text = halves("f", f"(f32x4.mul {FIRST['register']} {SECOND['far']})")
    code = code_of(wat_to_wasm(f"(module {MEMORY} {text})"))
    if "vmulps" not in code:
        pytest.skip("the processor, or LINOCUT_BASELINE, has no instructions of three operands")
    assert "xmmword ptr [r12 + rbx + 0xea60]" in code


@both_ways
@pytest.mark.parametrize("a", ["i32", "i64"])
def test_the_trap_is_the_loads(a: str) -> None:
    """The trap has the offset of the load in the module; the operands below the load are kept."""
    text = f"""(module (memory {a} 1) (func (export "f") (param {a}) (result i64)
      (i64x2.extract_lane 0 (i64x2.add (v128.const i64x2 1 2) (v128.load offset=8 (local.get 0))))))"""
    wasm = wat_to_wasm(text)
    f = linocut.load(wasm).instantiate().exports.f
    assert f(65536 - 24) == 1
    for address in (65536 - 23, 65536, 2**31 + 5, 2 ** int(a[1:]) - 16):
        with pytest.raises(linocut.Trap, match="out of bounds memory access") as trap:
            f(address)
        assert trap.value.frames[0].offset == wasm.index(b"\xfd\x00\x04\x08")


@both_ways
def test_operands_below_are_kept() -> None:
    """Also while the address is calculated, and where every register is taken."""
    many = " ".join(f"(i32x4.splat (i32.const {n}))" for n in range(20))
    taken = " ".join(f"(v128.load offset={16 * n} (local.get 0)) i32x4.sub" for n in range(3))
    text = halves("f", f"{many} {taken} {'i32x4.sub ' * 19}")
    agree(f"(module {MEMORY} {text})", [("f", 64), ("f", 65)])
