"""Programs in engines: the time that a program itself measures around its kernel, and what it computes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from linocut.bench.measures.effort import Effort, interleaved
from linocut.bench.programs.output import read
from linocut.bench.results import Execution
from linocut.bench.steps import Step
from linocut.engines.process import ProcessError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.engines.engine import Engine
    from linocut.engines.program import WasiProgram


def plan_execution(
    programs: Sequence[WasiProgram], engines: Sequence[Engine], effort: Effort
) -> tuple[list[Execution], list[Step]]:
    """Every program in every engine that can run it."""
    rows: list[Execution] = []
    steps = []
    for program in programs:
        chosen = [engine for engine in engines if engine.runs(program)]
        own = {engine.name: Execution(program.name, engine.name) for engine in chosen}
        rows += own.values()
        for _, engine in interleaved(chosen, effort.runs):
            take = partial(_run, engine, program, own[engine.name])
            steps.append(Step("run", program.name, engine.name, take))
    return rows, steps


def _run(engine: Engine, program: WasiProgram, row: Execution) -> None:
    """One process; an engine that has failed at the program is not asked again."""
    if row.error:
        return
    try:
        reading = read(engine.run(program))
    except ProcessError as error:
        row.error = str(error)
        return
    if row.seconds.values and reading.checksum != row.checksum:
        row.error = f"it computed {row.checksum}, then {reading.checksum}"
        return
    row.seconds.add(reading.seconds)
    row.clock, row.checksum = reading.clock, reading.checksum
