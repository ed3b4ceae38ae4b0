"""The classes of engines."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """In the order in which tables and plots show them."""

    INTERPRETER = "interpreter"
    COPY_AND_PATCH = "copy-and-patch"
    BASELINE = "baseline"
    OPTIMISING = "optimising"
    LLVM = "LLVM"
    NATIVE = "native"
    CUSTOM = "custom"
