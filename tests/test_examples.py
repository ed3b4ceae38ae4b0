"""Every example runs, prints what it should, and stays short."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MOST_LINES = 40
DEMO = "demo.py"  # not an example of the interface but a show: `make demo`
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
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*EXPECTED, DEMO}


@pytest.mark.parametrize("name", EXPECTED)
def test_example(name: str) -> None:
    if name == "memory_numpy.py":
        pytest.importorskip("numpy")
    assert output_of(name) == EXPECTED[name]
    assert len((EXAMPLES / name).read_text().splitlines()) <= MOST_LINES


def test_demo() -> None:
    if find_spec("wasm_runtime") is None:
        pytest.skip("needs the extra linocut[demo]")
    output = output_of(DEMO)
    assert "6aeb7c9ebdefc91e" in output  # what native Python gives
    assert "524 steps" in output
