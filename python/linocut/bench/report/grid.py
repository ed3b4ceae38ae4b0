"""Costs side by side: programs or modules in rows, engines in columns, as ratios to one baseline."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.bench.report.disagreements import disagreements
from linocut.bench.results import WHOLE_PROCESS
from linocut.bench.samples import Samples, geometric_mean
from linocut.engines.engine import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.bench.results import Compilation, EngineInfo, Execution, Results

OURS = "linocut"
_BASELINES = ("liftoff", OURS)
_KINDS = [str(kind) for kind in Kind]
_SUITES = {
    "polybench": "PolyBench",
    "coremark": "CoreMark class",
    "everyday": "Everyday code",
    "simd": "SIMD kernels",
    "scalar": "SIMD kernels' scalar twins",
}


@dataclass(frozen=True)
class Fault:
    """Why a cost is missing: one `word` for a table's cell and the whole story."""

    word: str
    says: str


@dataclass(frozen=True)
class Grid:
    """What each row costs in each column, in seconds or bytes.

    A key that is in neither dictionary was not measured.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    baseline: str
    costs: dict[tuple[str, str], Samples]
    faults: dict[tuple[str, str], Fault]

    def cost(self, row: str, column: str) -> float:
        """The median; NaN if there is none."""
        return self.costs.get((row, column), Samples()).median

    def ratio(self, row: str, column: str) -> float:
        """Median by the baseline's median: below 1 is better than the baseline; NaN if either is missing."""
        base = self.cost(row, self.baseline)
        return self.cost(row, column) / base if base > 0 else math.nan

    def ratios(self, column: str) -> list[float]:
        """The ratios of all rows that both the column and the baseline have."""
        return [ratio for row in self.rows if (ratio := self.ratio(row, column)) > 0]

    def mean(self, column: str) -> float:
        """The geometric mean over the rows present in both; NaN if there is none."""
        return geometric_mean(self.ratios(column))

    def only(self, rows: Iterable[str]) -> Grid:
        """The same grid with some of its rows; columns in which nothing is left go."""
        kept = set(rows)
        costs = {key: samples for key, samples in self.costs.items() if key[0] in kept}
        faults = {key: fault for key, fault in self.faults.items() if key[0] in kept}
        return _fitted(self.rows, self.columns, self.baseline, costs, faults)


def _fitted(
    rows: Iterable[str],
    columns: Iterable[str],
    base: str,
    costs: dict[tuple[str, str], Samples],
    faults: dict[tuple[str, str], Fault],
) -> Grid:
    """A grid without empty rows and columns."""
    keys = costs.keys() | faults.keys()
    used_rows, used_columns = {row for row, _ in keys}, {column for _, column in keys}
    return Grid(
        tuple(row for row in rows if row in used_rows),
        tuple(column for column in columns if column in used_columns),
        base,
        costs,
        faults,
    )


def baseline(results: Results) -> str:
    """The engine that ratios refer to: Liftoff, else linocut, else whichever comes first."""
    there = [engine.name for engine in present(results)]
    return next((name for name in _BASELINES if name in there), there[0] if there else "")


def present(results: Results) -> list[EngineInfo]:
    """The engines that were there, by kind, in the order of `Kind`."""
    return sorted((engine for engine in results.engines if not engine.absent), key=_rank)


def _rank(engine: EngineInfo) -> int:
    return _KINDS.index(engine.kind) if engine.kind in _KINDS else len(_KINDS)


def suites(results: Results) -> dict[str, list[str]]:
    """The names of all modules and programs by the title of their suite; the well-known suites first."""
    found: dict[str, list[str]] = {suite: [] for suite in _SUITES}
    known = {module.name for module in results.modules}
    for module in results.modules:
        found.setdefault(module.suite, []).append(module.name)
    strangers = dict.fromkeys(run.program for run in results.execution if run.program not in known)
    found.setdefault("programs", []).extend(strangers)
    return {_SUITES.get(suite, suite): names for suite, names in found.items() if names}


def execution_grid(results: Results) -> Grid:
    """Seconds of each program's kernel, except where the checksum is wrong or the run has failed."""
    whole = _timed_as_a_whole(results)
    return _run_grid(results, [run for run in results.execution if run.program not in whole])


def process_grid(results: Results) -> Grid:
    """Seconds of whole processes, of programs that do not time a kernel: no mean is taken over both."""
    whole = _timed_as_a_whole(results)
    return _run_grid(results, [run for run in results.execution if run.program in whole])


def _timed_as_a_whole(results: Results) -> set[str]:
    return {run.program for run in results.execution if run.clock == WHOLE_PROCESS}


def _run_grid(results: Results, runs: list[Execution]) -> Grid:
    faults = {(run.program, run.engine): Fault("error", run.error) for run in runs if run.error}
    costs = {(run.program, run.engine): run.seconds for run in runs}
    for one in disagreements(results):
        wrong = {(one.program, engine): Fault("wrong", str(one)) for engine in one.odd}
        faults |= {key: fault for key, fault in wrong.items() if key in costs}
    return _grid(results, costs, faults)


def compile_grid(results: Results, pick: Callable[[Compilation], Samples]) -> Grid:
    """What `pick` takes from each compilation on one thread; several threads have a table of their own."""
    single = [one for one in results.compilation if one.threads == 1]
    faults = {(one.module, one.engine): Fault("error", one.error) for one in single if one.error}
    return _grid(results, {(one.module, one.engine): pick(one) for one in single}, faults)


def warm(compilation: Compilation) -> Samples:
    """CPU seconds of a repeated compilation; the wall clock's where the engine tells no CPU time."""
    return compilation.warm if compilation.warm.values else compilation.warm_wall


def cold(compilation: Compilation) -> Samples:
    """CPU seconds of a process's first compilation; the wall clock's where the engine tells no CPU time."""
    return compilation.cold if compilation.cold.values else compilation.cold_wall


def validation(compilation: Compilation) -> Samples:
    """Seconds of validation alone."""
    return compilation.validate


def code_bytes(compilation: Compilation) -> Samples:
    """Bytes of machine code."""
    return Samples([compilation.code_bytes] if compilation.code_bytes else [])


def memory_bytes(compilation: Compilation) -> Samples:
    """Bytes by which the process grew."""
    return Samples([compilation.memory_bytes] if compilation.memory_bytes else [])


def finite(samples: Samples) -> Samples:
    """The samples that are finite, so that one failed repetition does not spoil the others."""
    return Samples([value for value in samples.values if math.isfinite(value)])


def _grid(
    results: Results, costs: dict[tuple[str, str], Samples], faults: dict[tuple[str, str], Fault]
) -> Grid:
    """Rows in the order of the suites, columns in the order of the engines."""
    cleaned = {key: finite(samples) for key, samples in costs.items() if key not in faults}
    rows = [name for names in suites(results).values() for name in names]
    columns = [engine.name for engine in present(results)]
    known = {key: samples for key, samples in cleaned.items() if samples.median > 0}
    return _fitted(rows, columns, baseline(results), known, faults)
