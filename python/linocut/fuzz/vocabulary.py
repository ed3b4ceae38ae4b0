"""The opcode table, sorted the way the generator asks for it.

A new row with a body and known types appears here, and so in the modules, by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linocut_isa import Opcode, Use, supported

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linocut_isa import Operand

VECTOR = "v128"
# A constant has a literal of its result's type, and its type is one to calculate with.
CONST = {
    row.results[0].type: row
    for row in supported()
    if row.results and [space.value for space in row.spaces] == [row.results[0].type]
}
SCALARS = tuple(type_ for type_ in CONST if type_ != VECTOR)


@dataclass(frozen=True)
class Vocabulary:
    """Rows with a body: calculations, loads and stores; the first two also by what they give."""

    plain: tuple[Opcode, ...]
    stores: tuple[Opcode, ...]
    plain_by_result: dict[str, tuple[Opcode, ...]]
    loads_by_result: dict[str, tuple[Opcode, ...]]


def _types_of(row: Opcode) -> set[str]:
    return {operand.type for operand in row.params + row.results if not operand.is_address}


def _sorted(types: Iterable[str]) -> Vocabulary:
    """The rows that have only these types."""
    rows = [row for row in supported() if row.is_plain and _types_of(row) <= set(types)]
    plain = tuple(row for row in rows if not row.is_access)
    return Vocabulary(
        plain,
        stores=tuple(row for row in rows if row.access is Use.WRITE),
        plain_by_result=_by_result(plain),
        loads_by_result=_by_result(row for row in rows if row.access is Use.READ),
    )


def _by_result(rows: Iterable[Opcode]) -> dict[str, tuple[Opcode, ...]]:
    found: dict[str, list[Opcode]] = defaultdict(list)
    for row in rows:
        for result in row.results:
            found[result.type].append(row)
    return {type_: tuple(rows) for type_, rows in found.items()}


SCALAR_ROWS = _sorted(SCALARS)
ALL_ROWS = _sorted(CONST)
NAMED = {row.name: row for row in supported() if not row.is_plain}


def typed(operands: Iterable[Operand], address: str, source: str) -> tuple[str, ...]:
    """Their types, where one memory or table has addresses of this type, and a second of that."""
    known = {"$address": address, "$source": source, "$length": min(address, source)}
    return tuple(known.get(operand.type, operand.type) for operand in operands)


ADDRESSES = ("i32", "i64")
PARAMS = {a: {row.name: typed(row.params, a, a) for row in supported()} for a in ADDRESSES}
"""Of each row, by the type of the memory's addresses."""
RESULTS = {row.name: tuple(o.type for o in row.results) for row in supported()}

# ── floats whose bits show ───────────────────────────────────────────────────
# What is stored, reinterpreted or gives its sign must not be a NaN from arithmetic, for §4.3.3 leaves that
# NaN's bits open. The number is the operand's index.
SHOWS_BITS = {
    "f32.store": 1,
    "f64.store": 1,
    "i32.reinterpret_f32": 0,
    "i64.reinterpret_f64": 0,
    "f32.copysign": 1,
    "f64.copysign": 1,
}


def has_exact_bits(row: Opcode) -> bool:
    """Whether a float that this opcode gives has bits that the specification fixes."""
    name = row.name[4:]
    return name == "const" or name.startswith(("load", "convert", "reinterpret"))


# A vector may be taken for lanes of any kind, so its bits always show: it must not have such NaNs either, but
# between rows that take it for the same floats.
_SHAPES = ("f32x4", "f64x2")
_COMPARISONS = {"eq", "ne", "lt", "gt", "le", "ge"}


def _shape_taken(row: Opcode) -> str | None:
    """The floats that the row sees in its vectors, to which all NaNs are one."""
    if VECTOR not in PARAMS["i32"][row.name]:
        return None
    shape, _, operation = row.name.partition(".")
    named = next((other for other in _SHAPES if other in operation), None)
    return named or (shape if shape in _SHAPES and "convert" not in operation else None)


def _shape_given(row: Opcode) -> str | None:
    """The floats of the row's result that may be NaNs with any bits."""
    shape, _, operation = row.name.partition(".")
    is_exact = operation in _COMPARISONS or "convert" in operation
    return shape if shape in _SHAPES and RESULTS[row.name] == (VECTOR,) and not is_exact else None


SHAPE_TAKEN = {row.name: shape for row in ALL_ROWS.plain if (shape := _shape_taken(row))}
SHAPE_GIVEN = {row.name: shape for row in ALL_ROWS.plain if (shape := _shape_given(row))}
ROWS_OF_SHAPE = {
    shape: tuple(row for row in ALL_ROWS.plain if SHAPE_GIVEN.get(row.name) == shape) for shape in _SHAPES
}
