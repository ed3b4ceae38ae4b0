"""The files of a report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from linocut.bench.report import plots
from linocut.bench.report.html import page
from linocut.bench.report.json_file import write_json
from linocut.bench.report.markdown import markdown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linocut.bench.results import Results

_PLOTS = "plots"


def write(results: Results, folder: Path, say: Callable[[str], None] | None = None) -> list[Path]:
    """Writes results.json, report.html, report.md and plots/ into a folder, which is made; all their paths.

    Without matplotlib there are no plots, and `say` (by default a line on standard error) is told how to
    get it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing, drawn = "", []
    try:
        drawn = plots.draw(results, folder / _PLOTS)
    except plots.NoMatplotlib as absent:
        missing = str(absent)
        (say or _tell)(missing)
    json, html, text = (folder / name for name in ("results.json", "report.html", "report.md"))
    write_json(results, json)
    vectors = [path for path in drawn if path.suffix == ".svg"]
    html.write_text(page(results, vectors, missing), encoding="utf-8")
    text.write_text(markdown(results, [f"{_PLOTS}/{path.name}" for path in vectors]), encoding="utf-8")
    return [json, html, text, *drawn]


def _tell(said: str) -> None:
    print(said, file=sys.stderr)
