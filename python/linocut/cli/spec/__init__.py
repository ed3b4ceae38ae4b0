"""`linocut spec`: the official test scripts of WebAssembly."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run `linocut spec ARGUMENTS…`; the result is the process's exit code."""
    from .command import main

    return main(arguments)
