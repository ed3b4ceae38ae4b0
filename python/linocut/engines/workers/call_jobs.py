"""What a call costs, Python → WebAssembly and back, beside the same in C in the same process.

The job is one JSON argument::

    {"wasm": bench/calls/guest.c compiled, "yardstick": bench/calls/yardstick.c as an extension or "",
     "rounds": n}

The answer is a line of JSON: for each name below the nanoseconds of one call, one per round.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from itertools import repeat
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Add = Callable[[int, int], int]
    CallMany = Callable[[int], int]
    Open = Callable[[bytes, Callable[[int], int]], tuple[Add, CallMany]]


_FEW, _NANOSECONDS = 1000, 5e6


def serve(open_: Open) -> None:
    """`open_` gives the guest's two functions as its engine has them; they call what it is given."""
    job = json.loads(sys.argv[-1])
    add, call_many = open_(Path(job["wasm"]).read_bytes(), _identity)
    yardstick = _load_extension(job["yardstick"]) if job["yardstick"] else None
    costs: dict[str, list[float]] = {"add": [], "call_many": [], "c_add": [], "c_call_many": []}
    count = _enough(add, call_many)
    for _ in range(job["rounds"]):  # in turn, in CPU time: a busy machine would decide otherwise
        costs["add"].append(_add(add, count))
        costs["call_many"].append(_call_many(call_many, count))
        if yardstick:
            costs["c_add"].append(_add(yardstick.add, count))
            costs["c_call_many"].append(_call_many(lambda n: yardstick.call_many(_identity, n), count))
    print(json.dumps(costs))


def _identity(value: int) -> int:
    return value


def _enough(add: Add, call_many: CallMany) -> int:
    """How many calls take so long that the clock is exact: it depends on the engine by a factor of 1000."""
    count = _FEW
    while min(_add(add, count), _call_many(call_many, count)) * count < _NANOSECONDS:
        count *= 2
    return count


def _load_extension(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("yardstick", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _empty(count: int) -> float:
    start = process_time()
    for _ in repeat(None, count):
        pass
    return process_time() - start


def _add(add: Add, count: int) -> float:
    """Nanoseconds of one call from Python, without the loop around it."""
    start = process_time()
    for _ in repeat(None, count):
        add(1000, 2000)
    return (process_time() - start - _empty(count)) / count * 1e9


def _call_many(call_many: CallMany, count: int) -> float:
    """Nanoseconds of one call to Python."""
    start = process_time()
    call_many(count)
    return (process_time() - start) / count * 1e9
