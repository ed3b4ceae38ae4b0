"""What each switch of `--ablate` changes, against the same engine without it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.bench.ablation import ASKING
from linocut.bench.report import grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.bench.results import Compilation, Results, Variant
    from linocut.bench.samples import Samples

ASPECTS = ("execution", "compile time", "code size")


@dataclass(frozen=True)
class Change:
    """One switch: for each of `ASPECTS` the ratio with by without, per program or module."""

    switch: str
    engine: str
    says: str
    ratios: dict[str, dict[str, float]]


def changes(results: Results) -> list[Change]:
    """Every switch, in the order in which they were measured."""
    return [
        Change(
            variant.name,
            variant.engine,
            variant.says,
            dict(zip(ASPECTS, _ratios(results, variant), strict=True)),
        )
        for variant in results.ablation
    ]


def _ratios(results: Results, variant: Variant) -> tuple[dict[str, float], ...]:
    """In the order of `ASPECTS`; a failed run is in none."""
    before = {
        run.program: run.seconds
        for run in results.execution
        if run.engine == variant.engine and not run.error
    }
    after = {run.program: run.seconds for run in variant.execution if not run.error}
    return (
        _divide(after, before),
        *(_compiled(results, variant, pick) for pick in (grid.warm, grid.code_bytes)),
    )


def _compiled(results: Results, variant: Variant, pick: Callable[[Compilation], Samples]) -> dict[str, float]:
    after, before = (
        {one.module: pick(one) for one in compiled if one.threads == 1 and not one.error}
        for compiled in (variant.compilation, _plain(results, variant))
    )
    return _divide(after, before)


def _plain(results: Results, variant: Variant) -> list[Compilation]:
    """Those without the switch; of a compiler that asks at every step, those in which it asks, too."""
    asking = [one for one in results.ablation if one.engine == variant.engine and one.name == ASKING]
    if asking and variant.name != ASKING:
        return asking[0].compilation
    return [one for one in results.compilation if one.engine == variant.engine]


def _divide(after: dict[str, Samples], before: dict[str, Samples]) -> dict[str, float]:
    """The ratios of the medians, for what both have."""
    ratios = {
        name: grid.finite(samples).median / grid.finite(before[name]).median
        for name, samples in after.items()
        if name in before and grid.finite(before[name]).median > 0
    }
    return {name: ratio for name, ratio in ratios.items() if math.isfinite(ratio) and ratio > 0}
