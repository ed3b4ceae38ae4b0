"""How fast an engine compiles against how fast its code is: one dot each, the best compromises joined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from linocut.bench.report import grid
from linocut.bench.report.grid import OURS
from linocut.bench.report.plots.labels import place, shortened
from linocut.bench.report.plots.scale import cost_axis, speed_axis
from linocut.bench.report.plots.style import INK, MUTED, PAPER, RULE, clean, heading, kind_key, looks, weight
from linocut.bench.report.tables.compilation import throughput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from linocut.bench.results import Results


@dataclass(frozen=True)
class Point:
    """`speed` of execution relative to the baseline, `rate` of compilation in MB/s: NaN if not measured."""

    engine: str
    speed: float
    rate: float


def draw(results: Results) -> Figure | None:
    """Engines without a compile time stand in a strip of their own above; None if no engine has one."""
    points = _points(results)
    known = [point for point in points if point.rate > 0]
    if not known:
        return None
    figure = Figure(figsize=(8.2, 6.0))
    base = grid.baseline(results)
    heading(
        figure,
        "Compile speed against execution speed",
        "up and to the right is better; no engine lies above and to the right of the line",
    )
    kind_key(figure, results, [point.engine for point in points])
    unknown = [point for point in points if point not in known]
    main = figure.add_axes((0.1, 0.095, 0.87, 0.63 if unknown else 0.76))
    _axes(main, points, known)
    main.set_xlabel(f"execution speed ({base} = 1, logarithmic, denser below 0.5)")
    main.set_ylabel("compile speed, MB/s of module")
    _dots(main, results, known, _front(main, known))
    if unknown:
        _strip(figure, results, points, unknown)
    return figure


def _strip(figure: Figure, results: Results, points: Sequence[Point], unknown: Sequence[Point]) -> None:
    """Those whose compile time is not known, above the others and with the same scale of speeds."""
    strip = figure.add_axes((0.1, 0.745, 0.87, 0.11))
    _axes(strip, points, [])
    strip.tick_params(labelbottom=False)
    strip.set_facecolor(RULE)
    strip.set_title(
        "compile time not measured", y=1.0, pad=-11, size=8, color=MUTED, loc="center", weight="normal"
    )
    _dots(strip, results, unknown, [])


def _points(results: Results) -> list[Point]:
    """Every engine that ran something; speeds are geometric means."""
    runs, compiled = grid.execution_grid(results), grid.compile_grid(results, grid.warm)
    sizes = {module.name: module.size / 1e6 for module in results.modules}
    return [
        Point(engine, 1 / mean, throughput(compiled, engine, sizes))
        for engine in runs.columns
        if (mean := runs.mean(engine)) > 0
    ]


def _axes(axes: Axes, points: Sequence[Point], known: Sequence[Point]) -> None:
    """Logarithmic both ways; the strip of those whose rate is not known has no heights."""
    speeds, rates = [point.speed for point in points], [point.rate for point in known]
    clean(axes, "both")
    if rates:
        cost_axis(axes, "y", (min(rates) / 1.6, max(rates) * 1.8), "{:g}".format, 0.5)
    else:
        axes.set_ylim(-1, 1)
        axes.set_yticks([])
    speed_axis(axes, (min(speeds) / 1.35, max(speeds) * 1.2))


def front(points: Sequence[Point]) -> list[Point]:
    """The points that no other one beats in both, from the slowest code to the fastest."""
    best: list[Point] = []
    for point in sorted(points, key=lambda point: (-point.speed, -point.rate)):
        if not best or point.rate > best[-1].rate:
            best.append(point)
    return best[::-1]


def _front(axes: Axes, points: Sequence[Point]) -> list[tuple[float, float]]:
    """Draws the border of what is attainable; returns points along it, which labels must not cover."""
    best = front(points)
    corners = [(axes.get_xlim()[0], best[0].rate)]
    for left, right in zip(best, [*best[1:], None], strict=True):
        corners += [(left.speed, left.rate), (left.speed, right.rate if right else axes.get_ylim()[0])]
    line = [point for ends in pairwise(corners) for point in _between(*ends)]
    axes.plot(*zip(*line, strict=True), color=MUTED, linewidth=1.1, linestyle=(0, (4, 3)), zorder=1.5)
    return line


def _between(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Points on a straight line of a doubly logarithmic plot."""
    (x, y), (u, v) = start, end
    return [(x * (u / x) ** (i / 20), y * (v / y) ** (i / 20)) for i in range(21)]


def _dots(axes: Axes, results: Results, points: Sequence[Point], line: Sequence[tuple[float, float]]) -> None:
    """All of them, their names beside them and beside the line."""
    texts = [_dot(axes, results, point) for point in points]
    place(axes, texts, [*(text.xy for text in texts), *line])


def _dot(axes: Axes, results: Results, point: Point) -> Annotation:
    """The dot of an engine, and its name, which `place` will move."""
    colour, marker = looks(results)[point.engine]
    ours = point.engine == OURS
    at = (point.speed, point.rate if point.rate > 0 else -0.35)
    axes.plot(*at, marker, color=colour, markersize=12 if ours else 7.5, markeredgecolor=PAPER, zorder=3)
    return axes.annotate(
        shortened(point.engine, 24),
        at,
        (0, 0),
        textcoords="offset points",
        va="bottom",
        color=colour if ours else INK,
        weight=weight(point.engine),
        size=11 if ours else 9,
        zorder=4,
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4},
    )
