"""The runner itself: it must report what is wrong and accept what is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from linocut.cli.spec import main
from linocut.spec.features import folder_feature
from linocut.spec.run import expectations, features, values
from linocut.spec.run.outcome import ScriptReport, Skipped
from linocut.spec.run.runner import run_script
from linocut.text import commands as c
from linocut.text.values import Either, Number, Reference

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("wasmtime", reason="module text needs linocut[wat]")

ADD = '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))'
NAN = """(module
  (func (export "nan") (param i32) (result f32) (f32.reinterpret_i32 (local.get 0)))
  (func (export "ref") (param externref) (result externref) (local.get 0))
  (func (export "mixed") (param externref f64) (result f64 externref) (local.get 1) (local.get 0))
  (func (export "deep") (call 3))
  (func (export "stop") unreachable)
  (global (export "pi") f32 (f32.const 0x1.921fb6p1)))
"""


def run(tmp_path: Path, script: str) -> ScriptReport:
    path = tmp_path / "script.wast"
    path.write_text(script)
    return run_script(path)


@pytest.mark.parametrize(
    "script",
    [
        '(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 3))',
        '(assert_return (invoke "add" (i32.const -1) (i32.const 0)) (either (i32.const 0) (i32.const -1)))',
        '(invoke "add" (i32.const 1) (i32.const 2))',
        '(register "m") (module (import "m" "add" (func (param i32 i32) (result i32))))',
        f"(module definition $d {ADD[8:]} (module instance $i $d)"
        ' (assert_return (invoke $i "add" (i32.const 1) (i32.const 2)) (i32.const 3))',
        f'{NAN} (assert_return (invoke "nan" (i32.const 0x7fc00000)) (f32.const nan:canonical))',
        f'{NAN} (assert_return (invoke "nan" (i32.const 0xffc00001)) (f32.const nan:arithmetic))',
        f'{NAN} (assert_return (invoke "ref" (ref.extern 7)) (ref.extern 7))',
        f'{NAN} (assert_return (invoke "ref" (ref.null extern)) (ref.null extern))',
        f'{NAN} (assert_return (invoke "mixed" (ref.extern 7) (f64.const -0)) (f64.const -0) (ref.extern 7))',
        f'{NAN} (assert_exhaustion (invoke "deep") "call stack exhausted")',
        f'{NAN} (assert_trap (invoke "stop") "unreachable")',
        f'{NAN} (assert_return (get "pi") (f32.const 0x1.921fb6p1))',
        '(assert_trap (module (func unreachable) (start 0)) "unreachable")',
        '(assert_invalid (module (func i32.add)) "type mismatch")',
        '(assert_malformed (module binary "\\00asm") "unexpected end")',
        '(assert_malformed (module quote "(func") "unexpected token")',
        '(assert_unlinkable (module (import "no" "thing" (func))) "unknown import")',
    ],
)
def test_what_is_right_passes(tmp_path: Path, script: str):
    report = run(tmp_path, ADD + script)
    assert report.failures == []
    assert report.skips == []


@pytest.mark.parametrize(
    ("script", "got"),
    [
        ('(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 4))', "i32.const 3"),
        ('(assert_return (invoke "add" (i32.const 1) (i32.const 2)))', "i32.const 3"),
        (
            '(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 3) (i32.const 3))',
            "i32.const 3",
        ),
        ('(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i64.const 4))', "i32.const 3"),
        (
            '(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (either (i32.const 4) (i32.const 5)))',
            "i32.const 3",
        ),
        ('(assert_exception (invoke "add" (i32.const 1) (i32.const 2)))', "i32.const 3"),
        ('(assert_trap (module (func unreachable) (start 0)) "integer overflow")', "trap: unreachable"),
        ('(assert_trap (module (func)) "unreachable")', "no trap"),
        ('(assert_return (invoke "no") (i32.const 4))', "KeyError"),
        ('(assert_trap (invoke "add" (i32.const 1) (i32.const 2)) "unreachable")', "no trap"),
        ('(assert_invalid (module) "type mismatch")', "accepted"),
        ('(assert_invalid (module binary "\\00asm") "type mismatch")', "MalformedError"),
        ('(assert_malformed (module quote "(func)") "unexpected token")', "accepted"),
        ('(assert_unlinkable (module) "unknown import")', "linked"),
        ("(module (func i32.add))", "InvalidError"),
        ('(module (import "no" "thing" (func)))', "LinkError"),
        ('(invoke $none "f")', "no instance $none"),
        ("(module instance $i $none)", "no module $none"),
        ("(nonsense)", "unknown command"),
        (f'{NAN} (assert_trap (invoke "stop") "integer overflow")', "trap: unreachable"),
        (f'{NAN} (assert_trap (invoke "deep") "unreachable")', "trap: call stack exhausted"),
        (f'{NAN} (assert_exhaustion (invoke "stop") "call stack exhausted")', "unreachable"),
        (
            f'{NAN} (assert_return (invoke "nan" (i32.const 0x7fc00001)) (f32.const nan:canonical))',
            "nan (0x7fc00001)",
        ),
        (
            f'{NAN} (assert_return (invoke "nan" (i32.const 0x7fa00000)) (f32.const nan:arithmetic))',
            "0x7fa00000",
        ),
        (f'{NAN} (assert_return (invoke "nan" (i32.const 0x80000000)) (f32.const 0))', "-0.0 (0x80000000)"),
        (f'{NAN} (assert_return (get "pi") (f32.const 0x1.921fb8p1))', "3.1415927"),
        (
            f'{NAN} (assert_return (invoke "mixed" (ref.extern 7) (f64.const -0)) (f64.const 0) (ref.extern 7))',
            "-0.0",
        ),
        (
            f'{NAN} (assert_return (invoke "mixed" (ref.extern 7) (f64.const -0)) (f64.const -0) (ref.extern 8))',
            "ref.extern 7",
        ),
        (f'{NAN} (assert_return (invoke "ref" (ref.null extern)) (ref.extern 7))', "ref.null"),
        (f'{NAN} (assert_return (invoke "ref" (ref.extern 7)) (ref.extern 8))', "ref.extern 7"),
        (f'{NAN} (assert_return (invoke "ref" (ref.extern 7)) (ref.null extern))', "ref.extern 7"),
    ],
)
def test_what_is_wrong_fails(tmp_path: Path, script: str, got: str):
    (failure,) = run(tmp_path, ADD + "\n" + script).failures
    assert got in failure.got
    assert failure.line == 2 + NAN.count("\n") * (NAN in script)


def test_after_a_failed_module_nothing_runs_on_the_one_before(tmp_path: Path):
    call = '(invoke "add" (i32.const 1) (i32.const 2))'
    report = run(tmp_path, f"{ADD}\n(module (func i32.add))\n{call}")
    assert [failure.line for failure in report.failures] == [2, 3]
    assert "line 2 failed" in report.failures[1].got


def test_what_builds_on_a_module_of_the_future_is_skipped(tmp_path: Path):
    report = run(
        tmp_path,
        '(module $m (func (export "f") (result i31ref) (ref.i31 (i32.const 0)))) (register "m")'
        '(assert_return (invoke "f") (ref.i31)) (module (import "m" "f" (func)))',
    )
    assert (report.passed, report.failures, report.features) == (0, [], {"gc": 4})


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("(tag) (func (try_table (catch_all 0)))", None),
        ("(type (struct))", "gc"),
        ("(func (param anyref))", "gc"),
        ("(memory $m i64 1)", None),
        ('(memory (export "m") i64 1)', None),
        ("(func (param (ref func)))", "function-references"),
        ("(table 1 funcref (ref.func 0))", "function-references"),
        ("(func return_call 0)", "tail-call"),
        ("(memory 1) (memory 1)", "multi-memory"),
        ("(memory 1 (pagesize 1))", "custom-page-sizes"),
        ("(func (i64.add128))", "wide-arithmetic"),
        ('(memory 1) (export "v128" (memory 0)) ;; (tag) struct', None),
        ('(memory 1) (; v128 ;) (data "anyref") (elem declare func 0) (func (drop (ref.func 0)))', None),
        ("(table 1 funcref) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))", None),
    ],
)
def test_needed_feature(text: str, feature: str | None):
    assert features.needed(c.ModuleText(f"(module {text})")) == feature


def test_references_by_kind():
    thing = values.HostReference(1)
    assert values.matches(Reference("extern", None, ""), thing)
    assert not values.matches(Reference("extern", None, ""), None)
    assert not values.matches(Reference("func", None, ""), thing)
    assert values.matches(Either((Number("i32", 1, 1, ""), Reference("host", 1, ""))), thing)


@pytest.fixture
def small_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("core/a.wast", "core/later/b.wast", "core/later/c.wast"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("(module) (module (memory 1) (memory 1))")
    monkeypatch.setenv("LINOCUT_SPECTEST", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("listed", "messages"),
    [
        ({"core/a.wast": {"multi-memory": 1}, "core/later": {"multi-memory": 2}}, []),
        (
            {"core/later": {"multi-memory": 2}},
            ["core/a.wast: 1 commands need multi-memory, 0 are listed: 1 stopped working"],
        ),
        (
            {"core/a.wast": {"multi-memory": 1, "gc": 3}, "core/later": {"multi-memory": 3}},
            [
                "core/a.wast: 0 commands need gc, 3 are listed: 3 unexpected passes, shorten the list",
                "core/later: 2 commands need multi-memory, 3 are listed: 1 unexpected passes, shorten the list",
            ],
        ),
    ],
)
def test_a_count_that_is_not_the_listed_one_fails(
    small_suite: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    listed: dict[str, dict[str, int]],
    messages: list[str],
):
    monkeypatch.setattr(expectations, "EXPECTED", listed)
    assert main(["run", "--json"]) == (1 if messages else 0)
    assert json.loads(capsys.readouterr().out)["unexpected"] == messages


def test_part_of_a_folder_is_not_held_against_the_folder_s_count(
    small_suite: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(expectations, "EXPECTED", {"core/later": {"multi-memory": 2}})
    assert main(["run", str(small_suite / "core/later/b.wast")]) == 0


def test_failures_in_a_later_feature_s_folder_count_for_it():
    assert folder_feature("core/simd/simd_lane.wast") == "simd"
    assert folder_feature("core/i32.wast") is None


def test_the_table_shows_counts_and_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "my.wast"
    path.write_text(f'{ADD}\n(assert_return (invoke "add" (i32.const 1) (i32.const 2)) (i32.const 4))')
    assert main(["run", str(path)]) == 1
    output = capsys.readouterr().out
    assert f"{path}:2: expected i32.const 4; got i32.const 3" in output
    assert "1 scripts in" in output


def test_nothing_to_run_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("linocut.spec.suite.find_suite", lambda: None)
    assert main(["run"]) == 2
    assert "LINOCUT_SPECTEST" in capsys.readouterr().err
    assert main(["run", "no/such.wast"]) == 2
    assert "no/such.wast" in capsys.readouterr().err


def test_skips_are_told_by_feature():
    report = ScriptReport(
        "x", None, skips=[Skipped(1, "gc", ""), Skipped(2, "simd", ""), Skipped(3, "gc", "")]
    )
    assert report.features == {"gc": 2, "simd": 1}
