"""Every atomic row does what its name says, whichever way its operands arrive, also with bounds checks."""

from __future__ import annotations

import itertools
import operator
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

from linocut_isa import OPCODES

if TYPE_CHECKING:
    from linocut_isa import Opcode

pytest.importorskip("wasmtime")

ROWS = [row for row in OPCODES if row.is_atomic and row.is_plain]
# Where an operand is: a parameter, a local in the frame, a constant, a temporary, a slot.
WAYS = ("pinned", "frame", "constant", "temporary", "slot")
ADDRESS, OFFSET, VALUE, EXPECTED = 40, 24, 0xF1E2D3C4B5A69788, 0x8899AABBCCDDEEFF
BEFORE = EXPECTED.to_bytes(8, "little")
CHANGES = {
    "add": operator.add, "sub": operator.sub, "and": operator.and_, "or": operator.or_, "xor": operator.xor,
    "xchg": lambda _, value: value, "store": lambda _, value: value,
}  # fmt: skip


def arrival(way: str, index: int, type_: str, number: int) -> str:
    """An operand as text. Parameter `index` and local 40 + `index` have the value `number`, too."""
    constant = f"({type_}.const {number})"
    return {
        "pinned": f"(local.get {index})",
        "frame": f"(local.get {40 + index})",
        "constant": constant,
        "temporary": f"({type_}.xor (local.get {index}) ({type_}.const 0))",
        "slot": f"({type_}.add (local.get {index}) (call $zero_{type_}))",
    }[way]


def numbers_of(row: Opcode) -> list[int]:
    """The operands' values; a comparison expects the value that is in memory."""
    numbers = {"p": ADDRESS, "v": VALUE, "e": EXPECTED}
    masks = {"i32": 0xFFFF_FFFF, "i64": (1 << 64) - 1, "$address": 0xFFFF_FFFF}
    return [numbers[operand.name] & masks[operand.type] for operand in row.params]


def types_of(row: Opcode, address: str) -> list[str]:
    return [address if operand.is_address else operand.type for operand in row.params]


def module_of(row: Opcode, address: str) -> bytes:
    """A function for each way in which the operands arrive; a value below them must survive."""
    numbers, kinds = numbers_of(row), types_of(row, address)
    params = " ".join(kinds)
    results = " ".join(operand.type for operand in row.results)
    frame = "".join(f"(local.set {40 + i} (local.get {i}))" for i in range(len(kinds)))
    others = " ".join(["i32"] * (40 - len(kinds)))
    zeros = "(func $zero_i32 (result i32) i32.const 0) (func $zero_i64 (result i64) i64.const 0)"
    parts = [f'(memory (export "m") {address} 1)', zeros]
    for number, ways in enumerate(itertools.product(WAYS, repeat=len(kinds))):
        operands = " ".join(map(arrival, ways, range(len(kinds)), kinds, numbers))
        parts.append(
            f'(func (export "f{number}") (param {params}) (result {address} {results}) (local {others} {params})'
            f" {frame} ({address}.add (local.get 0) ({address}.const 1)) ({row.keyword} offset={OFFSET} {operands}))"
        )
    return wat_to_wasm(f"(module {' '.join(parts)})")


def after(row: Opcode, old: int) -> int:
    """The value that is in memory afterwards."""
    operation = row.name.rpartition(".")[2].removesuffix("_u").rstrip("0123456789")
    mask = (1 << (8 << row.align)) - 1
    if operation == "load":
        return old
    return CHANGES.get(operation, CHANGES["xchg"])(old, VALUE) & mask


@pytest.mark.parametrize("address", ["i32", "i64"])
@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_arrival_of_an_atomic_access(row: Opcode, interpret: bool, address: str) -> None:
    exports = linocut.load(module_of(row, address), interpret=interpret).instantiate().exports
    numbers, size, place = numbers_of(row), 1 << row.align, ADDRESS + OFFSET
    old = EXPECTED & ((1 << (8 * size)) - 1)
    for name in exports:
        if name == "m":
            continue
        exports.m.write(place - 8, BEFORE * 3)
        below, *result = exports[name].call_bits(*numbers)
        assert below == ADDRESS + 1, name
        assert result == [old] * len(row.results), name
        expected = BEFORE + after(row, old).to_bytes(size, "little") + BEFORE[size:] + BEFORE
        assert exports.m.read(place - 8, 24) == expected, name


OFFSETS = (0, 1, 127, 128, 0x12345, 0x7FFFFFFF, 0x80000000, 0x80000008, 0xFFFFFFF0, 0xFFFFFFFF)
LONG_OFFSETS = (2**32, 2**32 + 8, 2**48, 2**64 - 16, 2**64 - 1)
# Two pages beyond 2 GiB, so that a large offset can be in bounds; pages that are never used cost nothing.
PAGES = 2**31 // 65536 + 2
FREE = linocut.Limits(memory=None)


def offsets(address: str) -> tuple[int, ...]:
    return OFFSETS + LONG_OFFSETS * (address == "i64")


def offset_module(row: Opcode, address: str) -> bytes:
    """A function for each offset; only the address is a parameter."""
    operands = " ".join(
        f"({operand.type}.const {number})"
        for operand, number in list(zip(row.params, numbers_of(row), strict=True))[1:]
    )
    results = " ".join(operand.type for operand in row.results)
    functions = " ".join(
        f'(func (export "{offset}") (param {address}) (result {results})'
        f" ({row.keyword} offset={offset} (local.get 0) {operands}))"
        for offset in offsets(address)
    )
    return wat_to_wasm(f'(module (memory (export "m") {address} {PAGES}) {functions})')


def outcome_at(place: int, size: int) -> str:
    """What the access comes to: alignment is checked before bounds, as the threads proposal says."""
    if place % size:
        return "unaligned_atomic"
    return "in bounds" if place + size <= PAGES * 65536 else "out_of_bounds_memory"


@pytest.mark.parametrize("address", ["i32", "i64"])
@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_offset_of_an_atomic_access(row: Opcode, interpret: bool, address: str) -> None:
    exports = linocut.load(offset_module(row, address), interpret=interpret).instantiate(limits=FREE).exports
    size, end = 1 << row.align, PAGES * 65536
    old = EXPECTED & ((1 << (8 * size)) - 1)
    for offset in offsets(address):
        places = [64, 65, offset + 64, offset + 63, end - size, end - size + 1, end, offset + 2**32 - size]
        if address == "i64":
            places += [offset + 2**63, 2**64 - size, 2**64, 2**64 + 1, offset + 2**64 - 1]
        for place in places:
            if not 0 <= place - offset < 2 ** int(address[1:]):
                continue
            expected = outcome_at(place, size)
            if expected == "in bounds":
                exports.m.write(place, old.to_bytes(size, "little"))
            try:
                result = exports[str(offset)].call_bits(place - offset)
            except linocut.Trap as trap:
                assert trap.kind == expected, (offset, place)
                continue
            assert expected == "in bounds", (offset, place)
            assert list(result) == [old] * len(row.results), (offset, place)
            assert exports.m.read(place, size) == after(row, old).to_bytes(size, "little"), (offset, place)


def test_what_a_failed_exchange_leaves() -> None:
    exports = (
        linocut.load("""(module (memory (export "m") 1) (func (export "f") (param i64 i64) (result i64)
      (i64.atomic.rmw16.cmpxchg_u (i32.const 6) (local.get 0) (local.get 1))))""")
        .instantiate()
        .exports
    )
    exports.m.write(0, BEFORE)
    assert exports.f(0x1111, 0x2222) == 0x8899
    assert exports.m.read(0, 8) == BEFORE
    assert exports.f(0x5555_8899, 0x1_2222) == 0x8899  # the upper bits of both operands are dropped
    assert exports.m.read(0, 8) == BEFORE[:6] + b"\x22\x22"


CHECKED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
import linocut
from linocut.text.wat import wat_to_wasm
exports = linocut.load(wat_to_wasm('''(module (memory 1)
  (func (export "near") (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg offset=2 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "far") (param i32) (result i32)
    (i32.atomic.rmw.add offset=0xfffffff0 (local.get 0) (i32.const 1))))''')).instantiate().exports
def kind(call, *arguments):
    try: return call(*arguments)
    except linocut.Trap as trap: return trap.kind
print(kind(exports.near, 2, 0, 5), kind(exports.near, 2, 5, 6), kind(exports.near, 65530, 0, 1))
print(kind(exports.near, 65534, 0, 1), kind(exports.near, 0, 0, 1), kind(exports.near, -2, 0, 1))
print(kind(exports.far, 16), kind(exports.far, 17))
"""


@pytest.mark.parametrize("limit", [True, False], ids=["checked", "guarded"])
def test_bounds_and_alignment(limit: bool) -> None:
    code = CHECKED if limit else CHECKED.replace("resource.setrlimit", "(lambda *_: None)")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "0 5 0",
        "out_of_bounds_memory unaligned_atomic out_of_bounds_memory",
        "out_of_bounds_memory unaligned_atomic",
    ]
