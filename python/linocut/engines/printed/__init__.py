"""Other engines whose code can be shown beside ours; one file each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from linocut.engines.printed.foreign import EngineError

if TYPE_CHECKING:
    from linocut.engines.printed.foreign import ForeignEngine

__all__ = ["DEFAULT", "ENGINES", "NONE", "EngineError", "engine_or_reason", "open_engine"]

ENGINES = ("liftoff", "turbofan", "cranelift", "winch")
DEFAULT, NONE = "liftoff", "none"  # what pages show beside our code unless they are told otherwise; no engine


def open_engine(name: str, wasm: bytes) -> ForeignEngine:
    """The engine of that name with the module in it; EngineError when it is not on this machine."""
    if name not in ENGINES:
        raise EngineError(f"no engine {name!r}; there are {', '.join(ENGINES)}")
    opened: ForeignEngine = import_module(f"linocut.engines.printed.{name}").open_engine(wasm)
    return opened


def engine_or_reason(name: str, wasm: bytes) -> tuple[ForeignEngine | None, str | None]:
    """The engine, or why it cannot be shown; neither for NONE."""
    if name == NONE:
        return None, None
    try:
        return open_engine(name, wasm), None
    except EngineError as error:
        return None, str(error)
