"""The interpreter's compiled handlers: each must end in a jump to the next, or loops would eat the stack."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BUILD = ROOT / os.environ.get("LINOCUT_BUILD", "build/dev")
HANDLER = re.compile(
    r"\(linocut::Instruction const\*, unsigned long\*, LcMemory const\*, linocut::interp::Run&\)>:$"
)
# What a handler may call before it goes on; not what goes on by itself (a handler, go_to_safepoint).
CALLEES = (
    "linocut::interp::Run::",
    "linocut::interp::trap(",
    "linocut::interp::call_helper(",
    "mem",
    "fma",
    "ceil", "floor", "trunc", "nearbyint",  # called where the processor has no instruction for it
)  # fmt: skip


def disassembly(name: str) -> list[str]:
    objects = list(BUILD.glob(f"**/interp/{name}.cpp.o"))
    if not objects or not shutil.which("objdump"):
        pytest.skip(f"no {BUILD} or no objdump here")
    command = ["objdump", "-dr", "-C", "--no-show-raw-insn", str(objects[0])]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(("name", "least"), [("interpreter", 400), ("handlers", 20)])
def test_handlers_jump_to_each_other(name: str, least: int) -> None:
    handlers, wrong, is_handler = 0, [], False
    lines = disassembly(name)
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.endswith(">:"):
            is_handler = bool(HANDLER.search(line))
            handlers += is_handler
        elif is_handler and "\tcall " in line:
            callee = after.partition("R_X86_64_PLT32\t")[2]
            if not callee.startswith(CALLEES):
                wrong.append(f"{line.strip()} {callee}")
    assert handlers >= least
    assert not wrong
