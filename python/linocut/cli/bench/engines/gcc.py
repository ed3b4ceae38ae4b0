"""The system's gcc."""

from __future__ import annotations

from linocut.cli.bench.engines import native
from linocut.cli.bench.engines.engine import Engine
from linocut.cli.peers import found
from linocut.cli.peers.process import first_line


def find() -> Engine:
    """At -O2, as is usual."""
    path = found.program("LINOCUT_GCC", "gcc", get="apt-get install gcc")
    return native.engine("gcc", first_line([path, "--version"]), (path,))
