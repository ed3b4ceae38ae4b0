"""The plots; matplotlib is asked for only when they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.extras import advice

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from linocut.bench.results import Results

NO_MATPLOTLIB = f"no plots without matplotlib: {advice('matplotlib')}"


class NoMatplotlib(Exception):  # noqa: N818 - not an error: the report goes without plots
    """It is not installed; the text says how to get it."""


def draw(results: Results, folder: Path, only: Collection[str] = ()) -> list[Path]:
    """Every plot that there are figures for, or `only` those of these names, as SVG and PNG.

    The folder is made. Raises `NoMatplotlib`.
    """
    try:
        import matplotlib.style
    except ImportError:
        raise NoMatplotlib(NO_MATPLOTLIB) from None
    from linocut.bench.report.plots import style
    from linocut.bench.report.plots.catalogue import PLOTS

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with matplotlib.style.context(["default", style.STYLE]):
        for plot in PLOTS:
            if (not only or plot.name in only) and (figure := plot.draw(results)) is not None:
                paths += style.save(figure, folder, plot.name, plot.says)
    return paths
