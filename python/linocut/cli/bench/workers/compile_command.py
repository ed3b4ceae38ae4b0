"""Compiles by a command line: `compile_command.py PROGRAM … {wasm} … {out} … JOB`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from linocut.cli.bench.engines.command_line import filled
from linocut.cli.bench.workers.serve import read_job
from linocut.cli.peers.process import execute

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
