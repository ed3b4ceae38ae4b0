"""Everything that people see of a benchmark run; the only input is a `Results`.

    print_results(results, stream, colour=None, width=None)    tables for a terminal
    write(results, folder, say=None) -> list[Path]             every file of a report; makes the folder
    write_json(results, path) · read_json(path) -> Results     the raw figures, there and back
    markdown(results, plots=()) -> str                         the tables for a page in a repository
    disagreements(results) -> list[Disagreement]               checksums that differ: such a run has failed

`colour=None` and `width=None` ask the stream: no colour unless it is a terminal and `NO_COLOR` is unset.
`write` makes results.json, report.html, report.md and plots/NAME.svg and .png. Without matplotlib it calls
`say` (default: a line on standard error) with how to get it, and writes the rest. `read_json` raises
`ValueError` for a file that is not one of ours. `markdown` links those plots, paths as seen from the page.
"""

from linocut.bench.report.disagreements import Disagreement, disagreements
from linocut.bench.report.files import write
from linocut.bench.report.json_file import read_json, write_json
from linocut.bench.report.markdown import markdown
from linocut.bench.report.terminal import print_results

__all__ = [
    "Disagreement",
    "disagreements",
    "markdown",
    "print_results",
    "read_json",
    "write",
    "write_json",
]
