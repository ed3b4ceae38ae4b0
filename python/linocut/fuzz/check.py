"""One seed's question and its verdict, and how to ask it where a crash does no harm."""

from __future__ import annotations

import os
import select
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut.fuzz.compare import difference
from linocut.fuzz.harness import Executor, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.fuzz.sources import Case


@dataclass(frozen=True)
class Failure:
    """What went wrong: the kind stays the same while a module is minimised."""

    kind: str  # differs | refused | raised | crashed | hung
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"


@dataclass(frozen=True)
class Pair:
    """The engine that is believed, and the one that is asked."""

    reference: Executor
    subject: Executor
    portable: bool = True
    """Whether one of them is not linocut, so that modules must keep to what all engines do alike."""
    forms: tuple[str, ...] = ()
    """Forms of exceptions that both know, see generate.generate."""


class BrokenReference(Exception):  # noqa: N818 - a finding, not an error of ours
    """The reference itself does not take the module: nothing can be said about it."""


def check(pair: Pair, case: Case) -> Failure | None:
    """Run a module in both engines, in this process."""
    wasm, program = case.wasm, case.program
    try:
        expected = run(pair.reference, wasm, program)
    except Exception as error:
        raise BrokenReference(f"{pair.reference.name}: {error}") from error
    try:
        got = run(pair.subject, wasm, program)
    except Exception as error:
        accepted, why = pair.subject.accepts(wasm)
        if not accepted:
            return Failure("refused", why)
        return Failure("raised", f"{type(error).__name__}: {error}")
    found = difference(expected, got, pair.reference.alike)
    return Failure("differs", found) if found else None


def isolated(question: Callable[[], Failure | None], seconds: float = 10.0) -> Failure | None:
    """The answer from a forked child, whose crash or endless loop is an answer too."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(question, writer)
    os.close(writer)
    try:
        answer = _read(reader, seconds)
        if answer is None:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(reader)
        _, status = os.waitpid(child, 0)
    if answer is None:
        return Failure("hung", f"no answer in {seconds:g} s")
    if os.WIFSIGNALED(status):
        return Failure("crashed", signal.Signals(os.WTERMSIG(status)).name)
    kind, _, detail = answer.partition(":")
    return Failure(kind, detail) if kind else None


def _answer(question: Callable[[], Failure | None], writer: int) -> None:
    """The child's whole life."""
    try:
        failure = question()
        text = f"{failure.kind}:{failure.detail}" if failure else ""
    except BaseException as error:
        text = "" if isinstance(error, BrokenReference) else f"raised:{type(error).__name__}: {error}"
    os.write(writer, text.encode()[:60000])
    os._exit(0)


def _read(reader: int, seconds: float) -> str | None:
    """All that the child writes until it closes, or None when it takes too long."""
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select.select([reader], [], [], seconds)
        if not ready:
            return None
        chunk = os.read(reader, 65536)
        if not chunk:
            return b"".join(chunks).decode(errors="replace")
        chunks.append(chunk)
