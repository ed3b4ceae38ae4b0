"""Threads change one number with the atomic instructions of every row: whatever the order, nothing is lost.

Each thread adds up g(new) - g(old) over its own changes. If no change is lost or seen by halves, all sums
together are g(last) - g(first), since each value but these two is new once and old once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import linocut
import pytest

from linocut_isa import Opcode, supported

pytest.importorskip("wasmtime")  # it assembles the text

ROWS = [row for row in supported() if row.is_atomic and ".rmw" in row.name]
PLACE = 64
AROUND = b"\x5a" * 16
FACTOR = 0x9E3779B97F4A7C15
THREADS = 2


def operation_of(row: Opcode) -> str:
    return row.name.rpartition(".")[2].removesuffix("_u")


def new_value(row: Opcode, type_: str) -> str:
    """The value that the instruction has written, computed by instructions that are not atomic."""
    operation = operation_of(row)
    if operation == "xchg":
        return "(local.get $x)"
    if operation == "cmpxchg":
        equal = f"({type_}.eq (local.get $old) (local.get $expected))"
        return f"(select (local.get $x) (local.get $old) {equal})"
    return f"({type_}.{operation} (local.get $old) (local.get $x))"


def module_of(row: Opcode) -> str:
    type_ = row.results[0].type
    mask = (1 << (8 << row.align)) - 1
    as_i64 = "" if type_ == "i64" else "i64.extend_i32_u"
    expected = "(local.get $expected)" if operation_of(row) == "cmpxchg" else ""
    return f"""(module (import "m" "memory" (memory 1 1 shared))
      (func $g (param i64) (result i64)
        (i64.add (i64.mul (local.get 0) (i64.mul (local.get 0) (local.get 0)))
                 (i64.mul (local.get 0) (i64.const {FACTOR}))))
      (func (export "run") (param $count i32) (param $x {type_}) (result i64)
        (local $old {type_}) (local $expected {type_}) (local $sum i64)
        (loop $again
          (local.set $expected (local.get $old))
          (local.set $old ({row.name} (i32.const {PLACE}) {expected} (local.get $x)))
          (i64.sub (call $g ({type_}.and {new_value(row, type_)} ({type_}.const {mask})) {as_i64})
                   (call $g (local.get $old) {as_i64}))
          (local.set $sum (i64.add (local.get $sum)))
          (local.set $x ({type_}.add ({type_}.mul (local.get $x) ({type_}.const 5)) ({type_}.const 7)))
          (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
        (local.get $sum)))"""


def g(x: int) -> int:
    return x**3 + x * FACTOR


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_change_is_lost(row: Opcode, interpret: bool) -> None:
    size = 1 << row.align
    memory = linocut.Memory(1, 1, shared=True)
    memory.write(PLACE - 16, AROUND + bytes(size) + AROUND)
    module = linocut.load(module_of(row), interpret=interpret)
    count = (
        500_000 if interpret else 3_000_000
    )  # lasts many ticks, after which another thread gets Python's lock
    start = Barrier(THREADS)

    def run(number: int) -> int:
        instance = module.instantiate({"m": {"memory": memory}}, store=linocut.Store())
        start.wait()
        return int(instance.exports.run(count, 3 * number + 1))

    with ThreadPoolExecutor(THREADS) as pool:
        total = sum(pool.map(run, range(THREADS)))
    last = int.from_bytes(memory.read(PLACE, size), "little")
    assert (total - g(last)) % 2**64 == 0
    assert memory.read(PLACE - 16, 16) == memory.read(PLACE + size, 16) == AROUND


def test_every_kind_of_change_is_there() -> None:
    assert {operation_of(row) for row in ROWS} == {"add", "sub", "and", "or", "xor", "xchg", "cmpxchg"}
    assert len(ROWS) == 49
