"""A run of the fuzzer: which engines, which modules, and what is asked about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz.campaign import Plan, Summary, run_campaign
from linocut.fuzz.check import Failure, Pair, check, isolated
from linocut.fuzz.generate import generate
from linocut.fuzz.linocut_executor import LinocutExecutor
from linocut.fuzz.minimise import minimise
from linocut.fuzz.mutate import check_mutant, mutant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linocut.fuzz.campaign import Question
    from linocut.fuzz.harness import Executor
    from linocut.fuzz.program import Program
    from linocut.fuzz.stock import Stock

_TIMEOUT = 1.0  # seconds that a broken module may run
_KINDS_OF_VERDICTS = 200  # per worker: their details are the same for very many mutants, and are counted


def open_pair(
    subject: str = "linocut",
    reference: str = "wasmtime",
    *,
    without: Sequence[str] = (),
    mutants: bool = False,
) -> Pair:
    """The engine under test and the one that is believed: "linocut", "interpreter" or "wasmtime".

    `without` are switches of linocut.experiments; `mutants`: the modules will be broken ones, which may run
    for ever. Raises ModuleNotFoundError without wasmtime, ValueError for no such switch.
    """
    timeout = _TIMEOUT if mutants else None
    return Pair(
        _executor(reference, "none", timeout, without),
        _executor(subject, "speed", timeout, without),
        portable="wasmtime" in (subject, reference),
    )


def _executor(name: str, opt_level: str, timeout: float | None, without: Sequence[str]) -> Executor:
    if name == "wasmtime":
        # Here, because the package need not be there where linocut is compared with its own interpreter.
        from linocut.fuzz.wasmtime_executor import WasmtimeExecutor

        return WasmtimeExecutor(opt_level)
    if name == "interpreter":
        return LinocutExecutor(timeout, interpret=True)
    return LinocutExecutor(timeout, without)


def run(
    pair: Pair,
    plan: Plan,
    *,
    stock: Stock | None = None,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Ask the same of both engines for every seed of the plan, in worker processes that may crash.

    Of a seed's generated module all that shows is compared; with a `stock` its modules are broken, and the
    verdicts compared. Ctrl-C gives what was found so far.

    >>> from linocut import fuzz
    >>> pair = fuzz.open_pair("linocut", "interpreter")
    >>> summary = fuzz.run(pair, fuzz.Plan(first=1, count=3, seconds=None, jobs=1))
    >>> summary.done, summary.failures
    (3, {})
    """
    if stock is not None:
        plan.kinds_at_most = _KINDS_OF_VERDICTS
    return run_campaign(plan, _question(pair, stock), progress or _ignore)


def _ignore(_: Summary) -> None:
    """Nobody looks on."""


def _question(pair: Pair, stock: Stock | None) -> Question:
    if stock is not None:
        return lambda seed: check_mutant(pair, mutant(stock, seed), stock.program(seed))
    return lambda seed: check(pair, _generated(pair, seed))


def _generated(pair: Pair, seed: int) -> Program:
    return generate(seed, portable=pair.portable)


def minimised(pair: Pair, seed: int, failure: Failure, seconds: float = 60.0) -> tuple[Program, Failure]:
    """A small program that fails in the same way as a seed's, found in that time, and how it fails."""

    def fails(program: Program) -> bool:
        found = isolated(lambda: check(pair, program))
        return found is not None and found.kind == failure.kind

    small = minimise(_generated(pair, seed), fails, seconds)
    return small, isolated(lambda: check(pair, small)) or failure
