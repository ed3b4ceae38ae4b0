"""Whose code is shown beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.engines.code.foreign import NoCodeError
from linocut.engines.registry import open_code

if TYPE_CHECKING:
    from linocut.engines.code.foreign import ForeignModule

DEFAULT, NONE = "liftoff", "none"  # what pages show unless they are told otherwise; no engine


def code_or_reason(name: str, wasm: bytes) -> tuple[ForeignModule | None, str | None]:
    """That engine's code of a module, or why it cannot be shown; neither for NONE."""
    if name == NONE:
        return None, None
    try:
        return open_code(name, wasm), None
    except NoCodeError as error:
        return None, str(error)
