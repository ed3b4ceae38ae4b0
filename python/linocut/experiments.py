"""Modules compiled without one thing or another, to learn what that thing is worth.

This is what `linocut bench --ablate` measures with and `linocut diff` shows, and of no other use: code
compiled like this is slower, larger, or, where a switch is `unsafe`, dangerous. Results stay the same (but
those that the specification leaves open, without free choices: `linocut.load(deterministic=True)` does that).

>>> from linocut import experiments
>>> module = experiments.load('(module (func (export "twice") (param i32) (result i32)'
...                           '  local.get 0 i32.const 2 i32.mul))', without=["pinned-locals"])
>>> module.instantiate().exports.twice(21)
42
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut import _core
from linocut.module import Module
from linocut.source import read_source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

__all__ = ["SWITCHES", "Switch", "bits_of", "load"]


@dataclass(frozen=True)
class Switch:
    """Something that a module can be compiled without.

    `says` is what happens then. `unsafe`: a module compiled without it may crash the process, read by
    speculation what is not its own, or make the process deaf to interrupts. Rows: core/code/switches.hpp.
    """

    name: str
    unsafe: bool
    says: str


SWITCHES = {name: Switch(name, unsafe, says) for name, unsafe, says in _core.switches()}
_BITS = {name: 1 << number for number, name in enumerate(SWITCHES)}


def bits_of(without: Iterable[str], *, unsafe: bool = False) -> int:
    """The names of switches as the compiler wants them.

    Raises ValueError for a name that is none, and for an unsafe one unless `unsafe` is true; TypeError
    for a str.
    """
    if isinstance(without, str):  # which would be taken apart
        raise TypeError(f"without must be a list of switches, such as [{without!r}], not {without!r}")
    bits = 0
    for name in without:
        switch = SWITCHES.get(name)
        if switch is None:
            raise ValueError(f"there is no switch {name!r}; there are {', '.join(SWITCHES)}")
        if switch.unsafe and not unsafe:
            raise ValueError(f"without {name} code is unsafe: {switch.says}")
        bits |= _BITS[name]
    return bits


def load(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview,
    without: Iterable[str],
    *,
    unsafe: bool = False,
    threads: int | None = None,
) -> Module:
    """`linocut.load`, without what the names of `SWITCHES` say; raises what `bits_of` raises, too.

    And `NoCompilerError` where modules are interpreted for want of a compiler.
    """
    return Module(read_source(source), threads, bits_of(without, unsafe=unsafe))
