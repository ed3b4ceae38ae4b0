"""The steps of a run, each one fresh process of one engine, and how long the rest of them will take."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from linocut.tooling import time_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linocut.tooling import Progress


@dataclass(frozen=True)
class Step:
    """`take` does it and leaves what it measured, or the error, in a row of the results.

    `weight` is a guess of how long it takes, by which steps of one measure and engine are compared.
    """

    measure: str
    subject: str
    engine: str
    take: Callable[[], None]
    weight: float = 1.0

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.measure, self.subject, self.engine)))


def take_all(steps: Sequence[Step], progress: Progress) -> bool:
    """Take the steps in their order, saying before each how many there are and how long they will take.

    False when the user did not want to wait so long.
    """
    estimate = Estimate(steps)
    try:
        for number, step in enumerate(steps, 1):
            progress.say(f"{number}/{len(steps)} {step}{estimate}")
            start = perf_counter()
            step.take()
            estimate.took(step, perf_counter() - start)
    except KeyboardInterrupt:
        return False
    finally:
        progress.clear()
    return True


class Estimate:
    """How long the rest will take, if time goes by weight as it did so far for each measure and engine."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._left: dict[tuple[str, str], float] = {}
        self._taken: dict[tuple[str, str], float] = {}
        self._seconds: dict[tuple[str, str], float] = {}
        for step in steps:
            _add(self._left, step, step.weight)

    def took(self, step: Step, seconds: float) -> None:
        """A step that has been taken."""
        _add(self._left, step, -step.weight)
        _add(self._taken, step, step.weight)
        _add(self._seconds, step, seconds)

    def seconds_left(self) -> float:
        """Seconds for all steps left; kinds with no step taken yet are estimated from all the others."""
        usual = sum(self._seconds.values()) / (sum(self._taken.values()) or 1)
        means = {key: self._seconds[key] / weight for key, weight in self._taken.items()}
        return sum(weight * means.get(key, usual) for key, weight in self._left.items())

    def __str__(self) -> str:
        return time_left(self.seconds_left()) if self._taken else ""


def _add(sums: dict[tuple[str, str], float], step: Step, amount: float) -> None:
    key = step.measure, step.engine
    sums[key] = sums.get(key, 0.0) + amount
