"""`linocut explain OPCODE`: a row of the table, and what becomes of it in machine code.

`document.py` collects, `text.py` writes it for people, `command.py` reads the command line.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut explain ARGUMENTS…`; the result is the process's exit code."""
    from linocut.cli.explain.command import main

    return main(arguments)
