"""Compile time against module size: who is linear, who has a dear start."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from linocut.bench.report import grid, units
from linocut.bench.report.grid import OURS
from linocut.bench.report.plots.labels import place, shortened
from linocut.bench.report.plots.scale import cost_axis
from linocut.bench.report.plots.style import INK, MUTED, RULE, clean, heading, kind_key, looks, weight

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results

    Dot = tuple[float, float]  # bytes and seconds


def draw(results: Results) -> Figure | None:
    """A dot per module, the straight line that fits them best; None without compilations."""
    times = grid.compile_grid(results, grid.warm)
    sizes = {module.name: module.size for module in results.modules if module.size > 0}
    points = {engine: _points(times, engine, sizes) for engine in times.columns}
    points = {engine: found for engine, found in points.items() if found}
    if not points:
        return None
    figure = Figure(figsize=(8.2, 6.2))
    heading(
        figure,
        "Compile time against module size",
        "CPU time, again in the same process; grey: constant speed",
    )
    kind_key(figure, results, points)
    axes = figure.add_axes((0.1, 0.085, 0.8, 0.74))
    dots = [dot for found in points.values() for dot in found]
    _axes(axes, dots)
    _speeds(axes, dots)
    styles = looks(results)
    names = [_series(axes, engine, *styles[engine], found) for engine, found in points.items()]
    place(axes, names, [*dots, *(point for found in points.values() for point in _fit(found))])
    return figure


def _points(times: Grid, engine: str, sizes: dict[str, int]) -> list[Dot]:
    """Size and median of each module that the engine compiled."""
    found = ((sizes[row], times.cost(row, engine)) for row in times.rows if row in sizes)
    return [(float(size), cost) for size, cost in found if cost > 0]


def _axes(axes: Axes, dots: list[Dot]) -> None:
    """Room at the right for the names."""
    wide, high = zip(*dots, strict=True)
    cost_axis(axes, "x", (min(wide) / 1.3, max(wide) * 4), units.round_size, 0.7)
    cost_axis(axes, "y", (min(high) / 1.6, max(high) * 1.6), units.round_seconds, 0.6)
    clean(axes, "both")
    axes.set_xlabel("module")


def _speeds(axes: Axes, dots: list[Dot]) -> None:
    """Lines along which a compiler of constant speed would lie, named where they leave the picture."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    rates = [math.log10(size / cost) for size, cost in dots]
    for exponent in range(math.floor(min(rates)), math.ceil(max(rates)) + 1):
        rate, said = 10.0**exponent, f"{10.0 ** (exponent - 6):g} MB/s"
        axes.plot([left, right], [left / rate, right / rate], color=RULE, linewidth=1.2, zorder=1)
        style: dict[str, Any] = {"color": MUTED, "size": 7.5, "textcoords": "offset points"}
        if bottom < right / rate <= top:
            axes.annotate(said, (right, right / rate), (3, 0), ha="left", va="center", **style)
        elif left < top * rate < right:
            axes.annotate(said, (top * rate, top), (0, 3), ha="center", va="bottom", **style)


def _series(axes: Axes, engine: str, colour: str, marker: str, dots: list[Dot]) -> Annotation:
    """Dots, line and, at its end, the name, which `place` will move."""
    ours, line = engine == OURS, _fit(dots)
    size = 4.5 if ours else 3.4
    axes.plot(*zip(*dots, strict=True), marker, color=colour, markersize=size, markeredgewidth=0, alpha=0.6)
    axes.plot(*zip(*line, strict=True), color=colour, linewidth=2.2 if ours else 1.1)
    return axes.annotate(
        shortened(engine, 24),
        line[-1],
        (0, 0),
        textcoords="offset points",
        va="bottom",
        color=colour if ours else INK,
        weight=weight(engine),
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 2},
    )


def _fit(dots: list[Dot]) -> list[Dot]:
    """The least squares of the logarithms, as points from the smallest module to the largest."""
    x, y = (np.log(values) for values in zip(*dots, strict=True))
    ends = np.linspace(x.min(), x.max(), 25)
    if x.min() == x.max():
        return [dots[0]]
    slope, height = np.polyfit(x, y, 1)
    return [(float(u), float(v)) for u, v in zip(np.exp(ends), np.exp(slope * ends + height), strict=True)]
