"""`linocut assemble` and `linocut print`: text to bytes and back, in files and streams."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import linocut.wat
import pytest
from linocut.cli.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

TEXT = '(module (import "é" "b" (func $f)) (func (export "g") call $f))'


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "linocut", *arguments],
        capture_output=True, input=given, env=os.environ | environment, timeout=60,
    )  # fmt: skip


def test_a_file_becomes_another(tmp_path: Path) -> None:
    text, wasm, again = tmp_path / "a.wat", tmp_path / "a.wasm", tmp_path / "again.wat"
    text.write_text(TEXT, encoding="utf-8")
    assert main(["assemble", str(text), "-o", str(wasm)]) == 0
    assert wasm.read_bytes() == linocut.wat.assemble(TEXT)
    assert main(["print", str(wasm), "-o", str(again)]) == 0
    assert again.read_text(encoding="utf-8") == linocut.wat.print(wasm.read_bytes())


def test_streams_carry_bytes_whatever_their_encoding() -> None:
    done = run("assemble", "-", given=TEXT.encode(), PYTHONIOENCODING="ascii")
    assert (done.stdout, done.stderr) == (linocut.wat.assemble(TEXT), b"")
    done = run("print", "-", given=done.stdout, PYTHONIOENCODING="ascii")
    assert done.stdout.decode() == linocut.wat.print(linocut.wat.assemble(TEXT))


def test_text_is_printed_as_well() -> None:
    done = run("print", "-", given=b"(func (nop))")
    assert b"    nop)" in done.stdout


@pytest.mark.parametrize(
    ("command", "content", "said"),
    [
        ("assemble", "(func nonsense)", 'unknown operator: "nonsense" (line 1, column 7)'),
        ("print", "GIF89a", "magic header"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, content: str, said: str
) -> None:
    path = tmp_path / "file"
    path.write_text(content)
    assert main([command, str(path), "-o", str(tmp_path / "out")]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith(f"linocut {command}: ") and said in errors and errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_no_such_file_or_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assemble", str(tmp_path / "none.wat"), "-o", str(tmp_path / "a")]) == 2
    assert main(["print", os.devnull, "-o", str(tmp_path / "no" / "a")]) == 2
    assert "No such file" in capsys.readouterr().err
