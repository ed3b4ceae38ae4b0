"""Repeated measurements and what is said of them."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Samples:
    """Seconds (or other costs) of one thing, one per repetition."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        """One more repetition."""
        self.values.append(value)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values) if self.values else math.nan

    @property
    def least(self) -> float:
        """The fastest one."""
        return min(self.values, default=math.nan)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, by the median: a single hiccup does not show."""
        if len(self.values) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return (high - low) / 2 / self.median

    def as_json(self) -> dict[str, object]:
        """Everything, for --json."""
        return {"median": self.median, "min": self.least, "spread": self.spread, "values": self.values}


def geometric_mean(ratios: Iterable[float]) -> float:
    """The mean of ratios; NaN when there is none."""
    logs = [math.log(ratio) for ratio in ratios if ratio > 0]
    return math.exp(sum(logs) / len(logs)) if logs else math.nan
