"""Bytes to machine code: the first module of a fresh process (cold) and the same one again (warm)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from linocut.bench.measures.effort import Effort, interleaved
from linocut.bench.results import Compilation
from linocut.bench.steps import Step
from linocut.engines.engine import Engine
from linocut.engines.process import ProcessError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.engines.program import WasmFile


def plan_compilation(
    modules: Sequence[WasmFile], engines: Sequence[Engine], effort: Effort, threads: int = 1
) -> tuple[list[Compilation], list[Step]]:
    """Every module in every engine that compiles, as often as pays; only ours heeds `threads`."""
    rows: list[Compilation] = []
    steps = []
    compilers = [engine for engine in engines if engine.compiler]
    for module in modules:
        chosen = [engine for engine in compilers if effort.compilations(engine, module.wasm)]
        own = {engine.name: Compilation(module.name, engine.name, threads) for engine in chosen}
        rows += own.values()
        label = module.name if threads == 1 else f"{module.name}, {threads} threads"
        times = partial(_times, effort, module)
        for number, engine in interleaved(chosen, times):
            take = partial(_compile, engine, module, effort, own[engine.name], number == 0)
            steps.append(Step("compile", label, engine.name, take, _weight(module)))
    return rows, steps


def _times(effort: Effort, module: WasmFile, engine: Engine) -> int:
    return effort.compilations(engine, module.wasm)


def _weight(module: WasmFile) -> float:
    """A guess: a megabyte takes as long as the process's start and a small module, several times."""
    return 1 + module.wasm.stat().st_size / 1e6


def _compile(engine: Engine, module: WasmFile, effort: Effort, row: Compilation, is_first: bool) -> None:
    """One process. How big the code is, which some engines must compile once more to tell, is asked once."""
    if row.error:
        return
    rounds = effort.rounds(engine, module.wasm)
    job = {"wasm": str(module.wasm), "rounds": rounds, "threads": row.threads, "sizes": is_first}
    try:
        answer = engine.compile(job)
    except ProcessError as error:
        row.error = str(error)
        return
    for clock, cold, warm in (("cpu", row.cold, row.warm), ("wall", row.cold_wall, row.warm_wall)):
        cold.add(answer[clock][0])
        for value in answer[clock][1:]:
            warm.add(value)
    for value in answer["validate"]:
        row.validate.add(value)
    if is_first:
        row.code_bytes = answer.get("code_bytes", 0)
        row.memory_bytes = answer.get("memory_bytes", 0)
