"""Opcodes that push more operands, or become more code, than their bytes announce."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import linocut
import pytest
from modules import BLOCK, CALL, DROP, EMPTY, END, I32, UNREACHABLE, body, const, function_type, module

THOUSAND = [I32] * 1000


def calls_that_push(count: int) -> bytes:
    """Calls of two bytes each that push 1,000 results, which nobody takes."""
    types = [function_type([], THOUSAND), function_type([], [])]
    return module(types, [0, 1], [body(UNREACHABLE), body((CALL + b"\0") * count + UNREACHABLE)])


def blocks_that_push(count: int) -> bytes:
    """Blocks that push 1,000 results each, which nobody takes."""
    types = [function_type([], THOUSAND), function_type([], [])]
    return module(types, [1], [body((BLOCK + b"\0" + UNREACHABLE + END) * count + UNREACHABLE)])


def load_elsewhere(name: str, count: int) -> int:
    """The exit code of a process that loads the module: a mistake here writes to memory that is not ours."""
    script = f"""import sys; sys.path[:0] = {[str(Path(__file__).parent), *sys.path]!r}
import linocut, test_room
try: linocut.load(test_room.{name}({count}))
except linocut.InvalidError as error: assert "implementation limit" in str(error), error
"""
    return subprocess.run([sys.executable, "-c", script], check=False).returncode


@pytest.mark.parametrize("count", [30, 71, 100, 300, 1000, 3000])
@pytest.mark.parametrize("name", ["calls_that_push", "blocks_that_push"])
def test_operands_that_cost_no_bytes_have_room(name: str, count: int) -> None:
    assert load_elsewhere(name, count) == 0


def test_drops_of_what_a_call_pushed() -> None:
    types = [function_type([], THOUSAND), function_type([], [I32])]
    code = ((CALL + b"\0") + DROP * 1000) * 50
    linocut.load(module(types, [0, 1], [body(const(1) * 1000), body(code + const(7))]))


def test_an_empty_block_after_each_of_many_operands() -> None:
    code = (const(5) + BLOCK + EMPTY + END) * 50_000 + DROP * 50_000
    linocut.load(module([function_type([], [])], [0], [body(code)]))
