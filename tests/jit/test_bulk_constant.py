"""memory.copy and memory.fill of a constant number of bytes: by registers up to 64, as by the interpreter."""

from __future__ import annotations

import random
from typing import Any

import linocut
import pytest
from linocut.inspecting.listing.listing import Listing

SIZES = [*range(68), 127, 128, 1 << 31]
PAGE = 65536
END = 200


def module_of(code: str, memory: str = '(memory (export "m") 1)') -> str:
    functions = "".join(f'(func (export "f{n}") (param i32 i32) {code.format(n=n)})' for n in SIZES)
    total = '(global $sum (export "sum") (mut i32) (i32.const 0))'
    return f"(module {memory} {total} {functions})"


def both(text: str, imports: Any = None) -> list[Any]:
    """The exports of it compiled and interpreted, with the same bytes in memory."""
    bytes_ = random.Random(7).randbytes(PAGE)
    found = []
    for interpret in (False, True):
        exports = linocut.load(text, interpret=interpret).instantiate(imports() if imports else None).exports
        exports.m.write(0, bytes_)
        found.append(exports)
    return found


def outcome(function: Any, *arguments: int) -> object:
    try:
        return function(*arguments)
    except linocut.Trap as trap:
        return str(trap)


COPIES = {
    "locals": "(memory.copy (local.get 0) (local.get 1) (i32.const {n}))",
    "to the same": "(memory.copy (local.get 0) (local.get 0) (i32.const {n}))",
    "sums": """(memory.copy (i32.add (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 2))
      (i32.const {n}))""",
    "to a constant": "(memory.copy (i32.const 77) (local.get 1) (i32.const {n}))",
    "from a constant": "(memory.copy (local.get 0) (i32.const 65500) (i32.const {n}))",
    "of constants": "(memory.copy (i32.const 10) (i32.const 20) (i32.const {n}))",
    "beyond what an instruction reaches": "(memory.copy (local.get 0) (i32.const 0x7ffffffe) (i32.const {n}))",
    "beside values": """(local.get 0) (i32.add (local.get 0) (i32.const 3)) (i32.mul (local.get 1) (i32.const 5))
      (i32.load8_u (local.get 1)) (memory.copy (local.get 0) (i32.add (local.get 1) (i32.const 2)) (i32.const {n}))
      i32.add i32.add i32.sub (global.set $sum)""",
}  # fmt: skip
FILLS = {
    f"of {value}": f"(memory.fill (local.get 0) (i32.const {value}) (i32.const {{n}}))"
    for value in (0, 255, 1, 0x80, 0x1FE, -1)
} | {
    "of a local": "(memory.fill (local.get 0) (local.get 1) (i32.const {n}))",
    "at a constant": "(memory.fill (i32.const 65490) (i32.const 9) (i32.const {n}))",
    "at a sum": "(memory.fill (i32.add (local.get 0) (local.get 1)) (i32.const 9) (i32.const {n}))",
}


def places(n: int) -> list[tuple[int, int]]:
    """Beyond the end of the memory by little and by much, at the end, apart, overlapping either way."""
    beyond = [PAGE - n + 1, PAGE - n // 2, PAGE - 1, PAGE, PAGE + 1, -1, -n, 1 << 30]
    near = [*beyond, PAGE - n, 0, 5, 7, 90, 100, 100 + n]
    return [(a, b) for a in near for b in near]


@pytest.mark.parametrize("name", [*COPIES, *FILLS])
def test_bytes_and_traps_are_those_of_the_interpreter(name: str) -> None:
    """What traps has written nothing: the end of the memory shows it, before anything else is written there."""
    compiled, interpreted = both(module_of((COPIES | FILLS)[name]))
    for n in SIZES:
        fresh = random.Random(n).randbytes(END)
        for exports in (compiled, interpreted):
            exports.m.write(PAGE - END, fresh)
        for a, b in places(n):
            assert outcome(compiled[f"f{n}"], a, b) == outcome(interpreted[f"f{n}"], a, b), (n, a, b)
            assert compiled.m.read(PAGE - END, END) == interpreted.m.read(PAGE - END, END), (n, a, b)
        assert bytes(compiled.m) == bytes(interpreted.m), n
        assert compiled.sum.value == interpreted.sum.value


def test_a_memory_that_has_grown_and_one_that_is_imported_and_shared() -> None:
    text = module_of(COPIES["locals"], '(import "" "m" (memory $m 1 3 shared)) (export "m" (memory $m))')
    exports = both(text, lambda: {"": {"m": linocut.Memory(1, 3, shared=True)}})
    for each in exports:
        with pytest.raises(linocut.Trap, match="out of bounds"):
            each.f24(PAGE, 0)
        each.m.grow(1)
        each.f24(PAGE, 0)
        each.f24(2 * PAGE - 24, 8)
        with pytest.raises(linocut.Trap, match="out of bounds"):
            each.f24(2 * PAGE - 23, 0)
    assert bytes(exports[0].m) == bytes(exports[1].m)


def test_a_trap_says_where() -> None:
    text = module_of(COPIES["locals"])
    frames = []
    for interpret in (False, True):
        with pytest.raises(linocut.Trap) as caught:
            linocut.load(text, interpret=interpret).instantiate().exports.f24(-1, 0)
        frames.append(caught.value.frames)
    assert frames[0] == frames[1]


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("code", "is_called"),
    [
        ("(memory.copy (local.get 0) (local.get 1) (i32.const 1))", False),
        ("(memory.copy (local.get 0) (local.get 1) (i32.const 64))", False),
        ("(memory.copy (local.get 0) (local.get 1) (i32.const 65))", True),
        ("(memory.copy (local.get 0) (local.get 1) (i32.const 0))", True),  # it may still be out of bounds
        ("(memory.copy (local.get 0) (local.get 1) (local.get 1))", True),
        ("(memory.fill (local.get 0) (i32.const 0) (i32.const 64))", False),
        ("(memory.fill (local.get 0) (local.get 1) (i32.const 64))", True),
    ],
)
def test_what_calls_the_helper(code: str, is_called: bool) -> None:
    module = linocut.load(f"(module (memory 1) (func (param i32 i32) {code}))", interpret=False)
    pieces = [piece for section in Listing.of(module, 0).sections for piece in section.pieces]
    assert any(line.machine.text.startswith("call") for piece in pieces for line in piece.code) == is_called
