"""One row per program or module: every engine's time relative to the baseline's, ours as a bar."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from linocut.bench.report import units
from linocut.bench.report.grid import OURS, suites
from linocut.bench.report.plots.labels import shortened, spread
from linocut.bench.report.plots.scale import time_axis
from linocut.bench.report.plots.style import INK, MUTED, PAPER, RULE, clean, heading, kind_key, looks, weight

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from linocut.bench.report.grid import Grid
    from linocut.bench.results import Results

# Inches
_WIDTH, _ROW, _GAP = 8.2, 0.185, 0.62
_HEADING, _NAMES, _BOTTOM, _LEFT, _RIGHT = 0.75, 1.2, 0.35, 1.45, 0.55
_ACROSS = _WIDTH - _LEFT - _RIGHT
_MEAN = "geometric mean"


def draw(results: Results, grid: Grid, title: str) -> Figure | None:
    """Suites below each other, all on the same axis; None if there is nothing to compare."""
    rivals = [engine for engine in grid.columns if engine != grid.baseline]
    parts = [(suite, grid.only(names)) for suite, names in suites(results).items()]
    parts = [(suite, part) for suite, part in parts if any(part.ratios(engine) for engine in rivals)]
    if not parts:
        return None
    heights = [_ROW * len(_rows(part)) for _, part in parts]
    named = _first_of_each([part for _, part in parts])
    gaps = [_NAMES if engines else _GAP for engines in named]
    height = _HEADING + sum(heights) + sum(gaps) + _BOTTOM
    figure = Figure(figsize=(_WIDTH, height))
    base = grid.baseline
    axis = "logarithmic, denser above 2"
    heading(figure, title, f"time divided by {base}'s ({axis}): left of 1 is faster; bars: {OURS}")
    kind_key(figure, results, grid.columns)
    top = height - _HEADING
    for (suite, part), high, gap, engines in zip(parts, heights, gaps, named, strict=True):
        top -= gap
        axes = figure.add_axes((_LEFT / _WIDTH, (top - high) / height, _ACROSS / _WIDTH, high / height))
        time_axis(axes, _limits(grid))
        _panel(axes, results, part)
        axes.set_title(suite, x=0.12 / _ACROSS - _LEFT / _ACROSS, pad=4)
        _name_engines(axes, results, {engine: _values(part, engine)[0] for engine in engines}, high)
        top -= high
    return figure


def _first_of_each(parts: list[Grid]) -> list[list[str]]:
    """The engines that are named above each suite: all at the first, but for those that failed there."""
    named: set[str] = set()
    found = []
    for part in parts:
        engines = [e for e in part.columns if e not in named and math.isfinite(_values(part, e)[0])]
        named.update(engines)
        found.append(engines)
    return found


def _rows(part: Grid) -> tuple[str, ...]:
    return (_MEAN, *part.rows) if len(part.rows) > 1 else part.rows


def _values(part: Grid, engine: str) -> list[float]:
    return [part.mean(engine) if row == _MEAN else part.ratio(row, engine) for row in _rows(part)]


def _limits(grid: Grid) -> tuple[float, float]:
    ratios = [ratio for engine in grid.columns for ratio in grid.ratios(engine)]
    return min(0.9, *ratios) / 1.08, max(1.1, *ratios) * 1.25


def _panel(axes: Axes, results: Results, part: Grid) -> None:
    """The rows of one suite, its geometric mean first."""
    rows = _rows(part)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [shortened(row, 18) for row in rows])
    clean(axes)
    axes.axvline(1.0, color=MUTED, linewidth=1.0, zorder=1.5)
    if rows[0] == _MEAN:
        axes.axhspan(-0.5, 0.5, color=RULE, alpha=0.55, linewidth=0, zorder=0)
        axes.get_yticklabels()[0].set_fontweight("bold")
    found = looks(results)
    if OURS in part.columns:
        _bars(axes, _values(part, OURS), found[OURS][0])
    for engine in part.columns:
        colour, marker = found[engine]
        if engine not in (OURS, part.baseline):
            _dots(axes, _values(part, engine), colour, marker)


def _dots(axes: Axes, values: list[float], colour: str, marker: str) -> None:
    """One engine, with a margin that keeps it visible on a bar."""
    rows = range(len(values))
    axes.plot(values, rows, marker, color=colour, markersize=4.6, markeredgewidth=0.5, markeredgecolor=PAPER)


def _bars(axes: Axes, values: list[float], colour: str) -> None:
    """From the baseline to ours, with the figures at the right."""
    for y, value in enumerate(values):
        if not math.isfinite(value):
            continue
        axes.plot([1.0, value], [y, y], color=colour, linewidth=6, solid_capstyle="butt", zorder=2)
        axes.text(
            1.012,
            y,
            units.three_digits(value),
            transform=axes.get_yaxis_transform(),
            color=colour,
            va="center_baseline",
            size=8.5,
            weight="bold" if y == 0 and len(values) > 1 else "normal",
        )


def _across(axes: Axes, ratio: float) -> float:
    """Where on the axis a ratio lies, 0 at its left end and 1 at its right."""
    pixels = axes.transData.transform((ratio, 0))
    return float(axes.transAxes.inverted().transform(pixels)[0])


def _name_engines(axes: Axes, results: Results, means: dict[str, float], high: float) -> None:
    """Slanted above the first row, a line from where each name begins to its dot there."""
    places = [_across(axes, mean) for mean in means.values()]
    found = looks(results)
    up = 1 + 0.34 / high
    for (engine, mean), place in zip(means.items(), spread(places, 0.21 / _ACROSS), strict=True):
        colour = found[engine][0]
        axes.annotate(
            "",
            (mean, 0),
            (place, up),
            textcoords="axes fraction",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 2},
        )
        axes.text(
            place,
            up,
            engine,
            transform=axes.transAxes,
            rotation=45,
            rotation_mode="anchor",
            ha="left",
            va="bottom",
            color=colour if engine == OURS else INK,
            weight=weight(engine),
            size=8.5,
        )
