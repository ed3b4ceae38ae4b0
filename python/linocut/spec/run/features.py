"""Which feature that linocut lacks a module needs.

This is asked only about a module that linocut has refused, to name the reason; it decides nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.errors import Error
from linocut.spec.explode.modules.cutter import UnreadableError
from linocut.spec.explode.modules.reading import read_module
from linocut.text import commands as c
from linocut.text.wat import wat_to_wasm
from linocut_isa import FEATURES

if TYPE_CHECKING:
    from collections.abc import Collection


def needed(source: c.Source) -> str | None:
    """The feature's name; None if the module needs none that is missing, or cannot be read."""
    try:
        wasm = source.wasm if isinstance(source, c.ModuleBinary) else wat_to_wasm(source.text)
        return missing(read_module(wasm).features)
    except (Error, UnreadableError):
        return None


def missing(features: Collection[str]) -> str | None:
    """The one that linocut lacks and that builds on the most others."""
    names = [feature.name for feature in FEATURES if not feature.is_supported]
    return next((name for name in reversed(names) if name in features), None)
