"""Compile jobs: what all workers in Python share.

The job is one JSON argument, the last of the command line::

    {"wasm": path, "rounds": how often to compile, "threads": 1, "sizes": whether to look at the code's size}

The answer is a line of JSON: seconds of CPU and of wall clock, one per round, the first of which is the first
compilation of this process; what validation alone takes, if the engine offers it; and sizes in bytes::

    {"cpu": […], "wall": […], "validate": […], "code_bytes": n, "memory_bytes": n}
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any


def serve(
    compile_: Callable[[bytes], Any],
    validate: Callable[[bytes], object] | None = None,
    code_bytes: Callable[[Any], int] | None = None,
) -> None:
    """Do the job of sys.argv. `code_bytes` tells the size of the machine code of what `compile_` gave."""
    job = read_job()
    wasm = Path(job["wasm"]).read_bytes()
    answer: dict[str, Any] = {"cpu": [], "wall": [], "validate": [], "code_bytes": 0}
    module: Any = None
    before = anonymous_memory()
    for number in range(job["rounds"]):
        del module  # so that each round starts with the memory of the first
        start, cpu_start = perf_counter(), process_time()
        module = compile_(wasm)
        answer["cpu"].append(process_time() - cpu_start)
        answer["wall"].append(perf_counter() - start)
        if number == 0:
            answer["memory_bytes"] = anonymous_memory() - before
    if validate:
        answer["validate"] = [_cpu_of(lambda: validate(wasm)) for _ in range(job["rounds"])]
    if code_bytes and job["sizes"]:
        answer["code_bytes"] = code_bytes(module)
    print(json.dumps(answer))


def read_job() -> dict[str, Any]:
    """The job of this process."""
    job: dict[str, Any] = json.loads(sys.argv[-1])
    return job


def anonymous_memory() -> int:
    """Bytes of this process that are no pages of files: those of the engine's own program do not count."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in status)
    return sum(int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssShmem"))


def _cpu_of(action: Callable[[], object]) -> float:
    start = process_time()
    action()
    return process_time() - start
