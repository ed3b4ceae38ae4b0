"""Binaryen's generator as the fuzzer's second source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import linocut
import pytest
from linocut import fuzz
from linocut.cli.fuzz import main
from linocut.fuzz.binaryen import WasmOpt
from linocut.fuzz.check import Failure, Pair, check
from linocut.fuzz.linocut_executor import LinocutExecutor, LinocutSession
from linocut.fuzz.minimise import shortened
from linocut.tooling import ToolError

if TYPE_CHECKING:
    from pathlib import Path

    from linocut.fuzz.harness import Host
    from linocut.fuzz.program import Program


@pytest.fixture(scope="module")
def source() -> WasmOpt:
    try:
        return WasmOpt()
    except ToolError as absent:
        pytest.skip(str(absent))


@pytest.mark.parametrize("reference", ["wasmtime", "interpreter", "node"])
def test_modules_run_alike(source: WasmOpt, reference: str) -> None:
    try:
        pair = fuzz.open_pair("linocut", reference)
    except (ModuleNotFoundError, ToolError) as absent:
        pytest.skip(str(absent))
    summary = fuzz.run(pair, fuzz.Plan(0, 40, None, jobs=2), source=fuzz.open_source(pair, "wasm-opt"))
    assert (summary.done, summary.failures, summary.broken) == (40, {}, 0)


def test_a_seed_is_the_same_module_again(source: WasmOpt) -> None:
    assert source.case(3) == source.case(3) != source.case(4)


def test_functions_are_called_and_show_something(source: WasmOpt) -> None:
    cases = [source.case(seed) for seed in range(40)]
    assert sum(len(case.program.plan) for case in cases) > 100
    names = {instruction for case in cases for instruction in source.text(case).split()}
    assert {"(v128.const", "(memory.copy", "(call_indirect"} <= names


class Wrong(LinocutSession):
    """An engine in which every result but 0 is 7."""

    def call(self, instance: int, name: str, args: list[Any]) -> tuple[Any, ...]:
        return tuple(7 if result else result for result in super().call(instance, name, args))


class WrongEngine(LinocutExecutor):
    def open(self, wasm: bytes, program: Program, hosts: list[Host]) -> LinocutSession:
        return Wrong(linocut.load(wasm), program, hosts, 1.0)


def test_what_differs_is_made_small(source: WasmOpt) -> None:
    pair = Pair(LinocutExecutor(1.0), WrongEngine(1.0))
    seed = next(
        seed for seed in range(200) if len(source.case(seed).wasm) > 1000 and check(pair, source.case(seed))
    )
    small, failure = fuzz.minimised(pair, source, seed, Failure("differs", ""), 20.0)
    assert failure.kind == "differs"
    assert len(small.wasm) < 1000 and len(small.wasm) < len(source.case(seed).wasm) / 2


def test_runs_of_bytes_are_taken_out() -> None:
    assert shortened(bytes(range(100)), lambda data: {3, 50, 51} <= set(data), 20.0) == bytes([3, 50, 51])


def test_the_command_knows_the_source(source: WasmOpt, tmp_path: Path) -> None:
    arguments = ["--source", "wasm-opt", "--against", "interpreter", "--count", "5", "--out", str(tmp_path)]
    assert main(arguments) == 0
    with pytest.raises(SystemExit):
        main([*arguments, "--mutate"])
