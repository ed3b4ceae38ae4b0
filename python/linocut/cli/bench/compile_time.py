"""Bytes to machine code: the first module of a fresh process (cold) and the same one again (warm)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linocut.cli.bench.engines import Engine, EngineError
from linocut.cli.bench.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class CompileTimes:
    """One module's compile times by engine, in seconds."""

    module: str
    size: int
    cold: dict[str, Samples] = field(default_factory=dict)
    warm: dict[str, Samples] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def measure_compile(
    name: str,
    path: Path,
    engines: list[Engine],
    repeat: int,
    warm: int,
    clock: str,
    say: Callable[[str], None],
) -> CompileTimes:
    """`repeat` fresh processes of each engine in turn; in each, one cold and `warm` warm compilations.

    `clock` is cpu or wall.
    """
    times = CompileTimes(name, path.stat().st_size)
    for number in range(repeat):
        for engine in engines:
            if not engine.compiles or engine.name in times.errors:
                continue
            say(f"compile {name} · {engine.name} · {number + 1}/{repeat}")
            try:
                answer = engine.ask({"task": "compile", "wasm": str(path), "rounds": 1 + warm})
            except EngineError as error:
                times.errors[engine.name] = str(error)
                continue
            first, *again = answer[clock]
            times.cold.setdefault(engine.name, Samples()).add(first)
            for value in again:
                times.warm.setdefault(engine.name, Samples()).add(value)
    return times
