"""`linocut diff A [B]`: two modules, or two ways to compile one, beside each other.

`blocks.py` pairs the pieces of two listings, `document.py` collects, `text.py` writes it for people,
`command.py` reads the command line.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut diff ARGUMENTS…`; the result is the process's exit code."""
    from linocut.cli.diff.command import main

    return main(arguments)
