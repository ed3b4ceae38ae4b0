"""`linocut explore`: the page of `linocut inspect --html`, served on this machine, with an editor.

`server.py` answers requests, after `guard.py` has refused those that come from elsewhere. `library.py` knows
the modules that have been shown; `worker.py` compiles them in a process of its own, which `workers.py` keeps
at hand and ends when it takes too long.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut explore ARGUMENTS…`; the result is the process's exit code."""
    from linocut.cli.explore.command import main

    return main(arguments)
