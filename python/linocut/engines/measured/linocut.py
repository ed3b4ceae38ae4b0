"""This project's compiler: `linocut run`, everything validated and checked, as loaded by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import linocut
from linocut.engines.absent import Absent
from linocut.engines.measured.engine import Engine, Kind
from linocut.engines.process import python

if TYPE_CHECKING:
    from linocut.bench.programs.program import Program


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
        return [*python("cli.__main__", "run", *flags), str(program.wasm), *program.arguments]

    return Engine(
        name,
        kind,
        f"linocut {linocut.__version__}",
        command,
        worker=python("engines.workers.linocut_compile") if compiles else None,
        caller=python("engines.workers.linocut_calls") if compiles else None,
        flags=flags,
    )
