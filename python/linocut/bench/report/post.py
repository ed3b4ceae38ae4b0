"""Documents whose figures are written by a command: `python -m linocut.bench.report.post RESULTS.json…`.

A figure stands between `<!-- figures: NAME -->` and `<!-- end -->`; NAME is one of `figures.BLOCKS`. What is
between the marks is replaced, everything else stays byte for byte, so doing it twice changes nothing.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.bench.report import plots
from linocut.bench.report.figures import BLOCKS, GRAPHS, PLOTS
from linocut.bench.report.json_file import read_json
from linocut.bench.report.merge import merge
from linocut.engines.found import Absent
from linocut.engines.process import ProcessError
from linocut.errors import Error

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from linocut.bench.results import Results

BLOCK = re.compile(r"(?P<begin><!-- figures: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)
PAGES = ("post.md", "benchmarks.md")


def rewrite(
    page: str, results: Results, drawn: Sequence[str] = (), only: Collection[str] = BLOCKS.keys()
) -> str:
    """The page with every block of `only` written anew; `drawn` are the plots that there are, by name.

    A block whose figures need a program that is not there, or that fails, keeps what it has. KeyError for an
    unknown block.
    """

    def fill(block: re.Match[str]) -> str:
        make = BLOCKS[block["name"]]
        if block["name"] not in only:
            return block[0]
        try:
            body = make(results, drawn).strip("\n")
        except (Absent, ProcessError, Error) as why:
            print(f"{block['name']}: left as it was: {why}", file=sys.stderr)
            return block[0]
        return f"{block['begin']}\n{body}\n\n{block['end']}"

    return BLOCK.sub(fill, page)


def draw(results: Results, folder: Path, only: Collection[str] = ()) -> list[str]:
    """Plots and the two graphs that the post lacks, or `only` those of these names; what was drawn."""
    drawn = plots.draw(results, folder, only)  # which raises NoMatplotlib before the imports below fail
    import matplotlib.style

    from linocut.bench.report.plots import price, style

    with matplotlib.style.context(["default", style.STYLE]):
        for name, graph in GRAPHS.items():
            if only and name not in only:
                continue
            figure = price.draw(results, graph.engine, graph.switches, graph.title)
            if figure is not None:
                drawn += style.save(figure, folder, name, graph.title)
    return [path.stem for path in drawn]


def main(arguments: Sequence[str]) -> int:
    """0, or 2 when the results cannot be read."""
    parser = argparse.ArgumentParser(description="Write a run's figures into the documents.")
    parser.add_argument(
        "results", type=Path, nargs="+", help="what `linocut bench --json` wrote; several runs count as one"
    )
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the folder of the documents (docs)")
    parser.add_argument(
        "--only", metavar="BLOCKS", type=_blocks, default=(), help="some blocks, and plots of their names"
    )
    options = parser.parse_args(arguments)
    try:
        results = merge([read_json(path) for path in options.results])
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    drawn = _draw_if_possible(results, options.docs / PLOTS, options.only)
    for name in PAGES:
        path = options.docs / name
        page = rewrite(path.read_text(encoding="utf-8"), results, drawn, options.only or BLOCKS.keys())
        path.write_text(page, encoding="utf-8")
    return 0


def _blocks(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - BLOCKS.keys():
        raise argparse.ArgumentTypeError(f"no block {', '.join(sorted(unknown))}, only {', '.join(BLOCKS)}")
    return names


def _draw_if_possible(results: Results, folder: Path, only: Collection[str]) -> list[str]:
    try:
        return draw(results, folder, only)
    except plots.NoMatplotlib as absent:
        print(absent, file=sys.stderr)
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
