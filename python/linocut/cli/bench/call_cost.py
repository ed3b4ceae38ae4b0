"""What a call costs, Python → WebAssembly and back, beside the same in C in the same process."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.cli.bench.cache import cached, digest
from linocut.cli.bench.engines import EngineError
from linocut.cli.bench.kernels import MissingTool, build_wasm, source_folder
from linocut.cli.bench.samples import Samples

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class CallCosts:
    """Nanoseconds of one call."""

    c_add: Samples  # Python → METH_FASTCALL C function
    wasm_add: Samples  # Python → wasm add(i32, i32)
    c_callback: Samples  # C → Python by PyObject_Vectorcall
    wasm_callback: Samples  # wasm → Python


def measure_calls(rounds: int) -> CallCosts:
    """In one process; raises EngineError or MissingTool."""
    folder = source_folder() / "calls"
    guest = build_wasm(folder / "guest.c")
    line = [
        sys.executable,
        "-m",
        "linocut.cli.bench.worker_calls",
        str(guest),
        str(_yardstick(folder)),
        str(rounds),
    ]
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode:
        raise EngineError(f"calls: {done.stderr.strip().splitlines()[-1:]}")
    costs = json.loads(done.stdout.splitlines()[-1])
    return CallCosts(**{name: Samples(values) for name, values in costs.items()})


def _yardstick(folder: Path) -> Path:
    """The C side, built for this Python."""
    source = folder / "yardstick.c"
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    include = sysconfig.get_path("include")

    def make(path: Path) -> None:
        line = ["gcc", "-O2", "-shared", "-fPIC", f"-I{include}", "-o", str(path), str(source)]
        done = subprocess.run(line, capture_output=True, text=True)
        if done.returncode:
            raise MissingTool(f"yardstick.c: {done.stderr.strip()[-300:]}")

    return cached(f"yardstick-{digest(source.read_bytes(), sys.version)}{suffix}", make)
