"""wasi-threads: `thread-spawn` makes an instance in a thread; whatever ends one thread ends the process."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.text.wat import wat_to_wasm
from linocut.wasi import Wasi

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("wasmtime")

HANG = 60
PRELUDE = """
  (import "env" "memory" (memory 1 2 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (export "memory" (memory 0))
  (func $wait_for_ever (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))"""


def module_of(start: str, thread: str) -> bytes:
    """A program: what `_start` does, and a thread with its number and its argument."""
    return wat_to_wasm(f"""(module {PRELUDE}
      (func (export "_start") {start})
      (func (export "wasi_thread_start") (param $number i32) (param $argument i32) {thread}))""")


def run(start: str, thread: str, timeout: float = HANG) -> int:
    return Wasi(["program"]).run(linocut.load(module_of(start, thread)), timeout=timeout)


JOIN_FOUR = """(local $i i32) (local $seen i32)
  (loop $spawn
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (if (i32.ne (call $spawn (i32.mul (local.get $i) (i32.const 10))) (local.get $i)) (then unreachable))
    (br_if $spawn (i32.lt_u (local.get $i) (i32.const 4))))
  (loop $join
    (local.set $seen (i32.atomic.load (i32.const 4)))
    (if (i32.ne (local.get $seen) (i32.const 4)) (then
      (drop (memory.atomic.wait32 (i32.const 4) (local.get $seen) (i64.const -1)))
      (br $join))))
  (call $exit (i32.atomic.load (i32.const 8)))"""
ADD = """(drop (i32.atomic.rmw.add (i32.const 8) (i32.add (local.get $argument) (local.get $number))))
  (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
  (drop (memory.atomic.notify (i32.const 4) (i32.const 1)))"""


def test_threads_work_on_one_memory_and_are_joined():
    assert run(JOIN_FOUR, ADD) == 10 + 20 + 30 + 40 + 1 + 2 + 3 + 4


def test_proc_exit_of_a_thread_ends_the_process():
    assert run("(drop (call $spawn (i32.const 7))) (call $wait_for_ever)", "(call $exit (local.get 1))") == 7


def test_proc_exit_of_a_thread_ends_a_loop():
    busy = "(drop (call $spawn (i32.const 7))) (loop (br 0))"
    assert run(busy, "(call $exit (local.get 1))") == 7


def test_a_trap_of_a_thread_ends_the_process():
    with pytest.raises(linocut.Trap) as trap:
        run("(drop (call $spawn (i32.const 7))) (call $wait_for_ever)", "unreachable")
    assert trap.value.kind == "unreachable"
    assert trap.value.frames[0].function == 5


@pytest.mark.parametrize(
    "thread", ["(loop (br 0))", "(call $wait_for_ever)", "(loop (drop (call $yield)) (br 0))"]
)
def test_the_end_of_the_first_thread_ends_the_others(thread: str):
    """A hang would end in a `Timeout`."""
    assert run("(drop (call $spawn (i32.const 0))) (drop (call $spawn (i32.const 0)))", thread) == 0


def test_the_timeout_ends_all_threads():
    with pytest.raises(linocut.Timeout):
        run("(drop (call $spawn (i32.const 7))) (call $wait_for_ever)", "(loop (br 0))", timeout=0.2)


def test_a_thread_that_spawns():
    thread = "(if (local.get $argument) (then (drop (call $spawn (i32.const 0)))) (else (call $exit (i32.const 9))))"
    assert run("(drop (call $spawn (i32.const 1))) (call $wait_for_ever)", thread) == 9


def test_linocut_run_has_threads(tmp_path: Path):
    path = tmp_path / "threads.wasm"
    path.write_bytes(module_of(JOIN_FOUR, ADD))
    command = [sys.executable, "-m", "linocut", "run", path]
    assert subprocess.run(command, timeout=HANG).returncode == 110
    assert subprocess.run([*command[:-1], "--interpret", path], timeout=HANG).returncode == 110
    path.write_bytes(module_of("(drop (call $spawn (i32.const 7))) (call $wait_for_ever)", "unreachable"))
    trapped = subprocess.run(command, timeout=HANG, capture_output=True, text=True)
    assert trapped.returncode == 134
    assert "unreachable" in trapped.stderr


def test_spawn_of_another_type_does_not_link():
    wasm = wat_to_wasm('(module (import "wasi" "thread-spawn" (func (param i64) (result i32))))')
    with pytest.raises(linocut.LinkError, match="thread-spawn"):
        Wasi().instantiate(linocut.load(wasm))
