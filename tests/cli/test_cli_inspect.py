from __future__ import annotations

from pathlib import Path

import pytest
from linocut.cli.inspect import main

pytest.importorskip("capstone", reason="disassembly needs linocut[inspect]")
CASE = Path(__file__).parent.parent / "golden" / "cases" / "many_arguments.wat"


def test_overview_lists_every_function(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].split()[0] == "0"
    assert lines[1].endswith("f")


@pytest.mark.parametrize("name", ["0", "f"])
def test_function_by_index_and_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE), "--func", name]) == 0
    text = capsys.readouterr().out
    assert text.startswith('function 0 "f": ')
    assert "local.get" in text
    assert " ret" in text


def test_function_by_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "module.wat"
    path.write_text('(module (import "a" "b" (func)) (func (export "go") (nop)))')
    assert main([str(path), "--func", "go"]) == 0
    assert capsys.readouterr().out.startswith("function 1")


@pytest.mark.parametrize("arguments", [["--func", "2"], ["--func", "nothing"], ["--func", "99999999999"]])
def test_missing_function(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASE), *arguments]) == 2
    assert capsys.readouterr().err.startswith("linocut inspect: ")


def test_missing_and_broken_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.wasm"
    broken.write_bytes(b"\0asm")
    for path in (tmp_path / "none.wasm", broken):
        assert main([str(path)]) == 2
        assert capsys.readouterr().err.startswith("linocut inspect: ")
