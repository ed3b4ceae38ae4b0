"""`linocut run`: what it runs, what it prints, how it exits."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from linocut.cli import run
from linocut.running.ending import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("wasmtime", reason="reads module text")

EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))'
MEMORY = '(memory (export "memory") 1)'
ECHO = """(module  ;; copies standard input and its arguments to standard output
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $put (param $from i32) (param $size i32)
    (i32.store (i32.const 0) (local.get $from))
    (i32.store (i32.const 4) (local.get $size))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "_start")
    (drop (call $sizes (i32.const 16) (i32.const 20)))
    (drop (call $args (i32.const 0x100) (i32.const 0x1000)))
    (call $put (i32.const 0x1000) (i32.load (i32.const 20)))
    (drop (call $env_sizes (i32.const 16) (i32.const 20)))
    (drop (call $env (i32.const 0x100) (i32.const 0x1000)))
    (call $put (i32.const 0x1000) (i32.load (i32.const 20)))
    (if (i32.eqz (call $name (i32.const 3) (i32.const 0x2000) (i32.const 100)))
      (then (call $put (i32.const 0x2000) (i32.const 8))))))"""
FUNCTIONS = """(module
  (func $div (export "div") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1)))
  (func $down (export "down") (call $down))
  (func (export "spin") (loop (br 0)))
  (func (export "halves") (param f32 f64) (result f32 f64)
    (f32.div (local.get 0) (f32.const 2)) (f64.div (local.get 1) (f64.const 2)))
  (func (export "wide") (param i64) (result i64) (local.get 0))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "nothing"))
  (global (export "global") i32 (i32.const 1)))"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], str]:
    """Writes a module and gives its path."""

    def write(content: str | bytes) -> str:
        text = isinstance(content, str)
        path = tmp_path / ("module.wat" if text else "module.wasm")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


File: TypeAlias = "Callable[[str | bytes], str]"
Output: TypeAlias = pytest.CaptureFixture[str]


def line(capfd: Output) -> str:
    """The one line on standard error; nothing is on standard output."""
    out, errors = capfd.readouterr()
    assert out == ""
    assert errors.startswith("linocut: ")
    assert errors.count("\n") == 1
    return errors.removeprefix("linocut: ").rstrip("\n")


def start(body: str) -> str:
    return f'(module {EXIT} {MEMORY} (func (export "_start") {body}))'


def test_the_guests_exit_code(file: File, capfd: Output) -> None:
    for code, expected in ((0, 0), (3, 3), (255, 255), (256, 0), (-1, 255)):
        assert run.main([file(start(f"(call $exit (i32.const {code}))"))]) == expected
    assert run.main([file(start(""))]) == 0
    assert capfd.readouterr() == ("", "")


def test_what_follows_the_file_is_the_guests(file: File, tmp_path: Path, capfd: Output) -> None:
    command = ["--dir", f"{tmp_path}::/sandbox", "--env=A=b=c", "--env", "E=", file(ECHO), "--dir", "-x", ""]
    assert run.main(command) == 0
    assert capfd.readouterr() == ("module.wat\0--dir\0-x\0\0A=b=c\0E=\0/sandbox", "")


def test_standard_input_is_a_file(file: File, monkeypatch: pytest.MonkeyPatch, capfd: Output) -> None:
    class Input:
        buffer = io.BytesIO(FUNCTIONS.encode())

    monkeypatch.setattr(sys, "stdin", Input)
    assert run.main(["--invoke", "div", "-", "42", "2"]) == 0
    assert capfd.readouterr() == ("21\n", "")


@pytest.mark.parametrize(
    ("call", "printed"),
    [
        ("div 7 -2", "-3\n"),
        ("div 0xfffffff8 2", "-4\n"),
        ("wide -0x8000000000000000", "-9223372036854775808\n"),
        ("wide 18446744073709551615", "-1\n"),
        ("halves 0.2 0.2", "0.1\n0.1\n"),
        ("halves inf nan", "inf\nnan\n"),
        ("halves 3.4028235e38 1e300", "1.7014117e+38\n5e+299\n"),
        ("same null", "null\n"),
        ("nothing", ""),
    ],
)
def test_invoke(file: File, capfd: Output, call: str, printed: str) -> None:
    name, *arguments = call.split()
    assert run.main(["--invoke", name, file(FUNCTIONS), *arguments]) == 0
    assert capfd.readouterr() == (printed, "")


def test_invoke_initialises_a_reactor(file: File, capfd: Output) -> None:
    module = f"""(module {MEMORY} (global $g (mut i32) (i32.const 0))
      (func (export "_initialize") (global.set $g (i32.const 5)))
      (func (export "get") (result i32) (global.get $g)))"""
    assert run.main(["--invoke", "get", file(module)]) == 0
    assert capfd.readouterr() == ("5\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no FILE"),
        (["--frob", "{}"], "no option --frob"),
        (["--time=1", "{}"], "no option --time=1"),
        (["--interpret=1", "{}"], "no option --interpret=1"),
        (["--interpret", "--without", "immediates", "{}"], "there is none with --interpret"),
        (["--env", "x", "{}"], "NAME=VALUE"),
        (["--env", "=x", "{}"], "NAME=VALUE"),
        (["--timeout", "soon", "{}"], "seconds"),
        (["--timeout", "0", "{}"], "seconds"),
        (["--timeout", "nan", "{}"], "seconds"),
        (["--invoke"], "takes a value"),
        (["{}"], "_start is called, but div, "),
        (["--", "--time"], "--time: No such file"),
        (["missing.wasm"], "No such file"),
        (["--dir", "/missing::x", "{}"], "/missing: No such file"),
        (["--invoke", "div", "{}", "1"], "takes 2 arguments (i32 i32), not 1"),
        (["--invoke", "nothing", "{}", "1"], "takes no arguments, not 1"),
        (["--invoke", "div", "{}", "1", "x"], "'x' is no i32"),
        (["--invoke", "div", "{}", "1", "4294967296"], "is no i32"),
        (["--invoke", "div", "{}", "1.0", "1"], "is no i32"),
        (["--invoke", "same", "{}", "x"], "is no externref"),
        (["--invoke", "global", "{}"], "global is called, but div, "),
    ],
)
def test_wrong_usage(file: File, capfd: Output, arguments: list[str], said: str) -> None:
    path = file(FUNCTIONS)
    assert run.main([argument.replace("{}", path) for argument in arguments]) == 2
    printed = line(capfd)
    assert printed.startswith("usage: ")
    assert said in printed


@pytest.mark.parametrize("options", [[], ["--interpret"]])
def test_trap(file: File, capfd: Output, options: list[str]) -> None:
    assert run.main([*options, "--invoke", "div", file(FUNCTIONS), "1", "0"]) == 134
    expected = "trap: integer_divide_by_zero: integer divide by zero in function 0 (div) at offset 0x"
    assert line(capfd).startswith(expected)


CHAIN = """(module
  (func $last (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
  (func $middle (param i32) (result i32) (call $last (local.get 0)))
  (func (export "first") (param i32) (result i32) (call $middle (local.get 0)))
  (func $again (export "again") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $other (i32.sub (local.get 0) (i32.const 1)))) (else (call $last (local.get 0)))))
  (func $other (param i32) (result i32) (call $again (local.get 0))))"""


@pytest.mark.parametrize("options", [[], ["--interpret"]])
def test_a_trap_says_who_called(file: File, capfd: Output, options: list[str]) -> None:
    assert run.main([*options, "--invoke", "first", file(CHAIN), "0"]) == 134
    out, errors = capfd.readouterr()
    first, *callers = [re.sub("0x[0-9a-f]+", "0x…", line) for line in errors.splitlines()]
    assert out == ""
    assert first == (
        "linocut: trap: integer_divide_by_zero: integer divide by zero in function 0 (last) at offset 0x…"
    )
    assert callers == [
        "  called by function 1 (middle) at offset 0x…",
        "  called by function 2 at offset 0x…",
    ]


@pytest.mark.parametrize(
    ("depth", "rest"), [(9, ""), (30, "  … and 40 more"), (500, "  … and at least 235 more")]
)
def test_a_long_backtrace_is_cut_with_a_count(file: File, capfd: Output, depth: int, rest: str) -> None:
    assert run.main(["--invoke", "again", file(CHAIN), str(depth)]) == 134
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == (1 + 1 + 2 * depth if not rest else 22)
    assert not rest or lines[-1].startswith("  … and ")
    assert "(other)" in lines[2]
    assert "(again)" in lines[1]


def test_a_hostile_name_in_a_backtrace_does_not_reach_the_terminal(file: File, capfd: Output) -> None:
    name = "a" * 10_000
    text = f'(module (func $low unreachable) (func $"\\1b[31m{name}" (export "up") (call $low)))'
    assert run.main(["--invoke", "up", file(text)]) == 134
    errors = capfd.readouterr().err
    assert r"(\x1b[31maaa" in errors
    assert len(errors) < 500


@pytest.mark.parametrize("name", ["_start", "_initialize"])
@pytest.mark.parametrize("params", ["i32", "i64 f32 externref"])
def test_what_is_called_by_its_name_alone_takes_nothing(
    file: File, capfd: Output, name: str, params: str
) -> None:
    module = file(f'(module (func (export "{name}") (param {params})) (func (export "get")))')
    assert run.main([module, "3"] if name == "_start" else ["--invoke", "get", module]) == 2
    assert f"{name} is called, which must take nothing, but takes ({params})" in line(capfd)


def test_a_program_with_parameters_can_be_invoked(file: File, capfd: Output) -> None:
    module = file('(module (func (export "_start") (param i32) (result i32) (local.get 0)))')
    assert run.main(["--invoke", "_start", module, "0x10"]) == 0
    assert capfd.readouterr() == ("16\n", "")


def test_a_nan_keeps_its_payload(file: File, capfd: Output) -> None:
    module = file('(module (func (export "f") (param f32 f64) (result f32 f64) (local.get 0) (local.get 1)))')
    for options in ([], ["--timeout", "60"], ["--interpret"]):
        assert run.main([*options, "--invoke", "f", module, "nan:0x1", "-nan:0x123"]) == 0
        assert capfd.readouterr() == ("nan:0x1\n-nan:0x123\n", "")


def test_exports_without_number_are_not_all_listed(file: File, capfd: Output) -> None:
    exports = "".join(f'(export "f{i}" (func 0))' for i in range(5000))
    assert run.main([file(f"(module (func) {exports})")]) == 2
    printed = line(capfd)
    assert "f19 and 4980 more is exported" in printed


def test_an_exception_that_nobody_catches(file: File, capfd: Output) -> None:
    text = '(module (tag $e (param i32)) (func $f (throw $e (i32.const 7))) (func (export "g") (call $f)))'
    assert run.main(["--invoke", "g", file(text)]) == 136
    out, errors = capfd.readouterr()
    first, caller = errors.splitlines()
    assert out == ""
    assert first.startswith("linocut: exception: WebAssembly threw (7,) in function 0 (f) at offset 0x")
    assert caller.startswith("  called by function 1 at offset 0x")


def test_exhaustion(file: File, capfd: Output) -> None:
    assert run.main(["--invoke", "down", file(FUNCTIONS)]) == 135
    out, errors = capfd.readouterr()
    first, caller, rest = errors.splitlines()
    assert out == ""
    assert first.startswith("linocut: exhaustion: stack_exhausted: call stack exhausted in function 1 (down)")
    assert re.fullmatch(r"  called by function 1 \(down\) at offset 0x[0-9a-f]+, 255 times", caller)
    assert rest == "  … and perhaps more"


@pytest.mark.parametrize("options", [[], ["--interpret"]])
def test_timeout(file: File, capfd: Output, options: list[str]) -> None:
    begin = time.monotonic()
    assert run.main([*options, "--timeout", "0.2", "--invoke", "spin", file(FUNCTIONS)]) == 124
    assert 0.2 <= time.monotonic() - begin < 60
    assert line(capfd).startswith("timeout: ")


def test_malformed(file: File, capfd: Output) -> None:
    for content in (b"", b"GIF89a", b"\0asm\1\0\0\0\1", b"\0asm\2\0\0\0", b"(module", b"(\xff", "(modul)"):
        assert run.main([file(content)]) == 120
        assert line(capfd).startswith("malformed: ")


def test_invalid(file: File, capfd: Output) -> None:
    assert run.main([file('(module (func (export "_start") i32.const 1))')]) == 121
    printed = line(capfd)
    assert printed.startswith("invalid: ")
    assert "function 0" in printed
    assert "byte 37" in printed


def test_unlinkable(file: File, capfd: Output) -> None:
    for text in (
        '(module (import "a" "b" (func)) (func (export "_start")))',
        '(module (import "wasi_snapshot_preview1" "fd_close" (func)) (func (export "_start")))',
    ):
        assert run.main([file(text)]) == 122
        assert line(capfd).startswith("unlinkable: ")


def test_a_hostile_name_does_not_reach_the_terminal(file: File, capfd: Output) -> None:
    assert run.main([file('(module (import "a\\1b[31m\\0a" "b" (func)) (func (export "_start")))')]) == 122
    assert r"a\x1b[31m\n" in line(capfd)


def test_time(file: File, capfd: Output) -> None:
    assert run.main(["--time", file(start("(call $exit (i32.const 3))"))]) == 3
    printed = line(capfd)
    assert [part.split()[0] for part in printed.split(", ")] == ["read", "compile", "instantiate", "run"]
    assert all(part.endswith(" ms") for part in printed.split(", "))


def test_help(capsys: Output) -> None:
    assert run.main(["--help"]) == 0
    printed = capsys.readouterr().out
    for _, _, code in OUTCOMES:
        assert str(code) in printed
    assert all(len(row) <= 110 for row in printed.splitlines())


# A program that prints that it has begun.
READY = """(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\20\\00\\00\\00\\01") (data (i32.const 32) "!")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    {}))"""


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert process.stdout.read(1) == "!"


def interrupt(process: subprocess.Popen[str]) -> str:
    """Interrupt the process as Ctrl-C does; returns what it writes to standard error."""
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=60)[1]
    finally:
        process.kill()  # has no effect if it has ended


def test_interrupted(file: File) -> None:
    command = [sys.executable, "-m", "linocut.cli", "run", file(READY.format("(loop (br 0))"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until_ready(process)
        errors = interrupt(process)
    assert (process.returncode, errors) == (130, "linocut: interrupted\n")


def test_interrupted_while_reading(file: File) -> None:
    read = "(drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))"
    command = [sys.executable, "-m", "linocut.cli", "run", file(READY.format(read))]
    given, into = os.pipe()
    with subprocess.Popen(
        command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_until_ready(process)
        errors = interrupt(process)
    assert (process.returncode, errors) == (130, "linocut: interrupted\n")
    os.close(given)
    os.close(into)
