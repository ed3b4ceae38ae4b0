"""How often each thing is measured: slow engines do not need as many repetitions as fast ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.engines.engine import Engine, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

# Above that, compilers that optimise take from seconds to minutes.
_BIG = 1_000_000
_SLOW_COMPILERS = (Kind.OPTIMISING, Kind.LLVM)
# Interpreters run ten times as long, so that a disturbance weighs a tenth.
_FEW_RUNS = 2
_WARM_SMALL, _WARM_BIG, _WARM_SLOW = 20, 4, 2


@dataclass(frozen=True)
class Effort:
    """Repetitions, each a fresh process. A quick run does slow things once, and none that takes minutes."""

    repeat: int = 5
    quick: bool = False

    def runs(self, engine: Engine) -> int:
        """How often one program is run."""
        if engine.kind is not Kind.INTERPRETER:
            return self.repeat
        return 1 if self.quick else min(self.repeat, _FEW_RUNS)

    def compilations(self, engine: Engine, wasm: Path) -> int:
        """How often one module is compiled; 0 for not at all."""
        if engine.kind not in _SLOW_COMPILERS:
            return self.repeat
        if wasm.stat().st_size < _BIG:
            return 1 if self.quick else self.repeat
        return 0 if self.quick else 1

    def rounds(self, engine: Engine, wasm: Path) -> int:
        """Compilations in one process: a cold one, and enough warm ones to take a measurable time."""
        big = wasm.stat().st_size >= _BIG
        if engine.kind in _SLOW_COMPILERS:
            return 1 if big else 1 + _WARM_SLOW
        return 1 + (_WARM_BIG if big else _WARM_SMALL)


def interleaved(engines: Sequence[Engine], times: Callable[[Engine], int]) -> Iterator[tuple[int, Engine]]:
    """A, B, C, A, B, C …: what disturbs the machine for a while disturbs all engines alike."""
    for number in range(max(map(times, engines), default=0)):
        for engine in engines:
            if number < times(engine):
                yield number, engine
