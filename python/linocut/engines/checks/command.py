"""Engines that are command lines: a process per file."""

from __future__ import annotations

import os
import re
import select
import shlex
import signal
import subprocess
from time import monotonic
from typing import TYPE_CHECKING

from linocut.engines.checks.checker import Checker, EngineError, Job
from linocut.engines.checks.outcome import SIGNALLED, TIMED_OUT, OutcomeKind, Sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHUNK = 1 << 16
# Bytes of output that are kept: an engine in a loop may print without end.
_KEPT = 1 << 16
# Shells and their like exit with this and the number of the signal that ended what they ran.
_SHELL_SIGNAL = 128


def command_checker(
    words: Sequence[str],
    patterns: Mapping[OutcomeKind, str] | None = None,
    unsupported: int | None = None,
    link_option: str | None = None,
    text: bool = False,
) -> Checker:
    """By a command line with `{file}` in it, which stands for the file.

    `patterns`: output that says more than the exit code, as regular expressions. `unsupported`: the exit code
    that means so. `link_option`: words with `{as}` and `{file}`, inserted for each module that is imported
    from. `text`: it reads .wat files.
    """
    expressions = {kind: re.compile(pattern) for kind, pattern in (patterns or {}).items()}
    meanings = {_pattern_key(kind): kind for kind in expressions}
    if unsupported is not None:
        meanings[f"exit {unsupported}"] = OutcomeKind.UNSUPPORTED
    line = CommandLine(tuple(words), link_option)
    abilities = frozenset([*(["text"] if text else []), *(["link"] if link_option else [])])
    return Checker(
        lambda timeout: CommandRunner(line, timeout, expressions, abilities),
        meanings,
        command=lambda job: shlex.join(line.filled(job)),
    )


class CommandLine:
    """Words with `{file}` and perhaps `{entry}` in them."""

    def __init__(self, words: tuple[str, ...], link_option: str | None) -> None:
        if not any("{file}" in word for word in words):
            raise EngineError(f"there is no {{file}} in {shlex.join(words)!r}: where does the file go?")
        self._words, self._link = words, shlex.split(link_option or "")

    def filled(self, job: Job) -> list[str]:
        """The words of one run; what is imported from comes right before the file."""
        links = [
            word.replace("{as}", name).replace("{file}", file)
            for name, file in job.links
            for word in self._link
        ]
        filled: list[str] = []
        for word in self._words:
            if "{file}" in word:
                filled += links
            filled.append(word.replace("{file}", job.file).replace("{entry}", job.calls or ""))
        return filled


class CommandRunner:
    """Runs the command for each job."""

    def __init__(
        self,
        line: CommandLine,
        timeout: float,
        patterns: Mapping[OutcomeKind, re.Pattern[str]],
        abilities: frozenset[str],
    ) -> None:
        self._line, self._timeout, self._patterns = line, timeout, patterns
        self.abilities = abilities

    def run(self, job: Job) -> Sign:
        """How the process ended; a pattern in its output says more than its exit code."""
        try:
            process = subprocess.Popen(
                self._line.filled(job),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(str(error)) from None
        with process:
            output, in_time = _drain(process, self._timeout)
        return self._sign(process.returncode, output) if in_time else Sign(TIMED_OUT, output)

    def close(self) -> None:
        """Nothing is left running."""

    def _sign(self, code: int, output: str) -> Sign:
        if code < 0:
            return Sign(f"{SIGNALLED}{-code}", output, _signal_name(-code))
        for kind, pattern in self._patterns.items():
            if pattern.search(output):
                return Sign(_pattern_key(kind), output)
        return Sign(f"exit {code}", output, _signal_name(code - _SHELL_SIGNAL))


def _drain(process: subprocess.Popen[bytes], timeout: float) -> tuple[str, bool]:
    """The first that the process prints, and whether it ends in time; what is left of it is ended."""
    assert process.stdout is not None
    deadline, kept = monotonic() + timeout, b""
    poll = select.poll()
    poll.register(process.stdout, select.POLLIN)
    while (left := deadline - monotonic()) > 0:
        if not poll.poll(left * 1000):
            break
        chunk = os.read(process.stdout.fileno(), _CHUNK)
        if not chunk:
            break
        kept = (kept + chunk)[:_KEPT]
    in_time = _wait(process, max(0.0, deadline - monotonic()))
    if not in_time:
        os.killpg(process.pid, signal.SIGKILL)
    return kept.decode(errors="replace"), in_time


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return False
    return True


def _signal_name(number: int) -> str | None:
    return signal.Signals(number).name if number in signal.valid_signals() else None


def _pattern_key(kind: OutcomeKind) -> str:
    return f"its output says {kind}"
