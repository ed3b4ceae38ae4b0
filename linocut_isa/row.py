"""One opcode, one row: `define()` and the checks that a row must pass at import.

A signature reads like a stack effect: ``"a:i32 b:i32 -- r:i32"``. Named value
types are checked by the table-driven validator; a type that starts with ``$``
depends on the immediate or the stack (``$local``, ``$any``, ``$label*`` …) and
belongs to a row without a body, which a ``visit_<name>`` of core/jit compiles.

A body is target-neutral C over the operand names. Its vocabulary (``S32``,
``LOAD``, …) is abi/stencil.h; it also compiles as a plain function.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from linocut_isa.types import Imm, Trap

PLAIN_TYPES: Final = {"i32", "i64", "f32", "f64", "v128", "funcref", "externref"}
PREFIXES: Final = (0xFB, 0xFC, 0xFD, 0xFE)


@dataclass(frozen=True)
class Operand:
    """A named operand or result of a row."""

    name: str
    type: str

    @property
    def is_plain(self) -> bool:
        """Whether the type is known from the row alone."""
        return self.type in PLAIN_TYPES


@dataclass(frozen=True)
class Opcode:
    """One row of the table."""

    name: str
    code: tuple[int, ...]
    params: tuple[Operand, ...]
    results: tuple[Operand, ...]
    body: str = ""
    imm: Imm = Imm.NONE
    trap_if: dict[str, Trap] = field(default_factory=dict)
    commutative: bool = False
    constant: bool = False  # allowed in constant expressions
    align: int = 0  # log2 of a memory access's natural alignment

    @property
    def ident(self) -> str:
        """The name as an identifier: ``i32.add`` → ``i32_add``."""
        return self.name.replace(".", "_")

    @property
    def is_plain(self) -> bool:
        """Whether the row alone says how to validate and compile the opcode."""
        return bool(self.body)

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
    imm: Imm = Imm.NONE,
    trap_if: dict[str, Trap] | None = None,
    commutative: bool = False,
    constant: bool = False,
    align: int = 0,
) -> Opcode:
    """Add a row to the table, or say what is wrong with it."""
    params, results = _parse_signature(name, signature)
    opcode = Opcode(
        name=name,
        code=code if isinstance(code, tuple) else (code,),
        params=params,
        results=results,
        body=body,
        imm=imm,
        trap_if=trap_if or {},
        commutative=commutative,
        constant=constant,
        align=align,
    )
    _check(opcode)
    _by_code[opcode.code] = _by_name[name] = opcode
    OPCODES.append(opcode)
    return opcode


def by_name(name: str) -> Opcode:
    """The row of the opcode with that text-format name."""
    return _by_name[name]


def by_code(*code: int) -> Opcode:
    """The row of the opcode with that code: one byte, or a prefix and a number."""
    return _by_code[code]


def _parse_signature(name: str, signature: str) -> tuple[tuple[Operand, ...], tuple[Operand, ...]]:
    left, arrow, right = f" {signature} ".partition(" -- ")
    if not arrow:
        raise RowError(f"{name}: the signature {signature!r} has no ' -- '")
    return _parse_operands(name, left), _parse_operands(name, right)


def _parse_operands(name: str, text: str) -> tuple[Operand, ...]:
    operands = []
    for word in text.split():
        operand, colon, type_ = word.partition(":")
        if not colon or not (type_ in PLAIN_TYPES or type_.startswith("$")):
            raise RowError(f"{name}: {word!r} is not 'name:type' with a known type")
        operands.append(Operand(operand, type_))
    return tuple(operands)


def _check(opcode: Opcode) -> None:
    _check_code(opcode)
    if opcode.body:
        _check_body(opcode)
    if opcode.constant and opcode.body:
        _check_constant(opcode)
    if opcode.commutative and [o.type for o in opcode.params[:1]] * 2 != [o.type for o in opcode.params]:
        raise RowError(f"{opcode.name}: commutative wants two operands of one type")


def _check_constant(opcode: Opcode) -> None:
    """A constant expression is calculated by the body, with neither a memory nor a way to trap (§3.3.11)."""
    if opcode.imm is Imm.MEMARG or opcode.trap_if or len(opcode.results) != 1:
        raise RowError(f"{opcode.name}: a constant row has one result, no memory access and no trap")


def _check_code(opcode: Opcode) -> None:
    if other := _by_code.get(opcode.code):
        raise RowError(f"{opcode.name}: the code {opcode.code} is taken by {other.name}")
    if opcode.name in _by_name:
        raise RowError(f"{opcode.name} is defined twice")
    if len(opcode.code) == 2 and opcode.code[0] not in PREFIXES:
        raise RowError(f"{opcode.name}: {opcode.code[0]:#x} is not a prefix")
    if not 0 <= opcode.code[0] <= 0xFF:
        raise RowError(f"{opcode.name}: the code {opcode.code[0]:#x} is not a byte")


def _check_body(opcode: Opcode) -> None:
    for operand in opcode.params + opcode.results:
        if not operand.is_plain:
            raise RowError(f"{opcode.name}: a row with a body has plain types only, not {operand.type}")
    for result in opcode.results:
        if f"{result.name} =" not in opcode.body:
            raise RowError(f"{opcode.name}: the body never sets {result.name!r}")
