"""Engines that are not known by name: a command line, or a worker's."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

from linocut.engines.absent import Absent
from linocut.engines.checked import FINDERS
from linocut.engines.checked.engine import EngineError
from linocut.engines.checked.program import program_engine
from linocut.engines.checked.worker import worker_engine
from linocut.spec.check.outcome import Kind

if TYPE_CHECKING:
    import argparse

    from linocut.engines.checked.engine import Engine

# What a pattern can say of an engine's output.
PATTERN_KINDS = (
    Kind.WRONG,
    Kind.TRAP,
    Kind.EXHAUSTION,
    Kind.REJECTED,
    Kind.UNLINKABLE,
    Kind.UNSUPPORTED,
)


def choose_engine(options: argparse.Namespace, signal: str, entry: str) -> Engine:
    """The engine that the options name; EngineError if it is not here or there is no such."""
    try:
        if options.worker:
            return worker_engine(options.worker, "", tuple(_words(options.worker)))
        if options.engine in FINDERS:
            return FINDERS[options.engine](signal, entry)
        if "{file}" not in options.engine:
            raise EngineError(
                f"there is no engine {options.engine!r}, only {', '.join(FINDERS)}; "
                "a command line needs {file} where the file's path goes"
            )
        return program_engine(
            options.engine,
            "",
            _words(options.engine),
            dict(options.pattern),
            options.unsupported,
            options.link_option,
            options.text,
        )
    except Absent as absent:
        raise EngineError(f"{options.worker or options.engine} is not here: {absent}") from None


def pattern(text: str) -> tuple[Kind, str]:
    """Kind and regular expression of one option; ValueError for a text that is none."""
    kind, equals, expression = text.partition("=")
    if not equals or kind not in PATTERN_KINDS:
        raise ValueError(text)
    return Kind(kind), expression


def _words(line: str) -> list[str]:
    """Absent if the first is no program."""
    words = shlex.split(line)
    if not words or shutil.which(words[0]) is None:
        raise Absent(f"there is no program {words[0] if words else line!r}")
    return words
