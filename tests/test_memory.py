from __future__ import annotations

import linocut
import numpy as np
import pytest
from linocut import MemoryType

PAGE = 65536
TEXT = """(module (memory (export "memory") 1 4)
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) memory.size))
"""


def test_both_sides_see_the_same_bytes() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    exports.store(100, 0x04030201)
    assert exports.memory.read(100, 4) == b"\1\2\3\4"
    exports.memory.write(200, b"\xff\xff\xff\xff")
    assert exports.load(200) == -1


def test_views_stay_valid_over_growth() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    memory = exports.memory
    view = np.frombuffer(memory, dtype=np.uint32)
    assert len(view) == PAGE // 4
    assert exports.grow(1) == 1
    assert memory.grow(1) == 2
    view[0] = 77
    assert exports.load(0) == 77
    exports.store(4, 88)
    assert view[1] == 88
    assert len(np.frombuffer(memory, dtype=np.uint8)) == 3 * PAGE
    exports.store(2 * PAGE, 99)
    assert memory.read(2 * PAGE, 1) == b"c"


def test_view_outlives_everything_else() -> None:
    view = memoryview(linocut.load(TEXT).instantiate().exports.memory)
    view[5] = 6
    assert view[5] == 6


def test_size_type_and_growth() -> None:
    memory = linocut.Memory(1, 3)
    assert (memory.size, len(memory), memory.type) == (1, PAGE, MemoryType(1, 3))
    assert memory.grow(2) == 1
    assert (memory.size, len(memory), memory.type) == (3, 3 * PAGE, MemoryType(3, 3))
    assert memory.grow(0) == 3
    with pytest.raises(ValueError, match="cannot grow"):
        memory.grow(1)
    with pytest.raises(ValueError, match="size"):
        memory.grow(-1)


def test_growth_shows_on_both_sides() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    assert exports.memory.grow(1) == 1
    assert exports.size() == 2
    assert exports.grow(2) == 2
    assert exports.memory.size == 4
    assert exports.grow(1) == -1


@pytest.mark.parametrize(("min", "max"), [(-1, None), (65537, None), (0, 65537), (2, 1)])
def test_impossible_sizes_are_refused(min: int, max: int | None) -> None:
    with pytest.raises(ValueError):
        linocut.Memory(min, max)


@pytest.mark.parametrize(
    ("address", "count"), [(PAGE, 1), (PAGE - 3, 4), (-1, 1), (2**64, 1), (2**64 - 1, 2), (0, PAGE + 1)]
)
def test_reads_and_writes_outside_are_index_errors(address: int, count: int) -> None:
    memory = linocut.Memory(1)
    with pytest.raises(IndexError):
        memory.read(address, count)
    with pytest.raises(IndexError):
        memory.write(address, bytes(count))


def test_edges_can_be_read() -> None:
    memory = linocut.Memory(1)
    memory.write(PAGE - 2, b"ab")
    assert memory.read(PAGE - 2, 2) == b"ab"
    assert memory.read(PAGE, 0) == b""
    memory.write(PAGE, b"")


def test_write_takes_any_buffer_even_its_own() -> None:
    memory = linocut.Memory(1)
    memory.write(0, bytearray(b"abcdef"))
    memory.write(2, memoryview(memory)[0:4])
    assert memory.read(0, 6) == b"ababcd"
    memory.write(0, np.array([1, 2], dtype=np.uint16))
    assert memory.read(0, 4) == b"\1\0\2\0"
    with pytest.raises(TypeError):
        memory.write(0, "text")  # type: ignore[arg-type]


def test_empty_memory() -> None:
    memory = linocut.Memory(0)
    assert len(memory) == 0
    assert bytes(memory) == b""
    assert memory.grow(1) == 0
    assert memory.read(0, 3) == b"\0\0\0"


def test_out_of_bounds_access_traps_and_leaves_the_instance_usable() -> None:
    exports = linocut.load(TEXT).instantiate().exports
    for address in (PAGE, PAGE - 3, 2**32 - 1):
        with pytest.raises(linocut.Trap) as caught:
            exports.load(address)
        assert caught.value.kind == "out_of_bounds_memory"
    exports.grow(1)
    assert exports.load(PAGE) == 0


def test_equality_is_that_of_the_memory() -> None:
    instance = linocut.load(TEXT).instantiate()
    other = linocut.load('(module (import "m" "m" (memory 1)) (export "m" (memory 0)))')
    again = other.instantiate({"m": {"m": instance.exports.memory}}).exports.m
    assert again == instance.exports.memory
    assert hash(again) == hash(instance.exports.memory)
    assert again != linocut.Memory(1)
