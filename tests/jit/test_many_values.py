"""Blocks, branches and calls with many values: few bytes ask for them, so their cost must be bounded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.text.binary import unsigned
from modules import (
    BLOCK,
    BR,
    BR_IF,
    BR_TABLE,
    CALL,
    DROP,
    ELSE,
    END,
    I32,
    IF,
    LOOP,
    UNREACHABLE,
    body,
    const,
    function_type,
    module,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("wasmtime")

from twins import agree

THOUSAND = [I32] * 1000
VOID, SAME, GIVES = function_type([], []), function_type(THOUSAND, THOUSAND), function_type([], THOUSAND)
TAKES_AND_GIVES, JUST_GIVES = b"\1", b"\2"
VALUES, DROPS = const(0) * 1000, DROP * 1000


def of_one(code: bytes) -> bytes:
    return module([VOID, SAME, GIVES], [0], [body(code)])


def blocks(n: int) -> bytes:
    """Blocks one after the other, each of which takes and gives a thousand values."""
    return of_one(VALUES + (BLOCK + TAKES_AND_GIVES + END) * n + DROPS)


def loops(n: int) -> bytes:
    return of_one(VALUES + (LOOP + TAKES_AND_GIVES + END) * n + DROPS)


def ifs(n: int) -> bytes:
    return of_one(VALUES + (const(0) + IF + TAKES_AND_GIVES + ELSE + END) * n + DROPS)


def nested(n: int) -> bytes:
    return of_one(VALUES + (BLOCK + TAKES_AND_GIVES) * n + END * n + DROPS)


def branches(n: int) -> bytes:
    """Branches with a thousand values; none is taken, so the values stay for the next one."""
    return of_one(BLOCK + JUST_GIVES + VALUES + (const(0) + BR_IF + b"\0") * n + END + DROPS)


def branches_past_a_value(n: int) -> bytes:
    """One more value lies below the thousand, so each branch would have to move them all."""
    return of_one(
        BLOCK + JUST_GIVES + const(1) + VALUES + (const(0) + BR_IF + b"\0") * n + BR + b"\0" + END + DROPS
    )


def one_table(n: int) -> bytes:
    """A br_table to two labels that end at the same place."""
    table = const(0) + BR_TABLE + unsigned(n) + b"\0\1" * (n // 2) + b"\0" * (n % 2 + 1)
    inner = BLOCK + JUST_GIVES + VALUES + table + END
    return of_one(BLOCK + JUST_GIVES + inner + END + DROPS)


def dead_blocks(n: int) -> bytes:
    """Blocks whose thousand results nobody takes."""
    return of_one((BLOCK + JUST_GIVES + UNREACHABLE + END) * n + UNREACHABLE)


def calls(n: int) -> bytes:
    """Calls whose thousand results nobody takes."""
    return module([VOID, SAME, GIVES], [2, 0], [body(VALUES), body((CALL + b"\0") * n + UNREACHABLE)])


SHAPES = [blocks, loops, ifs, nested, branches, branches_past_a_value, one_table, dead_blocks, calls]
by_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)


KINDS = ["i32", "i64", "f32", "f64"]


def text_of_twelve(body: str, first: str = "") -> str:
    """A function of two parameters that gives twelve values: constants, locals and sums of both."""
    types = " ".join(KINDS[i % 4] for i in range(12))
    values = " ".join(
        f"({kind}.const {i + 1})"
        if i % 3
        else f"(local.get ${kind})"
        if i % 2
        else f"({kind}.add (local.get ${kind}) ({kind}.const {i}))"
        for i, kind in ((i, KINDS[i % 4]) for i in range(12))
    )
    return f"""(module
      (type $same (func (param {types}) (result {types})))
      (func (export "run") (param $n i32) (param $f32 f32) (result {types})
        (local $i32 i32) (local $i64 i64) (local $f64 f64)
        (local.set $i32 (local.get $n)) (local.set $i64 (i64.extend_i32_s (local.get $n)))
        (local.set $f64 (f64.promote_f32 (local.get $f32)))
        {first} {values} {body}))"""


CHANGE = "(local.set $i32 (i32.const 77)) (local.set $i64 (i64.const 78)) (local.set $f64 (f64.const 79))"
BODIES = {
    "block": f"(block (type $same) {CHANGE})",
    "loop": f"(loop (type $same) {CHANGE} (br_if 0 (local.tee $n (i32.and (i32.sub (local.get $n) (i32.const 1)) (i32.const 3)))))",
    "if": f"(if (type $same) (local.get $n) (then {CHANGE}) (else (local.set $n (i32.const 5))))",
    "one-armed if": f"(if (type $same) (local.get $n) (then {CHANGE}))",
    "nested": "(block (type $same) (loop (type $same) (block (type $same) (br_if 2 (local.get $n)))))",
    "br_if": f"(block (type $same) (br_if 0 (local.get $n)) {CHANGE} (br_if 0 (i32.eqz (local.get $n))) drop (f64.const 5))",
    "br_table": f"(block (type $same) (block (type $same) (br_table 0 1 0 1 0 1 1 (local.get $n))) {CHANGE} drop (f64.const 6))",
    "br": f"(block (type $same) {CHANGE} (block (type $same) (br 1)))",
    "value below": f"(block (type $same) (br_if 0 (local.get $n)) {CHANGE} (f64.const 9) (local.set $f64) (br 0))",
}


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("below", [0, 1, 3])
def test_twelve_values_arrive(body: str, below: int) -> None:
    """Nothing or `below` other values lie beneath the block that the twelve enter and leave."""
    text = text_of_twelve(f"{body} return", "(i32.const 99) " * below)  # discarded by the return
    agree(text, [("run", n, f) for n in range(7) for f in (0.5, -3.0)])


@by_shape
@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_seven_hundred_uses_of_a_thousand_values_load(shape: Callable[[int], bytes], interpret: bool) -> None:
    linocut.load(shape(700), interpret=interpret)


@pytest.mark.parametrize(
    "shape", [blocks, loops, ifs, nested, branches, one_table], ids=lambda shape: shape.__name__
)
def test_values_that_stay_where_they_are_need_no_code(shape: Callable[[int], bytes]) -> None:
    assert code_bytes(shape(700)) - code_bytes(shape(100)) < 600 * 32


def code_bytes(wasm: bytes) -> int:
    return linocut.load(wasm)._code.function_sizes(0)[1]


MEASURE = """
import sys; sys.path[:0] = {path}
import linocut, test_many_values
def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM"))
linocut.load(b"\\0asm\\1\\0\\0\\0")
wasm = getattr(test_many_values, {name!r})({n})
before = peak()
try: linocut.load(wasm, interpret={interpret})
except linocut.InvalidError as error: assert "implementation limit" in str(error), error
print(peak() - before - 64 * len(wasm))
"""
CONSTANT = 128 << 20


@by_shape
@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("n", [7_000, 300_000])
def test_memory_is_in_proportion_to_the_module(
    shape: Callable[[int], bytes], n: int, interpret: bool
) -> None:
    """Loading may take 64 bytes for each byte of the module, and a constant."""
    path = [str(Path(__file__).parent), *sys.path]
    script = MEASURE.format(path=path, name=shape.__name__, n=n, interpret=interpret)
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert int(ran.stdout) < CONSTANT


@by_shape
@pytest.mark.parametrize("n", [700, 7_000, 30_000])
def test_all_ways_say_the_same(shape: Callable[[int], bytes], n: int) -> None:
    ways = (linocut.validate, linocut.load, load_interpreted)
    assert len({verdict(way, shape(n)) for way in ways}) == 1


@pytest.mark.compiled
@pytest.mark.parametrize("way", ["validate", "load"])
def test_what_is_too_much_is_said(way: str) -> None:
    judge = getattr(linocut, way)
    assert "bytes of machine code" in verdict(judge, branches_past_a_value(7_000))
    assert "values on the operand stack" in verdict(judge, dead_blocks(7_000))


def load_interpreted(wasm: bytes) -> None:
    linocut.load(wasm, interpret=True)


def verdict(judge: Callable[[bytes], object], wasm: bytes) -> str:
    try:
        judge(wasm)
    except linocut.ModuleError as error:
        return f"{type(error).__name__}: {error}"
    return "valid"
