"""One opcode, one row: `define()` and the checks that a row must pass at import.

A signature reads like a stack effect: ``"a:i32 b:i32 -- r:i32"``. A type that starts with ``$`` depends on an
immediate or on the stack (``$local``), and with a ``*`` stands for several values (``$label*``); types.py has
the list.

A body is target-neutral C over the operand names. Their types are plain ones, except that an access's
address is a pointer there. The vocabulary of bodies (``S32``, ``LOAD``, …) is abi/stencil.h; a body also
compiles as a plain function. A row without one is compiled by a ``visit_<name>`` of core/jit, unless it
belongs to a feature that is not supported yet: then it is known by name and refused.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final

from linocut_isa.features import Feature, feature
from linocut_isa.immediate import Immediate, Space, Use, parse_immediates
from linocut_isa.types import DEPENDENT_TYPES, REFERENCE_TYPES, SEVERAL, Trap, ValType

PLAIN_TYPES: Final = {type_.text for type_ in ValType}
PREFIXES: Final = (0xFB, 0xFC, 0xFD, 0xFE)
_MOST_IMMEDIATES = 4


class Effect(enum.Flag):
    """What an opcode touches that no immediate names."""

    NONE = 0
    READS_OBJECTS = enum.auto()
    WRITES_OBJECTS = enum.auto()
    CALLS_UNKNOWN = enum.auto()  # only a run tells which function it calls


@dataclass(frozen=True)
class Operand:
    """A named operand or result of a row."""

    name: str
    type: str

    @property
    def is_plain(self) -> bool:
        """Whether the type is known from the row alone, and one that a body can calculate with."""
        return self.type in PLAIN_TYPES

    @property
    def is_address(self) -> bool:
        """Whether it is where an access goes; a row's body gets a pointer to that."""
        return self.type == "$address"

    @property
    def is_several(self) -> bool:
        """Whether it stands for any number of values."""
        return self.type.endswith("*")


@dataclass(frozen=True)
class Opcode:
    """One row of the table."""

    name: str
    code: tuple[int, ...]  # one byte, or a prefix and a number
    params: tuple[Operand, ...]
    results: tuple[Operand, ...]
    body: str = ""
    immediates: tuple[Immediate, ...] = ()
    trap_if: dict[str, Trap] = field(default_factory=dict)
    commutative: bool = False
    constant: bool = False  # allowed in constant expressions
    align: int = 0  # log2 of a memory access's natural alignment
    is_atomic: bool = False  # an access that is aligned naturally, or traps
    nan: str = ""  # f32 or f64: what it gives, or a lane of it, may be a NaN of any bits (§4.3.3)
    deterministic: str = ""  # the body in the deterministic profile, where that fixes what is left open (A.7)
    fused: str = ""  # the body where the processor can round once what the other body rounds twice
    lanes: int = 0  # into how many it divides a vector; an immediate may name one of them
    features: tuple[Feature, ...] = ()  # all that it needs
    effect: Effect = Effect.NONE
    requires: str = ""  # "0 fits 1": of two immediates, the elements of one must be of the other's type
    text: str = ""  # the keyword of the text format where the name is not it

    @property
    def ident(self) -> str:
        """The name as an identifier: ``i32.add`` → ``i32_add``."""
        return self.name.replace(".", "_")

    @property
    def keyword(self) -> str:
        """The opcode in the text format."""
        return self.text or self.name

    @property
    def number(self) -> int:
        """The code as one number: the byte, or the prefix above sixteen bits."""
        return self.code[0] if len(self.code) == 1 else self.code[0] << 16 | self.code[1]

    @property
    def missing(self) -> Feature | None:
        """The feature for want of which the opcode is refused."""
        return next((feature for feature in self.features if not feature.is_supported), None)

    @property
    def is_plain(self) -> bool:
        """Whether the row alone says how to validate and compile the opcode."""
        return bool(self.body)

    @property
    def access(self) -> Use:
        """How it uses linear memory through a memarg: `Use.NONE` when it has none."""
        return next((i.use for i in self.immediates if i.space is Space.MEMARG), Use.NONE)

    @property
    def is_access(self) -> bool:
        """Whether it is a load, a store or another access with a memarg."""
        return self.access is not Use.NONE

    @property
    def spaces(self) -> tuple[Space, ...]:
        """What its immediates are, one after the other."""
        return tuple(immediate.space for immediate in self.immediates)

    @property
    def opens_block(self) -> bool:
        """Whether an `end` belongs to it."""
        return Space.BLOCK in self.spaces

    @property
    def never_goes_on(self) -> bool:
        """Whether what follows is dead up to the block's end."""
        return any(operand.type == "$any*" for operand in self.results)

    @property
    def signature(self) -> str:
        """The stack effect, as it was written."""
        left = " ".join(f"{o.name}:{o.type}" for o in self.params)
        right = " ".join(f"{o.name}:{o.type}" for o in self.results)
        return f"{left} -- {right}".strip()


OPCODES: list[Opcode] = []
_by_code: dict[tuple[int, ...], Opcode] = {}
_by_name: dict[str, Opcode] = {}


class RowError(ValueError):
    """A row contradicts itself or another one."""


def define(
    name: str,
    code: int | tuple[int, int],
    signature: str,
    body: str = "",
    *,
    imm: str = "",
    trap_if: dict[str, Trap] | None = None,
    commutative: bool = False,
    constant: bool = False,
    align: int = 0,
    atomic: bool = False,
    nan: str = "",
    deterministic: str = "",
    fused: str = "",
    lanes: int = 0,
    feature: str = "",
    effect: Effect = Effect.NONE,
    requires: str = "",
    text: str = "",
) -> Opcode:
    """Add a row to the table, or say what is wrong with it.

    `imm` lists immediates (immediate.py), `feature` the names of features (features.py).
    """
    params, results = _parse_signature(name, signature)
    opcode = Opcode(
        name=name,
        code=code if isinstance(code, tuple) else (code,),
        params=params,
        results=results,
        body=body,
        immediates=_parse_immediates(name, imm),
        trap_if=trap_if or {},
        commutative=commutative,
        constant=constant,
        align=align,
        is_atomic=atomic,
        nan=nan,
        deterministic=deterministic,
        fused=fused,
        lanes=lanes,
        features=_find_features(name, feature),
        effect=effect,
        requires=requires,
        text=text,
    )
    _check(opcode)
    _by_code[opcode.code] = _by_name[name] = opcode
    OPCODES.append(opcode)
    return opcode


def supported() -> list[Opcode]:
    """The rows that are compiled; the others are refused by name."""
    return [opcode for opcode in OPCODES if opcode.missing is None]


def by_name(name: str) -> Opcode:
    """The row of that name, which is the text format's but for variants of one keyword (`Opcode.text`)."""
    return _by_name[name]


def by_code(*code: int) -> Opcode:
    """The row of the opcode with that code: one byte, or a prefix and a number."""
    return _by_code[code]


def _parse_immediates(name: str, text: str) -> tuple[Immediate, ...]:
    try:
        return parse_immediates(text)
    except ValueError as error:
        raise RowError(f"{name}: no such immediate: {error}") from None


def _find_features(name: str, text: str) -> tuple[Feature, ...]:
    try:
        return tuple(feature(word) for word in text.split())
    except KeyError as error:
        raise RowError(f"{name}: there is no feature {error}") from None


def _parse_signature(name: str, signature: str) -> tuple[tuple[Operand, ...], tuple[Operand, ...]]:
    left, arrow, right = f" {signature} ".partition(" -- ")
    if not arrow:
        raise RowError(f"{name}: the signature {signature!r} has no ' -- '")
    return _parse_operands(name, left), _parse_operands(name, right)


def _parse_operands(name: str, text: str) -> tuple[Operand, ...]:
    operands = []
    for word in text.split():
        operand, colon, type_ = word.partition(":")
        if not colon or not _is_known(type_):
            raise RowError(f"{name}: {word!r} is not 'name:type' with a known type")
        operands.append(Operand(operand, type_))
    return tuple(operands)


def _is_known(type_: str) -> bool:
    if not type_.startswith("$"):
        return type_ in PLAIN_TYPES or type_ in REFERENCE_TYPES
    word = type_[1:].removesuffix("*")
    return word in (SEVERAL if type_.endswith("*") else DEPENDENT_TYPES)


def _check(opcode: Opcode) -> None:
    _check_code(opcode)
    _check_addresses(opcode)
    if opcode.body:
        _check_body(opcode)
    if opcode.constant and opcode.body:
        _check_constant(opcode)
    if opcode.commutative and [o.type for o in opcode.params[:1]] * 2 != [o.type for o in opcode.params]:
        raise RowError(f"{opcode.name}: commutative wants two operands of one type")
    if opcode.nan not in ("", "f32", "f64"):
        raise RowError(f"{opcode.name}: a NaN is an f32 or an f64, not {opcode.nan}")
    if len(opcode.immediates) > _MOST_IMMEDIATES:
        raise RowError(f"{opcode.name}: more than {_MOST_IMMEDIATES} immediates")
    if Space.LANE in opcode.spaces and not opcode.lanes:
        raise RowError(f"{opcode.name}: one of how many lanes?")
    if any(immediate.space is Space.MEMARG and immediate.use is Use.NONE for immediate in opcode.immediates):
        raise RowError(f"{opcode.name}: memarg:read or memarg:write")


def _check_addresses(opcode: Opcode) -> None:
    """Their types are those of memories or tables that immediates name."""
    found = sum(space in (Space.MEMARG, Space.MEMORY, Space.TABLE) for space in opcode.spaces)
    needed = {"$address": 1, "$source": 2, "$length": 2}
    for operand in opcode.params + opcode.results:
        if needed.get(operand.type, 0) > found:
            raise RowError(f"{opcode.name}: {operand.type} of which memory or table?")


def _check_constant(opcode: Opcode) -> None:
    """A constant expression is calculated by the body, with neither a memory nor a way to trap (§3.3.11)."""
    if opcode.is_access or opcode.trap_if or len(opcode.results) != 1:
        raise RowError(f"{opcode.name}: a constant row has one result, no memory access and no trap")


def _check_code(opcode: Opcode) -> None:
    if other := _by_code.get(opcode.code):
        raise RowError(f"{opcode.name}: the code {opcode.code} is taken by {other.name}")
    if opcode.name in _by_name:
        raise RowError(f"{opcode.name} is defined twice")
    if not 0 <= opcode.code[0] <= 0xFF:
        raise RowError(f"{opcode.name}: the code {opcode.code[0]:#x} is not a byte")
    if len(opcode.code) == 2 and not (opcode.code[0] in PREFIXES and 0 <= opcode.code[1] <= 0xFFFF):
        raise RowError(f"{opcode.name}: {opcode.code[0]:#x} is not a prefix, or {opcode.code[1]} too large")
    if len(opcode.code) == 1 and opcode.code[0] in PREFIXES:
        raise RowError(f"{opcode.name}: {opcode.code[0]:#x} is a prefix")


def _check_body(opcode: Opcode) -> None:
    for operand in opcode.params + opcode.results:
        if not (operand.is_plain or operand.is_address):
            raise RowError(f"{opcode.name}: a row with a body has plain types only, not {operand.type}")
    for result in opcode.results:
        if f"{result.name} =" not in opcode.body:
            raise RowError(f"{opcode.name}: the body never sets {result.name!r}")
