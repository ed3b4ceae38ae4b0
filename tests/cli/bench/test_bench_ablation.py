"""`--ablate`: an engine for each switch, measured in turn with its original, and reported separately."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut
import pytest
from linocut import experiments
from linocut.bench.ablation import (
    ASKING,
    LIFTOFF_ABLATIONS,
    Ablation,
    all_ablations,
    our_ablations,
    separate,
    variants_of,
)
from linocut.bench.report.changes import changes
from linocut.bench.report.json_file import read_json
from linocut.bench.results import Compilation, Execution, Results, Variant
from linocut.bench.samples import Samples
from linocut.cli import bench as command
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent
from linocut.engines.linocut import find
from linocut.engines.node import find_liftoff
from linocut.engines.process import execute
from linocut.engines.program import WasiProgram

if TYPE_CHECKING:
    from pathlib import Path

LOOP = """(module (func (export "f") (param i32) (result i32)
  (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 0)))"""


def test_every_switch_of_the_compiler_has_a_row() -> None:
    assert [switch.flags[1] for switch in our_ablations()] == list(experiments.SWITCHES)
    names = [switch.variant for switch in all_ablations()]
    assert len(set(names)) == len(names)
    assert all(switch.says for switch in all_ablations())


def test_only_engines_that_are_there_are_varied() -> None:
    assert variants_of([Engine("gcc", Kind.NATIVE, "")]) == []
    assert [engine.name for engine in variants_of([find()])] == [s.variant for s in our_ablations()]


def test_rows_of_variants_are_set_apart() -> None:
    switch = our_ablations()[1]
    results = Results(
        execution=[Execution("p", "linocut"), Execution("p", switch.variant)],
        compilation=[Compilation("p", switch.variant), Compilation("p", "gcc")],
    )
    separate(results)
    assert [row.engine for row in results.execution] == ["linocut"]
    assert [row.engine for row in results.compilation] == ["gcc"]
    (variant,) = results.ablation
    assert (variant.name, variant.engine, variant.says) == (switch.name, "linocut", switch.says)
    assert (len(variant.execution), len(variant.compilation)) == (1, 1)


@pytest.mark.compiled
def test_the_worker_compiles_without(tmp_path: Path) -> None:
    pytest.importorskip("wasmtime")
    module = linocut.load(LOOP)
    path = tmp_path / "loop.wasm"
    path.write_bytes(module._wasm)
    job = {"wasm": str(path), "rounds": 2, "threads": 1, "sizes": True}
    sizes = {engine.name: engine.compile(job)["code_bytes"] for engine in [find(), *variants_of([find()])]}
    assert sizes["linocut"] == sizes["linocut, only asking"]
    assert sizes["linocut, no pinned locals"] > sizes["linocut"]
    assert sizes["linocut, no fused branches"] > sizes["linocut"]


@pytest.mark.compiled
def test_variants_run_programs(folder: Path) -> None:
    program = WasiProgram("one", "mine", folder / "one.wasm")
    for engine in variants_of([find()]):
        assert "checksum 1" in engine.run(program).output, engine.name


@pytest.mark.compiled
def test_the_whole_command(folder: Path, tmp_path: Path) -> None:
    written = tmp_path / "results.json"
    line = [str(folder), "--ablate", "--engines", "linocut", "--only", "run,compile", "--repeat", "1"]
    assert command.main([*line, "--json", str(written)]) == 0
    results = read_json(written)
    assert {row.engine for row in [*results.execution, *results.compilation]} == {"linocut"}
    assert [variant.name for variant in results.ablation] == [switch.name for switch in our_ablations()]
    for variant in results.ablation:
        assert {row.program for row in variant.execution} == {"one", "two"}
        assert {row.module for row in variant.compilation} == {"one", "two", "library"}
        assert not any(row.error for row in [*variant.execution, *variant.compilation])


@pytest.mark.parametrize("switch", LIFTOFF_ABLATIONS, ids=lambda switch: switch.name)
def test_node_knows_the_flags(switch: Ablation) -> None:
    try:
        engine = find_liftoff()
    except Absent as absent:
        pytest.skip(str(absent))
    assert engine.compiler is not None
    options = execute([engine.compiler[0], "--v8-options"], 60.0).output
    if "--wasm-inlining-call-indirect" not in options:
        pytest.skip(f"the flags are those of node 24, this is {engine.version}")
    for flag in switch.flags:
        assert f"--{flag.removeprefix('--').removeprefix('no-')} (" in options


def test_compile_times_compare_to_a_compiler_that_asks_too() -> None:
    def compiled(seconds: float) -> list[Compilation]:
        return [Compilation("p", "linocut", warm=Samples([seconds]))]

    asking, other = Variant(ASKING, "linocut", ""), Variant("no immediates", "linocut", "")
    asking.compilation, other.compilation = compiled(2.0), compiled(3.0)
    results = Results(compilation=compiled(1.0), ablation=[asking, other])
    ratios = {change.switch: change.ratios["compile time"] for change in changes(results)}
    assert ratios == {ASKING: {"p": 2.0}, "no immediates": {"p": 1.5}}
