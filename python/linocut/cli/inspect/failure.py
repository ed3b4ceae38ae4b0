"""What may go wrong with a user's file or function, and how it is said."""

from __future__ import annotations

import linocut

FAILURES = (OSError, LookupError, ValueError, linocut.ModuleError, ModuleNotFoundError)


def message(error: Exception) -> str:
    """One line."""
    if isinstance(error, ModuleNotFoundError) and error.name == "capstone":
        return "disassembly needs capstone: pip install linocut[inspect]"
    return str(error.args[0]) if isinstance(error, LookupError) else str(error)
