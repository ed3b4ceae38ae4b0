"""Which plots there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.bench.report import grid
from linocut.bench.report.plots import ablation, costs, kernels, pareto, sizes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from linocut.bench.results import Results


@dataclass(frozen=True)
class Plot:
    """The stem of its files, what it shows, and what draws it: None if there are no figures for it."""

    name: str
    says: str
    draw: Callable[[Results], Figure | None]


def _execution(results: Results) -> Figure | None:
    return kernels.draw(results, grid.execution_grid(results), "Execution time")


def _simd(results: Results) -> Figure | None:
    """The SIMD kernels and their twins alone, for a run of their own."""
    names = [module.name for module in results.modules if module.suite in ("simd", "scalar")]
    return kernels.draw(results, grid.execution_grid(results).only(names), "SIMD kernels: execution time")


def _warm(results: Results) -> Figure | None:
    return kernels.draw(results, grid.compile_grid(results, grid.warm), "Compile time, warm")


def _cold(results: Results) -> Figure | None:
    return kernels.draw(results, grid.compile_grid(results, grid.cold), "Compile time, cold")


PLOTS = (
    Plot("pareto", "compile speed against execution speed, one dot per engine", pareto.draw),
    Plot("execution", "execution time of each program", _execution),
    Plot("simd", "execution time of the SIMD kernels, with vectors and without", _simd),
    Plot("compile-warm", "compile time of each module, again in the same process", _warm),
    Plot("compile-cold", "compile time of each module, first in a fresh process", _cold),
    Plot("size", "compile time against module size", sizes.draw),
    Plot("costs", "start, calls and code size of each engine", costs.draw),
    Plot("ablation", "what each switch changes", ablation.draw),
)
