"""Values that a script passes in, and patterns that it holds results against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from .numbers import FORMATS, LANES, VECTOR_WIDTH, float_bits, integer_bits

if TYPE_CHECKING:
    from .sexpr import Node


@dataclass(frozen=True, slots=True)
class Number:
    """A number or vector by its bits. `mask` has the bits of a result that count: all but in a NaN class."""

    type: str
    bits: int
    mask: int
    literal: str
    """As written, without parentheses: for messages."""

    def matches(self, bits: int) -> bool:
        """Is a result with these bits one that the pattern asks for?"""
        return bits & self.mask == self.bits

    @property
    def exact(self) -> bool:
        """Is it one value, not a class of NaNs?"""
        return self.mask == (1 << WIDTHS[self.type]) - 1


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference by its kind: `null`, `extern`, `func`, `host`, `i31`, `struct`, `array`, `eq`, `any`, …

    `detail` is the heap type of a null, the number of a host object or the index of a function. It is None
    where the script does not say; as a pattern that means any.
    """

    kind: str
    detail: str | int | None
    literal: str


@dataclass(frozen=True, slots=True)
class Either:
    """Any one of several patterns (relaxed operations)."""

    options: tuple[Pattern, ...]

    @property
    def literal(self) -> str:
        """All alternatives, for messages."""
        return "either " + " | ".join(option.literal for option in self.options)


Value: TypeAlias = Number | Reference
Pattern: TypeAlias = "Number | Reference | Either"

WIDTHS = {"i32": 32, "i64": 64, "f32": 32, "f64": 64, "v128": VECTOR_WIDTH}


def parse_value(form: Node) -> Value:
    """`(i32.const 1)`, `(v128.const i8x16 …)`, `(ref.null func)`, `(ref.extern 1)` as a value to pass in."""
    pattern = parse_pattern(form)
    if isinstance(pattern, Either) or (isinstance(pattern, Number) and not pattern.exact):
        raise ValueError(f"({pattern.literal}) is a pattern, not a value")
    return pattern


def parse_pattern(form: Node) -> Pattern:
    """One expected result."""
    if not isinstance(form, list) or not form or not all(isinstance(node, str) for node in form[1:2]):
        if isinstance(form, list) and form[:1] == ["either"]:
            return Either(tuple(parse_pattern(option) for option in form[1:]))
        raise ValueError(f"not a value: {form!r}")
    head, *rest = (str(node) for node in form)
    literal = " ".join((head, *rest))
    if head == "v128.const":
        return _vector(rest[0], rest[1:], literal)
    if head.endswith(".const"):
        type_ = head.removesuffix(".const")
        return Number(type_, *_number(type_[0], WIDTHS[type_], rest[0]), literal)
    if head.startswith("ref."):
        return _reference(head.removeprefix("ref."), rest, literal)
    raise ValueError(f"not a value: ({literal})")


@lru_cache(maxsize=1 << 14)  # the suite repeats its numbers: reading it takes a third less
def _number(sort: str, width: int, literal: str) -> tuple[int, int]:
    """(bits, mask) of one number or lane."""
    every = (1 << width) - 1
    if sort == "i":
        return integer_bits(literal, width), every
    if literal in ("nan:canonical", "nan:arithmetic"):
        return _nan_class(literal, width)
    return float_bits(literal, width), every


def _nan_class(literal: str, width: int) -> tuple[int, int]:
    """§4.3.3: canonical is the quiet bit alone, arithmetic the quiet bit and any other; any sign."""
    form = FORMATS[width]
    bits = form.infinity | form.quiet
    return bits, bits if literal == "nan:arithmetic" else (1 << (width - 1)) - 1


def _vector(shape: str, lanes: list[str], literal: str) -> Number:
    width = LANES[shape]
    if len(lanes) * width != VECTOR_WIDTH:
        raise ValueError(f"wrong number of lane literals: ({literal})")
    bits = mask = 0
    for lane in reversed(lanes):  # lane 0 is the lowest
        lane_bits, lane_mask = _number(shape[0], width, lane)
        bits, mask = bits << width | lane_bits, mask << width | lane_mask
    return Number("v128", bits, mask, literal)


def _reference(kind: str, rest: list[str], literal: str) -> Reference:
    if not rest:
        return Reference(kind, None, literal)
    return Reference(kind, integer_bits(rest[0], 32) if rest[0].isdecimal() else rest[0], literal)
