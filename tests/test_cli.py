from __future__ import annotations

import os
import subprocess
import sys

import linocut
import pytest
from linocut.cli.__main__ import COMMANDS, main


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["-h"], []):
        assert main(arguments) == 0
        text = capsys.readouterr().out
        for command, description in COMMANDS.items():
            assert f"  {command} " in text
            assert description in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    interpreted = "" if linocut.has_compiler() else " (interpreted: no compiler for aarch64 yet)"
    assert capsys.readouterr().out == f"linocut {linocut.__version__}{interpreted}\n"


def test_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frobnicate"]) == 2
    assert "frobnicate" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main([command, "--help"])
    except SystemExit as exit:  # argparse
        code = exit.code  # type: ignore[assignment]
    assert code in (0, None)
    assert command in capsys.readouterr().out


ASCII = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
SUBCOMMANDS = [["spec", "run"], ["spec", "explode"], ["spec", "check"]]


def in_ascii(*command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *command], env=os.environ | ASCII, capture_output=True, timeout=120
    )


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), *SUBCOMMANDS], ids=" ".join)
def test_help_is_written_where_there_is_ascii_only(command: list[str]) -> None:
    done = in_ascii("-m", "linocut.cli", *command, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"usage" in done.stdout and done.stdout.isascii()


@pytest.mark.parametrize(
    "command", [["explain", "i32.add"], ["run", "/nowhere/\u2026/\U0001f600.wasm"]], ids=" ".join
)
def test_answers_and_errors_are_written_where_there_is_ascii_only(command: list[str]) -> None:
    done = in_ascii("-m", "linocut.cli", *command)
    assert b"Traceback" not in done.stderr
    assert done.stdout or done.stderr.startswith(b"linocut")


def test_lookalikes_are_ascii_and_bytes_of_names_stay() -> None:
    code = (
        "from linocut.cli.lookalikes import *; write_in_any_encoding();"
        r"print('1\u2026\u2192\U0001f600\udcff')"
    )
    assert in_ascii("-c", code).stdout == b"1...->\\U0001f600\xff\n"
