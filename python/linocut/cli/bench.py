"""`linocut bench`: its options, and what becomes of the results."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from linocut import bench
from linocut.bench.listing import show_list
from linocut.bench.programs.corpora import CORPORA
from linocut.bench.programs.suites import DATASETS, SUITES
from linocut.bench.report import print_results, write, write_json
from linocut.bench.request import MEASURES, Request
from linocut.bench.selection import choose_engines
from linocut.cli import signals
from linocut.cli.failure import USAGE_ERROR, fail, say
from linocut.cli.given import check_file, check_folder
from linocut.cli.numbers import count
from linocut.cli.progress import TerminalProgress
from linocut.engines.registry import MEASURED
from linocut.tooling import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from linocut.bench.results import Results
    from linocut.tooling import Progress

FAILED = 1

_DESCRIPTION = """\
Compare linocut with other WebAssembly engines: how fast they compile, how fast the code is that they make,
how fast they start, and what a call from Python costs. Everything is measured in fresh processes, engine by
engine in turn, and every program's result is compared: engines that disagree fail the run.

Without DIR or FILE the programs are our own (PolyBench's kernels, a CoreMark-like workload, everyday code,
SIMD kernels and the same without vectors), and some big published modules are compiled. Engines that are
not on this machine are left out; --list says how to get them.
"""

_EXAMPLES = """\
examples:
  linocut bench --quick                         the whole picture in less than ten minutes
  linocut bench --list                          engines, found or how to get them; programs; modules
  linocut bench --out report                    everything, and a report with plots to read in a browser
  linocut bench --only run --programs gemm,fib  two programs
  linocut bench --only compile --corpora esbuild,yosys --suite none
  linocut bench --engines linocut,liftoff,gcc   some engines
  linocut bench --ablate --only run,compile --engines linocut,liftoff
                                                what each check and each trick of the compilers is worth
  linocut bench --engine mine='./mine --fast {wasm}'
                                                one more engine: a command that runs a WASI program
  linocut bench ~/polybench-wasm                your own WASI programs; PolyBenchC's and CoreMark's ways of
                                                printing their time are understood, as is bench.h's
  linocut bench big.wasm --engines linocut,liftoff
                                                a module that is no program is compiled only
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; argparse's own exit, with code 2, for a command line that is wrong."""
    parser = argparse.ArgumentParser(
        prog="linocut bench",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_what(parser)
    _add_how(parser)
    _add_output(parser)
    options = parser.parse_args(arguments)
    options.command = " ".join(["linocut bench", *map(shlex.quote, arguments)])
    return options


def _add_what(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is measured").add_argument
    add("paths", metavar="DIR|FILE.wasm", type=Path, nargs="*", help="instead of our programs, these modules")
    add(
        "--only",
        metavar="MEASURES",
        type=_some_of(MEASURES),
        default=MEASURES,
        help="of compile,run,start,calls",
    )
    add(
        "--engines", metavar="NAMES", type=_some_of(MEASURED), help="some of the engines (default: all found)"
    )
    add(
        "--engine",
        metavar="NAME='COMMAND {wasm}'",
        action="append",
        default=[],
        help="one more engine; may be repeated",
    )
    add("--suite", metavar="NAMES", type=_some_of(SUITES), help=f"of {','.join(SUITES)}, or none")
    add("--programs", metavar="NAMES", type=_names, help="some of the programs")
    add("--dataset", type=str.upper, choices=DATASETS, default="MEDIUM", help="PolyBench's sizes (MEDIUM)")
    add(
        "--ablate",
        action="store_true",
        help="linocut and Liftoff also with each check and each trick switched off alone",
    )
    add("--corpora", metavar="NAMES", type=_some_of(CORPORA), help=f"of {','.join(CORPORA)}, or none")


def _add_how(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("how").add_argument
    add("--quick", action="store_true", help="fewer engines, modules and repetitions: at most ten minutes")
    add("--repeat", metavar="N", type=count, help="fresh processes of each engine (5; quick: 3)")
    add(
        "--clock",
        choices=("cpu", "wall"),
        default="cpu",
        help="of compilations; a busy machine does not stretch cpu time, the default",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("output").add_argument
    add("--json", metavar="FILE", type=Path, help="write all samples there")
    add("--out", metavar="DIR", type=Path, help="write a report there: HTML, plots, tables, all samples")
    add("--list", action="store_true", help="say what there is and how to get the rest, and measure nothing")


def _some_of(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    """A list of names with commas, each of them known; `none` for no name at all."""

    def names(text: str) -> tuple[str, ...]:
        given = () if text == "none" else _names(text)
        for name in given:
            if name not in known:
                raise argparse.ArgumentTypeError(f"there is no {name!r}, only {', '.join(known)}")
        return given

    return names


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def main(arguments: Sequence[str]) -> int:
    """0; 1: checksums disagree or linocut failed; 2: what was asked for is not there; 130, 143: cut short."""
    options = parse(arguments)
    request, progress = _request(options), TerminalProgress()
    try:
        check_file(options.json)
        check_folder(options.out)
        if options.list:
            show_list(choose_engines(request), sys.stdout)
            return 0
        results = bench.run(request, progress)
    except (ToolError, ValueError) as error:
        progress.clear()
        return fail("bench", error if type(error) is not ValueError else ToolError(error))
    _write(results, options, progress)
    print_results(results, sys.stdout)
    if not results.is_whole:
        return say("bench: interrupted", signals.exit_code())
    if bench.has_failed(results):
        return FAILED
    return 0 if bench.has_measured(results) else say("bench: nothing was measured", USAGE_ERROR)


def _request(options: argparse.Namespace) -> Request:
    return Request(
        paths=tuple(options.paths),
        measures=options.only,
        engines=options.engines,
        custom=tuple(options.engine),
        suites=options.suite,
        programs=options.programs,
        dataset=options.dataset,
        corpora=options.corpora,
        ablate=options.ablate,
        quick=options.quick,
        repeat=options.repeat,
        clock=options.clock,
        command=options.command,
    )


def _write(results: Results, options: argparse.Namespace, progress: Progress) -> None:
    """Files first, since what is printed may go to a closed pipe."""
    if options.json:
        write_json(results, options.json)
    if options.out:
        for path in write(results, options.out):
            progress.note(f"wrote {path}")
