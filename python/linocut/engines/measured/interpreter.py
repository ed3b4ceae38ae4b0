"""Interpretation itself: linocut's opcode table as a loop over the same C that the stencils are made of."""

from __future__ import annotations

from linocut.engines.measured import linocut
from linocut.engines.measured.engine import Engine, Kind

FLAGS = ("--interpret",)


def find() -> Engine:
    """`linocut run --interpret`; it makes no code, so there is no compiler to measure."""
    return linocut.engine("interpreter", FLAGS, Kind.INTERPRETER, compiles=False)
