"""`linocut fuzz`: options, progress, report."""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from linocut import fuzz
from linocut.cli import numbers, signals
from linocut.cli.failure import USAGE_ERROR, fail, say
from linocut.cli.given import check_folder
from linocut.extras import missing
from linocut.fuzz.mutate import mutant
from linocut.fuzz.save import save_case, save_mutant
from linocut.tooling import ToolError, message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.fuzz.campaign import Summary
    from linocut.fuzz.check import Failure, Pair
    from linocut.fuzz.sources import Source
    from linocut.fuzz.stock import Stock


_MINIMISE_AT_MOST = 5
_DEFAULTS = {"engine": "linocut", "against": "wasmtime", "source": "linocut"}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="linocut fuzz",
        description="Run random modules in two engines, and compare all that shows.",
    )
    parser.add_argument(
        "--seconds", type=numbers.seconds, metavar="N", help="how long (60, if there is no --count either)"
    )
    parser.add_argument("--count", type=numbers.count, metavar="N", help="how many modules")
    parser.add_argument(
        "--seed", type=numbers.natural, metavar="S", help="the first module's seed (default: by chance)"
    )
    parser.add_argument(
        "--jobs", type=numbers.count, metavar="N", default=os.cpu_count() or 1, help="worker processes"
    )
    parser.add_argument(
        "--mutate",
        action="store_true",
        help="break the modules' bytes; compare what validate, load and load(interpret=True) say, "
        "and whether the other engine takes them",
    )
    parser.add_argument(
        "--from",
        dest="paths",
        type=Path,
        action="append",
        metavar="PATH",
        default=[],
        help="with --mutate: break the modules of these files, scripts and folders, not generated ones; "
        "may be repeated",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", default=Path("fuzz-failures"), help="for what fails"
    )
    parser.add_argument(
        "--minimise",
        type=numbers.seconds,
        metavar="S",
        default=60.0,
        help="seconds to spend on making a failure small",
    )
    parser.add_argument(
        "--engine",
        choices=("linocut", "interpreter", "wasmtime"),
        default=_DEFAULTS["engine"],
        help="the engine under test (linocut); wasmtime: its optimised code, to try the fuzzer itself",
    )
    parser.add_argument(
        "--against",
        choices=("wasmtime", "interpreter", "node"),
        default=_DEFAULTS["against"],
        help="the engine that is believed (wasmtime); interpreter: linocut's own; node: V8, which has legacy "
        "exceptions",
    )
    parser.add_argument(
        "--source",
        choices=("linocut", "wasm-opt"),
        default=_DEFAULTS["source"],
        help="what makes the modules: linocut's generator, or binaryen's (wasm-opt --translate-to-fuzz)",
    )
    parser.add_argument(
        "--without",
        action="append",
        metavar="NAME",
        default=[],
        help="an experiment: compile without one thing of linocut.experiments; may be repeated",
    )
    options = parser.parse_args(arguments)
    if options.seconds is None and options.count is None:
        options.seconds = 60.0
    if options.seed is None:
        options.seed = random.randrange(1 << 32)
    if options.paths and not options.mutate:
        parser.error("--from goes with --mutate")
    if options.mutate and options.source != _DEFAULTS["source"]:
        parser.error("--mutate breaks modules of linocut's generator or, with --from, of files")
    return options


def main(arguments: Sequence[str]) -> int:
    """0 when nothing was found, 1 otherwise, 2 when an engine or a switch is missing, 130 for Ctrl-C."""
    options = parse(arguments)
    try:
        check_folder(options.out)
        without, mutants = options.without, options.mutate
        pair = fuzz.open_pair(options.engine, options.against, without=without, mutants=mutants)
        source = fuzz.open_source(pair, options.source)
    except ModuleNotFoundError as error:
        return fail("fuzz", missing("wasmtime", "the comparison") if error.name == "wasmtime" else error)
    except ValueError as error:  # no such switch
        return say(f"fuzz: --without: {error}", USAGE_ERROR)
    except ToolError as error:
        return fail("fuzz", error)
    try:
        stock = fuzz.read_stock(options.paths) if options.paths else fuzz.Stock()
    except (OSError, ValueError) as error:
        return say(f"fuzz: --from: {message(error)}", USAGE_ERROR)
    plan = fuzz.Plan(options.seed, options.count, options.seconds, options.jobs)
    print(
        f"linocut fuzz: {pair.subject.name} against {pair.reference.name}, from seed {plan.first}", flush=True
    )
    broken = stock if options.mutate else None
    summary = fuzz.run(pair, plan, source=source, stock=broken, progress=_progress)
    print(f"{_describe(summary)}{'':20}")
    _report(pair, source, stock, summary, options)
    if not summary.is_whole:
        return say("fuzz: interrupted", signals.exit_code())
    return 1 if summary.failures else 0


def _report(pair: Pair, source: Source, stock: Stock, summary: Summary, options: argparse.Namespace) -> None:
    """Each failure once, the most frequent first, with a file; the first few made small if there is time."""
    counts = Counter(summary.failures.values())
    seeds = {failure: seed for seed, failure in sorted(summary.failures.items(), reverse=True)}
    for place, (failure, count) in enumerate(counts.most_common()):
        seed = seeds[failure]
        print(f"seed {seed}{f' and {count - 1} more' if count > 1 else ''}: {failure}", flush=True)
        if options.mutate:
            again = f"--seed {seed} --count 1" + "".join(f" --from {path}" for path in options.paths)
            print(f"  {save_mutant(options.out, seed, mutant(stock, seed), failure, again)}")
        elif place < _MINIMISE_AT_MOST and summary.is_whole:
            print(f"  {_minimised(pair, source, seed, failure, options)}", flush=True)


def _describe(summary: Summary) -> str:
    rate = summary.done / summary.seconds if summary.seconds else 0.0
    broken = f", {summary.broken} not taken by the reference" if summary.broken else ""
    found = f"{len(summary.failures)} failures{broken}"
    return f"{summary.done} modules in {summary.seconds:.1f} s ({rate:.0f}/s), {found}"


def _progress(summary: Summary) -> None:
    if sys.stdout.isatty():
        print(f"{_describe(summary)}\r", end="", flush=True)


def _minimised(pair: Pair, source: Source, seed: int, failure: Failure, options: argparse.Namespace) -> Path:
    """The text file of a small module that fails in the same way."""
    case, failure = fuzz.minimised(pair, source, seed, failure, options.minimise)
    again = f"--seed {seed} --count 1"
    for name in ("engine", "against", "source"):
        if getattr(options, name) != _DEFAULTS[name]:
            again += f" --{name} {getattr(options, name)}"
    return save_case(options.out, seed, case, source.text(case), failure, again)
