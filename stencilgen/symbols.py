"""The symbols of stencil C: what a relocation refers to says what a hole is."""

from __future__ import annotations

from typing import Final

CONTINUATION: Final = "stencil_continue"
TRAP_PREFIX: Final = "stencil_trap_"
FUNCTION_PREFIX: Final = "stencil_"
