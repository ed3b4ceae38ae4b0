"""The table that shows how much faster programs are with vectors."""

from __future__ import annotations

from linocut.bench.report.tables.vectors import vectors
from linocut.bench.results import EngineInfo, Execution, ModuleInfo, Results
from linocut.bench.samples import Samples

SECONDS = {
    ("blur-simd", "linocut"): 0.25,
    ("blur-scalar", "linocut"): 1.0,
    ("utf8-simd", "linocut"): 0.1,
    ("utf8-scalar", "linocut"): 0.9,
    ("blur-simd", "liftoff"): 1.0,
    ("blur-scalar", "liftoff"): 2.0,
    ("blur-scalar", "wasm3"): 8.0,
    ("utf8-scalar", "wasm3"): 8.0,
    ("fib", "linocut"): 3.0,
}
KINDS = {"wasm3": "interpreter", "linocut": "copy-and-patch", "liftoff": "baseline"}


def results() -> Results:
    """An engine that runs everything, one that runs one pair, and one that refuses vectors."""
    suites = {"simd": "simd", "scalar": "scalar", "fib": "everyday"}
    names = list(dict.fromkeys(name for name, _ in SECONDS))
    runs = [Execution(name, engine, Samples([time]), "cpu", "a1") for (name, engine), time in SECONDS.items()]
    runs += [Execution(name, "wasm3", error="no SIMD here") for name in ("blur-simd", "utf8-simd")]
    return Results(
        engines=[EngineInfo(name, kind) for name, kind in KINDS.items()],
        modules=[ModuleInfo(name, suites[name.split("-")[-1]], 1000, 900) for name in names],
        execution=runs,
    )


def test_twins_are_divided_by_kernels() -> None:
    (table,) = vectors(results())
    assert [column.head for column in table.columns] == ["kernel", "wasm3", "linocut", "liftoff"]
    assert [[cell.parts[0] for cell in row] for row in table.rows] == [
        ["blur", "error", "4.00×", "2.00×"],
        ["utf8", "error", "9.00×", "–"],
        ["geometric mean", "–", "6.00×", "2.00×"],
    ]


def test_without_kernels_there_is_no_table() -> None:
    few = results()
    few.execution = [run for run in few.execution if run.program == "fib"]
    assert list(vectors(few)) == []
