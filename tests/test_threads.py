"""Memories that threads share: atomic accesses, waiting and notifying, growth, several stores."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.text.wat import wat_to_wasm

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("wasmtime")

HANG = 60  # seconds; nothing here takes that long
OK, NOT_EQUAL, TIMED_OUT = 0, 1, 2
TEXT = """(module (import "env" "memory" (memory 1 4 shared))
  (func (export "add") (param $times i32)
    (loop $again
      (drop (i64.atomic.rmw.add (i32.const 8) (i64.const 1)))
      (drop (i32.atomic.rmw8.add_u offset=16 (i32.const 0) (i32.const 1)))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $again (local.get $times))))
  (func (export "swap") (param $times i32) (local $seen i32)
    (loop $again
      (local.set $seen (i32.load (i32.const 24)))
      (br_if $again (i32.ne (local.get $seen)
        (i32.atomic.rmw.cmpxchg (i32.const 24) (local.get $seen) (i32.add (local.get $seen) (i32.const 3)))))
      (local.set $times (i32.sub (local.get $times) (i32.const 1)))
      (br_if $again (local.get $times))))
  (func (export "wait") (param i32 i32 i64) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "wait64") (param i32 i64 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (local.get 2)))
  (func (export "notify") (param i32 i32) (result i32)
    (memory.atomic.notify (local.get 0) (local.get 1)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (param i32) (result i32) (i32.atomic.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.atomic.store (local.get 0) (local.get 1))))"""


@pytest.fixture(params=["compiled", "interpreted"])
def start(request: pytest.FixtureRequest) -> Callable[[linocut.Memory], linocut.Exports]:
    """Makes an instance of the module with a memory, in a store of its own."""
    module = linocut.load(wat_to_wasm(TEXT), interpret=request.param == "interpreted")
    return lambda memory: module.instantiate({"env": {"memory": memory}}).exports


@pytest.fixture
def memory() -> linocut.Memory:
    return linocut.Memory(1, 4, shared=True)


def word(memory: linocut.Memory, address: int, size: int) -> int:
    return int.from_bytes(memory.read(address, size), "little")


def notify_until(exports: linocut.Exports, address: int, wanted: int) -> None:
    """Notify until `wanted` threads were woken: they may not be waiting yet."""
    woken, end = 0, time.monotonic() + HANG
    while woken < wanted:
        assert time.monotonic() < end
        woken += exports.notify(address, wanted - woken)
        time.sleep(0.001)


def test_no_addition_of_four_threads_is_lost(start, memory) -> None:
    times, threads = 20_000, 4

    def work(exports: linocut.Exports) -> None:
        exports.add(times)
        exports.swap(times)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [start(memory) for _ in range(threads)]))
    assert word(memory, 8, 8) == times * threads
    assert word(memory, 16, 1) == times * threads % 256
    assert memory.read(17, 7) == bytes(7)  # the bytes beside a narrow access
    assert word(memory, 24, 4) == 3 * times * threads


def test_waiting_ends_by_notify_in_the_order_in_which_it_began(start, memory) -> None:
    done: list[int] = []

    def wait(number: int, exports: linocut.Exports) -> None:
        assert exports.wait(32, 0, -1) == OK
        done.append(number)

    threads = []
    for number in range(3):
        threads.append(threading.Thread(target=wait, args=(number, start(memory))))
        threads[-1].start()
        time.sleep(0.2)  # it waits by then; if it did not, the order below would be another
    notifier = start(memory)
    assert notifier.notify(36, 5) == 0  # another address
    for number in range(3):
        notify_until(notifier, 32, 1)
        threads[number].join(HANG)
        assert done == list(range(number + 1))
    assert notifier.notify(32, 5) == 0


def test_waiting_ends_by_its_own_timeout(start, memory) -> None:
    exports = start(memory)
    assert exports.wait(0, 1, -1) == NOT_EQUAL
    assert exports.wait(0, 0, 0) == TIMED_OUT
    assert exports.wait64(0, 0, 20_000_000) == TIMED_OUT
    assert exports.wait64(0, 1 << 32, 20_000_000) == NOT_EQUAL
    assert exports.notify(0, 1) == 0  # nobody is still waiting


def test_waiting_ends_by_the_timeout_of_the_call(start, memory) -> None:
    exports = start(memory)
    with pytest.raises(linocut.Timeout):
        exports.wait(0, 0, -1, timeout=0.05)
    assert exports.notify(0, 1) == 0


def test_waiting_ends_by_a_signal(start, memory) -> None:
    def interrupt(*_: object) -> None:
        raise KeyError("a signal")

    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        with pytest.raises(KeyError, match="a signal"):
            start(memory).wait(0, 0, -1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert start(memory).notify(0, 1) == 0


def test_python_runs_while_a_thread_waits(start, memory) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(start(memory).wait, 0, 0, -1)
        notify_until(start(memory), 0, 1)
        assert waiting.result(HANG) == OK


def test_a_child_of_fork_finds_nobody_waiting(start, memory) -> None:
    notifier = start(memory)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(start(memory).wait, 0, 0, -1)
        time.sleep(0.2)
        child = os.fork()
        if child == 0:
            os._exit(notifier.notify(0, 1))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        notify_until(notifier, 0, 1)
        assert waiting.result(HANG) == OK


def test_one_thread_grows_what_another_one_uses(start, memory) -> None:
    one, other = start(memory), start(memory)
    view = memoryview(memory)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(one.grow, 2).result(HANG) == 1
    assert other.size() == memory.size == 3
    other.store(2 * 65536, 7)
    assert one.load(2 * 65536) == 7
    one.store(0, 5)
    assert view[0] == 5 and len(memoryview(memory)) == 3 * 65536
    assert other.grow(2) == -1
    assert memory.grow(1) == 3
    assert one.size() == other.size() == 4


def test_growing_threads_never_get_the_same_pages(start) -> None:
    module = linocut.load('(module (import "" "m" (memory 0 4000 shared))'
                          ' (func (export "grow") (result i32) (memory.grow (i32.const 1))))')  # fmt: skip
    memory = linocut.Memory(0, 4000, shared=True)

    def grow(exports: linocut.Exports) -> list[int]:
        return [exports.grow() for _ in range(1000)]

    with ThreadPoolExecutor(4) as pool:
        instances = [module.instantiate({"": {"m": memory}}).exports for _ in range(4)]
        sizes = sorted(size for done in pool.map(grow, instances) for size in done)
    assert sizes == list(range(4000))


@pytest.mark.parametrize(
    ("address", "kind"),
    [(2, "unaligned_atomic"), (65536, "out_of_bounds_memory"), (65534, "unaligned_atomic"),
     (-4, "out_of_bounds_memory"), (-1, "unaligned_atomic")],
)  # fmt: skip
def test_where_no_atomic_access_can_be(start, memory, address: int, kind: str) -> None:
    exports = start(memory)
    for call in (
        lambda: exports.load(address), lambda: exports.store(address, 1), lambda: exports.notify(address, 1),
        lambda: exports.wait(address, 0, 0),
    ):  # fmt: skip
        with pytest.raises(linocut.Trap) as trap:
            call()
        assert trap.value.kind == kind
        assert trap.value.frames


def test_nobody_waits_at_a_memory_that_is_not_shared() -> None:
    exports = linocut.load("""(module (memory 1)
      (func (export "wait") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))
      (func (export "notify") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 1))))""").instantiate().exports  # fmt: skip
    assert exports.notify() == 0
    with pytest.raises(linocut.Trap, match="expected shared memory"):
        exports.wait()


def test_an_exported_shared_memory_goes_to_instances_of_other_stores() -> None:
    first = linocut.load(
        '(module (memory (export "m") 1 2 shared) (data (i32.const 0) "\\2a"))'
    ).instantiate()
    second = linocut.load("""(module (import "" "m" (memory 1 2 shared))
      (func (export "get") (result i32) (i32.load8_u (i32.const 0))))""").instantiate(
        {"": {"m": first.exports.m}}
    )
    assert second.store is not first.store
    assert first.exports.m.type == linocut.MemoryType(1, 2, shared=True)
    del first
    gc.collect()
    assert second.exports.get() == 42


def test_a_shared_memory_has_a_maximum_and_no_store() -> None:
    with pytest.raises(ValueError, match="must have a maximum"):
        linocut.Memory(1, shared=True)
    with pytest.raises(ValueError, match="belongs to no store"):
        linocut.Memory(1, 2, shared=True, store=linocut.Store())


def test_shared_and_unshared_do_not_fit_each_other() -> None:
    for wanted, given in ((" shared", False), ("", True)):
        module = linocut.load(f'(module (import "" "m" (memory 1 2{wanted})))')
        with pytest.raises(linocut.LinkError, match="shared"):
            module.instantiate({"": {"m": linocut.Memory(1, 2, shared=given)}})
