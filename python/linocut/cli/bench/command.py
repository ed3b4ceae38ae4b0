"""`linocut bench`: options, order, output."""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linocut.cli.bench import report
from linocut.cli.bench.call_cost import CallCosts, measure_calls
from linocut.cli.bench.compile_time import CompileTimes, measure_compile
from linocut.cli.bench.corpora import Corpus, find_corpora
from linocut.cli.bench.engines import NAMES, Engine, EngineError, find_engines
from linocut.cli.bench.execution import RunTimes, measure_run
from linocut.cli.bench.kernels import Kernel, MissingTool, find_kernels
from linocut.cli.bench.samples import Samples
from linocut.cli.bench.start_time import StartTimes, measure_start

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTS = ("compile", "run", "calls", "start")
_DEFAULT_ENGINES = "liftoff,linocut,cranelift,native"


@dataclass
class Results:
    """All that was measured."""

    compile: list[CompileTimes] = field(default_factory=list)
    run: list[RunTimes] = field(default_factory=list)
    calls: CallCosts | None = None
    start: StartTimes | None = None


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="linocut bench", description="Measure linocut beside other engines."
    )
    add = parser.add_argument
    add("--engines", metavar="NAMES", default=_DEFAULT_ENGINES, help=f"of {','.join(NAMES)} (or all)")
    add("--only", metavar="PARTS", default=",".join(_PARTS), help="of compile,run,calls,start")
    add("--kernels", metavar="NAMES", help="some of the kernels, by name")
    add("--corpora", metavar="NAMES", help="some of esbuild,cpython,yosys; none for none")
    add("--module", metavar="FILE", type=Path, action="append", default=[], help="compile this module too")
    add("--repeat", type=int, metavar="N", default=5, help="fresh processes of each engine (5)")
    add("--quick", action="store_true", help="two processes of each")
    add("--clock", choices=("cpu", "wall"), default="cpu", help="cpu (default) is steadier on a busy machine")
    add("--json", metavar="FILE", type=Path, help="write everything there")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """0, or 1 when checksums disagree or an engine failed."""
    options = parse(arguments)
    names = NAMES if options.engines == "all" else tuple(options.engines.split(","))
    if unknown := [name for name in names if name not in NAMES]:
        print(f"linocut bench: no engine {unknown[0]!r}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    engines, missing = find_engines(names)
    try:
        kernels = _chosen(find_kernels(), options.kernels)
        for kernel in kernels:
            kernel.wasm()
    except MissingTool as error:
        print(f"linocut bench: {error}", file=sys.stderr)
        return 2
    print(
        f"{report.machine()}, {_now()}, {options.clock} time\n{report.describe_engines(engines, missing)}\n",
        flush=True,
    )
    results = _measure(options, engines, kernels)
    if options.json:
        _write_json(options.json, engines, results)
    wrong = any(not run.agree or run.errors for run in results.run) or any(c.errors for c in results.compile)
    return 1 if wrong else 0


def _chosen(kernels: list[Kernel], names: str | None) -> list[Kernel]:
    return kernels if names is None else [kernel for kernel in kernels if kernel.name in names.split(",")]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _measure(options: argparse.Namespace, engines: list[Engine], kernels: list[Kernel]) -> Results:
    """Each part in turn, printed when it is done."""
    results, parts = Results(), options.only.split(",")
    repeat = 2 if options.quick else options.repeat
    if "compile" in parts:
        modules = [*_corpora(options), *(Corpus(kernel.name, kernel.wasm()) for kernel in kernels)]
        for module in modules:
            results.compile.append(_compile(module, engines, repeat, options.clock))
        _print(report.describe_compile(results.compile, engines))
    if "run" in parts:
        results.run = [measure_run(kernel, engines, repeat, options.clock, _say) for kernel in kernels]
        _print(report.describe_run(results.run, engines))
    if any(engine.name == "linocut" for engine in engines):
        _measure_ours(parts, kernels, repeat, options.clock, results)
    return results


def _corpora(options: argparse.Namespace) -> list[Corpus]:
    """The modules that were asked for."""
    given = [Corpus(path.stem, path) for path in options.module]
    wanted = options.corpora.split(",") if options.corpora else None
    if wanted == ["none"]:
        return given
    _say("looking for esbuild, cpython, yosys")
    found, missing = find_corpora()
    for text in missing:
        _print(f"absent: {text}")
    return [*given, *(corpus for corpus in found if wanted is None or corpus.name in wanted)]


def _compile(module: Corpus, engines: list[Engine], repeat: int, clock: str) -> CompileTimes:
    """An optimising compiler takes minutes for a big module: it compiles only the small ones."""
    small = module.path.stat().st_size < 1_000_000
    chosen = [e for e in engines if small or e.name in ("linocut", "liftoff")]
    return measure_compile(module.name, module.path, chosen, repeat, 20 if small else 4, clock, _say)


def _measure_ours(parts: list[str], kernels: list[Kernel], repeat: int, clock: str, results: Results) -> None:
    """What concerns linocut and Python alone."""
    try:
        if "calls" in parts:
            _say("calls")
            results.calls = measure_calls(repeat)
            _print(report.describe_calls(results.calls))
        fib = next((kernel for kernel in kernels if kernel.name == "fib"), None)
        if "start" in parts and fib:
            _say("start")
            results.start = measure_start(fib.wasm(), 4 * repeat, clock)
            _print(report.describe_start(results.start))
    except (EngineError, MissingTool) as error:
        _print(str(error))


def _say(text: str) -> None:
    """Progress, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _print(text: str) -> None:
    _say("")
    print(f"{text}\n", flush=True)


def _write_json(path: Path, engines: list[Engine], results: Results) -> None:
    content = {
        "machine": report.machine(),
        "date": _now(),
        "engines": [asdict(engine) for engine in engines],
        "results": _plain(results),
    }
    path.write_text(json.dumps(content, indent=1) + "\n")


def _plain(value: Any) -> Any:
    """Dataclasses and samples as JSON knows them."""
    if isinstance(value, Samples):
        return value.as_json()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return None if isinstance(value, float) and math.isnan(value) else value
