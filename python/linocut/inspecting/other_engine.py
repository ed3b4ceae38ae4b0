"""Whose code is shown beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines.code.foreign import NoCodeError
from linocut.engines.registry import SHOWN
from linocut.extras import missing

if TYPE_CHECKING:
    from linocut.engines.code.foreign import ForeignModule

DEFAULT, NONE = "liftoff", "none"  # what pages show unless they are told otherwise; no engine


def open_code(name: str, wasm: bytes) -> ForeignModule:
    """The machine code that the engine of that name makes of a module.

    NoCodeError when there is no such engine, or it is not on this machine; MissingExtraError without
    capstone, which reads every engine's code.
    """
    # Here, since a command that only names the engines starts faster without.
    from linocut.engines.found import Absent, package_folder

    if name not in SHOWN:
        raise NoCodeError(f"no engine {name!r}; there are {', '.join(SHOWN)}")
    if package_folder("capstone") is None:
        raise missing("capstone")
    try:
        engine = SHOWN[name]()
    except Absent as absent:
        raise NoCodeError(f"{name} needs {absent.what}: {absent}") from None
    assert engine.code is not None
    return engine.code(wasm)


def code_or_reason(name: str, wasm: bytes) -> tuple[ForeignModule | None, str | None]:
    """That engine's code of a module, or why it cannot be shown; neither for NONE."""
    if name == NONE:
        return None, None
    try:
        return open_code(name, wasm), None
    except NoCodeError as error:
        return None, str(error)
