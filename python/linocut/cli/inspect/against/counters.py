"""Liftoff counts direct calls, for TurboFan to inline some; V8 does not say which call it counts where."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linocut.cli.inspect.against.foreign import ForeignLine

# An element of the array of counters, whose register was loaded right before; not an access to a memory.
_COUNTS = re.compile(r"add dword ptr \[(\w+) \+ 0x[0-9a-f]+\], 1")


def tell_counters(lines: Sequence[ForeignLine]) -> list[ForeignLine]:
    """The lines, those that count of the WebAssembly of the call behind them."""
    found = list(lines)
    call = None
    for i in reversed(range(len(found))):
        line = found[i]
        if line.machine.is_call:
            call = line.wasm
        counts = _COUNTS.fullmatch(line.machine.text)
        if counts and line.wasm is None and call is not None:
            found[i] = replace(line, wasm=call, comment="counts the call")
            if i and found[i - 1].machine.loads and counts[1] in found[i - 1].machine.writes:
                found[i - 1] = replace(found[i - 1], wasm=call)
    return found
