"""The tables in a terminal, as wide as there is room."""

from __future__ import annotations

import os
import shutil
import textwrap
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, TextIO

from linocut.bench.report.facts import facts, warnings
from linocut.bench.report.layout import GAP, Layout, blocks, fit
from linocut.bench.report.table import Cell, Mark, Table, text
from linocut.bench.report.tables import details, summaries
from linocut.bench.report.units import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linocut.bench.results import Results

    Paint = Callable[[str, str], str]

_STYLES = {
    Mark.PLAIN: "",
    Mark.BEST: "\033[1;32m",
    Mark.OURS: "\033[1m",
    Mark.WRONG: "\033[1;31m",
    Mark.FAINT: "\033[2m",
}
_END = "\033[0m"


def print_results(
    results: Results, stream: TextIO, colour: bool | None = None, width: int | None = None
) -> None:
    """All tables, the summary and what is wrong last: that stays on the screen.

    `colour` and `width` (in characters) ask the stream when they are None: no colour unless it is a terminal
    and `NO_COLOR` is unset, 120 characters unless the terminal or `COLUMNS` says otherwise.
    """
    if colour is None:
        colour = stream.isatty() and not os.environ.get("NO_COLOR")
    width = width or shutil.get_terminal_size((120, 24)).columns
    paint = _coloured if colour else _plain
    print(*_facts(results, paint), sep="\n", end="\n\n", file=stream)
    for table in [*details(results), *summaries(results)]:
        print(*show(table, width, paint), sep="\n", end="\n\n", file=stream)
    print(*_warnings(results, paint), sep="\n", end="", file=stream, flush=True)


def _facts(results: Results, paint: Paint) -> Iterator[str]:
    for name, said in facts(results).items():
        yield f"{paint(printable(name), _STYLES[Mark.FAINT])} {printable(said)}"


def _warnings(results: Results, paint: Paint) -> Iterator[str]:
    for said in warnings(results):
        yield paint(printable(said), _STYLES[Mark.WRONG]) + "\n"


def _coloured(said: str, style: str) -> str:
    return f"{style}{said}{_END}" if style else said


def _plain(said: str, _style: str) -> str:
    return said


def show(table: Table, width: int, paint: Paint = _plain) -> Iterator[str]:
    """Title, rows and remarks; a line is at most `width` wide if that is possible at all."""
    yield paint(table.title, _STYLES[Mark.OURS])
    if table.columns:
        layout = fit(table, width)
        for number, block in enumerate(blocks(layout, width)):
            yield from [""] if number else []
            yield from _block(table, layout, block, paint)
    for note in table.notes:
        for line in textwrap.wrap(printable(note), max(width, 20)):
            yield paint(line, _STYLES[Mark.FAINT])


def _block(table: Table, layout: Layout, block: Sequence[int], paint: Paint) -> Iterator[str]:
    """Some of the columns, one below the other."""
    rule = GAP.join("─" * layout.widths[i] for i in block)
    heads = [text(column.head, mark=Mark.OURS if column.ours else Mark.PLAIN) for column in table.columns]
    yield from _lines(heads, table, replace(layout, parts=((0,),) * len(heads)), block, paint)
    yield rule
    for number, row in enumerate(table.rows):
        if table.totals and number == len(table.rows) - table.totals:
            yield rule
        yield from _lines(row, table, layout, block, paint)


def _lines(
    row: Sequence[Cell], table: Table, layout: Layout, block: Sequence[int], paint: Paint
) -> Iterator[str]:
    """One row, which is more than one line if a text is wrapped."""
    cells = []
    for i in block:
        width, cell = layout.widths[i], row[i]
        if table.columns[i].text:
            lines = textwrap.wrap(printable(cell.parts[0]), width, break_on_hyphens=False)
            cells.append([line.ljust(width) for line in lines])
        else:
            cells.append([_said(cell, layout.parts[i]).rjust(width)])
    for line in zip_longest(*cells):
        padded = [said or " " * layout.widths[i] for said, i in zip(line, block, strict=True)]
        styles = (_STYLES[row[i].mark] for i in block)
        yield GAP.join(map(paint, padded, styles)).rstrip()


def _said(cell: Cell, widths: Sequence[int]) -> str:
    """The parts one beside the other, each in its own column; a lone part stands where the first does."""
    padded = zip_longest(map(printable, cell.parts[: len(widths)]), widths, fillvalue="")
    return " ".join(str(part).rjust(int(width or 0)) for part, width in padded)
