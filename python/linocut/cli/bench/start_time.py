"""From nothing to fib(10): a whole process, beside a Python that does nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from linocut.cli.bench.engines import EngineError
from linocut.cli.bench.samples import Samples

if TYPE_CHECKING:
    from pathlib import Path

_FIB = "import sys, linocut; linocut.load(sys.argv[1]).instantiate().exports.run(10)"


@dataclass
class StartTimes:
    """Seconds of whole processes."""

    bare: Samples  # python -c pass
    imported: Samples  # python -c "import linocut"
    fib: Samples  # python -c "… run(10)"


def measure_start(module: Path, repeat: int, clock: str) -> StartTimes:
    """`repeat` processes of each kind in turn; `clock` is cpu or wall."""
    times = StartTimes(Samples(), Samples(), Samples())
    for _ in range(repeat):
        times.bare.add(_process(clock, "pass"))
        times.imported.add(_process(clock, "import linocut"))
        times.fib.add(_process(clock, _FIB, str(module)))
    return times


def _process(clock: str, code: str, *arguments: str) -> float:
    start, cpu_start = perf_counter(), _cpu_of_children()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    time = _cpu_of_children() - cpu_start if clock == "cpu" else perf_counter() - start
    if done.returncode:
        raise EngineError(f"start: {done.stderr.strip().splitlines()[-1:]}")
    return time


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
