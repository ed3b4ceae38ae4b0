"""`linocut spec run`: its options, and a run from the first script to the sums."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.cli import signals
from linocut.cli.failure import fail, say
from linocut.cli.progress import ScriptProgress
from linocut.spec import suite
from linocut.spec.run import report
from linocut.spec.run.running import run_all

if TYPE_CHECKING:
    import argparse

    from linocut.spec.run.outcome import ScriptReport


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `run` to the subcommands of `linocut spec`."""
    parser = commands.add_parser("run", help="run .wast scripts and say what passed, failed and was skipped")
    parser.set_defaults(handle=main)
    add_paths(parser)
    parser.add_argument("--interpret", action="store_true", help="run the modules without machine code")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of the table")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="print differing messages and every skip too"
    )


def add_paths(parser: argparse.ArgumentParser) -> None:
    """The scripts that a command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help=f"scripts and folders of them; by default the suite: {suite.VARIABLE} or ../shared/spectest",
    )


def main(options: argparse.Namespace) -> int:
    """0 if all is as expected, 1 if something failed or the skips differ from the list, 2 if nothing ran."""
    try:
        scripts = suite.scripts_of(options.paths)
    except (suite.ChoiceError, OSError) as error:
        return fail("spec run", error)
    return _run(scripts, options)


def _run(scripts: list[Path], options: argparse.Namespace) -> int:
    progress = ScriptProgress(len(scripts), sys.stderr)

    def end(result: ScriptReport | None) -> None:
        progress.end()
        if result and not options.json:
            details = report.detail_lines(result) if options.verbose else ()
            print(*report.row_lines(result), *details, sep="\n", flush=True)

    if not options.json:
        print(report.HEADER)
    run = run_all(scripts, options.interpret, progress.begin, end)
    print(report.as_json(run) if options.json else "\n".join(report.sum_lines(run)))
    if not run.is_whole:
        done = f"{len(run.reports)} of {len(scripts)} scripts"
        return say(f"spec run: interrupted after {done}", signals.exit_code())
    return 1 if run.has_failed else 0
