"""Traps: exact bounds, frames across instances and host functions, and what works after a trap."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import linocut
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("both_ways")

MEMORY = """(module (memory (export "memory") 1 4)
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "far") (param i32) (result i32) (i32.load offset=0xfffffffc (local.get 0)))
  (func (export "store64") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2))))"""

RELAY = """(module (import "env" "next" (func $next))
  (func $last (unreachable))
  (func (export "trap") (call $last))
  (func $middle (call $next))
  (func (export "relay") (call $middle)))"""

PAGE = 65536


def trap_of(function: Callable[[], object]) -> linocut.Trap:
    with pytest.raises(linocut.Trap) as caught:
        function()
    return caught.value


def test_bounds_are_exact_and_move_with_growth() -> None:
    e = linocut.load(MEMORY).instantiate().exports
    for pages in (1, 2, 4):
        end = pages * PAGE
        assert e.memory.size == pages
        assert e.load8(end - 1) == 0
        assert e.load64(end - 8) == 0
        for address in (end - 7, end, end + 5000, 0x7FFFFFFF, 0xFFFFFFFF):
            assert trap_of(lambda a=address: e.load64(a)).kind == "out_of_bounds_memory"
            assert trap_of(lambda a=address: e.store64(a, -1)).kind == "out_of_bounds_memory"
        assert e.load64(end - 8) == 0, "a store that traps writes nothing"
        e.grow(pages)


def test_a_large_offset_is_never_wrapped() -> None:
    e = linocut.load(MEMORY).instantiate().exports
    for address in (0, 4, 8, 0xFFFFFFFF):
        assert trap_of(lambda a=address: e.far(a)).kind == "out_of_bounds_memory"


def test_bulk_operations_check_sums_of_64_bits() -> None:
    e = linocut.load(MEMORY).instantiate().exports
    e.fill(PAGE, 1, 0)
    e.fill(0, 0xAB, PAGE)
    for arguments in ((PAGE + 1, 0), (1, PAGE), (0xFFFFFFFF, 0xFFFFFFFF), (0, 0xFFFFFFFF)):
        at, count = arguments
        assert trap_of(lambda a=at, n=count: e.fill(a, 1, n)).kind == "out_of_bounds_memory"
        assert trap_of(lambda a=at, n=count: e.copy(a, 0, n)).kind == "out_of_bounds_memory"
        assert trap_of(lambda a=at, n=count: e.copy(0, a, n)).kind == "out_of_bounds_memory"
    assert bytes(e.memory.read(0, PAGE)) == b"\xab" * PAGE


def test_frames_name_functions_from_the_inside_out() -> None:
    e = linocut.load(RELAY).instantiate({"env": {"next": lambda: None}}).exports
    trap = trap_of(e.trap)
    assert [(f.function, f.name) for f in trap.frames] == [(1, "last"), (2, None)]


def test_frames_cross_instances_and_host_functions() -> None:
    module = linocut.load(RELAY)
    first = module.instantiate({"env": {"next": lambda: None}})
    traps: list[linocut.Trap] = []

    def call_trap() -> None:
        traps.append(trap_of(first.exports.trap))

    second = module.instantiate({"env": {"next": call_trap}}, store=first.store)
    third = module.instantiate({"env": {"next": second.exports.relay}})
    third.exports.relay()
    assert [f.function for f in traps[0].frames] == [1, 2, 3, 4, 3, 4]
    assert [f.function for f in trap_of(first.exports.trap).frames] == [1, 2]


def test_recursion_ends_in_stack_exhausted_on_every_thread() -> None:
    module = linocut.load('(module (func $f (export "f") (param i32) (result i32) (call $f (local.get 0))))')
    kinds: list[str] = []

    def run() -> None:
        with pytest.raises(linocut.StackExhausted) as caught:
            module.instantiate().exports.f(1)
        kinds.append(f"{caught.value.kind} {len(caught.value.frames) >= 100}")

    run()
    try:
        for size in (512 << 10, 16 << 20):
            threading.stack_size(size)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
    finally:
        threading.stack_size(0)
    assert kinds == ["stack_exhausted True"] * 3


@pytest.mark.parametrize("size", [512 << 10, 8 << 20])
def test_recursion_through_python_ends_in_an_error(size: int) -> None:
    module = linocut.load(
        '(module (import "env" "f" (func $f (param i32) (result i32)))'
        ' (func (export "g") (param i32) (result i32) (call $f (local.get 0))))'
    )
    errors: list[BaseException] = []

    def run() -> None:
        exports = module.instantiate({"env": {"f": lambda x: exports.g(x)}}).exports
        try:
            exports.g(1)
        except (linocut.StackExhausted, RecursionError) as error:
            errors.append(error)

    try:
        threading.stack_size(size)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(0)
    assert len(errors) == 1


def test_an_instance_works_on_after_100_000_traps() -> None:
    e = linocut.load(MEMORY).instantiate().exports
    for _ in range(100_000):
        try:
            e.load8(-1)
        except linocut.Trap:
            continue
        pytest.fail("no trap")
    assert e.load8(0) == 0


def test_a_failed_start_leaves_what_it_wrote() -> None:
    memory = linocut.Memory(1)
    module = linocut.load(
        '(module (import "env" "m" (memory 1)) (data (i32.const 0) "ab") (data (i32.const 65535) "cd"))'
    )
    assert trap_of(lambda: module.instantiate({"env": {"m": memory}})).kind == "out_of_bounds_memory"
    assert bytes(memory.read(0, 2)) == b"ab"
    assert bytes(memory.read(65535, 1)) == b"\0"
