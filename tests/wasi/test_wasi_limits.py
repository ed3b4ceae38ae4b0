"""Limits of a guest of WASI, by `Wasi` and by `linocut run --memory`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import linocut
import pytest
from linocut.wasi import Wasi

if TYPE_CHECKING:
    from pathlib import Path

# Its exit code is how often its memory grows by 64 MiB, up to 20 times.
GREEDY = """(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory {memory}) (func (export "_start") (local i32)
    (loop
      (if (i32.eq (memory.grow (i32.const 1024)) (i32.const -1)) (then (call $exit (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.get 0) (i32.const 20))))
    (call $exit (local.get 0))))"""
THREADED = GREEDY.replace("(memory {memory})", '(import "env" "memory" (memory 1 65536 shared))')


@pytest.mark.parametrize(("memory", "count"), [("64M", 0), ("129M", 2), ("none", 20), ("2G", 20), (None, 15)])
def test_by_the_command_line(tmp_path: Path, memory: str | None, count: int) -> None:
    (tmp_path / "greedy.wat").write_text(GREEDY.format(memory="0" if memory == "129M" else "1"))
    option = [] if memory is None else [f"--memory={memory}"]
    command = [sys.executable, "-m", "linocut", "run", *option, str(tmp_path / "greedy.wat")]
    assert subprocess.run(command, timeout=60, check=False).returncode == count


def test_what_is_no_size(tmp_path: Path) -> None:
    for size in ("", "-1", "1T", "x", "1.5G", "١"):
        command = [sys.executable, "-m", "linocut", "run", "--memory", size, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, "--memory takes a number of bytes" in done.stderr) == (2, True)


@pytest.mark.parametrize("text", [GREEDY.format(memory="1"), THREADED], ids=["plain", "shared"])
def test_by_the_library(text: str) -> None:
    module = linocut.load(text)
    assert Wasi(["greedy"]).run(module, limits=linocut.Limits(memory=200 << 20)) == 3
    assert Wasi(["greedy"]).run(module) == 15
    with pytest.raises(linocut.LinkError, match="begins with 1 pages"):
        Wasi(["greedy"]).run(module, limits=linocut.Limits(memory=0))
