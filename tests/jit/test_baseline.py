"""Code with the baseline's instructions, in child processes: each process decides only once what to use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("wasmtime")
pytest.importorskip("capstone")
pytestmark = pytest.mark.compiled

HERE = Path(__file__).resolve().parent
LISTING = """
import linocut
from linocut.inspecting.listing.listing import Listing
module = linocut.load('(module (func (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1))))')
for section in Listing.of(module, 0).sections:
    for piece in section.pieces:
        for line in piece.code:
            print(line.machine.text)
"""


def run(*command: str, is_baseline: bool) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "LINOCUT_BASELINE"}
    if is_baseline:
        environment["LINOCUT_BASELINE"] = "1"
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
    )


def has_avx() -> bool:
    flags = Path("/proc/cpuinfo").read_text().split()
    return "avx2" in flags and "fma" in flags


def test_the_variable_chooses() -> None:
    codes = [run("-c", LISTING, is_baseline=is_baseline).stdout for is_baseline in (True, False)]
    assert "addsd" in codes[0]
    assert "vaddsd" not in codes[0]
    assert ("vaddsd" in codes[1]) == has_avx()


@pytest.mark.parametrize(
    "file", ["test_vector_code.py", "test_moves.py", "test_float_constants.py", "test_bugs_of_others.py"]
)
def test_what_is_tested_with_more_holds_with_the_baseline(file: str) -> None:
    if not has_avx():
        pytest.skip("the processor has no more than the baseline")
    done = run("-m", "pytest", "-q", "--processes", "0", "-x", str(HERE / file), is_baseline=True)
    assert done.returncode == 0, done.stdout[-3000:]
