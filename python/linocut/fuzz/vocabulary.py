"""The opcode table, sorted the way the generator asks for it.

A new row with a body and known types appears here, and so in the modules, by itself.
"""

from __future__ import annotations

from collections import defaultdict

from linocut_isa import Opcode, Use, by_name, supported

_TYPES = {"i32", "i64", "f32", "f64"}


def _is_ours(row: Opcode) -> bool:
    return row.is_plain and all(o.type in _TYPES for o in row.params + row.results)


PLAIN = tuple(row for row in supported() if _is_ours(row) and not row.immediates)
LOADS = tuple(row for row in supported() if _is_ours(row) and row.access is Use.READ)
STORES = tuple(row for row in supported() if _is_ours(row) and row.access is Use.WRITE)
NAMED = {row.name: row for row in supported() if not row.is_plain}
CONST = {type_: by_name(f"{type_}.const") for type_ in ("i32", "i64", "f32", "f64")}


def _by_result(rows: tuple[Opcode, ...]) -> dict[str, tuple[Opcode, ...]]:
    found: dict[str, list[Opcode]] = defaultdict(list)
    for row in rows:
        for result in row.results:
            found[result.type].append(row)
    return {type_: tuple(rows) for type_, rows in found.items()}


PLAIN_BY_RESULT = _by_result(PLAIN)
LOADS_BY_RESULT = _by_result(LOADS)
PARAMS = {row.name: tuple(o.type for o in row.params) for row in supported()}
RESULTS = {row.name: tuple(o.type for o in row.results) for row in supported()}

# A float whose bits show: what is stored, reinterpreted or gives its sign must not be a NaN from
# arithmetic, for §4.3.3 leaves that NaN's bits open. The number is the operand's index.
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
