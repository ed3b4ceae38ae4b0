"""A user's own modules: any .wasm file, or all of a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import linocut
from linocut.cli.bench.programs.program import Module, Program

if TYPE_CHECKING:
    from collections.abc import Iterable

_WASI = ("wasi_snapshot_preview1", "wasi_unstable")


@dataclass
class Found:
    """WASI commands, which can be run, and modules that can only be compiled."""

    programs: list[Program] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)


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
            if is_command(file):
                found.programs.append(Program(name, suite, file))
            else:
                found.modules.append(Module(name, suite, file))
    return found


def is_command(path: Path) -> bool:
    """Whether it exports _start and wants nothing but WASI. What linocut refuses is at least not run."""
    try:
        module = linocut.load(path)
    except linocut.Error:
        return False
    starts = any(export.name == "_start" for export in module.exports)
    return starts and all(entry.module in _WASI for entry in module.imports)
