"""What a call costs, Python → WebAssembly and back, for the engines that are Python packages."""

from __future__ import annotations

import sys
import sysconfig
from functools import partial
from typing import TYPE_CHECKING

from linocut.bench.results import Call
from linocut.bench.samples import Samples
from linocut.bench.steps import Step
from linocut.engines import build
from linocut.engines.cache import cached, digest
from linocut.engines.process import ProcessError, execute

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from linocut.engines.engine import Engine

IN, OUT = "host to wasm", "wasm to host"


def plan_calls(engines: Sequence[Engine], rounds: int) -> tuple[list[Call], list[Step]]:
    """One process of each engine that has a caller; Absent where there is no source tree or no ziglang."""
    folder = build.source_folder() / "calls"
    job = {
        "wasm": str(build.wasm(folder / "guest.c", build.EXPORTS_FLAGS)),
        "yardstick": _yardstick(folder / "yardstick.c"),
        "rounds": rounds,
    }
    rows: list[Call] = []
    steps = []
    for engine in engines:
        if engine.caller:
            pair = Call(engine.name, IN), Call(engine.name, OUT)
            rows += pair
            steps.append(Step("calls", "", engine.name, partial(_measure, engine, job, *pair)))
    return rows, steps


def _measure(engine: Engine, job: dict[str, object], into: Call, out: Call) -> None:
    try:
        costs = engine.call(job)
    except ProcessError as error:
        into.error = out.error = str(error)
        return
    for row, name in ((into, "add"), (out, "call_many")):
        row.nanoseconds = Samples(costs[name])
        yardstick = Samples(costs[f"c_{name}"])
        row.yardstick = yardstick.median if yardstick.values else 0.0


def _yardstick(source: Path) -> str:
    """The C side, built for this Python; "" where there is no gcc or no Python.h: calls do not need it."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")

    def make(path: Path) -> None:
        include = f"-I{sysconfig.get_path('include')}"
        execute(["gcc", "-O2", "-shared", "-fPIC", include, "-o", str(path), str(source)], timeout=120)

    try:
        return str(cached(f"yardstick-{digest(source.read_bytes(), sys.version)}{suffix}", make))
    except ProcessError:
        return ""
