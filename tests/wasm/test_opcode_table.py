"""Every row has the name, code and immediates that another implementation's text parser knows."""

from __future__ import annotations

import linocut
import pytest
from linocut.text.binary import Reader, unsigned
from linocut.text.immediates import MemArg, immediate_bytes, read_immediate
from linocut.text.instructions import Instruction, Scope, instruction_text
from linocut.text.wat import wat_to_wasm
from linocut.types import FuncType

from linocut_isa import OPCODES, Opcode, Space

pytest.importorskip("wasmtime")

# An example of each kind of immediate; the numbers differ where that is possible.
EXAMPLES = {
    Space.BLOCK: -0x01,
    Space.LABEL: 0,
    Space.LABELS: (0, 0, 0),
    Space.TABLE: 1,
    Space.MEMORY: 1,
    Space.MEMARG: MemArg(0, 300, 1),
    Space.TYPES: (0x7E,),
    Space.CATCHES: ((0, 3, 0), (1, 4, 0), (2, 0), (3, 0)),
    Space.HANDLERS: ((0, 5, 0), (1, 6)),
    Space.HEAP_TYPE: -0x10,
    Space.REF_TYPE: -0x15,
    Space.NULL_REF_TYPE: -0x15,
    Space.COUNT: 130,
    Space.FIELD: 2,
    Space.LANE: 1,
    Space.LANES: int.from_bytes(bytes(range(16)), "little"),
    Space.CAST: 2,
    Space.ORDER: 0,
    Space.I32: -70000,
    Space.I64: 1 << 40,
    Space.F32: 0x7FA00000,
    Space.F64: 0x7FF4000000000000,
    Space.V128: int.from_bytes(bytes(range(100, 116)), "little"),
}
# Instructions that must stand around an opcode.
AROUND = {
    "else": ("if ", " end"),
    "end": ("block ", ""),
    "catch": ("try ", " end"),
    "catch_all": ("try ", " end"),
    "delegate": ("try ", ""),
    **dict.fromkeys(("block", "loop", "if", "try", "try_table"), ("", " end")),
}
SCOPE = Scope(types=[FuncType((), ())] * 8)


def values(row: Opcode) -> tuple[object, ...]:
    return tuple(EXAMPLES.get(space, 7) for space in row.spaces)


def code(row: Opcode) -> bytes:
    first, *rest = row.code
    return bytes([first]) + b"".join(map(unsigned, rest))


def encoded(row: Opcode) -> bytes:
    pairs = zip(values(row), row.immediates, strict=True)
    return code(row) + b"".join(immediate_bytes(value, immediate.encoding) for value, immediate in pairs)


@pytest.mark.parametrize("row", OPCODES, ids=lambda row: row.name)
def test_row_is_what_the_text_says(row: Opcode) -> None:
    before, after = AROUND.get(row.name, ("", ""))
    text = instruction_text(Instruction(0, 0, row, values(row), 0), SCOPE)
    types = "(type (func))" * 8
    wasm = wat_to_wasm(f"(module {types} (func {before}{text}{after}))")
    assert encoded(row) in wasm, f"{text}: {encoded(row).hex()} not in {wasm.hex()}"


@pytest.mark.parametrize("row", OPCODES, ids=lambda row: row.name)
def test_immediates_are_read_as_they_are_written(row: Opcode) -> None:
    reader = Reader(encoded(row), len(code(row)))
    assert tuple(read_immediate(reader, immediate.encoding) for immediate in row.immediates) == values(row)
    assert reader.is_done


def test_a_number_behind_a_prefix_may_need_two_bytes() -> None:
    relaxed = next(row for row in OPCODES if row.name == "i8x16.relaxed_swizzle")
    assert relaxed.code == (0xFD, 0x100) and code(relaxed) == b"\xfd\x80\x02"
    assert len({row.number for row in OPCODES}) == len(OPCODES)


def test_what_is_not_supported_is_refused_by_name() -> None:
    row = next(row for row in OPCODES if row.name == "return_call_ref")
    body = b"\0" + encoded(row) + b"\x0b"
    module = b"\0asm\1\0\0\0\1\4\1\x60\0\0\3\2\1\0\x0a" + bytes([len(body) + 2, 1, len(body)]) + body
    with pytest.raises(linocut.UnsupportedError) as caught:
        linocut.load(module)
    assert caught.value.feature in {feature.name for feature in row.features}
