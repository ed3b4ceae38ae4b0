"""Can one trust the exploder and the check? `make trust` tries the whole suite, these tests some scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from linocut.cli.spec import main
from linocut.spec import suite
from linocut.spec.check.manifest import open_folder
from linocut.text.values import Either, Number
from trust import broken, questions
from trust.agreement import Known, KnownList, read_list
from trust.flipping import explode, flip_pattern
from trust.patching import patch
from trust.reading import functions_text
from trust.running import Trial, try_all

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")
SUITE = suite.find_suite()
if SUITE is None:
    pytest.skip("the suite is not here", allow_module_level=True)

# Something of each kind: NaNs, vectors, choices, references, several values, traps of calls and of
# instantiations, exhaustion, exceptions, links, text.
SCRIPTS = [
    SUITE / script
    for script in """core/conversions.wast core/call.wast core/ref_null.wast core/imports.wast core/elem.wast
    core/fac.wast core/simd/simd_f64x2_rounding.wast core/simd/simd_const.wast
    core/relaxed-simd/relaxed_min_max.wast core/gc/ref_test.wast core/gc/array.wast core/gc/extern.wast
    core/exceptions/try_table.wast core/exceptions/throw_ref.wast core/multi-memory/memory_trap0.wast
    custom/metadata.code.branch_hint/branch_hint.wast""".split()
]
SEED = 7


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    path = explode(tmp_path_factory.mktemp("trust") / "plain", "trap", SCRIPTS)
    with open_folder(path) as folder:
        yield try_all(folder)


def test_engines_agree_with_the_manifest_but_for_what_is_listed(trial: Trial):
    answer = questions.do_engines_agree(trial)
    assert answer.wrong == []
    assert answer.counts["passed by wasmtime"] > 2000
    assert answer.counts["passed by 0 engines"] == 1  # the branch hint


def test_control_twins_pass(trial: Trial):
    answer = questions.do_controls_pass(trial)
    assert answer.wrong == []
    assert answer.counts.total() > 100


def test_the_contrary_of_each_expectation_fails(trial: Trial):
    answer = questions.do_contraries_fail(trial)
    assert answer.wrong == []
    assert {what for what in answer.counts if " taken for " in what} == {
        "ok taken for trap",
        *(f"{kind} taken for ok" for kind in ("trap", "exhaustion", "invalid", "malformed", "unlinkable")),
    }
    assert answer.counts["trap that does not come"] > 100


@pytest.mark.parametrize("signal", ["trap", "wasi", "result"])
def test_one_bit_of_an_expected_value_turns_a_file_red(trial: Trial, tmp_path: Path, signal: str):
    answer = questions.do_flipped_scripts_fail(trial, SCRIPTS, tmp_path / "flipped", signal, SEED)
    assert answer.wrong == []
    found = {what.partition(":")[0] for what in answer.counts}
    assert {"i32", "i64", "f32", "f64", "v128", "either", "reference", "exception"} <= found
    assert any(what.startswith("one of several") for what in answer.counts)
    assert answer.counts["v128: NaN class: failed"] > 10


def test_so_does_one_bit_of_a_constant_in_the_file(trial: Trial, tmp_path: Path):
    answer = questions.do_patched_files_fail(trial, tmp_path / "patched", SEED)
    assert answer.wrong == []
    assert answer.counts["constant among the bytes: failed"] > 1000


def test_what_is_new_and_what_is_gone_of_the_disagreements_is_said(trial: Trial):
    """One list lacks a row; another has one too many."""
    checked, hint = (
        trial.runs["linocut"],
        "custom/metadata.code.branch_hint/branch_hint/branch_hint-L85-invalid",
    )
    (said,) = KnownList((), {}).compare(checked)
    assert said.startswith(f"linocut disagrees with the manifest on {hint}: ok")
    passing = next(entry.id for entry in trial.folder.entries if entry.id in trial.good()["linocut"])
    listed = KnownList((Known(("linocut",), frozenset({hint, passing}), "", ""),), {})
    assert listed.compare(checked) == [f"linocut agrees with the manifest on {passing}, which is listed"]


def test_what_is_listed_and_not_there_is_said(trial: Trial):
    """The row about node lists a file of a script that is not among those here."""
    (said,) = questions.do_engines_agree(trial, is_whole=True).wrong
    assert said == "memory64/memory64/memory64-L9-module is listed, and there is no such file"


def test_each_known_disagreement_says_who_is_wrong_and_why():
    for row in read_list().rows:
        assert row.wrong and row.why.endswith(".")


def test_a_choice_does_not_become_another_of_its_options():
    zero, one = (Number("i32", bits, 0xFFFFFFFF, str(bits)) for bits in (0, 1))
    for seed in range(100):
        flipped, _ = flip_pattern(Either((zero, one)), Random(seed)) or pytest.fail("not flipped")
        assert isinstance(flipped, Either)
        assert not {0, 1} & {option.bits for option in flipped.options}


@pytest.mark.parametrize("value", [0, 1, -1, 63, 64, -65, 2**31 - 1, -(2**31)])
def test_a_patched_constant_has_its_length_and_another_value(value: int):
    from linocut.text.binary import Reader, signed

    head, tail = b"\x20\x00\x41", b"\x47\x04\x40\x00\x0b\x0b"
    code = head + signed(value) + tail
    for seed in range(50):
        patched = patch(code, Random(seed))
        assert patched is not None and len(patched) == len(code)
        reader = Reader(patched, len(head))
        assert reader.signed() != value
        assert patched[reader.position :] == tail


# ── broken engines ───────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def plain_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = ("i32", "i64", "if", "call", "switch")
    place = tmp_path_factory.mktemp("broken") / "plain"
    return explode(place, "trap", [SUITE / f"core/{name}.wast" for name in names])


def check(folder: Path, fault: str, tmp_path: Path) -> dict[str, str]:
    """The failures that `spec check` reports of an engine with this fault: results by file."""
    worker = f"{sys.executable} {broken.__file__} '{fault}'"
    report = tmp_path / "report.json"
    main(["check", str(folder), "--worker", worker, "--tier", "1.0", "-j1", "--json", str(report)])
    return {failure["id"]: failure["result"] for failure in json.loads(report.read_text())["failures"]}


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("fault", "results", "instruction"),
    [
        ("rotate the other way", {"failed"}, "rot"),
        ("if not", {"failed"}, "if"),
        ("divide by zero", {"failed"}, "i32.div_u"),
        ("no stack check", {"crashed"}, "call"),
    ],
)
def test_a_broken_engine_is_caught_by_a_file_small_enough_to_read(
    plain_folder: Path, tmp_path: Path, fault: str, results: set[str], instruction: str
):
    failures = check(plain_folder, fault, tmp_path)
    assert set(failures.values()) == results
    id_, smallest = min(
        ((id_, (plain_folder / f"{id_}.wasm").read_bytes()) for id_ in failures),
        key=lambda file: len(file[1]),
    )
    text = functions_text(smallest)
    print(f"{fault}: {len(failures)} files, the smallest {id_}, {len(smallest)} bytes\n{text}")
    assert len(smallest) <= 120
    assert instruction in text
    assert len(text.splitlines()) <= 40


@pytest.mark.parametrize(("fault", "said"), [("if never", "a wrong i32"), ("i64.ne never", "a wrong i64")])
def test_an_engine_by_which_nothing_could_fail_is_not_judged(
    plain_folder: Path, capsys: pytest.CaptureFixture[str], fault: str, said: str
):
    """Files use `ne` and `if` to report that a value is wrong."""
    worker = f"{sys.executable} {broken.__file__} '{fault}'"
    assert main(["check", str(plain_folder), "--worker", worker]) == 2
    assert f"{said}, lowest bit, looks like a right one" in capsys.readouterr().err


@pytest.mark.compiled
def test_an_engine_that_is_only_made_otherwise_is_not(plain_folder: Path, tmp_path: Path):
    """Without a check of the divisor, it is the processor that finds the zero."""
    assert check(plain_folder, "no division check", tmp_path) == {}
