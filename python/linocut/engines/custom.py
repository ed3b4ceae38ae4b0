"""Engines that nobody here knows by name: a command line, or a worker's."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

from linocut.engines.checks.command import command_checker
from linocut.engines.checks.worker import worker_checker
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linocut.engines.checks.outcome import OutcomeKind
    from linocut.engines.program import WasiProgram


def parse(text: str) -> tuple[str, str]:
    """Name and command line of NAME='COMMAND {wasm}'; ValueError for a text that is none."""
    name, equals, line = text.partition("=")
    if not (name and equals and "{wasm}" in line):
        raise ValueError(f"an engine is NAME='COMMAND {{wasm}}', not {text!r}")
    return name, line


def engine(name: str, line: str, kind: Kind = Kind.CUSTOM) -> Engine:
    """A command that runs programs: `{wasm}` stands for the file; the program's own arguments follow.

    Raises Absent when its program is not there.
    """
    words = shlex.split(line)
    if shutil.which(words[0]) is None:
        raise Absent(f"there is no program {words[0]!r}")

    def command(program: WasiProgram) -> list[str]:
        return [*(word.replace("{wasm}", str(program.wasm)) for word in words), *program.arguments]

    return Engine(name, kind, "", command, flags=(line,))


def command_engine(
    line: str,
    patterns: Mapping[OutcomeKind, str] | None = None,
    unsupported: int | None = None,
    link_option: str | None = None,
    text: bool = False,
) -> Engine:
    """A command that runs one test file, `{file}`; what the rest means, `command_checker` says.

    Raises Absent when its program is not there, EngineError without a `{file}`.
    """
    checker = command_checker(_words(line), patterns, unsupported, link_option, text)
    return Engine(line, Kind.CUSTOM, "", checker=lambda _signal, _entry: checker)


def worker_engine(line: str) -> Engine:
    """A command that answers a line per test file; Absent when its program is not there."""
    checker = worker_checker(tuple(_words(line)))
    return Engine(line, Kind.CUSTOM, "", checker=lambda _signal, _entry: checker)


def _words(line: str) -> list[str]:
    words = shlex.split(line)
    if not words or shutil.which(words[0]) is None:
        raise Absent(f"there is no program {words[0] if words else line!r}")
    return words
