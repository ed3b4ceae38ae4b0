"""A bug that was put into an engine on purpose is found and boiled down to one instruction."""

from pathlib import Path
from typing import Any

import linocut
import pytest
from linocut.fuzz.check import Pair, check
from linocut.fuzz.encode import encode
from linocut.fuzz.generate import generate
from linocut.fuzz.minimise import clone, minimise
from linocut.fuzz.program import Program, walk
from linocut.fuzz.save import save_case

from linocut_isa import by_name

wasmtime = pytest.importorskip("wasmtime")

from linocut.fuzz.sources import Generator, encoded
from linocut.fuzz.wasmtime_executor import WasmtimeExecutor

WRONG = {
    opcode: by_name(other)
    for opcode, other in {
        "i32.rotl": "i32.rotr",
        "i64.lt_s": "i64.le_s",
        "f64.floor": "f64.trunc",
        "i16x8.shr_s": "i16x8.shr_u",
        "i8x16.narrow_i16x8_u": "i8x16.narrow_i16x8_s",
    }.items()
}


class WrongEngine(WasmtimeExecutor):
    """An engine that takes one opcode for another."""

    name = "wrong"

    def __init__(self, opcode: str) -> None:
        super().__init__()
        self.opcode = opcode

    def open(self, wasm: bytes, program: Program, hosts: list[Any]) -> Any:
        wrong = clone(program)
        for function in wrong.functions:
            for instr in walk(function.body):
                if instr.op.name == self.opcode:
                    instr.op = WRONG[self.opcode]
        return super().open(encode(wrong), program, hosts)


@pytest.mark.parametrize("opcode", WRONG)
def test_planted_bug_is_found_and_made_small(opcode: str, tmp_path: Path) -> None:
    pair = Pair(WasmtimeExecutor(), WrongEngine(opcode))
    found = next((seed, failure) for seed in range(2000) if (failure := check(pair, encoded(generate(seed)))))
    seed, failure = found
    assert failure.kind == "differs"

    small = minimise(generate(seed), lambda program: check(pair, encoded(program)) is not None, seconds=20)

    names = [instr.op.name for function in small.functions for instr in walk(function.body)]
    assert opcode in names
    assert len(names) <= 30, names  # some make a vector and take it apart
    case = encoded(small)
    text = save_case(tmp_path, seed, case, Generator().text(case), failure, f"--seed {seed}")
    assert f"--seed {seed}" in text.read_text()
    assert check(pair, encoded(small)) is not None


def test_programs_with_exceptions_are_made_small_and_stay_valid() -> None:
    """Every candidate is a valid module, whatever arms, clauses and labels were removed from it."""

    def throws(program: Program) -> bool:
        linocut.validate(encode(program))
        return any(instr.op.name == "throw" for f in program.functions for instr in walk(f.body))

    programs = [generate(seed, portable=False) for seed in range(40)]
    found = [program for program in programs if throws(program)]
    assert found
    for program in found[:5]:
        small = minimise(program, throws, seconds=3)
        assert small.size < program.size
