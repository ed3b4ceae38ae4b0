"""A user's own modules: any .wasm file, or all of a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
from linocut.engines.program import WasiProgram, WasmFile
from linocut.types import FuncType

if TYPE_CHECKING:
    from collections.abc import Iterable

_WASI = ("wasi_snapshot_preview1", "wasi_unstable")


@dataclass
class Found:
    """WASI commands, which can be run, and modules that can only be compiled."""

    programs: list[WasiProgram] = field(default_factory=list)
    modules: list[WasmFile] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Why modules, by name, cannot be run."""


def find_files(paths: Iterable[Path]) -> Found:
    """What the files and folders hold; ValueError for a path that holds no module."""
    found, names = Found(), set()
    for path in paths:
        files = sorted(path.glob("*.wasm")) if path.is_dir() else [path]
        if not files or not all(file.is_file() for file in files):
            raise ValueError(f"{path}: no such file, or a folder without .wasm files")
        for file in files:
            suite = file.resolve().parent.name
            name = file.stem if file.stem not in names else f"{suite}/{file.stem}"
            names.add(name)
            if reason := why_not_run(file):
                found.left_out[name] = reason
                found.modules.append(WasmFile(name, suite, file))
            else:
                found.programs.append(WasiProgram(name, suite, file))
    return found


def why_not_run(path: Path) -> str:
    """Why it is not a command, that is, one that exports _start and imports only WASI; "" for a command."""
    try:
        module = linocut.load(path)
    except linocut.Error as error:
        return f"linocut refuses it: {error}"
    if not any(export.name == "_start" and isinstance(export.type, FuncType) for export in module.exports):
        return "it exports no function _start"
    others = (f"{wanted.module}.{wanted.name}" for wanted in module.imports if wanted.module not in _WASI)
    other = next(others, "")
    return f"it imports {other}, which is not WASI's" if other else ""
