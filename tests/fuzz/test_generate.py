"""The generator: the same module from the same seed, always valid, and with every opcode in it."""

import pytest
from linocut.fuzz import open_pair
from linocut.fuzz.dice import Dice
from linocut.fuzz.encode import encode
from linocut.fuzz.generate import generate
from linocut.fuzz.lanes import draw_shuffle, join
from linocut.fuzz.program import walk
from linocut.fuzz.relaxed import OPERANDS
from linocut.fuzz.wat import to_text

from linocut_isa import feature, supported

wasmtime = pytest.importorskip("wasmtime")

SEEDS = range(400)
# Written by the encoder behind other instructions, not generated.
STRUCTURE = {"end"}


def test_seed_decides_everything() -> None:
    assert encode(generate(7)) == encode(generate(7))
    assert encode(generate(7)) != encode(generate(8))


def test_every_opcode_of_the_table_is_generated() -> None:
    missing = {row.name for row in supported()} - STRUCTURE
    for seed in range(3000):
        program = generate(seed, portable=seed % 2 == 0)
        missing -= {instr.op.name for function in program.functions for instr in walk(function.body)}
        if not missing:
            return
    assert not missing


def test_engines_other_than_linocut_get_portable_modules() -> None:
    assert not open_pair("linocut", "interpreter").portable
    assert open_pair("linocut", "wasmtime").portable
    assert open_pair("interpreter", "wasmtime").portable


def test_vectors_of_portable_modules_neither_come_from_python_nor_go_there() -> None:
    """wasmtime's Python library has no value for vectors."""
    with_vectors = 0
    for seed in SEEDS:
        program = generate(seed)
        exported = [function.type for function in program.functions if function.exported]
        assert exported and not any(
            "v128" in type_.params + type_.results for type_ in exported + program.hosts
        )
        assert not any(g.type == "v128" for g in program.globals if g.imported or g.exported)
        with_vectors += any("v128" in function.type.params for function in program.functions)
    assert with_vectors > 20


def test_relaxed_rows_get_operands_for_which_engines_agree() -> None:
    relaxed = {row.name: row for row in supported() if feature("relaxed-simd") in row.features}
    assert {name: len(row.params) for name, row in relaxed.items()} == {
        name: len(operands) for name, operands in OPERANDS.items()
    }


def test_vectors_of_other_modules_pass_everywhere() -> None:
    programs = [generate(seed, portable=False) for seed in SEEDS]
    types = [f.type for program in programs for f in program.functions]
    assert any("v128" in type_.params for type_ in types) and any("v128" in type_.results for type_ in types)
    assert any("v128" in host.params + host.results for program in programs for host in program.hosts)
    assert any(g.type == "v128" and g.imported for program in programs for g in program.globals)
    functions = [f for program in programs for f in program.functions if not f.exported]
    assert all("exnref" in function.type.params + function.type.results for function in functions)
    assert all(g.exported or g.type == "exnref" for program in programs for g in program.globals)


def test_relaxed_rows_of_other_modules_get_any_operands() -> None:
    masks = {imm for steps in OPERANDS["i8x16.relaxed_swizzle"] for _, imm in steps if imm}
    for seed in range(1000):
        program = generate(seed, portable=False)
        instructions = [instr for function in program.functions for instr in walk(function.body)]
        if any(instr.op.name == "i8x16.relaxed_swizzle" for instr in instructions):
            assert not masks & {instr.imm for instr in instructions if instr.op.name == "v128.const"}
            return
    pytest.fail("there is no such row")


def test_shuffles_are_of_every_pattern() -> None:
    """Patterns for which a processor has an instruction, and any others."""
    drawn = {draw_shuffle(Dice(seed)) for seed in range(5000)}
    turns = [half + place for place in range(8) for half in (0, 16)]
    dwords = [4 * dword + byte for dword in (1, 1, 6, 4) for byte in range(4)]
    for lanes in (range(16), range(5, 21), turns, [lane ^ 16 for lane in turns], dwords, [7] * 16):
        assert join(list(lanes), 8) in drawn
    assert max(len(set(lanes.to_bytes(16, "little"))) for lanes in drawn) == 16


def test_modules_are_valid() -> None:
    engine = wasmtime.Engine()
    for seed in SEEDS:
        wasmtime.Module.validate(engine, encode(generate(seed)))


def test_text_says_what_the_bytes_say() -> None:
    """wat2wasm reads the text, and writes our code section but for the order of the types."""
    engine = wasmtime.Engine()
    for seed in range(40):
        program = generate(seed)
        again = wasmtime.wat2wasm(to_text(program))
        wasmtime.Module.validate(engine, again)
        assert len(code_section(again)) == len(code_section(encode(program)))


def code_section(wasm: bytes) -> bytes:
    at = 8
    while at < len(wasm):
        section, at = wasm[at], at + 1
        size = shift = 0
        while True:
            byte, at = wasm[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if section == 10:
            return wasm[at : at + size]
        at += size
    return b""
