"""The system's gcc."""

from __future__ import annotations

from linocut.engines import found
from linocut.engines.measured import native
from linocut.engines.measured.engine import Engine
from linocut.engines.process import first_line


def find() -> Engine:
    """At -O2, as is usual."""
    path = found.program("LINOCUT_GCC", "gcc", get="apt-get install gcc")
    return native.engine("gcc", first_line([path, "--version"]), (path,))
