"""`linocut bench`: what was asked for, measured and shown."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from linocut.bench.ablation.variants import separate, variants_of
from linocut.bench.listing import show_list
from linocut.bench.machine import Noise, describe_machine
from linocut.bench.measures.call_cost import plan_calls
from linocut.bench.measures.compile_time import plan_compilation
from linocut.bench.measures.effort import Effort
from linocut.bench.measures.execution import plan_execution
from linocut.bench.measures.start_time import plan_start, trivial_program
from linocut.bench.report import disagreements, print_results, write, write_json
from linocut.bench.results import Call, Compilation, Results
from linocut.bench.selection import choose, choose_engines
from linocut.bench.steps import take_all
from linocut.cli import signals
from linocut.cli.bench_options import parse
from linocut.cli.failure import USAGE_ERROR, CommandError, fail, say
from linocut.cli.given import check_file, check_folder
from linocut.cli.progress import Progress
from linocut.engines.absent import Absent

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from linocut.bench.measures.step import Step
    from linocut.bench.results import Execution, Start
    from linocut.bench.samples import Samples
    from linocut.bench.selection import Selection
    from linocut.engines.measured.engine import Engine

FAILED = 1

_OURS = "linocut"
_REPEAT, _QUICK_REPEAT = 5, 3
_START_REPEAT, _CALL_ROUNDS = 5, 11
_BIG = 1_000_000
_THREADS = 2


def main(arguments: Sequence[str]) -> int:
    """0; 1: checksums disagree or linocut failed; 2: what was asked for is not there; 130, 143: cut short."""
    options = parse(arguments)
    progress = Progress()
    try:
        check_file(options.json)
        check_folder(options.out)
        if options.list:
            show_list(choose_engines(options), sys.stdout)
            return 0
        results, is_whole = measure(options, progress)
    except (CommandError, ValueError) as error:
        progress.clear()
        return fail("bench", error if type(error) is not ValueError else CommandError(error))
    _write(results, options, progress)
    print_results(results, sys.stdout)
    if not is_whole:
        return say("bench: interrupted", signals.exit_code())
    if has_failed(results):
        return FAILED
    return 0 if has_measured(results) else say("bench: nothing was measured", USAGE_ERROR)


def _write(results: Results, options: argparse.Namespace, progress: Progress) -> None:
    """Files first, since what is printed may go to a closed pipe."""
    if options.json:
        write_json(results, options.json)
    if options.out:
        for path in write(results, options.out):
            progress.note(f"wrote {path}")


def measure(options: argparse.Namespace, progress: Progress) -> tuple[Results, bool]:
    """What the options ask for, and whether it is all of that: Ctrl-C gives what there is so far.

    Raises what `choose` raises, before anything is measured.
    """
    noise = Noise()
    selection = choose(options, progress)
    results = Results(
        machine=describe_machine(),
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=options.command,
        clock=options.clock,
        left_out=selection.left_out,
        engines=selection.engine_infos(),
        modules=selection.module_infos(),
    )
    is_whole = take_all(_plan(options, selection, results, progress), progress)
    warnings = [noise.verdict(), "" if is_whole else "interrupted: figures are missing"]
    results.noise = "; ".join(filter(None, warnings))
    return results, is_whole


def has_failed(results: Results) -> bool:
    """Whether somebody computes something wrong, or linocut could not do what it was asked."""
    return bool(disagreements(results)) or any(row.error for row in _rows(results) if row.engine == _OURS)


def has_measured(results: Results) -> bool:
    """Whether there is any figure."""
    return any(_samples(row).values for row in _rows(results))


def _rows(results: Results) -> list[Execution | Compilation | Start | Call]:
    return [*results.execution, *results.compilation, *results.start, *results.calls]


def _samples(row: Execution | Compilation | Start | Call) -> Samples:
    if isinstance(row, Compilation):
        return row.cold_wall
    return row.nanoseconds if isinstance(row, Call) else row.seconds


def _plan(
    options: argparse.Namespace, selection: Selection, results: Results, progress: Progress
) -> list[Step]:
    """The steps of all measures, in an order that shows mistakes early; their rows go into the results."""
    repeat = options.repeat or (_QUICK_REPEAT if options.quick else _REPEAT)
    effort, engines = Effort(repeat, options.quick), list(selection.engines)
    if options.ablate:
        engines += variants_of(engines)
    steps: list[Step] = []
    if "run" in options.only:
        results.execution, more = plan_execution(selection.programs, engines, effort)
        steps += more
    if "compile" in options.only:
        steps += _plan_compilation(selection, engines, effort, results)
    if "start" in options.only:
        steps += _optional(lambda: _plan_start(selection, repeat, results), "start", progress)
    if "calls" in options.only:
        steps += _optional(lambda: _plan_calls(selection, results), "calls", progress)
    separate(results)
    return steps


def _plan_compilation(
    selection: Selection, engines: Sequence[Engine], effort: Effort, results: Results
) -> list[Step]:
    """Also by linocut with two threads, which it uses where that pays."""
    modules = [*selection.programs, *selection.modules]
    results.compilation, steps = plan_compilation(modules, engines, effort)
    big = [module for module in modules if module.wasm.stat().st_size >= _BIG]
    ours = [engine for engine in selection.engines if engine.name == _OURS]
    rows, more = plan_compilation(big, ours, effort, _THREADS)
    results.compilation += rows
    return [*steps, *more]


def _plan_start(selection: Selection, repeat: int, results: Results) -> list[Step]:
    times = _START_REPEAT * repeat
    results.start, steps = plan_start(trivial_program(), selection.engines, times)
    return steps


def _plan_calls(selection: Selection, results: Results) -> list[Step]:
    results.calls, steps = plan_calls(selection.engines, _CALL_ROUNDS)
    return steps


def _optional(plan: Callable[[], list[Step]], measure: str, progress: Progress) -> list[Step]:
    """What needs the source tree is left out where there is none: a user's own modules do not."""
    try:
        return plan()
    except Absent as absent:
        progress.note(f"without {measure}: {absent}")
        return []
