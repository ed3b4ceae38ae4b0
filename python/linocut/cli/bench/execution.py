"""Kernels: run(n) in fresh processes of the engines in turn; what they compute is compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linocut.cli.bench.engines import Engine, EngineError
from linocut.cli.bench.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.cli.bench.kernels import Kernel

_ROUNDS = 3  # runs in one process, of which the fastest counts: the first one also faults its pages in


@dataclass
class RunTimes:
    """One kernel's run times by engine, in seconds, and the checksums that they gave."""

    kernel: str
    n: int
    times: dict[str, Samples] = field(default_factory=dict)
    checksums: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def agree(self) -> bool:
        """Whether all engines computed the same."""
        return len({tuple(sums) for sums in self.checksums.values()}) <= 1


def measure_run(
    kernel: Kernel, engines: list[Engine], repeat: int, clock: str, say: Callable[[str], None]
) -> RunTimes:
    """`repeat` fresh processes of each engine in turn; `clock` is cpu or wall."""
    times = RunTimes(kernel.name, kernel.n)
    for number in range(repeat):
        for engine in engines:
            if engine.name in times.errors:
                continue
            say(f"run {kernel.name} · {engine.name} · {number + 1}/{repeat}")
            path = kernel.native() if engine.name == "native" else kernel.wasm()
            job = {"task": "run", "wasm": str(path), "n": times.n, "rounds": _ROUNDS, "result": kernel.result}
            try:
                answer = engine.ask(job)
            except EngineError as error:
                times.errors[engine.name] = str(error)
                continue
            times.times.setdefault(engine.name, Samples()).add(min(answer[clock]))
            times.checksums[engine.name] = answer["results"]
    return times
