"""The fuzzer with V8 as the trusted engine: both forms of exceptions, each in modules of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from linocut import fuzz
from linocut.fuzz.check import Pair, check
from linocut.fuzz.generate import generate
from linocut.fuzz.program import walk
from linocut.fuzz.sources import encoded
from linocut.tooling import ToolError

SEEDS = range(200)


@pytest.fixture(scope="module")
def pair() -> Pair:
    try:
        return fuzz.open_pair("linocut", "node")
    except ToolError as absent:
        pytest.skip(str(absent))


def test_modules_run_alike(pair: Pair) -> None:
    summary = fuzz.run(pair, fuzz.Plan(0, len(SEEDS), None, jobs=2))
    assert (summary.done, summary.failures) == (len(SEEDS), {})
    assert summary.broken <= len(SEEDS) // 20  # V8 has no tags with exnref


def test_a_module_has_one_form_of_exceptions() -> None:
    """V8 refuses modules that have both."""
    seen = set()
    for seed in SEEDS:
        program = generate(seed, forms=("exnref", "legacy"))
        names = {instr.op.name for function in program.functions for instr in walk(function.body)}
        forms = bool(names & {"try_table", "throw_ref"}), bool(names & {"try", "delegate", "rethrow"})
        assert forms != (True, True)
        seen.add(forms)
    assert len(seen) == 3


def test_the_interpreter_runs_alike() -> None:
    try:
        pair = fuzz.open_pair("interpreter", "node")
    except ToolError as absent:
        pytest.skip(str(absent))
    for seed in range(500, 540):
        assert check(pair, encoded(generate(seed, forms=("legacy",)))) is None


@pytest.mark.parametrize("seed", [3760457157, 3760495361, 3760504824, 3685378052])
def test_null_is_null_and_a_function_is_no_text(pair: Pair, seed: int) -> None:
    """JavaScript's tables begin with `undefined`; a host function gave a function's name as an externref.

    The last one ends with an exception that holds another one.
    """
    assert check(pair, encoded(generate(seed, forms=("exnref", "legacy")))) is None


# A worker that prints the process id of its node, and then waits in a module that never ends.
KILLED = """
import sys
from linocut.fuzz.node_executor import NodeExecutor
from linocut.fuzz.sources import encoded
from linocut.fuzz.program import Function, Program, Signature
from linocut.text.wat import wat_to_wasm
program = Program(1, functions=[Function(Signature((), ()), [], [])])
node = NodeExecutor()
session = node.open(wat_to_wasm('(module (func (export "f0") (loop br 0)))'), program, [])
print(node._worker._process.pid, flush=True)
session.instantiate()
session.call(0, "f0", [])
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="util-linux has setpriv")
def test_node_ends_with_the_worker_that_is_killed(pair: Pair) -> None:
    pytest.importorskip("wasmtime", reason="reads the text")
    worker = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    pid = int(worker.stdout.readline())
    worker.kill()
    worker.communicate()
    latest = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < latest
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
