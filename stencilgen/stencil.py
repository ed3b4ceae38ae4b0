"""The nouns: what the generator makes and the compiler copies.

A *form* is one instruction whose registers, displacement and immediate are
holes. A *stencil* is a whole function body that clang compiled, with holes
named by relocations.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Form:
    """One instruction with holes; how it is encoded is the target's own matter."""

    name: str
    text: str  # the template that it was made from


class HoleKind(enum.Enum):
    """What is patched into a stencil."""

    TRAP = "Trap"  # 32-bit distance to the cold site of a trap
    CONSTANT = "Constant"  # 32-bit distance to the stencil's own constant data


@dataclass(frozen=True)
class Hole:
    """A place in a stencil that is patched: `value` is the trap's number or the constant's offset."""

    kind: HoleKind
    offset: int
    value: int


@dataclass(frozen=True)
class Stencil:
    """Machine code of one opcode with its operands in fixed registers."""

    name: str
    source: str  # the C function that it was compiled from
    code: bytes
    holes: tuple[Hole, ...] = ()
    constants: bytes = b""
    clobbers: frozenset[str] = field(default_factory=frozenset)  # registers it may change, results excepted
