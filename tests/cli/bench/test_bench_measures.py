"""Measures: which steps there are, in what order, and what they leave in the rows."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from linocut.bench.measures.compile_time import plan_compilation
from linocut.bench.measures.effort import Effort
from linocut.bench.measures.execution import plan_execution
from linocut.bench.measures.start_time import plan_start
from linocut.bench.steps import Step
from linocut.engines.engine import Engine, Kind
from linocut.engines.program import WasiProgram, WasmFile

ANSWER = {
    "cpu": [3.0, 2.0, 1.0],
    "wall": [6.0, 5.0, 4.0],
    "validate": [0.5],
    "code_bytes": 7,
    "memory_bytes": 9,
}


def prints(name: str, text: str, kind: Kind = Kind.CUSTOM) -> Engine:
    command = [sys.executable, "-c", f"print({text!r})"]
    return Engine(name, kind, "", lambda _: command, compiler=tuple(command))


def program(tmp_path: Path, name: str = "p", size: int = 10) -> WasiProgram:
    path = tmp_path / f"{name}.wasm"
    path.write_bytes(bytes(size))
    return WasiProgram(name, "suite", path)


def take(steps: list[Step]) -> None:
    for step in steps:
        step.take()


def test_engines_take_turns(tmp_path: Path) -> None:
    engines = [prints("a", "x"), prints("slow", "x", Kind.INTERPRETER), prints("c", "x")]
    _, steps = plan_execution([program(tmp_path)], engines, Effort(3))
    assert [step.engine for step in steps] == ["a", "slow", "c", "a", "slow", "c", "a", "c"]


def test_run_keeps_every_sample_and_the_checksum(tmp_path: Path) -> None:
    engine = prints("a", "kernel_seconds 0.25\nkernel_clock process_cpu\nchecksum 55\n")
    (row,), steps = plan_execution([program(tmp_path)], [engine], Effort(2))
    take(steps)
    assert (row.seconds.values, row.clock, row.checksum) == ([0.25, 0.25], "process_cpu", "55")


def test_engine_that_fails_is_not_asked_again(tmp_path: Path) -> None:
    count = tmp_path / "count"
    code = f"open({str(count)!r}, 'a').write('x'); raise SystemExit('oh no')"
    engine = Engine("a", Kind.CUSTOM, "", lambda _: [sys.executable, "-c", code])
    (row,), steps = plan_execution([program(tmp_path)], [engine], Effort(3))
    take(steps)
    assert row.error == "exit code 1: oh no"
    assert count.read_text() == "x"


def test_result_that_changes_from_run_to_run_is_an_error(tmp_path: Path) -> None:
    code = "import time; print(f'kernel_seconds 1.0\\nchecksum {time.monotonic_ns()}')"
    engine = Engine("a", Kind.CUSTOM, "", lambda _: [sys.executable, "-c", code])
    (row,), steps = plan_execution([program(tmp_path)], [engine], Effort(2))
    take(steps)
    assert "it computed" in row.error


def test_compile_times_are_cold_first_and_warm_after(tmp_path: Path) -> None:
    (row,), steps = plan_compilation([program(tmp_path)], [prints("a", json.dumps(ANSWER))], Effort(2))
    take(steps)
    assert row.cold.values == [3.0, 3.0]
    assert row.warm.values == [2.0, 1.0] * 2
    assert row.cold_wall.values == [6.0, 6.0]
    assert row.warm_wall.values == [5.0, 4.0] * 2
    assert row.validate.values == [0.5, 0.5]
    assert (row.code_bytes, row.memory_bytes) == (7, 9)


def test_slow_compilers_do_not_compile_big_modules_in_a_quick_run(tmp_path: Path) -> None:
    modules = [program(tmp_path, "small"), program(tmp_path, "big", 1_000_000)]
    engines = [prints("fast", "", Kind.BASELINE), prints("slow", "", Kind.OPTIMISING)]
    rows, _ = plan_compilation(modules, engines, Effort(2, quick=True))
    assert [(row.module, row.engine) for row in rows] == [
        ("small", "fast"),
        ("small", "slow"),
        ("big", "fast"),
    ]
    _, steps = plan_compilation(modules, engines, Effort(2))
    assert [step.engine for step in steps if step.subject == "big"] == ["fast", "slow", "fast"]


def test_threads_are_part_of_the_job_and_the_row(tmp_path: Path) -> None:
    code = "import json, sys; job = json.loads(sys.argv[-1]); print(json.dumps({'cpu': [job['threads']], 'wall': [1], 'validate': []}))"
    engine = Engine("a", Kind.CUSTOM, "", compiler=(sys.executable, "-c", code))
    (row,), steps = plan_compilation([program(tmp_path)], [engine], Effort(1), threads=2)
    take(steps)
    assert (row.threads, row.cold.values) == (2, [2])


def test_start_is_the_wall_clock_of_a_process(tmp_path: Path) -> None:
    code = "import time; time.sleep(0.2)"
    engine = Engine("a", Kind.CUSTOM, "", lambda _: [sys.executable, "-c", code])
    (row,), steps = plan_start(program(tmp_path), [engine], 1)
    take(steps)
    assert 0.2 <= row.seconds.values[0] < 20


@pytest.mark.parametrize("name", ["linocut", "liftoff", "cranelift", "winch"])
def test_worker_measures_a_real_module(name: str, folder: Path) -> None:
    from linocut.engines.finding import find_engines

    if not (engines := find_engines([name]).found):
        pytest.skip(f"{name} is absent")
    module = WasmFile("one", "mine", folder / "one.wasm")
    (row,), steps = plan_compilation([module], engines, Effort(1))
    take(steps)
    assert not row.error
    assert all(seconds > 0 for seconds in row.cold.values + row.cold_wall.values)
    assert row.code_bytes > 0
    assert row.memory_bytes > 0
    assert row.validate.values
