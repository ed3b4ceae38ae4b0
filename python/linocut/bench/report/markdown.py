"""The tables as Markdown, for pages that are read in a repository."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from linocut.bench.report.facts import facts, warnings
from linocut.bench.report.table import Mark
from linocut.bench.report.tables import details, summaries
from linocut.bench.report.units import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut.bench.report.table import Cell, Table
    from linocut.bench.results import Results

_ESCAPES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"} | {one: f"\\{one}" for one in "\\|*_[]~#"}


def markdown(results: Results, plots: Sequence[str] = ()) -> str:
    """Machine, warnings, plots and all tables; `plots` are paths as seen from the page."""
    return "\n\n".join(_parts(results, plots)) + "\n"


def _parts(results: Results, plots: Sequence[str]) -> Iterator[str]:
    said = facts(results) | ({"command": f"`{results.command}`"} if results.command else {})
    yield "\n".join(f"- {escaped(name)}: {escaped(value)}" for name, value in said.items())
    for warning in warnings(results):
        yield f"> **{escaped(warning)}**"
    yield from map(render, summaries(results))
    yield from (f"![{PurePath(path).stem}]({path})" for path in plots)
    yield from map(render, details(results))


def render(table: Table) -> str:
    """Title, table and remarks."""
    heads = [
        f"**{escaped(column.head)}**" if column.ours else escaped(column.head) for column in table.columns
    ]
    rules = [":--" if column.text else "--:" for column in table.columns]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in (heads, rules, *rows))
    return "\n\n".join([f"**{escaped(table.title)}**", lines, *map(escaped, table.notes)])


def _cell(cell: Cell) -> str:
    """The figure and its spread: what lies between them can be worked out."""
    shown = " ".join(filter(None, map(escaped, _ends(cell.parts))))
    return f"**{shown}**" if cell.mark in (Mark.BEST, Mark.OURS, Mark.WRONG) and shown else shown


def _ends(parts: Sequence[str]) -> tuple[str, ...]:
    return (parts[0], parts[-1]) if len(parts) > 1 else (parts[0],)


def escaped(text: str) -> str:
    """Text that means nothing to Markdown or HTML; code in backticks needs less escaping."""
    line = printable(text)
    if len(line) > 2 and line[0] == line[-1] == "`" and "`" not in line[1:-1]:
        return line.replace("|", "\\|")
    return "".join(_ESCAPES.get(one, one) for one in line.replace("`", "'"))
