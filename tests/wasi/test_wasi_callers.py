"""An address is one in the caller's memory: at any time, in any way of calling, from any instance."""

from __future__ import annotations

import io
import os
import threading

import linocut
import pytest
from linocut.wasi import Wasi

pytestmark = [pytest.mark.usefixtures("module"), pytest.mark.usefixtures("both_ways")]

WRITE = '"wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32))'
SAY = "(func $say (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))))"


def data(text: str) -> str:
    """The text in a buffer at 8; its address and length are at 0."""
    return rf'(data (i32.const 0) "\08\00\00\00\{len(text):02x}\00\00\00{text}")'


def program(text: str, *fields: str) -> linocut.Module:
    memory = '(memory (export "memory") 1)'
    return linocut.load(f"(module (import {WRITE}) {memory} {data(text)} {SAY} {' '.join(fields)})")


START = '(func (export "_start"))'


def test_the_start_section() -> None:
    out = io.BytesIO()
    assert Wasi(stdout=out).run(program("hi", "(start $say)", START)) == 0
    assert out.getvalue() == b"hi"


def test_the_start_section_by_plain_imports() -> None:
    """Without Wasi.instantiate nobody ever calls bind."""
    out = io.BytesIO()
    program("hi", "(start $say)").instantiate(Wasi(stdout=out).imports())
    assert out.getvalue() == b"hi"


def test_initialize() -> None:
    out = io.BytesIO()
    instance = Wasi(stdout=out).instantiate(program("hi", '(export "_initialize" (func $say))'))
    instance.exports._initialize()
    assert out.getvalue() == b"hi"


@pytest.mark.parametrize("export", ['(export "memory" (memory 0))', '(export "mem" (memory 0))', ""])
def test_an_imported_memory(export: str) -> None:
    out, memory = io.BytesIO(), linocut.Memory(1)
    text = f'(module (import {WRITE}) (import "env" "memory" (memory 1)) {data("hi")} {SAY} (start $say) {export})'
    linocut.load(text).instantiate({**Wasi(stdout=out).imports(), "env": {"memory": memory}})
    assert out.getvalue() == b"hi"
    assert memory.read(64, 1) == b"\2"


def test_a_memory_that_is_not_exported() -> None:
    out = io.BytesIO()
    text = f"(module (import {WRITE}) (memory 1) {data('hi')} {SAY} {START} (start $say))"
    assert Wasi(stdout=out).run(linocut.load(text)) == 0
    assert out.getvalue() == b"hi"


def test_no_memory_at_all() -> None:
    text = f"""(module (import {WRITE})
      (func (export "f") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))))"""
    wasi = Wasi()
    wasi.instantiate(program("hi", START))  # its memory must not be used for the other one
    assert wasi.instantiate(linocut.load(text)).exports.f() == 21  # FAULT


def test_several_instances_of_one_process_take_turns() -> None:
    out = io.BytesIO()
    with Wasi(stdout=out) as wasi:
        says = [
            wasi.instantiate(program(text, '(export "say" (func $say))')).exports.say
            for text in ("one ", "two ", "three ")
        ]
        for number in (0, 2, 2, 1, 0):
            says[number]()
    assert out.getvalue() == b"one three three two one "


def test_a_caller_of_another_instance_and_of_what_it_imported() -> None:
    """A call by way of the first's own function uses the first's memory, a direct one the caller's memory."""
    out = io.BytesIO()
    wasi = Wasi(stdout=out)
    first = wasi.instantiate(
        program("first ", '(export "say" (func $say))', '(export "write" (func $write))')
    )
    text = f"""(module (import "first" "say" (func $first)) (import "first" "write"
        (func $write (param i32 i32 i32 i32) (result i32))) (memory 1) {data("second ")} {SAY}
        (func (export "f") (call $first) (call $say) (call $first)))"""
    linocut.load(text).instantiate({"first": first.exports}).exports.f()
    assert out.getvalue() == b"first second first "


def test_through_a_table() -> None:
    out = io.BytesIO()
    wasi = Wasi(stdout=out)
    table = '(table (export "table") 1 funcref) (elem (i32.const 0) $write)'
    first = wasi.instantiate(program("first ", table, '(export "say" (func $say))'))
    text = f"""(module (import "first" "table" (table 1 funcref)) (import "first" "say" (func $first))
        (type $t (func (param i32 i32 i32 i32) (result i32))) (memory 1) {data("second ")}
        (func (export "f") (call $first) (drop (call_indirect (type $t)
          (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64) (i32.const 0)))))"""
    second = linocut.load(text).instantiate({"first": first.exports})
    second.exports.f()
    second.exports.f()
    assert out.getvalue() == b"first second first second "


def test_an_interpreted_instance_and_a_compiled_one() -> None:
    out = io.BytesIO()
    wasi = Wasi(stdout=out)
    first = wasi.instantiate(
        program("first ", '(export "say" (func $say))', '(export "write" (func $write))')
    )
    text = f"""(module (import "first" "say" (func $first)) (import "first" "write"
        (func $write (param i32 i32 i32 i32) (result i32))) (memory 1) {data("second ")} {SAY}
        (func (export "f") (call $say) (call $first) (call $say)))"""
    for interpret in (False, True):
        linocut.load(text, interpret=interpret).instantiate({"first": first.exports}).exports.f()
    assert out.getvalue() == b"second first second " * 2


def test_wasi_within_wasi() -> None:
    """While one instance's fd_write is in the host, the host runs another's; the two are not confused."""
    inner_out = io.BytesIO()

    class Nested:
        def write(self, given: bytes) -> int:
            inner.exports.say()
            return len(given)

    say = '(export "say" (func $say))'
    wasi = Wasi(stdout=Nested(), stderr=inner_out)
    outer = wasi.instantiate(program("outer", say))
    text = SAY.replace("i32.const 1", "i32.const 2", 1)
    inner = wasi.instantiate(
        linocut.load(f'(module (import {WRITE}) (memory (export "memory") 1) {data("in")} {text} {say})')
    )
    outer.exports.say()
    assert inner_out.getvalue() == b"in"
    assert (outer.exports.memory.read(64, 1), inner.exports.memory.read(64, 1)) == (b"\5", b"\2")


def test_two_threads_in_one_process() -> None:
    """One thread waits in fd_read with a view of its memory while the other writes."""
    end, other = os.pipe()
    read = '"wasi_snapshot_preview1" "fd_read" (func $write (param i32 i32 i32 i32) (result i32))'
    say = SAY.replace("i32.const 1", "i32.const 0", 1)
    wasi = Wasi(stdin=end, stdout=io.BytesIO())
    reader = wasi.instantiate(
        linocut.load(
            f'(module (import {read}) (memory (export "memory") 1) {data("....")} {say} (export "f" (func $say)))'
        )
    )
    writer = wasi.instantiate(program("w", '(export "f" (func $say))'))
    thread = threading.Thread(target=reader.exports.f)
    thread.start()
    for _ in range(100):
        writer.exports.f()
    os.write(other, b"abc")
    thread.join(60)
    assert reader.exports.memory.read(8, 4) == b"abc."
    assert (reader.exports.memory.read(64, 1), writer.exports.memory.read(64, 1)) == (b"\3", b"\1")
    wasi.close()
    os.close(end)
    os.close(other)


def test_called_from_python_it_is_the_bound_memory() -> None:
    out = io.BytesIO()
    wasi = Wasi(stdout=out)
    instance = wasi.instantiate(program("hi", '(export "write" (func $write))'))
    assert instance.exports.write(1, 0, 1, 64) == 0
    assert wasi.imports()["wasi_snapshot_preview1"]["fd_write"](1, 0, 1, 64) == 0
    assert out.getvalue() == b"hihi"


def test_nothing_keeps_a_finished_programs_memory() -> None:
    """Not even until the garbage collector runs: programs may be run by the thousand."""
    import gc
    import weakref

    module = program("hi", START)
    gc.collect()
    gc.disable()
    try:
        stores = []
        for _ in range(3):
            wasi = Wasi(stdout=io.BytesIO())
            with wasi:
                stores.append(weakref.ref(wasi.instantiate(module).store))
        del wasi
        assert [store() for store in stores] == [None] * 3
    finally:
        gc.enable()
