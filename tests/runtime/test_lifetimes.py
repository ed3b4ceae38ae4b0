"""Nothing is left behind: memory and mappings do not grow however often something is made and dropped."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("both_ways")

MODULE = """(module (import "env" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1) (table (export "table") 3 externref)
  (func (export "g") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))
  (func (export "same") (param externref) (result externref) (local.get 0)))"""


class Thing:
    """An object that can have weak references."""


def resident_kib() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4


def mappings() -> int:
    with open("/proc/self/maps") as file:
        return sum(1 for _ in file)


def assert_flat(act: Callable[[], object], rounds: int, kib: int) -> None:
    for _ in range(rounds // 4):
        act()
    gc.collect()
    memory, maps = resident_kib(), mappings()
    for _ in range(rounds):
        act()
    gc.collect()
    assert resident_kib() - memory < kib
    assert mappings() - maps < 20


def test_instances_with_a_closure_over_themselves() -> None:
    module = linocut.load(MODULE)

    def act() -> None:
        instance = module.instantiate({"env": {"f": lambda x: 2 * x + instance.exports.memory.size}})
        instance.exports.table[0] = instance
        assert instance.exports.g(4) == 10

    assert_flat(act, 100_000, 4000)  # 40 bytes for each call would show


def test_modules() -> None:
    wasm = wat_to_wasm('(module (func (export "f") (result i32) (i32.const 3)))')
    assert_flat(lambda: linocut.load(wasm).instantiate().exports.f(), 10_000, 1500)


def test_modules_that_are_refused() -> None:
    body_without_its_result = b"\1\5\1\x60\0\1\x7f\3\2\1\0\x0a\4\1\2\0\x0b"

    def act() -> None:
        with pytest.raises(linocut.InvalidError):
            linocut.load(b"\0asm\1\0\0\0" + body_without_its_result)

    assert_flat(act, 10_000, 1500)


def test_a_million_fresh_externrefs() -> None:
    same = linocut.load(MODULE).instantiate({"env": {"f": abs}}).exports.same

    def act() -> None:
        for _ in range(100):
            thing = object()
            assert same(thing) is thing

    assert_flat(act, 10_000, 1500)


def test_code_outlives_its_module_object() -> None:
    module = linocut.load(MODULE)
    instance = module.instantiate({"env": {"f": lambda x: x}})
    function = instance.exports.g
    del module, instance
    gc.collect()
    linocut.load(MODULE)
    assert function(1) == 2


def test_externrefs_are_swept_when_nothing_holds_them() -> None:
    exports = linocut.load(MODULE).instantiate({"env": {"f": abs}}).exports
    alive: weakref.WeakSet[Thing] = weakref.WeakSet()
    for i in range(50_000):
        thing = Thing()
        alive.add(thing)
        assert exports.same(thing) is thing
        exports.table[i % 3] = thing
    assert len(alive) < 5000
    assert exports.table[49_999 % 3] is thing


def test_references_held_only_by_machine_code_survive_a_sweep() -> None:
    module = linocut.load("""(module (import "env" "f" (func $f))
      (func (export "hold") (param externref) (result externref) (call $f) (local.get 0))
      (func (export "same") (param externref) (result externref) (local.get 0)))""")

    def sweep() -> None:
        for _ in range(5000):
            instance.exports.same(Thing())

    instance = module.instantiate({"env": {"f": sweep}})
    for name in ("a", "b", "c"):
        thing = Thing()
        thing.name = name  # type: ignore[attr-defined]
        reference = weakref.ref(thing)
        held = [thing]
        del thing
        assert instance.exports.hold(held.pop()) is reference()


def test_recycled_memories_start_as_zeros() -> None:
    for pages in (4, 1, 3, 2) * 10:
        memory = linocut.Memory(pages, 8)
        memory.grow(2)
        assert bytes(memory.read(0, len(memory))) == bytes(len(memory))
        memory.write(0, b"\xff" * len(memory))
        del memory


def test_too_many_memories_are_a_memory_error() -> None:
    memories = []
    try:
        while len(memories) < 40_000:
            memories.append(linocut.Memory(1))
    except MemoryError:
        pass
    assert 1000 < len(memories) < 40_000
    memories.clear()
    assert linocut.Memory(1).size == 1
