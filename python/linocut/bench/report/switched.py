"""Switches of `--ablate` as engines beside their own, so that every table and plot shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linocut.bench.results import EngineInfo, Results

if TYPE_CHECKING:
    from collections.abc import Iterable


def switched(results: Results, engine: str, switches: Iterable[str], beside: Iterable[str] = ()) -> Results:
    """What was measured of `engine`, of some of its switches, and of the engines `beside` it.

    A switch that was not measured is left out; if none was, so is everything else.
    """
    kept = {engine, *beside}
    plain = next((one for one in results.engines if one.name == engine), EngineInfo(engine, ""))
    wanted = set(switches)
    variants = [one for one in results.ablation if one.engine == engine and one.name in wanted]
    if not variants:
        return Results()
    return replace(
        results,
        engines=[
            *(one for one in results.engines if one.name in kept),
            *(replace(plain, name=one.name) for one in variants),
        ],
        execution=[
            *(one for one in results.execution if one.engine in kept),
            *(replace(run, engine=one.name) for one in variants for run in one.execution),
        ],
        compilation=[
            *(one for one in results.compilation if one.engine in kept),
            *(replace(made, engine=one.name) for one in variants for made in one.compilation),
        ],
        start=[],
        calls=[],
        ablation=[],
    )
