"""An engine that the user names: --engine NAME='COMMAND {wasm}'."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

from linocut.engines.absent import Absent
from linocut.engines.measured.engine import Engine, Kind

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program


def parse(text: str) -> tuple[str, str]:
    """Name and command line of one option; ValueError for a text that is none."""
    name, equals, line = text.partition("=")
    if not (name and equals and "{wasm}" in line):
        raise ValueError(f"an engine is NAME='COMMAND {{wasm}}', not {text!r}")
    return name, line


def engine(name: str, line: str, kind: Kind) -> Engine:
    """`{wasm}` in the command line stands for the file; the program's own arguments follow.

    Raises Absent when its program is not there.
    """
    words = shlex.split(line)
    if shutil.which(words[0]) is None:
        raise Absent(f"there is no program {words[0]!r}")

    def command(program: Program) -> list[str]:
        return [*(word.replace("{wasm}", str(program.wasm)) for word in words), *program.arguments]

    return Engine(name, kind, "", command, flags=(line,))
