"""Every example runs, and stays short."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
EXPECTED = {"quickstart.py": "wasm says 285\nPython gets 285\n"}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_example_runs(path: Path) -> None:
    if path.name == "demo.py" and find_spec("wasm_runtime") is None:
        pytest.skip("needs the extra linocut[demo]")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    if path.name in EXPECTED:
        assert done.stdout == EXPECTED[path.name]
    else:
        assert "6aeb7c9ebdefc91e" in done.stdout  # what native Python gives
        assert "524 steps" in done.stdout
