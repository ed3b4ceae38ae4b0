"""One page that holds everything: tables, plots and the raw figures; it asks the network for nothing."""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.bench.report.facts import facts, warnings
from linocut.bench.report.json_file import as_json
from linocut.bench.report.plots.style import dark_rules
from linocut.bench.report.tables import details, summaries
from linocut.bench.report.units import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linocut.bench.report.table import Cell, Column, Table
    from linocut.bench.results import Results

_HERE = Path(__file__).parent
_LINK = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;]")


def page(results: Results, plots: Iterable[Path], missing: str = "") -> str:
    """The whole HTML text; `plots` are SVG files, `missing` says why there are none."""
    title = f"linocut bench, {results.date}" if results.date else "linocut bench"
    body = "\n".join(_body(results, plots, missing))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(title)}</title>\n<style>\n{_file('page.css')}{dark_rules()}\n</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<script>\n{_file('page.js')}</script>\n</body>\n</html>\n"
    )


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _body(results: Results, plots: Iterable[Path], missing: str) -> Iterator[str]:
    yield f"<header><h1>linocut bench</h1>{_facts(results)}</header>"
    for warning in warnings(results):
        yield f'<p class="warning">{_text(warning)}</p>'
    yield from map(_table, summaries(results))
    yield f'<p class="note">{_text(missing)}</p>' if missing else ""
    yield from (f"<figure>{_drawing(path)}</figure>" for path in plots)
    yield from map(_table, details(results))
    data = base64.b64encode(as_json(results).encode()).decode()
    link = f"data:application/json;base64,{data}"
    yield f'<p><a download="results.json" href="{link}">Raw figures</a>, every repetition, as JSON.</p>'


def _facts(results: Results) -> str:
    said = (f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts(results).items())
    return f"<dl>{''.join(said)}</dl>"


def _drawing(path: Path) -> str:
    """An SVG file's element without its own dark colours, which the page's style has already."""
    svg = path.read_text(encoding="utf-8")
    svg = re.sub(r"<style>@media.*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return re.sub(r'\s(width|height)="[\d.]+pt"|\sxmlns(:xlink)?="[^"]*"', "", svg)


def _table(table: Table) -> str:
    """A section with its own heading; only the table scrolls sideways where it is too wide."""
    heads = "".join(_head(column) for column in table.columns)
    cut = len(table.rows) - table.totals
    body, foot = (_rows(table.columns, rows) for rows in (table.rows[:cut], table.rows[cut:]))
    notes = "".join(f'<p class="note">{_text(note)}</p>' for note in table.notes)
    return (
        f'<section><h2>{_text(table.title)}</h2><div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>{notes}</section>"
    )


def _head(column: Column) -> str:
    kinds = " ".join(name for name, is_it in (("text", column.text), ("ours", column.ours)) if is_it)
    return f'<th scope="col" class="{kinds}"><button>{_text(column.head)}</button></th>'


def _rows(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> str:
    return "\n".join(
        f"<tr>{''.join(_cell(column, cell) for column, cell in zip(columns, row, strict=True))}</tr>"
        for row in rows
    )


def _cell(column: Column, cell: Cell) -> str:
    """The first part large, the others small; `data-v` is what the column is sorted by."""
    main, *more = map(_text, cell.parts)
    small = f"<small>{' '.join(more)}</small>" if any(more) else ""
    value = "" if column.text else f' data-v="{cell.value!r}"'
    return f'<td class="{"text " if column.text else ""}{cell.mark}"{value}>{main}{small}</td>'


def _text(said: str) -> str:
    """Text that means nothing to HTML; addresses become links, which a reader may follow."""
    line, done, at = printable(said), [], 0
    for found in _LINK.finditer(line):
        address = escape(found[0])
        done += [escape(line[at : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        at = found.end()
    return "".join([*done, escape(line[at:])])
