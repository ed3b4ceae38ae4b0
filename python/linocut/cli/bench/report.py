"""The tables of `linocut bench`."""

from __future__ import annotations

import math
import platform
from typing import TYPE_CHECKING

from linocut.cli.bench.compile_time import CompileTimes
from linocut.cli.bench.engines import BASELINE, Engine
from linocut.cli.bench.samples import Samples, geometric_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linocut.cli.bench.call_cost import CallCosts
    from linocut.cli.bench.execution import RunTimes
    from linocut.cli.bench.start_time import StartTimes

_OURS = "linocut"


def machine() -> str:
    """What this ran on."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(
                (line.split(":")[1].strip() for line in lines if line.startswith("model name")), model
            )
    except OSError:
        pass
    return f"{model}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns: the first to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        return "  ".join([first.strip().ljust(widths[0]), *rest])

    return "\n".join([line(head), "  ".join("─" * width for width in widths), *map(line, rows)])


def describe_engines(engines: Sequence[Engine], missing: Sequence[str]) -> str:
    """One line each; also what is absent and how to get it."""
    there = [f"{e.name:10} {e.version}  {' '.join(e.flags)}" for e in engines]
    return "\n".join([*there, *(f"absent: {text}" for text in missing)])


def describe_compile(results: Sequence[CompileTimes], engines: Sequence[Engine]) -> str:
    """Milliseconds, median (spread), cold and warm; then how many times faster than the baseline ours is."""
    names = [engine.name for engine in engines if engine.compiles]
    head = ["compile, ms", "KB", *(f"{name} {state}" for name in names for state in ("cold", "warm"))]
    rows = []
    for result in results:
        cells = [_ms(table_.get(name)) for name in names for table_ in (result.cold, result.warm)]
        rows.append(
            [result.module, f"{result.size / 1000:.0f}", *cells, _speedup(result.cold), _speedup(result.warm)]
        )
    text = table([*head, "×cold", "×warm"], rows)
    return "\n".join([text, *_errors(results)])


def describe_run(results: Sequence[RunTimes], engines: Sequence[Engine]) -> str:
    """Milliseconds, median (spread); then ours by the baseline's time, which the last line averages."""
    names = [engine.name for engine in engines]
    head = ["run, ms", *names, *(f"{name}/{BASELINE}" for name in names if name != BASELINE)]
    rows = []
    for result in results:
        ratios = [_ratio(result.times, name) for name in names if name != BASELINE]
        name = result.kernel if result.agree else f"{result.kernel} (!)"
        rows.append([name, *(_ms(result.times.get(n)) for n in names), *map(_two, ratios)])
    others = [name for name in names if name != BASELINE]
    columns = {name: [_ratio(result.times, name) for result in results] for name in others}
    means = [_two(geometric_mean(r for r in column if not math.isnan(r))) for column in columns.values()]
    worst = [
        _two(max((r for r in column if not math.isnan(r)), default=math.nan)) for column in columns.values()
    ]
    rows.append(["geometric mean", *([""] * len(names)), *means])
    rows.append(["worst", *([""] * len(names)), *worst])
    disagree = [_disagreement(result) for result in results if not result.agree]
    return "\n".join([table(head, rows), *disagree, *_errors(results)])


def describe_calls(costs: CallCosts) -> str:
    """Nanoseconds and the ratios that the goals are about."""
    pairs = (
        ("Python → add(i32, i32)", costs.wasm_add, costs.c_add, "METH_FASTCALL"),
        ("wasm → Python", costs.wasm_callback, costs.c_callback, "PyObject_Vectorcall"),
    )
    rows = [
        [n, _ns(ours), _ns(theirs), what, f"{ours.least / theirs.least:.2f}"]
        for n, ours, theirs, what in pairs
    ]
    return table(["calls, ns", "linocut", "C", "by", "ratio"], rows)


def describe_start(times: StartTimes) -> str:
    """Milliseconds over a Python that does nothing."""
    rows = [
        ["python -c pass", _ms(times.bare), ""],
        ["import linocut", _ms(times.imported), f"+{(times.imported.median - times.bare.median) * 1e3:.1f}"],
        ["fib(10)", _ms(times.fib), f"+{(times.fib.median - times.bare.median) * 1e3:.1f}"],
    ]
    return table(["start, ms", "process", "more"], rows)


def _errors(results: Sequence[CompileTimes] | Sequence[RunTimes]) -> Iterator[str]:
    for result in results:
        name = result.module if isinstance(result, CompileTimes) else result.kernel
        for error in result.errors.values():
            yield f"{name}: {error}"


def _disagreement(result: RunTimes) -> str:
    return f"{result.kernel}: checksums differ: {result.checksums}"


def _ratio(times: dict[str, Samples], name: str) -> float:
    """An engine's time by the baseline's; NaN when one is missing."""
    if name not in times or BASELINE not in times:
        return math.nan
    return times[name].median / times[BASELINE].median


def _speedup(times: dict[str, Samples]) -> str:
    ratio = _ratio(times, _OURS)
    return "–" if math.isnan(ratio) else f"{1 / ratio:.2f}"


def _ms(samples: Samples | None) -> str:
    if samples is None or not samples.values:
        return "–"
    value = samples.median * 1e3
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} ±{samples.spread * 100:.0f}%"


def _ns(samples: Samples) -> str:
    return f"{samples.least:.1f}"


def _two(ratio: float) -> str:
    return "–" if math.isnan(ratio) else f"{ratio:.2f}"
