"""Where address space is scarce, code checks every access. Running out of memory raises an error."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
import types
import weakref
from pathlib import Path

import linocut
import pytest

HERE = Path(__file__).parent

PROGRAM = """
import resource
resource.setrlimit(resource.RLIMIT_AS, ({limit}, resource.RLIM_INFINITY))
import linocut
exports = linocut.load('''(module (memory (export "memory") 1 100)
  (func (export "load") (param i32) (result i32) (i32.load offset=8 (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store16 (local.get 0) (local.get 1)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))''').instantiate().exports
def traps(function, *arguments):
    try:
        function(*arguments)
    except linocut.Trap as trap:
        return trap.kind == "out_of_bounds_memory" and len(trap.frames) == 1
assert exports.load(65524) == 0
for address in (65525, 65536, 0x7fffffff, -1, -8, -12):
    assert traps(exports.load, address), address
assert traps(exports.store, 65535, 1) and traps(exports.store, -1, 1)
assert exports.grow(1) == 1
exports.store(131070, 0xffff)
assert exports.load(131060) == -65536
assert traps(exports.load, 131061)
memories = [linocut.Memory(1, 10) for _ in range(20)]
print("done")
"""


@pytest.mark.parametrize("gigabytes", [1, 4, 60])
def test_traps_are_the_same_under_a_limit(gigabytes: int) -> None:
    program = PROGRAM.replace("{limit}", str(gigabytes << 30))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout == "done\n", done.stderr


@pytest.fixture(scope="session")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library to preload that makes requests for memory fail."""
    compiler = shutil.which("g++") or pytest.skip("no g++")
    library = tmp_path_factory.mktemp("failing") / "failing.so"
    command = [compiler, "-std=c++20", "-O1", "-shared", "-fPIC", "-o", library, HERE / "failing.cpp", "-ldl"]
    subprocess.run(command, check=True)
    return library


def rounds_of(way: str, how: str, **environment: str) -> int:
    command = [sys.executable, str(HERE / "actions.py"), way, how]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=600, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.removeprefix("rounds:"))


@pytest.mark.parametrize("how", ["compile", "interpret"])
def test_any_request_for_memory_may_fail(failing: Path, how: str) -> None:
    assert rounds_of("failing", how, LD_PRELOAD=str(failing)) > 100


@pytest.mark.parametrize("how", ["compile", "interpret"])
def test_address_space_may_end_anywhere(how: str) -> None:
    assert rounds_of("limited", how) > 20


# A destructor once needed memory for this: letting go of many externrefs.
DROP = """
import gc, resource, linocut
exports = linocut.load('(module (table (export "t") 50000 externref))').instantiate().exports
for i in range(50000): exports.t[i] = object()
resource.setrlimit(resource.RLIMIT_AS, (int(open("/proc/self/statm").read().split()[0]) * 4096 + (8 << 20),) * 2)
blobs, size = [], 1 << 22
while size >= 16:
    try: blobs.append(bytes(size))
    except MemoryError: size //= 2
del exports
gc.collect()
del blobs
print("done")
"""


def test_a_store_can_be_dropped_without_memory() -> None:
    done = subprocess.run([sys.executable, "-c", DROP], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


MESSAGES = """
import resource, linocut
memory, table = linocut.Memory(1), linocut.Table("externref", 1)
module = linocut.load("(module (memory 1))")
resource.setrlimit(resource.RLIMIT_AS, (int(open("/proc/self/statm").read().split()[0]) * 4096 + (4 << 20),) * 2)
def said(call):
    try: call()
    except MemoryError as error: print(error)
kept = []
def many():
    while True: kept.append(module.instantiate())
said(many)
said(lambda: table.grow(9_000_000))
said(lambda: linocut.Table("externref", 9_000_000))
"""


def test_messages_say_what_ran_out() -> None:
    done = subprocess.run([sys.executable, "-c", MESSAGES], capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    assert len(lines) == 3, done.stderr
    assert re.fullmatch(
        r"cannot reserve \d+ MiB of address space for a memory \(.+\); \d+ memories are alive", lines[0]
    )
    assert lines[1] == "a table of 1 elements cannot grow by 9000000: no memory"
    assert lines[2] == "no memory for a table of 9000000 elements (68 MiB)"


def test_a_refused_instantiation_leaves_nothing_in_the_store() -> None:
    module = linocut.load('(module (import "m" "f" (func)) (import "m" "g" (global i32)) (memory 1))')
    store = linocut.Store()
    things = weakref.WeakSet[object]()

    def function() -> None:
        pass

    for _ in range(3):
        copy = types.FunctionType(function.__code__, {})
        things.add(copy)
        with pytest.raises(linocut.LinkError):
            module.instantiate({"m": {"f": copy, "g": linocut.Memory(1)}}, store=store)
    del copy
    gc.collect()
    assert not things
