"""Engines in worker processes, which answer one line per file; docs/exploder.md has the protocol."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from tempfile import TemporaryFile
from time import monotonic
from typing import IO

from linocut.engines.checks.checker import Checker, EngineError, Job
from linocut.engines.checks.outcome import DIED, TIMED_OUT, OutcomeKind, Sign
from linocut.engines.process import environment

# Seconds until a worker is ready: an engine may be big and the machine busy.
_START = 60.0
# Seconds from a process's last word to its end: a core file may be written.
_LAST = 10.0
_CHUNK = 1 << 16
_SHOWN = 500

# The first word of an answer. A worker need not tell the two kinds of refusal apart.
ANSWERS = {
    "ok": OutcomeKind.OK,
    "wrong": OutcomeKind.WRONG,
    "trap": OutcomeKind.TRAP,
    "exhaustion": OutcomeKind.EXHAUSTION,
    "rejected": OutcomeKind.REJECTED,
    "invalid": OutcomeKind.REJECTED,
    "malformed": OutcomeKind.REJECTED,
    "unlinkable": OutcomeKind.UNLINKABLE,
    "unsupported": OutcomeKind.UNSUPPORTED,
    "unknown": OutcomeKind.UNKNOWN,
}


def worker_checker(command: tuple[str, ...]) -> Checker:
    """By a worker's command line."""
    meanings = {_key(word): kind for word, kind in ANSWERS.items()}
    return Checker(lambda timeout: Worker(command, timeout), meanings)


class Worker:
    """A worker process, started again when a file has killed it."""

    def __init__(self, command: tuple[str, ...], timeout: float) -> None:
        self._command, self._timeout = command, timeout
        self.abilities: frozenset[str] = frozenset()
        self._start()

    def run(self, job: Job) -> Sign:
        """Its answer; or how its process ended, or that it had to be ended."""
        if self._process.poll() is not None:
            self._start()
        try:
            self._pipe_in.write(_request(job))
            self._pipe_in.flush()
        except OSError:
            return self._ended()
        try:
            line = self._read_line(self._timeout)
        except TimeoutError:
            self.close()
            return Sign(TIMED_OUT, f"no answer in {self._timeout:g} s")
        if line is None:
            return self._ended()
        word, _, said = line.partition(" ")
        if word in ANSWERS:
            return Sign(_key(word), said)
        self.close()  # nobody knows what else it will say
        return Sign("no answer of the protocol", line[:_SHOWN])

    def close(self) -> None:
        """Ends the process, with those that it has started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._pipe_in, self._pipe_out, self._errors):
            _close(pipe)

    def _start(self) -> None:
        """A fresh process; EngineError if it does not become ready."""
        self._rest = b""
        self._errors = TemporaryFile()  # noqa: SIM115 - closed with the process
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(f"the worker cannot be started: {error}") from None
        assert self._process.stdin is not None and self._process.stdout is not None
        self._pipe_in, self._pipe_out = self._process.stdin, self._process.stdout
        line = self._first_line()
        if line.split()[:1] != ["ready"]:
            self.close()
            raise EngineError(f"the worker does not begin with the line 'ready': {line[:_SHOWN]}")
        self.abilities = frozenset(line.split()[1:])

    def _first_line(self) -> str:
        try:
            line = self._read_line(_START)
        except TimeoutError:
            return f"nothing in {_START:g} s"
        return str(self._ended()) if line is None else line

    def _read_line(self, timeout: float) -> str | None:
        """The next line, None if the process has ended; TimeoutError if there is none in that time."""
        deadline = monotonic() + timeout
        poll = select.poll()
        poll.register(self._pipe_out, select.POLLIN)
        while b"\n" not in self._rest:
            if not poll.poll(max(0.0, deadline - monotonic()) * 1000):
                raise TimeoutError
            chunk = os.read(self._pipe_out.fileno(), _CHUNK)
            if not chunk:
                return None
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode(errors="replace").rstrip()

    def _ended(self) -> Sign:
        """How a process ended that says nothing more."""
        try:
            code = self._process.wait(_LAST)
        except subprocess.TimeoutExpired:
            code = 0  # it lives on and has closed its output
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - _SHOWN))
        said = self._errors.read().decode(errors="replace")
        self.close()
        return Sign(DIED, said, signal.Signals(-code).name if code < 0 else f"exit code {code}")


def _key(word: str) -> str:
    return f"says {word}"


def _request(job: Job) -> bytes:
    """One line of JSON."""
    links = [{"as": name, "file": file} for name, file in job.links]
    request = {
        "file": job.file,
        "call": job.calls,
        "signal": job.signal,
        "link": links,
        "same": job.same,
    }
    return json.dumps(request).encode() + b"\n"


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what was still to be written to a dead process
        return
