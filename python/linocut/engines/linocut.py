"""This project: `linocut run` with all that is validated and checked by default, or its interpreter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import linocut
from linocut.engines.checks.worker import worker_checker
from linocut.engines.engine import Engine, Kind
from linocut.engines.found import Absent
from linocut.engines.process import python

if TYPE_CHECKING:
    from linocut.engines.program import WasiProgram

INTERPRET = ("--interpret",)


def find() -> Engine:
    """linocut with nothing switched off."""
    _require_extension()
    return engine("linocut")


def find_interpreter() -> Engine:
    """Interpretation itself: the opcode table as a loop over the same C that the stencils are made of.

    It makes no code, so there is no compiler to measure.
    """
    _require_extension()
    return engine("interpreter", INTERPRET, Kind.INTERPRETER, compiles=False)


def find_interpreter_to_check() -> Engine:
    """The same, by the name that it has where engines are checked."""
    return replace(find_interpreter(), name="linocut-interpreter")


def engine(
    name: str,
    flags: tuple[str, ...] = (),
    kind: Kind = Kind.COPY_AND_PATCH,
    compiles: bool = True,
) -> Engine:
    """linocut with these flags of `linocut run` and a name of its own, to compare it with itself."""

    def command(program: WasiProgram) -> list[str]:
        return [*python("cli.__main__", "run", *flags), str(program.wasm), *program.arguments]

    return Engine(
        name,
        kind,
        f"linocut {linocut.__version__}",
        command,
        compiler=python("engines.workers.linocut_compile", *flags) if compiles else None,
        caller=python("engines.workers.linocut_calls") if compiles else None,
        checker=lambda _signal, _entry: worker_checker(python("engines.workers.linocut_check", *flags)),
        flags=flags,
    )


def _require_extension() -> None:
    try:
        linocut.load  # noqa: B018 - loads the extension
    except ImportError as error:
        raise Absent(f"make build; the extension is missing: {error}") from error
