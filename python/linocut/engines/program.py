"""What is measured: modules, which are compiled, and programs, which are run as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class WasmFile:
    """Any WebAssembly module."""

    name: str
    suite: str
    wasm: Path


@dataclass(frozen=True)
class WasiProgram(WasmFile):
    """A WASI command that prints the time and the checksum of its kernel.

    `source` is None where only the module is there. `defines` are what both builds get (`-DSMALL_DATASET`),
    `native_flags` what that for this machine gets (`-msse4.1`), `arguments` what every run gets.
    """

    source: Path | None = None
    defines: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    native_flags: tuple[str, ...] = ()
