"""What `linocut fuzz` is for: ten thousand modules and as many broken ones, against wasmtime; and the interpreter,
as the engine under test and as the one that is believed."""

from pathlib import Path

import pytest
from linocut.cli.fuzz.command import main

pytest.importorskip("wasmtime")

COUNT = 10_000


def fuzz(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--jobs", "2", "--out", str(folder)])


def test_ten_thousand_modules_run_alike(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--count", str(COUNT), "--seed", "0") == 0


def test_ten_thousand_broken_modules_are_judged_alike(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--mutate", "--count", str(COUNT), "--seed", "0") == 0


def test_fuzzer_against_the_reference_itself(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--engine", "wasmtime", "--count", "300", "--seed", "1") == 0


def test_the_interpreter_agrees_with_both(tmp_path: Path) -> None:
    assert fuzz(tmp_path, "--engine", "interpreter", "--count", "1000", "--seed", "20000") == 0
    assert fuzz(tmp_path, "--against", "interpreter", "--count", "3000", "--seed", "21000") == 0
    assert fuzz(tmp_path, "--against", "interpreter", "--mutate", "--count", "3000", "--seed", "20000") == 0
