"""What follows each opcode, of all of WebAssembly: also of what linocut_isa has no rows for yet.

Immediates are letters, in the order of the bytes:

    b  block type          f  function            m  memory access that reads     u  a number
    l  label               y  type                M  memory access that writes    s  a signed number
    L  vector of labels    a  tag                 n  memory that is read          v  vector of value types
    C  vector of catches   t  table that is read  N  memory that is written       h  heap type
    x  local               T  table written       e  element segment              k  flags of a cast
    g  global that is read d  data segment        E  the same, dropped            1 4 8 S  bytes (S: 16)
    G  global written      D  the same, dropped   r w  nothing, but objects on the heap are read, written
    F  function that is referred to        i  nothing, but what is called is known only at run time
    c  table that is called through
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from linocut_isa import OPCODES, Imm, Opcode


class Row(NamedTuple):
    """An opcode's immediates as letters, and the features that it needs: none for those of 1.0."""

    name: str
    immediates: str
    features: tuple[str, ...]


# Codes that linocut_isa has no row for. Who adds a row there deletes the one here: a test compares.
LATER: dict[tuple[int, ...], tuple[str, str]] = {
    (0x06,): ("try", "b"),
    (0x07,): ("catch", "a"),
    (0x08,): ("throw", "a"),
    (0x09,): ("rethrow", "l"),
    (0x0A,): ("throw_ref", ""),
    (0x12,): ("return_call", "f"),
    (0x13,): ("return_call_indirect", "yci"),
    (0x14,): ("call_ref", "yi"),
    (0x15,): ("return_call_ref", "yi"),
    (0x18,): ("delegate", "l"),
    (0x19,): ("catch_all", ""),
    (0x1F,): ("try_table", "bC"),
    (0xD3,): ("ref.eq", ""),
    (0xD4,): ("ref.as_non_null", ""),
    (0xD5,): ("br_on_null", "l"),
    (0xD6,): ("br_on_non_null", "l"),
    (0xFB, 0): ("struct.new", "y"),
    (0xFB, 1): ("struct.new_default", "y"),
    (0xFB, 2): ("struct.get", "yur"),
    (0xFB, 3): ("struct.get_s", "yur"),
    (0xFB, 4): ("struct.get_u", "yur"),
    (0xFB, 5): ("struct.set", "yuw"),
    (0xFB, 6): ("array.new", "y"),
    (0xFB, 7): ("array.new_default", "y"),
    (0xFB, 8): ("array.new_fixed", "yu"),
    (0xFB, 9): ("array.new_data", "yd"),
    (0xFB, 10): ("array.new_elem", "ye"),
    (0xFB, 11): ("array.get", "yr"),
    (0xFB, 12): ("array.get_s", "yr"),
    (0xFB, 13): ("array.get_u", "yr"),
    (0xFB, 14): ("array.set", "yw"),
    (0xFB, 15): ("array.len", ""),
    (0xFB, 16): ("array.fill", "yw"),
    (0xFB, 17): ("array.copy", "yyw"),
    (0xFB, 18): ("array.init_data", "ydw"),
    (0xFB, 19): ("array.init_elem", "yew"),
    (0xFB, 20): ("ref.test", "h"),
    (0xFB, 21): ("ref.test null", "h"),
    (0xFB, 22): ("ref.cast", "h"),
    (0xFB, 23): ("ref.cast null", "h"),
    (0xFB, 24): ("br_on_cast", "klhh"),
    (0xFB, 25): ("br_on_cast_fail", "klhh"),
    (0xFB, 26): ("any.convert_extern", ""),
    (0xFB, 27): ("extern.convert_any", ""),
    (0xFB, 28): ("ref.i31", ""),
    (0xFB, 29): ("i31.get_s", ""),
    (0xFB, 30): ("i31.get_u", ""),
    (0xFB, 32): ("struct.new_desc", "y"),
    (0xFB, 33): ("struct.new_default_desc", "y"),
    (0xFB, 34): ("ref.get_desc", "y"),
    (0xFB, 35): ("ref.cast_desc_eq", "h"),
    (0xFB, 36): ("ref.cast_desc_eq null", "h"),
    (0xFB, 37): ("br_on_cast_desc_eq", "klhh"),
    (0xFB, 38): ("br_on_cast_desc_eq_fail", "klhh"),
    (0xFC, 19): ("i64.add128", ""),
    (0xFC, 20): ("i64.sub128", ""),
    (0xFC, 21): ("i64.mul_wide_s", ""),
    (0xFC, 22): ("i64.mul_wide_u", ""),
}

# Vector and atomic opcodes by number; what is not here has no immediates, or is an access that writes.
_SIMD = {
    **dict.fromkeys(range(11), "m"), 11: "M", 12: "S", 13: "S", **dict.fromkeys(range(21, 35), "1"),
    **dict.fromkeys(range(84, 88), "m1"), **dict.fromkeys(range(88, 92), "M1"), 92: "m", 93: "m",
}  # fmt: skip
_SIMD_END, _RELAXED, _RELAXED_END = 0x100, 0x100, 0x114
_ATOMIC = {3: "1", **dict.fromkeys(range(0x10, 0x17), "m")}
_ATOMIC_END = 0x4F

_LETTERS = {
    Imm.NONE: "", Imm.BLOCK: "b", Imm.LABEL: "l", Imm.LABELS: "L", Imm.FUNC: "f", Imm.TYPE_TABLE: "yci",
    Imm.TYPES: "v", Imm.LOCAL: "x", Imm.GLOBAL: "g", Imm.TABLE: "t", Imm.ELEM_TABLE: "eT", Imm.ELEM: "E",
    Imm.TABLE_TABLE: "Tt", Imm.MEMARG: "m", Imm.MEMORY: "N", Imm.DATA_MEMORY: "dN", Imm.DATA: "D",
    Imm.MEMORY_MEMORY: "Nn", Imm.REF_TYPE: "h", Imm.I32: "s", Imm.I64: "s", Imm.F32: "4", Imm.F64: "8",
}  # fmt: skip
# Opcodes that use their immediate in another way than most of that kind.
_SPECIAL = {
    "global.set": "G", "table.set": "T", "table.grow": "T", "table.fill": "T", "memory.size": "n",
    "ref.func": "F",
}  # fmt: skip

_FEATURES = [
    (re.compile(pattern), feature)
    for pattern, feature in (
        (r"\.extend(8|16|32)_s$", "sign-extension"),
        (r"\.trunc_sat_", "saturating-conversions"),
        (r"^(memory|table)\.(init|copy)$|^memory\.fill$|\.drop$", "bulk-memory"),
        (r"^table\.|^ref\.(null|is_null|func)$|^select_t$", "reference-types"),
        (r"_desc", "custom-descriptors"),
        (r"128$|_wide_", "wide-arithmetic"),
        (r"^(throw|throw_ref|try_table)$", "exceptions"),
        (r"^(try|catch|catch_all|rethrow|delegate)$", "legacy-exceptions"),
        (r"^return_call_ref$", "tail-calls function-references"),
        (r"^return_call", "tail-calls"),
        (r"^(call_ref|ref\.as_non_null|br_on_null|br_on_non_null)$", "function-references"),
        (r"^(struct|array|i31|any|extern)\.|^ref\.|^br_on_cast", "gc"),
    )
]


@cache
def table() -> dict[int, Row | dict[int, Row]]:
    """By first byte: the row, or for a prefix the rows by number."""
    rows: dict[int, Row | dict[int, Row]] = {prefix: {} for prefix in (0xFB, 0xFC, 0xFD, 0xFE)}
    found = {row.code: (row.name, _letters(row)) for row in OPCODES}
    for code, (name, immediates) in (_vectors_and_atomics() | LATER | found).items():
        row = Row(name, immediates, tuple(_features(code, name).split()))
        if len(code) == 1:
            rows[code[0]] = row
        else:
            numbered = rows[code[0]]
            assert isinstance(numbered, dict)
            numbered[code[1]] = row
    return rows


def _letters(row: Opcode) -> str:
    if row.imm is Imm.MEMARG and "load" not in row.name:
        return "M"
    return _SPECIAL.get(row.name, _LETTERS[row.imm])


def _vectors_and_atomics() -> dict[tuple[int, ...], tuple[str, str]]:
    rows: dict[tuple[int, ...], tuple[str, str]] = {}
    rows |= {(0xFD, n): (f"simd {n:#x}", _SIMD.get(n, "")) for n in range(_SIMD_END)}
    rows |= {(0xFD, n): (f"relaxed {n:#x}", "") for n in range(_RELAXED, _RELAXED_END)}
    rows |= {(0xFE, n): (f"atomic {n:#x}", _ATOMIC.get(n, "M")) for n in range(_ATOMIC_END)}
    return rows


def _features(code: tuple[int, ...], name: str) -> str:
    if code[0] == 0xFD:
        return "simd" if code[1] < _SIMD_END else "relaxed-simd"
    if code[0] == 0xFE:
        return "threads"
    return next((feature for pattern, feature in _FEATURES if pattern.search(name)), "")
