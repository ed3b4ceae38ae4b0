"""The interpreter compiles for a processor for which linocut makes no machine code."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted((ROOT / "core" / "interp").glob("*.cpp"))
INCLUDES = [f"-I{ROOT / folder}" for folder in ("core", "abi", "build/gen")]
FLAGS = ["-target", "aarch64-linux-gnu", "-std=c++20", "-Wall", "-Werror"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_it_compiles_for_another_processor(source: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("no ziglang here")
    out = tmp_path / "out.o"
    command = [sys.executable, "-m", "ziglang", "c++", *FLAGS, *INCLUDES, "-c", str(source), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 0
