"""What the project promises, beside what was measured and what the copy-and-patch paper claims of WasmNow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.bench.report import grid, units
from linocut.bench.report.grid import OURS
from linocut.bench.report.table import Column, Mark, Table, figure, text
from linocut.bench.samples import geometric_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results

_RIVAL = "liftoff"
_BIG = 1_000_000  # bytes of a module from which on it counts as a program of its own kind


@dataclass(frozen=True)
class Goal:
    """One promise: `value` must reach `bound`, from above if `most`."""

    what: str
    value: float
    bound: float
    most: bool = False
    paper: str = ""
    unit: str = "×"

    @property
    def reached(self) -> bool:
        """False also for what was not measured."""
        return self.value <= self.bound if self.most else self.value >= self.bound


def headline(results: Results) -> Iterator[Table]:
    """One promise in a row; those that cannot be told from this run are left out."""
    rows = []
    for goal in _goals(results):
        if math.isfinite(goal.value):
            bound = f"{'≤' if goal.most else '≥'} {goal.bound:g}{goal.unit}"
            mark = Mark.BEST if goal.reached else Mark.WRONG
            measured = figure(goal.value, f"{units.three_digits(goal.value)}{goal.unit}", mark=mark)
            answer = text("yes" if goal.reached else "no")
            rows.append((text(goal.what), text(bound), measured, answer, text(goal.paper)))
    heads = (Column("", text=True), *map(Column, ("goal", "measured", "reached", "the paper's claim")))
    if rows:
        note = (
            f"compile: {_RIVAL}'s time by linocut's, geometric mean; execution: linocut's time by {_RIVAL}'s"
        )
        yield Table("Goals", heads, tuple(rows), 0, (note,))


def _goals(results: Results) -> Iterator[Goal]:
    yield from _suite(results, "PolyBench", Goal("", 0, 6.5, paper="6.5×"), Goal("", 0, 0.61, paper="0.61"))
    yield from _suite(
        results, "CoreMark class", Goal("", 0, 5, paper="4.9×"), Goal("", 0, 0.72, paper="0.72")
    )
    yield from _execution(results, "SIMD kernels", Goal("", 0, 0.7))
    yield from _big_modules(results)
    yield Goal("machine code by bytes of code section", _code_size(results), 2.0, most=True, unit="")
    yield from _against_cranelift(results)


def _suite(results: Results, suite: str, compiling: Goal, running: Goal) -> Iterator[Goal]:
    names = grid.suites(results).get(suite, [])
    for state, pick in (("cold", grid.cold), ("warm", grid.warm)):
        factor = geometric_mean(_factors(grid.compile_grid(results, pick).only(names)))
        yield Goal(f"{suite}: compile, {state}", factor, compiling.bound, paper=compiling.paper)
    yield from _execution(results, suite, running)


def _execution(results: Results, suite: str, running: Goal) -> Iterator[Goal]:
    names = grid.suites(results).get(suite, [])
    times = _ratios(grid.execution_grid(results).only(names), OURS, _RIVAL)
    yield Goal(f"{suite}: execution", geometric_mean(times), running.bound, True, running.paper, "")
    if len(times) > 1:
        yield Goal(f"{suite}: execution, worst", max(times), 1.0, True, unit="")


def _big_modules(results: Results) -> Iterator[Goal]:
    names = [module.name for module in results.modules if module.size >= _BIG]
    for state, pick in (("cold", grid.cold), ("warm", grid.warm)):
        factors = _factors(grid.compile_grid(results, pick).only(names))
        yield Goal(f"modules over 1 MB: compile, {state}, least", min(factors, default=math.nan), 5.0)
    gains = _two_threads(results, names)
    yield Goal("modules over 1 MB: two threads by one, least", min(gains, default=math.nan), 1.8)


def _two_threads(results: Results, names: Iterable[str]) -> list[float]:
    """One thread's wall clock by that of two."""
    wall = {
        (one.module, one.threads): grid.finite(one.warm_wall).median
        for one in results.compilation
        if one.engine == OURS and not one.error
    }
    gains = [wall.get((name, 1), math.nan) / wall.get((name, 2), math.nan) for name in names]
    return [gain for gain in gains if math.isfinite(gain)]


def _code_size(results: Results) -> float:
    section = {module.name: module.code_section for module in results.modules if module.code_section}
    sizes = grid.compile_grid(results, grid.code_bytes).only(section)
    return geometric_mean(sizes.cost(name, OURS) / section[name] for name in sizes.rows)


def _against_cranelift(results: Results) -> Iterator[Goal]:
    names = grid.suites(results).get("PolyBench", [])
    speed = _ratios(grid.execution_grid(results).only(names), "cranelift", OURS)
    yield Goal("against Cranelift: speed on PolyBench", geometric_mean(speed), 0.9)
    compiling = _ratios(grid.compile_grid(results, grid.warm).only(names), "cranelift", OURS)
    yield Goal("against Cranelift: compile, warm", geometric_mean(compiling), 50)


def _factors(costs: Grid) -> list[float]:
    return _ratios(costs, _RIVAL, OURS)


def _ratios(costs: Grid, above: str, below: str) -> list[float]:
    """The ratios of all rows that both have."""
    ratios = [costs.cost(row, above) / costs.cost(row, below) for row in costs.rows]
    return [ratio for ratio in ratios if math.isfinite(ratio)]
