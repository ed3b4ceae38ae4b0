"""Memories that are checked against their size: who grows them, who sees that, and how large they become."""

from __future__ import annotations

import gc
import threading

import linocut
import pytest

pytest.importorskip("wasmtime")

from little_space import run_in_little_space

PAGE = 65536
USER = """(module (import "env" "m" (memory A 1 {most} {shared}))
  (func (export "read") (param A) (result i32) (i32.load8_u (local.get 0)))
  (func (export "write") (param A i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "grow") (param A) (result A) (memory.grow (local.get 0)))
  (func (export "grow and read") (param A) (result i32)
    (drop (memory.grow (A.const 1))) (i32.load8_u (local.get 0))))"""


def user(a: str, most: int | str = "", shared: str = "") -> linocut.Module:
    return linocut.load(USER.format(most=most, shared=shared).replace("A", a))


def is_inside(read: linocut.Func, address: int) -> bool:
    try:
        read(address)
    except linocut.Trap as trap:
        assert trap.kind == "out_of_bounds_memory"
        return False
    return True


def check_growth(a: str) -> None:
    store, module = linocut.Store(), user(a)
    memory = linocut.Memory(1, address=a, store=store)
    first, second = (module.instantiate({"env": {"m": memory}}, store=store).exports for _ in range(2))
    assert not is_inside(first.read, PAGE)
    assert memory.grow(1) == 1
    assert is_inside(first.read, 2 * PAGE - 1)
    assert is_inside(second.read, 2 * PAGE - 1)
    assert not is_inside(first.read, 2 * PAGE)
    assert second.grow(1) == 2
    assert is_inside(first.read, 3 * PAGE - 1)
    assert not is_inside(first.read, 3 * PAGE)
    assert first["grow and read"](4 * PAGE - 1) == 0
    assert is_inside(second.read, 4 * PAGE - 1)
    third = module.instantiate({"env": {"m": memory}}, store=store).exports
    assert is_inside(third.read, 4 * PAGE - 1)
    assert not is_inside(third.read, 4 * PAGE)


@pytest.mark.parametrize("a", ["i32", "i64"])
def test_every_instance_sees_a_memory_grow(a: str) -> None:
    check_growth(a)


def check_gone_instances(a: str) -> None:
    """A memory outlives the instances that use it, each of which is in a store of its own."""
    memory, module = linocut.Memory(1, 9, shared=True, address=a), user(a, 9, "shared")
    kept = module.instantiate({"env": {"m": memory}}).exports
    for _ in range(8):
        users = [module.instantiate({"env": {"m": memory}}).exports for _ in range(5)]
        del users[1::2]
        gc.collect()
        size = memory.grow(1) + 1
        for exports in (kept, *users):
            assert is_inside(exports.read, size * PAGE - 1)
            assert not is_inside(exports.read, size * PAGE)
        del users, exports
        gc.collect()


@pytest.mark.parametrize("a", ["i32", "i64"])
def test_instances_that_are_gone_are_told_nothing(a: str) -> None:
    check_gone_instances(a)


def test_an_instance_that_could_not_be_made_is_told_nothing() -> None:
    store = linocut.Store()
    memory = linocut.Memory(1, address="i64", store=store)
    failing = linocut.load('(module (import "env" "m" (memory i64 1)) (table 20000000 funcref))')
    for _ in range(10):
        with pytest.raises((linocut.Error, MemoryError)):
            failing.instantiate({"env": {"m": memory}}, store=store)
        memory.grow(1)


def check_threads(a: str) -> None:
    """One thread grows the memory; another reads the pages that it was told about."""
    memory, module = linocut.Memory(1, 200, shared=True, address=a), user(a, 200, "shared")
    failures: list[str] = []
    pages = 1
    grown = threading.Condition()

    def read() -> None:
        exports, seen = module.instantiate({"env": {"m": memory}}).exports, 1
        while seen < 200:
            with grown:
                grown.wait_for(lambda seen=seen: pages > seen)
                seen = pages
            if not is_inside(exports.read, seen * PAGE - 1):
                failures.append(f"{seen} pages are there")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    grower = module.instantiate({"env": {"m": memory}}).exports
    for _ in range(199):
        assert grower.grow(1) >= 0
        with grown:
            pages += 1
            grown.notify_all()
    for thread in readers:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("a", ["i32", "i64"])
def test_threads_see_a_shared_memory_grow(a: str) -> None:
    check_threads(a)


LARGE = """(module (memory (export "m") i64 1 100000)
  (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
  (func (export "load") (param i64) (result i64) (i64.load offset=0x100000000 (local.get 0)))
  (func (export "store") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "fill") (param i64 i32 i64) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i64 i64 i64) (memory.copy (local.get 0) (local.get 1) (local.get 2))))"""


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_beyond_4_gib(interpret: bool) -> None:
    e = linocut.load(LARGE, interpret=interpret).instantiate().exports
    if e.grow(5 * 2**30 // PAGE - 1) < 0:
        pytest.skip("the system has no address space of 5 GiB")
    edge = 2**32
    e.store(edge - 4, 0x1122334455667788)
    assert e.m.read(edge - 4, 8) == bytes.fromhex("8877665544332211")
    e.fill(edge - 10, 0xAB, 20)
    assert e.load(0) == int.from_bytes(b"\xab" * 8, "little", signed=True)
    e.copy(edge + 100, edge - 12, 24)
    assert e.m.read(edge + 100, 24) == b"\0\0" + b"\xab" * 20 + b"\0\0"
    for address in (2**30, 2**30 - 7, 2**64 - 1, 2**64 - 2**32, 2**64 - 2**32 - 8):
        with pytest.raises(linocut.Trap, match="out of bounds memory access"):
            e.load(address)
    e.load(2**30 - 8)
    for call in (
        lambda: e.fill(5 * 2**30 - 1, 0, 2),
        lambda: e.copy(0, 2**64 - 1, 2),
        lambda: e.fill(8, 0, 2**64 - 4),
    ):
        with pytest.raises(linocut.Trap, match="out of bounds memory access"):
            call()
    assert len(e.m) == 5 * 2**30
    assert e.grow(2**47) == e.grow(2**63) == -1


def test_python_makes_memories_of_64_bit_addresses() -> None:
    memory = linocut.Memory(1, 2**40, address="i64")
    assert memory.type == linocut.MemoryType(1, 2**40, address="i64")
    assert repr(memory.type) == f"MemoryType(min=1, max={2**40}, address='i64')"
    with pytest.raises(ValueError, match="address must be 'i32' or 'i64'"):
        linocut.Memory(1, address="f64")
    with pytest.raises(ValueError, match="max is 281474976710657"):
        linocut.Memory(1, 2**48 + 1, address="i64")
    with pytest.raises(linocut.LinkError, match=r"must be memory i64 1.., is memory 1.."):
        user("i64").instantiate({"env": {"m": linocut.Memory(1)}})
    with pytest.raises(linocut.LinkError, match=r"must be memory 1.., is memory i64 1.."):
        user("i32").instantiate({"env": {"m": linocut.Memory(1, address="i64")}})


def test_python_makes_tables_of_64_bit_indices() -> None:
    table = linocut.Table("externref", 2, 2**40, "it", address="i64")
    assert table.type == linocut.TableType("externref", 2, 2**40, address="i64")
    module = linocut.load("""(module (import "env" "t" (table i64 1 externref))
      (func (export "get") (param i64) (result externref) (table.get (local.get 0)))
      (func (export "grow") (param i64) (result i64) (table.grow (ref.null extern) (local.get 0)))
      (func (export "size") (result i64) table.size))""")  # fmt: skip
    e = module.instantiate({"env": {"t": table}}).exports
    assert (e.get(1), e.grow(3), e.size(), len(table)) == ("it", 2, 5, 5)
    assert e.grow(2**40) == -1
    for index in (5, 2**32, 2**32 + 1, 2**63, 2**64 - 1):
        with pytest.raises(linocut.Trap, match="out of bounds table access"):
            e.get(index)


def test_indirect_calls_by_64_bits() -> None:
    e = (
        linocut.load("""(module (table i64 3 funcref) (elem (i64.const 1) $f) (func $f (result i32) (i32.const 7))
      (func (export "call") (param i64) (result i32) (call_indirect (result i32) (local.get 0))))""")
        .instantiate()
        .exports
    )
    assert e.call(1) == 7
    for index in (3, 2**32 + 1, 2**63 + 1, 2**64 - 1):
        with pytest.raises(linocut.Trap, match="undefined element"):
            e.call(index)


def test_where_address_space_is_scarce() -> None:
    script = (
        "import test_memory_sizes as t\n"
        "for a in ('i32', 'i64'): t.check_growth(a), t.check_gone_instances(a), t.check_threads(a)\n"
    )
    run_in_little_space(script, __file__)
