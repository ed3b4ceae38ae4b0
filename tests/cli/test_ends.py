"""No command ends with a traceback, whatever it is given, wherever its output goes, whoever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from linocut.cli import failure, given, signals
from linocut.cli.__main__ import COMMANDS, main
from linocut.tooling import ToolError

WASM = b"\0asm\1\0\0\0\1\5\1`\0\1\x7f\3\2\1\0\7\5\1\1f\0\0\n\6\1\4\0A\1\x0b"
SCRIPT = b'(module (func (export "f") (result i32) i32.const 1))(assert_return (invoke "f") (i32.const 1))'
FILES = {
    "good.wasm": WASM,
    "empty.wasm": b"",
    "random.wasm": bytes(range(7, 256)),
    "cut.wasm": WASM[:20],
    "latin.wat": b"(module \xff)",
    "utf16.wat": "(module)".encode("utf-16"),
    "good.wast": SCRIPT,
    "latin.wast": b"\xff\xfe(module)",
    "open.wast": b"(" * 10_000,
}
TAKE_A_FILE = (
    "run",
    "run --invoke f",
    "inspect",
    "inspect --func 0",
    "diff good.wasm",
    "diff --without immediates",
    "spec run",
    "spec explode -o out",
    "spec check --engine linocut",
    pytest.param("bench --engines linocut --only compile --repeat 1", marks=pytest.mark.compiled),
)
PRINT = (
    "--help",
    "--version",
    "run --help",
    "run --invoke f good.wasm",
    "inspect good.wasm",
    "inspect --json good.wasm",
    "explain --list",
    pytest.param("diff good.wasm --without immediates", marks=pytest.mark.compiled),
    "spec run good.wast",
    "spec check --list",
    "fuzz --count 1 --jobs 1 --against interpreter",
    "bench --list",
)
HELLO = """(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\08\\00\\00\\00\\03\\00\\00\\00hi\\0a")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))) (call $exit (i32.const 7))))"""
LINOCUT = f"{sys.executable} -m linocut"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    return tmp_path


def shell(line: str, cwd: Path) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, errors="replace", cwd=cwd,
        env=environment, stdin=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def quiet_end(line: str, cwd: Path) -> int:
    """The exit code of a command whose output must contain no traceback and the like."""
    code, out, errors = shell(f"{LINOCUT} {line}", cwd)
    for word in ("Traceback", "Exception ignored", "a mistake in linocut:"):
        assert word not in out + errors, (line, errors)
    assert code not in (failure.INTERNAL, 120) or "malformed: " in errors
    return code


@pytest.mark.parametrize("command", TAKE_A_FILE)
def test_any_file(command: str, folder: Path) -> None:
    for file in ("missing", "folder", "''", "$'\\xff'", "x" * 5000, *FILES):
        quiet_end(f"{command} {file}", folder)
        subprocess.run(["rm", "-rf", folder / "out"], check=True)


@pytest.mark.parametrize("file", ["/dev/zero", "/dev/full"])
def test_a_file_without_end_is_not_read_to_it(file: str, folder: Path) -> None:
    for command in ("run", "inspect", "spec check --engine linocut"):
        assert quiet_end(f"{command} {file}", folder) in (2, 120)


@pytest.mark.parametrize("command", PRINT)
def test_any_output(command: str, folder: Path) -> None:
    assert quiet_end(f"{command} > /dev/null", folder) == 0
    for where in ("/dev/full", "&-"):
        assert quiet_end(f"{command} >{where}", folder) in (2, 125)
    assert quiet_end(f"{command} | true", folder) in (0, failure.BROKEN_PIPE)
    for where in ("2>&-", "2>/dev/full", "<&-"):
        assert quiet_end(f"{command} {where}", folder) == 0


def test_standard_output_that_takes_nothing_is_said(folder: Path) -> None:
    _, _, errors = shell(f"{LINOCUT} inspect good.wasm >/dev/full", folder)
    assert errors == "linocut inspect: standard output: No space left on device\n"
    _, _, errors = shell(f"{LINOCUT} inspect good.wasm >&-", folder)
    assert errors == "linocut inspect: standard output: Bad file descriptor\n"


def test_a_guests_exit_code_is_kept(folder: Path) -> None:
    (folder / "hello.wat").write_text(HELLO)
    for where in ("", ">&-", ">/dev/full", "2>&-", "2>/dev/full", "<&-", ">&- 2>&- <&-"):
        assert quiet_end(f"run hello.wat {where}", folder) == 7
    (folder / "trap.wat").write_text('(module (func (export "_start") unreachable))')
    for where in ("", ">&-", "2>&-", "2>/dev/full"):
        assert quiet_end(f"run trap.wat {where}", folder) == 134


@pytest.mark.compiled
def test_a_closed_stream_is_not_the_next_file(folder: Path) -> None:
    """Output does not go to a file that happened to get the closed stream's number."""
    assert quiet_end("inspect good.wasm --html page.html 2>&- >&- <&-", folder) == 0
    assert (folder / "page.html").read_bytes().startswith(b"<!DOCTYPE")
    assert (folder / "good.wasm").read_bytes() == WASM


def test_standard_input_that_is_closed(folder: Path) -> None:
    for command in ("run -", "inspect -", "diff - good.wasm", "explore - --no-open"):
        code, _, errors = shell(f"{LINOCUT} {command} <&-", folder)
        assert (code, "standard input: Bad file descriptor" in errors) == (2, True)


@pytest.mark.parametrize(
    "line",
    [
        "run --timeout nan good.wasm",
        "run --timeout -1 good.wasm",
        "run --timeout ١ good.wasm",
        "run --dir good.wasm good.wasm",
        "explore good.wasm --port 99999",
        "explore good.wasm --port -1",
        "fuzz --seconds nan",
        "fuzz --seconds -1",
        "fuzz --seconds inf",
        "fuzz --count 0",
        "fuzz --jobs 0 --count 1",
        "fuzz --seed -1 --count 1",
        "fuzz --minimise nan --count 1",
        "fuzz --count 1 --out good.wasm",
        "fuzz --count 1 --out good.wasm/below",
        "spec check --timeout nan --engine linocut folder",
        "spec check --timeout 0 --engine linocut folder",
        "spec check --jobs 0 --engine linocut folder",
        "spec check --unsupported 256 --engine 'true {file}' folder",
        'spec check --engine "\'x {file}" folder',
        "spec check --engine linocut --json folder folder",
        "spec run folder",
        "spec explode folder -o out",
        "spec explode good.wast -o good.wasm",
        "spec explode good.wast -o good.wasm/below",
        "bench --repeat 0",
        "bench --repeat ١",
        "bench good.wasm --json missing/x",
        "bench good.wasm --out good.wasm",
        'bench good.wasm --engine "x=\'{wasm}"',
        "inspect good.wasm --func ١",
        "inspect good.wasm --func " + "9" * 5000,
        "inspect good.wasm --html folder",
        "inspect good.wasm --html missing/x.html",
        "inspect good.wasm --html x.html --profile good.wasm",
        "explain nonsense",
        "diff good.wasm --without nonsense",
        "nonsense",
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(line: str, folder: Path) -> None:
    assert quiet_end(line, folder) == 2


def test_one_script_that_is_no_text_does_not_cost_the_others(folder: Path) -> None:
    (folder / "scripts").mkdir()
    for name in ("good.wast", "latin.wast"):
        (folder / name).rename(folder / "scripts" / name)
    (folder / "scripts" / "gone.wast").symlink_to("nowhere")
    (folder / "scripts" / "folder.wast").mkdir()
    code, out, _ = shell(f"{LINOCUT} spec run scripts", folder)
    assert code == 1
    assert "scripts/latin.wast:1: expected a readable script; got it is not UTF-8 at byte 0" in out
    assert "scripts/gone.wast:1: expected a readable script; got it cannot be read: No such file" in out
    assert "scripts/folder.wast:1: expected a readable script; got it cannot be read: Is a directory" in out
    assert "4 scripts in" in out
    assert "2 commands passed, 3 failed" in out
    code, out, _ = shell(f"{LINOCUT} spec explode scripts -o out", folder)
    assert (code, out.count("left out: it")) == (0, 3)


def interrupted(line: str, cwd: Path, number: signal.Signals, sign: str) -> tuple[int, str, str]:
    """Start a command, wait until it has printed `sign`, and send it the signal."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "linocut", *line.split()],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        out, deadline = b"", monotonic() + 60
        while sign.encode() not in out and monotonic() < deadline:
            out += process.stdout.read() or b""
            sleep(0.05)
        os.set_blocking(process.stdout.fileno(), True)
        process.send_signal(number)
        try:
            rest, errors = process.communicate(timeout=60)
        finally:
            process.kill()  # has no effect if it has ended
    return process.returncode, (out + rest).decode(), errors.decode()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
class TestWhatThereIsIsKept:
    def test_fuzz(self, number: signal.Signals, code: int, tmp_path: Path) -> None:
        line = "fuzz --seconds 600 --jobs 2 --against interpreter --seed 1"
        got, out, errors = interrupted(line, tmp_path, number, "from seed 1")
        assert (got, errors) == (code, "linocut fuzz: interrupted\n")
        assert " modules in " in out

    def test_spec_run(self, number: signal.Signals, code: int, tmp_path: Path) -> None:
        (tmp_path / "a.wast").write_bytes(SCRIPT)
        (tmp_path / "b.wast").write_text('(module (func (export "f") (loop (br 0))))(invoke "f")')
        got, out, errors = interrupted("spec run a.wast b.wast", tmp_path, number, "a.wast")
        assert (got, errors) == (code, "linocut spec run: interrupted after 1 of 2 scripts\n")
        assert "1 scripts in" in out

    def test_spec_check(self, number: signal.Signals, code: int, tmp_path: Path) -> None:
        engine = tmp_path / "engine"
        engine.write_text(
            f'#!/bin/sh\ncase "$1" in */f/*) >> started; sleep 1;; esac\nexec {LINOCUT} run "$1"\n'
        )
        engine.chmod(0o755)
        (tmp_path / "f.wast").write_bytes(SCRIPT + b'(assert_return (invoke "f") (i32.const 1))' * 50)
        assert shell(f"{LINOCUT} spec explode f.wast -o out", tmp_path)[0] == 0
        line = ["spec", "check", "--engine", f"{engine} {{file}}", "-j", "1", "--json", "x.json", "out"]
        with subprocess.Popen(
            [sys.executable, "-m", "linocut", *line],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            deadline = monotonic() + 60
            while not (tmp_path / "started").exists() and monotonic() < deadline:
                sleep(0.05)
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == code
        assert errors.endswith("linocut spec check: interrupted\n")
        assert "interrupted before it was run" in (tmp_path / "x.json").read_text()

    def test_bench(self, number: signal.Signals, code: int, tmp_path: Path) -> None:
        (tmp_path / "m.wasm").write_bytes(WASM)
        slow = f'{sys.executable} -c \'import time; open("started", "w"); time.sleep(99)\' {{wasm}}'
        (tmp_path / "start.wasm").write_bytes(
            b"\0asm\1\0\0\0\1\4\1`\0\0\3\2\1\0\7\n\1\6_start\0\0\n\4\1\2\0\x0b"
        )
        with subprocess.Popen(
            [sys.executable, "-m", "linocut", "bench", "start.wasm", "--engines", "linocut", "--engine",
             f"slow={slow}", "--only", "run", "--repeat", "1", "--json", "x.json"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            deadline = monotonic() + 60
            while not (tmp_path / "started").exists() and monotonic() < deadline:
                sleep(0.05)
            process.send_signal(number)
            out, errors = process.communicate(timeout=60)
        assert process.returncode == code
        assert errors.endswith("linocut bench: interrupted\n")
        assert "interrupted: figures are missing" in out
        assert '"values"' in (tmp_path / "x.json").read_text()


def test_a_mistake_of_ours_says_where_to_report_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mistake(_: object) -> int:
        raise KeyError("lost")

    import linocut.cli.explain

    monkeypatch.setattr(linocut.cli.explain, "main", mistake)
    assert main(["explain", "x"]) == failure.INTERNAL
    said = capsys.readouterr().err
    assert said.startswith("linocut explain: a mistake in linocut: KeyError: 'lost' (please report it, ")
    assert said.count("\n") == 1
    monkeypatch.setenv(failure.DEBUG, "1")
    assert main(["explain", "x"]) == failure.INTERNAL
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ToolError("no"), 2, "no"),
        (FileNotFoundError(2, "No such file or directory", "a"), 2, "a: No such file or directory"),
        (MemoryError(), 125, "out of memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ModuleNotFoundError("No module", name="capstone.x86"), 2, "pip install 'linocut[inspect]'"),
    ],
)
def test_whatever_a_command_raises_is_one_line(
    command: str, error: BaseException, code: int, said: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from importlib import import_module

    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(import_module(f"linocut.cli.{command}"), "main", fail)
    assert main([command]) == code
    out, errors = capsys.readouterr()
    assert (out, errors.count("\n")) == ("", 1)
    assert errors.startswith(f"linocut {command}: ")
    assert said in errors


def test_sigterm_is_what_it_was_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals.terminable():
        with pytest.raises(signals.Terminated):
            signal.raise_signal(signal.SIGTERM)
        assert signals.exit_code() == 143
    assert signal.getsignal(signal.SIGTERM) is before
    assert signals.exit_code() == 130


def test_where_files_can_be_written(tmp_path: Path) -> None:
    given.check_file(tmp_path / "new")
    given.check_folder(tmp_path / "new" / "below")
    for check, path in (
        (given.check_file, tmp_path),
        (given.check_file, tmp_path / "no" / "file"),
        (given.check_folder, Path("/dev/null")),
        (given.check_folder, Path("/dev/null/below")),
        (given.check_file, Path("/proc/version/below")),
    ):
        with pytest.raises(ToolError):
            check(path)
