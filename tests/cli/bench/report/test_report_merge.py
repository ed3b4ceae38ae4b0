"""Runs in parts: nothing is lost, and what was measured twice counts once."""

from __future__ import annotations

from linocut.bench.report.merge import merge
from linocut.bench.results import Compilation, EngineInfo, Execution, Results
from linocut.bench.samples import Samples


def _run(command: str, seconds: float, program: str, threads: int) -> Results:
    return Results(
        machine={"processor": command},
        command=command,
        noise="busy",
        engines=[EngineInfo("linocut", "copy-and-patch")],
        execution=[Execution(program, "linocut", Samples([seconds]))],
        compilation=[Compilation("m", "linocut", threads, Samples([seconds]))],
    )


def test_parts_add_up() -> None:
    merged = merge([_run("a", 1.0, "gemm", 1), _run("b", 2.0, "fib", 2)])
    assert [e.program for e in merged.execution] == ["gemm", "fib"]
    assert [c.threads for c in merged.compilation] == [1, 2]
    assert [e.name for e in merged.engines] == ["linocut"]
    assert (merged.machine, merged.command, merged.noise) == ({"processor": "a"}, "a; b", "busy")


def test_the_later_measurement_counts() -> None:
    merged = merge([_run("a", 1.0, "gemm", 1), _run("b", 2.0, "gemm", 1)])
    assert [e.seconds.median for e in merged.execution] == [2.0]
