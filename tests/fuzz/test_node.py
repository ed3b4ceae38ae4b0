"""The fuzzer with V8 as the engine that is believed: both forms of exceptions, each in modules of its own."""

from __future__ import annotations

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
    assert summary.broken <= len(SEEDS) // 20  # V8 has no tags of exnref


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


@pytest.mark.parametrize("seed", [3760457157, 3760495361, 3760504824])
def test_null_is_null_and_a_function_is_no_text(pair: Pair, seed: int) -> None:
    """Tables of JavaScript's begin with `undefined`; a host function gave a function's name for an externref."""
    assert check(pair, encoded(generate(seed, forms=("exnref", "legacy")))) is None
