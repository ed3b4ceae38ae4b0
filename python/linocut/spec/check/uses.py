"""The plainest use of each feature beyond 1.0, encoded as in the standard: an engine refuses what it lacks.

Nothing is computed that could come out wrong: an engine that has a feature and is wrong about it is to be
tested, and not to be excused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linocut.spec.check import encoded as b

if TYPE_CHECKING:
    from collections.abc import Mapping

# Types that follow the three of `encoded`: the first of them has index 3.
_TWO_RESULTS = b"\x60\0\2\x7f\x7f"
_EMPTY_STRUCT = b"\x5f\0"
_DESCRIBED = b"\x4e\2\x4d\4\x5f\0\x4c\3\x5f\0"  # (rec (type 3 (descriptor 4) …) (type 4 (describes 3) …))

_I64_ZERO = b"\x42\0"
_V128_ZERO = b"\xfd\x0c" + bytes(16)


@dataclass(frozen=True)
class Use:
    """Code that leaves the stack as it was, and what must be there for it.

    `functions` are signature and body of those from index 2, `types` of those from index 3.
    """

    code: bytes = b""
    sections: Mapping[int, bytes] = field(default_factory=dict)
    functions: tuple[tuple[int, bytes], ...] = ()
    types: tuple[bytes, ...] = ()


def _memory(*types: bytes) -> dict[int, bytes]:
    return {b.MEMORY: b.vector(*types)}


# Opcodes as in the index of instructions of the specification's appendix, or in the proposal.
USES = {
    "sign-extension-ops": Use(b.constant(0) + b"\xc0" + b.DROP),  # i32.extend8_s
    "nontrapping-float-to-int-conversions": Use(b"\x43\0\0\0\0\xfc\0" + b.DROP),  # i32.trunc_sat_f32_s
    "multi-value": Use(b.call(2) + 2 * b.DROP, {}, ((3, 2 * b.constant(0)),), (_TWO_RESULTS,)),
    "bulk-memory-operations": Use(3 * b.constant(0) + b"\xfc\x0b\0", _memory(b"\0\1")),  # memory.fill
    "reference-types": Use(b"\xd0\x70" + b.DROP),  # ref.null func
    "simd": Use(_V128_ZERO + b.DROP),
    "extended-const": Use(sections={b.GLOBAL: b.vector(b.I32 + b"\0" + 2 * b.constant(1) + b.ADD + b.END)}),
    "constant-globals": Use(  # a global whose value is that of the one before
        sections={b.GLOBAL: b.vector(b.I32 + b"\0" + b.constant(1) + b.END, b.I32 + b"\0\x23\0" + b.END)}
    ),
    "tail-call": Use(b.call(2), {}, ((b.NOTHING, b"\x12\3"), (b.NOTHING, b""))),
    "exception-handling": Use(b"\2\x40\x1f\x40\1\2\0" + 2 * b.END),  # try_table (catch_all 0) in a block
    "function-references": Use(  # ref.func 2, call_ref; a declarative segment says that 2 is referred to
        b"\xd2\2\x14\0", {b.ELEMENT: b.vector(b"\3\0" + b.vector(b"\2"))}, ((b.NOTHING, b""),)
    ),
    "gc": Use(b"\xfb\1\3" + b.DROP, types=(_EMPTY_STRUCT,)),  # struct.new_default
    "memory64": Use(_I64_ZERO + b.LOAD + b.DROP, _memory(b"\4\1")),
    "multi-memory": Use(b"\x3f\1" + b.DROP, _memory(b"\0\1", b"\0\1")),  # memory.size 1
    "relaxed-simd": Use(2 * _V128_ZERO + b"\xfd\x80\2" + b.DROP),  # i8x16.relaxed_swizzle
    "legacy-exceptions": Use(b"\6\x40\x19" + b.END),  # try catch_all
    "threads": Use(b.constant(0) + b"\xfe\x10\2\0" + b.DROP, _memory(b"\3\1\1")),  # i32.atomic.load
    "wide-arithmetic": Use(4 * _I64_ZERO + b"\xfc\x13" + 2 * b.DROP),  # i64.add128
    "custom-page-sizes": Use(sections=_memory(b"\x08\0\0")),  # pages of one byte
    "custom-descriptors": Use(  # struct.new_default 4, struct.new_default_desc 3
        b"\xfb\1\4\xfb\x21\3" + b.DROP, types=(_DESCRIBED,)
    ),
}

# A feature of the text format alone.
TEXT_USES = {"annotations": "(@unknown)"}
