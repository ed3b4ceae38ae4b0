"""`linocut spec run`: its options, and a run from the first script to the sums."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
from linocut.cli import signals
from linocut.cli.failure import fail, say
from linocut.spec import suite
from linocut.spec.run import report
from linocut.spec.run.expectations import surprises
from linocut.spec.run.runner import run_script

if TYPE_CHECKING:
    import argparse

    from linocut.spec.run.outcome import ScriptReport


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `run` to the subcommands of `linocut spec`."""
    parser = commands.add_parser("run", help="run .wast scripts and say what passed, failed and was skipped")
    parser.set_defaults(handle=main)
    suite.add_paths(parser)
    parser.add_argument("--interpret", action="store_true", help="run the modules without machine code")
    parser.add_argument("--json", action="store_true", help="print one JSON object in place of the table")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="print differing messages and every skip too"
    )


def main(options: argparse.Namespace) -> int:
    """0 if all is as expected, 1 if something failed or the skips differ from the list, 2 if nothing ran."""
    try:
        paths = suite.chosen(options.paths)
        scripts = list(suite.scripts(paths))
        if not scripts:
            raise suite.ChoiceError(f"no scripts in {', '.join(map(str, paths))}")
    except (suite.ChoiceError, OSError) as error:
        return fail("spec run", error)
    return _run(scripts, suite.find_suite(), options)


def _run(scripts: list[Path], folder: Path | None, options: argparse.Namespace) -> int:
    begun = time.perf_counter()
    if not options.json:
        report.print_header()
    reports: list[ScriptReport] = []
    is_whole = _run_all(scripts, folder, options, reports)
    unexpected = list(surprises(reports, folder)) if folder and is_whole else []
    finish = report.print_json if options.json else report.print_sums
    finish(reports, unexpected, time.perf_counter() - begun)
    if not is_whole:
        return say(
            f"spec run: interrupted after {len(reports)} of {len(scripts)} scripts", signals.exit_code()
        )
    return 1 if unexpected or any(result.failures for result in reports) else 0


def _run_all(
    scripts: list[Path], folder: Path | None, options: argparse.Namespace, reports: list[ScriptReport]
) -> bool:
    """Run one after the other, into `reports`; False if the user did not want to wait so long."""
    load = partial(linocut.load, interpret=options.interpret)
    progress = report.Progress(len(scripts), sys.stderr)
    try:
        for path in scripts:
            progress.begin(str(path))
            result = run_script(path, suite.name_in_suite(path, folder), load)
            progress.end()
            reports.append(result)
            if not options.json:
                _print(result, options.verbose)
    except KeyboardInterrupt:
        progress.end()
        return False
    return True


def _print(result: ScriptReport, verbose: bool) -> None:
    report.print_row(result)
    if verbose:
        report.print_details(result)
