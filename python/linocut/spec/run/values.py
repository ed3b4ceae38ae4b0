"""Values between scripts and the API: arguments from literals, results compared with patterns."""

from __future__ import annotations

import struct

import linocut
from linocut.text.numbers import vector_text
from linocut.text.values import Either, Number, Pattern, Reference, Value

_STRUCTS = {"f32": ("<f", "<I"), "f64": ("<d", "<Q")}
_SIGN_BITS = {"i32": 1 << 31, "i64": 1 << 63}
_MASKS = {"i32": (1 << 32) - 1, "i64": (1 << 64) - 1}


class HostReference:
    """What `(ref.extern N)` and `(ref.host N)` stand for: an object of the host with a number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"ref.extern {self.number}"


def invoke(function: linocut.Func, arguments: tuple[Value, ...]) -> tuple[object, ...]:
    """Call, with numbers by their bits both ways (NaNs keep their payload) and references as objects."""
    results: tuple[object, ...] = function.call_bits(*map(_argument, arguments))
    return results


def _argument(value: Value) -> object:
    if isinstance(value, Number):
        return value.bits
    return HostReference(value.detail) if isinstance(value.detail, int) else None


def bits_of(type_: str, value: object) -> object:
    """A global's value as `invoke` would give it."""
    if type_ in _STRUCTS:
        as_float, as_bits = _STRUCTS[type_]
        return struct.unpack(as_bits, struct.pack(as_float, value))[0]
    if type_ in _MASKS:
        assert isinstance(value, int)
        return value & _MASKS[type_]
    if type_ == "v128":
        assert isinstance(value, bytes)
        return int.from_bytes(value, "little")
    return value


def matches(pattern: Pattern, got: object) -> bool:
    """Does a result (bits or an object, as from `invoke`) fit the pattern?"""
    if isinstance(pattern, Either):
        return any(matches(option, got) for option in pattern.options)
    if isinstance(pattern, Number):
        return isinstance(got, int) and pattern.matches(got)
    return _reference_matches(pattern, got)


def _reference_matches(pattern: Reference, got: object) -> bool:
    if pattern.kind == "null":
        return got is None
    if pattern.kind == "func":
        return isinstance(got, linocut.Func)
    if pattern.kind in ("extern", "host"):
        return isinstance(got, HostReference) and pattern.detail in (None, got.number)
    return got is not None


def show(type_: str, got: object) -> str:
    """A result in a message: as a literal and, where that hides something, its bits."""
    if type_ == "v128" and isinstance(got, int):
        return f"v128.const {vector_text(got)}"
    if not isinstance(got, int) or type_ not in (*_STRUCTS, *_SIGN_BITS):
        return "ref.null" if got is None else repr(got)
    if type_ in _STRUCTS:
        as_float, as_bits = _STRUCTS[type_]
        return f"{type_}.const {struct.unpack(as_float, struct.pack(as_bits, got))[0]!r} ({got:#x})"
    return f"{type_}.const {got - 2 * (got & _SIGN_BITS[type_])}"
