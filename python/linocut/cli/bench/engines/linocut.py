"""This project's compiler: `linocut run`, everything validated and checked, as loaded by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut
from linocut.cli.bench.engines.engine import Engine, Kind
from linocut.cli.peers.absent import Absent
from linocut.cli.peers.process import python

if TYPE_CHECKING:
    from linocut.cli.bench.programs.program import Program


def find() -> Engine:
    """With nothing switched off."""
    try:
        linocut.load  # noqa: B018 - loads the extension
    except ImportError as error:
        raise Absent(f"make build; the extension is missing: {error}") from error
    return engine("linocut")


def engine(
    name: str,
    flags: tuple[str, ...] = (),
    kind: Kind = Kind.COPY_AND_PATCH,
    compiles: bool = True,
) -> Engine:
    """Under another name and with other flags of `linocut run`, for comparisons of itself with itself."""

    def command(program: Program) -> list[str]:
        return [*python("__main__", "run", *flags), str(program.wasm), *program.arguments]

    return Engine(
        name,
        kind,
        f"linocut {linocut.__version__}",
        command,
        worker=python("bench.workers.compile_linocut") if compiles else None,
        caller=python("bench.workers.calls_linocut") if compiles else None,
        flags=flags,
    )
