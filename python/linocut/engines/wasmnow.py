"""WasmNow, the engine of the copy-and-patch paper.

Its repository builds a test program around modules of its own; a program that runs any module has to be made
of it, and is given as a command line.
"""

from __future__ import annotations

import os

from linocut.engines import custom
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent


def find() -> Engine:
    """By the command line in LINOCUT_WASMNOW."""
    line = os.environ.get("LINOCUT_WASMNOW")
    if not line:
        raise Absent("build a program around github.com/sillycross/WasmNow; LINOCUT_WASMNOW='PROGRAM {wasm}'")
    return custom.engine("wasmnow", line, Kind.COPY_AND_PATCH)
