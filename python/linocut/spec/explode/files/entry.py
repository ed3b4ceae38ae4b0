"""The function that a file adds: it repeats what happened, acts, and says whether the results are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linocut.spec.explode.modules.cutter import Form, Space
from linocut.spec.explode.modules.module import REFERENCE
from linocut.spec.explode.slices.instance import Bytes, Hole
from linocut.text.binary import signed, unsigned
from linocut.text.values import Either, Number, Reference

from .imports import HOST_OBJECT, PROC_EXIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from linocut.spec.explode.slices.instance import Item
    from linocut.spec.explode.slices.slicing import Event
    from linocut.text.values import Pattern, Value

    from .imports import Import


class InexpressibleError(Exception):
    """This cannot be expressed in WebAssembly; the text says why."""


# Instructions as bytes (appendix, index of instructions).
_UNREACHABLE, _BLOCK, _IF, _END, _CALL = b"\x00", b"\x02\x40", b"\x04\x40", b"\x0b", b"\x10"
_RETURN, _DROP, _LOCAL_GET, _LOCAL_SET, _GLOBAL_GET = b"\x0f", b"\x1a", b"\x20", b"\x21", b"\x23"
_I32, _I64 = b"\x41", b"\x42"
_I32_EQZ, _I32_NE, _I64_NE = b"\x45", b"\x47", b"\x52"
_I32_AND, _I32_OR, _I64_AND = b"\x71", b"\x72", b"\x83"
_REF_IS_NULL, _REF_TEST, _CAST_TO_I31 = b"\xd1", b"\xfb\x14", b"\xfb\x16\x6c"
_TO_ANY, _TO_EXTERN, _MAKE_I31, _I31_VALUE = b"\xfb\x1a", b"\xfb\x1b", b"\xfb\x1c", b"\xfb\x1e"

_CONST = {"i32": b"\x41", "i64": b"\x42", "f32": b"\x43", "f64": b"\x44", "v128": b"\xfd\x0c"}
_FLOAT_BITS = {"f32": b"\xbc", "f64": b"\xbd"}
_TYPES = {"i32": b"\x7f", "i64": b"\x7e", "f32": b"\x7d", "f64": b"\x7c", "v128": b"\x7b"}
_I64_LANE = b"\xfd\x1d"
_HEAP_TYPES = {
    "func": 0x70, "extern": 0x6F, "any": 0x6E, "eq": 0x6D, "i31": 0x6C, "struct": 0x6B, "array": 0x6A,
    "exn": 0x69, "none": 0x71, "noextern": 0x72, "nofunc": 0x73, "noexn": 0x74,
}  # fmt: skip

TRAP, WASI, RESULT = "trap", "wasi", "result"
SIGNALS = (TRAP, WASI, RESULT)
_PROC_EXIT = 0  # the first import, so the first function
_COMPLAINTS = {
    TRAP: _UNREACHABLE,
    WASI: _I32 + signed(1) + _CALL + unsigned(_PROC_EXIT) + _UNREACHABLE,
    RESULT: _I32 + signed(1) + _RETURN,
}


def imports_of(signal: str, has_host: bool) -> tuple[Import, ...]:
    """What a file imports, in order; with `has_host` a host function makes the host's objects."""
    return ((PROC_EXIT,) if signal == WASI else ()) + ((HOST_OBJECT,) if has_host else ())


def is_host_object(value: Value | Pattern) -> bool:
    """Whether it is one particular object of a host, which scripts name by a number."""
    return isinstance(value, Reference) and value.kind in ("extern", "host") and isinstance(value.detail, int)


def _check_types(values: Sequence[Value | Pattern], types: Sequence[str]) -> None:
    """Raise InexpressibleError if they differ: an invalid file would say nothing about an engine."""
    firsts = [value.options[0] if isinstance(value, Either) else value for value in values]
    names = [first.type if isinstance(first, Number) else REFERENCE for first in firsts]
    if names != list(types):
        raise InexpressibleError(f"types do not fit: {names} for {list(types)}")


def _number_bytes(type_: str, bits: int) -> bytes:
    if type_[0] == "i":
        width = int(type_[1:])
        return signed(bits - ((bits >> (width - 1)) << width))
    return bits.to_bytes({"f32": 4, "f64": 8, "v128": 16}[type_], "little")


class EntryFunction:
    """Collects the instructions of an entry function; the signal is how it says that a value is wrong."""

    def __init__(self, signal: str, has_host: bool = False) -> None:
        self.parts: list[bytes | Hole] = []
        self._has_host = has_host
        self._make_object = _MAKE_I31 + _TO_EXTERN
        if has_host:
            self._make_object = _CALL + unsigned(imports_of(signal, True).index(HOST_OBJECT))
        self._complaint = _IF + _COMPLAINTS[signal] + _END
        self._complain = _COMPLAINTS[signal]
        self._locals: list[bytes] = []

    def body(self) -> Bytes:
        """The locals and the instructions, without the result and the `end`, which depend on the signal."""
        groups = [b"\1" + type_ for type_ in self._locals]
        return (unsigned(len(groups)) + b"".join(groups), *self.parts)

    # ── what happened ────────────────────────────────────────────────────────
    def repeat(self, events: Sequence[Event]) -> None:
        """Repeat calls, and copies of segments that came after one; of a failed attempt those that fit."""
        attempt = None
        for event in events:
            if attempt is not event.attempt and attempt is not None:
                self.parts.append(_END)
            if attempt is not event.attempt and event.attempt is not None:
                self.parts.append(_BLOCK)
            attempt = event.attempt
            if event.is_segment:
                if event.attempt is not None:
                    self._leave_unless_it_fits(event.item)
                self.copy(event.item)
            elif event.throws is not None:
                self.throws(event.item, event.arguments, event.throws)
            else:
                self._repeat_call(event)
        if attempt is not None:
            self.parts.append(_END)

    def _repeat_call(self, event: Event) -> None:
        """Repeat a call, by instructions that are made once, since they are the same in each file."""
        known = event.instructions.get(self._make_object)
        if known is None:
            before = len(self.parts)
            self.call(event.item, event.arguments)
            self.drop(event.item)
            event.instructions[self._make_object] = tuple(self.parts[before:])
        else:
            self.parts += known

    def copy(self, segment: Item) -> None:
        """Do what instantiation does with an active segment, which has become a passive one here."""
        copy, drop = (b"\xfc\x0c", b"\xfc\x0d") if segment.space is Space.ELEM else (b"\xfc\x08", b"\xfc\x09")
        hole = Hole(segment, 0, Form.UNSIGNED, 0)
        rest = _I32 + signed(0) + _I32 + signed(segment.segment.count) + copy
        self.parts += [*segment.offset, rest, hole, Hole(segment.target, 0, Form.UNSIGNED, 0), drop, hole]

    def _leave_unless_it_fits(self, segment: Item) -> None:
        """Leave the block, by br_if 0, where offset + count > size, which is calculated in 64 bits."""
        is_table = segment.space is Space.ELEM
        size = [b"\xfc\x10" if is_table else b"\x3f", Hole(segment.target, 0, Form.UNSIGNED, 0)]
        widen = b"" if "memory64" in segment.target.facts.features else b"\xad"
        scale = b"" if is_table else _I64 + signed(16) + b"\x86"
        self.parts += [
            *segment.offset, widen + _I64 + signed(segment.segment.count) + b"\x7c",
            *size, widen + scale + b"\x56\x0d\0",
        ]  # fmt: skip

    # ── the action ───────────────────────────────────────────────────────────
    def call(self, function: Item, arguments: Iterable[Value]) -> None:
        """Call the function with these arguments; its results stay on the stack."""
        arguments = tuple(arguments)
        _check_types(arguments, function.signature.params)
        self.parts += [
            b"".join(map(self._constant, arguments)) + _CALL,
            Hole(function, 0, Form.UNSIGNED, 0),
        ]

    def _constant(self, value: Value) -> bytes:
        """The instructions that give this argument."""
        if isinstance(value, Number):
            return _CONST[value.type] + _number_bytes(value.type, value.bits)
        if value.kind == "null" and value.detail in _HEAP_TYPES:
            return bytes([0xD0, _HEAP_TYPES[str(value.detail)]])
        if is_host_object(value) and isinstance(value.detail, int):
            # Mostly any object will do as a host's, such as an i31 with its number, made an externref.
            object_ = _I32 + signed(value.detail) + self._make_object
            return object_ if value.kind == "extern" else object_ + _TO_ANY
        raise InexpressibleError(f"({value.literal}) cannot be passed")

    def drop(self, item: Item) -> None:
        """Drop what a call of a function, or a look at a global, has left on the stack."""
        self.parts.append(_DROP * len(item.results))

    def read(self, global_: Item) -> None:
        """Leave a global's value on the stack."""
        self.parts += [_GLOBAL_GET, Hole(global_, 0, Form.UNSIGNED, 0)]

    def throws(self, function: Item, arguments: Iterable[Value], feature: str) -> None:
        """Make a call that must end with an exception, which the instructions of that feature catch."""
        if feature == "legacy-exceptions":  # try … catch_all end
            self.parts.append(_BLOCK + b"\x06\x40")
            self.call(function, arguments)
            self.drop(function)
            self.parts.append(self._complain + b"\x19" + b"\x0c\1" + _END + _END)
            return
        self.parts.append(_BLOCK + b"\x1f\x40\1\2\0")  # try_table (catch_all 0)
        self.call(function, arguments)
        self.drop(function)
        self.parts.append(_END + self._complain + _END)

    # ── the verdict ──────────────────────────────────────────────────────────
    def expect(self, patterns: Sequence[Pattern], types: Sequence[str]) -> None:
        """Take results of these types from the stack, the last one first; complain about a wrong one."""
        _check_types(patterns, types)
        for pattern in reversed(patterns):
            self._compare(pattern)
            self.parts.append(self._complaint)

    def _compare(self, pattern: Pattern) -> None:
        """Leave 1 in the place of a value that does not fit, 0 for one that does."""
        if isinstance(pattern, Number):
            self._compare_number(pattern)
        elif self._has_host and is_host_object(pattern):
            raise InexpressibleError(f"({pattern.literal}) is a host's: only its stand-in has a number")
        elif isinstance(pattern, Reference):
            self.parts.append(_reference_comparison(pattern))
        else:
            self._compare_with_options(pattern)

    def _compare_number(self, pattern: Number) -> None:
        if pattern.type == "v128":
            local = self._kept("v128")
            self.parts.append(
                _lane_comparison(pattern, 0, local) + _lane_comparison(pattern, 1, local) + _I32_OR
            )
            return
        self.parts.append(_FLOAT_BITS.get(pattern.type, b"") + _bits_comparison(pattern))

    def _compare_with_options(self, pattern: Either) -> None:
        """Leave 1 if none of the options fits, that is, if all of them differ."""
        first, *rest = pattern.options
        if not isinstance(first, Number):
            raise InexpressibleError(f"({pattern.literal}) is a choice of references")
        local = self._kept(first.type)
        for option in pattern.options:
            self.parts.append(_LOCAL_GET + unsigned(local))
            self._compare(option)
        self.parts.append(_I32_AND * len(rest))

    def _kept(self, type_: str) -> int:
        """Move the value on top of the stack into a local of its own."""
        self._locals.append(_TYPES[type_])
        local = len(self._locals) - 1
        self.parts.append(_LOCAL_SET + unsigned(local))
        return local


def _bits_comparison(pattern: Number) -> bytes:
    """Leave 1 if the integer on the stack differs from the pattern's in the bits of its mask."""
    is_wide = pattern.type in ("i64", "f64")
    type_, and_, differ = ("i64", _I64_AND, _I64_NE) if is_wide else ("i32", _I32_AND, _I32_NE)
    mask = b"" if pattern.exact else _CONST[type_] + _number_bytes(type_, pattern.mask) + and_
    return mask + _CONST[type_] + _number_bytes(type_, pattern.bits) + differ


def _lane_comparison(pattern: Number, lane: int, local: int) -> bytes:
    """Half a vector, compared as an i64, so that judging vectors needs only one of their instructions."""
    bits, mask = (value >> 64 * lane & (1 << 64) - 1 for value in (pattern.bits, pattern.mask))
    half = Number("i64", bits, mask, pattern.literal)
    return _LOCAL_GET + unsigned(local) + _I64_LANE + bytes([lane]) + _bits_comparison(half)


def _reference_comparison(pattern: Reference) -> bytes:
    if pattern.kind == "null":
        return _REF_IS_NULL + _I32_EQZ
    if is_host_object(pattern) and isinstance(pattern.detail, int):
        to_any = _TO_ANY if pattern.kind == "extern" else b""
        return to_any + _CAST_TO_I31 + _I31_VALUE + _I32 + signed(pattern.detail) + _I32_NE
    if pattern.kind in ("i31", "struct", "array", "eq", "any"):
        return _REF_TEST + bytes([_HEAP_TYPES[pattern.kind]]) + _I32_EQZ
    return _REF_IS_NULL


_FEATURES_OF_VALUES: dict[str, Callable[[Value | Pattern], bool]] = {
    "gc": lambda value: (
        is_host_object(value)
        or (isinstance(value, Reference) and value.kind in ("i31", "struct", "array", "eq", "any"))
    ),
    "reference-types": lambda value: isinstance(value, Reference),
    "simd": lambda value: isinstance(value, Number) and value.type == "v128",
}


def features_of(values: Iterable[Value | Pattern]) -> set[str]:
    """The features that an entry function needs to pass or to judge these values."""
    flat = [
        option for value in values for option in (value.options if isinstance(value, Either) else (value,))
    ]
    return {name for name, needs in _FEATURES_OF_VALUES.items() if any(map(needs, flat))}
