"""Ratios and means: what is compared with what, and what is left out."""

from __future__ import annotations

import math

import pytest
from linocut.bench.report import disagreements, grid
from linocut.bench.report.changes import changes
from linocut.bench.report.tables.compilation import throughput
from linocut.bench.results import Compilation, EngineInfo, Execution, ModuleInfo, Results, Variant
from linocut.bench.samples import Samples
from small_results import small


def test_mean_is_over_programs_that_both_engines_have() -> None:
    results = small(
        {"a": {"liftoff": 1.0, "linocut": 0.5}, "b": {"liftoff": 4.0, "linocut": 8.0}, "c": {"linocut": 9.0}}
    )
    times = grid.execution_grid(results)
    assert times.baseline == "liftoff"
    assert times.ratio("a", "linocut") == pytest.approx(0.5)
    assert math.isnan(times.ratio("c", "linocut"))
    assert times.mean("linocut") == pytest.approx(math.sqrt(0.5 * 2.0))


def test_without_liftoff_linocut_is_the_baseline() -> None:
    results = small({"a": {"wasm3": 8.0, "linocut": 2.0}})
    assert grid.baseline(results) == "linocut"
    assert grid.execution_grid(results).mean("wasm3") == pytest.approx(4.0)


def test_an_absent_liftoff_is_no_baseline() -> None:
    results = small({"a": {"linocut": 2.0}})
    results.engines.append(EngineInfo("liftoff", "baseline", absent="pip install it"))
    assert grid.baseline(results) == "linocut"


def test_engines_stand_in_the_order_of_their_kinds() -> None:
    results = small({"a": {"gcc": 1.0, "liftoff": 1.0, "wasm3": 1.0, "linocut": 1.0}})
    assert grid.execution_grid(results).columns == ("wasm3", "linocut", "liftoff", "gcc")


def test_a_time_with_a_wrong_checksum_does_not_count() -> None:
    times = {name: {"liftoff": 1.0, "linocut": 0.5, "gcc": 0.25} for name in ("a", "b")}
    results = small(times, {("b", "linocut"): "other"})
    (found,) = disagreements(results)
    assert (found.program, found.odd) == ("b", ("linocut",))
    assert str(found) == "b: checksums disagree: linocut prints other, 2 others same"
    compared = grid.execution_grid(results)
    assert compared.ratios("linocut") == pytest.approx([0.5])
    assert compared.faults["b", "linocut"].word == "wrong"


def test_without_a_majority_every_checksum_is_odd() -> None:
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5}}, {("a", "linocut"): "other"})
    assert disagreements(results)[0].odd == ("liftoff", "linocut")


def test_a_failed_run_has_no_checksum() -> None:
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5}}, {("a", "linocut"): "other"})
    results.execution[1].error = "killed"
    assert disagreements(results) == []
    assert grid.execution_grid(results).faults["a", "linocut"].says == "killed"


def test_checksums_of_switched_runs_count() -> None:
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5}})
    bad = Execution("a", "linocut", Samples([0.4]), checksum="other")
    results.ablation = [Variant("no checks", "linocut", "", execution=[bad])]
    assert disagreements(results)[0].odd == ("linocut (no checks)",)


def test_one_sample_that_is_no_number_does_not_spoil_the_others() -> None:
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5}})
    results.execution[1].seconds.values[0] = math.nan
    results.execution[0].seconds.values = [math.nan]
    compared = grid.execution_grid(results)
    assert compared.cost("a", "linocut") == pytest.approx(0.5, rel=0.03)
    assert ("a", "liftoff") not in compared.costs


def test_throughput_does_not_depend_on_which_modules_an_engine_could_compile() -> None:
    results = Results(engines=[EngineInfo("liftoff", "baseline"), EngineInfo("linocut", "copy-and-patch")])
    results.modules = [
        ModuleInfo("quick", "corpora", 10_000_000, 1),
        ModuleInfo("dear", "corpora", 1_000_000, 1),
    ]
    for module in ("quick", "dear"):
        results.compilation.append(Compilation(module, "liftoff", warm=Samples([1.0])))
    results.compilation.append(Compilation("quick", "linocut", warm=Samples([0.2])))
    sizes = {module.name: module.size / 1e6 for module in results.modules}
    times = grid.compile_grid(results, grid.warm)
    assert throughput(times, "liftoff", sizes) == pytest.approx(math.sqrt(10.0))
    assert throughput(times, "linocut", sizes) == pytest.approx(5 * math.sqrt(10.0))


def test_several_threads_stay_out_of_the_comparison() -> None:
    results = small({"a": {"linocut": 1.0}})
    results.compilation = [
        Compilation("a", "linocut", threads, warm=Samples([1.0 / threads])) for threads in (1, 2)
    ]
    assert grid.compile_grid(results, grid.warm).cost("a", "linocut") == 1.0


def test_a_change_is_against_the_same_engine_without_the_switch() -> None:
    results = small({"a": {"liftoff": 1.0, "linocut": 0.5}, "b": {"liftoff": 1.0, "linocut": 2.0}})
    runs = [Execution("a", "linocut", Samples([0.25])), Execution("b", "linocut", error="trap")]
    results.ablation = [Variant("no checks", "linocut", "", execution=runs)]
    (change,) = changes(results)
    assert change.ratios == {"execution": {"a": pytest.approx(0.5)}, "compile time": {}, "code size": {}}
