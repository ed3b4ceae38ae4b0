"""Where address space is scarce, every access is checked in code instead."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
