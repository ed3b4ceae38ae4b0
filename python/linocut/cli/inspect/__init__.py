"""`linocut inspect`: a module's functions, or one's machine code beside its WebAssembly and another engine's.

`overview.py` lists functions. `listing.py` puts one together out of what `machine.py` (instructions),
`stencils.py` (what they were copied from), `comments.py` (what they reach) and `marks.py` (what they are for)
say; `text.py` shows it. `view.py` makes the documents that `--json`, the page and the notebook have.
`against/` asks other engines, `align.py` pairs their code with ours, `beside.py` shows both. `command.py`
reads the command line.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut inspect ARGUMENTS…`; the result is the process's exit code."""
    from linocut.cli.inspect.command import main

    return main(arguments)
