"""Interpretation itself: linocut's opcode table as a loop over the same C that the stencils are made of."""

from __future__ import annotations

from linocut.cli import run
from linocut.cli.bench.engines import linocut
from linocut.cli.bench.engines.engine import Engine, Kind
from linocut.cli.peers.absent import Absent

FLAGS = ("--interpret",)


def find() -> Engine:
    """`linocut run --interpret`; it makes no code, so there is no compiler to measure."""
    if FLAGS[0] not in run.HELP:
        raise Absent("make build, of a linocut whose `linocut run` takes --interpret")
    return linocut.engine("interpreter", FLAGS, Kind.INTERPRETER, compiles=False)
