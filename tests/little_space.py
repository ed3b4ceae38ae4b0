"""Runs code where address space is scarce: there every access is checked (core/runtime/reservation.cpp)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

BYTES = 6 << 30


def run_in_little_space(script: str, test: str) -> str:
    """What the script prints. It may import modules that lie beside the file `test`."""
    path = os.pathsep.join([str(Path(test).resolve().parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
