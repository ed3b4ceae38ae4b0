"""A whole run: what was asked for, chosen, planned and measured."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from linocut.bench.ablation import separate, variants_of
from linocut.bench.machine import Noise, describe_machine
from linocut.bench.measures.call_cost import plan_calls
from linocut.bench.measures.compile_time import plan_compilation
from linocut.bench.measures.effort import Effort
from linocut.bench.measures.execution import plan_execution
from linocut.bench.measures.start_time import plan_start, trivial_program
from linocut.bench.report import disagreements
from linocut.bench.request import Request
from linocut.bench.results import INTERRUPTED, Call, Compilation, Results
from linocut.bench.selection import choose
from linocut.bench.steps import take_all
from linocut.engines.found import Absent
from linocut.tooling import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linocut.bench.results import Execution, Start
    from linocut.bench.samples import Samples
    from linocut.bench.selection import Selection
    from linocut.bench.steps import Step
    from linocut.engines.engine import Engine

_OURS = "linocut"
_REPEAT, _QUICK_REPEAT = 5, 3
_START_REPEAT, _CALL_ROUNDS = 5, 11
_BIG = 1_000_000
_THREADS = 2
_EVERYTHING = Request()
_NOBODY = Progress()


def run(request: Request = _EVERYTHING, progress: Progress = _NOBODY) -> Results:
    """Measure what is asked for, each figure in a fresh process; Ctrl-C gives what there is so far.

    Before anything is measured it raises ValueError for a name or path that is missing, Absent where there
    is no source tree or no compiler of C to WebAssembly, ProcessError for a program that does not compile.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from linocut import bench
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "empty.wasm")
    ...     _ = file.write_bytes(b"\\0asm\\1\\0\\0\\0")
    ...     request = bench.Request((file,), measures=("compile",), engines=("linocut",), repeat=1)
    ...     results = bench.run(request)
    >>> [(row.module, row.engine, row.cold.median > 0) for row in results.compilation]
    [('empty', 'linocut', True)]
    """
    noise = Noise()
    selection = choose(request, progress)
    results = Results(
        machine=describe_machine(),
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=request.command,
        clock=request.clock,
        left_out=selection.left_out,
        engines=selection.engine_infos(),
        modules=selection.module_infos(),
    )
    is_whole = take_all(_plan(request, selection, results, progress), progress)
    warnings = [noise.verdict(), "" if is_whole else INTERRUPTED]
    results.noise = "; ".join(filter(None, warnings))
    return results


def has_failed(results: Results) -> bool:
    """Whether an engine computes something wrong, or linocut could not do what it was asked."""
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


def _plan(request: Request, selection: Selection, results: Results, progress: Progress) -> list[Step]:
    """The steps of all measures, in an order that shows mistakes early; their rows go into the results."""
    repeat = request.repeat or (_QUICK_REPEAT if request.quick else _REPEAT)
    effort, engines = Effort(repeat, request.quick), list(selection.engines)
    if request.ablate:
        engines += variants_of(engines)
    steps: list[Step] = []
    if "run" in request.measures:
        results.execution, more = plan_execution(selection.programs, engines, effort)
        steps += more
    if "compile" in request.measures:
        steps += _plan_compilation(selection, engines, effort, results)
    if "start" in request.measures:
        steps += _optional(lambda: _plan_start(selection, repeat, results), "start", progress)
    if "calls" in request.measures:
        steps += _optional(lambda: _plan_calls(selection, results), "calls", progress)
    separate(results)
    return steps


def _plan_compilation(
    selection: Selection, engines: Sequence[Engine], effort: Effort, results: Results
) -> list[Step]:
    """Compile times, also for linocut with two threads, which it uses where that pays."""
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
    """The plan of a measure that needs the source tree; nothing where there is none."""
    try:
        return plan()
    except Absent as absent:
        progress.note(f"without {measure}: {absent}")
        return []
