"""Compiles by a command line: `command_compile.py PROGRAM … {wasm} … {out} … JOB`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from linocut.engines.command_line import filled
from linocut.engines.process import execute
from linocut.engines.workers.compile_jobs import read_job

_TIMEOUT = 900


def main() -> None:
    """Cold is all there is: every process is new."""
    job = read_job()
    with tempfile.TemporaryDirectory() as folder:
        command = filled(tuple(sys.argv[1:-1]), Path(job["wasm"]), Path(folder) / "out")
        finished = execute(command, _TIMEOUT)
    print(json.dumps({"cpu": [finished.cpu], "wall": [finished.wall], "validate": []}))


if __name__ == "__main__":
    main()
