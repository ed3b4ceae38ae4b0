"""What instances of a store may take: memories, tables, instances, stack."""

from __future__ import annotations

import copy
import pickle
import threading
from typing import Any

import linocut
import pytest
from linocut import Limits, Store

GREEDY = """(module (memory 1) (table 1 funcref)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "grow_table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func $down (export "down") (param i32) (result i32) (if (result i32) (local.get 0)
    (then (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0)))))"""
PAGE = 65536


@pytest.fixture(params=[False, True], ids=["compiled", "interpreted"])
def module(request: pytest.FixtureRequest) -> linocut.Module:
    return linocut.load(GREEDY, interpret=request.param)


def test_a_memory_has_a_gibibyte_at_most_by_default(module: linocut.Module) -> None:
    exports = module.instantiate().exports
    assert (exports.grow(16384), exports.grow(16383), exports.grow(1), exports.size()) == (-1, 1, -1, 16384)
    free = module.instantiate(limits=Limits(memory=None)).exports
    assert (free.grow(16384), free.size()) == (1, 16385)


@pytest.mark.parametrize("spare", [0, 1, PAGE - 1])
def test_a_limit_between_two_pages(module: linocut.Module, spare: int) -> None:
    exports = module.instantiate(limits=Limits(memory=3 * PAGE + spare)).exports
    assert [exports.grow(1) for _ in range(4)] == [1, 2, -1, -1]
    assert exports.grow(0) == 3


def test_tables(module: linocut.Module) -> None:
    exports = module.instantiate(limits=Limits(table_elements=10)).exports
    assert [exports.grow_table(n) for n in (10, 9, 1, 0)] == [-1, 1, -1, 10]
    assert module.instantiate().exports.grow_table(1_000_000) == 1


@pytest.mark.parametrize("limits", [Limits(memory=PAGE - 1), Limits(memory=0), Limits(table_elements=0)])
def test_what_begins_beyond_a_limit_is_not_linked(module: linocut.Module, limits: Limits) -> None:
    store = Store(limits)
    with pytest.raises(
        linocut.LinkError, match=r"0 begins with 1 (pages of 65536 bytes|elements): the store's limit is"
    ):
        module.instantiate(store=store)
    linocut.load("(module)").instantiate(store=store)  # the store is as it was


def test_64_bit_memories_and_tables() -> None:
    text = """(module (memory i64 1) (table i64 1 funcref)
      (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
      (func (export "grow_table") (param i64) (result i64) (table.grow (ref.null func) (local.get 0))))"""
    exports = linocut.load(text).instantiate(limits=Limits(memory=4 * PAGE, table_elements=5)).exports
    assert [exports.grow(n) for n in (2**40, 4, 3, 1)] == [-1, -1, 1, -1]
    assert [exports.grow_table(n) for n in (2**40, 5, 4, 1)] == [-1, -1, 1, -1]


def test_instances() -> None:
    store = Store(Limits(instances=2))
    empty = linocut.load("(module)")
    for _ in range(2):
        empty.instantiate(store=store)
    with pytest.raises(linocut.LinkError, match="the store has 2 instances: its limits allow no more"):
        empty.instantiate(store=store)
    empty.instantiate()


def deepest(function: Any, most: int) -> int:
    """The deepest recursion that the stack has room for."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        try:
            function(middle)
            low = middle
        except linocut.StackExhausted:
            high = middle - 1
    return low


def test_stack(module: linocut.Module) -> None:
    depths = [
        deepest(module.instantiate(limits=Limits(stack=size)).exports.down, 60_000)
        for size in (200_000, 400_000)
    ]
    assert 0 < depths[0] < depths[1] < 60_000
    assert 1.5 < depths[1] / depths[0] < 3
    assert module.instantiate().exports.down(20_000) == 20_000


def test_the_stack_is_counted_from_the_outermost_call() -> None:
    """A host function that calls back has no new stack; the next call from outside has all of it again."""
    text = """(module (import "" "again" (func $again (param i32))) (func (export "f") (param i32)
        (if (local.get 0) (then (call $again (i32.sub (local.get 0) (i32.const 1)))))))"""
    exports: Any = None
    exports = (
        linocut.load(text)
        .instantiate({"": {"again": lambda n: exports.f(n)}}, limits=Limits(stack=100_000))
        .exports
    )
    exports.f(3)
    for _ in range(2):
        with pytest.raises(linocut.StackExhausted):
            exports.f(100_000)
        exports.f(3)


def test_a_limited_store_and_another_on_one_thread(module: linocut.Module) -> None:
    small, large = module.instantiate(limits=Limits(stack=50_000)).exports, module.instantiate().exports
    for _ in range(3):
        assert large.down(2_000) == 2_000
        with pytest.raises(linocut.StackExhausted):
            small.down(60_000)


def test_in_another_thread(module: linocut.Module) -> None:
    exports = module.instantiate(limits=Limits(memory=2 * PAGE, stack=100_000)).exports
    results: list[object] = []

    def run() -> None:
        results.append(exports.grow(2))
        try:
            exports.down(60_000)
        except linocut.StackExhausted as error:
            results.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert results == [-1, linocut.StackExhausted]


# ── the host's own ───────────────────────────────────────────────────────────
def test_a_memory_of_the_host_begins_as_it_says_and_grows_within_the_limit() -> None:
    store = Store(Limits(memory=2 * PAGE))
    memory = linocut.Memory(4, store=store)
    with pytest.raises(ValueError, match="cannot grow by 1: the limit of its store is 131072 bytes"):
        memory.grow(1)
    small = linocut.Memory(1, store=store)
    assert small.grow(1) == 1


def test_an_imported_memory_takes_the_limits_of_the_store_that_it_comes_into() -> None:
    text = """(module (import "" "m" (memory 1)) (func (export "grow") (param i32) (result i32)
        (memory.grow (local.get 0))))"""
    memory = linocut.Memory(1)
    exports = linocut.load(text).instantiate({"": {"m": memory}}, limits=Limits(memory=3 * PAGE)).exports
    assert (exports.grow(3), exports.grow(2), len(memory)) == (-1, 1, 3 * PAGE)


def test_shared_memories() -> None:
    """One that a module declares has the limit of the store it is made in, one of the host its maximum."""
    text = """(module (memory (export "m") 1 9 shared) (func (export "grow") (param i32) (result i32)
        (memory.grow (local.get 0))))"""
    exports = linocut.load(text).instantiate(limits=Limits(memory=3 * PAGE)).exports
    assert (exports.grow(3), exports.grow(2), len(exports.m)) == (-1, 1, 3 * PAGE)
    assert linocut.Memory(1, 40_000, shared=True).grow(30_000) == 1


def test_a_table_of_the_host() -> None:
    table = linocut.Table("externref", 1, store=Store(Limits(table_elements=2)))
    assert table.grow(1) == 1
    with pytest.raises(ValueError, match=r"its size must stay in 2\.\.2"):
        table.grow(1)


# ── the class ────────────────────────────────────────────────────────────────
def test_limits_are_values() -> None:
    limits = Limits(memory=1, stack=2)
    assert limits == Limits(stack=2, memory=1) == pickle.loads(pickle.dumps(limits)) == copy.deepcopy(limits)
    assert len({limits, Limits(memory=1, stack=2), Limits()}) == 2
    assert repr(limits) == "linocut.Limits(memory=1, table_elements=None, instances=None, stack=2)"
    assert Store(limits).limits is limits
    assert Store().limits == Limits()
    assert linocut.load("(module)").instantiate(limits=limits).store.limits is limits
    with pytest.raises(AttributeError, match="cannot be changed"):
        limits.memory = 3  # type: ignore[misc]


@pytest.mark.parametrize("name", ["memory", "table_elements", "instances", "stack"])
def test_what_cannot_be_a_limit(name: str) -> None:
    for value in ("1G", 1.5, True):
        with pytest.raises(TypeError, match=f"{name} must be an int or None"):
            Limits(**{name: value})
    with pytest.raises(ValueError, match=f"{name} must not be negative"):
        Limits(**{name: -1})
    assert Store(Limits(**{name: 10**30})).limits != Limits()  # more than can be is none


def test_limits_of_a_given_store_are_its_own(module: linocut.Module) -> None:
    with pytest.raises(ValueError, match="the given store has its own"):
        module.instantiate(store=Store(), limits=Limits())
    with pytest.raises(TypeError, match="limits must be Limits, not 5"):
        Store(5)  # type: ignore[arg-type]
