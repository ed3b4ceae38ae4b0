"""What the Python workers share: a job comes as one JSON argument, the answer is the last line of output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

Compile = Callable[[bytes], Any]
Open = Callable[[Path, dict[str, Any]], Callable[[int], int]]


def serve(compile_: Compile | None, open_: Open) -> None:
    """Do the job of sys.argv with an engine's two verbs."""
    job = json.loads(sys.argv[1])
    path = Path(job["wasm"])
    if job["task"] == "compile" and compile_:
        answer = _compile(compile_, path.read_bytes(), job["rounds"])
    else:
        answer = _run(open_(path, job), job["n"], job["rounds"])
    print(json.dumps(answer))


def _compile(compile_: Compile, wasm: bytes, rounds: int) -> dict[str, Any]:
    wall, cpu = [], []
    for _ in range(rounds):
        start, cpu_start = perf_counter(), process_time()
        module = compile_(wasm)
        cpu.append(process_time() - cpu_start)
        wall.append(perf_counter() - start)
        del module
    return {"wall": wall, "cpu": cpu}


def _run(function: Callable[[int], int], n: int, rounds: int) -> dict[str, Any]:
    wall, cpu, results = [], [], []
    for _ in range(rounds):
        start, cpu_start = perf_counter(), process_time()
        result = function(n)
        cpu.append(process_time() - cpu_start)
        wall.append(perf_counter() - start)
        results.append(str(result))
    return {"wall": wall, "cpu": cpu, "results": results}
