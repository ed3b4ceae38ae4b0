"""Instructions that take long go piece by piece: they can be interrupted, and are right where pieces meet."""

from __future__ import annotations

import random
import threading

import linocut
import pytest

pytestmark = pytest.mark.usefixtures("both_ways")

MIB = 1 << 20
TEXT = f"""(module (memory (export "memory") 512) (table (export "table") 3000000 externref)
  (table $other 3000000 externref) (table $functions 2000000 funcref)
  (elem $elem func {"$nothing " * 200_000}) (func $nothing)
  (data $data "{"x" * (3 * MIB)}")
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32) (memory.init $data (local.get 0) (i32.const 0) (i32.const {3 * MIB})))
  (func (export "fill_table") (param externref) (table.fill 0 (i32.const 0) (local.get 0) (i32.const 3000000)))
  (func (export "copy_table") (table.copy $other 0 (i32.const 0) (i32.const 0) (i32.const 3000000)))
  (func (export "move_table") (param i32 i32 i32) (table.copy 0 0 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init_table") (table.init $functions $elem (i32.const 0) (i32.const 0) (i32.const 200000)))
  (func (export "grow_table") (param externref) (result i32) (table.grow 0 (local.get 0) (i32.const 3000000)))
  (func (export "other") (param i32) (result externref) (table.get $other (local.get 0)))
  (func (export "last_function") (result i32) (ref.is_null (table.get $functions (i32.const 199999)))))"""


@pytest.fixture
def exports() -> linocut.Exports:
    return linocut.load(TEXT).instantiate().exports


def leave(call: object, *arguments: object) -> None:
    """Make a call whose time is up before it begins: it must end at the first poll."""
    with pytest.raises(linocut.Timeout):
        call(*arguments, timeout=0)  # type: ignore[operator]


def test_a_fill_is_left_on_the_way(exports: linocut.Exports) -> None:
    leave(exports.fill, 0, 7, 512 * 65536)
    memory = exports.memory
    assert memory.read(len(memory) - 1, 1) == b"\0"
    exports.fill(0, 7, 512 * 65536)
    assert memory.read(0, len(memory)) == b"\7" * len(memory)


def test_a_copy_is_left_on_the_way(exports: linocut.Exports) -> None:
    exports.memory.write(0, b"a" * (8 * MIB))
    leave(exports.copy, 16 * MIB, 0, 8 * MIB)
    assert b"\0" in exports.memory.read(16 * MIB, 8 * MIB)
    exports.copy(16 * MIB, 0, 8 * MIB)
    assert exports.memory.read(16 * MIB, 8 * MIB) == b"a" * (8 * MIB)


def test_an_initialization_is_left_on_the_way(exports: linocut.Exports) -> None:
    leave(exports.init, 5)
    assert exports.memory.read(3 * MIB + 4, 1) == b"\0"
    exports.init(5)
    assert exports.memory.read(4, 3 * MIB + 2) == b"\0" + b"x" * (3 * MIB) + b"\0"
    leave(exports.init_table)
    assert exports.last_function() == 1
    exports.init_table()
    assert exports.last_function() == 0


def test_tables_are_left_on_the_way(exports: linocut.Exports) -> None:
    leave(exports.fill_table, "a")
    assert exports.table[2_999_999] is None
    exports.fill_table("b")
    assert {exports.table[i] for i in (0, 131_071, 131_072, 2_999_999)} == {"b"}
    leave(exports.copy_table)
    assert exports.other(2_999_999) is None
    exports.copy_table()
    assert exports.other(2_999_999) == "b"


def test_a_table_has_grown_or_has_not(exports: linocut.Exports) -> None:
    leave(exports.grow_table, "a")
    assert len(exports.table) == 3_000_000
    assert exports.grow_table("b") == 3_000_000
    assert {exports.table[i] for i in (3_000_000, 5_999_999)} == {"b"}


def test_copies_that_overlap_are_right_at_every_seam(exports: linocut.Exports) -> None:
    chance = random.Random(1)
    content = bytearray(chance.randbytes(5 * MIB))
    memory = exports.memory
    memory.write(0, content)
    distances = [0, 1, 63, 4096, MIB - 1, MIB, MIB + 1, 2 * MIB + 5]
    for distance in distances:
        for to, source in ((distance, 0), (0, distance), (distance + 7, 7), (7, distance + 7)):
            count = chance.randrange(2 * MIB, 5 * MIB - distance - 7)
            exports.copy(to, source, count)
            content[to : to + count] = content[source : source + count]
            assert memory.read(0, len(content)) == content


def test_table_copies_that_overlap_are_right_at_every_seam(exports: linocut.Exports) -> None:
    table, piece = exports.table, MIB // 8
    marks = {at: f"mark {at}" for at in (0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece - 1)}
    for to, source in ((1, 0), (0, 1), (piece + 3, 0), (0, piece + 3), (5, 5)):
        exports.fill_table(None)
        for at, mark in marks.items():
            table[source + at] = mark
        exports.move_table(to, source, 4 * piece)
        assert [table[to + at] for at in marks] == list(marks.values())


def test_other_threads_run_beside_a_long_fill(exports: linocut.Exports) -> None:
    stop = threading.Event()
    turns = 0

    def turn() -> None:
        nonlocal turns
        while not stop.is_set():
            turns += 1
            stop.wait(0.0005)

    thread = threading.Thread(target=turn)
    thread.start()
    for _ in range(3000):  # until the lock is given up during a call
        before = turns
        exports.fill(0, 1, 512 * 65536)
        if turns > before:
            break
    stop.set()
    thread.join()
    assert turns > before
