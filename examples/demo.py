"""Runs CPython, compiled to WebAssembly, and a small loop, and says what each cost. `make demo` runs this."""

import io
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import linocut.extras
from linocut.text.wat import wat_to_wasm
from linocut.wasi import Wasi

COLLATZ = """(module (func (export "longest") (param $limit i64) (result i64)
  (local $n i64) (local $x i64) (local $steps i64) (local $best i64)
  (loop $next
    (local.set $n (i64.add (local.get $n) (i64.const 1)))
    (local.set $x (local.get $n)) (local.set $steps (i64.const 0))
    (block $done (loop $step
      (br_if $done (i64.le_u (local.get $x) (i64.const 1)))
      (local.set $steps (i64.add (local.get $steps) (i64.const 1)))
      (local.set $x (if (result i64) (i64.eqz (i64.and (local.get $x) (i64.const 1)))
        (then (i64.shr_u (local.get $x) (i64.const 1)))
        (else (i64.add (i64.mul (local.get $x) (i64.const 3)) (i64.const 1)))))
      (br $step)))
    (if (i64.gt_u (local.get $steps) (local.get $best)) (then (local.set $best (local.get $steps))))
    (br_if $next (i64.lt_u (local.get $n) (local.get $limit))))
  local.get $best))"""
SCRIPT = """import json, hashlib, platform
print(f"Python {platform.python_version()} on {platform.system()}, sha256 of a JSON text:",
      hashlib.sha256(json.dumps(list(range(10**5))).encode()).hexdigest()[:16])"""


def timed(what: str, call: Callable[[], Any]) -> Any:
    """Do it, and print how long it took."""
    started = time.perf_counter()
    result = call()
    print(f"{(time.perf_counter() - started) * 1e3:9.1f} ms  {what}")
    return result


def collatz(limit: int) -> None:
    """A loop that Python is slow at."""
    wasm = wat_to_wasm(COLLATZ)
    module = timed(f"compile a module of {len(wasm)} bytes", lambda: linocut.load(wasm))
    longest = module.instantiate().exports.longest
    steps = timed(f"longest Collatz chain up to {limit:,}", lambda: longest(limit))
    print(f"{'':13} -> {steps} steps\n")


def cpython() -> None:
    """A whole interpreter, with its files inside the module."""
    spec = find_spec("wasm_runtime")
    assert spec and spec.submodule_search_locations
    wasm = next(Path(spec.submodule_search_locations[0]).glob("python-*.wasm")).read_bytes()
    module = timed(f"compile CPython, {len(wasm) / 1e6:.1f} MB", lambda: linocut.load(wasm))
    out = io.BytesIO()
    timed("start it and run a script", lambda: Wasi(["python", "-c", SCRIPT], stdout=out).run(module))
    print(f"{'':13} -> {out.getvalue().decode()}")


if __name__ == "__main__":
    linocut.extras.require("wasmtime", "wasm_runtime")
    collatz(1_000_000)
    cpython()
