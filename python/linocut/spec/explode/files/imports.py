"""The functions that a file may import: nothing but these is wanted from a host."""

from __future__ import annotations

from typing import NamedTuple

from linocut.text.binary import name


class Import(NamedTuple):
    """A function; `type` is its type as bytes (§5.3.4)."""

    module: str
    name: str
    type: bytes

    @property
    def path(self) -> str:
        """What the manifest calls it."""
        return f"{self.module}.{self.name}"

    @property
    def names(self) -> bytes:
        """Both names and the kind, as an import begins (§5.5.5)."""
        return name(self.module) + name(self.name) + b"\0"


PROC_EXIT = Import("wasi_snapshot_preview1", "proc_exit", b"\x60\1\x7f\0")
# The object of a host for a number: no instruction makes one that is neither i31, struct nor array.
HOST_OBJECT = Import("host", "externref", b"\x60\1\x7f\1\x6f")
