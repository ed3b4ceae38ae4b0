"""`linocut inspect`: a module's functions, or the machine code of one beside its WebAssembly.

`overview.py` lists functions. `listing.py` puts one together out of what `machine.py` (instructions),
`stencils.py` (what they were copied from) and `comments.py` (what they reach) say; `text.py` and `json_.py`
show it. `command.py` reads the command line.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut inspect ARGUMENTS…`; the result is the process's exit code."""
    from linocut.cli.inspect.command import main

    return main(arguments)
