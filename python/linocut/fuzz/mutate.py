"""Broken modules: bytes of others changed, cut and glued. Only the verdict is compared."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from linocut.fuzz.check import Failure, Pair
from linocut.fuzz.dice import Dice
from linocut.fuzz.framed import change_within
from linocut.fuzz.harness import Executor, run
from linocut.fuzz.verdict import WAYS, disagreement, judge, without_numbers

if TYPE_CHECKING:
    from linocut.fuzz.program import Program
    from linocut.fuzz.stock import Stock

# Ends and excesses of LEB128, section ids, types, opcodes that open and close
_BYTES = (
    0x00,
    0x01,
    0x02,
    0x7F,
    0x80,
    0xFF,
    0x40,
    0x0B,
    0x05,
    0x60,
    0x70,
    0x6F,
    0x7B,
    0xFC,
    0xFD,
    0x0C,
    0x11,
)
_LEBS = (
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\x7f",
    b"\x80\x80\x80\x80\x00",
    b"\x80\x80\x80\x80\x80\x00",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\x80\x00",
    b"\xff\x00",
)


_NAMES = b"\x00\x15\x04name\x00\x02\x01m\x01\x05\x01\x00\x02f0\x02\x03\x01\x00\x00"


def mutant(stock: Stock, seed: int) -> bytes:
    """The stock's module of that seed, broken in a few places."""
    dice = Dice(seed * 2 + 1)
    wasm = bytearray(stock.module(seed))
    if dice.chance(0.3):
        wasm += _NAMES  # §7.4.1: what is wrong in there must not matter
    for _ in range(dice.pick((1, 1, 1, 2, 3, 8))):
        dice.pick(_MUTATIONS)(wasm, dice)
    return bytes(wasm)


def _place(wasm: bytearray, dice: Dice) -> int:
    return dice.below(len(wasm)) if wasm else 0


def _flip(wasm: bytearray, dice: Dice) -> None:
    if wasm:
        wasm[_place(wasm, dice)] ^= 1 << dice.below(8)


def _replace(wasm: bytearray, dice: Dice) -> None:
    if wasm:
        wasm[_place(wasm, dice)] = dice.pick(_BYTES) if dice.chance(0.6) else dice.bits(8)


def _insert(wasm: bytearray, dice: Dice) -> None:
    wasm.insert(_place(wasm, dice), dice.pick(_BYTES))


def _delete(wasm: bytearray, dice: Dice) -> None:
    at = _place(wasm, dice)
    del wasm[at : at + dice.between(1, 4)]


def _truncate(wasm: bytearray, dice: Dice) -> None:
    del wasm[_place(wasm, dice) :]


def _duplicate(wasm: bytearray, dice: Dice) -> None:
    at, size = _place(wasm, dice), dice.between(1, 30)
    wasm[at:at] = wasm[at : at + size]


def _overlong(wasm: bytearray, dice: Dice) -> None:
    at = _place(wasm, dice)
    wasm[at : at + 1] = dice.pick(_LEBS)


_ANYWHERE = (_flip, _flip, _replace, _replace, _replace, _insert, _delete, _truncate, _duplicate, _overlong)


def _within(wasm: bytearray, dice: Dice) -> None:
    change_within(wasm, dice, dice.pick(_ANYWHERE))


_MUTATIONS = (*_ANYWHERE, *(_within,) * 20)


def check_mutant(pair: Pair, wasm: bytes, program: Program | None) -> Failure | None:
    """Whether both engines judge the bytes alike, and linocut in the same words whichever way it is asked."""
    found = _other_judgement(pair, wasm, program)
    if found:
        return found
    said = disagreement({name: judge(way, wasm) for name, way in WAYS.items()})
    return Failure("contradicts itself", said) if said else None


def _other_judgement(pair: Pair, wasm: bytes, program: Program | None) -> Failure | None:
    """Where one engine takes what the other refuses; what is valid must run without harm."""
    expected, why = pair.reference.accepts(wasm)
    got, reason = pair.subject.accepts(wasm)
    if expected and got and program:
        _survive(pair.subject, wasm, program)
    if expected == got:
        return None
    if expected:
        return None if reason.startswith(_LAXER) else Failure("refused", without_numbers(reason))
    if any(words in why for words in _STRICTER):
        return None
    return Failure("accepted", f"{pair.reference.name} says: {without_numbers(why)}")


def _survive(subject: Executor, wasm: bytes, program: Program) -> None:
    """Carry out the plan of the unbroken module. Any error will do, for imports, exports and types may
    have changed and loops may have lost their bound; the process must live.
    """
    with contextlib.suppress(Exception):
        run(subject, wasm, program)


# Where verdicts may differ, and why. What the reference refuses and linocut need not: its own limits, which
# are no statement about the module; and what WebAssembly 3.0 allows, which is read here and refused by a
# validator of 2.0. There, bit 6 of a memarg says that a memory index follows, memory.size and .grow have such
# an index in the place of a zero byte, a constant expression may use globals of its own module, and a table
# may say what it is filled with.
_STRICTER = (
    *("implementation limit", "exceeds limit", "limit of"),
    "memop alignment: alignment too large",
    "zero byte expected",
    "global.get of locally defined global",
    "tables with expression initializers",
)
# What the reference takes and cannot be told not to: the short way to write several imports of one module,
# and the long one to write the reference types of 2.0.
_LAXER = (
    "malformed import kind 0x7E",
    "malformed import kind 0x7F",
    "value type 0x63 needs typed references",
)
