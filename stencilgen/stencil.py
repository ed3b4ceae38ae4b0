"""The nouns: what the generator makes and the compiler copies.

A *form* is one instruction whose registers, displacement and immediate are
holes: `head | MASK[class][register]` gives the bytes: a register number only
ever sets bits of its own. A *stencil* is a
whole function body that clang compiled, with holes named by relocations.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

REGISTER_COUNT = 16


@dataclass(frozen=True)
class RegisterMask:
    """HoleKind.REGISTER: the bits that a register number sets in a form's head."""

    bits: tuple[int, ...]  # by register number


@dataclass(frozen=True)
class Form:
    """An instruction template: prefix, head (REX slot, opcode, ModRM, SIB), displacement, immediate."""

    name: str
    text: str  # the template that it was made from
    prefix: int  # 0x66, 0xF2, 0xF3, or 0
    head: int  # little-endian, REX in the low byte (0 = none)
    length: int  # bytes of the head, the REX slot included
    modrm: int  # index of the ModRM byte in the head
    has_displacement: bool
    can_omit: bool  # a zero displacement may be left out of the encoding
    masks: tuple[RegisterMask, ...]  # one per register operand, in the order of the template


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
