"""Lanes: vectors as constants, and the sixteen of a shuffle, which a compiler knows by their pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from linocut.fuzz.dice import Dice

_BYTES = 16
_OF_BOTH = 2 * _BYTES


def join(lanes: list[int], width: int) -> int:
    """The vector of those lanes, the first one lowest, each of `width` bits.

    >>> hex(join([1, -1], 64))
    '0xffffffffffffffff0000000000000001'
    """
    bits = (1 << width) - 1
    return sum((lane & bits) << width * place for place, lane in enumerate(lanes))


def draw_shuffle(dice: Dice) -> int:
    """The lanes of a shuffle as a vector of bytes: of elements of 1 to 8 bytes, in a pattern or none."""
    size = dice.pick((1, 1, 2, 4, 4, 8))
    count = _BYTES // size
    elements = dice.pick(_PATTERNS)(dice, count)
    if dice.chance(0.1):  # all but a pattern
        elements[dice.below(count)] = dice.below(2 * count)
    return join([element * size + byte for element in elements for byte in range(size)], 8)


def _any(dice: Dice, count: int) -> list[int]:
    return [dice.below(2 * count) for _ in range(count)]


def _of_one(dice: Dice, count: int) -> list[int]:
    first = dice.pick((0, count))
    return [first + dice.below(count) for _ in range(count)]


def _of_each_half(dice: Dice, count: int) -> list[int]:
    """The low half from one of the two, the high half from the other."""
    first = dice.pick((0, count))
    return [(first if place < count // 2 else count - first) + dice.below(count) for place in range(count)]


def _in_a_row(dice: Dice, count: int) -> list[int]:
    first = dice.below(2 * count)
    return [(first + place) % (2 * count) for place in range(count)]


def _rotated(dice: Dice, count: int) -> list[int]:
    first = dice.below(count)
    return [(first + place) % count for place in range(count)]


def _in_place(dice: Dice, count: int) -> list[int]:
    return [place + dice.pick((0, count)) for place in range(count)]


def _in_turns(dice: Dice, count: int) -> list[int]:
    first, other = dice.pick(((0, count), (count, 0)))
    half = dice.pick((0, count // 2))
    return [half + place // 2 + (other if place % 2 else first) for place in range(count)]


def _reversed(dice: Dice, count: int) -> list[int]:
    return list(reversed(_in_a_row(dice, count)))


def _one(dice: Dice, count: int) -> list[int]:
    return [dice.below(2 * count)] * count


_PATTERNS: tuple[Callable[[Dice, int], list[int]], ...] = (
    *(_any, _any, _of_one, _of_each_half, _in_a_row, _rotated, _in_place, _in_turns, _in_turns),
    *(_reversed, _one),
)
