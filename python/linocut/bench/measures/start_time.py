"""From nothing to the end of a program that prints one line: the whole process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from linocut.bench.measures.effort import interleaved
from linocut.bench.results import Start
from linocut.bench.steps import Step
from linocut.engines import build
from linocut.engines.process import ProcessError
from linocut.engines.program import WasiProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.engines.engine import Engine


def trivial_program() -> WasiProgram:
    """Prints a line; raises Absent where there is no source tree or no ziglang."""
    source = build.source_folder() / "start" / "hello.c"
    return WasiProgram("hello", "start", build.wasm(source, build.COMMAND_FLAGS), source)


def plan_start(
    program: WasiProgram, engines: Sequence[Engine], repeat: int
) -> tuple[list[Start], list[Step]]:
    """`repeat` processes of each engine in turn, by the clock on the wall: that is what one waits for."""
    chosen = [engine for engine in engines if engine.runs(program)]
    rows = {engine.name: Start(engine.name) for engine in chosen}
    steps = [
        Step("start", "", engine.name, partial(_start, engine, program, rows[engine.name]))
        for _, engine in interleaved(chosen, lambda _: repeat)
    ]
    return list(rows.values()), steps


def _start(engine: Engine, program: WasiProgram, row: Start) -> None:
    if row.error:
        return
    try:
        finished = engine.run(program)
    except ProcessError as error:
        row.error = str(error)
        return
    row.seconds.add(finished.wall)
