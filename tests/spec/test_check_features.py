"""Probes of features: one whose plainest use an engine refuses is not tested, and the report says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exploded import ENTRIES, Exploded
from linocut.cli.spec import main
from linocut.engines.checks.outcome import TIMED_OUT, OutcomeKind, Sign
from linocut.engines.found import Absent
from linocut.engines.registry import CHECKED
from linocut.spec.check.probes import make_feature_probes
from linocut.spec.check.selection import REFUSED, Wish
from linocut.spec.explode.modules.reading import read_module
from linocut.spec.features import TIER_OF
from simulated import Show, by_codes, check, sign

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

# Features that cannot be used without others.
IMPLIED = {
    "function-references": {"reference-types", "bulk-memory-operations"},  # a declarative segment
    "relaxed-simd": {"simd"},
    "custom-descriptors": {"gc"},
}
NO_GC = f"needs gc: {REFUSED}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file that needs GC, which linocut refuses, and a file that needs a feature that it has."""
    made = Exploded(tmp_path / "x")
    made.add("gc/i31", made.module("(drop (ref.i31 (i32.const 1)))"), features=["gc"])
    made.add("ref/null", made.module("(drop (ref.null func))"), features=["reference-types"])
    return made.finish()


def when_probed(shown: Sign) -> Show:
    """An engine that does what linocut does, but shows `shown` for the probe of GC."""
    return lambda word, job: shown if job.file.endswith("/gc.wasm") else by_codes()(word, job)


@pytest.mark.parametrize("signal", ENTRIES)
def test_there_is_a_probe_of_each_feature_which_uses_no_other(signal: str):
    """Checked with the reader that finds what a file needs, for the manifest."""
    probes = make_feature_probes(signal, ENTRIES[signal], text=True)
    assert probes.keys() == TIER_OF.keys()
    for feature, probe in probes.items():
        if feature != "annotations":
            assert read_module(probe.data).features - IMPLIED.get(feature, set()) == {feature}


@pytest.mark.parametrize("signal", ENTRIES)
@pytest.mark.parametrize(
    ("engine", "features"),
    [
        ("wasmtime", TIER_OF.keys() - {"legacy-exceptions", "custom-descriptors"}),
        ("node", {"legacy-exceptions"}),
    ],
)
def test_an_engine_that_has_a_feature_passes_the_probe(
    tmp_path: Path, engine: str, features: set[str], signal: str
):
    try:
        CHECKED[engine]()
    except Absent as absent:
        pytest.skip(str(absent))
    made = Exploded(tmp_path / "x", signal)
    for feature in TIER_OF:
        made.add(f"of/{feature}", made.module("nop"), features=[feature])
    main(["check", str(made.finish()), "--engine", engine, "--json", str(tmp_path / "json")])
    assert not features & json.loads((tmp_path / "json").read_text())["lacks"].keys()


@pytest.mark.parametrize("code", [2, 4, 77])
def test_files_of_a_feature_whose_probe_comes_to_no_good_end_are_not_run(folder: Path, code: int):
    judged = check(folder, when_probed(sign(code)))
    assert judged.bad == {"gc/i31": "not applicable"}
    assert judged.got["gc/i31"] == NO_GC
    assert judged.calibration.lacks["gc"].sign == sign(code)


def test_what_the_engine_says_itself_not_to_support_it_lacks(folder: Path):
    judged = check(folder, when_probed(sign(9)), meanings={"exit 9": OutcomeKind.UNSUPPORTED})
    assert judged.got["gc/i31"] == NO_GC


@pytest.mark.parametrize("end", [sign(0), Sign("signal 11", signal="SIGSEGV"), Sign(TIMED_OUT)])
def test_a_good_end_a_crash_and_a_loop_are_no_refusals(folder: Path, end: Sign):
    assert check(folder, when_probed(end)).bad == {"gc/i31": "failed"}


@pytest.mark.parametrize("wish", [Wish(despite=frozenset({"gc"})), Wish(strict=True)])
def test_they_are_run_all_the_same_if_one_wants(folder: Path, wish: Wish):
    assert check(folder, by_codes(), wish).bad == {"gc/i31": "failed"}


def test_one_lacking_feature_of_two_is_enough(tmp_path: Path):
    made = Exploded(tmp_path)
    made.add("gc/i31", made.module("nop"), features=["gc", "reference-types"])
    assert check(made.finish(), by_codes()).got["gc/i31"] == NO_GC


def test_no_feature_is_probed_that_no_file_needs(folder: Path):
    judged = check(folder, by_codes())
    assert judged.calibration.lacks.keys() == {"gc"}


def test_the_command_says_which_are_lacking_and_takes_with(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check", str(folder), "--engine", "linocut"]) == 0
    out = capsys.readouterr().out
    assert "  lacks gc: a probe of each ends with says malformed\n" in out
    assert f"      1  {NO_GC}\n" in out
    assert main(["check", str(folder), "--engine", "linocut", "--with", "gc"]) == 1
    assert "FAILED  gc/i31" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["check", str(folder), "--engine", "linocut", "--with", "gcc"])
    assert "there is no gcc, only annotations, bulk-memory-operations" in capsys.readouterr().err
