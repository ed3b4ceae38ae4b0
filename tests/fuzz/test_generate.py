"""The generator: the same module from the same seed, always valid, and with every opcode in it."""

import pytest
from linocut.fuzz.encode import encode
from linocut.fuzz.generate import generate
from linocut.fuzz.program import walk
from linocut.fuzz.wat import to_text

from linocut_isa import supported

wasmtime = pytest.importorskip("wasmtime")

SEEDS = range(400)
# Written by the encoder around other instructions, not generated
STRUCTURE = {"else", "end"}


def test_seed_decides_everything() -> None:
    assert encode(generate(7)) == encode(generate(7))
    assert encode(generate(7)) != encode(generate(8))


def test_every_opcode_of_the_table_is_generated() -> None:
    missing = {row.name for row in supported()} - STRUCTURE
    for seed in range(3000):
        missing -= {instr.op.name for function in generate(seed).functions for instr in walk(function.body)}
        if not missing:
            return
    assert not missing


def test_modules_are_valid() -> None:
    engine = wasmtime.Engine()
    for seed in SEEDS:
        wasmtime.Module.validate(engine, encode(generate(seed)))


def test_text_says_what_the_bytes_say() -> None:
    """wat2wasm reads the text; its code section is ours but for the order of the types."""
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
