"""A run of the fuzzer: which engines, which modules, and what is asked about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.fuzz.binaryen import WasmOpt
from linocut.fuzz.campaign import Plan, Summary, run_campaign
from linocut.fuzz.check import Failure, Pair, check, isolated
from linocut.fuzz.linocut_executor import LinocutExecutor
from linocut.fuzz.mutate import check_mutant, mutant
from linocut.fuzz.sources import Generator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linocut.fuzz.campaign import Question
    from linocut.fuzz.harness import Executor
    from linocut.fuzz.sources import Case, Source
    from linocut.fuzz.stock import Stock

_TIMEOUT = 1.0  # seconds that a broken module may run
# Of exceptions, in engines other than linocut.
_FORMS = {"wasmtime": ("exnref",), "node": ("exnref", "legacy")}
_KINDS_OF_VERDICTS = 200  # per worker: their details are the same for very many mutants, and are counted


def open_pair(
    subject: str = "linocut",
    reference: str = "wasmtime",
    *,
    without: Sequence[str] = (),
    mutants: bool = False,
) -> Pair:
    """The engine under test and the one that is believed: "linocut", "interpreter", "wasmtime" or "node".

    `without` are switches of linocut.experiments; `mutants`: the modules will be broken ones, which may run
    for ever. Raises ModuleNotFoundError without wasmtime, ToolError without node, ValueError for no such
    switch.
    """
    timeout = _TIMEOUT if mutants else None
    others = {subject, reference} & _FORMS.keys()
    return Pair(
        _executor(reference, "none", timeout, without),
        _executor(subject, "speed", timeout, without),
        portable=bool(others),
        forms=min((_FORMS[name] for name in others), key=len, default=("both",)),
    )


def _executor(name: str, opt_level: str, timeout: float | None, without: Sequence[str]) -> Executor:
    # The packages and programs of other engines need not be there where they are not asked.
    if name == "wasmtime":
        from linocut.fuzz.wasmtime_executor import WasmtimeExecutor

        return WasmtimeExecutor(opt_level)
    if name == "node":
        from linocut.fuzz.node_executor import NodeExecutor

        return NodeExecutor()
    if name == "interpreter":
        return LinocutExecutor(timeout, interpret=True)
    return LinocutExecutor(timeout, without)


def open_source(pair: Pair, name: str = "linocut") -> Source:
    """What makes the modules, such as the pair can run: "linocut", or "wasm-opt", binaryen's generator.

    Raises ToolError without wasm-opt.
    """
    if name == "wasm-opt":
        return WasmOpt()
    return Generator(pair.portable, pair.forms)


def run(
    pair: Pair,
    plan: Plan,
    *,
    source: Source | None = None,
    stock: Stock | None = None,
    progress: Callable[[Summary], None] | None = None,
) -> Summary:
    """Ask the same of both engines for every seed of the plan, in worker processes that may crash.

    Of a seed's module, from `source` (default: open_source(pair)), all that shows is compared; with a `stock`
    its modules are broken, and the verdicts compared. Ctrl-C gives what was found so far.

    >>> from linocut import fuzz
    >>> pair = fuzz.open_pair("linocut", "interpreter")
    >>> summary = fuzz.run(pair, fuzz.Plan(first=1, count=3, seconds=None, jobs=1))
    >>> summary.done, summary.failures
    (3, {})
    """
    if stock is not None:
        plan.kinds_at_most = _KINDS_OF_VERDICTS
    question = _question(pair, source or open_source(pair), stock)
    return run_campaign(plan, question, progress or _ignore)


def _ignore(_: Summary) -> None:
    """Nobody looks on."""


def _question(pair: Pair, source: Source, stock: Stock | None) -> Question:
    if stock is not None:
        return lambda seed: check_mutant(pair, mutant(stock, seed), stock.program(seed))
    return lambda seed: check(pair, source.case(seed))


def minimised(
    pair: Pair, source: Source, seed: int, failure: Failure, seconds: float = 60.0
) -> tuple[Case, Failure]:
    """A small module that fails in the same way as a seed's, found in that time, and how it fails."""

    def fails(case: Case) -> bool:
        found = isolated(lambda: check(pair, case))
        return found is not None and found.kind == failure.kind

    small = source.minimised(seed, fails, seconds)
    return small, isolated(lambda: check(pair, small)) or failure
