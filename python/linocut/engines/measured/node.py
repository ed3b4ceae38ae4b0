"""V8 in node: two engines, by flags that leave one of its compilers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from linocut.engines.measured.engine import Engine, Kind
from linocut.engines.node import node, node_version

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program

_WORKERS = Path(__file__).resolve().parents[1] / "workers"


def engine(name: str, kind: Kind, flags: tuple[str, ...]) -> Engine:
    """V8 with these flags; its WASI is the module node:wasi."""
    path = node()

    def command(program: Program) -> list[str]:
        script = str(_WORKERS / "node_run.js")
        return [path, *flags, "--no-warnings", script, str(program.wasm), *program.arguments]

    return Engine(
        name,
        kind,
        node_version(path),
        command,
        worker=(path, *flags, str(_WORKERS / "node_compile.js")),
        flags=flags,
    )
