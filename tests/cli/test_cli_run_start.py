"""`linocut run` with programs that do something before their _start is called."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("wasmtime", reason="reads module text")

PRINTS = r"""(module
  (import "MODULE" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\08\00\00\00\03\00\00\00hi\0a")
  (func $main (if (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)) (then unreachable)))
  (start $main) (func (export "_start")))"""
SPINS = '(module (func $main (loop (br 0))) (start $main) (func (export "_start")))'


def run(tmp_path: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "program.wat"
    file.write_text(text)
    command = [sys.executable, "-m", "linocut.cli", "run", *options, file]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("module", ["wasi_snapshot_preview1", "wasi_unstable"])
def test_the_start_section_prints(tmp_path: Path, module: str) -> None:
    done = run(tmp_path, PRINTS.replace("MODULE", module))
    assert (done.returncode, done.stdout, done.stderr) == (0, "hi\n", "")


def test_a_timeout_ends_the_start_section(tmp_path: Path) -> None:
    done = run(tmp_path, SPINS, "--timeout", "0.1")
    assert (done.returncode, done.stdout) == (124, "")
    assert done.stderr.startswith("linocut: timeout")
