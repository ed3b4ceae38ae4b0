"""Engines as processes that die, hang, print too much, and are started again."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from linocut.engines.checks.checker import Checker, EngineError, Job
from linocut.engines.checks.command import command_checker
from linocut.engines.checks.outcome import DIED, TIMED_OUT, OutcomeKind
from linocut.engines.checks.worker import Worker

# A worker whose files say what it does with them.
WORKER = """\
import json, os, signal, sys, time
print("ready text", flush=True)
for number, line in enumerate(sys.stdin):
    word = os.path.basename(json.loads(line)["file"])
    if word == "die": print("last words", file=sys.stderr, flush=True); os.kill(os.getpid(), signal.SIGSEGV)
    if word == "leave": sys.exit(7)
    if word == "hang": time.sleep(100)
    if word == "count": word = f"ok {number}"
    print(word, flush=True)
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    (tmp_path / "worker.py").write_text(WORKER)
    worker = Worker((sys.executable, str(tmp_path / "worker.py")), timeout=10.0)
    yield worker
    worker.close()


def ask(worker: Worker, file: str) -> tuple[str, str]:
    sign = worker.run(Job(file, "_start"))
    return sign.key, sign.output


def test_a_worker_answers_line_by_line(worker: Worker):
    assert worker.abilities == {"text"}
    assert [ask(worker, "count"), ask(worker, "count")] == [("says ok", "0"), ("says ok", "1")]
    assert ask(worker, "trap out of bounds") == ("says trap", "out of bounds")


@pytest.mark.parametrize(
    ("file", "signal", "last"), [("die", "SIGSEGV", "last words\n"), ("leave", "exit code 7", "")]
)
def test_a_worker_that_ends_is_started_again(worker: Worker, file: str, signal: str, last: str):
    ask(worker, "count")
    sign = worker.run(Job(file, None))
    assert (sign.key, sign.signal) == (DIED, signal)
    assert sign.output.startswith(last)  # an emulator has last words, too
    assert ask(worker, "count") == ("says ok", "0")


def test_a_worker_that_hangs_is_ended(worker: Worker):
    assert ask(worker, "hang")[0] == TIMED_OUT
    assert ask(worker, "count") == ("says ok", "0")


def test_a_worker_that_says_something_else_is_not_trusted_with_the_next_answer(worker: Worker):
    ask(worker, "count")
    assert ask(worker, "fine") == ("no answer of the protocol", "fine")
    assert ask(worker, "count") == ("says ok", "0")


@pytest.mark.parametrize("code", ["print('hello')", "import nothing_of_that_name", "pass"])
def test_a_worker_begins_with_ready(code: str):
    with pytest.raises(EngineError, match="'ready'"):
        Worker((sys.executable, "-c", code), timeout=60.0)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Checker]:
    """Makes an engine of Python code, in which `file` is the path of the file."""

    def make(code: str, **options: object) -> Checker:
        path = tmp_path / "engine.py"
        path.write_text(f"import os, signal, subprocess, sys, time\nfile = sys.argv[-1]\n{code}\n")
        return command_checker([sys.executable, str(path), "{file}"], **options)  # type: ignore[arg-type]

    return make


def test_an_exit_code(program: Callable[..., Checker]):
    sign = program("print(file); sys.exit(3)").open(60).run(Job("x.wasm", None))
    assert (sign.key, sign.output, sign.signal) == ("exit 3", "x.wasm\n", None)


def test_a_death_by_signal(program: Callable[..., Checker]):
    sign = program("os.kill(os.getpid(), signal.SIGSEGV)").open(60).run(Job("x", None))
    assert (sign.key, sign.signal) == ("signal 11", "SIGSEGV")


def test_a_death_by_signal_as_a_shell_says_it(program: Callable[..., Checker]):
    sign = program("sys.exit(139)").open(60).run(Job("x", None))
    assert (sign.key, sign.signal) == ("exit 139", "SIGSEGV")


def test_a_pattern_says_more_than_the_exit_code_and_less_than_a_signal(program: Callable[..., Checker]):
    code = "print('oops: a trap', file=sys.stderr, flush=True); int(file) and os.kill(os.getpid(), 11)"
    runner = program(code, patterns={OutcomeKind.TRAP: "oops: .* trap"}).open(60)
    assert [runner.run(Job(file, None)).key for file in "01"] == ["its output says trap", "signal 11"]


def test_a_process_that_hangs_is_ended_with_its_children(program: Callable[..., Checker], tmp_path: Path):
    # The reader of a pipe sees its end when no process is left that could write to it.
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    code = f"pipe = os.open({str(path)!r}, os.O_WRONLY); os.write(pipe, b'!'); os.fork(); time.sleep(600)"
    sign = program(code).open(5).run(Job("x", None))
    assert sign.key == TIMED_OUT
    assert os.read(reader, 1) == b"!"
    assert select.select([reader], [], [], 60)[0], "somebody is left"
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_output_without_end_is_not_kept(program: Callable[..., Checker]):
    sign = program("while True: print('x' * 10000)").open(0.5).run(Job("x", None))
    assert sign.key == TIMED_OUT
    assert len(sign.output) <= 1 << 16


def test_modules_to_link_with_go_before_the_file():
    engine = command_checker(["run", "-x", "{file}"], link_option="--preload {as}={file}")
    assert engine.command is not None
    job = Job("a b.wasm", "_start", links=(("m", "m.wasm"), ("n", "n.wasm")))
    assert engine.command(job) == "run -x --preload m=m.wasm --preload n=n.wasm 'a b.wasm'"


def test_a_command_needs_a_place_for_the_file():
    with pytest.raises(EngineError, match="where does the file go"):
        command_checker(["run"])
