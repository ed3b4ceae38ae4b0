"""Measures calls both ways beside what C itself pays: worker_calls GUEST.wasm YARDSTICK.so ROUNDS."""

from __future__ import annotations

import importlib.util
import json
import sys
from itertools import repeat
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import linocut

if TYPE_CHECKING:
    from collections.abc import Callable

_CALLS = 200_000


def _load_extension(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("yardstick", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _empty() -> float:
    start = process_time()
    for _ in repeat(None, _CALLS):
        pass
    return process_time() - start


def _add(add: Callable[[int, int], int]) -> float:
    """Nanoseconds of one call from Python, without the loop around it."""
    start = process_time()
    for _ in repeat(None, _CALLS):
        add(1000, 2000)
    return (process_time() - start - _empty()) / _CALLS * 1e9


def _callback(call_many: Callable[[], int]) -> float:
    """Nanoseconds of one call to Python."""
    start = process_time()
    call_many()
    return (process_time() - start) / _CALLS * 1e9


def measure(guest: Path, extension: str, rounds: int) -> dict[str, list[float]]:
    """All four costs, interleaved, in CPU time: a busy machine would decide them otherwise."""
    yardstick = _load_extension(extension)

    def identity(value: int) -> int:
        return value

    exports: Any = linocut.load(guest.read_bytes()).instantiate({"host": {"call": identity}}).exports
    costs: dict[str, list[float]] = {"c_add": [], "wasm_add": [], "c_callback": [], "wasm_callback": []}
    for _ in range(rounds):
        costs["c_add"].append(_add(yardstick.add))
        costs["wasm_add"].append(_add(exports.add))
        costs["c_callback"].append(_callback(lambda: yardstick.call_many(identity, _CALLS)))
        costs["wasm_callback"].append(_callback(lambda: exports.call_many(_CALLS)))
    return costs


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
