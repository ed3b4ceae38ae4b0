"""Every example runs, prints what it should, and stays short."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from linocut.text.wat import wat_to_wasm

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MOST_LINES = 40
DEMO = "demo.py"  # not an example of the interface but a demo: `make demo`
SHARED = "shared_memory.py"  # prints a time that is not known beforehand
TOY = "toy_engine.py"  # an engine to test, for docs/exploder.md
MOST_LINES_OF_TOY = 150
EXPECTED = {
    "host_function.py": """\
wasm says 42
Python gets 42
Python gets ValueError('1000 is too much')
""",
    "memory_numpy.py": """\
[0.  0.5 1.  1.5 2.  2.5 3.  3.5]
[ 0.  2.  4.  6.  8. 10. 12. 14.] after growing to 101 pages
""",
    "threads.py": "33860 primes below 400,000\n",
    "timeouts_and_traps.py": """\
integer_divide_by_zero: integer divide by zero
  function 0 (divide) at 0x57
  function 1 (None) at 0x5f
Trap: out of bounds memory access
StackExhausted: call stack exhausted
Timeout
mean 2
""",
    "wasi_program.py": """\
exit code 3 output [b'echo', b'one']
exit code 3 output [b'echo', b'two', b'three']
""",
}


def output_of(name: str) -> str:
    done = subprocess.run(
        [sys.executable, EXAMPLES / name],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*EXPECTED, DEMO, SHARED, TOY}


@pytest.mark.parametrize("name", EXPECTED)
def test_example(name: str) -> None:
    if name == "memory_numpy.py":
        pytest.importorskip("numpy")
    assert output_of(name) == EXPECTED[name]
    assert len((EXAMPLES / name).read_text().splitlines()) <= MOST_LINES


def test_shared_memory() -> None:
    shown = r"114155 primes, 114155 with two threads: \d+\.\d times as fast as with one\n"
    assert re.fullmatch(shown, output_of(SHARED))
    assert len((EXAMPLES / SHARED).read_text().splitlines()) <= MOST_LINES


def test_demo() -> None:
    if find_spec("wasm_runtime") is None:
        pytest.skip("needs the extra linocut[demo]")
    output = output_of(DEMO)
    assert "6aeb7c9ebdefc91e" in output  # the result of native Python
    assert "524 steps" in output


def test_toy_engine_is_short() -> None:
    lines = (EXAMPLES / TOY).read_text().split('"""', 2)[2].splitlines()
    assert sum(bool(line.strip()) for line in lines) <= MOST_LINES_OF_TOY


# Programs in the text format, and the toy's exit code for each (see its docstring).
TOY_PROGRAMS = {
    "(i32.div_s (i32.const -7) (i32.const 2)) (i32.ne (i32.const -3)) (if (then unreachable))": 0,
    "(i64.rem_s (i64.const -7) (i64.const 2)) (i64.ne (i64.const -1)) (if (then unreachable))": 0,
    "(i32.rotr (i32.const 1) (i32.const 33)) (i32.ne (i32.const 0x80000000)) (if (then unreachable))": 0,
    "(block (loop (br_if 1 (i32.const 1)) (br 0)))": 0,
    "(block (block (br_table 0 1 (i32.const 5))) unreachable)": 0,
    "(drop (select (i32.const 1) (unreachable) (i32.const 0)))": 2,
    "(i32.div_s (i32.const 0x80000000) (i32.const -1)) drop": 2,
    "(i32.rem_u (i32.const 1) (i32.const 0)) drop": 2,
    "(call 0)": 2,
    "(drop (f32.const 0))": 4,
}


@pytest.mark.parametrize("body", TOY_PROGRAMS)
def test_toy_engine(body: str, tmp_path: Path) -> None:
    pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
    path = tmp_path / "file.wasm"
    path.write_bytes(wat_to_wasm(f'(module (func (export "_start") {body}))'))
    assert subprocess.run([sys.executable, EXAMPLES / TOY, path]).returncode == TOY_PROGRAMS[body]
