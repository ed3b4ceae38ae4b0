"""wasi-threads: `thread-spawn` makes an instance in a thread; whatever ends one thread ends the process."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from pathlib import Path

import linocut
import pytest
from linocut.text.wat import wat_to_wasm
from linocut.wasi import Wasi

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
    """A program with the code of `_start` and that of a thread, which has a number and an argument."""
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


# Each of 50 threads clears the word with its number, which the first thread has written, and counts.
NUMBERS_ARE_KEPT = """(local $i i32)
  (loop $spawn
    (local.set $i (i32.add (local.get $i) (i32.const 4)))
    (i32.atomic.store offset=64 (local.get $i) (call $spawn (local.get $i)))
    (loop $join
      (drop (call $yield))
      (br_if $join (i32.ne (i32.mul (i32.const 4) (i32.atomic.load (i32.const 4))) (local.get $i))))
    (if (i32.atomic.load offset=64 (local.get $i)) (then (call $exit (i32.const 1))))
    (br_if $spawn (i32.lt_u (local.get $i) (i32.const 200))))
  (call $exit (i32.const 42))"""
CLEAR = """(i32.atomic.store offset=64 (local.get $argument) (i32.const 0))
  (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))"""


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_a_thread_begins_when_its_number_has_been_returned(interpret: bool):
    """However often other Python threads ask for the lock meanwhile."""
    module = linocut.load(module_of(NUMBERS_ARE_KEPT, CLEAR), interpret=interpret)
    interval, has_ended = sys.getswitchinterval(), threading.Event()

    def ask_for_the_lock() -> None:
        while not has_ended.is_set():
            pass

    other = threading.Thread(target=ask_for_the_lock, daemon=True)
    sys.setswitchinterval(1e-6)
    try:
        other.start()
        assert Wasi(["program"]).run(module, timeout=HANG) == 42
    finally:
        sys.setswitchinterval(interval)
        has_ended.set()
        other.join()


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


def test_a_module_without_what_a_thread_begins_with_is_refused():
    wasm = wat_to_wasm(
        f'(module {PRELUDE} (func (export "_start")) (func (export "wasi_thread_start") (param i32)))'
    )
    with pytest.raises(linocut.LinkError, match='must export "wasi_thread_start", FuncType'):
        Wasi(["program"]).run(linocut.load(wasm))


# Zig's standard library has threads for WASI, but 0.17 has no allocator for them: a buffer takes its place.
ZIG = """const std = @import("std");
const wasi = std.os.wasi;
pub const panic = std.debug.no_panic;
pub const os = struct {
    pub const heap = struct {
        pub const page_allocator = std.mem.Allocator.failing;
    };
};
var total = std.atomic.Value(u32).init(0);
var ready = std.atomic.Value(u32).init(0);
var buffer: [1 << 20]u8 = undefined;
var fixed = std.heap.FixedBufferAllocator.init(&buffer);
fn work(n: u32) void {
    var i: u32 = 0;
    while (i < 10000) : (i += 1) _ = total.fetchAdd(n, .monotonic);
    _ = ready.fetchAdd(1, .release);
}
export fn _start() void {
    const allocator = fixed.threadSafeAllocator();
    var threads: [4]std.Thread = undefined;
    for (&threads, 1..) |*t, n|
        t.* = std.Thread.spawn(.{ .allocator = allocator, .stack_size = 65536 }, work, .{@as(u32, @intCast(n))}) catch wasi.proc_exit(99);
    for (threads) |t| t.join();
    wasi.proc_exit(if (total.load(.seq_cst) == 100000 and ready.load(.seq_cst) == 4) 42 else 1);
}
"""
ZIG_FLAGS = (
    "-fno-entry -target wasm32-wasi -mcpu=generic+atomics+bulk_memory -fno-single-threaded --shared-memory"
    " --import-memory --export-memory --max-memory=67108864 --export=_start --export=wasi_thread_start -O ReleaseSmall"
).split()


@pytest.fixture(scope="module")
def zig_threads(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    pytest.importorskip("ziglang", reason="compiles Zig")
    folder = tmp_path_factory.mktemp("zig")
    (folder / "threads.zig").write_text(ZIG)
    command = [sys.executable, "-m", "ziglang", "build-exe", "threads.zig", *ZIG_FLAGS]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"this Zig has other threads: {done.stderr[:200]}")
    return (folder / "threads.wasm").read_bytes()


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_threads_of_zigs_standard_library(zig_threads: bytes, interpret: bool):
    """Also if they end at once: their number is known before they begin."""
    module = linocut.load(zig_threads, interpret=interpret)
    assert [Wasi(["program"]).run(module, timeout=HANG) for _ in range(5)] == [42] * 5


PROGRAMS = Path(__file__).parent / "programs"
C_FLAGS = (
    "-target wasm32-wasi -mcpu=generic+atomics+bulk_memory -O1 -Wl,--shared-memory -Wl,--import-memory"
    " -Wl,--export=wasi_thread_start -Wl,--max-memory=67108864"
).split()


@pytest.fixture(scope="module")
def c_threads(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    pytest.importorskip("ziglang", reason="compiles C")
    target = tmp_path_factory.mktemp("c") / "threads.wasm"
    sources = [PROGRAMS / "threads.c", PROGRAMS / "thread_start.s"]
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *C_FLAGS, *sources, "-o", target], check=True)
    return target.read_bytes()


@pytest.mark.parametrize("interpret", [False, True], ids=["compiled", "interpreted"])
def test_threads_of_a_c_program(c_threads: bytes, interpret: bool):
    """Four threads that share counters, a lock and a table of work."""
    primes = [n for n in range(2, 40_001) if all(n % i for i in range(2, int(n**0.5) + 1))]
    module = linocut.load(c_threads, interpret=interpret)
    for _ in range(5):
        out = io.BytesIO()
        assert Wasi(["threads"], stdout=out).run(module, timeout=HANG) == 0
        assert out.getvalue().decode() == f"{len(primes)} primes, sum {sum(primes)}\n"
