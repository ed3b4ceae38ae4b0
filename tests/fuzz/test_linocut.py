"""What `linocut fuzz` is for: ten thousand modules and as many broken ones, compared with wasmtime.
The interpreter, too, is tested, and takes the place of wasmtime."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from linocut.cli.fuzz import main
from linocut.fuzz.campaign import Plan, run_campaign
from linocut.fuzz.check import Failure, Pair
from linocut.fuzz.linocut_executor import LinocutExecutor
from linocut.fuzz.mutate import check_mutant, mutant
from linocut.fuzz.stock import Stock, read_stock
from linocut.spec.suite import find_suite

pytest.importorskip("wasmtime")

from linocut.fuzz.wasmtime_executor import WasmtimeExecutor

COUNT = 10_000


def fuzz(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--jobs", "2", "--out", str(folder)])


# Another processor makes other NaNs where that is free, in each engine its own.
@pytest.mark.compiled
def test_ten_thousand_modules_run_alike(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--count", str(COUNT), "--seed", "0") == 0


@pytest.mark.parametrize("against", [pytest.param("wasmtime", marks=pytest.mark.compiled), "interpreter"])
def test_modules_that_nobody_has_seen_run_alike(tmp_path: Path, against: str) -> None:
    """The seeds are new each time; the command prints them."""
    assert fuzz(tmp_path, "--count", "5000", "--against", against) == 0


@cache
def failures_of_mutants(suite: Path | None, interpret: bool = False) -> Counter[Failure]:
    """How often ten thousand broken modules fail in each way; they come from our generator or the suite."""
    stock = read_stock([suite]) if suite else Stock()
    if interpret:
        pair = Pair(LinocutExecutor(1.0, interpret=True), LinocutExecutor(1.0))
    else:
        pair = Pair(WasmtimeExecutor(), LinocutExecutor(1.0))
    plan = Plan(0, COUNT, None, jobs=2, kinds_at_most=200)
    summary = run_campaign(
        plan, lambda seed: check_mutant(pair, mutant(stock, seed), stock.program(seed)), lambda _: None
    )
    assert summary.done == COUNT
    return Counter(summary.failures.values())


# The reference has no legacy exceptions. It counts noexn (0x74) as part of exceptions, linocut as part of GC.
LISTED = (
    "legacy_exceptions feature required",
    'value type # needs garbage-collected objects (GC) (feature "gc")',
)


def is_listed(failure: Failure) -> bool:
    return any(words in failure.detail for words in LISTED)


suites = pytest.mark.parametrize("suite", [None, find_suite()], ids=["generated", "of the suite"])


@suites
def test_ten_thousand_broken_modules_are_judged_alike(suite: Path | None) -> None:
    found = {failure: n for failure, n in failures_of_mutants(suite).items() if not is_listed(failure)}
    assert {failure: n for failure, n in found.items() if failure.kind != "contradicts itself"} == {}


@suites
def test_validate_load_and_interpreter_say_the_same_of_broken_modules(suite: Path | None) -> None:
    found = failures_of_mutants(suite)
    assert {failure: n for failure, n in found.items() if failure.kind == "contradicts itself"} == {}


def test_fuzzer_against_the_reference_itself(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--engine", "wasmtime", "--count", "300", "--seed", "1") == 0


@pytest.mark.compiled
def test_the_interpreter_agrees_with_both(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--engine", "interpreter", "--count", "1000", "--seed", "20000") == 0
    assert fuzz(tmp_path, "--against", "interpreter", "--count", "5000", "--seed", "21000") == 0


def test_the_interpreter_takes_the_same_broken_modules() -> None:
    found = failures_of_mutants(None, interpret=True)
    assert {failure: n for failure, n in found.items() if failure.kind != "contradicts itself"} == {}
