"""`linocut spec check`: its options, and a run from the probes to the exit code."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.cli import signals
from linocut.cli.failure import USAGE_ERROR, fail, say
from linocut.cli.given import check_file
from linocut.cli.numbers import count, exit_code, seconds
from linocut.cli.progress import TerminalProgress
from linocut.engines.checks.checker import EngineError
from linocut.engines.checks.outcome import OutcomeKind
from linocut.engines.custom import command_engine, worker_engine
from linocut.engines.found import Absent
from linocut.engines.registry import CHECKED
from linocut.spec.check import report
from linocut.spec.check.checking import check_folder
from linocut.spec.check.manifest import open_folder
from linocut.spec.check.selection import EXPECTATIONS, Wish
from linocut.spec.features import LIMITS, TIER_OF
from linocut.tooling import ToolError

if TYPE_CHECKING:
    from linocut.engines.engine import Engine
    from linocut.spec.check.checking import Check
    from linocut.spec.check.manifest import Folder
    from linocut.spec.check.verdicts import Checked

_FAILED = 1
# What a pattern can say of an engine's output.
_PATTERN_KINDS = (
    OutcomeKind.WRONG,
    OutcomeKind.TRAP,
    OutcomeKind.EXHAUSTION,
    OutcomeKind.REJECTED,
    OutcomeKind.UNLINKABLE,
    OutcomeKind.UNSUPPORTED,
)

_DESCRIPTION = """\
Run the self-contained test files that `linocut spec explode` has written on any WebAssembly engine, and say
which of them end as they must. DIR is that folder, or a zip of it.
"""

_EPILOG = f"""\
engines known by name: {", ".join(CHECKED)}
(--list says which are here and how to get the others)

Any other engine is a command line that runs one file, with {{file}} in it. Before anything is judged, small
probes show how it tells a good end, a trap, a stack overflow and a refusal apart; if they look alike, that is
said and nothing is run. A process that dies by a signal has crashed, also where a trap is expected.

worked example:
  linocut spec explode core/i32.wast -o i32       374 files, and a manifest of what each must do
  linocut spec check --engine node i32            one that is known by name
  linocut spec check --engine './mine {{file}}' i32 your own
  linocut spec check --engine './mine {{file}}' i32 --only 'i32/*div*' -v
  linocut spec check --engine './mine {{file}}' --unsupported 3 i32
                                                  its exit code for what it does not have yet
  linocut spec check --worker './mine --serve' all -j4
                                                  a process that answers a line per file: for 60,000 of
                                                  them (docs/exploder.md has the protocol)

exit code: 0 if everything that was run passed, 1 if something failed, 2 if nothing could be run
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `check` to the subcommands of `linocut spec`."""
    parser = commands.add_parser(
        "check",
        help="run exploded test files on any engine",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handle=main)
    parser.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="what `spec explode` wrote")
    _add_engine(parser)
    _add_selection(parser)
    _add_run(parser)


def _add_engine(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the engine")
    which = group.add_mutually_exclusive_group()
    which.add_argument("--engine", metavar="NAME|'CMD {file}'", help="a known one, or a command line")
    which.add_argument("--worker", metavar="'CMD'", help="a process that answers a line per file")
    which.add_argument("--list", action="store_true", help="say which known engines are here")
    add = group.add_argument
    kinds = ", ".join(_PATTERN_KINDS)
    add(
        "--pattern",
        metavar="KIND=REGEX",
        type=_pattern,
        action="append",
        default=[],
        help=f"what a command prints in case of {kinds}, where its exit code does not say it",
    )
    add("--unsupported", metavar="CODE", type=exit_code, help="exit code of a command that lacks a feature")
    add(
        "--link-option",
        metavar="'WORDS'",
        help="words with {as} and {file} that a command takes for each module to import from, "
        "such as '--preload {as}={file}'",
    )
    add("--text", action="store_true", help="the command reads .wat files too")


def _add_selection(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is run").add_argument
    add("--tier", choices=LIMITS, default="all", help="up to that version of the standard (all)")
    for option, name, help_ in (
        ("--without", "without", "leave out what needs one of these, as in simd,gc"),
        ("--with", "despite", "run what needs these, although the engine refuses a probe of it"),
    ):
        add(option, dest=name, metavar="FEATURES", type=_features, default=frozenset(), help=help_)
    add(
        "--expect",
        metavar="KINDS",
        type=_expectations,
        default=EXPECTATIONS,
        help=f"only files that must end so, of {','.join(sorted(EXPECTATIONS))}; an engine that does not "
        "validate takes ok,trap,exhaustion",
    )
    add(
        "--only",
        metavar="GLOB",
        action="append",
        default=[],
        help="ids, files or source:line; may be repeated",
    )
    add("--strict", action="store_true", help="all features, and what the engine says not to support fails")


def _add_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("how").add_argument
    add("-j", "--jobs", metavar="N", type=count, default=os.cpu_count() or 1, help="at once (processors)")
    add("--timeout", metavar="SECONDS", type=seconds, default=10.0, help="for one file (10)")
    add("--json", metavar="FILE", type=Path, help="write all results there")
    add("--junit", metavar="FILE", type=Path, help="write JUnit XML there")
    add("-v", "--verbose", action="store_true", help="list all failures, not the first of them")


def _expectations(text: str) -> frozenset[str]:
    kinds = frozenset(text.split(","))
    if kinds - EXPECTATIONS:
        raise argparse.ArgumentTypeError(f"kinds with commas, not {text!r}")
    return kinds


def _features(text: str) -> frozenset[str]:
    names = frozenset(text.split(","))
    if unknown := sorted(names - TIER_OF.keys()):
        known = ", ".join(sorted(TIER_OF))
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}, only {known}")
    return names


def _pattern(text: str) -> tuple[OutcomeKind, str]:
    """Kind and regular expression of one option; ValueError for a text that is none."""
    kind, equals, expression = text.partition("=")
    if not equals or kind not in _PATTERN_KINDS:
        raise ValueError(text)
    return OutcomeKind(kind), expression


def main(options: argparse.Namespace) -> int:
    """The exit code, as `--help` has it."""
    if options.list:
        return _list()
    try:
        if not options.folder or not (options.engine or options.worker):
            raise EngineError("say --engine or --worker, and DIR: see linocut spec check --help")
        check_file(options.json)
        check_file(options.junit)
        with open_folder(options.folder) as folder:
            return _check(folder, options)
    except (ToolError, OSError) as error:
        return fail("spec check", error)


def _check(folder: Folder, options: argparse.Namespace) -> int:
    checked = check_folder(
        folder,
        _engine(options),
        wish=_wish(options),
        jobs=options.jobs,
        timeout=options.timeout,
        progress=TerminalProgress(),
        calibrated=_print_heading,
    )
    _report(checked, options)
    if not checked.is_whole:
        return say("spec check: interrupted", signals.exit_code())
    if not checked.is_about_anything:
        return say("spec check: nothing of this was run", USAGE_ERROR)
    return _FAILED if checked.failures else 0


def _report(checked: Checked, options: argparse.Namespace) -> None:
    """Files first, since what is printed may go to a closed pipe."""
    if options.json:
        report.write_json(checked, options.json)
    if options.junit:
        report.write_junit(checked, options.junit)
    print(*report.failure_lines(checked, options.verbose), *report.table_lines(checked), sep="\n")


def _print_heading(check: Check) -> None:
    print(report.heading(check.engine, check.checker, check.calibration), flush=True)


def _engine(options: argparse.Namespace) -> Engine:
    """The engine that the options name; EngineError if it is not here or there is no such."""
    try:
        if options.worker:
            return worker_engine(options.worker)
        if options.engine in CHECKED:
            return CHECKED[options.engine]()
        if "{file}" not in options.engine:
            raise EngineError(
                f"there is no engine {options.engine!r}, only {', '.join(CHECKED)}; "
                "a command line needs {file} where the file's path goes"
            )
        patterns = dict(options.pattern)
        more = (options.unsupported, options.link_option, options.text)
        return command_engine(options.engine, patterns, *more)
    except Absent as absent:
        raise EngineError(f"{options.worker or options.engine} is not here: {absent}") from None


def _wish(options: argparse.Namespace) -> Wish:
    globs = tuple(options.only)
    return Wish(options.tier, options.without, options.expect, globs, options.strict, options.despite)


def _list() -> int:
    for name, find in CHECKED.items():
        try:
            print(f"{name:20} {find().version}")
        except Absent as absent:
            print(f"{name:20} not here: {absent}")
    return 0
