"""The command line of `linocut bench`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from linocut.bench.programs.corpora import CORPORA
from linocut.bench.programs.suites import DATASETS, SUITES
from linocut.cli.numbers import count
from linocut.engines.measured import FINDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

MEASURES = ("compile", "run", "start", "calls")
# Those that show what each kind of engine is like and need no minutes for it.
QUICK_ENGINES = (
    "wasm3",
    "interpreter",
    "linocut",
    "liftoff",
    "winch",
    "turbofan",
    "cranelift",
    "gcc",
)
QUICK_CORPORA = ("esbuild", "cpython")

_DESCRIPTION = """\
Compare linocut with other WebAssembly engines: how fast they compile, how fast the code is that they make,
how fast they start, and what a call from Python costs. Everything is measured in fresh processes, engine by
engine in turn, and every program's result is compared: engines that disagree fail the run.

Without DIR or FILE the programs are our own (PolyBench's kernels, a CoreMark-like workload, everyday code),
and some big published modules are compiled. Engines that are not on this machine are left out; --list says
how to get them.
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
    options.command = " ".join(["linocut bench", *arguments])
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
    add("--engines", metavar="NAMES", type=_some_of(FINDERS), help="some of the engines (default: all found)")
    add(
        "--engine",
        metavar="NAME='COMMAND {wasm}'",
        action="append",
        default=[],
        help="one more engine; may be repeated",
    )
    add("--suite", metavar="NAMES", type=_some_of(SUITES), help="of polybench,coremark,everyday, or none")
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
