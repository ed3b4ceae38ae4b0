"""What the Python workers share: a job comes as one JSON argument, the answer is the last line of output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
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
    times = []
    for _ in range(rounds):
        start = perf_counter()
        module = compile_(wasm)
        times.append(perf_counter() - start)
        del module
    return {"times": times}


def _run(function: Callable[[int], int], n: int, rounds: int) -> dict[str, Any]:
    times, results = [], []
    for _ in range(rounds):
        start = perf_counter()
        result = function(n)
        times.append(perf_counter() - start)
        results.append(str(result))
    return {"times": times, "results": results}
